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
tools=${CARGO_TARGET_DIR:-target}/official-tools
[ -x "$treaty" ] || { echo "DID NOT RUN: $treaty is not built" >&2; exit 1; }
if [ ! -x "$tools/bin/pact" ]; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet pact-python-cli pact-python
fi
PACT_DO_NOT_TRACK=true python3 oracle/verify_speed.py "$treaty" "$tools/bin/pact" "${1:-1000}" "${2:-3}"
