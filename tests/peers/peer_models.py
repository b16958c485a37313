#!/usr/bin/env python3
"""Rewrites the networks of a bundle for a worker that normalizes pixels and chooses among classes itself.

  /usr/bin/python3 tests/peers/peer_models.py --bundle models/parts/1 --out /tmp/peer/models --name parts [--precision int8]

Writes NAME-arc.onnx (float32 [N, 3, S, S], normalized -> logits [N, classes]) and NAME-meta.onnx (the same input -> color, shape) for
tests/peers/node-worker.sh. The layers and their weights are those of the bundle; only the cast, the normalization and the transposition at
the start, and the top-k at the end of stage one, are cut off. The bundle must have two networks. Needs Debian's package python3-onnx.
"""

import argparse
import json
import pathlib

try:
    import onnx
    from onnx import helper
except ModuleNotFoundError:
    raise SystemExit("onnx is missing: apt install python3-onnx, and run with /usr/bin/python3")

# What stands between the bytes of an image and the first layer.
PIXELS = {"Cast", "Reshape", "Sub", "Mul", "Transpose"}


def first_layer_input(graph, image):
    name = image
    while True:
        users = [node for node in graph.node if name in node.input]
        if len(users) != 1 or users[0].op_type not in PIXELS:
            return name
        name = users[0].output[0]


def similarities(graph):
    """The cosine to each class, which the top-k of stage one reads."""
    top = next(node for node in graph.node if node.op_type == "TopK")
    return top.input[0]


def cut(model, image, outputs, side, out):
    """outputs: name in the bundle -> (name for the other worker, number of columns)."""
    graph = model.graph
    start = first_layer_input(graph, image)
    # Nodes are in order of computation, so one pass from the end finds everything that the outputs need.
    wanted, kept = set(outputs), []
    for node in reversed(graph.node):
        if wanted.intersection(node.output) and start not in node.output:
            wanted.update(node.input)
            kept.append(node)
    nodes = [
        helper.make_node("Identity", ["input"], [start]),
        *reversed(kept),
        *(helper.make_node("Identity", [name], [theirs]) for name, (theirs, _) in outputs.items()),
    ]
    tensor = lambda name, shape: helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
    part = helper.make_graph(
        nodes,
        graph.name,
        [tensor("input", ["N", 3, side, side])],
        [tensor(theirs, ["N", columns]) for theirs, columns in outputs.values()],
        [weight for weight in graph.initializer if weight.name in wanted],
    )
    onnx.save(helper.make_model(part, ir_version=model.ir_version, opset_imports=model.opset_import), str(out))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=pathlib.Path, required=True, help="bundle folder")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for the two files")
    parser.add_argument("--name", required=True, help="beginning of the file names, which the other worker calls MODEL")
    parser.add_argument("--precision", choices=["fp32", "int8"], default="fp32")
    options = parser.parse_args()

    bundle = json.loads((options.bundle / "bundle.json").read_text())
    labels = json.loads((options.bundle / "labels.json").read_text())
    one, two = bundle["stageOne"], bundle["stageTwo"]
    if two["input"] != "image":
        raise SystemExit(f"{options.bundle}: stage two reads '{two['input']}', but this script needs a bundle with two networks")
    files = {} if options.precision == "fp32" else bundle.get("precisions", {}).get("int8")
    if files is None:
        raise SystemExit(f"{options.bundle} has no int8 graphs; add them with partstrainer quantize")

    side = bundle["preprocessing"]["size"]
    options.out.mkdir(parents=True, exist_ok=True)
    arc = onnx.load(str(options.bundle / files.get("stageOne", one["file"])))
    logits = {similarities(arc.graph): ("logits", len(labels["classes"]))}
    cut(arc, one["input"], logits, side, options.out / f"{options.name}-arc.onnx")
    meta = onnx.load(str(options.bundle / files.get("stageTwo", two["file"])))
    heads = {
        two["colorLogits"]: ("color", len(labels["colors"])),
        two["shapeLogits"]: ("shape", len(labels["shapes"])),
    }
    cut(meta, two["input"], heads, side, options.out / f"{options.name}-meta.onnx")
    print(f"{options.out}/{options.name}-arc.onnx and -meta.onnx: {options.precision}, {side} px")


if __name__ == "__main__":
    main()
