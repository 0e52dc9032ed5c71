"""An evaluation from its design to its rows: a refit for each year, forecasts from it, and what they are worth."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import importlib.metadata
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from pushpull.calibration.likelihood import Likelihood
from pushpull.calibration.plan import Plan
from pushpull.calibration.records import Record
from pushpull.calibration.sampling import Mode, find_mode, sample
from pushpull.calibration.simulate import Simulator
from pushpull.engine.runs.task import SAVES_PER_YEAR
from pushpull.ensemble import Progress
from pushpull.evaluation import rivals, scores
from pushpull.evaluation.design import HORIZONS, Ablation, Design
from pushpull.evaluation.earlier_errors import SOON, forecast_errors
from pushpull.evaluation.knowledge import DRIVERS_FROZEN, POLICIES, between, ends_of, plan_at, supposing, without
from pushpull.files.atomic import write_whole
from pushpull.files.disk_cache import sealed, unsealed
from pushpull.preparation import DISTRIBUTION
from pushpull.scenario import Scenario
from pushpull.scenario.forecast_errors import ForecastErrors
from pushpull.scenario.schedules import value_at

MEMBERS = 100
FEWEST_MEMBERS = 10
FUTURES = 4  # of each member: two pairs, the one as far above as the other below
ALL = "all"
STREAMS = {"apprehensions_evading": "evading", "apprehensions_presenting": "presenting"}
PARTIAL = "evaluation.partial"
PERCENTILES = (5, 25, 50, 75, 95)
NOTES = (
    "Each refit uses what was recorded by then, and published effects whatever year they were published in.",
    "Numbers of corridor.yaml and ranges of cards were chosen by people who know the record; so were the equations.",
    "Members are ends of searches, one each, from which the chains of a fit begin.",
    "Ranges carry, beside parameters, shocks to departures as large as forecasts from earlier years were off by then "
    "(policy known; from the first year, an assumption), and the error of the record.",
    "Levers and drivers are known to the last value that stands by the end of the year a forecast is made in, growth "
    "to the last two; a refit holds them from there on.",
    "A search begins twice, where the plan says and where the year before ended (the first year's nearer to the middle "
    "of the priors than its first search), and the closer one counts; without a mechanism, where the whole ended.",
    "Members that cannot be run on are left out and counted.",
    "Rivals know the record up to the year the forecast is made in; the regression knows drivers as the model does.",
)
OF_FISCAL_YEARS = (
    "The mean of a calendar year stands in its middle, so three months of it are known that the fiscal year does not "
    "hold.",
    "Apprehensions from October 2023 on are of people stopped at entry.",
)


@dataclasses.dataclass(frozen=True)
class Refit:
    """The model as it was fitted at a time: its plan, its most likely numbers, and scores (member, unknown)."""

    plan: Plan
    mode: Mode
    scores: np.ndarray


def evaluate(
    design: Design,
    name: str,
    what_changed: str,
    members: int = MEMBERS,
    seed: int = 1,
    folder: Path | None = None,
    ablations: bool = True,
    progress: Progress | None = None,
) -> dict:
    """Forecast from every year of a design, take out every mechanism, and give the evaluation as its file holds it.

    With a `folder`, what is done is saved there as it comes, and an interrupted call goes on from it.

    Raises:
        ValueError: for too few members.
        ArithmeticError: where the model cannot be run with the numbers that a search starts from.
    """
    if members < FEWEST_MEMBERS:
        raise ValueError(f"an evaluation of {members} members: at least {FEWEST_MEMBERS} are needed")
    partial = _Partial(folder, f"{design.digest} {members} {seed}")
    taken_out = design.ablations if ablations else ()
    whole = len(design.made_in) + (1 + len(taken_out) if taken_out else 0)
    start, done = None, 0
    parts: dict[str, dict] = {}
    for year in design.made_in:
        if progress:
            progress(done, whole)
        key = str(year)
        if key not in partial.parts:
            refit = refitted(plan_at(design.plan, design.made_at(year)), members, seed, start)
            start = refit.mode.point
            errors = errors_known(design, year, parts.values())
            partial.add(key, {**judged(design, year, refit, errors, seed), "point": start.tolist()})
        parts[key], start, done = partial.parts[key], np.array(partial.parts[key]["point"]), done + 1
    rows = []
    if taken_out:
        whole_model = _scores_of(design, parts)
        for each in (Ablation("none", "Nothing", (), {}), *taken_out):
            if progress:
                progress(done, whole)
            key = f"without {each.id}"
            if key not in partial.parts:
                partial.add(key, ablated(design, each, whole_model))
            rows.append(partial.parts[key])
            done += 1
    if progress:
        progress(whole, whole)
    return {
        "name": name,
        "version": importlib.metadata.version(DISTRIBUTION),
        "model": design.plan.digest,
        "made": datetime.date.today().isoformat(),
        "seed": seed,
        "members": members,
        "what_changed": what_changed,
        "notes": [*NOTES, *(OF_FISCAL_YEARS if design.year_ends < 1 else ())],
        "rows": [row for part in parts.values() for row in part["rows"]],
        "by_year": [row for part in parts.values() for row in part["by_year"]],
        "fit": [part["fit"] for part in parts.values()],
        "ablations": rows,
    }


def _scores_of(design: Design, parts: Mapping[str, dict]) -> dict[str, float] | None:
    """Where the search of the year ended in which mechanisms are taken out, by the names of the unknowns."""
    part = parts.get(str(design.ablations_made_in))
    if part is None:
        return None
    names = plan_at(design.plan, design.made_at(design.ablations_made_in)).names
    return dict(zip(names, part["point"], strict=True))


def forget(folder: Path) -> None:
    """Drop what an evaluation saved as it came."""
    (folder / PARTIAL).unlink(missing_ok=True)


def refitted(plan: Plan, members: int, seed: int, start: np.ndarray | None = None) -> Refit:
    """The most likely numbers by a plan, and members drawn as those of a fit; a search begins where the plan says and
    another one at `start`."""
    likelihood = Likelihood(plan)
    mode = find_mode(likelihood, start=start)
    return Refit(plan, mode, sample(likelihood, mode, members, seed).scores)


def errors_known(design: Design, year: int, parts: Iterable[dict]) -> ForecastErrors | None:
    """How far the forecasts in some parts of an evaluation were off, as far as that was known in a year; None where the
    design does not ask for it."""
    if design.errors is None:
        return None
    rows = [row for part in parts for row in part["by_year"]]
    origins = design.plan.scenario.corridor.origins
    return forecast_errors(design.errors, origins, rows, year, design.made_at(year))


def errors_today(design: Design, by_year: Iterable[Mapping]) -> ForecastErrors | None:
    """How far all forecasts of an evaluation were off, for the years from the end of the record on (the next quarter,
    at which a state is saved); None as `errors_known`."""
    plan = design.plan
    if design.errors is None:
        return None
    last = max(row["year"] for row in by_year)
    ended = design.made_at(last) if plan.left_over is None else plan.left_over.ends
    over = SOON if plan.left_over is None else plan.left_over.fades_over
    ends = math.ceil(ended * SAVES_PER_YEAR - 1e-6) / SAVES_PER_YEAR
    return forecast_errors(design.errors, plan.scenario.corridor.origins, by_year, last, ends, over)


def judged(design: Design, year: int, refit: Refit, errors: ForecastErrors | None = None, seed: int = 1) -> dict:
    """The forecasts made in a year beside the record: rows, years and what the fit was worth. With `errors`, members
    meet shocks as large, and records err as they do."""
    time = design.made_at(year)
    last = max(span[1] for span in design.horizons(year).values())
    records = [between(record, time, time + last) for record in design.records]
    records = [record for record in records if len(record.times)]
    rows, by_year, left_out = [], [], 0
    for policy in POLICIES if records else ():
        scenario = supposing(design.plan.scenario, time, policy)
        members, broken = forecasts(refit, scenario, records, errors)
        left_out = max(left_out, broken)
        for number, (record, modelled) in enumerate(zip(records, members, strict=True)):
            shown = modelled if errors is None else _recorded(record, modelled, [seed, year, number])
            known = next(each for each in design.records if each.label == record.label)
            beside = _rivals(design, known, record.times, time, policy)
            ahead = np.ceil(record.times - time - 1e-9).astype(int)
            of = {"group": record.origin or ALL, "route": record.route or ALL}
            about = {"measure": record.variable, "stream": STREAMS.get(record.variable, ALL), **of}
            by_year += _by_year(year, ahead, about, policy, record, shown, beside)
            for horizon, (first, until) in design.horizons(year).items():
                inside = (ahead >= first) & (ahead <= until)
                if inside.any():
                    rows.append(_row(year, horizon, ahead, inside, about, policy, record, shown, beside))
    return {"rows": rows, "by_year": by_year, "fit": {**_fit(year, refit), "left_out": left_out}}


def _recorded(record: Record, modelled: np.ndarray, seed: list[int]) -> np.ndarray:
    """What would be recorded of (member, time) values, with the record's own error."""
    return modelled * np.exp(record.error * np.random.default_rng(seed).standard_normal(modelled.shape))


