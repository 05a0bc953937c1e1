"""What both trainings share: layers, optimiser, schedule, average of the weights, checkpoints."""

import argparse
import collections
import contextlib
import copy
import hashlib
import json
import os
import shutil
import signal
import time
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from torch import nn

from contract import PROGRAM
from renders import HELD_OUT_SEED, WORK


class Wrap(torch.autograd.Function):
    """`wrap` with a backward pass in one copy; autograd's own takes three."""

    @staticmethod
    def forward(ctx, x, n):
        ctx.n = n
        return torch.cat([x[..., -n:], x, x[..., :n]], dim=-1)

    @staticmethod
    def backward(ctx, g):
        n = ctx.n
        inner = g[..., n:-n].clone()
        inner[..., :n] += g[..., -n:]
        inner[..., -n:] += g[..., :n]
        return inner, None


def wrap(x, n):
    """Columns continued round the ring by n on both sides. Slices and a concatenation: any engine runs them."""
    if x.requires_grad and not torch.onnx.is_in_onnx_export():
        return Wrap.apply(x, n)
    return torch.cat([x[..., -n:], x, x[..., :n]], dim=-1)


def upsample(x, k):
    """Nearest neighbour; exported as reshape and concatenation, which any engine runs fast."""
    if not torch.onnx.is_in_onnx_export():
        return F.interpolate(x, scale_factor=float(k), mode="nearest")
    n, c, h, w = x.shape
    x = torch.cat([x.reshape(n, c, h, w, 1)] * k, dim=4).reshape(n, c, h, 1, w * k)
    return torch.cat([x] * k, dim=3).reshape(n, c, h * k, w * k)


def box(x, n, ring):
    """Mean over n x n, separably; rows end at the edge, columns go round if `ring`."""
    h = n // 2
    x = F.avg_pool2d(x, (n, 1), 1, (h, 0), count_include_pad=False)
    if ring:
        return F.avg_pool2d(wrap(x, h), (1, n), 1)
    return F.avg_pool2d(x, (1, n), 1, (0, h), count_include_pad=False)


class LocalContrast(nn.Module):
    """Takes away the local mean and divides by the local spread (never less than a part of the whole picture's)."""

    def __init__(self, cell, span, ring):
        super().__init__()
        self.cell, self.span, self.ring = cell, span, ring

    def forward(self, x):
        small = F.avg_pool2d(x, self.cell)
        square = F.avg_pool2d(x * x, self.cell)
        mean = box(small, self.span, self.ring)
        spread = (box(square, self.span, self.ring) - mean * mean).clamp(min=0)
        floor = spread.mean(dim=(2, 3), keepdim=True) * 0.1 + 2e-5
        inverse = 1.0 / torch.sqrt(spread + floor)
        return ((x - upsample(mean, self.cell)) * upsample(inverse, self.cell)).clamp(-4, 4)


class ConvNorm(nn.Module):
    """Convolution and batch norm. Rows are padded with zeros; columns too, unless `ring` (then the caller wraps)."""

    def __init__(self, a, b, k=3, stride=1, ring=False, dilation=1):
        super().__init__()
        p = k // 2
        pad = (p, 0) if ring else (p * dilation, p * dilation)
        self.conv = nn.Conv2d(a, b, k, stride, pad, dilation=(1, dilation) if ring else dilation, bias=False)
        self.norm = nn.BatchNorm2d(b, momentum=0.02)

    def forward(self, x):
        return self.norm(self.conv(x))


class Block(nn.Module):
    """Residual block of two 3x3 convolutions; on the ring, columns are wrapped once for both."""

    def __init__(self, c, ring=False, dilation=1):
        super().__init__()
        self.ring, self.reach = ring, 2 * dilation
        self.one = ConvNorm(c, c, ring=ring, dilation=dilation)
        self.two = ConvNorm(c, c, ring=ring, dilation=dilation)
        nn.init.constant_(self.two.norm.weight, 0.3)

    def forward(self, x):
        y = wrap(x, self.reach) if self.ring else x
        return F.relu(x + self.two(F.relu(self.one(y))))


