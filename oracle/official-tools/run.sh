#!/usr/bin/env bash
# The official tools, unmodified, against `treaty broker serve`, and ours against what they wrote:
#   1. published by the Rust `pact`, verified and its result published by pact-python, gated by ours;
#   2. the same with a provider that broke the contract: both sides say no;
#   3. published and verified by ours, gated by the Rust `pact`.
# Needs python3 with venv and a package registry. Says loudly that it did not run where they are missing, and fails then
# if TREATY_REQUIRE names `official-tools`.
set -euo pipefail
cd "$(dirname "$0")/../.."
treaty=${TREATY:-target/debug/treaty}
tools=${CARGO_TARGET_DIR:-target}/official-tools

missing() {
    echo "DID NOT RUN: the official tools: $1" >&2
    case ",${TREATY_REQUIRE:-}," in *,official-tools,*) exit 1 ;; *) exit 0 ;; esac
}

[ -x "$treaty" ] || missing "$treaty is not built"
if [ ! -x "$tools/bin/pact" ]; then
    python3 -m venv "$tools" || missing "python3 has no venv"
    "$tools/bin/pip" install --quiet pact-python-cli pact-python || missing "pact-python cannot be installed"
fi
pact=$tools/bin/pact

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

# start NAME COMMAND...: runs a server in the background and sets NAME to the URL that it says it listens on.
start() {
    local name=$1 out=$work/$1.out
    shift
    : >"$out"
    "$@" >"$out" 2>"$out.err" &
    for _ in $(seq 600); do
        if grep -q '^listening on ' "$out"; then
            printf -v "$name" '%s' "$(sed -n 's/^listening on //p' "$out" | head -n 1)"
            return
        fi
        kill -0 $! 2>/dev/null || break
        sleep 0.05
    done
    echo "FAILED: $name does not start" >&2
    cat "$out" "$out.err" >&2
    exit 1
}

checks=0
# expect EXIT_CODE COMMAND...: the command, its output shown only when it exits otherwise.
expect() {
    local wanted=$1 got=0
    shift
    "$@" >"$work/out" 2>&1 || got=$?
    if [ "$got" != "$wanted" ]; then
        echo "FAILED: exit $got instead of $wanted from: $*" >&2
        cat "$work/out" >&2
        exit 1
    fi
    checks=$((checks + 1))
    echo "ok $checks - exit $got: $(basename "$1") ${*:2:3}"
}

start broker "$treaty" broker serve --port 0 --database-url "sqlite:$work/broker.sqlite"
start good python3 oracle/official-tools/provider.py
start broken python3 oracle/official-tools/provider.py --without-email
export PACT_BROKER_BASE_URL=$broker PACT_DO_NOT_TRACK=true pact_do_not_track=true
version() { echo --pacticipant "$1" --version "$2"; }

echo "# published by the Rust pact, verified by pact-python, gated by ours"
expect 0 "$pact" broker publish pacts --consumer-app-version 1.0.0 --branch main
expect 0 "$pact" broker create-environment --name production --display-name Production --production
expect 0 "$tools/bin/python" oracle/official-tools/verify.py "$broker" "$good" good-1
expect 0 "$treaty" can-i-deploy $(version UserService good-1) --to-environment production
expect 1 "$treaty" can-i-deploy $(version OrderService 1.0.0) --to-environment production
expect 0 "$pact" broker record-deployment $(version UserService good-1) --environment production
expect 0 "$treaty" can-i-deploy $(version OrderService 1.0.0) --to-environment production
expect 0 "$treaty" record-deployment $(version OrderService 1.0.0) --environment production

echo "# the provider breaks the contract"
expect 1 "$tools/bin/python" oracle/official-tools/verify.py "$broker" "$broken" broken-1
expect 1 "$treaty" can-i-deploy $(version UserService broken-1) --to-environment production
grep -q 'keys: email' "$work/out" || { echo "FAILED: the no does not name the email" >&2; cat "$work/out" >&2; exit 1; }
expect 1 "$pact" broker can-i-deploy $(version UserService broken-1) --to-environment production

echo "# published and verified by ours, gated by the Rust pact"
expect 0 "$treaty" publish pacts --consumer-app-version 2.0.0 --branch main
expect 0 "$treaty" verify --provider-name UserService --broker-url "$broker" --provider-base-url "$good" \
    --state-change-url "$good/_pact/provider_states" --provider-version good-2 --provider-branch main --publish
expect 0 "$pact" broker can-i-deploy $(version UserService good-2) --to-environment production
expect 1 "$treaty" verify --provider-name UserService --broker-url "$broker" --provider-base-url "$broken" \
    --state-change-url "$broken/_pact/provider_states" --provider-version broken-2 --provider-branch main --publish
expect 1 "$pact" broker can-i-deploy $(version UserService broken-2) --to-environment production

echo "# our page about the flags of the peer's verifier tells all that it has"
flags=$("$pact" verifier --help | grep -oE '^ +(-[a-z], )?--[a-z-]+' | grep -oE -- '--.*' | grep -v otel | sort -u)
[ -n "$flags" ] || { echo "FAILED: the peer tells no flags" >&2; exit 1; }
for flag in $flags; do
    grep -q -- "^|.*\`$flag\`.*|" docs/verify.md || { echo "FAILED: docs/verify.md does not tell $flag" >&2; exit 1; }
done
checks=$((checks + 1))
echo "ok $checks - $(wc -w <<<"$flags") flags"

echo "$checks passed, 0 failed"
