#!/usr/bin/env bash
# faults.sh: the worker under faults, with a RabbitMQ and a PostgreSQL of its own; ends 0 only when nothing is lost or doubled.
#
#   deploy/faults.sh --messages 20000 --seed 7     workers killed, services restarted, connections cut, storage and disk failing
#   deploy/faults.sh --mutate-images 10000         damaged image files through the whole worker
#   deploy/faults.sh --mutate-messages 10000       damaged message bodies and headers
#   deploy/faults.sh --reprocess 5000              a night judged again beside a running line, killed on the way; ratio of latencies
#   deploy/faults.sh --activate 8                  models activated and rolled back beside a running line; seconds to change over
#
# Many good images without faults, watching memory and connections: deploy/bench.sh soak.
# Without arguments a short run of 500 messages. All options: deploy/faults.sh --options
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
    -h | --help) show_help; exit 0 ;;
    --options) set -- --help ;;
esac
require_sdk
dotnet build "$REPO/tests/PartsWorker.Faults" -c Release -v q --nologo -clp:ErrorsOnly >&2
exec dotnet "$REPO/.artifacts/bin/PartsWorker.Faults/release/PartsWorker.Faults.dll" "$@"
