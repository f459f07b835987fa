#!/bin/sh
# A Rust that can build the workspace, or the one line that gets it.
set -eu
. "$(dirname "$0")/common.sh"
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../../Cargo.toml")
have cargo || stop "There is no Rust here. Install it from https://rustup.rs (one line, no administrator needed), then try again."
found=$(cargo --version | cut -d ' ' -f 2)
at_least "$wanted" "$found" || stop \
    "Rust $found is too old: the workspace needs $wanted. Bring it up to date with \`rustup update stable\`, then try again."
