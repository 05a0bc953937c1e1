"""Labelled renders from `headstamp synth`, read from pipes in a background thread.

A record is a picture (uint8, rows x columns) and a float32 array with one line a label; formats in README.md.
"""

import hashlib
import itertools
import queue
import re
import shlex
import shutil
import struct
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import torch

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
    """A folder of single heads kept aside, rendered unless this renderer has; gives the command that renders them."""
    line = ["synth", "--held-aside", "--subject", "single", "--seed", str(seed), "--count", str(count)]
    recipe = shlex.join(["headstamp", *line])
    made_by, now = folder / "made-by.txt", f"{recipe}\n{renderer_stamp()}\n"
    if not made_by.exists() or made_by.read_text("utf-8") != now:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([binary, *line, "--out", folder, "--quiet"], check=True)
        made_by.write_text(now, "utf-8")
    return recipe


def renderer_stamp():
    """What tells one renderer from another: SHA-256 over its sources."""
    digest = hashlib.sha256()
    for path in sorted(p for p in (ROOT / "src/synth").rglob("*") if p.is_file()):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class Stream:
    """Endless records from several renderers."""

    def __init__(self, renderer, kind, seed, workers=1, ahead=512, options=()):
        self.options, self.renderer, self.kind = options, renderer, kind
        self.seeds = itertools.count(seed * 10**12, 10**7)
        self.queue = queue.Queue(ahead)
        self.processes, self.closed, self.failure = {}, False, None
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

    def next(self):
        """One record."""
        record = self.queue.get()
        if record is None:
            raise RuntimeError("the renderer failed") from self.failure
        return record

    def close(self):
        self.closed = True
        for process in self.processes.values():
            process.kill()


# Records that go to the device together.
CHUNK = 32
# No render has more labels.
MOST_LABELS = 128


class Pool:
    """Renders on the device that trains, the newest in the places of the oldest; a thread of its own fills it.

    pictures: uint8 [size, rows, columns]. labels: float32 [size, MOST_LABELS, width], of which the first `counts` are
    labels and the first `good` of those have a weight. Each render is drawn about `uses` times, and more often where the
    renderers cannot keep up.
    """

    def __init__(self, stream, shape, device, size, uses, seed):
        self.stream, self.size, self.uses = stream, size, uses
        self.pictures = torch.zeros((size, *shape), dtype=torch.uint8, device=device)
        self.labels = torch.zeros((size, MOST_LABELS, FORMATS[stream.kind][1]), device=device)
        self.counts = torch.zeros(size, dtype=torch.long, device=device)
        self.good = torch.zeros(size, dtype=torch.long, device=device)
        self.rng = torch.Generator(device).manual_seed(seed)
        self.rendered, self.drawn, self.closed, self.failure = 0, 0, False, None
        self.lock = threading.Lock()
        self.side = torch.cuda.Stream() if self.pictures.is_cuda else None
        threading.Thread(target=self._fill, daemon=True).start()

    def _fill(self):
        try:
            while not self.closed:
                if self.rendered > self.size - CHUNK + self.drawn / self.uses:
                    time.sleep(0.005)
                    continue
                self.put([self.stream.next() for _ in range(CHUNK)])
        except Exception as problem:
            self.failure = problem

    def put(self, few):
        """Records in the places of the oldest."""
        places = torch.arange(self.rendered, self.rendered + len(few)) % self.size
        places, *parts = self.sent([places, *padded(few)])
        with self.lock:
            for held, part in zip((self.pictures, self.labels, self.counts, self.good), parts):
                held[places] = part
            self.rendered += len(few)

    def sent(self, tensors):
        """Tensors on the device, without waiting for what else it does."""
        if not self.pictures.is_cuda:
            return tensors
        with torch.cuda.stream(self.side):
            tensors = [tensor.to(self.pictures.device) for tensor in tensors]
        self.side.synchronize()
        for tensor in tensors:
            tensor.record_stream(torch.cuda.default_stream())
        return tensors

    def ready(self):
        """How many renders there are to draw from; waits for the first."""
        while self.rendered < 2 * CHUNK:
            if self.failure:
                break
            time.sleep(0.005)
        if self.failure:
            raise RuntimeError("no more renders") from self.failure
        return min(self.rendered, self.size)

    def draw(self, n):
        """`n` renders by chance: pictures, labels, counts."""
        held = self.ready()
        self.drawn += n
        with self.lock:
            at = torch.randint(held, (n,), generator=self.rng, device=self.rng.device)
            return self.pictures[at], self.labels[at], self.counts[at]

    def draw_labels(self, n):
        """`n` labels of some weight by chance, each with its render: pictures, labels, counts, which of the labels."""
        held = self.ready()
        with self.lock:
            upto = self.good[:held].cumsum(0)
            chosen = (torch.rand(n, generator=self.rng, device=self.rng.device) * upto[-1]).long()
            at = torch.searchsorted(upto, chosen, right=True)
            which = chosen - upto[at] + self.good[at]
            found = self.pictures[at], self.labels[at], self.counts[at], which
        # a render has been used once when as many labels are drawn as it has
        self.drawn += n * held / max(1, int(upto[-1]))
        return found

    def close(self):
        self.closed = True
        self.stream.close()


def padded(few):
    """Records as tensors of one shape, labels of some weight first: pictures, labels, counts, how many of some weight."""
    pictures = torch.from_numpy(np.stack([picture for picture, _ in few]))
    labels = torch.zeros(len(few), MOST_LABELS, few[0][1].shape[1])
    for i, (_, found) in enumerate(few):
        assert len(found) <= MOST_LABELS, f"a render with {len(found)} labels"
        labels[i, :len(found)] = torch.from_numpy(found[np.argsort(found[:, -1] <= 0, kind="stable")])
    counts = torch.tensor([len(found) for _, found in few])
    good = torch.tensor([int((found[:, -1] > 0).sum()) for _, found in few])
    return pictures, labels, counts, good


def flat(labels, counts):
    """The labels of some renders in one table [labels, 1 + width], each after the number of its render."""
    render, place = torch.nonzero(torch.arange(labels.shape[1], device=labels.device) < counts[:, None], as_tuple=True)
    return torch.cat([render[:, None].to(labels.dtype), labels[render, place]], 1)


def tone(pictures, rng):
    """Pictures uint8 [n, ...] each through a tone curve by chance: gamma, contrast, brightness, sometimes negative; 0..1."""
    n = (len(pictures),) + (1,) * (pictures.ndim - 1)
    chance = lambda: torch.randn(n, generator=rng, device=rng.device)
    x = (pictures.float() / 255) ** (0.3 * chance()).exp()
    x = (x - 0.5) * (0.3 * chance() - 0.1).exp() + 0.5 + 0.1 * chance()
    negative = torch.rand(n, generator=rng, device=rng.device) < 0.15
    return torch.where(negative, 1 - x, x).clamp(0, 1)
