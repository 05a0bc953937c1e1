"""Labelled renders from `headstamp synth`, read from pipes in a background thread.

A record is a picture (uint8, rows x columns) and a float32 array with one line a label; formats in README.md.
"""

import itertools
import queue
import random
import re
import shlex
import struct
import subprocess
import threading
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
# name: (magic, floats a label)
FORMATS = {"strips": (0x53505254, 7), "scenes": (0x53434E45, 6)}
# Held-out renders use this seed; training seeds are far above and far apart.
HELD_OUT_SEED = 7
# A few renders, far from every seed that is trained on: their contrast and spread set the norms of a network that goes on.
FEW_SEED = 10**15


def alphabet():
    """The recogniser's classes, read from the one place where they are defined."""
    source = (ROOT / "src/marks/alphabet.rs").read_text("utf-8")
    named = dict(re.findall(r'pub const (\w+): &str = "([^"]*)";', source))
    body = re.search(r"pub const ALPHABET: \[&str; (\d+)\] = \[(.*?)\];", source, re.S)
    body_text = re.sub(r"//[^\n]*", "", body.group(2))
    classes = [text or named[name] for text, name in re.findall(r'"([^"]*)"|(\w+)', body_text)]
    assert len(classes) == int(body.group(1)), "alphabet.rs was not understood"
    return classes


def read_exactly(pipe, n):
    data = pipe.read(n)
    if len(data) == n:
        return data
    if data:
        raise EOFError("the renderer stopped in the middle of a record")
    return None


def records(pipe, kind):
    """The records of one pipe until it ends."""
    magic, width = FORMATS[kind]
    while (head := read_exactly(pipe, 12)) is not None:
        found, rows, columns, count, _ = struct.unpack("<IHHHH", head)
        if found != magic:
            raise ValueError(f"not a record of {kind}: magic {found:#x}")
        picture = np.frombuffer(read_exactly(pipe, rows * columns), np.uint8).reshape(rows, columns)
        labels = np.frombuffer(read_exactly(pipe, count * width * 4) if count else b"", "<f4").reshape(count, width)
        yield picture, labels


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


def photographs(binary, folder, seed, count):
    """A folder of single heads kept aside, rendered if it is not there; gives the command that renders them."""
    line = ["synth", "--held-aside", "--subject", "single", "--seed", str(seed), "--count", str(count)]
    if not (folder / "labels.csv").exists():
        subprocess.run([binary, *line, "--out", folder, "--quiet"], check=True)
    return shlex.join(["headstamp", *line])


class Stream:
    """Endless records from several renderers. Each record is handed out `uses` times, in shuffled order."""

    def __init__(self, renderer, kind, seed, workers=1, uses=1, pool=2048, ahead=512, options=()):
        self.options = options
        self.renderer, self.kind, self.workers, self.uses = renderer, kind, workers, uses
        self.seeds = itertools.count(seed * 10**12, 10**7)
        self.queue = queue.Queue(ahead)
        self.pool, self.pool_size = [], pool if uses > 1 else 1
        self.rng = random.Random(seed)
        self.processes, self.closed, self.failure, self.rendered = {}, False, None, 0
        for _ in range(workers):
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        me = threading.get_ident()
        try:
            while not self.closed:
                line = command(self.renderer, self.kind, 1_000_000, next(self.seeds), self.options)
                process = self.processes[me] = subprocess.Popen(line, stdout=subprocess.PIPE, bufsize=1 << 20)
                seen = 0
                for record in records(process.stdout, self.kind):
                    self.queue.put(record)
                    seen += 1
                if not seen and not self.closed:
                    raise RuntimeError(f"the renderer gave nothing: {shlex.join(line)}")
        except Exception as problem:
            if not self.closed:
                self.failure = problem
                self.queue.put(None)

    def _fresh(self, wait=True):
        record = self.queue.get(block=wait)
        if record is None:
            raise RuntimeError("the renderer failed") from self.failure
        self.rendered += 1
        return record

    def next(self):
        """One record."""
        if self.uses <= 1:
            return self._fresh()
        # The pool fills as renders come; the first strips of a run may be seen a little more often.
        while len(self.pool) < self.pool_size:
            try:
                self.pool.append([self._fresh(wait=len(self.pool) < 64), self.uses])
            except queue.Empty:
                break
        at = self.rng.randrange(len(self.pool))
        entry = self.pool[at]
        entry[1] -= 1
        if entry[1] <= 0:
            self.pool[at] = self.pool[-1]
            self.pool.pop()
        return entry[0]

    def close(self):
        self.closed = True
        for process in self.processes.values():
            process.kill()


class Prefetch:
    """Batches made by `make()` in a background thread, a few ahead."""

    def __init__(self, make, ahead=3):
        self.queue, self.failure, self.closed = queue.Queue(ahead), None, False
        threading.Thread(target=self._run, args=(make,), daemon=True).start()

    def _run(self, make):
        try:
            while not self.closed:
                self.queue.put(make())
        except Exception as problem:
            self.failure = problem
            self.queue.put(None)

    def next(self):
        batch = self.queue.get()
        if batch is None:
            raise RuntimeError("no more batches") from self.failure
        return batch


def tone_curve(rng):
    """A random tone curve as a table: gamma, contrast, brightness, sometimes negative. float32, 0..1."""
    x = np.linspace(0, 1, 256, dtype=np.float32)
    y = x ** np.exp(rng.normal(0, 0.3))
    y = (y - 0.5) * np.exp(rng.normal(-0.1, 0.3)) + 0.5 + rng.normal(0, 0.1)
    if rng.random() < 0.15:
        y = 1 - y
    return np.clip(y, 0, 1).astype(np.float32)
