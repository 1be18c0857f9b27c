#!/usr/bin/env bash
# Pacts that need a plugin, verified with a small one of ours, by the library and by `treaty verify`. It leaves a `treaty`
# that runs plugins in target/debug.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=(-p treaty-cli -p treaty-oracle --features treaty-cli/plugins,treaty-oracle/plugins)
cargo build "${packages[@]}" --bins

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/shout"
cat >"$work/shout/pact-plugin.json" <<END
{
    "manifestVersion": 1, "pluginInterfaceVersion": 1, "name": "shout", "version": "0.1.0",
    "executableType": "exec", "entryPoint": "$PWD/target/debug/shout-plugin", "pluginConfig": {}
}
END
export PACT_PLUGIN_DIR=$work PACT_DO_NOT_TRACK=true
cargo test "${packages[@]}" --test plugins --test plugins-harness
