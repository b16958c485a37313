# shellcheck shell=bash
# Runs the two services from docker-compose.yml under a separate project name.

compose() {
    PARTS_RABBIT_PORT=$amqp_port PARTS_MANAGEMENT_PORT=$management_port PARTS_POSTGRES_PORT=$postgres_port \
        PARTS_USER=$user PARTS_PASSWORD=$(password) \
        docker compose -f "$REPO/docker-compose.yml" -p "partsworker-dev-$amqp_port" "$@"
}
docker_answers() { command -v docker >/dev/null && timeout 10 docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; }

start_docker() { compose up -d --no-deps "$1" >"$state/$1.log" 2>&1 || die "docker compose: $(tail -n 1 "$state/$1.log")"; }
start_rabbitmq_docker() { start_docker rabbitmq; }
start_postgres_docker() { start_docker postgres; }
stop_rabbitmq_docker() { stop_docker rabbitmq "$1"; }
stop_postgres_docker() { stop_docker postgres "$1"; }
stop_docker() { if [ "$2" = KILL ]; then compose kill -s KILL "$1"; else compose stop "$1"; fi >/dev/null 2>&1; }
delete_docker() { compose down --volumes >/dev/null 2>&1; }

rabbitmq_alive_docker() { [ -n "$(compose ps -q --status running rabbitmq)" ]; }
postgres_alive_docker() { [ -n "$(compose ps -q --status running postgres)" ]; }
rabbitmq_last_words_docker() { compose logs --tail 3 rabbitmq 2>&1 | tr '\n' ' '; }
postgres_last_words_docker() { compose logs --tail 3 postgres 2>&1 | tr '\n' ' '; }
rabbitmq_ready_docker() { until port_open "$management_port"; do sleep 0.2; done; }
postgres_ready_docker() {
    # The image restarts the server once after it has created the database; only a login over TCP proves the second start.
    local tries; for tries in {1..300}; do psql_docker -Atqc 'select 1' >/dev/null 2>&1 && return; sleep 0.2; done
    die "PostgreSQL accepts no login after $tries tries"
}
psql_docker() { compose exec -T -e PGPASSWORD="$(password)" postgres psql -X -h 127.0.0.1 -U "$user" -d "$database" "$@"; }
rabbitmqctl_docker() { compose exec -T rabbitmq rabbitmqctl "$@"; }
