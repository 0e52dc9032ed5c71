"""Many runs of one scenario, each with its own draw of the parameters.

The draws depend on the seed, the cards and the corridor's fit alone, never on the policy: member 7 of a baseline and
member 7 of a policy live in the same world, so their difference is the policy's doing. Nor do they depend on how many
members there are: a larger ensemble goes on where a smaller one ended.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np

from model.calibration.posterior import posterior_of
from model.catalogue import catalogue
from model.engine.cards import Card
from model.engine.compile import POPULATIONS
from model.engine.declare import population
from model.engine.integrate import RunBroke, Task
from model.engine.result import WEIGHT, Result
from model.running import integrator, result_of, task_of
from model.scenario import Scenario

EVERYTHING = "everything"
LARGEST_IN_MEMORY = 512_000_000  # bytes; beyond that an ensemble is kept in a temporary file
SECONDS_BETWEEN_REPORTS = 0.1
MEMBERS_AT_A_TIME = 8
FEWEST_STRATA, MEMBERS_IN_A_BLOCK = 25, 1600  # of the draws: see `_quantiles`

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

    `base` holds the scenario's own parameters (parameter, element), `values` a draw for each member and drawn
    card, `references` the draw at which each card's own value stands, and `places` of each drawn card its row and
    the elements (populations x routes) that are left open.
    """

    base: np.ndarray
    values: np.ndarray
    references: np.ndarray
    cards: tuple[Card, ...]
    places: tuple[tuple[int, np.ndarray], ...]

    @classmethod
    def of(cls, scenario: Scenario, members: int, seed: int, first: int = 0) -> Draws:
        """Draw what a fit of the corridor has estimated from its posterior, and every other card that is not
        fixed from its prior, whether or not the scenario leaves it open.

        With `first`, the draws of the members from there on only: row 0 is that of member `first`.
        """
        known = scenario.catalogue.parameters
        rows = {name: row for row, name in enumerate(known)}
        posterior = posterior_of(scenario.corridor)
        fitted = [name for name in posterior.parameters if name in known] if posterior else []
        others = [card for card in known.values() if card.distribution != "fixed" and card.id not in fitted]
        quantiles = _quantiles(first, members, len(others), seed)
        drawn = [value_at_quantile(card, quantiles[:, column]) for column, card in enumerate(others)]
        references = [card.value for card in others]
        if posterior:
            columns = [posterior.parameters.index(name) for name in fitted]
            drawn += list(posterior.draws[posterior.choose(members, seed)[first:]][:, columns].T)
            references += list(posterior.reference[columns])
        cards = (*others, *(known[name] for name in fitted))
        return cls(
            base=scenario.resolve_parameters(tuple(known)),
            values=np.stack(drawn, axis=1) if drawn else quantiles,
            references=np.array(references),
            cards=cards,
            places=tuple((rows[card.id], _free_elements(scenario, card.id)) for card in cards),
        )

    def constants(self, first: int, last: int) -> np.ndarray:
        """Parameters of the members from `first` to just before `last`: (member, parameter, element)."""
        constants = np.repeat(self.base[None], last - first, axis=0)
        for column, (card, (row, free)) in enumerate(zip(self.cards, self.places, strict=True)):
            draws = self.values[first:last, column, None]
            constants[:, row, free] = _moved(card, draws, self.base[row, free], self.references[column])
        return constants


def value_at_quantile(card: Card, quantile: np.ndarray) -> np.ndarray:
    """The value of a card's distribution below which a share `quantile` of the draws lies."""
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


def _moved(card: Card, draws: np.ndarray, own: np.ndarray, reference: float) -> np.ndarray:
    """The scenario's own value moved as far as the draw lies from the reference, within the card's range."""
    if np.all(own == reference):
        return np.broadcast_to(draws, (len(draws), len(own)))
    moved = own * (draws / reference) if reference else own + draws
    return np.clip(moved, card.low, card.high)


def _quantiles(first: int, last: int, dimensions: int, seed: int) -> np.ndarray:
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


def _free_elements(scenario: Scenario, name: str) -> np.ndarray:
    """Which elements of a parameter the scenario file leaves open, shape (populations x routes)."""
    free = np.ones((POPULATIONS, len(scenario.routes)), dtype=bool)
    given = scenario.parameters.get(name)
    if isinstance(given, Mapping):
        for label in given:
            if label in population.labels:
                free[population.labels.index(label)] = False
            else:
                free[:, scenario.routes.index(label)] = False
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
    `progress` is told (members done, members in all) a few times a second; an ensemble too large for memory
    lies in a nameless temporary file in the folder `scratch`. Raises RunBroke naming the member that broke.
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
    task, members = task_of(scenario), len(draws.values)
    time, levels, values = integrator().run(task)
    shell = result_of(scenario, task, time, levels[None, :, :0], values[None, :, :0])
    skipped = len(time) - len(shell.time)
    writer = _Writer.of(shell, _names_to_keep(shell, keep), members, skipped, scratch)
    _march_all(task, draws, members, writer, progress)
    empty = np.empty((members, len(shell.time), 0, levels.shape[2]))
    provenance = {**shell.provenance, "members": members}
    return dataclasses.replace(shell, levels=empty, values=empty, kept=writer.kept, provenance=provenance)


