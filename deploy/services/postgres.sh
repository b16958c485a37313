# shellcheck shell=bash
# Runs the installed PostgreSQL with a private data folder and port.

postgres_bin() {
    local folder
    folder=$(ls -d "$server_root"/usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -V | tail -1 || true)
    [ -n "$folder" ] || folder=$(dirname "$(command -v postgres 2>/dev/null || echo /nowhere/postgres)")
    [ -x "$folder/initdb" ] && echo "${folder#"$server_root"}"
}
postgres_installed() { postgres_bin >/dev/null; }

# Sets the words before each command: the server refuses to run as root, so root starts it as the user postgres.
use_postgres_user() {
    as=("${within[@]}")
    if [ "$(id -u)" = 0 ]; then as+=(setpriv --reuid=postgres --regid=postgres --clear-groups --); fi
}
give_postgres() { [ "$(id -u)" != 0 ] || chown "$(postgres_owner)" "$@"; }

# That user must be able to enter every parent of the data folder, which is impossible below a private home folder.
postgres_dir() {
    local near=$state/postgres far
    far=/var/tmp/partsworker-$(printf %s "$state" | sha256sum | cut -c1-12)
    if [ -d "$far" ]; then echo "$far"; return; fi
    mkdir -p "$near"
    local as; use_postgres_user
    if [ "$(id -u)" != 0 ] || (cd / && "${as[@]}" test -x "$near" 2>/dev/null); then echo "$near"; return; fi
    mkdir -m 700 "$far" && echo "$far"
}

# Creates the data folder, once.
init_postgres() {
    local dir bin; dir=$(postgres_dir); bin=$(postgres_bin)
    local as; use_postgres_user
    give_postgres "$dir"
    if [ -f "$dir/complete" ]; then return; fi
    rm -rf "$dir/data"
    (umask 077 && password >"$dir/password")
    give_postgres "$dir/password"
    (cd / && "${as[@]}" env LC_ALL=C.UTF-8 "$bin/initdb" -D "$dir/data" -U "$user" -E UTF8 --locale=C.UTF-8 --no-sync \
        --auth-local=reject --auth-host=scram-sha-256 --pwfile="$dir/password" >"$state/initdb.log" 2>&1) ||
        die "initdb failed: $(tail -n 2 "$state/initdb.log" | tr '\n' ' ')"
    : >"$dir/complete"
}

start_postgres_local() {
    if alive postgres >/dev/null; then return; fi
    require_free "$postgres_port" PostgreSQL
    init_postgres
    local dir bin; dir=$(postgres_dir); bin=$(postgres_bin)
    local as; use_postgres_user
    # No server of ours uses this folder now. After a kill, the id in the file may belong to a zombie or to another process.
    rm -f "$dir/data/postmaster.pid"
    # Start the server itself, not pg_ctl, so that its process id can be recorded.
    daemon postgres "${as[@]}" "$bin/postgres" -D "$dir/data" -p "$postgres_port" \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200
}

# SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait until every client has disconnected.
stop_postgres_local() { stop_daemon postgres "${1/TERM/INT}" 40; }
postgres_alive_local() { alive postgres >/dev/null; }
postgres_last_words_local() { tail -n 2 "$state/postgres.log" | tr '\n' ' '; }
postgres_answers() {
    # These eight bytes request TLS; every server that accepts connections answers S or N.
    local byte
    byte=$({
        exec 3<>"/dev/tcp/127.0.0.1/$postgres_port" && printf '\0\0\0\010\004\322\026\057' >&3 && timeout 2 head -c1 <&3
    } 2>/dev/null) || return 1
    [[ $byte = [SN] ]]
}

postgres_ready_local() {
    local tries exists
    for tries in {1..300}; do
        if exists=$(psql_local -d postgres -Atqc "select 1 from pg_database where datname = '$database'" 2>/dev/null); then break; fi
        sleep 0.1
    done
    [ "${exists:-}" = 1 ] || psql_local -d postgres -qc "create database $database" >/dev/null ||
        die "PostgreSQL accepts no login after $tries tries; its log: $state/postgres.log"
}

psql_local() {
    PGPASSWORD=$(password) PGDATABASE=$database "${within[@]}" "$(postgres_bin)/psql" -X -h 127.0.0.1 -p "$postgres_port" -U "$user" "$@"
}

delete_postgres_data() { rm -rf "/var/tmp/partsworker-$(printf %s "$state" | sha256sum | cut -c1-12)"; }
