#!/usr/bin/env bash
# node-worker.sh: times a Node.js worker and ours in turn on this machine: same services, same images, same number of messages.
#
#   tests/peers/node-worker.sh PEER [RUNS] [MESSAGES]
#
# PEER is a folder with bench.js and worker.js (amqplib, sharp, onnxruntime-node, pg) and its node_modules, MODEL_DIR one with its models
# (tiny-arc.onnx, tiny-meta.onnx ...). The peer's bench fills its queue, starts its worker and times from its READY to the last row; ours is
# timed alike by `partsbench backlog`. The messages differ in form: the peer's lack line, camera and time, which ours demands.
# MODEL is tiny (default) or real. Build first: deploy/bench.sh makes the bundles, too.
# Example: MODEL=tiny MODEL_DIR=/tmp/peer/models tests/peers/node-worker.sh /tmp/peer/node-worker 5 10000
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../deploy/lib.sh"

case ${1:-} in
    -h | --help) show_help; exit 0 ;;
esac
peer=${1:-} runs=${2:-5} messages=${3:-10000}
[ -f "$peer/bench.js" ] || die "'$peer' holds no bench.js; see --help" 2
export MODEL=${MODEL:-tiny}
cache=${PARTS_BENCH_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/partsworker-bench}
bundle=$cache/models/random-$MODEL/1
images=$cache/images
[ -f "$bundle/bundle.json" ] || die "'$bundle' is not there: run deploy/bench.sh once" 2
export PARTS_SERVICES_DIR=${TMPDIR:-/tmp}/partsworker-peer-services-$(id -u) PARTS_PORT_BASE=${PARTS_PORT_BASE:-25800}
bench=$REPO/.artifacts/bin/PartsWorker.Bench/release/partsbench

trap '"$REPO/deploy/services.sh" reset >&2' EXIT
"$REPO/deploy/services.sh" up >&2
eval "$("$REPO/deploy/services.sh" env)"
password=$(cat "$PARTS_SERVICES_DIR/password")
export AMQP_URL=$ConnectionStrings__RabbitMq PG_URL=postgres://parts:$password@127.0.0.1:$((PARTS_PORT_BASE + 4))/parts
export N=$messages IMAGE_DIR=$images QUEUE_TYPE=quorum

for run in $(seq "$runs"); do
    (cd "$peer" && node bench.js) | grep '^RESULT' | sed "s/^RESULT/node $run/"
    "$bench" backlog --bundle "$bundle" --images "$images" --messages "$messages" 2>/dev/null | sed "s/^/ours $run /"
done
