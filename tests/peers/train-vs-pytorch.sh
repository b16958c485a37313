#!/usr/bin/env bash
# Images per second of the training step, ours over PyTorch's, alternating in one run.
#   tests/peers/train-vs-pytorch.sh [threads] [rounds]
# Needs python3-torch and python3-torchvision (apt), best with libopenblas0. Last line: train: resnet18=R mobilefacenet=R efficientnetv2s=R
set -euo pipefail
cd "$(dirname "$0")/../.."
threads=${1:-$(nproc)}
rounds=${2:-3}
python=${PYTHON:-/usr/bin/python3}
"$python" -c 'import torch, torchvision' 2>/dev/null || { echo "PyTorch is missing: apt install python3-torch python3-torchvision libopenblas0"; exit 2; }
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
