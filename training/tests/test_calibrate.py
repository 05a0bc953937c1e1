"""Fitting a confidence, and the file it is written to."""

import json

import numpy as np

import calibrate


def test_a_logistic_function_is_found_again():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(100_000, 2)) * [3.0, 0.5] + [1.0, -2.0]
    p = 1 / (1 + np.exp(-(0.8 * (x[:, 0] - 1.0) - 2.0 * (x[:, 1] + 2.0) + 0.3)))
    found = calibrate.fitted(["a", "b"], x, (rng.random(len(p)) < p).astype(float))
    weights = np.array(found["weights"]) / found["scale"]
    bias = found["bias"] + weights @ (np.array([1.0, -2.0]) - found["mean"])
    assert np.allclose([*weights, bias], [0.8, -2.0, 0.3], atol=0.08)


def test_a_feature_that_never_changes_divides_by_one():
    x = np.c_[np.linspace(-1, 1, 50), np.full(50, 7.0)]
    assert calibrate.fitted(["a", "b"], x, (x[:, 0] > 0).astype(float))["scale"][1] == 1.0


def test_one_calibration_a_vocabulary_and_mode_for_these_networks_alone(tmp_path):
    path = tmp_path / "confidence.json"
    one = lambda name, networks, bias: dict(vocabulary=dict(name=name), mode="alone", networks=networks, bias=bias)
    ours, theirs = {"detector": "a"}, {"detector": "b"}
    for c in (one("none", theirs, 0), one("conventions", theirs, 1)):
        calibrate.write(path, c, theirs)
    assert len(json.loads(path.read_text())["calibrations"]) == 2
    for c in (one("none", ours, 2), one("conventions", ours, 3), one("conventions", ours, 4)):
        calibrate.write(path, c, ours)
    assert [c["bias"] for c in json.loads(path.read_text())["calibrations"]] == [4, 2]
