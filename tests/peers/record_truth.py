#!/usr/bin/env python3
"""Records outputs and gradients of PyTorch (double precision) for networks whose weights are computed from a formula.

Run with Debian's python3-torch and python3-torchvision:  python3 tests/peers/record_truth.py
Writes tests/PartsWorker.Trainer.Tests/Networks/Truth/<network>.json: loss, outputs, and per parameter the norm of its gradient and 24
samples of it. The C# tests compute the same weights from the same parameter names.
"""
import json, math, os, sys
from functools import partial

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv):
    sys.exit(print(__doc__))
try:
    import numpy as np
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
    import torchvision
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is missing: apt install python3-torch python3-torchvision, and run with /usr/bin/python3")

SAMPLES = 24
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "PartsWorker.Trainer.Tests", "Networks", "Truth")


def numbers(name, count):
    """Linear congruential numbers in [-1, 1), seeded by FNV-1a of the name."""
    x = 2166136261
    for c in name.encode():
        x = ((x ^ c) * 16777619) & 0xFFFFFFFF
    out = np.empty(count)
    for i in range(count):
        x = (x * 1664525 + 1013904223) & 0xFFFFFFFF
        out[i] = (x >> 8) / 8388608.0 - 1
    return out


def value(name, shape):
    v = numbers(name, int(np.prod(shape)))
    if name.endswith("running_mean"):
        v = v * 0.1
    elif name.endswith("running_var"):
        v = 1 + 0.2 * v
    elif len(shape) == 1:
        v = 0.1 * v + (0.5 if name.endswith("weight") else 0)
    else:
        v = v * math.sqrt(3.0 * 2.0 / np.prod(shape[1:]))
    return torch.from_numpy(v.astype(np.float32).astype(np.float64)).reshape(tuple(shape))


def fill(model):
    with torch.no_grad():
        for name, p in list(model.named_parameters()) + list(model.named_buffers()):
            if p.dtype.is_floating_point:
                p.copy_(value(name, p.shape))
    return model.double()


def pixels(n, size):
    v = numbers("image", n * size * size * 3)
    raw = np.floor((v + 1) * 127.99).astype(np.uint8).reshape(n, size, size, 3)
    return (torch.from_numpy(raw).double().permute(0, 3, 1, 2) - 127.5) / 128


