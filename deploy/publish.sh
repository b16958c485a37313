#!/usr/bin/env bash
# publish.sh: publishes the worker for several platforms, and prints the size of each.
#
#   deploy/publish.sh                    linux-x64, linux-arm64 and win-x64 with .NET and ONNX Runtime for CPUs; linux-x64 also with CUDA
#   deploy/publish.sh linux-x64          only this platform, for CPUs
#   deploy/publish.sh --quick            only linux-x64 for CPUs, without .NET: what the container of the worker holds (as CI does)
#
# Each is published below .artifacts/publish/. One that this machine can run must classify the golden images of a bundle. The models
# are not included.
# Example: deploy/publish.sh linux-arm64
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

wanted=()
case ${1:-} in
    -h | --help) show_help; exit 0 ;;
    --quick) wanted=("linux-x64 Cpu false") ;;
    "") wanted=("linux-x64 Cpu true" "linux-arm64 Cpu true" "win-x64 Cpu true" "linux-x64 Cpu false" "linux-x64 Gpu false") ;;
    -*) die "unknown argument '$1'; see --help" 2 ;;
    *) for rid in "$@"; do wanted+=("$rid Cpu true"); done ;;
esac
require_sdk

case $(uname -m) in x86_64) own=linux-x64 ;; aarch64) own=linux-arm64 ;; *) own=none ;; esac

# Classifying needs the native libraries of ONNX Runtime and of the decoder.
try() { # rid folder
    [ "$1" = "$own" ] || { echo "not run"; return; }
    local bundle=("$REPO"/models/parts-demo/*)
    "$2/partsworker" classify "${bundle[0]}/golden" --bundle "${bundle[0]}" >/dev/null && echo "runs"
}

row() { printf '%-12s %-8s %-12s %8s %6s %8s  %s\n' "$@"; }
row platform runtime ".NET" MB files seconds state
failed=0
for entry in "${wanted[@]}"; do
    read -r rid flavor own_runtime <<<"$entry"
    with=included; [ "$own_runtime" = true ] || with="not included"
    folder=$REPO/.artifacts/publish/$rid-${flavor,,}$([ "$own_runtime" = true ] || echo -framework)
    rm -rf "$folder"
    start=$SECONDS
    # Its own folder for each flavor, because the two restore different packages.
    if log=$(dotnet publish "$REPO/src/PartsWorker" -c Release -r "$rid" --self-contained "$own_runtime" --nologo -v quiet \
        -p:OnnxRuntimeFlavor="$flavor" -p:ArtifactsPath="$REPO/.artifacts/${flavor,,}" -o "$folder" 2>&1); then
        seconds=$((SECONDS - start))
        state=$(try "$rid" "$folder") || { state=FAILED; failed=1; }
        row "$rid" "$flavor" "$with" "$(du -sm --apparent-size "$folder" | cut -f1)" "$(find "$folder" -type f | wc -l)" "$seconds" "$state"
    else
        failed=1
        row "$rid" "$flavor" "$with" - - $((SECONDS - start)) "FAILED: $(grep -o -m1 'error [A-Z0-9]*: .*' <<<"$log" | cut -c1-150)"
    fi
done
exit $failed
