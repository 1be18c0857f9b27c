#!/usr/bin/env bash
# The consumer example's tests, 20 times in a row, twice at the same moment each time: the pact file must have the same
# bytes every time, and the bytes that are committed.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests=$(cargo test --no-run -p order-service --test contract 2>&1 | sed -n 's/.*Executable.*(\(.*\))/\1/p')

for run in $(seq "$runs"); do
    # Every other run starts from nothing; the rest from what is there.
    [ $((run % 2)) -eq 1 ] && rm -rf "$work/pacts"
    PACT_OUTPUT_DIR=$work/pacts "$tests" --quiet >"$work/one" 2>&1 &
    PACT_OUTPUT_DIR=$work/pacts "$tests" --quiet >"$work/two" 2>&1 || { cat "$work/two"; exit 1; }
    wait $! || { cat "$work/one"; exit 1; }
    cmp "$work/pacts/OrderService-UserService.json" pacts/OrderService-UserService.json
done
echo "$runs passed, 0 failed"
