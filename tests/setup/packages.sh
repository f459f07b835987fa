#!/bin/sh
# packages.sh story|build|run|test: system packages for playing the story in a terminal, and for building, running, and testing
# the window.
set -eu
. "$(dirname "$0")/common.sh"
[ "${COUNTERSIGN_SKIP_PACKAGES:-}" != 1 ] || exit 0

# A list grows on the one before: whoever tests also runs, whoever runs also builds.
build="build-essential pkg-config libwebkit2gtk-4.1-dev ca-certificates"
run="libayatana-appindicator3-1 dbus"
test="xvfb xauth webkit2gtk-driver dunst imagemagick fonts-dejavu-core"

case "${1:-}" in
story) list="build-essential ca-certificates" ;;
build) list="$build" ;;
run) list="$build $run" ;;
test) list="$build $run $test" ;;
*) stop "Say what for: packages.sh story|build|run|test" ;;
esac
# A tool that is there already, from wherever it came, is not installed a second time.
[ "$1" = build ] || have java || list="$list default-jre-headless"
[ "$1" = build ] || python3 -c 'import ensurepip, venv' 2>/dev/null || list="$list python3 python3-venv"
# The house rules ask git which files there are.
[ "$1" = story ] || have git || list="$list git"
[ "$1" != test ] || have chromium || have google-chrome || list="$list chromium"
# shellcheck disable=SC2086 # a list of words
apt_install $list
