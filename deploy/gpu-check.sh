#!/usr/bin/env bash
# gpu-check.sh: compares the GPU with the CPU and measures it. Needs an NVIDIA GPU, but no .NET, no broker and no database.
#
#   deploy/gpu-check.sh PUBLISHED BUNDLE IMAGES [OPTION...]
#
# PUBLISHED is a folder from: dotnet publish tests/PartsWorker.Bench -c Release -r linux-x64 --self-contained -o PUBLISHED
# BUNDLE is models/<name>/<version>; IMAGES is a folder of JPEG files (an empty folder is filled). CUDA 13 and cuDNN 9 must be installed.
# OPTION is an option of the worker: --Inference:DeviceId=1, --Pipeline:MaxBatch=64. PARTS_DEVICE=cpu compares the CPU with itself.
# Exits with 0 if the scores agree within 2e-2, and the class on 99.5 % of the images.
# Example: deploy/gpu-check.sh /opt/partsbench models/real-parts/2.7.0 /tmp/images
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
    -h | --help) show_help; exit 0 ;;
esac
[ $# -ge 3 ] || die "expected PUBLISHED BUNDLE IMAGES; see --help" 2
bench=$1/partsbench bundle=$2 images=$3
shift 3
[ -x "$bench" ] || die "'$bench' is not an executable; PUBLISHED is the output folder of dotnet publish" 2
[ -f "$bundle/bundle.json" ] || die "'$bundle' contains no bundle.json" 2
device=${PARTS_DEVICE:-cuda}
# Measure only what needs no broker and no database.
unset ConnectionStrings__RabbitMq ConnectionStrings__Postgres

if command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader || warn "nvidia-smi does not answer"
fi
rc=0
"$bench" run --real "$bundle" --images "$images" "--Inference:Device=$device" "$@"
"$bench" device --bundle "$bundle" --images "$images" "--Inference:Device=$device" "$@" || rc=$?
"$bench" device --bundle "$bundle" --images "$bundle/golden" "--Inference:Device=$device" "$@" || rc=$?
exit "$rc"
