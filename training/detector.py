"""Trains the detector: from a whole picture to case heads (centre, radius, ellipse)."""

import argparse
import collections
import math
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import contract
import decoding
import shapes
from common import Block, ConvNorm, Trainer, arguments, options, focal, upsample
from renders import FEW_SEED, fixed, held_out
from stream import Pool, Stream, flat, tone

NET = shapes.detector(contract.load())
SIDE, SCALE = NET.picture["side"], NET.units["cell"]
CELLS = NET.output[2]
# Radii are the logarithm of pixels over this.
RADIUS = NET.units["radius_unit"]
OUT = NET.output[1]
OFFSET, LOG_RADIUS, SQUASH = (NET.channel(name) for name in ("offset", "log_radius", "squash"))
# Score from which heads are scored after training; the program's own looks have theirs (src/head/locate.rs).
SCORED = 0.3


class GlobalContrast(nn.Module):
    def forward(self, x):
        mean = x.mean(dim=(2, 3), keepdim=True)
        x = x - mean
        return x / torch.sqrt((x * x).mean(dim=(2, 3), keepdim=True) + 1e-4)


class Detector(nn.Module):
    """Pyramid from 1/4 down to 1/64, where one cell sees the whole picture, and back to 1/8."""

    def __init__(self, w=(24, 48, 64, 96, 96)):
        super().__init__()
        self.contrast = GlobalContrast()
        # Four by four pixels as sixteen channels.
        self.stem = nn.ModuleList([ConvNorm(16, w[0])])
        self.down = nn.ModuleList([ConvNorm(a, b, stride=2) for a, b in zip(w, w[1:])])
        self.blocks = nn.ModuleList([Block(w[1]), Block(w[2]), Block(w[3]),
                                     nn.Sequential(Block(w[4]), Block(w[4]))])
        self.side = nn.ModuleList([ConvNorm(w[i + 1], w[i], k=1) for i in (1, 2, 3)])
        self.merge = nn.ModuleList([ConvNorm(w[i], w[i]) for i in (1, 2, 3)])
        self.last = ConvNorm(w[1], 64)
        self.out = nn.Conv2d(64, OUT, 1)
        nn.init.normal_(self.out.weight, std=0.01)
        nn.init.zeros_(self.out.bias)
        nn.init.constant_(self.out.bias[:1], -4.0)

    def forward(self, luma):
        with torch.no_grad(), torch.autocast(luma.device.type, enabled=False):
            x = F.pixel_unshuffle(self.contrast(luma), 4)
            x = x.contiguous(memory_format=torch.channels_last)
        x = F.relu(self.stem[0](x))
        levels = []
        for down, block in zip(self.down, self.blocks):
            x = block(F.relu(down(x)))
            levels.append(x)
        for i in (2, 1, 0):
            x = F.relu(levels[i] + upsample(self.side[i](x), 2))
            x = F.relu(self.merge[i](x))
        return self.out(F.relu(self.last(x)))


def turned(picture, heads, way):
    """One of the eight ways to turn and mirror a square: picture [side, side], heads [n, 6]."""
    cx, cy, a, b, angle, weight = heads.unbind(1)
    last = SIDE - 1
    if way & 1:
        picture, cx, cy, angle = picture.T, cy, cx, 90 - angle
    if way & 2:
        picture, cx, angle = picture.flip(1), last - cx, -angle
    if way & 4:
        picture, cy, angle = picture.flip(0), last - cy, -angle
    return picture, torch.stack([cx, cy, a, b, angle, weight], 1)


def batch(scenes, size):
    """Luma [size, 1, side, side] and the heads' table, for `losses`."""
    pictures, heads, counts = scenes.draw(size)
    ways = torch.randint(8, (size,), generator=scenes.rng, device=scenes.rng.device).tolist()
    pictures, heads = (torch.stack(part) for part in zip(*map(turned, pictures, heads, ways)))
    return tone(pictures, scenes.rng)[:, None], flat(heads, counts)


