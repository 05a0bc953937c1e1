"""The fixture of tests/golden.rs, computed in Python."""

import json

import numpy as np
import pytest

import contract
import decoding
import shapes
from conftest import GOLDEN

BLESS = "made for another contract: bless it, as the head of tests/golden.rs says"


@pytest.fixture(scope="module")
def golden():
    told = json.loads((GOLDEN / "golden.json").read_text("utf-8"))
    hashes = {kind: net.hash for kind, net in contract.load().networks.items()}
    assert told["contracts"] == hashes, BLESS
    return told


def whole(net, told):
    """The maps [channels, rows, columns], nought where nothing is read."""
    maps = np.zeros(net.output[1:], np.float32)
    maps[0] = told["first"]
    for peak in told["peaks"]:
        maps[1:, peak["row"], peak["column"]] = peak["rest"]
    return maps


def test_marks_are_those_of_the_program(golden):
    net = shapes.recogniser(contract.load())
    told = golden["recogniser"]
    assert told["threshold"] == net.decoding["least_presence"]
    marks = [(m, *decoding.on_the_head(net, m)) for m in decoding.marks(net, whole(net, told))]
    marks.sort(key=lambda m: m[1])
    assert [net.classes[int(m[0][1])] for m in marks] == [m["text"] for m in told["found"]]
    found = [(m[0], clock, radius, height, width, m[4]) for m, clock, radius, height, width in marks]
    names = ("presence", "clock_deg", "radius", "height", "width", "turn_deg")
    places, shares = golden["tolerance"]["places"], golden["tolerance"]["shares"]
    for one, other in zip(found, told["found"]):
        for name, value in zip(names, one):
            assert value == pytest.approx(other[name], abs=places if name.endswith("deg") else shares), name


def test_heads_are_those_of_the_program(golden):
    net = shapes.detector(contract.load())
    told = golden["detector"]
    found = decoding.heads(net, whole(net, told), told["threshold"])
    assert len(found) == len(told["found"])
    for one, other in zip(found, told["found"]):
        assert one[0] == pytest.approx(other["score"], abs=golden["tolerance"]["shares"])
        for name, value in zip(("cx", "cy", "a", "b", "angle_deg"), one[1:]):
            assert value == pytest.approx(other[name], abs=golden["tolerance"]["places"]), name


def test_views_are_those_of_the_program(golden):
    net = shapes.classifier(contract.load())
    strip = np.fromfile(GOLDEN / golden["strip"], np.uint8).reshape(net.strip.rows, net.strip.columns) / 255
    boxes = [(m["clock_deg"] * net.strip.columns / 360 - 0.5, (net.strip.outer - m["radius"]) * net.strip.rim_rows - 0.5,
              max(m["height"], m["width"]) * net.strip.rim_rows) for m in golden["classifier"]["marks"]]
    told = np.array(golden["classifier"]["luma"])
    assert told.shape[1:] == net.input[1:]
    assert np.abs(decoding.views(net, strip, boxes) - told).max() <= golden["tolerance"]["luma"]
