#!/usr/bin/env bash
# The pages of `treaty broker serve` in a real browser: every page of a small story is rendered, and the
# browser refuses nothing that a page asks for.
# Needs Chromium (TREATY_CHROMIUM names another); without it this says that it did not run, and fails if TREATY_REQUIRE
# names `browser`.
set -euo pipefail
cd "$(dirname "$0")/.."
treaty=${TREATY:-target/debug/treaty}
browser=${TREATY_CHROMIUM:-chromium}

if ! command -v "$browser" >/dev/null; then
    echo "DID NOT RUN: the pages in a browser: $browser is not there" >&2
    case ",${TREATY_REQUIRE:-}," in *,browser,*) exit 1 ;; *) exit 0 ;; esac
fi

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
: >"$work/out"
"$treaty" broker serve --port 0 --database-url "sqlite:$work/broker.sqlite" >"$work/out" &
for _ in $(seq 600); do
    grep -q '^listening on ' "$work/out" && break
    sleep 0.05
done
url=$(sed -n 's/^listening on //p' "$work/out" | head -n 1)

send() { curl --silent --show-error --fail --output /dev/null -X "$1" -H 'Content-Type: application/json' -d "$3" "$url$2"; }
pact() { echo "{\"consumer\":{\"name\":\"Web\"},\"provider\":{\"name\":\"Orders\"},\"interactions\":[{\"description\":\"a request\",\"request\":{\"method\":\"GET\",\"path\":\"/\"},\"response\":{\"status\":$1}}]}"; }
pair=/pacts/provider/Orders/consumer/Web
send PUT $pair/version/1 "$(pact 200)"
send PUT $pair/version/2 "$(pact 201)"
hash=$(curl --silent "$url$pair/version/2" | sed -E 's/.*"pb:pact-version":\{[^}]*"name":"([0-9a-f]+)".*/\1/')
send POST "$pair/pact-version/$hash/verification-results" '{"success":true,"providerApplicationVersion":"7"}'

# shown PATH WORDS: the page holds the words, and the browser has nothing to say against it: a style sheet or a picture
# that the page's own policy forbids would be named in its console.
shown() {
    "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr --v=0 --user-data-dir="$work/profile" \
        --dump-dom "$url$1" >"$work/dom" 2>"$work/console"
    if ! grep -qF "$2" "$work/dom" || grep -E 'CONSOLE|Refused' "$work/console"; then
        echo "FAILED: $1 in a browser, without '$2' or with a complaint" >&2
        exit 1
    fi
    echo "ok: $1"
}

shown / '✓ verified'
shown /dashboard 'Dashboard'
shown /pacticipants/Orders '<svg class="network"'
shown "$pair/version/2" 'a request'
shown "$pair/version/2/diff/previous-distinct" 'line plus'
shown "$pair/pact-version/$hash/verification-results/1" 'Orders 7 and Web 2'
shown '/matrix?q[][pacticipant]=Web&q[][version]=2&q[][pacticipant]=Orders' '<h2>Yes</h2>'
shown /doc/publish-contracts 'pb:publish-contracts'
