#!/usr/bin/env bash
# check.sh: validates the deployment files with the tools on this machine, and the style of the code.
#
#   deploy/check.sh           run every check whose tool is installed, and report the skipped ones
#   deploy/check.sh --strict  count a skipped check as failed
#   deploy/check.sh --style   check only white space and the line length of at most 140 columns; the build enforces the rest of
#                             .editorconfig, because it treats warnings as errors
#
# PARTS_CRDS=FOLDER (absolute) holds the definitions of the operators' custom resources, as their releases publish them (YAML); without it
# the manifests of the operators are only parsed.
# Deploys nothing and starts nothing. Example: deploy/check.sh
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

strict=no style=no
case ${1:-} in
    "") ;;
    --strict) strict=yes ;;
    --style) style=yes ;;
    -h | --help) show_help; exit 0 ;;
    *) die "unknown argument '$1'; see --help" 2 ;;
esac

work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
cd "$REPO/deploy" || exit 1
passed=0 failed=0 skipped=0

check() { # name command...
    local name=$1; shift
    if "$@" >"$work/out" 2>&1; then passed=$((passed + 1)); say "ok       $name"
    else failed=$((failed + 1)); say "FAILED   $name"; sed 's/^/         /' "$work/out"; fi
}
skip() { skipped=$((skipped + 1)); say "skipped  $1: $2"; }
have() { command -v "$1" >/dev/null; }

# Code only: tables in documents, SQL comments, JSON and generated files may be wider.
code_files() {
    local file
    git -C "$REPO" ls-files -co --exclude-standard -- \
        '*.cs' '*.sh' '*.py' '*.mjs' '*.proto' '*.csproj' '*.props' '*.targets' '*.yml' '*.yaml' |
        while read -r file; do if [ -f "$REPO/$file" ]; then printf '%s\n' "$file"; fi; done
}
line_lengths() {
    local long
    long=$(cd "$REPO" && code_files | LC_ALL=C.UTF-8 xargs -d '\n' grep -nEH '.{141}' | cut -d: -f1,2)
    [ -z "$long" ] || { sed 's/$/: longer than 140 columns/' <<<"$long"; return 1; }
}
white_space() { (cd "$REPO" && dotnet format whitespace --folder . --include src tests --verify-no-changes); }
style_checks() {
    check "style: lines of at most 140 columns" line_lengths
    if have dotnet; then check "style: white space as dotnet format writes it" white_space
    else skip "dotnet format" "not installed"; fi
}

