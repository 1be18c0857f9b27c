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
source oracle/official-tools/install.sh
missing() { echo "DID NOT RUN: side by side: $1" >&2; exit 1; }
[ -x "$treaty" ] || missing "$treaty is not built"
install_pact
install_ruby
export PACT_DO_NOT_TRACK=true
python3 oracle/side_by_side.py "$treaty" "$tools/bin/pact" "$ruby" "${1:-5}"
if command -v wrk >/dev/null; then
    TREATY_BIN=$treaty TREATY_PEER_PACT=$tools/bin/pact oracle/stub-load.sh
else
    missing "the stub under load: there is no wrk"
fi
