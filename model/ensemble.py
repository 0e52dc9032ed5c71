"""Many runs of one scenario, each with its own draw of the parameters.

The draws depend on the seed, the cards and the corridor's fit alone, never on the policy: member 7 of a baseline and
member 7 of a policy have the same draw, so their difference is the policy's doing. Nor do they depend on how many
members there are: a larger ensemble goes on where a smaller one ended. The same holds for
the shocks to departures in the years to come (`pushpull.shocks`): each draw has a future of its own.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np

from pushpull.engine.codegen.layout import SIDE_BY_SIDE
from pushpull.engine.language.cards import Card
from pushpull.engine.language.indices import AXIS
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.result import Result
from pushpull.engine.runs.task import Break, Broke, RunBroke, Task
from pushpull.files.atomic import NotWritten
from pushpull.posterior import posterior_of
from pushpull.preparation import integrator, names_to_keep, shell_of, task_of
from pushpull.scenario import Scenario
from pushpull.shocks import Shocks

LARGEST_IN_MEMORY = 512_000_000  # bytes; beyond that an ensemble is kept in a temporary file
SECONDS_BETWEEN_REPORTS = 0.1
MEMBERS_AT_A_TIME = 8  # that a thread takes: twice as many as are marched side by side
FEWEST_STRATA, MEMBERS_IN_A_BLOCK = 25, 1600  # of the draws: see `quantiles_of_members`

Progress = Callable[[int, int], None]


def draw_parameters(scenario: Scenario, members: int, seed: int) -> np.ndarray:
    """Parameters of every member: an array (member, parameter, element) in the order of the cards.

    What a fit of the corridor has estimated is drawn from its posterior. Any other card is drawn from its range by
    its distribution, in a Latin hypercube; "fixed" cards and what the scenario file itself sets stay. Where the
    corridor has its own value, or one for each route or population, that value is moved by the factor by which the
    draw differs from the value it stands for, within the range.
    """
    return Draws.of(scenario, members, seed).constants(0, members)


@dataclasses.dataclass(frozen=True)
class Draws:
    """What is drawn for an ensemble; `constants` spreads it out for some of the members.

    `base` holds the scenario's own parameters (parameter, element), `futures` the number of each member's future (see
    `pushpull.shocks`; None where departures meet no shocks), `values` a draw for each member and drawn
    card, `references` the draw at which each card's own value stands, and `places` of each drawn card its row and
    the elements (populations x routes) that are left open.
    """

    base: np.ndarray
    values: np.ndarray
    references: np.ndarray
    cards: tuple[Card, ...]
    elements: tuple[tuple[int, np.ndarray], ...]
    names: tuple[str, ...]
    futures: np.ndarray | None = None

    @classmethod
    def of(cls, scenario: Scenario, members: int, seed: int, first: int = 0) -> Draws:
        """Draw what a fit of the corridor has estimated from its posterior, and every other card that is not
        fixed from its prior, whether or not the scenario leaves it open.

        With `first`, the draws of the members from there on only: row 0 is that of member `first`.
        """
        parameters = scenario.catalogue.parameters
        rows = {name: row for row, name in enumerate(parameters)}
        posterior = posterior_of(scenario.corridor)
        split = [(name, *name_and_member(name)) for name in posterior.parameters] if posterior else []
        fitted = [(name, parameters[own], member) for name, own, member in split if own in parameters]
        known = {card.id for _, card, _ in fitted}
        others = [card for card in parameters.values() if card.distribution != "fixed" and card.id not in known]
        quantiles = quantiles_of_members(first, members, len(others), seed)
        drawn = [value_at_quantile(card, quantiles[:, column]) for column, card in enumerate(others)]
        references = [card.value for card in others]
        futures = np.arange(first, members)
        if posterior:
            columns = [posterior.parameters.index(name) for name, _, _ in fitted]
            futures = posterior.choose(members, seed)[first:]
            drawn += list(posterior.draws[futures][:, columns].T)
            references += list(posterior.reference[columns])
        cards = (*others, *(card for _, card, _ in fitted))
        alone = (*(None for _ in others), *(member for _, _, member in fitted))
        members_of = scenario.corridor.members
        return cls(
            base=scenario.resolve_parameters(tuple(parameters)),
            values=np.stack(drawn, axis=1) if drawn else quantiles,
            references=np.array(references),
            cards=cards,
            elements=tuple(
                (rows[card.id], free_elements(scenario, card.id) & elements_of(members_of, card, member))
                for card, member in zip(cards, alone, strict=True)
            ),
            names=tuple(of_member(card.id, member) for card, member in zip(cards, alone, strict=True)),
            futures=None if scenario.corridor.forecast_errors is None else futures,
        )

    def some(self, rows: Sequence[int]) -> Draws:
        """Those of some members, in that order."""
        futures = None if self.futures is None else self.futures[list(rows)]
        return dataclasses.replace(self, values=self.values[list(rows)], futures=futures)

    def with_values(self, values: np.ndarray) -> Draws:
        """Other values (member, drawn card) in their place, whose members meet no shocks."""
        return dataclasses.replace(self, values=values, futures=None)

    def constants(self, first: int, last: int) -> np.ndarray:
        """Parameters of the members from `first` to just before `last`: (member, parameter, element)."""
        constants = np.repeat(self.base[None], last - first, axis=0)
        moves = self._moves
        draws = self.values[first:last, moves.columns]
        values = moved(moves.own, draws, moves.references, moves.added, moves.low, moves.high)
        constants.reshape(last - first, -1)[:, moves.elements] = np.where(moves.alone, draws, values)
        return constants

    @functools.cached_property
    def _moves(self) -> _Moves:
        """Every element that is drawn, one after the other."""
        moves = []
        for column, (card, (row, free)) in enumerate(zip(self.cards, self.elements, strict=True)):
            reference, own = self.references[column], self.base[row, free]
            alone = bool(np.all(own == reference))
            elements = row * self.base.shape[1] + np.flatnonzero(free)
            rest = (reference, alone, card.low, card.high)
            moves += [(column, element, value, *rest) for element, value in zip(elements, own, strict=True)]
        columns, places, values, references, lonely, low, high = np.array(moves, dtype=float).reshape(-1, 7).T
        zero = references == 0
        whole = (columns.astype(np.int64), places.astype(np.int64), values, np.where(zero, 1.0, references))
        return _Moves(*whole, added=zero, alone=lonely.astype(bool), low=low, high=high)


@dataclasses.dataclass(frozen=True)
class _Moves:
    """Drawn elements: the scenario's own value moved as far as the draw lies from the reference, within the card's
    range; by a factor, or (where the reference is zero) `added`, or the draw `alone` where own value and reference
    are one."""

    columns: np.ndarray
    elements: np.ndarray
    own: np.ndarray
    references: np.ndarray
    added: np.ndarray
    alone: np.ndarray
    low: np.ndarray
    high: np.ndarray


def moved(
    own: np.ndarray, draws: np.ndarray, references: np.ndarray, added: np.ndarray, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Own values moved as far as draws lie from their references, within low and high: by a factor, or `added` where
    the reference is zero (any number but zero then stands for it). All of one shape, as numpy understands it."""
    return np.clip(np.where(added, own + draws, own * (draws / references)), low, high)


