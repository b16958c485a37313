# shellcheck shell=bash
# Shared by the scripts in this folder. Sourced, not executed.
REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() { warn "${0##*/}: $1"; exit "${2:-1}"; }

# Prints the comment block at the top of a script as its --help.
show_help() { sed -n '2,/^[^#]/{s/^# \{0,1\}//;t print;d;:print;p}' "$0"; }

# Installs Debian packages. Fails silently if this is not Debian or the caller is not root.
apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    say "installing with apt-get: $*"
    export DEBIAN_FRONTEND=noninteractive
    local apt=(apt-get -qq -o DPkg::Lock::Timeout=300)
    "${apt[@]}" update >/dev/null && "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null
}

# Restores projects from NuGet. Reports a failure in one line.
restore() {
    local target log
    for target in "$@"; do
        log=$(dotnet restore "$target" --nologo -v quiet 2>&1) ||
            die "could not restore the packages: $(grep -o -m1 'NU[0-9]\{4\}: .*' <<<"$log" | sed 's/ \[[^]]*\]$//' || tail -n 1 <<<"$log")"
    done
}

require_sdk() {
    command -v dotnet >/dev/null || die "the .NET 10 SDK is required: there is no 'dotnet' on the PATH"
    local answer
    answer=$(cd "$REPO" && dotnet --version 2>&1) && return
    case $answer in
        *'SDK was not found'*)
            die "global.json requires a .NET 10 SDK; this machine has: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')" ;;
        *) die "dotnet does not start: ${answer%%$'\n'*}" ;;
    esac
}

# Reads one counter from the summary of a result file.
counter() { grep -o "<Counters [^>]*" "$2" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]\+'; }

# Prints the skipped tests of a result file with their reasons.
reasons() {
    awk '/outcome="NotExecuted"/ { match($0, /testName="[^"]*"/); name = substr($0, RSTART + 10, RLENGTH - 11) }
        name && sub(/^ *<Message>/, "") { sub(/<\/Message>.*/, ""); print "  skipped: " name ": " $0; name = "" }' "$1" |
        sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#39;\|&apos;/'"'"'/g; s/&amp;/\&/g'
}
