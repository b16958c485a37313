#!/usr/bin/env bash
# node-worker.sh: compares a Node.js worker with PartsWorker, alternating: same services, same images, same number of messages.
#
#   tests/peers/node-worker.sh PEER [RUNS] [MESSAGES]
#
# PEER is a folder with bench.js and worker.js (amqplib, sharp, onnxruntime-node, pg) and its node_modules. The bench of the peer fills its
# queue, starts its worker, and measures from READY to the last row; `partsbench backlog` measures PartsWorker in the same way. Both run the
# same networks: peer_models.py rewrites those of BUNDLE for the peer (Debian's package python3-onnx). The message formats differ: the
# messages of the peer have no line, camera and time, which PartsWorker requires.
#
# MODEL is tiny (default) or real, BUNDLE a folder (default: the untrained bundle of deploy/bench.sh, which must have run once), and
# PRECISION fp32 (default) or int8, for which BUNDLE must have int8 graphs (partstrainer quantize).
# Example: MODEL=real tests/peers/node-worker.sh /tmp/peer/node-worker 5 600
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../deploy/lib.sh"

case ${1:-} in
    -h | --help) show_help; exit 0 ;;
esac
peer=${1:-} runs=${2:-5} messages=${3:-10000}
[ -f "$peer/bench.js" ] || die "'$peer' contains no bench.js; see --help" 2
[[ $runs =~ ^[1-9][0-9]*$ ]] || die "RUNS is '$runs'; it must be a number of at least 1" 2
[[ $messages =~ ^[1-9][0-9]{2,8}$ ]] || die "MESSAGES is '$messages'; it must be a number of at least 100" 2
export MODEL=${MODEL:-tiny}
precision=${PRECISION:-fp32}
cache=${PARTS_BENCH_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/partsworker-bench}
bundle=${BUNDLE:-$cache/models/random-$MODEL/1}
images=$cache/images
[ -f "$bundle/bundle.json" ] || die "'$bundle' does not exist: run deploy/bench.sh once" 2
export PARTS_SERVICES_DIR=${TMPDIR:-/tmp}/partsworker-peer-services-$(id -u) PARTS_PORT_BASE=${PARTS_PORT_BASE:-25800}
# Those of another instance, as its `env` exports them: the ports are taken.
unset PARTS_MQTT_PORT PARTS_PGBOUNCER_PORT
bench=$REPO/.artifacts/bin/PartsWorker.Bench/release/partsbench
[ -x "$bench" ] || die "'$bench' does not exist: run deploy/bench.sh once" 2

MODEL_DIR=$(mktemp -d)
export MODEL_DIR
trap 'rm -rf "$MODEL_DIR"; "$REPO/deploy/services.sh" reset >&2' EXIT
/usr/bin/python3 "$REPO/tests/peers/peer_models.py" --bundle "$bundle" --precision "$precision" --out "$MODEL_DIR" --name "$MODEL" >&2
"$REPO/deploy/services.sh" up >&2
eval "$("$REPO/deploy/services.sh" env)"
password=$(cat "$PARTS_SERVICES_DIR/password")
export AMQP_URL=$ConnectionStrings__RabbitMq PG_URL=postgres://parts:$password@127.0.0.1:$((PARTS_PORT_BASE + 4))/parts
export N=$messages IMAGE_DIR=$images QUEUE_TYPE=quorum

for run in $(seq "$runs"); do
    (cd "$peer" && node bench.js) | grep '^RESULT' | sed "s/^RESULT/node $run/" || die "bench.js printed no RESULT"
    "$bench" backlog --bundle "$bundle" --images "$images" --messages "$messages" \
        "--Inference:Precision=$precision" 2>"$MODEL_DIR/partsbench.log" | sed "s/^/ours $run /" ||
        die "partsbench failed: $(tail -n 3 "$MODEL_DIR/partsbench.log")"
done
