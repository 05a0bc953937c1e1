"""Fits how probable it is that an entry is wrong by its marks, and writes src/check/data/doubt.csv.

Entries of renders are spoiled as people spoil them, and checked; `cargo bench --bench check` writes what is known of each:

    headstamp synth --out R --count 2000 --seed 2201 --held-aside --legible --subject single
    headstamp read --alone --json R > read.jsonl
    cargo bench --bench check -- spoil R L1 1
    cargo bench --bench check -- features L1 read.jsonl f1.jsonl      # and so on for other seeds
    python training/doubt.py f1.jsonl f2.jsonl ... --out src/check/data/doubt.csv

Log odds are a sum, each feature adding what lies on the line between its knots, rising or falling alone where more of it can
only be for or against the entry: so a person can follow it, and what was seldom met in training has no odd effect. Boosted
trees on the same features are better by 0.02 of the area under the curve of precision over recall.
"""

import argparse
import csv
import json

import numpy as np
from scipy.optimize import minimize

UP, DOWN, FREE = 1, -1, 0
# name, the range that the features are bounded to, as in src/check/marks.rs, and which way it may turn the odds
FEATURES = [
    ("lead", -1, 1, UP),
    ("first_differs", 0, 1, UP),
    ("first_agrees", 0, 1, DOWN),
    ("proposed", 0, 1, DOWN),
    ("among_proposals", 0, 1, DOWN),
    ("faults", 0, 2, FREE),
    ("misread", 0, 2, FREE),
    ("strongest", 0, 1, UP),
    ("roughness", -2, 0, FREE),
    ("others", 0, 2, DOWN),
    ("rival_others", 0, 2, UP),
    ("rival_fit", -2, 0, FREE),
]
KNOTS = 4
STEPS = KNOTS - 1
# how dearly weights are paid for, in entries
PENALTY = 0.5


def read(paths):
    """Features and whether the entry was spoiled; what marks cannot show is left out."""
    rows, wrong = [], []
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                seen = entry["features"]
                unseen = entry["done"] == "wrong country" or (entry["done"] == "wrong year" and seen and seen[2] > 0)
                if seen is not None and not unseen:
                    rows.append(seen)
                    wrong.append(entry["done"] != "")
    return np.array(rows), np.array(wrong)


def ramps(rows):
    """Of each feature how far it has come from each knot to the next, 0..1."""
    low = np.array([f[1] for f in FEATURES])
    high = np.array([f[2] for f in FEATURES])
    at = (rows - low) / (high - low) * STEPS
    return np.concatenate([np.clip(at[:, [n]] - np.arange(STEPS), 0, 1) for n in range(len(FEATURES))], axis=1)


def fit(rows, wrong):
    """The odds at the first knot of all, and what each step of each feature adds to them."""
    ones = np.concatenate([np.ones((len(rows), 1)), ramps(rows)], axis=1)
    sign = np.where(wrong, 1.0, -1.0)

    def loss(weights):
        against = -sign * (ones @ weights)
        pull = -sign / (1 + np.exp(-against))
        cost = np.logaddexp(0, against).sum() + PENALTY * (weights[1:] ** 2).sum()
        return cost, ones.T @ pull + 2 * PENALTY * np.concatenate([[0], weights[1:]])

    ways = {UP: (0, None), DOWN: (None, 0), FREE: (None, None)}
    bounds = [(None, None)] + [ways[f[3]] for f in FEATURES for _ in range(STEPS)]
    found = minimize(loss, np.zeros(ones.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 3000})
    return found.x[0], found.x[1:].reshape(len(FEATURES), STEPS)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("features", nargs="+")
    parser.add_argument("--out", required=True)
    asked = parser.parse_args()
    rows, wrong = read(asked.features)
    base, steps = fit(rows, wrong)
    with open(asked.out, "w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["feature", "low", "high", *(f"at{n}" for n in range(KNOTS))])
        for n, ((name, low, high, _), step) in enumerate(zip(FEATURES, steps)):
            at = np.concatenate([[0], np.cumsum(step)]) + (base if n == 0 else 0)
            table.writerow([name, low, high, *(f"{w:.3f}" for w in at)])
    print(f"{len(rows)} entries, {int(wrong.sum())} of them wrong")


if __name__ == "__main__":
    main()
