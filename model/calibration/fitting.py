"""A fit from plan to posterior file."""

from __future__ import annotations

import datetime
import errno
import hashlib
import os
import random
import time
from pathlib import Path

import numpy as np

from pushpull.calibration.calibrated_text import MOVED, NARROWED, calibrated_text
from pushpull.calibration.chains import TUNED, chains_beside, chains_of, usual_steps, walk
from pushpull.calibration.forecast import FILE as FORECAST
from pushpull.calibration.freshness import made_from
from pushpull.calibration.likelihood import Likelihood
from pushpull.calibration.plan import Plan, read_plan
from pushpull.calibration.sampling import Mode, SamplingProgress, ScoreDraws, find_mode, sample
from pushpull.calibration.starting_point import check_start
from pushpull.files.atomic import PART, START, NotWritten, write_whole, writing_to
from pushpull.posterior import FILE, Posterior
from pushpull.preparation import versions
from pushpull.scenario import Scenario, ScenarioFaults
from pushpull.scenario.calibrated import CALIBRATED, stated_posterior

DRAWS = 400
FEWEST_DRAWS = 10
PARTIAL = "posterior.partial"
MOST_TRIES = 20
LONGEST_PAUSE = 2.0  # seconds between two tries
SEARCHES = "randomised maximum likelihood: a Levenberg-Marquardt search for each draw, started around the mode"
CHAINS = "Markov chains of Metropolis and Hastings, started where searches end (randomised maximum likelihood)"


def fit(
    scenario: Scenario,
    folder: Path | None = None,
    seed: int = 1,
    draws: int = DRAWS,
    progress: SamplingProgress | None = None,
    steps: int | None = None,
) -> Posterior:
    """Fit a scenario's corridor to its record and write `posterior.nc` and `calibrated.yaml` into `folder`.

    The folder is the corridor's own where none is given. Both files are replaced together, at the end. An interrupted
    fit leaves partial files there and goes on from them when called with the same plan and seed. Draws come from chains
    of so many steps that begin where searches end; with no steps, as where a few draws are asked for and no steps are
    given, they are the ends of searches.

    Raises:
        ScenarioFaults: where the plan is faulty, or the model cannot be held against its records.
        ValueError: for too few draws.
        NotWritten: where the folder does not take the files.
    """
    if draws < FEWEST_DRAWS:
        raise ValueError(f"a fit of {draws} draws: at least {FEWEST_DRAWS} are needed")
    steps = usual_steps(draws) if steps is None else steps
    plan = read_plan(scenario)
    folder = Path(folder) if folder is not None else scenario.corridor.folder
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    likelihood = Likelihood(plan)
    check_start(likelihood)
    mode = find_mode(likelihood, progress, _ended(folder, plan))
    key = hashlib.sha256(f"{plan.digest} {seed}".encode() + mode.point.tobytes()).hexdigest()
    partial = folder / PARTIAL
    if steps:
        drawn = walk(likelihood, mode, draws, seed, partial, key, progress, steps)
    else:
        drawn = sample(likelihood, mode, draws, seed, partial, key, progress)
    posterior = posterior_of_draws(plan, likelihood, mode, drawn, seed, steps)
    write_fit(plan, likelihood, posterior, folder)
    partial.unlink(missing_ok=True)
    chains_beside(partial).unlink(missing_ok=True)
    (folder / FORECAST).unlink(missing_ok=True)  # it is of the fit before
    return posterior


def _ended(folder: Path, plan: Plan) -> np.ndarray | None:
    """Where the fit ended that lies in a folder, as scores by the plan's unknowns: another place to search from."""
    try:
        before = Posterior.load(folder / FILE)
    except ScenarioFaults:  # there is none, or it is not to be trusted
        return None
    means = dict(zip(before.parameters, before.scores.mean(axis=0), strict=True))
    return np.array([means.get(name, 0.0) for name in plan.names])


def write_fit(plan: Plan, likelihood: Likelihood, posterior: Posterior, folder: Path) -> None:
    """Put both files in their places, one right after the other, once each stands whole beside its own.

    Where another fit of the same corridor has come in between, both are put there again after a pause that is drawn
    at random and grows with each try, so that the two that stay are of one fit and no two fits wait for each other.
    """
    drawn = _bytes(posterior, folder)
    text = calibrated_text(plan, likelihood.simulator, posterior, drawn)
    for tried in range(MOST_TRIES):
        started = time.monotonic()
        _write_once(folder, text, drawn)
        if stated_posterior(folder) == hashlib.sha256((folder / FILE).read_bytes()).hexdigest():
            return
        time.sleep(random.uniform(0, min((1 + tried) * (time.monotonic() - started), LONGEST_PAUSE)))
    raise NotWritten(errno.EBUSY, "other fits write to the same files", str(folder / CALIBRATED))


def _bytes(posterior: Posterior, folder: Path) -> bytes:
    """The file of a posterior, as it is to stand in a folder."""
    saved = posterior.save(_beside(folder))
    try:
        return saved.read_bytes()
    finally:
        saved.unlink(missing_ok=True)


def _beside(folder: Path) -> Path:
    return folder / f"{START}{os.urandom(6).hex()}{PART}"


def _write_once(folder: Path, text: str, drawn: bytes) -> None:
    beside = _beside(folder)

    def write(path: Path) -> None:
        path.write_text(text, "utf-8")
        os.replace(beside, folder / FILE)

    try:
        with writing_to(folder):
            beside.write_bytes(drawn)
        write_whole(folder / CALIBRATED, write)
    finally:
        beside.unlink(missing_ok=True)


def posterior_of_draws(
    plan: Plan, likelihood: Likelihood, mode: Mode, drawn: ScoreDraws, seed: int, steps: int = 0
) -> Posterior:
    """The posterior that drawn scores stand for, those of chains of so many steps or the ends of searches, with what
    it was made from."""
    scores = drawn.scores.astype(np.float32).astype(float)
    likeliest = likelihood.simulator.draws(mode.point[None])[0]
    informed = (np.abs(mode.point) >= MOVED) | (1 - (mode.root**2).sum(axis=1) >= NARROWED)
    provenance = {
        "plan": plan.digest,
        "made_from": made_from(plan),
        "corridor": plan.scenario.corridor.id,
        "until": plan.until,
        "seed": seed,
        "draws": len(scores),
        "misfit_at_the_mode": round(mode.misfit, 2),
        "misfit_of_draws_median": round(float(np.median(drawn.misfit)), 2),
        "misfit_of_draws_largest": round(float(drawn.misfit.max()), 2),
        "values_fitted": len(likelihood.group),
        **_method(len(scores), steps),
        "versions": versions(),
        "made": datetime.date.today().isoformat(),
    }
    return Posterior(
        parameters=plan.names,
        draws=likelihood.simulator.draws(scores),
        weights=np.full(len(scores), 1 / len(scores)),
        reference=np.where(informed, likeliest, likelihood.simulator.anchors),
        scores=scores,
        records=(*(record.series for record in plan.fitted), *(effect.experiment.id for effect in plan.effects)),
        errors=np.tile(likelihood.errors, (len(scores), 1)),
        provenance=provenance,
    )


def _method(draws: int, steps: int) -> dict:
    """How draws were made, and for those of chains, how many chains of how many steps."""
    if not steps:
        return {"method": SEARCHES}
    of_chains = {"chains": chains_of(draws), "steps": steps, "steps_left_out": int(TUNED * steps)}
    return {"method": CHAINS, **of_chains}
