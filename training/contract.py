"""What the networks must keep to: `headstamp model contract`, the only source of geometry, views, alphabet and thresholds.

Needs the standard library alone. HEADSTAMP_CONTRACT names a file to read instead of asking the program, HEADSTAMP another
program than target/release/headstamp.
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/release/headstamp"
# The newest form of the contract that is understood here.
SCHEMA = 1


class Refused(SystemExit):
    """What is at hand does not fit together; ends a script with the reason."""


def canonical(value):
    """JSON with sorted keys, no spaces and UTF-8 as it is: what hashes are of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(value):
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def differences(theirs, ours, place=""):
    """What differs between two sets of terms, each named by its place, with both values."""
    if type(theirs) is type(ours) and theirs == ours:
        return []
    inner = lambda key: f"{place}.{key}" if place else str(key)
    if isinstance(theirs, dict) and isinstance(ours, dict):
        keys = sorted(theirs.keys() | ours.keys())
        return [d for k in keys for d in differences(theirs.get(k), ours.get(k), inner(k))]
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        return [d for i, (a, b) in enumerate(zip(theirs, ours)) for d in differences(a, b, inner(i))]
    text = lambda v: "missing" if v is None else json.dumps(v, ensure_ascii=False)
    return [f"{place} is {text(theirs)} there, {text(ours)} here"]


class Network:
    """The contract of one kind of network."""

    def __init__(self, kind, told):
        self.kind, self.hash, self.terms, self.decoding = kind, told["hash"], told["terms"], told["decoding"]
        if sha256(self.terms) != self.hash:
            raise Refused(f"the {kind}'s contract: its hash {self.hash[:12]} is not that of its terms")
        self.input, self.output = tuple(told["input"]), tuple(told["output"])
        self.picture, self.units = self.terms["input"]["picture"], self.terms["output"]["units"]
        classes = told["classes"] or dict(names=None, renamed={}, tokens={})
        self.classes, self.renamed, self.tokens = classes["names"], classes["renamed"], classes["tokens"]
        # as manifests tell them: name, first, count, activation
        self.channels = told["channels"]

    def channel(self, name):
        """The channels of a name."""
        (found,) = (c for c in self.channels if c["name"] == name)
        return slice(found["first"], found["first"] + found["count"])

    def number(self, place):
        """A number of the terms by its place, such as `input.picture.rows`."""
        value = self.terms
        for key in place.split("."):
            value = value[key]
        return value

    def needs(self, place, value, reason):
        """Refuses another value than the one that this side is written for."""
        found = self.number(place)
        if found != value:
            raise Refused(f"the {self.kind}'s contract: {place} is {found}, and training is written for {value}: {reason}")

    def needs_multiple(self, place, of, reason):
        """Refuses a number that is no multiple."""
        found = self.number(place)
        if found % of:
            raise Refused(f"the {self.kind}'s contract: {place} is {found}, which is no multiple of {of}: {reason}")

    def needs_channels(self, names):
        """Refuses other channels than those that the losses are written for."""
        found = [c["name"] for c in self.channels]
        if found != names:
            raise Refused(f"the {self.kind}'s contract: its channels are {', '.join(found)}, and training is written for "
                          f"{', '.join(names)}")

    def accepts(self, what, found, terms=None):
        """Refuses what was made for another contract, such as a checkpoint or a published network.

        `found` is the hash it was made for; without one it was made before there were contracts, and is taken as it is.
        """
        if found in (None, self.hash):
            return
        told = "it does not tell in what"
        if terms is not None and sha256(terms) == found:
            told = "; ".join(differences(terms, self.terms))
        raise Refused(f"{what} was made for another contract ({found[:12]}, here {self.hash[:12]}): {told}. "
                      "Train anew from nothing, or with the program that it was made for.")

    def accepts_manifest(self, path):
        """Refuses a published network, by its manifest, that was made for another contract."""
        manifest = json.loads(Path(path).read_text("utf-8"))
        self.accepts(f"{path}", manifest.get("contract"), manifest.get("terms"))
        return manifest


class Contract:
    """All of it."""

    def __init__(self, told):
        if told.get("schema", 0) > SCHEMA:
            raise Refused(f"the contract has version {told['schema']}, newer than this side, {SCHEMA}")
        self.told = told
        self.networks = {kind: Network(kind, one) for kind, one in told["networks"].items()}
        self.records = told["records"]

    def network(self, kind):
        if kind not in self.networks:
            raise Refused(f"the contract knows no {kind}")
        return self.networks[kind]


def load(program=None):
    """The contract of a program, or of the file that HEADSTAMP_CONTRACT names."""
    if file := os.environ.get("HEADSTAMP_CONTRACT"):
        return Contract(json.loads(Path(file).read_text("utf-8")))
    program = str(program or os.environ.get("HEADSTAMP") or PROGRAM)
    try:
        done = subprocess.run([program, "model", "contract"], check=True, stdout=subprocess.PIPE)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Refused(f"{program} model contract: {problem}; build it first: cargo build --release --locked") from None
    return Contract(json.loads(done.stdout))
