"""Training refuses what does not fit the program, and says why."""

import json
import os
import subprocess

import pytest

import contract
import renders
import shapes
from conftest import GOLDEN, ROOT
from contract import Contract, Refused

KINDS = {"detector": shapes.detector, "recogniser": shapes.recogniser, "classifier": shapes.classifier}


def doctored(told, kind, place, value):
    """The contract with another number, as another program would print it."""
    one = told["networks"][kind]
    *keys, last = place.split(".")
    part = one["terms"]
    for key in keys:
        part = part[key]
    assert part[last] != value
    part[last] = value
    one["hash"] = contract.sha256(one["terms"])
    return Contract(told)


def manifest(kind):
    return ROOT / f"models/headstamp-{kind}.json"


@pytest.mark.parametrize("kind", KINDS)
def test_the_committed_networks_keep_to_the_contract(told, kind):
    net = KINDS[kind](Contract(told))
    found = net.accepts_manifest(manifest(kind))
    assert found["contract"] == net.hash and found["terms"] == net.terms


@pytest.mark.parametrize(("kind", "place", "value", "reason"), [
    ("recogniser", "input.picture.rows", 84, "input.picture.rows is 84, which is no multiple of 16"),
    ("recogniser", "input.picture.columns_wrap", False, "columns_wrap is False, and training is written for True"),
    ("recogniser", "output.units.cell", 8, "cell is 8, and training is written for 4"),
    ("classifier", "input.picture.side", 36, "side is 36, which is no multiple of 8"),
    ("classifier", "output.units.quarters", 8, "quarters is 8, and training is written for 4"),
    ("detector", "input.picture.side", 400, "side is 400, which is no multiple of 64"),
])
def test_what_the_architecture_rests_on_is_refused(told, kind, place, value, reason):
    with pytest.raises(Refused, match=reason):
        KINDS[kind](doctored(told, kind, place, value))


@pytest.mark.parametrize(("kind", "place", "value", "number"), [
    ("recogniser", "input.picture.outer", 1.05, "input.picture.outer is 1.02 there, 1.05 here"),
    ("recogniser", "input.picture.rows", 96, "input.picture.rows is 80 there, 96 here"),
    ("classifier", "input.picture.least_extent", 8.0, "input.picture.least_extent is 10.0 there, 8.0 here"),
    ("detector", "output.units.radius_unit", 24.0, "output.units.radius_unit is 32.0 there, 24.0 here"),
])
def test_networks_for_another_contract_are_refused(told, kind, place, value, number):
    changed = doctored(told, kind, place, value)
    net = KINDS[kind](changed)
    with pytest.raises(Refused, match=number):
        net.accepts_manifest(manifest(kind))
    # a number of one network leaves the others as they are
    for other in KINDS.keys() - {kind}:
        KINDS[other](changed).accepts_manifest(manifest(other))


def test_checkpoints_are_bound_and_what_is_older_is_taken(told):
    before = shapes.recogniser(Contract(told))
    hash_then, terms_then = before.hash, json.loads(json.dumps(before.terms))
    now = shapes.recogniser(doctored(told, "recogniser", "input.picture.inner", 0.4))
    with pytest.raises(Refused, match="inner is 0.38 there, 0.4 here"):
        now.accepts("checkpoint recogniser.pt", hash_then, terms_then)
    with pytest.raises(Refused, match="does not tell in what"):
        now.accepts("a network", hash_then)
    now.accepts("a network from before there were contracts", None)


def test_a_hash_that_is_not_of_its_terms_is_refused(told):
    told["networks"]["detector"]["terms"]["output"]["units"]["cell"] = 4
    with pytest.raises(Refused, match="not that of its terms"):
        Contract(told)


def test_records_of_another_form_are_refused(told):
    told["records"]["strips"]["label"].reverse()
    with pytest.raises(Refused, match="records of strips"):
        shapes.records(Contract(told), "strips")


def test_renders_of_another_program_are_rendered_anew(tmp_path):
    program, folder = tmp_path / "program", tmp_path / "renders"
    text = f'#!/bin/sh\nmkdir "{folder}" && echo "$@" >> "{tmp_path}/calls"\n'
    program.write_text(text)
    program.chmod(0o755)
    calls = lambda: len((tmp_path / "calls").read_text().splitlines())
    recipe = renders.photographs(str(program), folder, 5, 3)
    assert recipe == "headstamp synth --held-aside --subject single --seed 5 --count 3"
    renders.photographs(str(program), folder, 5, 3)
    assert calls() == 1
    program.write_text(text + "# another renderer\n")
    renders.photographs(str(program), folder, 5, 3)
    assert calls() == 2


@pytest.mark.skipif("HEADSTAMP" not in os.environ, reason="HEADSTAMP names no program")
def test_the_program_prints_this_contract():
    printed = subprocess.run([os.environ["HEADSTAMP"], "model", "contract"], check=True, stdout=subprocess.PIPE).stdout
    assert printed == (GOLDEN / "contract.json").read_bytes()
