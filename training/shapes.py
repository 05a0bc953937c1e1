"""What each network's architecture and losses rest on, checked against the contract before anything is trained.

Needs the standard library alone.
"""

from types import SimpleNamespace

from contract import Refused


def ring(net, place="input.picture"):
    """The strip's geometry: rows, columns, radii of its edges and rows to a radius of the rim."""
    for name, value, reason in (("columns_wrap", True, "columns are wrapped round"),
                                ("columns_run", "clockwise", "turns are told clockwise"),
                                ("first_row", "outside the rim", "outward is up")):
        net.needs(f"{place}.{name}", value, reason)
    rows, columns, outer, inner = (net.number(f"{place}.{name}") for name in ("rows", "columns", "outer", "inner"))
    return SimpleNamespace(rows=rows, columns=columns, outer=outer, inner=inner, rim_rows=rows / (outer - inner))


def recogniser(contract):
    net = contract.network("recogniser")
    net.strip = ring(net)
    net.needs("output.units.cell", 4, "the U-shape ends at a quarter of the strip")
    for side in ("rows", "columns"):
        net.needs_multiple(f"input.picture.{side}", 16, "the U-shape halves the strip four times")
    net.needs_channels(["presence", "class", "turn", "log_size", "offset"])
    return net


def classifier(contract):
    net = contract.network("classifier")
    net.strip = ring(net, "input.picture.strip")
    net.needs("input.picture.views", ["close", "wide"], "each view has a stem of its own")
    net.needs("input.picture.up", "outward at the mark's place", "views are cut so")
    net.needs_multiple("input.picture.side", 8, "the views are halved three times")
    net.needs("output.units.quarters", 4, "turns are taught in steps of 90 degrees")
    net.needs_channels(["reading", "nothing"])
    return net


def detector(contract):
    net = contract.network("detector")
    net.needs("output.units.cell", 8, "the pyramid ends at an eighth of the picture")
    net.needs_multiple("input.picture.side", 64, "the pyramid halves the picture six times")
    net.needs_channels(["heat", "offset", "log_radius", "squash"])
    return net


# What a label tells, in the order in which training reads it.
LABELS = {"strips": ["class", "column", "row", "turn_deg", "height", "width", "weight"],
          "scenes": ["cx", "cy", "a", "b", "angle_deg", "weight"]}
HEADER = [["magic", "u32"], ["rows", "u16"], ["columns", "u16"], ["labels", "u16"], ["nought", "u16"]]


def records(contract, kind):
    """The form of the renderer's records: magic, rows and columns of a picture, numbers a label."""
    form = contract.records[kind]
    if (form["label"], form["header"], form["label_type"]) != (LABELS[kind], HEADER, "f32"):
        raise Refused(f"records of {kind}: the program writes {form['header']} and labels {form['label']}, training reads "
                      f"{HEADER} and {LABELS[kind]}")
    _, _, rows, columns = contract.network("recogniser" if kind == "strips" else "detector").input
    return SimpleNamespace(magic=form["magic"], rows=rows, columns=columns, width=len(form["label"]))
