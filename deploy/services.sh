#!/usr/bin/env bash
# services.sh: a private RabbitMQ and PostgreSQL for development and tests, on loopback only.
#
#   deploy/services.sh up                          start both and wait until both answer
#   deploy/services.sh env [--pgbouncer]           print the connection strings as export lines
#   deploy/services.sh status                      show the state; exit code 0 = both answer, 3 = one is down
#   deploy/services.sh down                        stop both and keep the data
#   deploy/services.sh reset                       stop both and delete the data
#   deploy/services.sh stop|start|restart SERVICE  control rabbitmq or postgres; --kill stops it with SIGKILL
#   deploy/services.sh psql [ARGUMENT...]          run psql as the owner of the database
#   deploy/services.sh rabbitmqctl ARGUMENT...     run rabbitmqctl for this broker
#
# Uses Docker Compose if a Docker engine answers, otherwise the installed servers; as root on Debian it installs them if necessary.
# PARTS_SERVICES_WITH=docker|local overrides this choice. PARTS_SERVICES_DIR is the folder for the state (default .services/).
# PARTS_PORT_BASE is the first of five ports (default 24650). A second instance needs its own folder and ports.
# PARTS_MQTT_PORT also starts RabbitMQ's MQTT plugin on that port (local servers only), and PARTS_PGBOUNCER_PORT starts PgBouncer in
# transaction mode before PostgreSQL (likewise); `env --pgbouncer` then connects through it.
# PARTS_SERVICES_ROOT is the root folder of another Debian whose servers run instead of the installed ones (deploy/compat.sh makes one).
# Example: deploy/services.sh up && eval "$(deploy/services.sh env)"
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Absolute: the servers start in another folder.
state=$(realpath -ms "${PARTS_SERVICES_DIR:-$REPO/.services}")
base=${PARTS_PORT_BASE:-24650}
# Outgoing connections use ports from 32768 upward; one of them could occupy a port of ours.
[[ $base =~ ^[0-9]+$ ]] && [ "$base" -ge 1024 ] && [ "$base" -le 32760 ] || die "PARTS_PORT_BASE is '$base'; it must be 1024 to 32760" 2
amqp_port=$base management_port=$((base + 1)) distribution_port=$((base + 2)) epmd_port=$((base + 3)) postgres_port=$((base + 4))
user=parts database=parts

source "$REPO/deploy/services/process.sh"
source "$REPO/deploy/services/root.sh"
source "$REPO/deploy/services/rabbitmq.sh"
source "$REPO/deploy/services/postgres.sh"
source "$REPO/deploy/services/pgbouncer.sh"
source "$REPO/deploy/services/docker.sh"

password() {
    [ -s "$state/password" ] || (umask 077 && head -c 18 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$state/password")
    cat "$state/password"
}

# The first `up` decides; `reset` forgets the decision. The data exists only in that mode.
mode() {
    if [ -s "$state/mode" ]; then cat "$state/mode"; return; fi
    local wanted=${PARTS_SERVICES_WITH:-auto}
    case $wanted in
        docker | local) echo "$wanted" ;;
        auto) [ -z "$server_root" ] && docker_answers && echo docker || echo local ;;
        *) die "PARTS_SERVICES_WITH is '$wanted'; it must be docker or local" 2 ;;
    esac
}

require_known() { case ${1:-} in rabbitmq | postgres) ;; *) die "expected rabbitmq or postgres; see --help" 2 ;; esac; }
require_up_once() { [ -s "$state/mode" ] || die "the services have never been started: run deploy/services.sh up"; }
lock() { exec 9>"$state/lock"; flock -w 180 9 || die "another services.sh has held the lock $state/lock for 3 minutes"; }

