#!/bin/sh
# node.sh [FOLDER…]: Node, and the packages each folder's lock file lists.
set -eu
. "$(dirname "$0")/common.sh"
wanted=20.19.0
if ! have node; then
    # Debian 13 and Ubuntu 25.10 carry a Node that is new enough; older ones do not.
    offered=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: //p' | sed 's/[+~-].*//')
    if [ -n "$offered" ] && at_least "$wanted" "$offered"; then apt_install nodejs npm; fi
fi
have node && have npm || stop "There is no Node here. Install Node $wanted or later from https://nodejs.org, then try again."
found=$(node --version | tr -d v)
at_least "$wanted" "$found" || stop "Node $found is too old: the pages need $wanted. Install a later one from https://nodejs.org."

top=$(cd "$(dirname "$0")/../.." && pwd)
for folder in "$@"; do
    cd "$top/$folder"
    # npm keeps a copy of the lock file; an older one was installed from another list.
    if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
        say "installing the packages of $folder"
        npm ci --no-audit --no-fund >&2
        touch node_modules/.package-lock.json
    fi
done
