#!/usr/bin/env bash
# train-vs-pytorch.sh: compares the training step with PyTorch's, in images per second on the CPU, alternating in one run.
#
#   tests/peers/train-vs-pytorch.sh [THREADS] [ROUNDS]
#   tests/peers/train-vs-pytorch.sh --epoch DATA    one epoch of preset shared beside PyTorch, with the same weights and batches
#
# Needs python3-torch and python3-torchvision (apt), preferably with libopenblas0. PYTHON names the interpreter (default /usr/bin/python3).
# THREADS defaults to all cores, ROUNDS to 3. The last line contains the ratios of the medians, ours over PyTorch's:
# train: resnet18=R mobilefacenet=R efficientnetv2s=R
# Example: tests/peers/train-vs-pytorch.sh 2 5; tests/peers/train-vs-pytorch.sh --epoch ../real-parts
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../deploy/lib.sh"

case ${1:-} in
    -h | --help) show_help; exit 0 ;;
esac
cd "$REPO"
if [ "${1:-}" = --epoch ]; then
    [ -d "${2:-}" ] || die "--epoch needs the folder of a data set with a split train, such as real-parts; see --help" 2
    PARTS_EPOCH_DATA=$(realpath "$2") dotnet test tests/PartsWorker.Trainer.Tests -c Release --nologo \
        --filter FullyQualifiedName~PyTorchEpochTests --logger "console;verbosity=detailed"
    exit
fi
threads=${1:-$(nproc)}
rounds=${2:-3}
[[ "$threads $rounds" =~ ^[1-9][0-9]*\ [1-9][0-9]*$ ]] ||
    die "THREADS and ROUNDS must be positive numbers, not '$threads $rounds'; see --help" 2
python=${PYTHON:-/usr/bin/python3}
"$python" -c 'import torch, torchvision' 2>/dev/null ||
    die "PyTorch is missing: apt install python3-torch python3-torchvision libopenblas0" 2
dotnet build src/PartsWorker.Trainer -c Release -v q --nologo -clp:ErrorsOnly
trainer=$(find .artifacts/bin/PartsWorker.Trainer/release -name partstrainer -type f | head -1)

speed() { grep -oE '[0-9.]+ images/s' | cut -d' ' -f1; }
line="train:"
for case in "resnet18 64 32" "mobilefacenet 112 32" "efficientnetv2s 128 16"; do
  read -r network size batch <<<"$case"
  ours=() theirs=()
  for _ in $(seq "$rounds"); do
    out=$("$trainer" bench --backbone "$network" --size "$size" --batch "$batch" --steps 5 --threads "$threads"); echo "ours     $out"
    ours+=("$(speed <<<"$out")")
    out=$("$python" tests/peers/pytorch_bench.py "$network" "$size" "$batch" --steps 5 --threads "$threads"); echo "pytorch  $out"
    theirs+=("$(speed <<<"$out")")
  done
  line+=" $network=$("$python" -c "
import statistics, sys
o, t = sys.argv[1].split(), sys.argv[2].split()
print(f'{statistics.median(map(float, o)) / statistics.median(map(float, t)):.2f}')" "${ours[*]}" "${theirs[*]}")"
done
echo "$line"
