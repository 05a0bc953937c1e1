"""Fits the confidence of proposals on held-aside renders and writes it into the recogniser's manifest.

A logistic function of the features that `headstamp model eval --features` gives for each proposal, fitted on the
photographs with even numbers; the reliability table is of those with odd numbers.
"""

import argparse
import csv
import json
import subprocess
from pathlib import Path

import numpy as np

from common import WORK
from stream import ROOT, photographs

# Renders of headstamps that training never shows; apart from the published samples and from the scores' seeds.
SEED = 311


def features(binary, models, folder):
    """Reads and judges a folder of renders; one row a proposal."""
    table = folder.with_suffix(".csv")
    subprocess.run([binary, "model", "eval", "--models", models, "--features", table, "--quiet", folder / "labels.csv"],
                   check=True)
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [n for n in rows[0] if n not in ("photo", "head", "rank", "right")]
    photo = np.array([int(Path(r["photo"]).stem) for r in rows])
    x = np.array([[float(r[n]) for n in names] for r in rows])
    return names, photo, np.array([int(r["rank"]) for r in rows]), x, np.array([r["right"] == "1" for r in rows], float)


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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default=str(ROOT / "target/release/headstamp"))
    parser.add_argument("--models", default=str(ROOT / "models"))
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--work", default=str(WORK))
    args = parser.parse_args()
    folder = Path(args.work) / "calibration"
    recipe = photographs(args.binary, folder, SEED, args.count)
    names, photo, rank, x, y = features(args.binary, args.models, folder)
    fitted = photo % 2 == 0
    mean, scale = x[fitted].mean(0), x[fitted].std(0)
    scale[scale < 1e-4] = 1.0  # a feature that never changes says nothing
    z = (x - mean) / scale
    w = fit(z[fitted], y[fitted])
    p = 1 / (1 + np.exp(-(z @ w[:-1] + w[-1])))
    test = ~fitted & (rank == 0)
    bins, error = [], 0.0
    for low in np.arange(0, 1, 0.1):
        here = test & (p >= low) & (p < low + 0.1 + 1e-9 * (low > 0.85))
        if here.any():
            bins.append({"from": round(float(low), 1), "to": round(float(low) + 0.1, 1), "count": int(here.sum()),
                         "confidence": round(float(p[here].mean()), 4), "right": round(float(y[here].mean()), 4)})
            error += abs(p[here].sum() - y[here].sum()) / test.sum()
    brier, constant = ((p[test] - y[test]) ** 2).mean(), ((y[test].mean() - y[test]) ** 2).mean()
    path = Path(args.models) / "headstamp-recogniser.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["calibration"] = {
        "features": names, "mean": mean.round(6).tolist(), "scale": scale.round(6).tolist(),
        "weights": w[:-1].round(6).tolist(), "bias": round(float(w[-1]), 6),
        "fitted_on": f"{recipe}: even photographs; reliability of first proposals on odd ones",
        "calibration_error": round(float(error), 4), "brier": round(float(brier), 4),
        "brier_of_a_constant": round(float(constant), 4), "reliability": bins}
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"first proposals right {y[test].mean():.3f} of {test.sum()}, calibration error {error:.3f}, "
          f"Brier {brier:.3f}, of a constant {constant:.3f}")
    for b in bins:
        print(f"  {b['from']:.1f} to {b['to']:.1f}: {b['count']:4d}, said {b['confidence']:.2f}, right {b['right']:.2f}")


if __name__ == "__main__":
    main()
