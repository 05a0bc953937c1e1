"""Measures what the networks in models/ read on renders of headstamps kept aside, with and without the prior.

Writes the figures into the recogniser's manifest as `readings`, or with --check compares them with what stands there. What
confidence is worth is measured by calibrate.py, and stands in models/headstamp-confidence.json alone. Needs numpy.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from calibrate import evaluate
from contract import PROGRAM, ROOT, load
from renders import WORK, photographs

# The published seed: apart from the samples' and from the one that the confidence is fitted on.
SEED = 900
# Another processor rounds differently, and a mark now and then falls on the other side of a bound.
TOLERANCE = 0.005
SHARES = ("heads_located", "extra_heads", "exact_first", "exact_first_five", "characters_found", "characters_right",
          "illegible_proposed")


def two_numbers(headstamp):
    """Two elements of digits, as military steel cases bear: factory and year."""
    elements = headstamp.split("_")
    return len(elements) == 2 and all(e.isdecimal() and len(e) <= 3 for e in elements)


def share(part, whole, low, high):
    return dict(part=part, whole=whole, share=round(part / max(1, whole), 4), low=round(low, 4), high=round(high, 4))


def military(labelled):
    """Exact first proposals of legible heads that bear two numbers; the interval by bootstrap over heads."""
    mine = [h["kind"] for h in labelled if two_numbers(h["headstamp"]) and not h["kind"].startswith("illegible")]
    right = np.array([kind == "right" for kind in mine], float)
    again = np.random.default_rng(SEED).choice(right, (2000, len(right))).mean(1)
    low, high = np.quantile(again, [0.025, 0.975])
    return share(int(right.sum()), len(right), float(low), float(high))


def figures(found):
    out = {}
    for s in found["shares"]:
        if s["name"] in SHARES:
            interval = s["interval"] or dict(low=0, high=1)
            out[s["name"]] = share(s["part"], s["whole"], interval["low"], interval["high"])
    out["exact_first_of_two_numbers"] = military(found["labelled"])
    return out


def differences(old, new, path=""):
    """Where two sets of figures differ by more than rounding."""
    if isinstance(new, dict) and isinstance(old, dict):
        return [d for k in old.keys() | new.keys() for d in differences(old.get(k), new.get(k), f"{path}/{k}")]
    numbers = isinstance(new, (int, float)) and isinstance(old, (int, float))
    if path.endswith(("/part", "/whole")) or old == new or numbers and abs(old - new) <= TOLERANCE:
        return []
    return [f"{path}: the manifest says {old}, measured {new}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the manifest, and fail if it says otherwise")
    parser.add_argument("--binary", default=str(PROGRAM))
    parser.add_argument("--models", default=str(ROOT / "models"))
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--work", default=str(WORK))
    args = parser.parse_args()

    folder = Path(args.work) / f"measured-{args.count}"
    recipe = photographs(args.binary, folder, SEED, args.count)
    path = Path(args.models) / "headstamp-recogniser.json"
    manifest = json.loads(path.read_text("utf-8"))
    version = lambda kind: json.loads((path.parent / f"headstamp-{kind}.json").read_text("utf-8"))["version"]
    versions = {kind: version(kind) for kind in load(args.binary).networks}
    measured = dict(
        renders=recipe, networks=versions,
        with_prior=figures(evaluate(args.binary, args.models, folder)),
        without_prior=figures(evaluate(args.binary, args.models, folder, "--no-prior")))
    print(json.dumps(measured, indent=2))
    if args.check:
        wrong = differences(manifest.get("readings"), measured)
        sys.exit("\n".join(wrong) if wrong else 0)
    manifest["readings"] = measured
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
