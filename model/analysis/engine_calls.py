"""The one door to the engine: some members of an ensemble, or many runs of one corridor, as plain arrays."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from pushpull import ensemble
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.result import Result
from pushpull.engine.runs.task import Broke, RunBroke, Task
from pushpull.ensemble import SECONDS_BETWEEN_REPORTS, Draws, Progress
from pushpull.preparation import integrator, names_to_keep, shell_of
from pushpull.scenario import Scenario

TASKS_AT_A_TIME = 32
_ROW = re.compile(r"^member (\d+)")


class Stopped(Exception):
    """The work was asked to stop before its end."""


@dataclass(frozen=True)
class Line:
    """One curve of an outcome: its total (no route) or one of its routes."""

    outcome: str
    route: str = ""


def run_members(
    scenario: Scenario,
    first: int,
    last: int,
    seed: int,
    keep: Iterable[str] | str | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Result:
    """Run the members from `first` to just before `last` of the ensemble that `seed` makes of a scenario.

    Row 0 of the result is member `first`; it is the same whatever the others are. `keep` is as in `run_ensemble`.

    Raises:
        Stopped: soon after `stop` is set.
        RunBroke: where a member breaks.
    """
    draws = Draws.of(scenario, last, seed, first)
    return run_draws(scenario, draws, keep, progress, stop, range(first, last))


def run_draws(
    scenario: Scenario,
    draws: Draws,
    keep: Iterable[str] | str | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    numbers: Sequence[int] | None = None,
) -> Result:
    """Run a scenario once for each of the draws; otherwise as `run_members`.

    `numbers` are those of the members, by which one that breaks is named; those of the rows if None.
    """
    check(stop)
    try:
        return ensemble.run_draws(scenario, draws, keep, _stoppable(progress, stop))
    except RunBroke as fault:
        if numbers is None:
            raise
        raise RunBroke(_ROW.sub(lambda match: f"member {numbers[int(match[1])]}", str(fault), count=1)) from fault


def run_tasks(
    scenario: Scenario,
    tasks: Sequence[Callable[[], Task]],
    read: Callable[[Result], np.ndarray],
    keep: Iterable[str] | str | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> np.ndarray:
    """Run many tasks of a scenario's corridor and horizon, and of each what `read` takes, in their order.

    `read` is given some runs at a time as members of a result, and answers with an array over (member, …); levers in
    that result are those of its first run. A task is made when its turn comes, so that a thousand of them take no room.

    Raises:
        Stopped: soon after `stop` is set.
        RunBroke: where a run breaks.
    """
    report = _stoppable(progress, stop)
    batches = [tasks[first : first + TASKS_AT_A_TIME] for first in range(0, len(tasks), TASKS_AT_A_TIME)]
    answers: dict[int, np.ndarray] = {}
    numbers, ended = iter(range(len(batches))), threading.Event()
    lock, done = threading.Lock(), [0]

    def work() -> None:
        while not ended.is_set():
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            answers[number] = read(_run_batch(scenario, [make() for make in batches[number]], keep))
            with lock:
                done[0] += len(batches[number])

    check(stop)
    workers = min(ensemble.processors(), len(batches))
    with ThreadPoolExecutor(workers) as pool:
        try:
            futures = [pool.submit(work) for _ in range(workers)]
            while wait(futures, timeout=SECONDS_BETWEEN_REPORTS, return_when="FIRST_EXCEPTION").not_done:
                report(done[0], len(tasks))
                for future in futures:
                    if future.done():
                        future.result()
            for future in futures:
                future.result()
        finally:
            ended.set()
    report(len(tasks), len(tasks))
    return np.concatenate([answers[number] for number in range(len(batches))])


def _run_batch(scenario: Scenario, tasks: Sequence[Task], keep: Iterable[str] | str | None) -> Result:
    """Tasks as members of one result; those that are alike are run side by side."""
    engine, shell = integrator(), shell_of(scenario, tasks[0])
    selection = engine.selection(names_to_keep(keep), tasks[0])
    block = SavedBlock(selection, tasks[0], len(tasks), skipped=len(tasks[0].saved_steps) - len(shell.time))
    kinds: dict[tuple[bytes, ...], list[int]] = {}
    for row, task in enumerate(tasks):
        kinds.setdefault(task.kind, []).append(row)
    runner, first = engine.runner(tasks[0]), 0
    for rows in kinds.values():
        alike = [tasks[row] for row in rows]
        try:
            runner.run(alike, block, first)
        except Broke as broke:
            broken = broke.breaks[0]
            raise RunBroke(engine.explanation(alike[broken.member - first], broken)) from None
        first += len(alike)
    back = np.argsort(np.concatenate(list(kinds.values())))
    arrays = {name: array[back] for name, array in block.items()}
    return shell.finished(arrays, len(tasks), block.halvings(back))


def check(stop: threading.Event | None) -> None:
    """Raise Stopped if the event is set."""
    if stop is not None and stop.is_set():
        raise Stopped("the work was told to stop")


def _stoppable(progress: Progress | None, stop: threading.Event | None) -> Progress:
    def report(done: int, whole: int) -> None:
        check(stop)
        if progress:
            progress(done, whole)

    return report