def fold(model):
    """The model with every batch norm folded into its convolution."""
    model = copy.deepcopy(model).eval()
    for module in model.modules():
        if isinstance(module, ConvNorm):
            module.conv = nn.utils.fusion.fuse_conv_bn_eval(module.conv, module.norm)
            module.norm = nn.Identity()
    return model


def published(path):
    """The weights in an ONNX file, by name."""
    return {i.name: torch.from_numpy(onnx.numpy_helper.to_array(i).copy()) for i in onnx.load(path).graph.initializer}


def manifest(path):
    """The manifest beside an ONNX file."""
    return json.loads(Path(path).with_suffix(".json").read_text("utf-8"))


def earlier(path):
    """What the manifest beside an ONNX file says of its training."""
    found = manifest(path)
    return found["training"] | {"went_on_from": found["sha256"]}


# Where a character begins that the published network does not know, beside the mean of those that it does: seldom said,
# until it is learnt.
UNLIKELY = -4.0


def widened(state, outputs, before, net):
    """Published weights for a larger alphabet: rows of the last convolution by what they say, new ones nearly silent.

    `outputs(classes)` names the channels of a network with these classes. Also tells which of the rows are new.
    """
    now = net.classes
    rows = {name: i for i, name in enumerate(outputs([net.renamed.get(c, c) for c in before]))}
    fresh = torch.tensor([name not in rows for name in outputs(now)])
    weight, bias, names = state["out.weight"], state["out.bias"], outputs(now)
    known = [i for name, i in rows.items() if name not in outputs([])]
    new_weight = weight[known].mean(0) + 0.1 * weight.std() * torch.randn(len(names), *weight.shape[1:])
    new_bias = torch.full((len(names),), float(bias[known].mean()) + UNLIKELY)
    for i, name in enumerate(names):
        if name in rows:
            row = rows.pop(name)
            new_weight[i], new_bias[i] = weight[row], bias[row]
    assert not rows, f"the published network knows what this one does not: {list(rows)}"
    return state | {"out.weight": new_weight, "out.bias": new_bias}, fresh


@torch.no_grad()
def unfold(model, state, luma):
    """Fills a fresh model from folded weights, so that training can go on from a published network.

    Every batch norm is set to what its convolution gives on `luma`: the model then computes what the folded one does,
    in training and in use. Rows of the convolutions are scaled to norm 1, where Muon's rate is at home; the norm undoes it.
    Blocks that the published network lacks pass on what they get until they have learnt.
    """
    state = first_of_stage(state, model)
    for module in model.modules():
        if isinstance(module, ConvNorm):
            module.norm.register_forward_pre_hook(take_over)
    plain = {k: v for k, v in state.items() if k in dict(model.named_parameters())}
    model.load_state_dict(plain, strict=False)
    for name, module in model.named_modules():
        if isinstance(module, ConvNorm):
            if f"{name}.conv.weight" not in state:
                module.norm.folded = torch.full((module.norm.num_features,), float(name.endswith(".one"))), 0.0
                continue
            weight = state[f"{name}.conv.weight"]
            size = weight.flatten(1).norm(dim=1).clamp(min=1e-6)
            module.conv.weight.copy_(weight / size[:, None, None, None])
            module.norm.folded = size, state[f"{name}.conv.bias"]
    model.eval()
    model(luma)
    for module in model.modules():
        if isinstance(module, ConvNorm):
            module.norm._forward_pre_hooks.clear()


def take_over(norm, inputs):
    """Makes a batch norm scale by its folded size and add its folded bias, whatever comes in."""
    size, bias = norm.folded
    (x,) = inputs
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(var)
    norm.weight.copy_(size * (var + norm.eps).sqrt())
    norm.bias.copy_(bias + size * mean)


def first_of_stage(state, model):
    """Published weights under the names of a network in which a block that stood alone is the first of several."""
    names = {name for name, _ in model.named_modules()}

    def renamed(name):
        stage, rest = name.split(".", 1)
        return f"{stage}.0.{rest}" if f"{stage}.0.one" in names and rest.split(".")[0] in ("one", "two") else name

    return {renamed(name) if "." in name else name: v for name, v in state.items()}


