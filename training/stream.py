"""Labelled renders from `headstamp synth`, read from pipes in a background thread, and the pool they are drawn from."""

import contextlib
import itertools
import queue
import shlex
import subprocess
import threading
import time

import numpy as np
import torch

from renders import command, form, records


class Stream:
    """Endless records from several renderers."""

    def __init__(self, renderer, kind, seed, workers=1, ahead=512, options=()):
        self.options, self.renderer, self.kind = options, renderer, kind
        self.seeds = itertools.count(seed * 10**12, 10**7)
        self.queue = queue.Queue(ahead)
        self.processes, self.closed, self.failure = {}, False, None
        self.threads = [threading.Thread(target=self._read, daemon=True) for _ in range(workers)]
        for thread in self.threads:
            thread.start()

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
        """Ends renderers and threads: a thread that still runs when the interpreter ends takes the process down with it."""
        self.closed = True
        for process in self.processes.values():
            process.kill()
        while any(thread.is_alive() for thread in self.threads):
            with contextlib.suppress(queue.Empty):
                self.queue.get(timeout=0.05)
        self.queue.put(None)


# Records that go to the device together.
CHUNK = 32
# No render has more labels.
MOST_LABELS = 128


class Pool:
    """Renders on the device that trains, the newest in the places of the oldest; a thread of its own fills it. Without a stream
    it holds what it is given.

    pictures: uint8 [size, rows, columns]. labels: float32 [size, MOST_LABELS, width], of which the first `counts` are
    labels and the first `good` of those have a weight. Each render is drawn about `uses` times, and more often where the
    renderers cannot keep up.
    """

    def __init__(self, stream, kind, shape, device, size, uses, seed):
        self.stream, self.size, self.uses = stream, size, uses
        self.pictures = torch.zeros((size, *shape), dtype=torch.uint8, device=device)
        self.labels = torch.zeros((size, MOST_LABELS, form(kind).width), device=device)
        self.counts = torch.zeros(size, dtype=torch.long, device=device)
        self.good = torch.zeros(size, dtype=torch.long, device=device)
        self.rng = torch.Generator(device).manual_seed(seed)
        self.rendered, self.drawn, self.closed, self.failure = 0, 0, False, None
        self.lock = threading.Lock()
        self.side = torch.cuda.Stream() if self.pictures.is_cuda else None
        self.thread = threading.Thread(target=self._fill, daemon=True) if stream else None
        if self.thread:
            self.thread.start()

    @classmethod
    def of(cls, records, kind, device, seed):
        """A pool of these records and no others."""
        pool = cls(None, kind, records[0][0].shape, device, len(records), 1, seed)
        for start in range(0, len(records), CHUNK):
            pool.put(records[start:start + CHUNK])
        return pool

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
        while self.stream and self.rendered < 2 * CHUNK:
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
        if self.stream:
            self.stream.close()
            self.thread.join()


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
