"""From maps to marks and heads, and from a strip to views of its marks: as in src/marks and src/head, in numpy.

`tests/golden` is computed by both sides. Networks (`net`) are those of shapes.py.
"""

import numpy as np


def ring_distance(a, b, n):
    """Signed way from b to a on a ring of n, shortest."""
    return (a - b + n / 2) % n - n / 2


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, np.float64)))


def peaks(heat, threshold, ring):
    """Rows and columns of cells that are above the threshold (a probability) and no less than their neighbours.

    heat: logits [rows, columns]; columns go round if `ring`. What is not a number is no peak.
    """
    edge = np.full_like(heat[:, :1], -np.inf)
    wide = np.concatenate([heat[:, -1:] if ring else edge, heat, heat[:, :1] if ring else edge], 1)
    tall = np.pad(wide, ((1, 1), (0, 0)), constant_values=-np.inf)
    rows, columns = heat.shape
    near = np.stack([tall[y:y + rows, x:x + columns] for y in range(3) for x in range(3)])
    with np.errstate(invalid="ignore"):
        return np.nonzero((sigmoid(heat) > threshold) & (near <= heat).all(0))


def marks(net, maps, threshold=None):
    """Marks in the maps [channels, rows, columns] of one strip, the surest first.

    Each is (presence, class, column, row, turn in degrees, height, width), lengths in strip pixels.
    """
    maps, by = np.asarray(maps, np.float32), net.decoding
    cell, unit = net.units["cell"], net.units["size_unit"]
    threshold = by["least_presence"] if threshold is None else threshold
    rows, columns = peaks(maps[0], threshold, ring=True)
    at = maps[:, rows, columns]
    finite = np.isfinite(at).all(0)
    rows, columns, at = rows[finite], columns[finite], at[:, finite]
    cosine, sine = at[net.channel("turn")]
    high, wide = at[net.channel("log_size")]
    aside, down = at[net.channel("offset")].clip(-by["most_offset"], by["most_offset"])
    found = np.stack([
        sigmoid(at[0]), at[net.channel("class")].argmax(0), ((columns + aside + 0.5) * cell - 0.5) % net.strip.columns,
        (rows + down + 0.5) * cell - 0.5, np.rad2deg(np.arctan2(sine, cosine)),
        np.exp(high.clip(*by["log_height"])) * unit, np.exp(wide.clip(*by["log_width"])) * unit], 1)
    reach = lambda mark: by["reach"] * min(mark[5], mark[6] * by["wide"])
    kept = []
    for mark in found[(-found[:, 0]).argsort(kind="stable")].tolist():
        far = lambda k: np.hypot(ring_distance(mark[2], k[2], net.strip.columns), mark[3] - k[3])
        if len(kept) < by["most_marks"] and all(
                far(k) > max(by["least_reach"], min(reach(mark), reach(k))) for k in kept):
            kept.append(mark)
    return kept


def on_the_head(net, mark):
    """A mark's place and size on the head: clock in degrees, radius, height and width in units of the rim."""
    _, _, column, row, _, height, width = mark
    rim = net.strip.rim_rows
    clock = ((column + 0.5) * 360 / net.strip.columns) % 360
    return clock, net.strip.outer - (row + 0.5) / rim, height / rim, width / rim


def heads(net, maps, threshold):
    """Heads in the maps [channels, rows, columns] of one picture, best first: (score, cx, cy, a, b, angle in degrees)."""
    maps, by = np.asarray(maps, np.float32), net.decoding
    cell, unit = net.units["cell"], net.units["radius_unit"]
    rows, columns = peaks(maps[0], threshold, ring=False)
    at = maps[:, rows, columns]
    finite = np.isfinite(at).all(0)
    rows, columns, at = rows[finite], columns[finite], at[:, finite]
    dx, dy = at[net.channel("offset")].clip(-by["most_offset"], by["most_offset"])
    (size,) = at[net.channel("log_radius")].clip(-by["most_log_radius"], by["most_log_radius"])
    cosine, sine = at[net.channel("squash")]
    squash = np.hypot(cosine, sine).clip(max=by["most_squash"])
    stretch, radius = np.sqrt((1 + squash) / (1 - squash)), np.exp(size) * unit
    found = np.stack([sigmoid(at[0]), (columns + dx + 0.5) * cell - 0.5, (rows + dy + 0.5) * cell - 0.5,
                      radius * stretch, radius / stretch, np.rad2deg(np.arctan2(sine, cosine)) / 2 % 180], 1)
    kept = []
    for head in found[(-found[:, 0]).argsort(kind="stable")].tolist():
        mean = lambda h: (h[3] * h[4]) ** 0.5
        if len(kept) < by["most_heads"] and all(
                np.hypot(head[1] - k[1], head[2] - k[2]) > by["least_distance"] * max(mean(head), mean(k)) for k in kept):
            kept.append(head)
    return kept


def steps(net):
    """Places of the samples of a view along a side, in units of that side, from its middle."""
    count = net.picture["side"] * net.picture["samples"]
    return [(i + 0.5) / count - 0.5 for i in range(count)]


def places(net, lib, column, row, extent, u, v, reach):
    """Columns and rows of the strip that a view's samples fall on; `lib` is numpy or torch.

    column, row, extent: of the mark, extent in strip rows. u, v: right and down from its middle, in units of the view's
    side. A view is square on the head, not on the strip: up is outward at the mark's place and nothing is bent.
    """
    strip = net.strip
    side = lib.clip(extent, net.picture["least_extent"], net.picture["most_extent"]) * reach
    centre = strip.outer * strip.rim_rows - 0.5
    x, y = u * side, centre - row - v * side
    return column + lib.arctan2(x, y) * (strip.columns / (2 * np.pi)), centre - lib.hypot(x, y)


def views(net, strip, boxes):
    """All views [n, views, side, side] of marks on one strip [rows, columns], luma 0..1.

    boxes [n, 3]: column, row, extent in strip rows.
    """
    rows, columns = strip.shape
    along = np.array(steps(net))
    v, u = np.meshgrid(along, along, indexing="ij")
    side, fine = net.picture["side"], net.picture["samples"]
    out = np.zeros((len(boxes), len(net.picture["reaches"]), side, side))
    for n, (column, row, extent) in enumerate(boxes):
        for view, reach in enumerate(net.picture["reaches"]):
            x, y = places(net, np, column, row, extent, u, v, reach)
            x, y = x % columns, y.clip(0, rows - 1)
            left, upper = np.floor(x).astype(int), np.floor(y).astype(int)
            lower = (upper + 1).clip(max=rows - 1)
            at = lambda r: strip[r, left % columns] * (1 - x + left) + strip[r, (left + 1) % columns] * (x - left)
            sample = at(upper) * (1 - y + upper) + at(lower) * (y - upper)
            out[n, view] = sample.reshape(side, fine, side, fine).mean((1, 3))
    return out