def _names_to_keep(shell: Result, keep: Iterable[str] | str | None) -> tuple[str, ...]:
    if keep == EVERYTHING:
        return shell.variables
    names = tuple(catalogue().outcomes) if keep is None else (keep,) if isinstance(keep, str) else tuple(keep)
    unknown = [name for name in names if name not in shell]
    if unknown:
        raise KeyError(f"no variable {', '.join(map(repr, unknown))}")
    chosen = {WEIGHT, *names}
    return tuple(name for name in shell.variables if name in chosen)


@dataclasses.dataclass(frozen=True)
class _Writer:
    """Copies what is kept of a member's run into its place."""

    kept: dict[str, np.ndarray]
    rows: tuple[tuple[np.ndarray, bool, int], ...]
    skipped: int

    @classmethod
    def of(
        cls, shell: Result, names: tuple[str, ...], members: int, skipped: int, scratch: Path | str | None
    ) -> _Writer:
        """Room for every name, in memory or, where it would be too large, in a temporary file."""
        shapes = {}
        for name in names:
            over = shell.model.over(name)
            populations = POPULATIONS if "population" in over else 1
            routes = len(shell.routes) if "route" in over else 1
            shapes[name] = (members, len(shell.time), populations, routes)
        kept = _room(shapes, scratch)
        places = {name: (True, row) for row, name in enumerate(shell.layout.stocks)}
        places |= {name: (False, row) for row, name in enumerate(shell.layout.values)}
        return cls(kept, tuple((kept[name], *places[name]) for name in names), skipped)

    def write(self, member: int, levels: np.ndarray, values: np.ndarray) -> None:
        """Keep one member's run; levels and values are over (time, row, element)."""
        for target, stock, row in self.rows:
            saved = (levels if stock else values)[self.skipped :, row]
            block = saved.reshape(len(saved), POPULATIONS, -1)
            target[member] = block[:, : target.shape[2], : target.shape[3]]


def _room(shapes: Mapping[str, tuple[int, ...]], scratch: Path | str | None) -> dict[str, np.ndarray]:
    sizes = {name: 8 * math.prod(shape) for name, shape in shapes.items()}
    if sum(sizes.values()) <= LARGEST_IN_MEMORY:
        return {name: np.empty(shape) for name, shape in shapes.items()}
    room, start = {}, 0
    with tempfile.TemporaryFile(dir=scratch) as file:  # the map outlives the name and the handle
        file.truncate(sum(sizes.values()))
        for name, shape in shapes.items():
            room[name] = np.memmap(file, dtype=float, mode="r+", offset=start, shape=shape)
            start += sizes[name]
    return room


def _march_all(task: Task, draws: Draws, members: int, writer: _Writer, progress: Progress | None) -> None:
    """Run the members on as many threads as there are processors; the kernel holds no lock."""
    blocks, done, stop = itertools.count(0, MEMBERS_AT_A_TIME), itertools.count(1), threading.Event()
    finished: list[int] = [0]
    broken: list[tuple[int, RunBroke]] = []

    def work() -> None:
        march = March(task)
        for first in blocks:
            if first >= members:
                return
            constants = draws.constants(first, min(first + MEMBERS_AT_A_TIME, members))
            for member, own in enumerate(constants, start=first):
                if stop.is_set():
                    return
                try:
                    levels, values = march.run(dataclasses.replace(task, constants=own))
                except RunBroke as fault:
                    broken.append((member, fault))
                    stop.set()
                    return
                writer.write(member, levels, values)
                finished[0] = next(done)

    with ThreadPoolExecutor(min(processors(), members)) as pool:
        try:
            futures = [pool.submit(work) for _ in range(min(processors(), members))]
            while wait(futures, timeout=SECONDS_BETWEEN_REPORTS).not_done:
                if progress:
                    progress(finished[0], members)
            for future in futures:
                future.result()
        finally:
            stop.set()
    if broken:
        member, fault = min(broken, key=lambda pair: pair[0])
        raise RunBroke(f"member {member}: {fault}") from fault
    if progress:
        progress(members, members)


class March:
    """The kernel's march with buffers of its own, used again for every member of a thread."""

    def __init__(self, task: Task):
        engine = integrator()
        elements = POPULATIONS * len(task.routes)
        saves = math.ceil(task.steps / task.every) + 1
        self.engine = engine
        self.values = np.empty((len(engine.layout.values), elements))
        self.saved_levels = np.empty((saves, len(engine.layout.stocks), elements))
        self.saved_values = np.empty((saves, len(engine.layout.values), elements))

    def run(self, task: Task) -> tuple[np.ndarray, np.ndarray]:
        """Levels and values over (time, row, element); they are overwritten by the next run."""
        self.values[:] = 0.0
        levels, time_step = self.engine.initial_levels(task), 1.0 / task.steps_per_year
        given = (levels, task.inputs, task.constants, task.formulas, task.cut, len(task.routes))
        how = (time_step, task.euler, task.policy_step, task.every)
        broke = self.engine.kernel.module.march(*given, *how, self.values, self.saved_levels, self.saved_values)
        if broke >= 0:
            self.engine.run(task)  # raises RunBroke, which tells where
        return self.saved_levels, self.saved_values


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