shell_syntax() { local script; for script in ./*.sh services/*.sh; do bash -n "$script" || return 1; done; }

compose_file() {
    export PARTS_PASSWORD=for-this-check
    if docker compose version >/dev/null 2>&1; then docker compose -f ../docker-compose.yml --profile '*' config -q
    else docker-compose -f ../docker-compose.yml --profile gpu --profile seeing config -q; fi
}

# The programs are not installed here, so the units are checked with the path of an existing program.
systemd_units() {
    local unit
    mkdir "$work/units"
    for unit in systemd/*.service systemd/*.timer; do
        sed 's#/opt/partsworker/partsworker#/bin/true#' "$unit" >"$work/units/$(basename "$unit")"
    done
    cp "$work/units/parts-watch@.service" "$work/units/parts-watch@cam-1.service"
    ! systemd-analyze verify --man=no "$work"/units/*.timer "$work"/units/parts-{worker,board,reprocess,retention}.service \
        "$work/units/parts-watch@cam-1.service" 2>&1 | grep "$work"
}

kustomize_both() {
    kubectl kustomize kubernetes >"$work/cpu.yaml" || return 1
    cp -r kubernetes "$work/k" && sed -i 's/^# components/components/' "$work/k/kustomization.yaml"
    kubectl kustomize "$work/k" >"$work/gpu.yaml" && grep -q nvidia.com/gpu "$work/gpu.yaml"
}

node_modules() {
    cp check/package*.json "$work/" && (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
}
yaml_files() {
    node check/manifests.mjs --yaml ../docker-compose.yml otel/*.yaml otel/*.yml grafana/*.yml \
        grafana/provisioning/*/*.yaml kubernetes/*.yaml kubernetes/operators/*.yaml
}
kubernetes_schemas() {
    node check/manifests.mjs --kubernetes "$work/cpu.yaml" "$work/gpu.yaml" kubernetes/secrets.example.yaml kubernetes/operators/*.yaml
}

prometheus_files() {
    sed "s#/etc/prometheus/alerts.yml#$PWD/grafana/alerts.yml#" otel/prometheus.yml >"$work/prometheus.yml"
    promtool check config "$work/prometheus.yml"
}

# Converts the metric names in alerts and dashboard to the names in the code, and checks that these exist.
metric_names() {
    local metric rc=0
    local name='\b((parts|messaging)_[a-z_]+_(total|bucket|sum|count)|parts_(ready|problems|model_active))\b'
    for metric in $(grep -ohE "$name" grafana/alerts.yml grafana/dashboards/*.json | sort -u); do
        metric=$(sed -E 's/_(total|bucket|sum|count)$//; s/_seconds$//; s/_/./g' <<<"$metric")
        grep -rqF "\"$metric\"" ../src/PartsWorker/Observability || { say "no instrument is called $metric"; rc=1; }
    done
    return $rc
}

runbooks() {
    local alert rc=0
    for alert in $(sed -n 's/.*alert: //p' grafana/alerts.yml); do
        grep -q "^### $alert$" OPERATIONS.md || { say "OPERATIONS.md has no runbook for $alert"; rc=1; }
    done
    return $rc
}

finish() {
    say "check: $passed ok, $failed failed, $skipped skipped"
    [ "$failed" = 0 ] && { [ "$strict" = no ] || [ "$skipped" = 0 ]; }
}

style_checks
if [ "$style" = yes ]; then finish; exit; fi
check "shell scripts: syntax" shell_syntax
# Two rules are off, because services.sh and its parts share their variables.
if have shellcheck; then check "shell scripts: shellcheck" shellcheck -x -S warning -e SC2154,SC2034 ./*.sh services/*.sh
else skip shellcheck "not installed"; fi
if docker compose version >/dev/null 2>&1 || have docker-compose; then check "docker-compose.yml: docker compose config" compose_file
else skip "docker compose config" "not installed"; fi
if have systemd-analyze; then check "systemd units: systemd-analyze verify" systemd_units
else skip "systemd-analyze verify" "not installed"; fi
if have promtool; then check "alerts and scrape configuration: promtool" prometheus_files; else skip promtool "not installed"; fi
check "alerts and dashboard: the worker has every metric" metric_names
check "alerts: every alert has a runbook" runbooks
if ! have node || ! have npm; then
    skip "YAML files, dashboard, Kubernetes schemas" "npm is not installed; it installs the parsers"
elif ! node_modules >"$work/npm.log" 2>&1; then
    skip "YAML files, dashboard, Kubernetes schemas" "npm could not install the parsers: $(grep -m1 . "$work/npm.log")"
else
    export CHECK_MODULES=$work
    check "YAML files: parsed" yaml_files
    check "dashboard: JSON" node -e 'JSON.parse(require("fs").readFileSync("grafana/dashboards/parts.json"))'
    if have kubectl; then
        check "Kubernetes: kubectl kustomize, with and without GPU" kustomize_both
        check "Kubernetes: schemas of every kind (types and required fields)" kubernetes_schemas
        [ -n "${PARTS_CRDS:-}" ] ||
            skip "schemas of RabbitmqCluster and CloudNativePG's Cluster" "set PARTS_CRDS to a folder with their definitions"
    else skip "Kubernetes manifests" "kubectl is not installed"; fi
fi

finish
