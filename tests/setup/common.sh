# Words and steps that the set-up scripts share. Sourced, never run.

# What is being done, on standard error: standard output belongs to the programs.
say() { printf '%s\n' "== $*" >&2; }

# What is wrong and what to do, then the end.
stop() { printf '%s\n' "$@" >&2; exit 1; }

have() { command -v "$1" >/dev/null 2>&1; }

# at_least 20.19.0 18.1.0: whether the second version reaches the first.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# apt_install PACKAGE…: installs those of them that are missing.
apt_install() {
    have dpkg-query || stop \
        "This machine has no dpkg, so its packages cannot be checked. Install what these Debian packages hold, by your own" \
        "system's names, then set COUNTERSIGN_SKIP_PACKAGES=1 and try again: $*"
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        # `sudo -n` where nobody could type the password.
        if have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then as_root="sudo"; else
            stop "These system packages are missing, and this account may not install them:$missing" \
                "Ask somebody who may to run:" \
                "  apt-get update && apt-get install --no-install-recommends$missing" \
                "then run the same command again."
        fi
    fi
    say "installing system packages:$missing"
    # shellcheck disable=SC2086 # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 update >&2 &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends \
            $missing >&2 ||
        stop "apt-get could not install:$missing" "Its own message is above; put it right and run the same command again."
}
