#!/usr/bin/env bash
# compat.sh: runs the integration tests and two short fault runs on the RabbitMQ and PostgreSQL of several Debian releases.
#
#   deploy/compat.sh                          debian12 and debian13, one after the other; prints a table of versions and results
#   deploy/compat.sh --only debian13          one of them
#   deploy/compat.sh --filter QueueMigration  only the tests whose full name contains the word, and no fault runs
#   deploy/compat.sh --messages 1000          length of the fault run (default 300); the run of a cluster always has 400
#   deploy/compat.sh --root DIR               keep the root folders in DIR (default ~/.cache/partsworker-roots)
#
# The servers of this machine's own release are the installed ones. Those of another release come from a root folder that debootstrap
# makes, and run from it on loopback; everything else runs on this machine. The folder stays for the next run: delete it to get newer
# packages. Needs Debian and the rights of root. PARTS_PORT_BASE is the first of thirty ports (default 21650).
# At the end, and on Ctrl-C, everything that was started is stopped. The exit code is 0 if every release passed.
# Example: deploy/compat.sh --only debian13 --filter TopologyTests
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$REPO/deploy/services/debian.sh"

releases=(debian12 debian13) roots=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/partsworker-roots filter='' messages=300
codename() { case $1 in debian12) echo bookworm ;; debian13) echo trixie ;; *) return 1 ;; esac; }

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) show_help; exit 0 ;;
        --only | --filter | --messages | --root) [ -n "${2:-}" ] || die "$1 needs a value; see --help" 2 ;;
        *) die "unknown argument '$1'; see --help" 2 ;;
    esac
    case $1 in
        --only) codename "$2" >/dev/null || die "'$2' is not a release: debian12 or debian13" 2; releases=("$2") ;;
        --filter) filter=$2 ;;
        --messages) [[ $2 =~ ^[1-9][0-9]{0,5}$ ]] || die "--messages is '$2'; it must be 1 to 999999" 2; messages=$2 ;;
        --root) roots=$(realpath -m "$2") ;;
    esac
    shift 2
done
[ "$(id -u)" = 0 ] || die "run it as root: the servers run in another root folder"

base=${PARTS_PORT_BASE:-21650}
export PARTS_PORT_BASE=$base PARTS_MQTT_PORT=$((base + 7)) PARTS_PGBOUNCER_PORT=$((base + 8)) PARTS_SERVICES_WITH=local
work=${TMPDIR:-/tmp}/partsworker-compat-$base results=$REPO/.artifacts/compat
export PARTS_SERVICES_DIR=$work/services
failures=0 rows=() child='' cell=''

# Points services.sh at the servers of a release.
use_release() {
    local name; name=$(codename "$1")
    unset PARTS_SERVICES_ROOT
    if [ "$name" != "$(debian_codename)" ]; then
        make_debian "$name" "$roots/$name"
        export PARTS_SERVICES_ROOT=$roots/$name
    fi
}

# In a group of its own, so that the end of this script can end it with all its children.
run() { # log command...
    local log=$1 rc=0; shift
    setsid "$@" </dev/null >"$log" 2>&1 &
    child=$!
    wait "$child" || rc=$?
    child=
    return "$rc"
}

build() {
    local project
    say "building"
    for project in IntegrationTests Faults; do
        restore "$REPO/tests/PartsWorker.$project"
        run "$results/build.log" \
            dotnet build "$REPO/tests/PartsWorker.$project" -c Release --no-restore --nologo -v quiet -clp:ErrorsOnly ||
            die "the build failed: $(grep -m1 error "$results/build.log")"
    done
}

