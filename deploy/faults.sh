#!/usr/bin/env bash
# faults.sh: runs the worker under faults, with a private RabbitMQ and PostgreSQL; exits 0 only if nothing is lost or duplicated.
#
#   deploy/faults.sh --messages 20000 --seed 7     kill workers, restart services, reset connections, fail storage and disks
#   deploy/faults.sh --messages 5000 --results     the same with Results:Publish, and every event compared with its row in SQL
#   deploy/faults.sh --messages 5000 --pgbouncer   the same with PgBouncer in transaction mode between worker and PostgreSQL
#   deploy/faults.sh --cluster --messages 20000    three RabbitMQ nodes, PostgreSQL with a standby: kill leaders, majorities and primaries,
#                                                  separate nodes and standbys, restart all nodes, run workers with wrong clocks
#   deploy/faults.sh --mutate-images 10000         send damaged image files through the worker
#   deploy/faults.sh --mutate-messages 10000       send damaged message bodies and headers
#   deploy/faults.sh --reprocess 5000              reprocess a night beside a running line, killed once; print the ratio of latencies
#   deploy/faults.sh --activate 8                  activate models and roll back beside a running line; print the seconds per change
#
# Without arguments: a short run of 500 messages. All options: deploy/faults.sh --options
# To watch memory and connections without faults, run deploy/bench.sh soak.
# Example: deploy/faults.sh
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
    -h | --help) show_help; exit 0 ;;
    --options) set -- --help ;;
esac
require_sdk
if [[ " $* " = *" --cluster "* ]]; then
    ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || apt_install libfaketime || true
fi
dotnet build "$REPO/tests/PartsWorker.Faults" -c Release -v q --nologo -clp:ErrorsOnly >&2
exec dotnet "$REPO/.artifacts/bin/PartsWorker.Faults/release/PartsWorker.Faults.dll" "$@"
