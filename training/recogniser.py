"""Trains the recogniser: from a polar strip to marks (place, character, direction, size)."""

import argparse
import collections

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import contract
import decoding
import shapes
from common import Block, ConvNorm, LocalContrast, Trainer, arguments, focal, options, upsample, wrap
from decoding import ring_distance
from renders import FEW_SEED, confirmed, fixed, held_out
from stream import Pool, Stream, flat, tone

NET = shapes.recogniser(contract.load())
ROWS, COLUMNS, SCALE = NET.strip.rows, NET.strip.columns, NET.units["cell"]
H, W = NET.output[2:]
CLASSES = NET.classes
# Sizes are the logarithm of strip pixels over this.
SIZE = NET.units["size_unit"]
OUT = NET.output[1]
TURN, LOG_SIZE, OFFSET = (NET.channel(name).start for name in ("turn", "log_size", "offset"))
# Presence from which marks are scored after training; the program passes on fainter ones, for the proposals to judge.
SCORED = 0.3
# The look of these says nothing of their direction.
ROUND = torch.tensor([c in ("•", ".", "*", "+", "⊕", "[circle]", "[diamond]", "[square]", "[hexagon]",
                            "[star outline]", "?") for c in CLASSES])


def outputs(classes):
    """Names of the channels of a network with these classes."""
    return ["presence", *classes, "cosine", "sine", "log height", "log width", "columns", "rows"]


class Recogniser(nn.Module):
    """U-shape on the ring: 1/4, 1/8 and 1/16, and back to 1/4. Every wrap of columns is exact."""

    def __init__(self, a=48, b=96, c=144, blocks=(1, 4, 4)):
        super().__init__()
        self.contrast = LocalContrast(4, 9, ring=True)
        # Two by two pixels as four channels, so that the first convolution is no bottleneck.
        self.stem = nn.ModuleList([ConvNorm(4, 32, ring=True), ConvNorm(32, a, stride=2, ring=True)])
        self.fine = nn.Sequential(*[Block(a, ring=True) for _ in range(blocks[0])])
        self.down1 = ConvNorm(a, b, stride=2, ring=True)
        self.middle = nn.Sequential(*[Block(b, ring=True) for _ in range(blocks[1])])
        self.down2 = ConvNorm(b, c, stride=2, ring=True)
        self.coarse = nn.Sequential(*[Block(c, ring=True, dilation=1 + 2 * (i % 2)) for i in range(blocks[2])])
        self.side2 = ConvNorm(c, b, k=1)
        self.merge2 = ConvNorm(b, b, ring=True)
        self.side1 = ConvNorm(b, a, k=1)
        self.merge1 = ConvNorm(a, a + 32, ring=True)
        self.out = nn.Conv2d(a + 32, OUT, 1)
        nn.init.normal_(self.out.weight, std=0.01)
        nn.init.zeros_(self.out.bias)
        nn.init.constant_(self.out.bias[:1], -3.5)

    def forward(self, luma):
        with torch.no_grad(), torch.autocast(luma.device.type, enabled=False):
            x = F.pixel_unshuffle(self.contrast(luma), 2)
            x = x.contiguous(memory_format=torch.channels_last)
        # The stride starts one column early: wrap one on each side and the two convolutions need 1 and 1.
        x = F.relu(self.stem[0](wrap(x, 1)))
        x = F.relu(self.stem[1](wrap(x, 1)))
        fine = self.fine(x)
        middle = self.middle(F.relu(self.down1(wrap(fine, 1))))
        coarse = self.coarse(F.relu(self.down2(wrap(middle, 1))))
        x = F.relu(middle + upsample(self.side2(coarse), 2))
        x = F.relu(self.merge2(wrap(x, 1)))
        x = F.relu(fine + upsample(self.side1(x), 2))
        x = F.relu(self.merge1(wrap(x, 1)))
        return self.out(x)


def turned(pictures, marks, rng):
    """Heads turned by chance, each by whole columns: pictures [n, rows, columns], marks [n, most, 7]."""
    shift = torch.randint(COLUMNS, (len(pictures), 1), generator=rng, device=rng.device)
    columns = (torch.arange(COLUMNS, device=rng.device) - shift) % COLUMNS
    pictures = pictures.gather(2, columns[:, None].expand_as(pictures))
    return pictures, torch.cat([marks[..., :1], (marks[..., 1:2] + shift[..., None]) % COLUMNS, marks[..., 2:]], -1)


def crowd(part):
    """Share of strips crowded with random marks, by the part of the training that is done: they teach characters fast,
    heads as they occur teach what goes with what, and have the last word."""
    return 0.15 + 0.6 * max(0.0, 1 - part / 0.8)


