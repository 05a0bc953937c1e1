"""Renders of `headstamp synth`: records from a pipe, and folders of photographs kept aside. Needs numpy.

A record is a picture (uint8, rows x columns) and a float32 array with one line a label; formats in README.md.
"""

import csv
import functools
import hashlib
import os
import shlex
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np

import contract
import shapes
from contract import Refused

WORK = Path(__file__).resolve().parent / ".work"
# Held-out renders use this seed; training seeds are far above and far apart.
HELD_OUT_SEED = 7
# A few renders, far from every seed that is trained on: their contrast and spread set the norms of a network that goes on.
FEW_SEED = 10**15


@functools.cache
def form(kind):
    """The form of records of strips or scenes."""
    return shapes.records(contract.load(), kind)


def read_exactly(pipe, n):
    data = pipe.read(n)
    if len(data) == n:
        return data
    if data:
        raise EOFError("the renderer stopped in the middle of a record")
    return None


def records(pipe, kind):
    """The records of one pipe until it ends."""
    known = form(kind)
    while (head := read_exactly(pipe, 12)) is not None:
        found, rows, columns, count, _ = struct.unpack("<IHHHH", head)
        if found != known.magic:
            raise ValueError(f"not a record of {kind}: magic {found:#x}")
        if (rows, columns) != (known.rows, known.columns):
            raise Refused(f"the renderer gives {kind} of {rows} x {columns}, the contract says "
                          f"{known.rows} x {known.columns}")
        picture = np.frombuffer(read_exactly(pipe, rows * columns), np.uint8).reshape(rows, columns)
        labels = np.frombuffer(read_exactly(pipe, count * known.width * 4) if count else b"", "<f4")
        yield picture, labels.reshape(count, known.width)


def command(renderer, kind, count, seed, options=()):
    line = ["synth", "--format", kind, "--count", str(count), "--seed", str(seed), "--out", "-"]
    return shlex.split(renderer) + line + list(options)


def fixed(renderer, kind, count, seed, options=()):
    """The first records of a seed."""
    with subprocess.Popen(command(renderer, kind, count, seed, options), stdout=subprocess.PIPE) as process:
        found = list(records(process.stdout, kind))
    assert len(found) == count, f"asked for {count} {kind}, got {len(found)}"
    return found


def held_out(renderer, kind, count):
    """A fixed set that training never sees."""
    return fixed(renderer, kind, count, HELD_OUT_SEED, ["--held-aside"])


def confirmed(folder, part):
    """The confirmed heads of a part of a dataset in the form `records`."""
    with open(Path(folder) / f"{part}.strips", "rb") as file:
        return list(records(file, "strips"))


def photographs(binary, folder, seed, count):
    """A folder of single heads kept aside, rendered unless this very program has; gives the command that renders them."""
    line = ["synth", "--held-aside", "--subject", "single", "--seed", str(seed), "--count", str(count)]
    recipe = shlex.join(["headstamp", *line])
    made_by, now = folder / "made-by.txt", f"{recipe}\n{stamp(binary)}\n"
    if not made_by.exists() or made_by.read_text("utf-8") != now:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([binary, *line, "--out", folder, "--quiet"], check=True)
        made_by.write_text(now, "utf-8")
    return recipe


def stamp(binary):
    """What tells one renderer from another: SHA-256 of the program.

    Whatever changes a render changes it, be it the renderer's source, a library or a compiler; a few minutes of rendering in
    vain are the lesser evil.
    """
    return hashlib.sha256(Path(binary).read_bytes()).hexdigest()


def part(folder, name, wanted):
    """A folder beside, with those photographs (by number) of a rendered set and their labels alone."""
    out = folder.with_name(f"{folder.name}-{name}")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    with open(folder / "labels.csv", newline="", encoding="utf-8") as file:
        names, *rows = csv.reader(file)
    chosen = [row for row in rows if wanted(int(Path(row[names.index("photo")]).stem))]
    with open(out / "labels.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, *chosen])
    for photo in {row[names.index("photo")] for row in chosen}:
        os.link(folder / photo, out / photo)
    return out
