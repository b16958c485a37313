#!/usr/bin/env bash
# restarts.sh: restarts a worker under load with another active model, and counts the rows by a wrong model.
#
#   deploy/restarts.sh [RESTARTS]    default 20; two bundles take turns
#
# Before each start the other model is activated in SQL, while Model:Bundle names the one that is not active. Images wait in the queue, and
# more arrive while the worker starts. Every second worker is killed (SIGKILL) in the middle of its work and started again. A row counts as
# wrong when its model is not the one that was active when its image was published. Needs the services of deploy/services.sh and a build
# (deploy/demo.sh makes both); uses a database and queues of its own, and removes them at the end.
# The last line is: restarts=N images=N rows=N wrong=N; exit code 0 = every image has its row, and none is wrong.
# Example: deploy/restarts.sh 20
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
case ${1:-} in -h | --help) show_help; exit 0 ;; esac
restarts=${1:-20}
[[ $restarts =~ ^[0-9]+$ ]] || die "'$restarts' is not a number of restarts; see --help" 2

program=${PARTS_PROGRAM:-$REPO/.artifacts/bin/PartsWorker/release/partsworker}
[ -x "$program" ] || die "no build at $program: dotnet build src/PartsWorker -c Release"
bundles=("$REPO"/models/parts-demo/* "$REPO"/models/real-parts/*)
keys=("parts-demo@${bundles[0]##*/}" "real-parts@${bundles[1]##*/}")
images=${bundles[0]}/gallery
work=$(mktemp -d)
database=restarts_$$ worker=

eval "$("$REPO/deploy/services.sh" env)"
sql() { "$REPO/deploy/services.sh" psql -qtA -d "${2:-$database}" -c "$1"; }
finish() {
    [ -z "$worker" ] || kill -KILL "$worker" 2>/dev/null || true
    sql "DROP DATABASE IF EXISTS $database WITH (FORCE)" postgres || warn "the database $database could not be dropped"
    for queue in live reprocess dead retry.1 retry.2 retry.3; do
        "$REPO/deploy/services.sh" rabbitmqctl -q delete_queue "$database.$queue" >/dev/null 2>&1 || true
    done
    # rabbitmqctl has no command that deletes an exchange.
    local exchanges; exchanges=$(printf '<<"%s">>,' "$database" "$database".{results,dead,retry.1,retry.2,retry.3})
    "$REPO/deploy/services.sh" rabbitmqctl -q eval "[rabbit_exchange:delete(rabbit_misc:r(<<\"/\">>, exchange, Name), false,
        <<\"restarts.sh\">>) || Name <- [${exchanges%,}]]." >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT

sql "CREATE DATABASE $database" postgres
export ConnectionStrings__Postgres="$ConnectionStrings__Postgres;Database=$database" Rabbit__Prefix=$database
export Images__Roots__0=$images Model__Root=$REPO/models
"$program" migrate >/dev/null
for bundle in "${bundles[@]}"; do "$program" models register "$bundle" >/dev/null; done

publish() { "$program" publish "$images/*.jpg" --line R --camera "$1" >/dev/null; }
start() { Model__Bundle=$1 "$program" run >>"$work/worker.log" 2>&1 & worker=$!; }
count=$(find "$images" -name "*.jpg" | wc -l) total=0
rows() { sql "SELECT count(*) FROM classifications WHERE camera IN ('r$1a', 'r$1b') AND NOT shadow"; }
await() {
    local end=$((SECONDS + 300))
    until [ "$(rows "$1")" -ge "$2" ]; do
        kill -0 "$worker" 2>/dev/null || die "the worker exited: $(tail -n 3 "$work/worker.log")"
        [ $SECONDS -lt $end ] || die "only $(rows "$1") of $2 rows after five minutes"
        sleep 0.2
    done
}

for ((i = 1; i <= restarts; i++)); do
    active=$((i % 2))
    "$program" models activate "${keys[active]}" >/dev/null
    publish "r${i}a"
    start "${bundles[1 - active]}"
    publish "r${i}b"
    if [ $((i % 2)) = 0 ]; then
        await "$i" 30
        kill -KILL "$worker"
        wait "$worker" 2>/dev/null || true
        start "${bundles[1 - active]}"
    fi
    total=$((total + 2 * count))
    await "$i" $((2 * count))
    kill -TERM "$worker"
    wait "$worker" || die "the worker exited with code $?: $(tail -n 3 "$work/worker.log")"
    worker=
    wrong=$(sql "SELECT count(*) FROM classifications WHERE camera IN ('r${i}a', 'r${i}b') AND model <> '${keys[active]}'")
    say "restart $i with ${keys[active]}, Model:Bundle ${keys[1 - active]}: $((2 * count)) images, $wrong rows by a wrong model"
done

stored=$(sql "SELECT count(*) FROM classifications")
wrong=$(sql "SELECT count(*) FROM classifications
    WHERE model <> CASE WHEN substring(camera FROM '[0-9]+')::integer % 2 = 0 THEN '${keys[0]}' ELSE '${keys[1]}' END")
say "restarts=$restarts images=$total rows=$stored wrong=$wrong"
[ "$wrong" = 0 ] && [ "$stored" = "$total" ]
