"""Trains the classifier: from two views of one mark to its character and the way its top points."""

import argparse
import collections

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import contract
import decoding
import shapes
from common import Block, ConvNorm, Trainer, arguments, wrap
from decoding import ring_distance
from recogniser import CLASSES, COLUMNS, ROUND, ROWS, Strips
from renders import FEW_SEED, HELD_OUT_SEED, confirmed, fixed, held_out
from stream import padded, tone

NET = shapes.classifier(contract.load())
SIDE, FINE, REACHES = NET.picture["side"], NET.picture["samples"], NET.picture["reaches"]
OUTER, RIM = NET.strip.outer, NET.strip.rim_rows
QUARTERS = NET.units["quarters"]
NOTHING = NET.channel("nothing").start
OUT = NET.output[1]
# Columns repeated at both ends of a strip, so that no view meets an edge.
MARGIN = 128


def outputs(classes):
    """Names of the channels of a network with these classes."""
    return [f"{c} {quarter}" for c in classes for quarter in range(QUARTERS)] + ["nothing"]


class Classifier(nn.Module):
    """The close and the wide view through stems of their own, then residual blocks at 1/4 and 1/8."""

    def __init__(self, fine=32, close=64, wide=24, c=160, blocks=(2, 3, 4)):
        super().__init__()
        b = close + wide
        self.stem_close = nn.ModuleList([ConvNorm(4, fine), ConvNorm(fine, close, stride=2)])
        self.stem_wide = nn.ModuleList([ConvNorm(4, 24), ConvNorm(24, wide, stride=2)])
        self.fine, self.middle, self.coarse = (
            nn.Sequential(*[Block(n) for _ in range(deep)]) for n, deep in zip((fine, b, c), blocks))
        self.down = ConvNorm(b, c, stride=2)
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
    """Both views of each mark, [n, views, side, side], as `decoding.views` cuts them; strips [n, rows, columns], luma 0..1.

    boxes [n, 3]: column, row, extent in strip rows. slant [n, 2, 2], if given, distorts the views round the mark.
    """
    n = len(strips)
    padded = wrap(strips, MARGIN)[:, None]
    steps = torch.tensor(decoding.steps(NET), device=strips.device)
    v, u = torch.meshgrid(steps, steps, indexing="ij")
    place = torch.stack([u, v], -1).expand(n, -1, -1, -1)
    if slant is not None:
        place = torch.einsum("nij,nyxj->nyxi", slant, place)
    out = []
    column, row, extent = (boxes[:, i, None, None] for i in range(3))
    for reach in REACHES:
        x, y = decoding.places(NET, torch, column, row, extent, place[..., 0], place[..., 1], reach)
        grid = torch.stack([(2 * (x + MARGIN) + 1) / padded.shape[-1] - 1, (2 * y + 1) / ROWS - 1], -1)
        fine = F.grid_sample(padded, grid, "bilinear", "border", align_corners=False)
        out.append(F.avg_pool2d(fine, FINE))
    return torch.cat(out, 1)


def far_enough(boxes, marks, counts, least):
    """Whether boxes [n, 3] lie further from the middle of every mark of their strip than `least` [n, most], strip rows."""
    around = COLUMNS / (2 * np.pi) / (OUTER * RIM - boxes[:, 1:2]).clamp(min=10.0)
    across = ring_distance(boxes[:, :1], marks[..., 1], COLUMNS) / around
    apart = torch.hypot(across, boxes[:, 1:2] - marks[..., 2]) > least
    return (apart | (torch.arange(marks.shape[1], device=marks.device) >= counts[:, None])).all(1)


def elsewhere(marks, which, counts, chance):
    """Boxes [n, 3] of places away from every mark's middle, sized as one of the marks; and whether they are."""
    n = len(marks)
    extents = marks[..., 4:6].amax(2)
    extent = (extents[torch.arange(n), which] * (0.2 * chance.normal(n)).exp()).clamp(min=4.0)
    boxes = torch.stack([chance.uniform(n) * COLUMNS, 6 + chance.uniform(n) * (ROWS - 14), extent], 1)
    return boxes, far_enough(boxes, marks, counts, 0.55 * torch.minimum(extents, extent[:, None]) + 2)


def parts(marks, which, counts, chance):
    """Boxes [n, 3] beside a mark's middle, as when one letter is taken for two; and whether they are no other mark's."""
    n = len(marks)
    mark, extents = marks[torch.arange(n), which], marks[..., 4:6].amax(2)
    extent = extents[torch.arange(n), which]
    aside = torch.maximum((0.3 + 0.35 * chance.uniform(n)) * mark[:, 5], 0.25 * extent) * chance.uniform(n).sub(0.5).sign()
    turn = torch.deg2rad(mark[:, 3])
    around = COLUMNS / (2 * np.pi) / (OUTER * RIM - mark[:, 2]).clamp(min=10.0)
    row = mark[:, 2] + aside * turn.sin()
    boxes = torch.stack([mark[:, 1] + aside * turn.cos() * around, row, extent * (0.6 + 0.45 * chance.uniform(n))], 1)
    return boxes, far_enough(boxes, marks, counts, 0.22 * extents) & (row > 2) & (row < ROWS - 2)


