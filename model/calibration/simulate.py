"""Many runs of a plan: draws in, what the records and the published effects would have shown out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pushpull.calibration.plan import Plan
from pushpull.calibration.records import Record
from pushpull.engine.codegen.layout import SIDE_BY_SIDE
from pushpull.engine.runner import Runner
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.result import WEIGHT, Result
from pushpull.engine.runs.task import Broke, Task
from pushpull.ensemble import elements_of, moved, processors, value_at_quantile
from pushpull.preparation import integrator, task_of
from pushpull.scenario import Scenario
from pushpull.shocks import Shocks

AT_A_TIME = SIDE_BY_SIDE
Space = tuple[Runner, SavedBlock]


@dataclass(frozen=True)
class PlanRun:
    """One run that a plan needs: its task, and its saved times in years."""

    task: Task
    times: np.ndarray


class Simulator:
    """Runs a plan for draws given as standard normal scores, shape (members, unknowns)."""

    def __init__(self, plan: Plan):
        self.plan = plan
        names = integrator().layout.constants
        self.anchors = np.array([unknown.anchor for unknown in plan.unknowns])
        cards = plan.scenario.catalogue.parameters
        self.base = _cut(plan.scenario, plan.until).constants
        members = plan.scenario.corridor.members
        places = np.arange(self.base.size).reshape(self.base.shape)
        moved = [
            (column, place, cards[unknown.prior.id].low, cards[unknown.prior.id].high)
            for column, unknown in enumerate(plan.unknowns)
            for own in [elements_of(members, cards[unknown.prior.id], unknown.member)]
            for place in places[names.index(unknown.prior.id)][own]
        ]
        columns, elements, self.low, self.high = np.array(moved, dtype=float).reshape(-1, 4).T
        self.columns, self.elements = columns.astype(np.int64), elements.astype(np.int64)
        self.runs, self.run_of = _runs(plan)
        self.values = sum(len(record.times) for record in plan.records) + len(plan.effects)

    def draws(self, scores: np.ndarray) -> np.ndarray:
        """The draws that standard normal scores stand for, by each unknown's prior; same shape."""
        from scipy.special import ndtr  # late: it takes most of a second

        quantiles = ndtr(scores)
        return np.stack(
            [value_at_quantile(each.prior, quantiles[:, column]) for column, each in enumerate(self.plan.unknowns)],
            axis=1,
        )

    def constants(self, draws: np.ndarray, base: np.ndarray | None = None) -> np.ndarray:
        """Parameters of one run (parameter, element) for one row of draws."""
        constants = (self.base if base is None else base).copy()
        flat, anchors = constants.reshape(-1), self.anchors[self.columns]
        zero = anchors == 0
        around = (np.where(zero, 1.0, anchors), zero, self.low, self.high)
        flat[self.elements] = moved(flat[self.elements], draws[self.columns], *around)
        return constants

    def predictions(self, scores: np.ndarray, futures: np.ndarray | None = None) -> np.ndarray:
        """What every record, then every effect, would show, shape (members, values); nan where a run breaks.

        With `futures`, each member meets the shocks of the future of that number (see `pushpull.shocks`)."""
        draws = self.draws(np.atleast_2d(scores))
        history = self.run_of[self.plan.scenario.digest]
        shocks = None if futures is None else Shocks.of(self.plan.scenario, self.runs[history].task)
        predictions = np.full((len(draws), self.values), np.nan)

        def work(first: int) -> None:
            members = draws[first : first + AT_A_TIME]
            spaces = self._free.pop() if self._free else [self._space(run) for run in self.runs]
            broken: set[int] = set()
            for number, (run, (runner, block)) in enumerate(zip(self.runs, spaces, strict=True)):
                constants = np.stack([self.constants(each, run.task.constants) for each in members])
                try:
                    if shocks is None or futures is None or number != history:
                        runner.run_members(run.task, constants, block)
                    else:
                        pairs = zip(futures[first : first + AT_A_TIME], constants, strict=True)
                        runner.run([shocks.task_of(int(future), each) for future, each in pairs], block)
                except Broke as broke:  # no likelihood: the search turns away from such a place
                    broken.update(broke.members)
            for member in set(range(len(members))) - broken:
                results = [self._result(*pair, member) for pair in zip(self.runs, spaces, strict=True)]
                predictions[first + member] = self._read(results)
            self._free.append(spaces)

        blocks = range(0, len(draws), AT_A_TIME)
        with ThreadPoolExecutor(min(processors(), len(blocks))) as pool:
            list(pool.map(work, blocks))
        return predictions

    def _space(self, run: PlanRun) -> Space:
        """What runs some members of a run, and what is saved of them: all that records and effects read."""
        quantities = [each for effect in self.plan.effects for each in effect.experiment.quantities.values()]
        read = {WEIGHT, *(record.variable for record in self.plan.records), *(each.variable for each in quantities)}
        names = [name for name in integrator().model.variables if name in read]
        block = SavedBlock(integrator().selection(names, run.task), run.task, AT_A_TIME)
        return integrator().runner(run.task, lanes=AT_A_TIME), block

    def _result(self, run: PlanRun, space: Space, member: int) -> Result:
        engine, block = integrator(), space[1]
        arrays = {name: array[member : member + 1] for name, array in block.items()}
        task = run.task
        return Result(engine.model, engine.layout, task.routes, run.times, 1, arrays, {}, {}, origins=task.origins)

    def _read(self, results: list[Result]) -> np.ndarray:
        history = results[self.run_of[self.plan.scenario.digest]]
        totals: dict[tuple[str, str | None, str | None], np.ndarray] = {}
        parts = []
        for record, operator in zip(self.plan.records, self._operators, strict=True):
            key = (record.variable, record.route, record.origin)
            if key not in totals:
                totals[key] = history.total(record.variable, route=record.route, origin=record.origin)[0]
            parts.append(operator @ totals[key])
        for effect in self.plan.effects:
            measured = effect.experiment.measured(lambda arm: results[self.run_of[arm.digest]])
            parts.append(np.atleast_1d(measured))
        return np.concatenate(parts)

    @cached_property
    def _operators(self) -> list[np.ndarray]:
        times = self.runs[self.run_of[self.plan.scenario.digest]].times
        return [reading_weights(record, times) for record in self.plan.records]

    @cached_property
    def _free(self) -> list[list[Space]]:
        return []