def focal(logit, target, peak, mask):
    """CenterNet's loss on a map of peaks, a mean over peaks. `peak` is 1 (or a weight) on peak cells, 0 elsewhere."""
    logit = logit.float()
    p = torch.sigmoid(logit)
    on = F.softplus(-logit) * (1 - p) ** 2 * peak
    off = F.softplus(logit) * p**2 * (1 - target) ** 4 * (peak == 0)
    return ((on + off) * mask).sum() / peak.sum().clamp(min=1)


def orthogonal(g, fast):
    """Nearest matrices with orthogonal rows, about, by five Newton-Schulz steps. g: [count, rows, columns]."""
    turned = g.shape[1] > g.shape[2]
    x = g.transpose(1, 2) if turned else g
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    if fast:
        x = x.bfloat16()
    for _ in range(5):
        a = x @ x.transpose(1, 2)
        b = -4.7750 * a + 2.0315 * (a @ a)
        x = 3.4445 * x + b @ x
    return (x.transpose(1, 2) if turned else x).float()


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal, for convolution weights; equal shapes go through the iteration together."""

    def __init__(self, parameters, lr, fast, momentum=0.95, weight_decay=0.02):
        self.fast = fast
        super().__init__(list(parameters), dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for p in group["params"]:
                if p.grad is not None:
                    shapes.setdefault((p.shape[0], p[0].numel()), []).append(p)
            for (rows, columns), same in shapes.items():
                gradients = []
                for p in same:
                    state = self.state[p]
                    if not state:
                        state["momentum"] = torch.zeros_like(p)
                    m = state["momentum"]
                    m.lerp_(p.grad, 1 - group["momentum"])
                    gradients.append(p.grad.lerp(m, group["momentum"]).reshape(rows, columns))
                updates = orthogonal(torch.stack(gradients), self.fast)
                scale = group["lr"] * max(1.0, rows / columns) ** 0.5
                for p, u in zip(same, updates):
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                    p.add_(u.reshape(p.shape), alpha=-scale)


# Steps in which only the outputs of new characters learn, and how much faster than the rest later: what they ask for at
# first would undo what the network knows.
SETTLING, SETTLING_RATE = 200, 30.0
# Steps in which the rate rises.
WARM_UP = 100


class Trainer:
    """The loop round a model: optimisers, wall-clock schedule, average of the weights, checkpoints, signals."""

    def __init__(self, net, model, args, luma, outputs=None):
        """`net` is the contract, `luma` sets the norms of a network that goes on from a published one, `outputs` names its
        channels."""
        self.net, self.args = net, args
        name = net.kind
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.set_num_threads(args.threads)
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.benchmark = True
        self.settling, self.fresh = 0, None
        if args.start:
            before = net.accepts_manifest(Path(args.start).with_suffix(".json"))
            state = published(args.start)
            if outputs:
                state, self.fresh = widened(state, outputs, before["alphabet"], net)
                self.settling = SETTLING if self.fresh.any() else 0
            unfold(model, state, luma)
        # what a training over confirmed heads goes on from, and keeps a share of
        self.origin = copy.deepcopy(model.state_dict()) if args.start and args.confirmed else None
        self.model = model.to(self.device, memory_format=torch.channels_last)
        self.forward = torch.compile(self.model) if args.compile else self.model
        self.ema = copy.deepcopy(self.model).eval()
        inner = [p for n, p in model.named_parameters() if p.ndim == 4 and not n.startswith(("stem.0", "out"))]
        ids = {id(p) for p in inner}
        rest = [p for p in model.parameters() if id(p) not in ids]
        if args.confirmed:
            # Muon's steps are of one size however little there is to learn: over few heads what is known is lost to them
            self.muon = torch.optim.AdamW(inner, args.lr, betas=(0.9, 0.98), weight_decay=1e-4)
        else:
            self.muon = Muon(inner, args.lr, fast=self.device.type != "cpu" or args.bf16)
        self.adam = torch.optim.AdamW(rest, args.lr_rest, betas=(0.9, 0.98), weight_decay=1e-4)
        self.step, self.spent, self.scores = 0, 0.0, {}
        self.history = earlier(args.start) if args.start else {}
        self.path = Path(args.work) / f"{name}.pt"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.stopped, self.first = False, 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        if args.resume and self.path.exists():
            self._load(torch.load(self.path, map_location=self.device, weights_only=True))
        self.since = self.saved = time.monotonic()
        self.log(f"{name}: {sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters on {self.device}, "
                 f"{args.threads} threads, step {self.step}, {self.minutes():.1f} of {args.minutes} minutes spent")

    def _stop(self, *_):
        self.stopped = True

    def log(self, text):
        line = time.strftime("%H:%M:%S ") + text
        print(line, flush=True)
        with open(self.path.with_suffix(".log"), "a") as file:
            file.write(line + "\n")

    def facts(self, recipe, pictures, rendered):
        """What the manifest will say, over all resumed runs and the training that this one went on from."""
        before = {k: self.history.get(k, 0) for k in (pictures, "renders", "steps")}
        steps = self.step - self.first
        started = {k: v for k, v in self.history.items() if k == "went_on_from"}
        if self.args.confirmed:
            records = (Path(self.args.confirmed) / "train.strips").read_bytes()
            started |= {"confirmed": hashlib.sha256(records).hexdigest(), "share": self.args.share, "keep": self.args.keep}
        return started | {
            "recipe": recipe, "batch": self.args.batch, "seed": self.args.seed, "fonts": bool(self.args.fonts),
            "held_out_seed": HELD_OUT_SEED, pictures: before[pictures] + steps * self.args.batch,
            "renders": before["renders"] + rendered, "steps": before["steps"] + steps,
            "minutes": round(self.spent / 60, 1), "device": str(self.device), "torch": str(torch.__version__)}

    def part(self):
        """Share of the budget that is spent, 0..1."""
        return min(1.0, self.minutes() / self.args.minutes)

    def minutes(self):
        return (self.spent + (time.monotonic() - self.since if hasattr(self, "since") else 0)) / 60

    def done(self):
        return self.stopped or self.minutes() >= self.args.minutes

    def autocast(self):
        if self.device.type == "cpu" and not self.args.bf16:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def rate(self):
        """Learning rate, 1 = full: a short warm-up, full until a third of the time, then straight down to nothing."""
        steps = self.step + 1 if self.step < self.settling else self.step + 1 - self.settling
        return min(1.0, steps / WARM_UP) * min(1.0, (1 - self.part()) / 0.7)

    def update(self, loss):
        loss.backward()
        rate = self.rate()
        if self.step < self.settling:
            rate *= SETTLING_RATE
            for p in self.model.out.parameters():
                p.grad[~self.fresh] = 0
        for optimiser, full in ((self.muon, self.args.lr), (self.adam, self.args.lr_rest)):
            for group in optimiser.param_groups:
                group["lr"] = full * rate
        nn.utils.clip_grad_norm_(self.adam.param_groups[0]["params"], 5.0)
        self.muon.step()
        self.adam.step()
        self.muon.zero_grad()
        self.adam.zero_grad()
        self.step += 1
        keep = min(0.998, 1 - 1 / (1 + self.step / 10))
        with torch.no_grad():
            ours = [v for v in self.ema.state_dict().values() if v.is_floating_point()]
            theirs = [v for v in self.model.state_dict().values() if v.is_floating_point()]
            torch._foreach_lerp_(ours, theirs, 1 - keep)

    def train(self, batch, losses, weights, facts, evaluate):
        """Until the budget is spent or a signal comes: steps, a line each hundred, scores and checkpoints."""

        def score():
            self.scores = evaluate(self.ema)
            self.log(f"held out after {self.minutes():.1f} min, step {self.step}: "
                     + ", ".join(f"{k} {v}" for k, v in self.scores.items()))

        def lap():
            return collections.Counter(), time.monotonic(), self.step, 0.0

        sums, since, first, waited = lap()
        scored = time.monotonic()
        self.model.train()
        if self.args.confirmed:
            # few heads of one light and metal say little of means and spreads: the norms stay as they are
            for module in self.model.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()
        while not self.done():
            for name, p in self.model.named_parameters():
                p.requires_grad_(self.step >= self.settling or name.startswith("out"))
            begin = time.monotonic()
            luma, labels = batch()
            waited += time.monotonic() - begin
            with self.autocast():
                maps = self.forward(luma)
            parts = losses(maps, labels)
            self.update(sum(weights[k] * v for k, v in parts.items()))
            for k, v in parts.items():
                sums[k] += v.detach()
            if self.step % 100 == 0:
                now, steps = time.monotonic(), self.step - first
                self.log(f"step {self.step} {self.minutes():.1f} min rate {self.rate():.2f} "
                         + " ".join(f"{k} {float(v) / steps:.3f}" for k, v in sums.items())
                         + f" | {steps * self.args.batch / (now - since):.1f} pictures/s, "
                         + f"waited {waited / (now - since):.0%}")
                sums, since, first, waited = lap()
            if time.monotonic() - scored > self.args.evaluate * 60:
                score()
                sums, since, first, waited = lap()
                scored = time.monotonic()
            if time.monotonic() - self.saved > 180:
                self.save(facts())
        if self.origin and not self.stopped:
            self.blend(self.args.keep)
        self.save(facts())
        if not self.stopped:
            score()
            self.save(facts())

    def blend(self, keep):
        """The average of the weights with a share of those that the training went on from: it knows nearly all of both."""
        with torch.no_grad():
            for name, value in self.ema.state_dict().items():
                if value.is_floating_point():
                    value.lerp_(self.origin[name].to(value.device, value.dtype), keep)

    def save(self, facts):
        now = time.monotonic()
        self.spent, self.since, self.saved = self.spent + now - self.since, now, now
        state = dict(model=self.model.state_dict(), ema=self.ema.state_dict(), muon=self.muon.state_dict(),
                     adam=self.adam.state_dict(), step=self.step, spent=self.spent, scores=self.scores,
                     facts=facts, contract=dict(hash=self.net.hash, terms=self.net.terms))
        partial = self.path.with_suffix(".partial")
        torch.save(state, partial)
        os.replace(partial, self.path)

    def _load(self, state):
        made_for = state.get("contract", {})
        self.net.accepts(f"checkpoint {self.path}", made_for.get("hash"), made_for.get("terms"))
        self.model.load_state_dict(state["model"])
        self.ema.load_state_dict(state["ema"])
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])
        self.step, self.spent, self.scores = state["step"], state["spent"], state["scores"]
        self.first, self.history = self.step, state["facts"]


def options(args):
    """What every renderer is told."""
    return ["--fonts", args.fonts] if args.fonts else []


def arguments(parser, batch, minutes, lr):
    parser.add_argument("--renderer", default=str(PROGRAM))
    parser.add_argument("--minutes", type=float, default=minutes, help="wall-clock budget, over all resumed runs")
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--lr", type=float, default=lr, help="rate of the convolutions (Muon)")
    parser.add_argument("--lr-rest", type=float, default=3e-3, help="rate of everything else (AdamW)")
    parser.add_argument("--seed", type=int, default=1, help="of renders and training, from 1")
    parser.add_argument("--workers", type=int, default=1, help="renderers at a time")
    parser.add_argument("--fonts", help="folder of further typefaces, beside those of the renderer")
    parser.add_argument("--uses", type=int, default=1, help="times each render is used, or more where rendering is slower")
    parser.add_argument("--pool", type=int, default=2048, help="renders that are kept to draw from")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    # Without instructions for bf16 a processor is several times slower with it than with float32.
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=torch.cpu._is_avx512_bf16_supported())
    # Compiled, recogniser and classifier learn 1.4 and 1.8 times as fast on a core with bf16.
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=bool(shutil.which("g++")))
    parser.add_argument("--start", help="ONNX file to go on from, where there is no checkpoint to resume")
    parser.add_argument("--evaluate", type=float, default=6, help="minutes between evaluations")
    parser.add_argument("--held-out", type=int, default=500)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--confirmed", help="folder of `headstamp dataset --format records`: heads to learn from, beside renders")
    parser.add_argument("--keep", type=float, default=0.25,
                        help="share of the weights gone on from in those that come out, of a training over confirmed heads")
    parser.add_argument("--share", type=float, default=0.5, help="of what is learnt from, how much are those")
    parser.add_argument("--work", default=str(WORK))
    return parser
