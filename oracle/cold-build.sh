#!/usr/bin/env bash
# What a crate that only uses `treaty-consumer` costs to build from nothing, beside one that only uses `pact_consumer`
# with its default features. Outside the workspace, where no other crate's features blur it. Sources are fetched before
# the clock starts.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

crate() {
    mkdir -p "$work/$1/src"
    printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n[dependencies]\n%s\n' "$1" "$2" >"$work/$1/Cargo.toml"
    echo 'fn main() {}' >"$work/$1/src/main.rs"
    (cd "$work/$1" && cargo fetch --quiet)
}

seconds() {
    local start
    start=$(date +%s.%N)
    (cd "$work/$1" && CARGO_TARGET_DIR="$work/$1/target" cargo build --quiet --offline)
    echo "$(date +%s.%N) - $start" | bc
}

crate ours "treaty-consumer = { path = \"$root/consumer\" }"
crate peer 'pact_consumer = "1.4"'
ours=$(seconds ours)
peer=$(seconds peer)
crates() { (cd "$work/$1" && cargo tree -e normal,build --prefix none | sed 's/ (\*)//' | sort -u | wc -l); }
echo "treaty-consumer $ours s, $(crates ours) crates; pact_consumer $peer s, $(crates peer) crates"
echo "ours is $(echo "100 * $ours / $peer" | bc) % of the peer's"