# Each step leaves its result in $cell.
run_tests() { # release
    local log=$results/$1.log trx=$results/$1.trx rc=0 total passed bad only=()
    [ -z "$filter" ] || only=(--filter "FullyQualifiedName~$filter")
    run "$log" timeout 3600 dotnet test "$REPO/tests/PartsWorker.IntegrationTests" -c Release --no-build --nologo "${only[@]}" \
        --logger "trx;LogFileName=$trx" --logger "console;verbosity=minimal" || rc=$?
    if [ ! -s "$trx" ]; then
        failures=$((failures + 1)) cell="no result"
        say "$1: the tests ended with code $rc and without a result:"; tail -n 20 "$log"
        return
    fi
    total=$(counter total "$trx") passed=$(counter passed "$trx") bad=$(counter failed "$trx")
    cell="$passed passed, $bad failed, $((total - passed - bad)) skipped"
    reasons "$trx"
    if [ "$rc" = 0 ] && [ "$passed" != 0 ]; then return; fi
    failures=$((failures + 1))
    sed '/^Test run for/d; /^VSTest version/d; /^Starting test/d; /^A total of/d' "$log"
}

run_faults() { # release argument...
    local log=$results/$1-faults.log rc=0; shift
    run "$log" timeout 1800 "$REPO/deploy/faults.sh" --port-base $((base + 20)) "$@" || rc=$?
    cell=$(sed -n 's/^faults: .*\(lost=[0-9]*\) \(duplicates=[0-9]*\).*/\1 \2/p' "$log")
    cell=${cell:-no result}
    if [ "$rc" = 0 ]; then return; fi
    failures=$((failures + 1)) cell="$cell FAILED"
    say "faults $*: ended with code $rc:"; tail -n 20 "$log"
}

row() { printf '%-9s  %-34s  %-34s  %-22s  %-22s  %s\n' "$@"; }

try_release() {
    local start=$SECONDS versions tests faults=- cluster=-
    use_release "$1"
    say "$1: the integration tests"
    "$REPO/deploy/services.sh" up
    eval "$("$REPO/deploy/services.sh" env)"
    versions="RabbitMQ $("$REPO/deploy/services.sh" rabbitmqctl -q version), PostgreSQL $(
        "$REPO/deploy/services.sh" psql -qtAc 'SHOW server_version' | cut -d' ' -f1)"
    run_tests "$1"; tests=$cell
    "$REPO/deploy/services.sh" reset
    if [ -z "$filter" ]; then
        say "$1: $messages messages with faults, then 400 in a cluster"
        run_faults "$1" --messages "$messages"; faults=$cell
        run_faults "$1-cluster" --cluster --messages 400; cluster=$cell
    fi
    rows+=("$(row "$1" "$versions" "$tests" "$faults" "$cluster" "$(((SECONDS - start + 59) / 60)) min")")
}

# Stops what a run has started, also one that was killed.
clean() {
    local state port
    for state in "$work/services" "$work"/tmp/parts-faults-*/services; do
        [ -d "$state" ] || continue
        umount -l "$state/rabbitmq" "$state/postgres" 2>/dev/null || true
        PARTS_SERVICES_DIR=$state PARTS_SERVICES_ROOT='' "$REPO/deploy/services.sh" reset >/dev/null || true
    done
    for state in "$work"/tmp/parts-faults-*/cluster; do
        [ -d "$state" ] || continue
        port=${state%/cluster}; port=${port##*-}
        PARTS_CLUSTER_DIR=$state PARTS_PORT_BASE=$port PARTS_SERVICES_ROOT='' "$REPO/deploy/cluster.sh" reset >/dev/null || true
    done
    rm -rf --one-file-system "$work"
}

finish() {
    local group=$child end=$((SECONDS + 20))
    trap '' INT TERM
    if [ -n "$group" ]; then
        warn "stopping"
        kill -TERM -- "-$group" 2>/dev/null || true
        while kill -0 -- "-$group" 2>/dev/null && [ $SECONDS -lt $end ]; do sleep 0.2; done
        kill -KILL -- "-$group" 2>/dev/null || true
    fi
    clean
}

require_sdk
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
clean
rm -rf "$results" && mkdir -p "$results" "$work/tmp"
export TMPDIR=$work/tmp
command -v chromium >/dev/null || apt_install chromium fonts-dejavu-core || warn "no Chromium: the board is not tried in a browser"
for release in "${releases[@]}"; do use_release "$release"; done
build
for release in "${releases[@]}"; do try_release "$release"; done
say ""
row release servers "integration tests" faults "faults of a cluster" time
printf '%s\n' "${rows[@]}"
[ "$failures" = 0 ]
