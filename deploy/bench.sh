#!/usr/bin/env bash
# bench.sh: measures what a worker costs beyond its model, in one table.
#
#   deploy/bench.sh                  build, create two untrained bundles and 500 images, start private services, measure, print the table
#   deploy/bench.sh --json           print the same figures as one JSON object; takes the arguments of `partsbench run`
#   deploy/bench.sh soak --messages 200000 --bundle tiny     send many images through one worker; exit code 1 if a message is lost or
#                                                            duplicated, or if memory, connections or channels grow
#   deploy/bench.sh results --bundle tiny                    compare without and with result events, and measure how soon events arrive
#   deploy/bench.sh backlog --messages 1000000 --workers 2   drain a full queue with two workers (no --bundle: without a model)
#   deploy/bench.sh costs                                    measure what an image costs (a quarter of an hour), and replace deploy/sizing;
#                                                            --quick --out FOLDER tries it in a minute; takes the arguments of partsbench
#
# Bundles and images stay in $PARTS_BENCH_DIR (default: ~/.cache/partsworker-bench) for the next run; delete it after an update, because the
# bundles may differ. Measure on an idle machine.
# Example: deploy/bench.sh --model tiny
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
    -h | --help) show_help; exit 0 ;;
esac
cache=${PARTS_BENCH_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/partsworker-bench}
bench=$REPO/.artifacts/bin/PartsWorker.Bench/release/partsbench
trainer=$REPO/.artifacts/bin/PartsWorker.Trainer/release/partstrainer
# Private services outside the home folder, which the user of the database may not enter.
export PARTS_SERVICES_DIR=${TMPDIR:-/tmp}/partsworker-bench-services-$(id -u) PARTS_PORT_BASE=${PARTS_PORT_BASE:-25700}
# Those of another instance, as its `env` exports them: the ports are taken.
unset PARTS_MQTT_PORT PARTS_PGBOUNCER_PORT

require_sdk
restore "$REPO/tests/PartsWorker.Bench" "$REPO/src/PartsWorker.Trainer"
for project in tests/PartsWorker.Bench src/PartsWorker.Trainer; do
    warn "building $project"
    dotnet build "$REPO/$project" -c Release --nologo -v quiet -clp:ErrorsOnly >&2 || die "the build of $project failed"
done
mkdir -p "$cache"
for pair in tiny real; do
    [ -f "$cache/models/random-$pair/1/bundle.json" ] || "$trainer" export --random "$pair" --out "$cache/models" >&2
done

# The processor time of broker and database is read from their processes, so they must not run in containers.
[ "${1:-}" != costs ] || export PARTS_SERVICES_WITH=local
trap '"$REPO/deploy/services.sh" reset >&2' EXIT
"$REPO/deploy/services.sh" up >&2
eval "$("$REPO/deploy/services.sh" env)"
case ${1:-} in
    soak | backlog | results)
        arguments=()
        for argument in "$@"; do
            # tiny and real stand for the bundles created above.
            case $argument in tiny | real) argument=$cache/models/random-$argument/1 ;; esac
            arguments+=("$argument")
        done
        if [ "$1" = results ]; then
            "$REPO/deploy/services.sh" psql -qc 'ALTER SYSTEM SET track_commit_timestamp = on' >&2
            "$REPO/deploy/services.sh" restart postgres >&2
        fi
        "$bench" "${arguments[@]}" --images "$cache/images"
        ;;
    costs)
        shift
        "$bench" costs --bundle random-tiny="$cache/models/random-tiny/1" --bundle random-real="$cache/models/random-real/1" \
            --bundle real="$REPO/models/real-parts/2.7.0" --images "$cache/cost-images" "$@"
        ;;
    *)
        "$bench" run --real "$cache/models/random-real/1" --tiny "$cache/models/random-tiny/1" --images "$cache/images" "$@"
        ;;
esac
