#!/usr/bin/env bash
# The README's command for a service in another language, word for word but for the port, against one in Python and one
# in JavaScript: yes for a service that keeps the pact, no for one that does not.
# Says loudly which language did not run, and fails then if TREATY_REQUIRE names `other-languages`.
set -euo pipefail
cd "$(dirname "$0")/.."
treaty=$(realpath "${TREATY:-target/debug/treaty}")
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
ln -s "$treaty" "$work/treaty"

command=$(sed -n '/^treaty verify --file /,/^```/p' README.md | grep -v '^```')
home=http://127.0.0.1:8080
grep -q "$home" <<<"$command" || { echo "FAILED: the README has no command for another language" >&2; exit 1; }

# verify EXIT_CODE SERVICE...: starts the service and runs the README's command for it.
verify() {
    local wanted=$1 got=0 url=
    shift
    : >"$work/out"
    "$@" >"$work/out" 2>&1 &
    local service=$!
    for _ in $(seq 600); do
        url=$(sed -n 's/^listening on //p' "$work/out")
        [ -n "$url" ] || ! kill -0 "$service" 2>/dev/null || { sleep 0.05; continue; }
        break
    done
    [ -n "$url" ] || { echo "FAILED: $* does not start" >&2; cat "$work/out" >&2; exit 1; }
    PATH=$work:$PATH bash -c "${command//$home/$url}" >"$work/told" 2>&1 || got=$?
    kill "$service"
    if [ "$got" != "$wanted" ]; then
        echo "FAILED: exit $got instead of $wanted for $*" >&2
        cat "$work/told" >&2
        exit 1
    fi
    echo "ok - exit $got: $*"
}

missing=
for language in "python3 oracle/official-tools/provider.py" "node oracle/other-languages/provider.mjs"; do
    if ! command -v "${language%% *}" >/dev/null; then
        echo "DID NOT RUN: ${language%% *} is not installed" >&2
        missing=1
        continue
    fi
    verify 0 $language
    verify 1 $language --without-email
done
case "$missing,,${TREATY_REQUIRE:-}," in 1,*,other-languages,*) exit 1 ;; esac
