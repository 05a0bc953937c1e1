"""Writes the trained networks as ONNX with their manifests, and checks them against PyTorch."""

import argparse
import hashlib
import json
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

import classifier
import detector
import recogniser
from common import fold
from contract import ROOT
from renders import WORK

# Difference between ONNX Runtime and PyTorch that rounding explains, as a share of the largest output.
MOST_DIFFERENT = 2e-5
KINDS = {
    "recogniser": (recogniser.NET, recogniser.Recogniser),
    "classifier": (classifier.NET, classifier.Classifier),
    "detector": (detector.NET, detector.Detector),
}


def export(kind, work, folder, version):
    net, model = KINDS[kind]
    name, shape = net.terms["input"]["name"], net.input
    checkpoint = Path(work) / f"{kind}.pt"
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    made_for = state.get("contract", {})
    net.accepts(f"checkpoint {checkpoint}", made_for.get("hash"), made_for.get("terms"))
    network = model()
    network.load_state_dict(state["ema"])
    network = fold(network)
    luma = torch.rand(shape)
    path = Path(folder) / f"headstamp-{kind}.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(network, (luma,), str(path), input_names=[name], output_names=["maps"], opset_version=17,
                      dynamo=False, do_constant_folding=True)
    graph = onnx.load(path)
    onnx.checker.check_model(graph)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    worst, largest = 0.0, 0.0
    for seed in range(5):
        torch.manual_seed(seed)
        luma = torch.rand(shape)
        with torch.no_grad():
            expected = network(luma).numpy()
        got = session.run(["maps"], {name: luma.numpy()})[0]
        worst, largest = max(worst, float(np.abs(got - expected).max())), max(largest, float(np.abs(expected).max()))
    assert worst < MOST_DIFFERENT * largest, f"{kind}: ONNX Runtime differs from PyTorch by {worst} where {largest} is said"
    times = []
    for _ in range(20):
        begin = time.perf_counter()
        session.run(["maps"], {name: luma.numpy()})
        times.append(time.perf_counter() - begin)

    assert expected.shape == net.output, f"{kind}: maps {expected.shape}, the contract says {net.output}"
    data = path.read_bytes()
    manifest = dict(
        schema=1, kind=kind, name=f"headstamp-{kind}", version=version, file=path.name,
        sha256=hashlib.sha256(data).hexdigest(), bytes=len(data),
        input=dict(name=name, shape=list(shape), axes="NCHW", range="luma 0..1",
                   normalisation=dict(mean=0.0, std=1.0)),
        output=dict(name="maps", shape=list(expected.shape), channels=net.channels),
        alphabet=net.classes, contract=net.hash, terms=net.terms, training=state["facts"], scores=state["scores"])
    path.with_suffix(".json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"{path}: {len(data) / 1e6:.1f} MB, differs from PyTorch by at most {worst:.1e}, "
          f"{1000 * np.median(times):.1f} ms on one thread, operators: "
          + " ".join(sorted({node.op_type for node in graph.graph.node})))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=list(KINDS), help="recogniser, classifier, detector; all by default")
    parser.add_argument("--work", default=str(WORK))
    parser.add_argument("--out", default=str(ROOT / "models"))
    parser.add_argument("--version", default="1.0.0")
    args = parser.parse_args()
    for kind in args.kinds:
        export(kind, args.work, args.out, args.version)
