"""A fit from plan to posterior file."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import numpy as np

from model.files import write_whole
from model.running import versions
from model.scenario import Scenario
from model.scenario.calibrated import CALIBRATED, with_digests

from .likelihood import Target
from .plan import Plan, read_plan
from .posterior import FILE, Posterior
from .sampling import Draws, Progress, Summit, find_summit, sample
from .simulate import moved

DRAWS = 400
MOVED = 0.1  # of a prior standard deviation, or
NARROWED = 0.05  # of the prior variance: where the record did less, the corridor's own number stays
PARTIAL = "posterior.partial"
HEAD = f"""\
# Written by `pushpull fit`: the corridor's numbers moved to the most likely ones, where the record
# moved them by {MOVED:g} prior standard deviations or took {NARROWED:.0%} off their variance.
# They stand in the place of those in corridor.yaml.
"""


def fit(
    scenario: Scenario,
    folder: Path | None = None,
    seed: int = 1,
    draws: int = DRAWS,
    progress: Progress | None = None,
) -> Posterior:
    """Fit a scenario's corridor to its record and write `posterior.nc` and `calibrated.yaml` into `folder`.

    The folder is the corridor's own where none is given. An interrupted fit leaves a partial file there and goes on
    from it when called with the same plan and seed.
    """
    plan = read_plan(scenario)
    folder = Path(folder) if folder is not None else scenario.corridor.folder
    folder.mkdir(parents=True, exist_ok=True)
    target = Target(plan)
    summit = find_summit(target, progress)
    key = hashlib.sha256(f"{plan.digest} {seed}".encode() + summit.place.tobytes()).hexdigest()
    partial = folder / PARTIAL
    found = sample(target, summit, draws, seed, partial, key, progress)
    posterior = _posterior(plan, target, summit, found, seed)
    numbers = _calibrated_text(plan, target, posterior)
    written = posterior.save(folder / FILE)
    write_whole(folder / CALIBRATED, with_digests(HEAD, numbers, written.read_bytes()))
    partial.unlink(missing_ok=True)
    return posterior


def _posterior(plan: Plan, target: Target, summit: Summit, found: Draws, seed: int) -> Posterior:
    scores = found.scores.astype(np.float32).astype(float)
    likeliest = target.simulator.draws(summit.place[None])[0]
    informed = (np.abs(summit.place) >= MOVED) | (1 - scores.var(axis=0) >= NARROWED)
    provenance = {
        "plan": plan.digest,
        "corridor": plan.scenario.corridor.id,
        "until": plan.until,
        "seed": seed,
        "draws": len(scores),
        "misfit_at_the_mode": round(summit.misfit, 2),
        "misfit_of_draws_median": round(float(np.median(found.misfit)), 2),
        "misfit_of_draws_largest": round(float(found.misfit.max()), 2),
        "values_fitted": len(target.group),
        "method": "randomised maximum likelihood: a Levenberg-Marquardt search for each draw, started around the mode",
        "versions": versions(),
        "made": datetime.date.today().isoformat(),
    }
    return Posterior(
        parameters=plan.names,
        draws=target.simulator.draws(scores),
        weights=np.full(len(scores), 1 / len(scores)),
        reference=np.where(informed, likeliest, target.simulator.anchors),
        scores=scores,
        records=(*(record.series for record in plan.fitted), *(effect.experiment.id for effect in plan.effects)),
        errors=np.tile(target.errors, (len(scores), 1)),
        provenance=provenance,
    )


def _calibrated_text(plan: Plan, target: Target, posterior: Posterior) -> str:
    """The corridor's own numbers moved to the most likely ones, as `calibrated.yaml` says them."""
    simulator, corridor = target.simulator, plan.scenario.corridor
    own = simulator.base[simulator.rows]
    there = moved(own, posterior.reference, simulator.anchors, simulator.low, simulator.high)
    lines = ["parameters:"]
    routes = tuple(corridor.routes)
    for place, name in enumerate(plan.names):
        if posterior.reference[place] == simulator.anchors[place]:
            continue
        over = plan.scenario.catalogue.parameters[name].over
        elements = there[place].reshape(2, len(routes))
        if over == "route":
            value = "{" + ", ".join(f"{route}: {_number(elements[0, k])}" for k, route in enumerate(routes)) + "}"
        elif over == "population":
            value = f"{{labour: {_number(elements[0, 0])}, protection: {_number(elements[1, 0])}}}"
        else:
            value = _number(elements[0, 0])
        lines.append(f"  {name}: {value}")
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return f"{value:.6g}".replace("e+0", "e+").replace("e-0", "e-")
