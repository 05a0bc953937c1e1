"""What going on with confirmed heads gains for a headstamp that is not among them.

    python leave_out.py PHOTOS --work DIR [--most N] [--minutes M]

PHOTOS is a folder of photographs with labels.csv, as `headstamp model eval` takes it. For each of the N headstamps that most heads
bear: the legible heads that bear others become entries of a catalogue, improve.sh goes on with them, and both sets of models
read the heads left out. Prints a line each. Needs nothing but Python; improve.sh makes its own environment.
"""

import argparse
import collections
import csv
import json
import os
import subprocess
from pathlib import Path

from contract import PROGRAM, Refused

HERE = Path(__file__).resolve().parent


def run(*line, allowed=(0,), **more):
    done = subprocess.run([str(part) for part in line], stdout=subprocess.PIPE, **more)
    if done.returncode not in allowed:
        raise Refused(f"{' '.join(str(part) for part in line)} ended with exit status {done.returncode}")
    return done.stdout


def labels(path, rows):
    """A folder of these labels with their photographs."""
    path.mkdir(parents=True)
    with open(path / "labels.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, [name for name in rows[0] if name != "from"])
        out.writeheader()
        for row in rows:
            out.writerow({k: v for k, v in row.items() if k != "from"})
            name = path / row["photo"]
            name.parent.mkdir(parents=True, exist_ok=True)
            if not name.exists():
                os.link(row["from"], name) if os.stat(row["from"]).st_dev == os.stat(path).st_dev else name.symlink_to(row["from"])
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="a new folder")
    parser.add_argument("--most", type=int, default=3)
    parser.add_argument("--minutes", default="6", help="of training for each of two networks")
    parser.add_argument("--binary", default=os.environ.get("HEADSTAMP") or str(PROGRAM))
    args = parser.parse_args()
    with open(args.photos / "labels.csv", newline="", encoding="utf-8") as file:
        rows = [row | {"from": str((args.photos / row["photo"]).resolve())} for row in csv.DictReader(file)]
    legible = [row for row in rows if row["legible"] == "1"]
    counts = collections.Counter(row["headstamp"] for row in legible)
    args.work.mkdir(parents=True)
    for nth, (headstamp, count) in enumerate(counts.most_common(args.most)):
        folder = args.work / str(nth)
        others = labels(folder / "others", [row for row in legible if row["headstamp"] != headstamp])
        left = labels(folder / "left", [row for row in legible if row["headstamp"] == headstamp])
        catalogue = folder / "others.catalogue"
        run(args.binary, "add", "--quiet", "--catalogue", catalogue, others)
        # labels do not say which head of several on a photograph they mean: those rows are left out
        run(args.binary, "import", "--format", "csv", "--keep-columns", "--partial", "--catalogue", catalogue, "--photos", others,
            others / "labels.csv", allowed=(0, 1))
        run(args.binary, "dataset", "--format", "records", "--split", "100,0,0", "--catalogue", catalogue,
            "--out", folder / "records")
        run(HERE / "improve.sh", folder / "records", folder / "models",
            env=os.environ | {"HEADSTAMP": args.binary, "MINUTES": args.minutes, "CALIBRATION": "0"})
        told = json.loads(run(args.binary, "model", "eval", "--quiet", "--json", "--with", folder / "models", left / "labels.csv"))
        said = {d["name"]: d for d in told["sets"][0]["differences"]}
        figures = ", ".join(f"{name.replace('_', ' ')} {said[name]['before']:.3f} to {said[name]['after']:.3f}"
                            for name in ("variety_first", "variety_first_five", "characters_found", "characters_right"))
        print(f"{headstamp} ({count} heads) left out of {len(legible)}: {figures}", flush=True)


if __name__ == "__main__":
    main()
