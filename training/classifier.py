"""Trains the classifier: from two views of one mark to its character and the way its top points."""

import argparse
import collections

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from common import Block, ConvNorm, Trainer, arguments, wrap
from recogniser import CLASSES, COLUMNS, ROUND, ROWS, Strips, ring_distance
from stream import FEW_SEED, Prefetch, fixed, held_out, tone_curve

SIDE = 32
# Side of the close view in units of the mark's larger extent, and of the wide view in units of the close one.
REACH, WIDE = 1.8, 2.5
# Least extent that a view is sized by, in strip rows: a full stop is to look smaller than a letter.
LEAST_EXTENT = 10.0
# Samples a pixel of a view, along a side.
FINE = 2
# Radii of the strip's edges, in units of the rim (src/strip.rs).
OUTER, INNER = 1.02, 0.38
RIM = ROWS / (OUTER - INNER)
QUARTERS = 4
NOTHING = len(CLASSES) * QUARTERS
CHANNELS = [
    ("reading", NOTHING, "softmax"),  # character, then quarter turn clockwise from outward, with `nothing`
    ("nothing", 1, "softmax"),
]
OUT = NOTHING + 1
# Columns repeated at both ends of a strip, so that no view meets an edge.
MARGIN = 128


def outputs(classes):
    """Names of the channels of a network with these classes."""
    return [f"{c} {quarter}" for c in classes for quarter in range(QUARTERS)] + ["nothing"]


