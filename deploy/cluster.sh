#!/usr/bin/env bash
# cluster.sh: a private cluster for tests, on loopback only: three RabbitMQ nodes, and PostgreSQL with a synchronous standby.
#
#   deploy/cluster.sh up                       start all five servers and wait until they answer and the standby is synchronous
#   deploy/cluster.sh env                      print the connection strings, which name all servers, as export lines
#   deploy/cluster.sh start NODE...            start servers and wait until they answer: rabbit1..3, postgres1, postgres2
#   deploy/cluster.sh stop NODE... [--kill]    stop servers; --kill uses SIGKILL
#   deploy/cluster.sh roll NODE                restart a RabbitMQ node, once no queue needs it for its majority
#   deploy/cluster.sh leader QUEUE             print the node that leads a quorum queue
#   deploy/cluster.sh primary                  print the PostgreSQL server that takes writes
#   deploy/cluster.sh promote NODE             make the standby the primary, which then commits without a standby
#   deploy/cluster.sh rejoin NODE              rewind the former primary (pg_rewind), and start it as the synchronous standby
#   deploy/cluster.sh rabbitmqctl ARGUMENT...  run rabbitmqctl for the first node that answers
#   deploy/cluster.sh psql NODE ARGUMENT...    run psql as the owner of the database
#   deploy/cluster.sh down | reset             stop all servers; reset also deletes their data
#
# Needs the installed servers (as root on Debian it installs them), or those in the folder PARTS_SERVICES_ROOT, as services.sh.
# PARTS_CLUSTER_DIR is the folder for the state (default .services/cluster), PARTS_PORT_BASE the first of nine ports (default 24670).
# A network between the servers that can fail: PARTS_EPMD_PORTS="p1 p2 p3" gives each RabbitMQ node its own port mapper,
# PARTS_REPLICATION_PORTS="p1 p2" the ports under which the other server reaches postgres1 and postgres2.
# Example: deploy/cluster.sh up && eval "$(deploy/cluster.sh env)"
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Absolute: the servers start in another folder.
root=$(realpath -ms "${PARTS_CLUSTER_DIR:-$REPO/.services/cluster}")
base=${PARTS_PORT_BASE:-24670}
[[ $base =~ ^[0-9]+$ ]] && [ "$base" -ge 1024 ] && [ "$base" -le 32750 ] || die "PARTS_PORT_BASE is '$base'; it must be 1024 to 32750" 2
unset PARTS_MQTT_PORT
user=parts database=parts state=$root management_port=''
rabbits=(rabbit1 rabbit2 rabbit3) servers=(postgres1 postgres2)

source "$REPO/deploy/services/process.sh"
source "$REPO/deploy/services/root.sh"
source "$REPO/deploy/services/rabbitmq.sh"
source "$REPO/deploy/services/postgres.sh"
source "$REPO/deploy/services/cluster.sh"

case ${1:-} in
    up) up ;;
    env) print_env ;;
    start | stop | roll | promote | rejoin | leader | primary | rabbitmqctl | psql)
        [ -s "$root/password" ] || die "the cluster has never been started: run deploy/cluster.sh up"
        "cluster_$1" "${@:2}" ;;
    down) cluster_stop "${rabbits[@]}" "${servers[@]}"; stop_own_epmd ;;
    reset) reset ;;
    -h | --help) show_help ;;
    *) show_help >&2; exit 2 ;;
esac
