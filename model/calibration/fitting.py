"""A fit from plan to posterior file."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import numpy as np

from model.running import versions
from model.scenario import Scenario

from .likelihood import Target
from .plan import Plan, read_plan
from .posterior import FILE, Posterior
from .sampling import SETTLING_STEPS, Chains, Progress, Summit, coordinates_of, find_summit, reshape, sample
from .simulate import moved
from .writing import write_whole

CHAINS = 48
STEPS = 2500
BURN_IN = SETTLING_STEPS
DRAWS = 1000
MOVED = 0.35  # of a prior standard deviation, or
NARROWED = 0.1  # of the prior variance: where the record did less, the corridor's own number stays
PARTIAL = "posterior.pilot.partial.npz"
MAIN = "posterior.main.partial.npz"
PILOT = 0.4  # length of the pilot chains that shape the proposal, against the main ones
CALIBRATED = "calibrated.yaml"


def fit(
    scenario: Scenario,
    folder: Path | None = None,
    seed: int = 1,
    chains: int = CHAINS,
    steps: int = STEPS,
    draws: int = DRAWS,
    progress: Progress | None = None,
) -> Posterior:
    """Fit a scenario's corridor to its record and write `posterior.nc` and `calibrated.yaml` into `folder`.

    The folder is the corridor's own where none is given. An interrupted fit leaves a partial file there and goes on
    from it when called with the same plan, seed, chains and draws.
    """
    plan = read_plan(scenario)
    folder = Path(folder) if folder is not None else scenario.corridor.folder
    folder.mkdir(parents=True, exist_ok=True)
    target = Target(plan)
    summit = find_summit(target, progress)
    key = hashlib.sha256(f"{plan.digest} {seed} {chains}".encode() + summit.place.tobytes()).hexdigest()
    partial = folder / PARTIAL
    first = sample(target, summit, chains, max(round(PILOT * steps), 2), seed, partial, key, progress)
    settled = coordinates_of(first.states[-1].astype(float), summit, target.unknowns)
    summit = reshape(summit, first, target.dimensions)
    main = folder / MAIN
    run = sample(target, summit, chains, steps, seed + 1, main, key + " main", progress, start=settled)
    posterior = _posterior(plan, target, summit, run, seed, draws)
    posterior.save(folder / FILE)
    write_whole(folder / CALIBRATED, lambda path: path.write_text(_calibrated_text(plan, target, posterior), "utf-8"))
    partial.unlink(missing_ok=True)
    main.unlink(missing_ok=True)
    return posterior


def _posterior(plan: Plan, target: Target, summit: Summit, run: Chains, seed: int, draws: int) -> Posterior:
    kept = run.states[round(BURN_IN * len(run.states)) :]
    coordinates = coordinates_of(kept.astype(float), summit, target.unknowns)
    convergence = _split_r_hat(coordinates)
    flat = coordinates.reshape(-1, coordinates.shape[-1])
    chosen = flat[np.linspace(0, len(flat) - 1, min(draws, len(flat))).round().astype(int)]
    scores = chosen[:, : target.unknowns].astype(np.float32).astype(float)
    values = target.simulator.draws(scores)
    middle = target.simulator.draws(scores.mean(axis=0)[None])[0]
    anchors = target.simulator.anchors
    informed = (np.abs(scores.mean(axis=0)) >= MOVED) | (1 - scores.var(axis=0) >= NARROWED)
    provenance = {
        "plan": plan.digest,
        "corridor": plan.scenario.corridor.id,
        "until": plan.until,
        "seed": seed,
        "chains": run.states.shape[1],
        "steps": run.states.shape[0],
        "burn_in": BURN_IN,
        "accepted": round(run.accepted, 4),
        "stride": run.stride,
        "r_hat_largest": round(float(convergence.max()), 4),
        "r_hat_above_1.05": int((convergence > 1.05).sum()),
        "method": "Metropolis-Hastings (emcee) with a preconditioned Crank-Nicolson proposal around the mode",
        "versions": versions(),
        "made": datetime.date.today().isoformat(),
    }
    return Posterior(
        parameters=plan.names,
        draws=values,
        weights=np.full(len(values), 1 / len(values)),
        reference=np.where(informed, middle, anchors),
        scores=scores,
        records=tuple(record.series for record in plan.fitted),
        errors=target.errors_of(chosen),
        provenance=provenance,
    )


def _split_r_hat(coordinates: np.ndarray) -> np.ndarray:
    """Gelman and Rubin's convergence figure of split chains, for every dimension; one is converged."""
    half = len(coordinates) // 2
    parts = np.concatenate([coordinates[:half], coordinates[half : 2 * half]], axis=1)
    within = parts.var(axis=0, ddof=1).mean(axis=0)
    between = parts.mean(axis=0).var(axis=0, ddof=1)
    return np.sqrt((within * (half - 1) / half + between) / np.where(within > 0, within, 1))


def _calibrated_text(plan: Plan, target: Target, posterior: Posterior) -> str:
    """The corridor's own numbers moved to the middle of the posterior, as the text of `calibrated.yaml`."""
    simulator, corridor = target.simulator, plan.scenario.corridor
    own = simulator.base[simulator.rows]
    there = moved(own, posterior.reference, simulator.anchors, simulator.low, simulator.high)
    lines = [
        "# Written by `pushpull fit`: the corridor's numbers moved to the middle of the posterior, where the record",
        f"# moved them by {MOVED:g} prior standard deviations or took {NARROWED:.0%} off their variance.",
        "# They stand in the place of those in corridor.yaml.",
        "parameters:",
    ]
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