def _runs(plan: Plan) -> tuple[list[PlanRun], dict[str, int]]:
    """The runs of a plan, each once, and which of them serves a scenario (by its digest): a run serves every arm
    that differs from it only by ending earlier."""
    ends = {plan.scenario.digest: plan.until}
    scenarios = {plan.scenario.digest: plan.scenario}
    for effect in plan.effects:
        for quantity in effect.experiment.quantities.values():
            scenario = effect.experiment.arms[quantity.arm]
            scenarios[scenario.digest] = scenario
            ends[scenario.digest] = max(ends.get(scenario.digest, 0.0), quantity.window[1])
    tasks = {digest: _cut(scenarios[digest], ends[digest]) for digest in scenarios}
    runs: list[PlanRun] = []
    run_of: dict[str, int] = {}
    for digest in sorted(tasks, key=lambda digest: -tasks[digest].steps):
        task = tasks[digest]
        serving = [number for number, run in enumerate(runs) if _serves(run.task, task)]
        if not serving:
            steps = np.append(np.arange(0, task.steps, task.every), task.steps)
            runs.append(PlanRun(task, task.start + steps / task.steps_per_year))
        run_of[digest] = serving[0] if serving else len(runs) - 1
    return runs, run_of


def _serves(longer: Task, task: Task) -> bool:
    return (
        not longer.cut.any()
        and not task.cut.any()
        and np.array_equal(longer.constants, task.constants)
        and np.array_equal(longer.formulas, task.formulas)
        and np.array_equal(longer.inputs[: task.steps], task.inputs)
        and np.array_equal(longer.bounds[: len(task.bounds)], task.bounds)
    )


def _cut(scenario: Scenario, until: float) -> Task:
    """A scenario's task, ended at the first saved time from `until` on."""
    task = task_of(scenario)
    saves = np.ceil((until - task.start) * task.steps_per_year / task.every - 1e-9)
    return task.first(int(saves) * task.every)


def reading_weights(record: Record, times: np.ndarray) -> np.ndarray:
    """Weights (recorded value, saved time) that read a record off a run: a point, or the mean of the year around it."""
    weights = np.zeros((len(record.times), len(times)))
    for row, time in enumerate(record.times):
        if record.reading == "point":
            weights[row] = _at(time, times)
        else:
            inside = (times >= time - 0.5 - 1e-9) & (times <= time + 0.5 + 1e-9)
            chosen = np.flatnonzero(inside)
            steps = np.diff(times[chosen])
            weights[row, chosen[:-1]] += steps / 2
            weights[row, chosen[1:]] += steps / 2
            weights[row] /= weights[row].sum()
    return weights


def _at(time: float, times: np.ndarray) -> np.ndarray:
    return np.array([np.interp(time, times, row) for row in np.eye(len(times))])
