"""Fits the confidence of proposals on held-aside renders and writes it into models/headstamp-confidence.json.

A logistic function of the features that `headstamp model eval --features` gives for each proposal, fitted on the
photographs with even numbers. The figures are the program's own, of what it shows for those with odd numbers. The calibration
holds for the networks, the vocabulary and the mode that it was fitted with, and for nothing else. Needs numpy.
"""

import argparse
import csv
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np

from contract import PROGRAM, ROOT, Refused
from renders import WORK, part, photographs

# Renders of headstamps that training never shows; apart from the published samples and from the scores' seeds.
SEED = 311
FILE = "headstamp-confidence.json"
# Columns of the table of features that are none.
TOLD = ("photo", "head", "rank", "right")
DIGITS = 4


def evaluate(binary, models, folder, *options):
    """What the program says of a folder of labelled photographs."""
    line = [binary, "model", "eval", "--json", "--quiet", "--models", models, *options, folder / "labels.csv"]
    done = subprocess.run(line, stdout=subprocess.PIPE)
    if done.returncode:
        raise Refused(f"{binary} model eval ended with exit status {done.returncode}; it says why above")
    return json.loads(done.stdout)


def features(table):
    """Names, values and outcomes of a table of features, one row a proposal."""
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [n for n in rows[0] if n not in TOLD]
    return names, np.array([[float(r[n]) for n in names] for r in rows]), np.array([r["right"] == "1" for r in rows], float)


def fit(x, y, ridge=1.0):
    """Logistic regression by Newton's method; the last weight is the bias."""
    x = np.c_[x, np.ones(len(x))]
    w = np.zeros(x.shape[1])
    hold = np.full(len(w), ridge)
    hold[-1] = 0
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(hold), x.T @ (y - p) - hold * w)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return w


def fitted(names, x, y):
    """The logistic function as the file has it."""
    mean, scale = x.mean(0), x.std(0)
    scale[scale < 1e-4] = 1.0  # a feature that never changes says nothing
    w = fit((x - mean) / scale, y)
    return dict(features=names, mean=mean.round(6).tolist(), scale=scale.round(6).tolist(),
                weights=w[:-1].round(6).tolist(), bias=round(float(w[-1]), 6))


def rounded(value):
    """Figures with as many digits as they are good for."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def write(path, calibration, networks):
    """Puts a calibration in the place of the one for the same vocabulary and mode; those for other networks go."""
    told = json.loads(path.read_text("utf-8"))["calibrations"] if path.exists() else []
    way = lambda c: (c["vocabulary"]["name"], c["mode"])
    kept = [c for c in told if c["networks"] == networks and way(c) != way(calibration)]
    kept = sorted([*kept, calibration], key=way)
    path.write_text(json.dumps(dict(schema=1, calibrations=kept), indent=2, ensure_ascii=False) + "\n", "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(PROGRAM))
    parser.add_argument("--models", default=str(ROOT / "models"))
    parser.add_argument("--no-prior", action="store_true", help="fit for reading without vocabulary")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--work", default=str(WORK))
    args = parser.parse_args()
    work, options = Path(args.work), ["--no-prior"] * args.no_prior
    recipe = photographs(args.binary, work / "calibration", SEED, args.count)
    even, odd = (part(work / "calibration", name, lambda n: n % 2 == rest) for name, rest in (("even", 0), ("odd", 1)))

    table = work / "calibration-even.csv"
    found = evaluate(args.binary, args.models, even, "--features", table, "--force", *options)["confidence"]
    binding = {name: found[name] for name in ("networks", "vocabulary", "mode")}
    calibration = binding | fitted(*features(table)) | dict(
        fitted_on=f"{recipe}: proposals for the legible heads of even photographs",
        measured_on=f"{recipe}: first proposals for the legible heads of odd photographs, as shown", figures=None)

    # The program shows what it makes of the fit on photographs that were not fitted to: those are the figures.
    models = work / "calibrated"
    shutil.rmtree(models, ignore_errors=True)
    shutil.copytree(args.models, models)
    write(models / FILE, calibration, binding["networks"])
    shown = evaluate(args.binary, models, odd, *options)
    assert shown["confidence"] == binding | dict(calibrated=True), "the program did not take the calibration"
    calibration["figures"] = figures = rounded(shown["reliability"])
    write(Path(args.models) / FILE, calibration, binding["networks"])

    print(f"{figures['count']} first proposals, calibration error {figures['calibration_error']:.3f}, "
          f"Brier {figures['brier']:.3f}, of a constant {figures['brier_of_a_constant']:.3f}")
    for b in figures["bins"]:
        print(f"  {b['from']:.1f} to {b['to']:.1f}: {b['count']:4d}, said {b['confidence']:.2f}, right {b['right']:.2f}")


if __name__ == "__main__":
    main()
