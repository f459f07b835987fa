#!/bin/sh
# Builds the packages that an organisation installs: .deb and .rpm of the window. An AppImage would need tools from the
# network at build time, and is left to a machine that may fetch them.
set -eu
. "$(dirname "$0")/common.sh"
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
say "building the terminal program"
cargo build --release -p cli
say "building and packing the window"
# Tauri's own packer, from npm; kept outside the pages' list because nothing else needs it.
(cd src-tauri && npm exec --yes --package=@tauri-apps/cli@2 -- tauri build --bundles deb,rpm --ci)
ls -l "$target"/release/bundle/*/*.deb "$target"/release/bundle/*/*.rpm "$target/release/countersign"
