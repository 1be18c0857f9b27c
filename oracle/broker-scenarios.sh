#!/usr/bin/env bash
# Recorded conversations with the Pact Broker, replayed against `treaty broker serve`: how many steps get the same
# verdict, and how many the same body. The numbers may rise, never fall: when they do, write the new ones below.
# The data stands beside the checkout, or where TREATY_BROKER_SCENARIOS says; without it this says that it did not run,
# and fails if TREATY_REQUIRE names `scenarios`. On PostgreSQL it runs under oracle/with-postgres.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
verdicts_min=2755
bodies_min=2745
treaty=${TREATY:-target/debug/treaty}
data=${TREATY_BROKER_SCENARIOS:-../shared/broker-scenarios}

if [ ! -f "$data/compare.py" ]; then
    echo "DID NOT RUN: the broker scenarios: $data is not there" >&2
    case ",${TREATY_REQUIRE:-}," in *,scenarios,*) exit 1 ;; *) exit 0 ;; esac
fi

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

# PostgreSQL keeps the secrets of webhooks only with a key.
TREATY_SECRET_KEY=$(printf '5e%.0s' {1..32})
export TREATY_SECRET_KEY

replay() { # STORE DATABASE-URL
    echo "on $1"
    : >"$work/out"
    "$treaty" broker serve --port 0 --database-url "$2" \
        --webhook-methods "GET POST PUT" --webhook-schemes "http https" --webhook-hosts 127.0.0.1 >"$work/out" &
    local server=$!
    for _ in $(seq 600); do
        grep -q '^listening on ' "$work/out" && break
        sleep 0.05
    done
    url=$(sed -n 's/^listening on //p' "$work/out")

    python3 "$data/compare.py" "$url" "$data/scenarios.jsonl.gz" --level body | tee "$work/report" || true
    read -r verdicts bodies < <(sed -nE 's/^scenarios .*, verdict-equal ([0-9]+), body-equal ([0-9]+)$/\1 \2/p' "$work/report")
    kill "$server" && wait "$server" || true
    if [ "$verdicts" -lt "$verdicts_min" ] || [ "$bodies" -lt "$bodies_min" ]; then
        echo "FAILED: $verdicts_min verdicts and $bodies_min bodies agreed before" >&2
        exit 1
    fi
}

replay SQLite "sqlite:$work/broker.sqlite"
if [ -n "${TREATY_TEST_POSTGRES:-}" ]; then
    database=treaty_scenarios_$$
    psql -q "$TREATY_TEST_POSTGRES" -c "CREATE DATABASE $database"
    replay PostgreSQL "${TREATY_TEST_POSTGRES%/*}/$database"
    psql -q "$TREATY_TEST_POSTGRES" -c "DROP DATABASE $database WITH (FORCE)"
else
    echo "DID NOT RUN: the broker scenarios on PostgreSQL: TREATY_TEST_POSTGRES names no server" >&2
    case ",${TREATY_REQUIRE:-}," in *,postgres,*) exit 1 ;; esac
fi
