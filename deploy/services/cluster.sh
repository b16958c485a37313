# shellcheck shell=bash disable=SC2154
# Runs several servers of each kind: the same functions as for one server, with another state folder and other ports per server.

password() {
    [ -s "$root/password" ] || (umask 077 && head -c 18 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$root/password")
    cat "$root/password"
}
mode() { echo local; }

# Points the functions of rabbitmq.sh and postgres.sh at one server.
use() {
    local number=${1: -1}
    state=$root/$1
    mkdir -p "$state"
    case $1 in
        rabbit[123]) use_rabbit "$number" ;;
        postgres[12]) use_postgres "$number" ;;
        *) die "'$1' is not a server: rabbit1, rabbit2, rabbit3, postgres1 or postgres2" 2 ;;
    esac
}

use_rabbit() {
    local own; read -ra own <<<"${PARTS_EPMD_PORTS:-}"
    rabbit_dir=$state/rabbitmq amqp_port=$((base + $1 - 1)) distribution_port=$((base + $1 + 2))
    epmd_port=${own[$1 - 1]:-$((base + 6))}
    # One scheduler each, and none that spins: three nodes share the machine with everything else.
    rabbit_erl_args="+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none"
    local port number=0
    rabbit_more_config="cluster_partition_handling = pause_minority
net_ticktime = 8
raft.wal_max_size_bytes = 33554432
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.discovery_retry_limit = 2"
    for port in "$base" $((base + 1)) $((base + 2)); do
        number=$((number + 1))
        rabbit_more_config+=$'\n'"cluster_formation.classic_config.nodes.$number = parts_$port@localhost"
    done
    mkdir -p "$rabbit_dir/home"
    [ -s "$root/cookie" ] || (umask 077 && head -c 15 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$root/cookie")
    [ -s "$rabbit_dir/home/.erlang.cookie" ] || install -m 400 "$root/cookie" "$rabbit_dir/home/.erlang.cookie"
}

use_postgres() {
    local reached; read -ra reached <<<"${PARTS_REPLICATION_PORTS:-}"
    local other=$((3 - $1))
    postgres_port=$((base + 6 + $1))
    local from=${reached[other - 1]:-$((base + 6 + other))} dir; dir=$(postgres_dir)
    (umask 077 && echo "127.0.0.1:*:*:$user:$(password)" >"$dir/pgpass")
    give_postgres "$dir" "$dir/pgpass"
    # In a file and not on the command line, because pg_rewind starts the server by itself. A rewind needs the hints in the log and the
    # log since the switch of roles; silence of five seconds is a failure.
    cat >"$dir/cluster.conf" <<CONF
cluster_name = 'postgres$1'
wal_log_hints = on
wal_keep_size = 512MB
wal_sender_timeout = 5s
wal_receiver_timeout = 5s
wal_retrieve_retry_interval = 500ms
shared_buffers = 64MB
primary_conninfo = 'host=127.0.0.1 port=$from user=$user passfile=$dir/pgpass connect_timeout=3'
CONF
}

# Each node finds the others through its own port mapper, or all of them through one.
start_epmd() {
    [ -z "${PARTS_EPMD_PORTS:-}" ] || return 0
    local state=$root tries
    if alive epmd >/dev/null; then return; fi
    require_free "$epmd_port" epmd
    daemon epmd "${within[@]}" epmd -address 127.0.0.1 -port "$epmd_port"
    for tries in {1..100}; do port_open "$epmd_port" && return; sleep 0.05; done
    die "epmd does not answer after $tries tries; its log: $state/epmd.log"
}
stop_own_epmd() { (state=$root; stop_daemon epmd TERM 5); }

up() {
    mkdir -p "$root"
    keep_root
    if ! rabbitmq_installed || ! postgres_installed; then
        apt_install rabbitmq-server postgresql || die "a server is missing: install rabbitmq-server and postgresql"
    fi
    chmod o+x "$root"
    password >/dev/null
    (use postgres1; init_postgres; include_config; start_postgres_local; await_server postgres1; postgres_ready_local)
    local node
    for node in "${rabbits[@]}"; do (use "$node"; start_rabbitmq_local); done
    copy_standby
    (use postgres2; start_postgres_local; await_server postgres2)
    synchronize postgres1
    for node in "${rabbits[@]}"; do await_server "$node"; done
    await_members
    say "cluster: RabbitMQ on 127.0.0.1:$base to $((base + 2)), PostgreSQL on 127.0.0.1:$((base + 7)) and $((base + 8))"
}

print_env() {
    local secret login; secret=$(password)
    login="Database=$database;Username=$user;Password=$secret;Target Session Attributes=primary;Host Recheck Seconds=1"
    cat <<LINES
export ConnectionStrings__RabbitMq='amqp://$user:$secret@127.0.0.1:$base,127.0.0.1:$((base + 1)),127.0.0.1:$((base + 2))/'
export ConnectionStrings__Postgres='Host=127.0.0.1:$((base + 7)),127.0.0.1:$((base + 8));$login'
LINES
}

# rabbitmq or postgres, as the functions are named.
kind() { case $1 in rabbit*) echo rabbitmq ;; *) echo postgres ;; esac; }

