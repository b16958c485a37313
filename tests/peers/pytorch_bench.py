#!/usr/bin/env python3
"""Images per second of PyTorch's training step (forward, backward, SGD with momentum) on synthetic images.

  python3 tests/peers/pytorch_bench.py resnet18 64 32 --steps 10 --threads 2
"""
import argparse, os, resource, sys, time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("network", choices=["resnet18", "mobilefacenet", "efficientnetv2s"])
parser.add_argument("size", type=int)
parser.add_argument("batch", type=int)
parser.add_argument("--steps", type=int, default=10)
parser.add_argument("--threads", type=int, default=os.cpu_count())
args = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(args.threads)
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import record_truth  # first: it reports a missing package in one line
import torch
import torch.nn.functional as F
import torchvision

torch.set_num_threads(args.threads)
model = {
    "resnet18": lambda: torchvision.models.resnet18(num_classes=100),
    "mobilefacenet": lambda: record_truth.MobileFaceNet(args.size, 128, 100),
    "efficientnetv2s": lambda: torchvision.models.efficientnet_v2_s(num_classes=100, stochastic_depth_prob=0.0),
}[args.network]().train()
optimizer = torch.optim.SGD(model.parameters(), 0.01, 0.9, weight_decay=1e-4)
raw = torch.randint(0, 256, (args.batch, args.size, args.size, 3), dtype=torch.uint8)
labels = torch.randint(0, 100, (args.batch,))
times = []
for step in range(-2, args.steps):
    start, cpu = time.perf_counter(), time.process_time()
    x = ((raw.float() - 127.5) / 128).permute(0, 3, 1, 2).contiguous()
    optimizer.zero_grad(set_to_none=True)
    F.cross_entropy(model(x), labels).backward()
    optimizer.step()
    if step >= 0:
        times.append((time.perf_counter() - start, time.process_time() - cpu))
wall, cpu = sorted(t[0] for t in times)[len(times) // 2], sorted(t[1] for t in times)[len(times) // 2]
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(f"{args.network}: {wall * 1000:.1f} ms/step, {args.batch / wall:.1f} images/s, cpu {cpu * 1000:.1f} ms/step, peak memory {memory} MB")