class Strips:
    """Strips of two streams of the renderer, plain and crowded, mixed by how far a training is; seeds from `seed` on. Where there
    are confirmed heads to learn from, they are the share of all that is asked for."""

    def __init__(self, args, trainer, seed):
        def pool(crowded):
            stream = Stream(args.renderer, "strips", seed + crowded * 10**5, args.workers,
                            options=["--crowded", str(crowded)] + options(args))
            return Pool(stream, "strips", (ROWS, COLUMNS), trainer.device, args.pool, args.uses, seed + crowded)

        self.pools, self.trainer = [pool(0), pool(1)], trainer
        self.confirmed, self.share = None, 0.0
        if args.confirmed:
            mine = confirmed(args.confirmed, "train")
            self.confirmed = Pool.of(mine, "strips", trainer.device, seed + 2)
            self.share = args.share
            trainer.log(f"{len(mine)} confirmed heads, {self.share:.0%} of what is learnt from")

    def draw(self, n, labels=False):
        """`n` strips by chance, or as many marks with their strips."""
        mine = round(n * self.share)
        crowded = round((n - mine) * crowd(self.trainer.part()))
        shares = zip([*self.pools, self.confirmed], (n - mine - crowded, crowded, mine))
        parts = [(pool.draw_labels if labels else pool.draw)(k) for pool, k in shares if k]
        return [torch.cat(part) for part in zip(*parts)]

    @property
    def rng(self):
        return self.pools[0].rng

    def rendered(self):
        return sum(pool.rendered for pool in self.pools)

    def close(self):
        for pool in self.pools:
            pool.close()


def batch(strips, size):
    """Luma [size, 1, rows, columns] and the marks' table, for `losses`."""
    pictures, marks, counts = strips.draw(size)
    pictures, marks = turned(pictures, marks, strips.rng)
    return tone(pictures, strips.rng)[:, None], flat(marks, counts)


def targets(marks, count):
    """Maps of the presence loss, and the cells round each mark with what they should say."""
    strip = marks[:, 0].long()
    x, y = (marks[:, 2] + 0.5) / SCALE - 0.5, (marks[:, 3] + 0.5) / SCALE - 0.5
    height, width, weight = marks[:, 5].clamp(2, ROWS), marks[:, 6].clamp(2, 2 * ROWS), marks[:, 7]
    cx, cy = x.round().long() % W, y.round().long().clamp(0, H - 1)
    device = marks.device
    dx = ring_distance(torch.arange(W, device=device)[None], x[:, None], W)[:, None, :]
    dy = (torch.arange(H, device=device)[None] - y[:, None])[:, :, None]
    sigma = ((height * torch.maximum(width, 0.4 * height)).sqrt() / SCALE * 0.2).clamp(0.6, 1.6)[:, None, None]
    bump = torch.exp(-(dx**2 + dy**2) / (2 * sigma**2))
    # In the axes of the character, for the region of an unreadable mark.
    t = torch.deg2rad(marks[:, 4])[:, None, None]
    along, up = dx * t.cos() + dy * t.sin(), dx * t.sin() - dy * t.cos()
    inside = (along.abs() * SCALE < width[:, None, None] / 2 + 2) & (up.abs() * SCALE < height[:, None, None] / 2 + 2)

    heat = torch.zeros(count, H, W, device=device)
    good = weight > 0
    heat.index_reduce_(0, strip[good], bump[good], "amax")
    peak = torch.zeros(count, H, W, device=device)
    peak[strip[good], cy[good], cx[good]] = weight[good]
    heat[peak > 0] = 1
    unknown = torch.zeros(count, H, W, device=device)
    unknown.index_reduce_(0, strip[~good], inside[~good].float(), "amax")
    mask = ((unknown == 0) | (heat > 0.3)).float()

    steps = torch.arange(-1, 2, device=device)
    ny = (cy[good][:, None, None] + steps[None, :, None]).expand(-1, 3, 3).reshape(-1, 9)
    nx = (cx[good][:, None, None] + steps[None, None, :]).expand(-1, 3, 3).reshape(-1, 9)
    near = torch.full((9,), 0.2, device=device)
    near[4] = 1
    share = near[None] * weight[good][:, None] * ((ny >= 0) & (ny < H))
    ny = ny.clamp(0, H - 1)
    offset = torch.stack([ring_distance(x[good][:, None], nx, W), y[good][:, None] - ny], 2)
    turn = torch.deg2rad(marks[good, 4])
    cells = dict(strip=strip[good][:, None].expand(-1, 9), y=ny, x=nx % W, share=share, offset=offset,
                 classes=marks[good, 1].long(), turn=torch.stack([turn.cos(), turn.sin()], 1),
                 size=torch.stack([height[good], width[good]], 1).div(SIZE).log())
    return heat, peak, mask, cells


