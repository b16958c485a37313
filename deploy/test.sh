#!/usr/bin/env bash
# test.sh: builds everything and runs all tests, unit and integration, with a real RabbitMQ and a real PostgreSQL.
#
#   deploy/test.sh                    all tests
#   deploy/test.sh --unit             only the tests that need no services
#   deploy/test.sh --pgbouncer        all tests, with every connection to PostgreSQL through PgBouncer in transaction mode
#   deploy/test.sh Bundles Inference  only the named projects (tests/PartsWorker.Bundles.Tests ...)
#
# Uses services that are already running and keeps them running; otherwise it starts services and stops them at the end.
# The last line is always: Total: N passed, N failed, N skipped. The exit code is 0 if nothing failed.
# Example: deploy/test.sh Client
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

results=$REPO/.artifacts/test-results
unit=no started=no names=() through=()
for argument in "$@"; do
    case $argument in
        --unit) unit=yes ;;
        --pgbouncer) through=(--pgbouncer) ;;
        -h | --help) show_help; exit 0 ;;
        -*) die "unknown argument '$argument'; see --help" 2 ;;
        *) names+=("$argument") ;;
    esac
done

# tests/PartsWorker.Bundles.Tests -> Bundles, tests/PartsWorker.Tests -> Worker
short_name() { basename "$1" .csproj | sed 's/\.\?Tests$//; s/^PartsWorker$/Worker/; s/^PartsWorker\.//'; }

find_projects() {
    local project name
    for project in "$REPO"/tests/*/*Tests.csproj; do
        name=$(short_name "$project")
        [ "$unit" = no ] || [ "$name" != Integration ] || continue
        [ ${#names[@]} = 0 ] || [[ " ${names[*]} " = *" $name "* ]] || continue
        echo "$project"
    done
}

# Services that were already running keep running.
use_services() {
    if ! "$REPO/deploy/services.sh" status >/dev/null 2>&1; then
        started=yes
        # The ports after those of the services belong to demo.sh, and the broker keeps its MQTT port.
        export PARTS_MQTT_PORT=${PARTS_MQTT_PORT:-$((${PARTS_PORT_BASE:-24650} + 7))}
        if use_pgbouncer; then export PARTS_PGBOUNCER_PORT=${PARTS_PGBOUNCER_PORT:-$((${PARTS_PORT_BASE:-24650} + 8))}; fi
        "$REPO/deploy/services.sh" up
    fi
    local lines; lines=$("$REPO/deploy/services.sh" env "${through[@]}")
    eval "$lines"
}

# Without PgBouncer, its tests report that they are skipped.
use_pgbouncer() {
    command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || apt_install pgbouncer ||
        { warn "PgBouncer is not installed and cannot be installed here: no test runs through it"; return 1; }
}

# At exit: stop what this script started, and print the total.
finish() {
    local rc=$?
    [ "$started" = no ] || "$REPO/deploy/services.sh" down || true
    if [ "$rc" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
    say "Total: $passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ] || exit 1
}

build() {
    say "building"
    if [ ${#names[@]} = 0 ]; then set -- "$REPO/PartsWorker.sln"; fi
    local target
    for target in "$@"; do
        dotnet build "$target" -c Release --nologo -v quiet -clp:ErrorsOnly >"$results/build.log" 2>&1 ||
            { say "the build failed:"; grep -h 'error' "$results/build.log" | sort -u | head -n 20; exit 1; }
    done
}

# The board is tried in a real browser. Without one, its tests report that they are skipped.
use_browser() {
    command -v chromium >/dev/null || apt_install chromium fonts-dejavu-core ||
        warn "Chromium is not installed and cannot be installed here: the pages of the board are not tried in a browser"
}

# libjpeg-turbo decodes JPEGs. Without it, its tests report that they are skipped.
use_turbojpeg() {
    [[ "$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null)" = *libturbojpeg.so.0* ]] ||
        apt_install libturbojpeg0 || apt_install libturbojpeg ||
        warn "libjpeg-turbo is not installed and cannot be installed here: JPEGs are decoded by libvips alone"
}

# Each project gets its own temporary folder and must leave it empty; .NET removes its own files when its process exits.
check_leftovers() { # project folder
    local left
    left=$(find "$2" -mindepth 1 -maxdepth 1 ! -name 'clr-debug-pipe-*' ! -name 'dotnet-diagnostic-*' -printf '%f\n' | sort)
    if [ -n "$left" ]; then
        failed=$((failed + 1))
        say "$1: left in the temporary folder: $(head -n 10 <<<"$left" | paste -sd' ')"
    fi
    rm -rf "$2"
}

check_style() {
    "$REPO/deploy/check.sh" --style >"$results/style.log" 2>&1 && return
    failed=$((failed + 1))
    say "style:"; sed '/^ok /d' "$results/style.log" | head -n 20
}

# Runs one project, or the part of it that a filter selects; the exit code and the seconds are kept beside the results.
run_project() { # project [part filter]
    local name start=$SECONDS rc=0 temporary
    name=$(basename "$1" .csproj)${2:+.$2}
    temporary=$(mktemp -d)
    timeout 1800 dotnet test "$1" -c Release --no-build --nologo ${3:+--filter "$3"} \
        --logger "trx;LogFileName=$results/$name.trx" --logger "console;verbosity=minimal" \
        -- "RunConfiguration.EnvironmentVariables.TMPDIR=$temporary" >"$results/$name.log" 2>&1 || rc=$?
    echo "$rc $((SECONDS - start)) $temporary" >"$results/$name.end"
}

passed=0 failed=0 skipped=0
report_project() { # project [part]
    local name rc seconds temporary
    name=$(basename "$1" .csproj)${2:+.$2}
    read -r rc seconds temporary <"$results/$name.end"
    check_leftovers "$name" "$temporary"
    local trx=$results/$name.trx log=$results/$name.log
    if [ ! -s "$trx" ]; then
        # A project without tests exits with 0; a failure without a result file is a crash.
        if [ "$rc" = 0 ]; then say "$name: no tests"; return; fi
        failed=$((failed + 1))
        say "$name: exited with code $rc and without a result:"; tail -n 20 "$log"
        return
    fi
    local total ok bad
    total=$(counter total "$trx") ok=$(counter passed "$trx") bad=$(counter failed "$trx")
    if [ "$rc" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + (total > ok + bad ? total - ok - bad : 0)))
    say "$name: $ok of $total passed in $seconds s"
    reasons "$trx"
    if [ "$bad" != 0 ]; then sed '/^Test run for/d; /^VSTest version/d; /^Starting test/d; /^A total of/d' "$log"; fi
}

# Server faults in a cluster, in less than two minutes. Fault runs need installed servers, because Docker has one of each kind.
has_servers() { command -v epmd >/dev/null && [ -n "$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null)" ]; }

run_cluster() {
    local start=$SECONDS rc=0
    has_servers || return 0
    timeout 600 "$REPO/deploy/faults.sh" --cluster --messages 400 >"$results/cluster.log" 2>&1 || rc=$?
    echo "$rc $((SECONDS - start))" >"$results/cluster.end"
}

report_cluster() {
    local rc seconds log=$results/cluster.log
    if ! has_servers; then
        skipped=$((skipped + 1))
        say "cluster: left out: RabbitMQ and PostgreSQL are not installed on this machine"
        return
    fi
    read -r rc seconds <"$results/cluster.end"
    if [ "$rc" = 0 ]; then
        passed=$((passed + 1))
        say "cluster: $(tail -n 1 "$log") in $seconds s"
    else
        failed=$((failed + 1))
        say "cluster: the fault run failed:"; tail -n 20 "$log"
    fi
}

# The tests of inference again with ONNX Runtime for CPUs, the flavor of the worker's container. No other tested library depends on the
# flavor. It restores other packages, so it has its own folder.
run_cpu_flavor() {
    local start=$SECONDS log=$results/cpu-flavor.log options
    options=(-c Release --nologo -p:OnnxRuntimeFlavor=Cpu -p:ArtifactsPath="$REPO/.artifacts/cpu" -p:RunAnalyzers=false)
    options+=(--logger "console;verbosity=minimal")
    if timeout 900 dotnet test "$REPO/tests/PartsWorker.Inference.Tests" "${options[@]}" >"$log" 2>&1; then
        passed=$((passed + 1))
        say "CPU flavor: $(grep -a 'Passed!' "$log" | sed 's/ *- Failed.*Passed: */ /; s/,.*//') in $((SECONDS - start)) s"
    else
        failed=$((failed + 1))
        say "CPU flavor: the tests of inference failed:"; tail -n 20 "$log"
    fi
}

