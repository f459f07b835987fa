#!/bin/sh
# Opens the window on the demonstration workspace. Where there is no display the story is played in the terminal instead,
# which needs neither WebKit nor Node.
set -eu
. "$(dirname "$0")/common.sh"
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
# The demonstration keeps to this checkout: workspace, keys, Spark and all.
home=${COUNTERSIGN_HOME:-$PWD/.make/desk}
mkdir -p "$home"

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ "$(uname)" = Linux ]; then
    say "no display here: playing the story in the terminal"
    tests/setup/packages.sh story
    tests/setup/rust.sh
    cargo build -p cli
    exec "$target/debug/countersign" --home "$home" demo --headless
fi
tests/setup/packages.sh run
tests/setup/rust.sh
tests/setup/node.sh ui
cargo build -p countersign-window -p cli
say "opening the window; close it, or press Ctrl-C, to end"
exec "$target/debug/countersign-window" --home "$home" --demonstration
