# shellcheck shell=bash
# Runs the installed PgBouncer in transaction mode before the installed PostgreSQL, with Debian's defaults for everything else.

pgbouncer_bin() { find_program pgbouncer; }
pgbouncer_installed() { pgbouncer_bin >/dev/null; }
pgbouncer_config() { echo "$(postgres_dir)/pgbouncer.ini"; }

# Given, or the port of the last start; empty = PgBouncer is not used.
pgbouncer_port() {
    [ "$(mode)" = local ] || return 0
    if [ -n "${PARTS_PGBOUNCER_PORT:-}" ]; then echo "$PARTS_PGBOUNCER_PORT"; return; fi
    cat "$state/pgbouncer.port" 2>/dev/null || true
}

start_pgbouncer() {
    local port; port=$(pgbouncer_port)
    [ -n "$port" ] || return 0
    if alive pgbouncer >/dev/null; then return; fi
    require_free "$port" PgBouncer
    local config users; config=$(pgbouncer_config) users=$(postgres_dir)/pgbouncer-users
    (umask 077 && printf '"%s" "%s"\n' "$user" "$(password)" >"$users" && cat >"$config" <<CONF
[databases]
* = host=127.0.0.1 port=$postgres_port auth_user=$user
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $users
pool_mode = transaction
max_client_conn = 400
CONF
    )
    give_postgres "$config" "$users"
    local as; use_postgres_user
    # As PostgreSQL, it refuses to run as root.
    daemon pgbouncer "${as[@]}" "$(pgbouncer_bin)" "$config"
    echo "$port" >"$state/pgbouncer.port"
    local tries
    for tries in {1..100}; do
        port_open "$port" && return
        alive pgbouncer >/dev/null || die "pgbouncer exited during startup: $(tail -n 2 "$state/pgbouncer.log" | tr '\n' ' ')"
        sleep 0.05
    done
    die "pgbouncer does not answer after $tries tries; its log: $state/pgbouncer.log"
}

# SIGINT would wait for clients to finish.
stop_pgbouncer() { stop_daemon pgbouncer "$1" 10; }
