# To be sourced: the official tools, installed once, in $tools. Without them `missing`, which is whoever sources this, has
# the word.
tools=${CARGO_TARGET_DIR:-target}/official-tools

# The Rust `pact` and pact-python.
install_pact() {
    [ -x "$tools/bin/pact" ] && return
    python3 -m venv "$tools" || missing "python3 has no venv"
    "$tools/bin/pip" install --quiet pact-python-cli pact-python || missing "pact-python cannot be installed"
}

# The Ruby `pact-broker`, whose path is in $ruby.
install_ruby() {
    ruby=$tools/node_modules/.bin/pact-broker
    [ -x "$ruby" ] && return
    npm install --silent --no-audit --no-fund --no-save --prefix "$tools" @pact-foundation/pact-cli@16 ||
        missing "the Ruby pact-broker cannot be installed"
}
