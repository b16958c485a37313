# shellcheck shell=bash
# Which RabbitMQ, PostgreSQL and PgBouncer run: the installed ones, or those in the root folder of another Debian (PARTS_SERVICES_ROOT).

# The folder; empty = the installed servers. The first `up` decides, because the data belongs to one version.
server_root=${PARTS_SERVICES_ROOT:-$(cat "$state/root" 2>/dev/null || true)}
# The words before each command that runs a program of the servers.
within=()
if [ -n "$server_root" ]; then within=("$REPO/deploy/services/inside.sh" "$server_root" "$state" --); fi

keep_root() {
    [ -n "$server_root" ] || return 0
    [ -x "$server_root/usr/bin/epmd" ] ||
        die "PARTS_SERVICES_ROOT is '$server_root', which has no RabbitMQ: deploy/compat.sh makes such folders"
    echo "$server_root" >"$state/root"
}

# Prints the path of a program as the servers see it.
find_program() { "${within[@]}" sh -c 'PATH=$PATH:/usr/sbin; command -v "$1"' sh "$1" 2>/dev/null; }

# The owner of PostgreSQL's files for chown: the root may number its users otherwise than this machine.
postgres_owner() {
    if [ -z "$server_root" ]; then echo postgres:; else sed -n 's/^postgres:[^:]*:\([0-9]*:[0-9]*\):.*/\1/p' "$server_root/etc/passwd"; fi
}