def value_at_quantile(card: Card, quantile: np.ndarray) -> np.ndarray:
    """The value of a card's distribution below which a share `quantile` of the draws lies; same shape, the card's unit.

    Raises:
        ValueError: for a card that is not drawn.
    """
    low, high = card.prior
    if card.distribution == "uniform" or low == high:
        return low + (high - low) * quantile
    if card.distribution == "loguniform":
        return low * (high / low) ** quantile
    if card.distribution == "triangular":
        mode = (card.value - low) / (high - low)
        left = low + (high - low) * np.sqrt(quantile * mode)
        right = high - (high - low) * np.sqrt((1 - quantile) * (1 - mode))
        return np.where(quantile < mode, left, right)
    raise ValueError(f"{card.id}: no draws from the distribution {card.distribution!r}")


def quantiles_of_members(first: int, last: int, dimensions: int, seed: int) -> np.ndarray:
    """Quantiles of the members from `first` to just before `last`: an array (member, dimension).

    The members come in blocks, each with random numbers of its own, so that any of them can be drawn without the rest.
    """
    # Not a Sobol sequence: over some two hundred parameters it moves pairs of them together.
    blocks = range(first // MEMBERS_IN_A_BLOCK, -(-last // MEMBERS_IN_A_BLOCK))
    parts = [np.empty((0, dimensions))]
    for block in blocks:
        start = block * MEMBERS_IN_A_BLOCK
        count = min(last - start, MEMBERS_IN_A_BLOCK)
        whole = _growing_hypercube(count, dimensions, np.random.default_rng([seed, block]))
        parts.append(whole[max(first - start, 0) :])
    return np.concatenate(parts)


def _growing_hypercube(count: int, dimensions: int, rng: np.random.Generator) -> np.ndarray:
    """Points (count, dimension) of which the first 25, 50, 100, 200 and so on are each a Latin hypercube.

    Every stratum is halved when the points are doubled, and the new points take the halves that are empty, in random
    order. Source: Sallaberry, Helton and Hora (2006), Extension of Latin hypercube samples with correlated variables,
    Sandia National Laboratories.
    """
    strata = FEWEST_STRATA
    cells = rng.permuted(np.tile(np.arange(strata)[:, None], (1, dimensions)), axis=0)
    within = rng.random(cells.shape)
    while strata < count:
        strata *= 2
        upper = within >= 0.5
        cells, within = 2 * cells + upper, 2 * within - upper
        cells = np.concatenate([cells, rng.permuted(cells ^ 1, axis=0)])
        within = np.concatenate([within, rng.random(within.shape)])
    return ((cells + within) / strata)[:count]


def of_member(name: str, member: str | None) -> str:
    """The name under which a fit keeps a number of one origin, population or route, or of all where there is none."""
    return name if member is None else f"{name}@{member}"


def name_and_member(name: str) -> tuple[str, str | None]:
    """A parameter's name, and the member for which a fit has estimated it, or None for all."""
    own, _, member = name.partition("@")
    return own, member or None


def elements_of(members: Mapping[str, Sequence[str]], card: Card, member: str | None) -> np.ndarray:
    """Which elements of a parameter are of a member of its index, or all, shape (origins x populations x routes)."""
    chosen = np.ones([len(each) for each in members.values()], dtype=bool)
    if member is not None and card.over is not None:
        axis = tuple(members).index(card.over)
        others = [place for place, label in enumerate(members[card.over]) if label != member]
        np.moveaxis(chosen, axis, 0)[others] = False
    return chosen.ravel()


def free_elements(scenario: Scenario, name: str) -> np.ndarray:
    """Which elements of a parameter the scenario file leaves open, shape (origins x populations x routes)."""
    labels = list(scenario.corridor.members.values())
    free = np.ones([len(each) for each in labels], dtype=bool)
    given, over = scenario.parameters.get(name), scenario.catalogue.parameters[name].over
    if isinstance(given, Mapping) and over:
        by = np.moveaxis(free, AXIS[over], 0)
        by[[labels[AXIS[over]].index(label) for label in given]] = False
    elif given is not None:
        free[:] = False
    return free.ravel()


def run_ensemble(
    scenario: Scenario,
    members: int | None = None,
    seed: int | None = None,
    keep: Iterable[str] | str | None = None,
    progress: Progress | None = None,
    scratch: Path | str | None = None,
) -> Result:
    """Run every member of an ensemble; members and seed are the scenario's own where none are given.

    `keep` names the variables to keep (the outcomes and the traffic if None, all of them if `EVERYTHING`);
    `progress` is called with (members done, members in all) a few times a second; an ensemble too large for memory
    lies in a nameless temporary file in the folder `scratch`. Arrays have the shape (member, time, population, route).

    Raises:
        RunBroke: naming the first member that broke.
        KeyError: where `keep` names no variable.
        NotWritten: where the folder `scratch` has no room.
    """
    scenario = scenario.with_changes(members=members, seed=seed)
    members, seed = scenario.members, scenario.seed
    return run_draws(scenario, Draws.of(scenario, members, seed), keep, progress, scratch)


def run_draws(
    scenario: Scenario,
    draws: Draws,
    keep: Iterable[str] | str | None = None,
    progress: Progress | None = None,
    scratch: Path | str | None = None,
) -> Result:
    """Run a scenario once for each of the draws, in their order; otherwise as `run_ensemble`."""
    engine, task, members = integrator(), task_of(scenario), len(draws.values)
    shell = shell_of(scenario, task)
    skipped = len(task.saved_steps) - len(shell.time)
    selection = engine.selection(names_to_keep(keep), task)
    block = SavedBlock(selection, task, members, skipped, lambda size: _room(size, scratch))
    shocks = None if draws.futures is None else Shocks.of(scenario, task)
    _run_all(task, draws, block, progress, shocks)
    shell = dataclasses.replace(shell, provenance={**shell.provenance, "members": members})
    return shell.finished(block, members, block.halvings())


def _room(size: int, scratch: Path | str | None) -> np.ndarray:
    """Room for so many numbers, in memory or, where that is too large, in a temporary file without a name."""
    if 8 * size <= LARGEST_IN_MEMORY:
        return np.empty(size)
    try:
        with tempfile.TemporaryFile(dir=scratch) as file:  # the map outlives the name and the handle
            if hasattr(os, "posix_fallocate"):  # a map that finds the disk full later ends the process
                os.posix_fallocate(file.fileno(), 0, 8 * size)
            file.truncate(8 * size)
            return np.memmap(file, dtype=float, mode="r+", shape=(size,))
    except OSError as fault:
        raise NotWritten(fault.errno, fault.strerror, str(scratch or tempfile.gettempdir())) from fault


def _run_all(
    task: Task, draws: Draws, block: SavedBlock, progress: Progress | None, shocks: Shocks | None = None
) -> None:
    """Run the members on as many threads as there are processors; the kernel holds no lock.

    Groups are handed out in order and each is finished, so that the member named is the first that breaks.
    """
    groups, stop, engine = itertools.count(0, MEMBERS_AT_A_TIME), threading.Event(), integrator()
    members = block.members
    finished: list[int] = []
    broken: list[Break] = []

    def tasks(first: int, last: int) -> list[Task]:
        """The members from `first` to just before `last` as tasks of their own."""
        constants = draws.constants(first, last)
        if shocks is None or draws.futures is None:
            return [dataclasses.replace(task, constants=own) for own in constants]
        pairs = zip(draws.futures[first:last], constants, strict=True)
        return [shocks.task_of(int(future), own) for future, own in pairs]

    def work() -> None:
        runner = engine.runner(task)
        for first in groups:
            if first >= members or stop.is_set():
                return
            last = min(first + MEMBERS_AT_A_TIME, members)
            try:
                if shocks is None:
                    runner.run_members(task, draws.constants(first, last), block, first)
                else:
                    runner.run(tasks(first, last), block, first)
            except Broke as broke:
                broken.append(broke.breaks[0])
                stop.set()
            finished.append(last - first)

    engine.kernel.machine(task.extent, SIDE_BY_SIDE)
    threads = min(processors(), -(-members // MEMBERS_AT_A_TIME))
    with ThreadPoolExecutor(threads) as pool:
        try:
            futures = [pool.submit(work) for _ in range(threads)]
            while wait(futures, timeout=SECONDS_BETWEEN_REPORTS).not_done:
                if progress:
                    progress(sum(finished), members)
            for future in futures:
                future.result()
        finally:
            stop.set()
    if broken:
        first = min(broken, key=lambda each: each.member)
        why = engine.explanation(tasks(first.member, first.member + 1)[0], first)
        raise RunBroke(f"member {first.member}: {why}")
    if progress:
        progress(members, members)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