await_server() ( # node
    use "$1"
    kind=$(kind "$1") end=$((SECONDS + ${PARTS_SERVICES_WAIT:-120}))
    until "${kind}_answers"; do
        "${kind}_alive_local" || die "$1 exited during startup: $("${kind}_last_words_local")"
        [ $SECONDS -lt $end ] || die "$1 does not answer; its log: $state/$kind.log"
        sleep 0.2
    done
)

cluster_start() {
    local node
    for node in "$@"; do (use "$node"; "start_$(kind "$node")_local"); done
    for node in "$@"; do await_server "$node"; done
}

cluster_stop() {
    local signal=TERM node nodes=()
    for node in "$@"; do if [ "$node" = --kill ]; then signal=KILL; else nodes+=("$node"); fi; done
    for node in "${nodes[@]}"; do (use "$node"; "stop_$(kind "$node")_local" "$signal") & done
    wait
}

reset() {
    [ -d "$root" ] || { say "cluster: nothing to delete"; return; }
    cluster_stop "${rabbits[@]}" "${servers[@]}" --kill
    stop_own_epmd
    local node; for node in "${servers[@]}"; do (use "$node"; delete_postgres_data); done
    rm -rf "$root"
    say "cluster: data deleted"
}

# RabbitMQ

cluster_rabbitmqctl() { rabbit_tool rabbitmqctl "$@"; }

# Runs a program of RabbitMQ for the first node that answers.
rabbit_tool() ( # program argument...
    for node in "${rabbits[@]}"; do
        use "$node"
        if rabbitmq_answers; then
            mapfile -t environment < <(rabbit_env)
            cd "$rabbit_dir" && exec "${within[@]}" env -i "${environment[@]}" "$(rabbit_bin)/$1" "${@:2}"
        fi
    done
    die "no RabbitMQ node answers"
)

await_members() {
    local tries
    for tries in {1..60}; do
        [ "$(rabbit_tool rabbitmqctl -q eval 'length(rabbit_nodes:all_running()).')" = 3 ] && return
        sleep 0.5
    done
    die "the RabbitMQ nodes have not formed a cluster after $tries tries"
}

# parts_24671@localhost is rabbit2 if 24670 is the first port.
cluster_leader() {
    local name
    name=$(rabbit_tool rabbitmqctl -q --timeout 20 list_queues --no-table-headers name leader |
        awk -v queue="$1" '$1 == queue && !found++ { print $2 }')
    [[ $name =~ ^parts_([0-9]+)@ ]] || die "the queue $1 has no leader"
    echo "rabbit$((BASH_REMATCH[1] - base + 1))"
}

