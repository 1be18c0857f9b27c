#!/usr/bin/env bash
# `treaty` beside the Rust `pact broker` and the Ruby `pact-broker`, in one run, each a process of its own against the same
# `treaty broker serve`: start-up, publishing 1 and 100 pacts, can-i-deploy; then `treaty stub` under load beside
# `pact stub`. Medians, and their ratios.
#
#   oracle/side-by-side.sh [RUNS]
#
# Needs a release build (or TREATY, another binary), python3 with venv, npm, wrk, and package registries for the peers.
set -euo pipefail
cd "$(dirname "$0")/.."
treaty=${TREATY:-target/release/treaty}
tools=${CARGO_TARGET_DIR:-target}/official-tools
missing() { echo "DID NOT RUN: side by side: $1" >&2; exit 1; }
[ -x "$treaty" ] || missing "$treaty is not built"
if [ ! -x "$tools/bin/pact" ]; then
    python3 -m venv "$tools" || missing "python3 has no venv"
    "$tools/bin/pip" install --quiet pact-python-cli pact-python || missing "pact-python-cli cannot be installed"
fi
ruby=$tools/node_modules/.bin/pact-broker
if [ ! -x "$ruby" ]; then
    npm install --silent --no-audit --no-fund --no-save --prefix "$tools" @pact-foundation/pact-cli@16 ||
        missing "the Ruby pact-broker cannot be installed"
fi
export PACT_DO_NOT_TRACK=true
python3 oracle/side_by_side.py "$treaty" "$tools/bin/pact" "$ruby" "${1:-5}"
if command -v wrk >/dev/null; then
    TREATY_BIN=$treaty TREATY_PEER_PACT=$tools/bin/pact oracle/stub-load.sh
else
    missing "the stub under load: there is no wrk"
fi
