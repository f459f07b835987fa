#!/bin/sh
# window.sh FOLDER: tests the real window, whose programs lie in FOLDER, on a display, a bus and with a notification daemon
# of its own.
set -eu
cd "$(dirname "$0")"
export COUNTERSIGN_PROGRAMS="$1"
# One language and one clock, wherever this runs; software drawing, because a virtual display has no other.
export LANG=C.UTF-8 LANGUAGE=en TZ=UTC LIBGL_ALWAYS_SOFTWARE=1 GTK_A11Y=none NO_AT_BRIDGE=1
unset WAYLAND_DISPLAY
status=0
xvfb-run -a -s "-screen 0 1440x900x24" dbus-run-session -- node --test --test-concurrency=1 *.test.mjs || status=$?
# The window's own last words, should it have died.
[ "$status" -eq 0 ] || tail -n 60 out/*.log
exit "$status"