def sample(t):
    flat = t.detach().reshape(-1)
    at = [i * flat.numel() // SAMPLES for i in range(SAMPLES)] if flat.numel() > SAMPLES else range(flat.numel())
    return {"norm": float(flat.norm()), "samples": [float(f"{float(flat[i]):.9g}") for i in at]}


def save(name, record):
    os.makedirs(OUT, exist_ok=True)
    with open(os.path.join(OUT, name + ".json"), "w") as f:
        json.dump(record, f, separators=(",", ":"))
    print(name, "loss", record.get("loss"))


def network(name, model, n, size, gradients=True):
    fill(model).eval()
    x = pixels(n, size)
    with torch.no_grad():
        record = {"outputs": [float(f"{v:.9g}") for v in model(x).reshape(-1).tolist()]}
    if gradients:
        model.train()
        y = torch.arange(n) % 10
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        record["loss"] = loss.item()
        record["gradients"] = {k: sample(p.grad) for k, p in model.named_parameters()}
    save(name, record)


def block(name, model, shape):
    fill(model).train()
    x = torch.from_numpy(numbers("x", int(np.prod(shape))).astype(np.float32).astype(np.float64)).reshape(shape).requires_grad_()
    y = model(x)
    w = torch.from_numpy(numbers("w", y.numel()).astype(np.float32).astype(np.float64)).reshape(y.shape)
    loss = (y * w).sum()
    loss.backward()
    grads = {k: sample(p.grad) for k, p in model.named_parameters()}
    grads["x"] = sample(x.grad)
    save(name, {"loss": loss.item(), "outputs": [float(f"{v:.9g}") for v in y.reshape(-1)[:64].tolist()], "gradients": grads})


class ConvBlock(nn.Module):
    def __init__(self, i, o, k, s=1, p=0, g=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(i, o, k, s, p, groups=g, bias=False)
        self.bn = nn.BatchNorm2d(o)
        if act:
            self.prelu = nn.PReLU(o)
        self.act = act

    def forward(self, x):
        x = self.bn(self.conv(x))
        return self.prelu(x) if self.act else x


class Bottleneck(nn.Module):
    def __init__(self, i, o, e, s, residual):
        super().__init__()
        self.conv, self.conv_dw, self.project = ConvBlock(i, e, 1), ConvBlock(e, e, 3, s, 1, e), ConvBlock(e, o, 1, act=False)
        self.residual = residual

    def forward(self, x):
        y = self.project(self.conv_dw(self.conv(x)))
        return x + y if self.residual else y


class Repeat(nn.Module):
    def __init__(self, c, e, n):
        super().__init__()
        self.model = nn.Sequential(*[Bottleneck(c, c, e, 1, True) for _ in range(n)])

    def forward(self, x):
        return self.model(x)


class MobileFaceNet(nn.Module):
    def __init__(self, size, embedding, classes):
        super().__init__()
        self.conv1, self.conv2_dw = ConvBlock(3, 64, 3, 2, 1), ConvBlock(64, 64, 3, 1, 1, 64)
        self.conv_23, self.conv_3 = Bottleneck(64, 64, 128, 2, False), Repeat(64, 128, 4)
        self.conv_34, self.conv_4 = Bottleneck(64, 128, 256, 2, False), Repeat(128, 256, 6)
        self.conv_45, self.conv_5 = Bottleneck(128, 128, 512, 2, False), Repeat(128, 256, 2)
        self.conv_6_sep = ConvBlock(128, 512, 1)
        self.conv_6_dw = ConvBlock(512, 512, size // 16, 1, 0, 512, act=False)
        self.linear, self.bn, self.fc = nn.Linear(512, embedding, bias=False), nn.BatchNorm1d(embedding), nn.Linear(embedding, classes)

    def forward(self, x):
        for m in (self.conv1, self.conv2_dw, self.conv_23, self.conv_3, self.conv_34, self.conv_4, self.conv_45, self.conv_5,
                  self.conv_6_sep, self.conv_6_dw):
            x = m(x)
        return self.fc(self.bn(self.linear(x.flatten(1))))


class Squeeze(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(c, c // 16, 1, bias=False), nn.Conv2d(c // 16, c, 1, bias=False)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


class IrSeUnit(nn.Module):
    def __init__(self, i, d, s):
        super().__init__()
        self.res_layer = nn.Sequential(nn.BatchNorm2d(i), nn.Conv2d(i, d, 3, 1, 1, bias=False), nn.PReLU(d),
                                       nn.Conv2d(d, d, 3, s, 1, bias=False), nn.BatchNorm2d(d), Squeeze(d))
        self.shortcut_layer = nn.MaxPool2d(1, s) if i == d else nn.Sequential(nn.Conv2d(i, d, 1, s, bias=False), nn.BatchNorm2d(d))

    def forward(self, x):
        return self.res_layer(x) + self.shortcut_layer(x)


class Lambda(nn.Module):
    def __init__(self, c, heads=4, k=16, m=23):
        super().__init__()
        self.h, self.k, self.v = heads, k, c // heads
        self.queries = nn.Sequential(nn.Conv2d(c, k * heads, 1, bias=False), nn.BatchNorm2d(k * heads))
        self.keys = nn.Sequential(nn.Conv2d(c, k, 1, bias=False))
        self.values = nn.Sequential(nn.Conv2d(c, self.v, 1, bias=False), nn.BatchNorm2d(self.v))
        self.embedding = nn.Conv3d(1, k, (1, m, m), padding=(0, m // 2, m // 2), bias=False)

    def forward(self, x):
        b, c, hh, ww = x.shape
        q = self.queries(x).reshape(b, self.h, self.k, hh * ww)
        k = F.softmax(self.keys(x).reshape(b, 1, self.k, hh * ww), -1)
        values = self.values(x)
        v = values.reshape(b, 1, self.v, hh * ww)
        yc = torch.einsum("bhkn,bkv->bhvn", q, torch.einsum("bukm,buvm->bkv", k, v))
        lp = self.embedding(values.reshape(b, 1, self.v, hh, ww)).reshape(b, self.k, self.v, hh * ww)
        yp = torch.einsum("bhkn,bkvn->bhvn", q, lp)
        return (yc + yp).reshape(b, c, hh, ww)


def efficientnet(settings, classes=10):
    return torchvision.models.EfficientNet(settings, dropout=0.0, stochastic_depth_prob=0.0, num_classes=classes,
                                           norm_layer=partial(nn.BatchNorm2d, eps=1e-3), last_channel=1280)


def main():
    torch.set_num_threads(1)
    from torchvision.models.efficientnet import FusedMBConvConfig as Fused, MBConvConfig as MB
    network("resnet18", torchvision.models.resnet18(num_classes=10), 4, 64)
    network("mobilefacenet", MobileFaceNet(64, 64, 10), 8, 64)
    network("efficientnetv2tiny", efficientnet([Fused(4, 3, 1, 24, 24, 1), MB(4, 3, 2, 24, 48, 1)]), 4, 32)
    small = [Fused(1, 3, 1, 24, 24, 2), Fused(4, 3, 2, 24, 48, 4), Fused(4, 3, 2, 48, 64, 4),
             MB(4, 3, 2, 64, 128, 6), MB(6, 3, 1, 128, 160, 9), MB(6, 3, 2, 160, 256, 15)]
    network("efficientnetv2s", efficientnet(small), 2, 64, gradients=False)
    block("irse-unit-stride2", IrSeUnit(32, 64, 2), (3, 32, 12, 12))
    block("irse-unit-small", IrSeUnit(32, 32, 1), (3, 32, 6, 6))
    block("lambda", Lambda(64), (2, 64, 7, 7))


if __name__ == "__main__":
    main()