def losses(maps, heads):
    count, device = maps.shape[0], maps.device
    inside = (heads[:, 1] > 0) & (heads[:, 1] < SIDE - 1) & (heads[:, 2] > 0) & (heads[:, 2] < SIDE - 1)
    heads = heads[inside]
    image, weight = heads[:, 0].long(), heads[:, 6]
    x, y = (heads[:, 1] + 0.5) / SCALE - 0.5, (heads[:, 2] + 0.5) / SCALE - 0.5
    a, b, angle = heads[:, 3], heads[:, 4], torch.deg2rad(heads[:, 5])
    radius = (a * b).sqrt()
    q = (a - b) / (a + b)
    cx, cy = x.round().long().clamp(0, CELLS - 1), y.round().long().clamp(0, CELLS - 1)
    line = torch.arange(CELLS, device=device)
    dx, dy = (line[None] - x[:, None])[:, None, :], (line[None] - y[:, None])[:, :, None]
    sigma = (radius / SCALE * 0.12).clamp(0.7, 2.0)[:, None, None]
    bump = torch.exp(-(dx**2 + dy**2) / (2 * sigma**2))
    good = weight > 0
    heat = torch.zeros(count, CELLS, CELLS, device=device)
    heat.index_reduce_(0, image[good], bump[good], "amax")
    peak = torch.zeros(count, CELLS, CELLS, device=device)
    peak[image[good], cy[good], cx[good]] = weight[good]
    heat[peak > 0] = 1
    unknown = torch.zeros(count, CELLS, CELLS, device=device)
    within = (dx**2 + dy**2) * SCALE**2 < (radius[:, None, None] * 0.6) ** 2
    unknown.index_reduce_(0, image[~good], within[~good].float(), "amax")
    presence = focal(maps[:, 0], heat, peak, ((unknown == 0) | (heat > 0.3)).float())

    # Geometry is taught wherever the bump is high, since the best cell need not be the nearest.
    share = bump * (bump > 0.4) * weight[:, None, None]
    which, row, column = torch.nonzero(share, as_tuple=True)
    share = share[which, row, column]
    found = maps.permute(0, 2, 3, 1)[image[which], row, column].float()
    offset = torch.stack([x[which] - column, y[which] - row], 1)
    squash = torch.stack([q * torch.cos(2 * angle), q * torch.sin(2 * angle)], 1)[which]
    total = share.sum().clamp(min=1)
    mean = lambda error: (error * share).sum() / total
    return dict(
        presence=presence,
        offset=mean(F.smooth_l1_loss(found[:, OFFSET], offset, reduction="none", beta=0.1).sum(1)),
        radius=mean(F.smooth_l1_loss(found[:, LOG_RADIUS.start], (radius / RADIUS).log()[which], reduction="none",
                                     beta=0.02)),
        squash=mean(F.smooth_l1_loss(found[:, SQUASH], squash, reduction="none", beta=0.02).sum(1)),
    )


WEIGHTS = dict(presence=1.0, offset=0.7, radius=4.0, squash=4.0)


def rim_error(one, other):
    """Mean distance between two rims along rays from the second's centre, in units of its radius."""
    clock = np.arange(0, 2 * np.pi, np.pi / 18)

    def matrix(a, b, angle):
        s, c = math.sin(math.radians(angle)), math.cos(math.radians(angle))
        return np.array([[a * c * c + b * s * s, (a - b) * s * c], [(a - b) * s * c, a * s * s + b * c * c]])

    circle = np.stack([np.cos(clock), np.sin(clock)])
    points = matrix(*one[2:5]) @ circle + np.array(one[:2])[:, None] - np.array(other[:2])[:, None]
    return float(np.abs(np.hypot(*(np.linalg.inv(matrix(*other[2:5])) @ points)) - 1).mean())


@torch.no_grad()
def evaluate(model, records, device, autocast, batch=20):
    """Scores on records that were never trained on."""
    model.eval()
    n, errors = collections.Counter(), []
    for start in range(0, len(records), batch):
        part = records[start:start + batch]
        luma = torch.from_numpy(np.stack([p for p, _ in part])).to(device)[:, None].float() / 255
        with autocast():
            maps = model(luma)
        for found, (_, heads) in zip(maps.float().cpu().numpy(), part):
            found = decoding.heads(NET, found, SCORED)
            free = list(range(len(heads)))
            n["heads"] += int((heads[:, 5] > 0).sum())
            for head in found:
                far = [math.hypot(head[1] - heads[j, 0], head[2] - heads[j, 1]) / heads[j, 2] for j in free]
                j = free[int(np.argmin(far))] if free and min(far) < 0.3 else None
                if j is not None:
                    free.remove(j)
                    if heads[j, 5] == 0:
                        continue
                    n["found"] += 1
                    errors.append(rim_error(head[1:], heads[j].tolist()))
                n["said"] += 1
    part = lambda a, b: round(n[a] / max(1, n[b]), 4)
    spread = np.quantile(errors, [0.5, 0.9]).round(4).tolist() if errors else [1.0, 1.0]
    return dict(found=part("found", "heads"), precision=part("found", "said"), rim_error_median=spread[0],
                rim_error_90=spread[1], scenes=len(records), heads=n["heads"])


def main():
    args = arguments(argparse.ArgumentParser(description=__doc__), batch=16, minutes=18, lr=0.02).parse_args()
    torch.manual_seed(args.seed)
    records = held_out(args.renderer, "scenes", args.held_out)
    few = np.stack([p for p, _ in fixed(args.renderer, "scenes", 96, FEW_SEED)])
    trainer = Trainer(NET, Detector(), args, torch.from_numpy(few)[:, None].float() / 255)
    stream = Stream(args.renderer, "scenes", args.seed * 1000 + trainer.step % 1000, args.workers, ahead=256,
                    options=options(args))
    scenes = Pool(stream, "scenes", (SIDE, SIDE), trainer.device, args.pool, args.uses, args.seed)
    facts = lambda: trainer.facts("detector", "scenes_seen", scenes.rendered)
    trainer.train(lambda: batch(scenes, args.batch), losses, WEIGHTS, facts,
                  lambda m: evaluate(m, records, trainer.device, trainer.autocast))
    scenes.close()


if __name__ == "__main__":
    main()