up() {
    mkdir -p "$state"
    lock
    local mode; mode=$(mode)
    password >/dev/null
    if [ "$mode" = local ]; then
        keep_root
        if ! rabbitmq_installed || ! postgres_installed; then
            apt_install rabbitmq-server postgresql ||
                die "no Docker engine answers, and a server is missing: install rabbitmq-server and postgresql, or start Docker"
        fi
        [ -z "$(pgbouncer_port)" ] || pgbouncer_installed || apt_install pgbouncer ||
            die "PARTS_PGBOUNCER_PORT is set, but PgBouncer is not installed: install the package pgbouncer"
    fi
    echo "$mode" >"$state/mode"
    start_rabbitmq_"$mode"; start_postgres_"$mode"
    await rabbitmq "$mode"; await postgres "$mode"
    start_pgbouncer
    say "services: RabbitMQ on 127.0.0.1:$amqp_port (management $management_port), PostgreSQL on 127.0.0.1:$postgres_port ($mode)"
}

await() {
    local end=$((SECONDS + ${PARTS_SERVICES_WAIT:-90}))
    until "$1_answers"; do
        "$1_alive_$2" || die "$1 exited during startup: $("$1_last_words_$2")"
        [ $SECONDS -lt $end ] || die "$1 does not answer; its log: $state/$1.log"
        sleep 0.1
    done
    "$1_ready_$2"
}

down() {
    [ -s "$state/mode" ] || { say "services: were never started"; return; }
    lock
    stop_all TERM
    say "services: down"
}

stop_all() { # signal
    local mode; mode=$(mode)
    stop_rabbitmq_"$mode" "$1"; stop_postgres_"$mode" "$1"
    [ "$mode" = docker ] || { stop_epmd; stop_pgbouncer "$1"; }
}

status() {
    require_up_once
    local service rc=0
    for service in rabbitmq postgres; do
        if "${service}_answers"; then say "$service: answers"; else say "$service: down"; rc=3; fi
    done
    return $rc
}

print_env() {
    require_up_once
    local secret port=$postgres_port pgbouncer; secret=$(password) pgbouncer=$(pgbouncer_port)
    case ${1:-} in
        "") ;;
        --pgbouncer) port=${pgbouncer:-}; [ -n "$port" ] || die "PgBouncer does not run here: set PARTS_PGBOUNCER_PORT before up" ;;
        *) die "unknown argument '$1'" 2 ;;
    esac
    cat <<LINES
export ConnectionStrings__RabbitMq='amqp://$user:$secret@127.0.0.1:$amqp_port/'
export ConnectionStrings__Postgres='Host=127.0.0.1;Port=$port;Database=$database;Username=$user;Password=$secret'
export PARTS_RABBIT_MANAGEMENT='http://$user:$secret@127.0.0.1:$management_port'
LINES
    local mqtt; mqtt=$(mqtt_port)
    [ -z "$mqtt" ] || echo "export PARTS_MQTT_PORT=$mqtt"
    [ -z "$pgbouncer" ] || echo "export PARTS_PGBOUNCER_PORT=$pgbouncer"
}

one() { # verb service [--kill]
    require_known "${2:-}"; require_up_once; lock
    local signal=TERM; case ${3:-} in "") ;; --kill) signal=KILL ;; *) die "unknown argument '$3'" 2 ;; esac
    local mode; mode=$(mode)
    [ "$1" = start ] || "stop_$2_$mode" "$signal"
    [ "$1" = stop ] || { "start_$2_$mode"; await "$2" "$mode"; }
    say "services: $2 $1: done"
}

reset() {
    [ -d "$state" ] || { say "services: nothing to delete"; return; }
    lock
    stop_all KILL
    [ "$(mode)" = local ] || delete_docker
    delete_postgres_data
    rm -rf "$state"
    say "services: data deleted"
}

case ${1:-} in
    up) up ;;
    down) down ;;
    status) status ;;
    env) shift; print_env "$@" ;;
    reset) reset ;;
    stop | start | restart) one "$@" ;;
    psql) shift; require_up_once; "psql_$(mode)" "$@" ;;
    rabbitmqctl) shift; require_up_once; "rabbitmqctl_$(mode)" "$@" ;;
    -h | --help) show_help ;;
    *) show_help >&2; exit 2 ;;
esac