cluster_roll() {
    use "$1"
    local environment; mapfile -t environment < <(rabbit_env)
    (
        cd "$rabbit_dir"
        exec "${within[@]}" env -i "${environment[@]}" "$(rabbit_bin)/rabbitmq-upgrade" -q --timeout 60 await_online_quorum_plus_one
    ) >&2 || die "a queue has no majority without $1"
    cluster_stop "$1"
    cluster_start "$1"
}

# PostgreSQL

include_config() {
    local config; config=$(postgres_dir)/data/postgresql.conf
    grep -q '^include' "$config" || echo "include '../cluster.conf'" >>"$config"
}

cluster_psql() { use "$1"; psql_local "${@:2}"; }
ask() ( use "$1"; psql_local -d postgres -qAtc "$2" )

cluster_primary() {
    local node
    for node in "${servers[@]}"; do
        [ "$(ask "$node" 'select pg_is_in_recovery()' 2>/dev/null)" != f ] || { echo "$node"; return; }
    done
    die "no PostgreSQL server takes writes"
}

copy_standby() (
    use postgres2
    dir=$(postgres_dir) bin=$(postgres_bin)
    [ ! -f "$dir/complete" ] || exit 0
    use_postgres_user
    rm -rf "$dir/data"
    (cd / && "${as[@]}" env PGPASSFILE="$dir/pgpass" "$bin/pg_basebackup" -h 127.0.0.1 -p $((base + 7)) -U "$user" -D "$dir/data" \
        -X stream -c fast --no-sync >"$state/copy.log" 2>&1) || die "pg_basebackup failed: $(tail -n 2 "$state/copy.log" | tr '\n' ' ')"
    : >"$dir/data/standby.signal"
    give_postgres "$dir/data/standby.signal"
    : >"$dir/complete"
)

# Waits until the standby streams, and only then makes commits wait for it: asking earlier would block every commit.
synchronize() { # primary
    local tries
    for tries in {1..300}; do
        [ "$(ask "$1" "select count(*) from pg_stat_replication where state = 'streaming'")" != 1 ] || break
        sleep 0.2
    done
    ask "$1" "alter system set synchronous_standby_names = 'ANY 1 (postgres1, postgres2)'"
    ask "$1" "select pg_reload_conf()" >/dev/null
    for tries in {1..100}; do
        [ "$(ask "$1" "select count(*) from pg_stat_replication where sync_state = 'quorum'")" != 1 ] || return 0
        sleep 0.1
    done
    die "the standby of $1 is not synchronous after $tries tries"
}

cluster_promote() {
    # Without a standby a commit would wait forever; `rejoin` asks for it again.
    ask "$1" "alter system set synchronous_standby_names = ''"
    ask "$1" "select pg_reload_conf()" >/dev/null
    [ "$(ask "$1" "select pg_promote(true, 60)")" = t ] || die "$1 was not promoted within 60 s"
}

cluster_rejoin() {
    local primary; primary=$(cluster_primary)
    [ "$primary" != "$1" ] || die "$1 is the primary"
    # A rewind reads the new timeline from the control file, which the next checkpoint writes.
    ask "$primary" checkpoint
    (
        use "$1"
        stop_postgres_local KILL
        dir=$(postgres_dir) bin=$(postgres_bin)
        use_postgres_user
        rm -f "$dir/data/postmaster.pid"
        (cd / && "${as[@]}" env PGPASSFILE="$dir/pgpass" "$bin/pg_rewind" --target-pgdata="$dir/data" --no-sync \
            --source-server="host=127.0.0.1 port=$((base + 6 + ${primary: -1})) user=$user dbname=postgres" >"$state/rewind.log" 2>&1) ||
            die "pg_rewind failed: $(tail -n 2 "$state/rewind.log" | tr '\n' ' ')"
        : >"$dir/data/standby.signal"
        give_postgres "$dir/data/standby.signal"
        start_postgres_local
        await_server "$1"
    )
    synchronize "$primary"
}