class Chance:
    """Random numbers on the device that trains."""

    def __init__(self, rng):
        self.rng = rng

    def normal(self, *shape):
        return torch.randn(shape, generator=self.rng, device=self.rng.device)

    def uniform(self, *shape):
        return torch.rand(shape, generator=self.rng, device=self.rng.device)


# How often the views of a mark are turned by no, one, two and three quarters: most marks stand outward, and what is learnt
# of these is to serve the rest.
QUARTER_TURNS = [0.5, 0.15, 0.2, 0.15]


def slants(quarters, chance):
    """The views turned by so many quarters anticlockwise, then slightly turned and stretched."""
    n = len(quarters)
    turn = torch.deg2rad(4 * chance.normal(n) + 90 * quarters)
    stretch, shear = (0.06 * chance.normal(n)).exp(), 0.05 * chance.normal(n)
    c, s = turn.cos(), turn.sin()
    return torch.stack([c * stretch, shear - s, s, c / stretch], 1).reshape(n, 2, 2)


def boxes_of(marks, which, chance):
    """Boxes [n, 3] of marks, as inexact as the recogniser's."""
    mark = marks[torch.arange(len(marks)), which]
    extent = mark[:, 4:6].amax(1)
    shift = 0.06 * chance.normal(2, len(marks)) * extent
    return torch.stack([mark[:, 1] + shift[0], mark[:, 2] + shift[1], extent * (0.1 * chance.normal(len(marks))).exp()], 1)


# Of the places that are shown, these shares are part of a mark, and away from every mark.
PARTS, ELSEWHERE = 0.12, 0.09
# The program takes a share of places without a mark for granted, to a hundredth or two: not every place that is tried fits.
if abs(PARTS + ELSEWHERE - NET.decoding["share_of_nothing"]) > 0.02:
    raise contract.Refused(f"the classifier's contract: share_of_nothing is {NET.decoding['share_of_nothing']}, and "
                           f"training shows {PARTS + ELSEWHERE}")


def batch(strips, size):
    """Views [size, views, side, side] and labels [size, 2]: class or `NOTHING`, turn in degrees."""
    chance = Chance(strips.rng)
    pictures, marks, counts, which = strips.draw(size, labels=True)
    kind = chance.uniform(size)
    boxes, named = boxes_of(marks, which, chance), marks[torch.arange(size), which]
    blank = torch.zeros(size, dtype=torch.bool, device=boxes.device)
    for make, wanted in ((parts, kind < PARTS), (elsewhere, kind > 1 - ELSEWHERE)):
        made, fit = make(marks, which, counts, chance)
        boxes = torch.where((wanted & fit)[:, None], made, boxes)
        blank |= wanted & fit
    quarters = (chance.uniform(size)[:, None] > boxes.new_tensor(QUARTER_TURNS).cumsum(0)[:-1]).sum(1)
    labels = torch.stack([torch.where(blank, NOTHING, named[:, 0]), (named[:, 3] - 90 * quarters) % 360], 1)
    return views(tone(pictures, strips.rng), boxes, slants(quarters, chance)), labels


def examples(records):
    """All legible marks of some strips, and two places a strip that show none: views and labels."""
    chance = Chance(torch.Generator().manual_seed(HELD_OUT_SEED))
    pictures, marks, counts, good = padded(records)
    strips, which = torch.nonzero(torch.arange(marks.shape[1]) < good[:, None], as_tuple=True)
    shown = [(strips, boxes_of(marks[strips], which, chance), marks[strips, which][:, [0, 3]])]
    first = torch.nonzero(good > 0)[:, 0]
    for make in (parts, elsewhere):
        boxes, fit = make(marks[first], torch.zeros_like(first), counts[first], chance)
        shown.append((first[fit], boxes[fit], torch.tensor([[NOTHING, 0.0]]).expand(int(fit.sum()), 2)))
    strips, boxes, labels = (torch.cat(part) for part in zip(*shown))
    return views(pictures[strips].float() / 255, boxes), labels


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
    shown = examples(held_out(args.renderer, "strips", args.held_out))
    few, _ = examples(fixed(args.renderer, "strips", 96, FEW_SEED))
    trainer = Trainer(NET, Classifier(), args, few, outputs)
    strips = Strips(args, trainer, args.seed * 1000 + 500 + trainer.step % 499)
    facts = lambda: trainer.facts("classifier", "marks_seen", strips.rendered())
    mine = confirmed(args.confirmed, "validation") if args.confirmed else []
    mine = examples(mine) if mine else None

    def scores(model):
        score = lambda marks: evaluate(model, marks, trainer.device, trainer.autocast)
        return score(shown) | ({f"confirmed_{k}": v for k, v in score(mine).items()} if mine else {})

    trainer.train(lambda: batch(strips, args.batch), losses, dict(reading=1.0), facts, scores)
    strips.close()


if __name__ == "__main__":
    main()
