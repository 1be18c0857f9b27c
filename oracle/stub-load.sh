#!/usr/bin/env bash
# `treaty stub` under load beside the stub of the official command line (`pact stub`), in one run.
# Needs wrk (Debian: apt-get install wrk) and python3. The peer comes with `pip install pact-python-cli`; TREATY_PEER_PACT
# names its `pact`. Without it only our own figures are printed, and that is said. TREATY_BIN names a binary of ours that
# is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
treaty=${TREATY_BIN:-target/release/treaty}
[ -n "${TREATY_BIN:-}" ] || cargo build --release --quiet -p treaty-cli
seconds=${TREATY_LOAD_SECONDS:-5}
work=$(mktemp -d)
pid=
trap 'rm -rf "$work"; [ -z "$pid" ] || kill "$pid" 2>/dev/null || true' EXIT

python3 - "$work" <<'PYTHON'
import json, sys
def pact(count):
    like = {"combine": "AND", "matchers": [{"match": "type"}]}
    body = lambda n: {"id": n, "name": "Jane Roe", "email": "jane@example.com", "tags": ["a", "b"]}
    of = lambda n: {
        "description": f"a request for user {n}", "request": {"method": "GET", "path": f"/users/{n}"},
        "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": body(n)},
    }
    new = {
        "description": "a new user",
        "request": {"method": "POST", "path": "/users", "headers": {"Content-Type": "application/json"},
                    "body": {"id": 1}, "matchingRules": {"body": {"$.id": like}}},
        "response": {"status": 201},
    }
    return {"consumer": {"name": "Web"}, "provider": {"name": "Users"},
            "interactions": [of(n) for n in range(1, count)] + [new],
            "metadata": {"pactSpecification": {"version": "3.0.0"}}}
for count in (10, 1000):
    json.dump(pact(count), open(f"{sys.argv[1]}/{count}.json", "w"))
PYTHON
# Every user in turn; and, for what no memory of earlier requests can help with, a body that is always another.
cat >"$work/turn.lua" <<'LUA'
local n = 0
function request()
  n = n % (tonumber(os.getenv("USERS")) - 1) + 1
  return wrk.format("GET", "/users/" .. n)
end
LUA
cat >"$work/new.lua" <<'LUA'
local n = 0
local headers = { ["Content-Type"] = "application/json" }
function request()
  n = n + 1
  return wrk.format("POST", "/users", headers, '{"id":' .. n .. '}')
end
LUA

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
start() { # the command that serves, without its port; sets pid and url
    local port
    port=$(free_port)
    url=http://127.0.0.1:$port
    "$@" --port "$port" >"$work/out" 2>&1 &
    pid=$!
    for _ in $(seq 400); do
        if curl -s -o "$work/first" "$url/users/1"; then return; fi
        sleep 0.05
    done
    cat "$work/out"; echo "it does not start: $*"; exit 1
}
stop() { kill "$pid"; wait "$pid" 2>/dev/null || true; pid=; }
megabytes() { awk '/VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$pid/status"; }
rate() { # script users -> requests per second; a single wrong answer stops the script
    local told
    told=$(USERS=$2 wrk -t1 -c16 -d"${seconds}s" -s "$work/$1.lua" "$url")
    if grep -q 'Non-2xx\|Socket errors' <<<"$told"; then echo "$told" >&2; exit 1; fi
    awk '/Requests\/sec/ { printf "%.0f", $2 }' <<<"$told"
}
ratio() { python3 -c "print(f'{$1 / $2:.1f}')"; }

start "$treaty" stub "$work/10.json"
ours=$(rate turn 10); ours_new=$(rate new 10); ours_memory=$(megabytes)
stop
start "$treaty" stub "$work/1000.json"
many=$(rate turn 1000); many_memory=$(megabytes)
stop
echo "treaty,   10 interactions: $ours req/s; $ours_new req/s where each request is new; $ours_memory MB"
echo "treaty, 1000 interactions: $many req/s; $many_memory MB"

peer=${TREATY_PEER_PACT:-$(command -v pact || true)}
if [ -z "$peer" ]; then
    echo "no peer: set TREATY_PEER_PACT to the pact command of pact-python-cli"
    exit
fi
start "$peer" stub --loglevel none --file "$work/10.json"
theirs=$(rate turn 10); theirs_new=$(rate new 10); theirs_memory=$(megabytes)
stop
echo "peer,     10 interactions: $theirs req/s; $theirs_new req/s where each request is new; $theirs_memory MB"
echo "ratio:    $(ratio "$ours" "$theirs") times the peer; $(ratio "$ours_new" "$theirs_new") times where each request is new"
