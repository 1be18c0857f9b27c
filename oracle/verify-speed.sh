#!/usr/bin/env bash
# `treaty verify` beside the official `pact verifier`, each a process of its own, over TCP: time, CPU time and memory, and
# their ratios, at 1,000 interactions, without states and with a state-change URL.
#
#   oracle/verify-speed.sh [INTERACTIONS [RUNS]]
#
# Needs a release build, python3 with venv, node, and a package registry for the official tool.
set -euo pipefail
cd "$(dirname "$0")/.."
treaty=${TREATY:-target/release/treaty}
source oracle/official-tools/install.sh
missing() { echo "DID NOT RUN: verify beside the peer: $1" >&2; exit 1; }
[ -x "$treaty" ] || missing "$treaty is not built"
install_pact
PACT_DO_NOT_TRACK=true python3 oracle/verify_speed.py "$treaty" "$tools/bin/pact" "${1:-1000}" "${2:-3}"
