# shellcheck shell=bash
# Makes root folders with the servers of another Debian release, for PARTS_SERVICES_ROOT.

debian_codename() { (. /etc/os-release && echo "${VERSION_CODENAME:-}"); }

# The mirror from which this machine installs its own packages.
debian_mirror() {
    local found; found=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 2>/dev/null | head -n 1 || true)
    [ -n "$found" ] || die "apt knows no Debian mirror: run apt-get update, or add one to /etc/apt/sources.list.d"
    echo "$found"
}

# Does nothing if the folder is complete.
make_debian() { # codename folder
    local log=$2.log mirror
    if [ -f "$2/etc/partsworker" ]; then return; fi
    command -v debootstrap >/dev/null || apt_install debootstrap || die "debootstrap is missing and cannot be installed here"
    mirror=$(debian_mirror)
    say "making $2 with debootstrap: some minutes"
    mkdir -p "$(dirname "$2")"
    # An interrupted run left half of it. It holds no mounts: those of its programs ended with them.
    rm -rf --one-file-system "$2"
    unshare --mount debootstrap --variant=minbase "$1" "$2" "$mirror" >"$log" 2>&1 || die "debootstrap failed; its log: $log"
    echo '127.0.0.1 localhost' >"$2/etc/hosts"
    # Keeps the packages from starting their servers.
    printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
    chmod +x "$2/usr/sbin/policy-rc.d"
    "$REPO/deploy/services/inside.sh" "$2" -- env DEBIAN_FRONTEND=noninteractive sh -ec \
        'apt-get -qq install -y --no-install-recommends rabbitmq-server postgresql pgbouncer; apt-get clean' >>"$log" 2>&1 ||
        die "the servers could not be installed in $2; its log: $log"
    echo "$1" >"$2/etc/partsworker"
}