def forecasts(
    refit: Refit, scenario: Scenario, records: list[Record], errors: ForecastErrors | None = None
) -> tuple[list[np.ndarray], int]:
    """What the members of a refit say of some records in a scenario: an array (member, time) for each record, without
    members that cannot be run to its end; and how many those are. With `errors`, each member has several futures."""
    until = max(float(ends_of(record).max()) for record in records)
    futures, scores = None, refit.scores
    if errors is not None:
        scenario = dataclasses.replace(
            scenario, corridor=dataclasses.replace(scenario.corridor, forecast_errors=errors)
        )
        scores = np.repeat(scores, FUTURES, axis=0)
        futures = np.arange(len(scores))
    asked = dataclasses.replace(refit.plan, scenario=scenario, until=until, records=tuple(records), effects=())
    predictions = Simulator(asked).predictions(scores, futures)
    whole = ~np.isnan(predictions).any(axis=1)
    if not whole.any():
        raise ArithmeticError("no member of the refit can be run on")
    broken = len(refit.scores) - len(np.unique(np.flatnonzero(whole) // (len(scores) // len(refit.scores))))
    ends = np.cumsum([len(record.times) for record in records])
    return np.split(predictions[whole], ends[:-1], axis=1), broken


def ablated(design: Design, ablation: Ablation, start: Mapping[str, float] | None = None) -> dict:
    """Fit and forecast of the main record without a mechanism, refitted: mean errors as shares. The search begins at
    `start`, scores by the names of the unknowns."""
    made_in = design.ablations_made_in
    time = design.made_at(made_in)
    whole = without(design.plan, ablation.parameters, ablation.loops_off)
    plan = plan_at(whole, time)
    point = None if start is None else np.array([start.get(name, 0.0) for name in plan.names])
    mode = find_mode(Likelihood(plan), start=point, from_plan=point is None)
    refit = Refit(plan, mode, mode.point[None])
    main = design.records[0]
    (shown,), _ = forecasts(refit, whole.scenario, [main])
    years = np.round(main.times + 0.5 - design.year_ends).astype(int) if main.reading != "point" else main.times

    def error(chosen: np.ndarray) -> float | None:
        if not chosen.any():
            return None
        return scores.mean_absolute_percentage_error(shown[0, chosen], main.values[chosen])

    row: dict = {"mechanism": ablation.id, "title": ablation.title, "fit_mape": error(ends_of(main) <= time)}
    for first, last in ((made_in + first, made_in + last) for first, last in HORIZONS.values()):
        row[f"mape_{first}_{last}"] = error((years >= first) & (years <= last))
    return row


def _rivals(
    design: Design, record: Record, asked: np.ndarray, time: float, policy: str
) -> dict[str, np.ndarray | None]:
    known = ends_of(record) <= time + 1e-9
    times, values = record.times[known], record.values[known]
    scenario = design.plan.scenario

    def driver(where: Scenario, name: str) -> rivals.Driver:
        path = where.corridor.path(name, where.catalogue)
        return lambda moment: value_at(path, moment)

    later = supposing(scenario, time, DRIVERS_FROZEN) if policy == DRIVERS_FROZEN else scenario
    drivers = [[driver(where, name) for name in design.regression] for where in (scenario, later)]
    regressed = rivals.regression(times, values, asked, *drivers) if design.regression else None
    return {
        "persistence": rivals.persistence(values, asked),
        "trend": rivals.trend(times, values, asked),
        "regression": regressed,
    }


def _row(
    year: int,
    horizon: str,
    ahead: np.ndarray,
    inside: np.ndarray,
    about: dict,
    policy: str,
    record: Record,
    shown: np.ndarray,
    beside: dict[str, np.ndarray | None],
) -> dict:
    values, members = record.values[inside], shown[:, inside]

    def off(forecast: np.ndarray | None) -> float | None:
        return None if forecast is None else scores.mean_absolute_percentage_error(forecast[inside], values)

    persisting = beside["persistence"]
    return {
        "origin_year": year,
        "horizon": horizon,
        "years": [int(year + ahead[inside].min()), int(year + ahead[inside].max())],
        **about,
        "policy": policy,
        "mape": scores.mean_absolute_percentage_error(np.median(members, axis=0), values),
        "crps": scores.crps(members, values),
        "coverage_50": scores.coverage(members, values, scores.HALF),
        "coverage_90": scores.coverage(members, values, scores.NINE_TENTHS),
        "persistence_mape": off(persisting),
        "persistence_crps": None if persisting is None else scores.crps(persisting[None, inside], values),
        "trend_mape": off(beside["trend"]),
        "regression_mape": off(beside["regression"]),
    }


def _by_year(
    year: int,
    ahead: np.ndarray,
    about: dict,
    policy: str,
    record: Record,
    shown: np.ndarray,
    beside: dict[str, np.ndarray | None],
) -> list[dict]:
    ranges = np.percentile(shown, PERCENTILES, axis=0)
    return [
        {
            "origin_year": year,
            "year": int(year + ahead[number]),
            **about,
            "policy": policy,
            **{f"p{level}": float(ranges[row, number]) for row, level in enumerate(PERCENTILES)},
            "recorded": float(record.values[number]),
            **{name: None if each is None else float(each[number]) for name, each in beside.items()},
        }
        for number in range(len(record.times))
    ]


def _fit(year: int, refit: Refit) -> dict:
    plan = refit.plan
    shown = Simulator(plan).predictions(refit.mode.point[None])[0]
    main = plan.records[0]
    about = (main.variable, main.route, main.origin)
    of_main = [(each.variable, each.route, each.origin) == about for each in plan.records for _ in each.times]
    recorded = np.concatenate([record.values for record in plan.records])
    return {
        "origin_year": year,
        "mape": scores.mean_absolute_percentage_error(shown[: len(recorded)][of_main], recorded[of_main]),
        "values": sum(len(record.times) for record in plan.fitted) + len(plan.effects),
        "unknowns": len(plan.unknowns),
        "misfit": round(refit.mode.misfit, 2),
    }


class _Partial:
    """What is done of an evaluation, saved as it comes; what another one left, or is damaged, is not used."""

    def __init__(self, folder: Path | None, key: str):
        self.path = folder / PARTIAL if folder else None
        self.key = hashlib.sha256(key.encode()).hexdigest()
        self.parts: dict[str, dict] = {}
        if self.path is not None and self.path.is_file():
            content = unsealed(self.key, self.path.read_bytes())
            self.parts = {} if content is None else json.loads(content)

    def add(self, name: str, part: dict) -> None:
        self.parts[name] = json.loads(json.dumps(part))
        if self.path is not None:
            write_whole(self.path, sealed(self.key, json.dumps(self.parts).encode()))
