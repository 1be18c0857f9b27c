#!/usr/bin/env bash
# The official tools, unmodified, against `treaty broker serve`, and ours against what they wrote:
#   1. published by the Rust `pact`, verified and its result published by pact-python, gated by ours;
#   2. the same with a provider that broke the contract: both sides say no;
#   3. published and verified by ours, gated by the Rust `pact`;
#   4. the whole way of a contract by one client alone, once the Rust `pact broker` and once the Ruby `pact-broker`, with
#      pact-python between them: pending and work in progress, environments, branches, tags, webhooks.
# Needs python3 with venv, npm and their package registries. Says loudly that it did not run where they are missing, and
# fails then if TREATY_REQUIRE names `official-tools`.
set -euo pipefail
cd "$(dirname "$0")/../.."
treaty=${TREATY:-target/debug/treaty}
source oracle/official-tools/install.sh

missing() {
    echo "DID NOT RUN: the official tools: $1" >&2
    case ",${TREATY_REQUIRE:-}," in *,official-tools,*) exit 1 ;; *) exit 0 ;; esac
}

[ -x "$treaty" ] || missing "$treaty is not built"
install_pact
install_ruby
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

# says TEXT: what the last command printed holds the text.
says() {
    grep -qF -- "$1" "$work/out" && return
    echo "FAILED: \"$1\" was not said, but" >&2
    cat "$work/out" >&2
    exit 1
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
says 'keys: email'
expect 1 "$pact" broker can-i-deploy $(version UserService broken-1) --to-environment production

echo "# published and verified by ours, gated by the Rust pact"
expect 0 "$treaty" publish pacts --consumer-app-version 2.0.0 --branch main
expect 0 "$treaty" verify --provider-name UserService --broker-url "$broker" --provider-base-url "$good" \
    --state-change-url "$good/_pact/provider_states" --provider-version good-2 --provider-branch main --publish
expect 0 "$pact" broker can-i-deploy $(version UserService good-2) --to-environment production
expect 1 "$treaty" verify --provider-name UserService --broker-url "$broker" --provider-base-url "$broken" \
    --state-change-url "$broken/_pact/provider_states" --provider-version broken-2 --provider-branch main --publish
expect 1 "$pact" broker can-i-deploy $(version UserService broken-2) --to-environment production

mkdir "$work/changed"
sed 's/a sign-up/a sign-up by phone/' pacts/OrderService-UserService.json >"$work/changed/OrderService-UserService.json"

# whole_way COMMAND...: from the first publication to the last release, with the client given and a broker of its own.
whole_way() {
    local client=("$@") uuid
    unset PACT_BROKER_BASE_URL
    start alone "$treaty" broker serve --port 0 --database-url sqlite::memory: \
        --webhook-schemes http --webhook-hosts 127.0.0.1
    export PACT_BROKER_BASE_URL=$alone
    by() { expect "$1" "${client[@]}" "${@:2}"; }

    by 0 publish pacts --consumer-app-version 1 --branch main --tag dev
    says 'Pact successfully published for OrderService version 1 and provider UserService.'
    by 0 create-environment --name production --production
    by 1 can-i-deploy $(version OrderService 1) --to-environment production
    says 'no version is currently recorded as deployed/released in this environment'

    expect 0 "$tools/bin/python" oracle/official-tools/verify.py "$alone" "$broken" early
    says 'This pact is in pending state'
    by 1 can-i-deploy $(version UserService early) --to-environment production --pacticipant OrderService --version 1
    says 'failed'
    expect 0 "$tools/bin/python" oracle/official-tools/verify.py "$alone" "$good" good
    by 0 can-i-deploy $(version UserService good) --to-environment production
    by 0 record-deployment $(version UserService good) --environment production
    by 0 can-i-deploy $(version OrderService 1) --to-environment production
    by 0 can-i-merge $(version OrderService 1)
    by 0 record-deployment $(version OrderService 1) --environment production
    expect 1 "$tools/bin/python" oracle/official-tools/verify.py "$alone" "$broken" late
    by 1 can-i-deploy $(version UserService late) --to-environment production

    by 0 publish "$work/changed" --consumer-app-version 2 --branch feat/phone
    by 1 can-i-deploy $(version OrderService 2) --to-environment production
    expect 0 "$tools/bin/python" oracle/official-tools/verify.py "$alone" "$good" good
    says 'feat/phone'
    by 0 can-i-deploy $(version OrderService 2) --to-environment production
    by 1 publish "$work/changed" --consumer-app-version 1 --branch main
    says 'Cannot change the content of the pact for OrderService version 1'

    by 0 create-version-tag $(version OrderService 2) --tag ready
    by 0 describe-version --pacticipant OrderService --latest ready --output json
    says 'feat/phone'
    by 0 create-or-update-version $(version OrderService 3) --branch main
    by 0 create-or-update-pacticipant --name OrderService --main-branch main --display-name Orders
    by 0 describe-pacticipant --name OrderService --output json
    says '"main"'
    by 0 list-pacticipants
    says UserService
    by 0 list-latest-pact-versions
    says UserService
    by 0 delete-branch --pacticipant OrderService --branch feat/phone

    by 0 create-environment --name staging
    uuid=$(grep -oE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' "$work/out" | head -n 1)
    by 0 update-environment --uuid "$uuid" --name shops
    by 0 describe-environment --uuid "$uuid"
    says shops
    by 0 record-release $(version OrderService 2) --environment shops
    by 0 record-support-ended $(version OrderService 2) --environment shops
    by 0 record-undeployment --pacticipant UserService --environment production
    by 1 can-i-deploy $(version OrderService 2) --to-environment production
    by 0 delete-environment --uuid "$uuid"
    by 0 list-environments
    says production

    uuid=$("$treaty" generate-uuid)
    by 0 create-webhook "$good/_pact/provider_states" --request POST --contract-content-changed --provider UserService \
        --header 'Content-Type: application/json' --data '{"state": "no users exist"}' --description first
    by 0 create-or-update-webhook "$good/_pact/provider_states" --request POST --contract-published --uuid "$uuid" \
        --header 'Content-Type: application/json' --data '{"state": "no users exist"}' --description second
    expect 0 "$treaty" list-webhooks --output json
    says '"first"'
    says '"second"'
    by 0 test-webhook --uuid "$uuid"
    says 200
}

echo "# the whole way by the Rust pact broker, with pact-python"
whole_way "$pact" broker
echo "# the whole way by the Ruby pact-broker, with pact-python"
whole_way "$ruby"

echo "# our page about the flags of the peer's verifier tells all that it has"
flags=$("$pact" verifier --help | grep -oE '^ +(-[a-z], )?--[a-z-]+' | grep -oE -- '--.*' | grep -v otel | sort -u)
[ -n "$flags" ] || { echo "FAILED: the peer tells no flags" >&2; exit 1; }
for flag in $flags; do
    grep -q -- "^|.*\`$flag\`.*|" docs/verify.md || { echo "FAILED: docs/verify.md does not tell $flag" >&2; exit 1; }
done
checks=$((checks + 1))
echo "ok $checks - $(wc -w <<<"$flags") flags"

echo "$checks passed, 0 failed"
