"""The text of `calibrated.yaml`: the corridor's numbers moved to the most likely ones, and what they were made from."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

import numpy as np

from pushpull.calibration.plan import Plan
from pushpull.calibration.simulate import Simulator
from pushpull.calibration.start_from_record import left_over
from pushpull.posterior import Posterior
from pushpull.preparation import integrator
from pushpull.scenario.calibrated import CALIBRATED, with_digests
from pushpull.scenario.fitted_numbers import own_values, parts, with_calibrated
from pushpull.scenario.schedules import TimePath

MOVED = 0.1  # of a prior standard deviation at the most likely numbers, or
NARROWED = 0.05  # of the prior variance there: where the record did less, the corridor's own number stays


def calibrated_text(plan: Plan, simulator: Simulator, posterior: Posterior, drawn: bytes) -> str:
    """The numbers that a fit puts in the place of the corridor's own, and what it left over where the plan asks for
    that; `drawn` is the posterior's file.

    Which numbers move is decided at the most likely ones, by how far the record takes them and how much narrower the
    slopes there make them; chance among the draws has no part in it.
    """
    scenario = plan.scenario
    there = dict(zip(integrator().layout.constants, simulator.constants(posterior.reference), strict=True))
    lines = [
        "# Written by `pushpull fit`: the corridor's numbers moved to the most likely ones, where the record",
        f"# moved them by {MOVED:g} prior standard deviations or took {NARROWED:.0%} off their variance there.",
        "# They stand in the place of those in corridor.yaml.",
    ]
    numbers = ["parameters:"]
    labels = scenario.corridor.members
    moved = zip(plan.unknowns, posterior.reference, simulator.anchors, strict=True)
    names = list(dict.fromkeys(unknown.prior.id for unknown, draw, anchor in moved if draw != anchor))
    for name in names:
        over = scenario.catalogue.parameters[name].over
        elements = there[name].reshape([len(each) for each in labels.values()])
        if over:
            own = np.moveaxis(elements, tuple(labels).index(over), 0).reshape(len(labels[over]), -1)[:, 0]
            value = "{" + ", ".join(f"{key}: {_number(one)}" for key, one in zip(labels[over], own, strict=True)) + "}"
        else:
            value = _number(elements.flat[0])
        numbers.append(f"  {name}: {value}")
    head = "\n".join(lines) + "\n" + made_from_text(plan)
    body = "\n".join(numbers) + "\n" + own_text(plan, names)
    if plan.left_over is None:
        return with_digests(head, body, drawn)
    fitted = with_calibrated(
        scenario.corridor, with_digests(head, body, drawn).encode(), CALIBRATED, scenario.catalogue
    )
    found = left_over(dataclasses.replace(scenario, corridor=fitted), plan.left_over)
    return with_digests(head, body + left_over_text(found), drawn)


def left_over_text(found: Mapping[str, TimePath | Mapping[str, TimePath]]) -> str:
    """What the fit left over, as the drivers of a corridor are written."""
    lines = [
        "# What the structure leaves over of the last years; it fades after them. No fit reads it, and no evaluation.",
        "context:",
    ]
    for name, paths in found.items():
        if isinstance(paths, Mapping):
            lines += [f"  {name}:", *(f"    {origin}: {_table(path)}" for origin, path in paths.items())]
        else:
            lines.append(f"  {name}: {_table(paths)}")
    return "\n".join(lines) + "\n"


def _table(path: TimePath) -> str:
    (span,) = path
    points = ", ".join(f"{time!r}: {_number(value)}" for time, value in zip(span.times, span.values, strict=True))
    return f"{{table: {{{points}}}}}"


def made_from_text(plan: Plan) -> str:
    """What the numbers were made from, so that a change since can be seen."""
    lines = ["# What they were made from, in hashes: where one differs today, every command says so.", "made_from:"]
    digests = parts(plan.scenario.corridor, plan.scenario.catalogue)
    return "\n".join([*lines, *(f'  {name}: "{digest}"' for name, digest in digests.items())]) + "\n"


def own_text(plan: Plan, names: list[str]) -> str:
    """The corridor's own numbers that were moved, so that an edit since can be seen and counts."""
    lines = ["# The corridor's own numbers at the fit: where one has been edited since, the edit counts.", "own: |"]
    own = own_values(plan.scenario.corridor, plan.scenario.catalogue, names)
    for name, values in own.items():
        lines.append(f"  {name}: {json.dumps(values[None] if None in values else dict(values))}")
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return f"{value:.6g}".replace("e+0", "e+").replace("e-0", "e-")
