#!/usr/bin/env bash
# The HTTP interface of `treaty broker serve` under random requests, made by schemathesis from /openapi.json: no answer
# may be a server's error. TREATY_HTTP_REQUESTS is about how many are sent.
# Needs python3 with venv and a package registry; without them this says that it did not run, and fails if TREATY_REQUIRE
# names `fuzz-http`.
set -euo pipefail
cd "$(dirname "$0")/.."
treaty=${TREATY:-target/debug/treaty}
requests=${TREATY_HTTP_REQUESTS:-5000}
tools=$(realpath -m "${CARGO_TARGET_DIR:-target}")/schemathesis

missing() {
    echo "DID NOT RUN: random requests: $1" >&2
    case ",${TREATY_REQUIRE:-}," in *,fuzz-http,*) exit 1 ;; *) exit 0 ;; esac
}

if [ ! -x "$tools/bin/schemathesis" ]; then
    python3 -m venv "$tools" || missing "python3 has no venv"
    "$tools/bin/pip" install --quiet schemathesis || missing "schemathesis cannot be installed"
fi

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
: >"$work/out"
"$treaty" broker serve --port 0 --database-url "sqlite:$work/broker.sqlite" >"$work/out" 2>"$work/log" &
for _ in $(seq 600); do
    grep -q '^listening on ' "$work/out" && break
    sleep 0.05
done
url=$(sed -n 's/^listening on //p' "$work/out" | head -n 1)

python3 oracle/fuzz-http/prepare.py "$url" >"$work/openapi.json"
operations=$(python3 -c 'import json, sys; print(sum(len(p) for p in json.load(open(sys.argv[1]))["paths"].values()))' "$work/openapi.json")
# In the directory of its own, where it leaves its notes.
(cd "$work" && "$tools/bin/schemathesis" run openapi.json --url "$url" --checks not_a_server_error --mode all \
    --phases examples,coverage,fuzzing --max-examples $((requests / operations + 1)) --workers 2 \
    --continue-on-failure --suppress-health-check all --generation-deterministic --request-timeout 30) | tee "$work/report"
if grep -q 'a request failed' "$work/log"; then
    cat "$work/log" >&2
    exit 1
fi