class Classifier(nn.Module):
    """The close and the wide view through stems of their own, then residual blocks at 1/4 and 1/8."""

    def __init__(self, fine=32, close=64, wide=24, c=160):
        super().__init__()
        b = close + wide
        self.stem_close = nn.ModuleList([ConvNorm(4, fine), ConvNorm(fine, close, stride=2)])
        self.stem_wide = nn.ModuleList([ConvNorm(4, 24), ConvNorm(24, wide, stride=2)])
        self.fine = Block(fine)
        self.middle = Block(b)
        self.down = ConvNorm(b, c, stride=2)
        self.coarse = nn.Sequential(Block(c), Block(c))
        self.out = nn.Conv2d(c, OUT, SIDE // 8)
        nn.init.normal_(self.out.weight, std=0.01)
        nn.init.zeros_(self.out.bias)

    def forward(self, views):
        with torch.no_grad(), torch.autocast(views.device.type, enabled=False):
            mean = views.mean((2, 3), keepdim=True)
            spread = ((views - mean) ** 2).mean((2, 3), keepdim=True)
            views = ((views - mean) / torch.sqrt(spread + 1e-4)).clamp(-4, 4)
            close, wide = F.pixel_unshuffle(views[:, :1], 2), F.pixel_unshuffle(views[:, 1:], 2)
            close = close.contiguous(memory_format=torch.channels_last)
            wide = wide.contiguous(memory_format=torch.channels_last)
        close = F.relu(self.stem_close[1](self.fine(F.relu(self.stem_close[0](close)))))
        wide = F.relu(self.stem_wide[1](F.relu(self.stem_wide[0](wide))))
        x = self.middle(torch.cat([close, wide], 1))
        return self.out(self.coarse(F.relu(self.down(x))))


def views(strips, boxes, slant=None):
    """Both views of each mark, [n, 2, 32, 32], from strips [n, 80, 576] of luma 0..1.

    boxes [n, 3]: column, row, extent in strip rows. The views are square on the head, not on the strip: up is outward at
    the mark's place and nothing is bent. slant [n, 2, 2], if given, distorts them round the mark.
    """
    n = len(strips)
    padded = wrap(strips, MARGIN)[:, None]
    steps = (torch.arange(SIDE * FINE) + 0.5) / (SIDE * FINE) - 0.5
    v, u = torch.meshgrid(steps, steps, indexing="ij")
    place = torch.stack([u, v], -1).expand(n, -1, -1, -1)
    if slant is not None:
        place = torch.einsum("nij,nyxj->nyxi", slant, place)
    out = []
    for reach in (REACH, REACH * WIDE):
        side = boxes[:, 2].clamp(min=LEAST_EXTENT)[:, None, None] * reach
        x = place[..., 0] * side
        y = OUTER * RIM - 0.5 - boxes[:, 1, None, None] - place[..., 1] * side
        column = boxes[:, 0, None, None] + torch.atan2(x, y) * (COLUMNS / (2 * np.pi)) + MARGIN
        row = OUTER * RIM - 0.5 - torch.hypot(x, y)
        grid = torch.stack([(2 * column + 1) / padded.shape[-1] - 1, (2 * row + 1) / ROWS - 1], -1)
        fine = F.grid_sample(padded, grid, "bilinear", "border", align_corners=False)
        out.append(F.avg_pool2d(fine, FINE))
    return torch.cat(out, 1)


def elsewhere(marks, rng):
    """A box that shows no mark, or None: a place on the ring away from every mark's middle."""
    for _ in range(4):
        column, row = rng.uniform(0, COLUMNS), rng.uniform(6, ROWS - 8)
        extent = rng.choice(marks[:, 4:6].max(1)) if len(marks) else rng.uniform(12, 30)
        extent = max(extent * np.exp(rng.normal(0, 0.2)), 4.0)
        far = np.hypot(ring_distance(column, marks[:, 1], COLUMNS), row - marks[:, 2])
        if len(marks) == 0 or np.all(far > 0.55 * np.minimum(marks[:, 4:6].max(1), extent) + 2):
            return [NOTHING, column, row, 0, extent, extent, 1]
    return None


def part_of(mark, marks, rng):
    """A box beside a mark's middle, as when one letter is taken for two; None where it would be another mark's."""
    extent = max(mark[4], mark[5])
    aside = rng.choice([-1, 1]) * max(rng.uniform(0.3, 0.65) * mark[5], 0.25 * extent)
    turn = np.deg2rad(mark[3])
    around = COLUMNS / (2 * np.pi) / max(OUTER * RIM - mark[2], 10.0)
    column, row = mark[1] + aside * np.cos(turn) * around, mark[2] + aside * np.sin(turn)
    extent *= rng.uniform(0.6, 1.05)
    far = np.hypot(ring_distance(column, marks[:, 1], COLUMNS) / around, row - marks[:, 2])
    if np.all(far > 0.22 * marks[:, 4:6].max(1)) and 2 < row < ROWS - 2:
        return [NOTHING, column, row, 0, extent, extent, 1]
    return None


class Marks:
    """Marks of a stream's strips in shuffled order; one in five shows nothing or a part of a mark."""

    def __init__(self, strips, rng, pool=3000):
        self.strips, self.rng, self.size, self.pool = strips, rng, pool, []

    def next(self):
        while len(self.pool) < self.size:
            luma, marks = self.strips.next()
            tone = tone_curve(self.rng)
            few = [m for m in marks if m[6] > 0]
            blank = [b for _ in few if self.rng.random() < 0.12 and (b := elsewhere(marks, self.rng))]
            parts = [b for m in few if self.rng.random() < 0.15 and (b := part_of(m, marks, self.rng))]
            self.pool += [(luma, tone, m) for m in few + blank + parts]
        at = int(self.rng.integers(len(self.pool)))
        self.pool[at], self.pool[-1] = self.pool[-1], self.pool[at]
        return self.pool.pop()


def slants(n, rng):
    """A slight turn and stretch for each view."""
    turn, stretch, shear = np.deg2rad(rng.normal(0, 4, n)), np.exp(rng.normal(0, 0.06, n)), rng.normal(0, 0.05, n)
    c, s = np.cos(turn), np.sin(turn)
    return torch.from_numpy(np.stack([c * stretch, shear - s, s, c / stretch], 1).reshape(n, 2, 2)).float()


def jitter(marks, rng):
    """Boxes as inexact as the recogniser's."""
    extent = np.maximum(marks[:, 4], marks[:, 5])
    shift = rng.normal(0, 0.06, (2, len(marks))) * extent
    return np.stack([marks[:, 1] + shift[0], marks[:, 2] + shift[1], extent * np.exp(rng.normal(0, 0.1, len(marks)))], 1)


def batch(marks, size, rng):
    chosen = [marks.next() for _ in range(size)]
    strips = torch.from_numpy(np.stack([tone[luma] for luma, tone, _ in chosen]))
    labels = np.stack([m for _, _, m in chosen]).astype(np.float32)
    boxes = torch.from_numpy(jitter(labels, rng)).float()
    return views(strips, boxes, slants(size, rng)), torch.from_numpy(labels[:, [0, 3]])


def examples(records, rng):
    """All legible marks of some strips, and two places a strip that show none: views and labels."""
    held = []
    for luma, marks in records:
        legible = [m for m in marks if m[6] > 0]
        blank = [elsewhere(marks, rng), part_of(legible[0], marks, rng)] if legible else []
        held += [(luma, m) for m in legible + [b for b in blank if b]]
    strips = torch.from_numpy(np.stack([luma for luma, _ in held])).float() / 255
    labels = np.stack([m for _, m in held]).astype(np.float32)
    return views(strips, torch.from_numpy(jitter(labels, rng)).float()), torch.from_numpy(labels[:, [0, 3]])


def losses(maps, labels):
    """Cross entropy of the reading; a turn between two quarters counts for both, a round mark for all four."""
    logits = maps.flatten(1).float()
    log_p = F.log_softmax(logits, 1)
    character = labels[:, 0].long()
    blank = character == NOTHING
    quarters = torch.arange(QUARTERS, device=maps.device)[None] * 90.0
    off = ((labels[:, 1:] - quarters + 180) % 360 - 180).abs()
    share = ((60 - off) / 30).clamp(0, 1)
    share = share / share.sum(1, keepdim=True)
    character = character.clamp(max=len(CLASSES) - 1)
    mine = log_p[:, :NOTHING].reshape(-1, len(CLASSES), QUARTERS)
    mine = mine[torch.arange(len(mine), device=maps.device), character]
    turned = -(share * mine).sum(1)
    turned = turned + torch.xlogy(share, share).sum(1)
    anyhow = -mine.logsumexp(1)
    loss = torch.where(blank, -log_p[:, NOTHING], torch.where(ROUND.to(maps.device)[character], anyhow, turned))
    return dict(reading=loss.mean())


@torch.no_grad()
def evaluate(model, marks, device, autocast):
    """Shares of right characters and quarters among marks, of right refusals among blanks."""
    model.eval()
    n = collections.Counter()
    shown, labels = marks
    for start in range(0, len(labels), 256):
        with autocast():
            logits = model(shown[start:start + 256].to(device)).flatten(1).float().cpu()
        p = torch.softmax(logits, 1)
        best = p[:, :NOTHING].reshape(-1, len(CLASSES), QUARTERS)
        for q, none, (character, turn) in zip(best, p[:, NOTHING], labels[start:start + 256].tolist()):
            if character == NOTHING:
                n["blank"] += 1
                n["refused"] += int(none > 0.5)
                continue
            n["marks"] += 1
            n["missed"] += int(none > 0.5)
            n["character"] += int(q.sum(1).argmax() == int(character))
            if not ROUND[int(character)]:
                n["turnable"] += 1
                n["direction"] += int(q.sum(0).argmax() == round(turn / 90) % 4)
    part = lambda a, b: round(n[a] / max(1, n[b]), 4)
    return dict(character=part("character", "marks"), direction=part("direction", "turnable"),
                missed=part("missed", "marks"), refused=part("refused", "blank"), marks=n["marks"], blanks=n["blank"])


def main():
    parser = arguments(argparse.ArgumentParser(description=__doc__), batch=128, minutes=70, lr=0.02)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    fair = np.random.default_rng(7)
    shown = examples(held_out(args.renderer, "strips", args.held_out), fair)
    few, _ = examples(fixed(args.renderer, "strips", 96, FEW_SEED), fair)
    trainer = Trainer("classifier", Classifier(), args, few, outputs, CLASSES)
    rng = np.random.default_rng(args.seed + trainer.step)

    source = Strips(args, trainer, args.seed * 1000 + 500 + trainer.step % 499, rng)
    marks = Marks(source, rng)
    batches = Prefetch(lambda: batch(marks, args.batch, rng))
    facts = lambda: trainer.facts("classifier", "marks_seen", source.rendered())
    trainer.train(batches, losses, dict(reading=1.0), facts,
                  lambda m: evaluate(m, shown, trainer.device, trainer.autocast))
    batches.closed = True
    source.close()


if __name__ == "__main__":
    main()