# The integration tests wait for services, browsers and timeouts most of the time, so the other projects run beside them. The fault tests
# and the cluster have their own services, and are the last of a branch: on two cores, both branches take about as long.
board=PartsWorker.IntegrationTests.Board. faults=PartsWorker.IntegrationTests.Faults.
run_all() {
    local project integration=""
    for project in "$@"; do
        if [ "$(short_name "$project")" = Integration ]; then integration=$project; fi
    done
    if [ -n "$integration" ]; then
        {
            run_project "$integration" Services "FullyQualifiedName!~$board&FullyQualifiedName!~$faults"
            run_project "$integration" Board "FullyQualifiedName~$board"
            if [ ${#names[@]} = 0 ]; then run_cluster; fi
        } &
    fi
    for project in "$@"; do
        if [ "$project" != "$integration" ]; then run_project "$project"; report_project "$project"; fi
    done
    if [ -z "$integration" ]; then return; fi
    if [ ${#names[@]} = 0 ]; then run_cpu_flavor; fi
    run_project "$integration" Faults "FullyQualifiedName~$faults"
    report_project "$integration" Faults
    wait
    report_project "$integration" Services
    report_project "$integration" Board
    if [ ${#names[@]} = 0 ]; then report_cluster; fi
}

mapfile -t projects < <(find_projects)
if [ ${#projects[@]} = 0 ]; then
    all=$(for project in "$REPO"/tests/*/*Tests.csproj; do short_name "$project"; done | paste -sd' ')
    die "no test project is named ${names[*]}; the projects are: $all" 2
fi
trap finish EXIT
require_sdk
restore "$REPO/PartsWorker.sln"
[[ "${projects[*]}" != *Integration* ]] || { use_services; use_browser; }
[[ "${projects[*]}" != *Bundles* ]] || use_turbojpeg
rm -rf "$results" && mkdir -p "$results"
check_style
build "${projects[@]}"
run_all "${projects[@]}"
