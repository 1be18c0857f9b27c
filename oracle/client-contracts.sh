#!/usr/bin/env bash
# The contracts that the real clients of the Pact Broker wrote about it, verified against `treaty broker serve`: once
# with the official verifier and once with `treaty verify`, every interaction. The broker allows webhooks to any host
# (nothing is sent there) and other content for a version that has published, as those clients expect.
# The contracts stand beside the checkout, or where TREATY_CLIENT_CONTRACTS says; without them, or without a package
# registry for the official verifier, this says that it did not run, and fails if TREATY_REQUIRE names `client-contracts`.
set -euo pipefail
cd "$(dirname "$0")/.."
treaty=$(realpath "${TREATY:-target/debug/treaty}")
data=${TREATY_CLIENT_CONTRACTS:-../shared/broker-client-contracts}
source oracle/official-tools/install.sh

missing() {
    echo "DID NOT RUN: the contracts of the real clients: $1" >&2
    case ",${TREATY_REQUIRE:-}," in *,client-contracts,*) exit 1 ;; *) exit 0 ;; esac
}

[ -f "$data/run.py" ] || missing "$data is not there"
install_pact

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
: >"$work/out"
PACT_BROKER_WEBHOOK_HOST_WHITELIST='' PACT_BROKER_ALLOW_DANGEROUS_CONTRACT_MODIFICATION=true \
    "$treaty" broker serve --port 0 --database-url "sqlite:$work/broker.sqlite" >"$work/out" &
for _ in $(seq 600); do
    grep -q '^listening on ' "$work/out" && break
    sleep 0.05
done
url=$(sed -n 's/^listening on //p' "$work/out" | head -n 1)

adapter="python3 $PWD/oracle/client-contracts/treaty_verify.py $treaty"
for verifier in "$tools/bin/pact verifier" "$adapter"; do
    echo "with $verifier"
    if ! python3 "$data/run.py" "$url" --verifier "$verifier" >"$work/report" 2>&1; then
        cat "$work/report" >&2
        echo "FAILED: the contracts of the real clients" >&2
        exit 1
    fi
    tail -n 1 "$work/report"
done