def losses(maps, marks):
    heat, peak, mask, cells = targets(marks, maps.shape[0])
    presence = focal(maps[:, 0], heat, peak, mask)
    found = maps.permute(0, 2, 3, 1)[cells["strip"], cells["y"], cells["x"]].float()
    share = cells["share"]
    total = share.sum().clamp(min=1)
    n = found.shape[0]
    classes = cells["classes"][:, None].expand(n, 9)
    character = F.cross_entropy(found[..., 1:TURN].reshape(n * 9, -1), classes.reshape(-1), reduction="none",
                                label_smoothing=0.03).reshape(n, 9)
    direction_share = share * torch.where(ROUND.to(share.device)[cells["classes"]], 0.2, 1.0)[:, None]
    direction = F.mse_loss(found[..., TURN:LOG_SIZE], cells["turn"][:, None].expand(n, 9, 2), reduction="none").sum(2)
    size = F.smooth_l1_loss(found[..., LOG_SIZE:OFFSET], cells["size"][:, None].expand(n, 9, 2), reduction="none",
                            beta=0.1).sum(2)
    offset = F.smooth_l1_loss(found[..., OFFSET:], cells["offset"], reduction="none", beta=0.2).sum(2)
    return dict(presence=presence, character=(character * share).sum() / total,
                direction=(direction * direction_share).sum() / direction_share.sum().clamp(min=1),
                size=(size * share).sum() / total, offset=(offset * share).sum() / total)


WEIGHTS = dict(presence=1.0, character=1.0, direction=0.7, size=0.4, offset=0.3)


@torch.no_grad()
def evaluate(model, records, device, autocast, batch=25):
    """Scores on records that were never trained on. Unreadable marks neither count nor cost."""
    model.eval()
    n = collections.Counter()
    for start in range(0, len(records), batch):
        part = records[start:start + batch]
        luma = torch.from_numpy(np.stack([p for p, _ in part])).to(device)[:, None].float() / 255
        with autocast():
            maps = model(luma)
        for found, (_, marks) in zip(maps.float().cpu().numpy(), part):
            found = decoding.marks(NET, found, SCORED)
            free = list(range(len(marks)))
            right = collections.Counter()
            said, said_blind = collections.Counter(), 0
            for _, best, x, y, turn, _, _ in found:
                far = [np.hypot(ring_distance(x, marks[j, 1], COLUMNS), y - marks[j, 2]) / marks[j, 4] for j in free]
                j = free[int(np.argmin(far))] if free and min(far) < 0.5 else None
                if j is not None and marks[j, 6] == 0:
                    said_blind += 1
                    continue
                said[int(best)] += 1
                if j is None:
                    continue
                free.remove(j)
                n["found"] += 1
                n["class"] += int(best) == int(marks[j, 0])
                if not ROUND[int(marks[j, 0])]:
                    n["turnable"] += 1
                    n["turn"] += int(abs(ring_distance(turn, marks[j, 3], 360)) < 45)
            for mark in marks:
                if mark[6] > 0:
                    right[int(mark[0])] += 1
            n["marks"] += right.total()
            n["said"] += said.total()
            n["bag"] += (said & right).total()
            n["whole"] += int(said == right)
            n["strips"] += 1
    part = lambda a, b: round(n[a] / max(1, n[b]), 4)
    return dict(found=part("found", "marks"), precision=part("found", "said"), character=part("class", "found"),
                direction=part("turn", "turnable"), bag_recall=part("bag", "marks"), bag_precision=part("bag", "said"),
                whole_strips=part("whole", "strips"), strips=n["strips"], marks=n["marks"])


def main():
    args = arguments(argparse.ArgumentParser(description=__doc__), batch=16, minutes=70, lr=0.02).parse_args()
    torch.manual_seed(args.seed)
    records = held_out(args.renderer, "strips", args.held_out)
    few = np.stack([p for p, _ in fixed(args.renderer, "strips", 96, FEW_SEED)])
    few = torch.from_numpy(few)[:, None].float() / 255
    trainer = Trainer(NET, Recogniser(), args, few, outputs)
    strips = Strips(args, trainer, args.seed * 1000 + trainer.step % 1000)
    facts = lambda: trainer.facts("recogniser", "strips_seen", strips.rendered())
    mine = confirmed(args.confirmed, "validation") if args.confirmed else []

    def scores(model):
        score = lambda shown: evaluate(model, shown, trainer.device, trainer.autocast)
        return score(records) | ({f"confirmed_{k}": v for k, v in score(mine).items()} if mine else {})

    trainer.train(lambda: batch(strips, args.batch), losses, WEIGHTS, facts, scores)
    strips.close()


if __name__ == "__main__":
    main()
