#!/usr/bin/env bash
# demo.sh: runs the whole path on this machine: packages, RabbitMQ, PostgreSQL, build, tables, a worker, sample images, SQL.
#
#   deploy/demo.sh                 use the first bundle under models/
#   deploy/demo.sh models/x/1.0.0  use this bundle
#   deploy/demo.sh --stop          stop the board, RabbitMQ and PostgreSQL
#
# The bundle parts-demo classifies freshly rendered images of parts; any other bundle classifies its own sample images.
# The script stops the worker at the end and leaves the board, RabbitMQ and PostgreSQL running, so that you can look at the
# results and query them.
# A second run publishes the same images again and adds no rows. The last line is: demo: images=N rows=N correct=N
# Example: deploy/demo.sh
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

stop_board() {
    local file=$REPO/.artifacts/demo-board.pid pid
    [ -s "$file" ] || return 0
    pid=$(cat "$file")
    rm -f "$file"
    # The process may be gone, and its number taken by another.
    ! grep -qsz '^board$' "/proc/$pid/cmdline" || kill -TERM "$pid"
}

case ${1:-} in
    -h | --help) show_help; exit 0 ;;
    --stop) stop_board; exec "$REPO/deploy/services.sh" down ;;
    -*) die "unknown argument '$1'; see --help" 2 ;;
esac
bundle=${1:-$(dirname "$(ls -d "$REPO"/models/*/*/bundle.json | head -1)")}
[ -f "$bundle/bundle.json" ] || die "'$bundle' contains no bundle.json; a bundle is a folder models/<name>/<version>" 2
bundle=$(cd "$bundle" && pwd)

program=$REPO/.artifacts/bin/PartsWorker/release/partsworker
log=$REPO/.artifacts/demo-worker.log
trainer=$REPO/.artifacts/bin/PartsWorker.Trainer/release/partstrainer
samples=$bundle/golden camera=()
if [[ $bundle = */parts-demo/* ]]; then
    samples=$REPO/.artifacts/demo-camera/test camera=(--images "$samples")
fi
health_port=$((${PARTS_PORT_BASE:-24650} + 5))

board_port=$((${PARTS_PORT_BASE:-24650} + 6))

step() { say; say "== $*"; }
ready() { exec 3<>"/dev/tcp/127.0.0.1/$health_port" && printf 'GET /health/ready HTTP/1.0\r\n\r\n' >&3 && cat <&3; }

start_worker() {
    Images__Roots__0=$samples Model__Root=$REPO/models Model__Bundle=$bundle Health__Port=$health_port Health__Address=127.0.0.1 \
        "$program" run >"$log" 2>&1 &
    worker=$!
    trap stop_worker EXIT
    local end=$((SECONDS + 120)) answer
    until answer=$(ready 2>/dev/null) && [[ $answer = *" 200 "* ]]; do
        kill -0 "$worker" 2>/dev/null || die "the worker exited: $(tail -n 3 "$log")"
        [ $SECONDS -lt $end ] || die "the worker is not ready after two minutes; its log: $log"
        sleep 0.2
    done
    say "ready: ${answer##*$'\n'}"
}

stop_worker() {
    trap - EXIT
    kill -TERM "$worker" 2>/dev/null || true
    wait "$worker" || warn "the worker exited with code $?; its log: $log"
}

# Stays when this script ends, so that a person can look.
start_board() {
    stop_board
    "$REPO/deploy/services.sh" psql -q <<'SQL'
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'demo') THEN
        CREATE ROLE demo LOGIN PASSWORD 'demo' IN ROLE partsworker_reviewer, partsworker_operator;
    END IF;
END $$;
SQL
    Images__Roots__0=$samples Model__Root=$REPO/models Model__Bundle=$bundle Board__Port=$board_port \
        setsid "$program" board >"$REPO/.artifacts/demo-board.log" 2>&1 </dev/null &
    echo $! >"$REPO/.artifacts/demo-board.pid"
    local end=$((SECONDS + 60))
    until grep -q '^board at ' "$REPO/.artifacts/demo-board.log"; do
        [ $SECONDS -lt $end ] && kill -0 "$(cat "$REPO/.artifacts/demo-board.pid")" 2>/dev/null ||
            die "the board did not start: $(tail -n 3 "$REPO/.artifacts/demo-board.log")"
        sleep 0.2
    done
}

step "packages"
require_sdk
restore "$REPO/src/PartsWorker" "$REPO/src/PartsWorker.Trainer"

step "RabbitMQ and PostgreSQL"
"$REPO/deploy/services.sh" up
eval "$("$REPO/deploy/services.sh" env)"

step "build"
mkdir -p "$REPO/.artifacts"
build() { dotnet build "$REPO/src/$1" -c Release --nologo -v quiet -clp:ErrorsOnly; }
{ build PartsWorker && { [ ${#camera[@]} = 0 ] || build PartsWorker.Trainer; }; } >"$REPO/.artifacts/demo-build.log" 2>&1 ||
    die "the build failed: $(grep -m 5 'error' "$REPO/.artifacts/demo-build.log" || tail -n 5 "$REPO/.artifacts/demo-build.log")"
say "$program"

step "tables"
"$program" migrate

if [ ${#camera[@]} != 0 ] && [ ! -d "$samples" ]; then
    step "rendering camera images that are not in the training data"
    "$trainer" synthesize --out "$(dirname "$samples")" --per-class 1 --only test --seed 2026
fi

step "model"
manifest() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$bundle/bundle.json" | head -1; }
key=$(manifest name)@$(manifest version)
Model__Root=$REPO/models Model__Bundle=$bundle "$program" models activate "$key"

step "worker"
start_worker

step "sample images"
rc=0 answer=$REPO/.artifacts/demo-answer.txt
"$program" demo --bundle "$bundle" "${camera[@]}" | tee "$answer" | grep -v --line-buffered '^demo: ' || rc=${PIPESTATUS[0]}
stop_worker
start_board

step "where to look next"
here=$(printf '%q' "$(realpath --relative-to=. "$REPO")") bin=$(printf '%q' "$(dirname "$program")") shown=$(printf '%q' "$bundle")
say "board            http://127.0.0.1:$board_port  (login demo, password demo)"
say "query            $here/deploy/services.sh psql -c 'select * from needs_review limit 5'"
say "your own images  eval \"\$($here/deploy/services.sh env)\" && export PATH=\"\$PATH:\"$bin"
say "                 partsworker publish FOLDER --line A --camera cam-1"
say "                 Images__Roots__0=FOLDER Model__Bundle=$shown partsworker run"
say "stop             $here/deploy/demo.sh --stop"
say "log of the worker $log"
say
tail -n 1 "$answer"
exit "$rc"
