#!/usr/bin/env bash
# inside.sh: runs a command in the root folder of another Debian. services.sh starts the servers of PARTS_SERVICES_ROOT with it.
#
#   inside.sh ROOT [FOLDER...] -- COMMAND [ARGUMENT...]
#
# The command sees this machine's /dev, /proc and /var/tmp and the given folders under their own names. These mounts belong to the
# command alone: they end with it, and other processes do not see them. All steps are an exec, so the command keeps the process id of the
# caller. Needs the rights of root.
# Example: inside.sh /srv/trixie /tmp/data -- rabbitmqctl version
set -euo pipefail
case ${1:-} in
    -h | --help) sed -n '2,/^set/{s/^# \{0,1\}//;t print;d;:print;p}' "$0"; exit 0 ;;
    --apart) shift ;;
    *) exec unshare --mount -- "$0" --apart "$@" ;;
esac
root=$1; shift
for folder in /dev /proc /var/tmp; do mount --rbind "$folder" "$root$folder"; done
while [ "$1" != -- ]; do
    mkdir -p "$root$1"
    mount --rbind "$1" "$root$1"
    shift
done
exec chroot "$root" "${@:2}"
