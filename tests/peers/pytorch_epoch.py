#!/usr/bin/env python3
"""Trains preset shared in PyTorch on the batches that PyTorchEpochTests has written, from the same weights.

  python3 tests/peers/pytorch_epoch.py FOLDER

Reads plan.json, start.safetensors and batches.bin; writes losses.json: the loss of each step, and images per second (median of the steps).
Called by tests/peers/train-vs-pytorch.sh --epoch DATA.
"""
import json, math, os, sys, time

if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
    sys.exit(print(__doc__))
folder = sys.argv[1]
plan = json.load(open(os.path.join(folder, "plan.json")))
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(plan["threads"])
try:
    import numpy as np
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
    import torchvision
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is missing: apt install python3-torch python3-torchvision, and run with /usr/bin/python3")

torch.set_num_threads(plan["threads"])


def safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: torch.from_numpy(np.frombuffer(data[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"]).copy())
            for name, entry in header.items()}


class Shared(nn.Module):
    """A ResNet of blocks 2, 2, 2, 3 with embedding, color and shape, and the class centers."""

    def __init__(self):
        super().__init__()
        trunk = torchvision.models.resnet.ResNet(torchvision.models.resnet.BasicBlock, [2, 2, 2, 3])
        del trunk.fc
        for name, module in trunk.named_children():
            self.add_module(name, module)
        self.embedding = nn.Linear(512, plan["embedding"])
        self.color, self.shape = nn.Linear(512, plan["colors"]), nn.Linear(512, plan["shapes"])
        self.head = nn.Linear(plan["embedding"], plan["classes"], bias=False)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.avgpool(self.layer4(self.layer3(self.layer2(self.layer1(x))))).flatten(1)
        cosines = F.linear(F.normalize(self.embedding(x)), F.normalize(self.head.weight))
        return cosines, self.color(x), self.shape(x)


def target(labels, shares, count):
    own = F.one_hot(labels, count).float()
    return own.flip(0) + (own - own.flip(0)) * shares[:, None]


def cross_entropy(logits, wanted):
    smooth = wanted * (1 - plan["smoothing"]) + plan["smoothing"] / logits.shape[1]
    return -(F.log_softmax(logits, 1) * smooth).sum(1).mean()


def loss_of(model, image, classes, colors, shapes, shares, margin):
    cosines, color, shape = model(image)
    wanted = target(classes, shares, cosines.shape[1])
    limited = cosines.clamp(-(1 - 1e-6), 1 - 1e-6)
    m = plan["margin"] * margin
    arc = limited * math.cos(m) - (1 - limited * limited).sqrt() * math.sin(m)
    arc = torch.where(limited > -math.cos(m), arc, limited - m * math.sin(m))
    main = cross_entropy((cosines + (arc - limited) * wanted) * plan["scale"], wanted)
    meta = cross_entropy(color, target(colors, shares, color.shape[1])) \
        + plan["shapeWeight"] * cross_entropy(shape, target(shapes, shares, shape.shape[1]))
    return main + plan["metaWeight"] * meta


def groups(model):
    heads = ("embedding.", "color.", "shape.", "head.")
    for name, parameter in model.named_parameters():
        decay = plan["headDecay"] if name == "head.weight" else plan["decay"] if parameter.dim() > 1 else 0
        yield {"params": [parameter], "weight_decay": decay, "factor": plan["headRate"] if name.startswith(heads) else 1}


model = Shared()
model.load_state_dict(safetensors(os.path.join(folder, "start.safetensors")), strict=False)
model.train()
optimizer = torch.optim.AdamW(groups(model), lr=1)
batch, size = plan["batch"], plan["size"]
mean, deviation = (torch.tensor(plan[name]).reshape(1, 3, 1, 1) * 255 for name in ("mean", "deviation"))
losses, times = [], []
with open(os.path.join(folder, "batches.bin"), "rb") as file:
    for rate, margin in zip(plan["rates"], plan["margins"]):
        raw = torch.from_numpy(np.frombuffer(file.read(batch * size * size * 3), np.uint8).reshape(batch, size, size, 3).copy())
        labels = [torch.from_numpy(np.frombuffer(file.read(8 * batch), np.int64).copy()) for _ in range(3)]
        shares = torch.from_numpy(np.frombuffer(file.read(4 * batch), np.float32).copy())
        start = time.perf_counter()
        image = ((raw.permute(0, 3, 1, 2).float() - mean) / deviation).contiguous()
        for group in optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model, image, *labels, shares, margin)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), plan["clip"])
        optimizer.step()
        times.append(time.perf_counter() - start)
        losses.append(loss.item())

json.dump({"losses": losses, "imagesPerSecond": batch / sorted(times)[len(times) // 2]}, open(os.path.join(folder, "losses.json"), "w"))
