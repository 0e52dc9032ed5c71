"""The search behind goal seek: the point nearest to a start, by moves added up, at which a shortfall is gone.

A point of the search is expensive to try. So a smooth surface (scipy's radial basis functions) stands for the shortfall
between the points that were tried, `scipy.optimize.differential_evolution` searches it, what it proposes is tried, and
the surface is made anew. At the end every move is shortened as far as the shortfall allows, by trying.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

POINTS_A_LEVER = 12  # tried before the first surface is made
ROUNDS_A_LEVER, FEWEST_ROUNDS = 6, 16
HALVINGS = 7  # of a move that is shortened: to less than a hundredth of itself
AS_GOOD = 0.005  # of a shortfall, or of a change: two no farther apart are as good as each other
NEAR = 0.1  # of a range: how far around the best point every third proposal lies
WAYS = 8  # a surface is searched by so many points a lever

Try = Callable[[np.ndarray], float]
Trials = Generator[np.ndarray, float, "LeastChange"]  # points to try, to which the shortfall of each is sent


@dataclass(frozen=True, eq=False)
class LeastChange:
    """Where a search has ended: `position`, its `shortfall` (zero or less where nothing is missing), and the `least`
    shortfall of all points that were tried."""

    position: np.ndarray
    shortfall: float
    least: float

    @property
    def is_attained(self) -> bool:
        """Whether the shortfall is gone."""
        return self.shortfall <= 0


def least_change(
    attempt: Try,
    start: np.ndarray,
    seed: int,
    rounds: int | None = None,
    low: np.ndarray | float = 0.0,
    high: np.ndarray | float = 1.0,
) -> LeastChange:
    """Search positions from `low` to `high` for the least change from `start` at which `attempt(position)` is zero or
    less; where none is found, for the least change among the points at which it is least."""
    points = to_try(start, seed, rounds, low, high)
    try:
        position = next(points)
        while True:
            position = points.send(attempt(position))
    except StopIteration as ended:
        return ended.value


def to_try(
    start: np.ndarray,
    seed: int,
    rounds: int | None = None,
    low: np.ndarray | float = 0.0,
    high: np.ndarray | float = 1.0,
) -> Trials:
    """The same search point by point, for who tries them in between other work; each comes once."""
    from scipy.stats.qmc import Sobol

    size, rng = len(start), np.random.default_rng(seed)
    low, high = np.broadcast_to(low, size), np.broadcast_to(high, size)
    tried: dict[bytes, tuple[np.ndarray, float]] = {}

    def shortfall(position: np.ndarray) -> Generator[np.ndarray, float, float]:
        key = position.tobytes()
        if key not in tried:
            tried[key] = (position, (yield position))
        return tried[key][1]

    if (yield from shortfall(start)) <= 0:
        short = yield from shortfall(start)
        return LeastChange(start, short, short)
    for place in range(size):
        for end in (low[place], high[place]):
            alone = start.copy()
            alone[place] = end
            yield from shortfall(alone)
    count = 2 ** int(np.ceil(np.log2(POINTS_A_LEVER * size)))
    for position in Sobol(size, rng=rng).random(count):
        yield from shortfall(low + (high - low) * position)
    for number in range(max(FEWEST_ROUNDS, ROUNDS_A_LEVER * size) if rounds is None else rounds):
        points = np.array([position for position, _ in tried.values()])
        values = np.array([value for _, value in tried.values()])
        proposal = _proposal(points, values, start, (low, high), int(rng.integers(2**31)))
        if number % 3 == 2:  # now and then beside the best, so that the surface is right where it counts
            proposal = np.clip(best_of(points, values, start) + rng.uniform(-NEAR, NEAR, size), low, high)
        yield from shortfall(proposal)
    points = np.array([position for position, _ in tried.values()])
    values = np.array([value for _, value in tried.values()])
    allowed = max(0.0, float(values.min()) + AS_GOOD) if values.min() > 0 else 0.0
    near = np.flatnonzero(values <= allowed)
    order = near[np.argsort(np.abs(points[near] - start).sum(axis=1))][:2]
    ends = []
    for place in order:
        ends.append((yield from _shortened(shortfall, points[place], start, allowed)))
    position = min(ends, key=lambda each: float(np.abs(each - start).sum()))
    short = yield from shortfall(position)
    return LeastChange(position, short, float(min(value for _, value in tried.values())))


def best_of(points: np.ndarray, values: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Of points, the one nearest to the start where the shortfall is gone; where it is nowhere, that of the least."""
    met = values <= 0
    if not met.any():
        return points[np.argmin(values)]
    changes = np.abs(points - start).sum(axis=1)
    return points[np.argmin(np.where(met, changes, np.inf))]


def _proposal(
    points: np.ndarray, values: np.ndarray, start: np.ndarray, ends: tuple[np.ndarray, np.ndarray], seed: int
) -> np.ndarray:
    """What a surface through the points says is best between two ends."""
    from scipy.interpolate import RBFInterpolator
    from scipy.optimize import differential_evolution

    surface = RBFInterpolator(points, np.arcsinh(values), kernel="cubic", degree=1, smoothing=1e-9)

    def judged(population: np.ndarray) -> np.ndarray:
        """(lever, point) to one number each: the change where nothing is missing, else more than any change."""
        positions = np.where(np.abs(population - start[:, None]) < AS_GOOD, start[:, None], population)
        missing = surface(positions.T)
        change = np.abs(positions - start[:, None]).sum(axis=0)
        return np.where(missing <= 0, change, len(start) + 1 + missing)

    near = best_of(points, values, start)
    found = differential_evolution(
        judged,
        list(zip(*ends, strict=True)),
        rng=np.random.default_rng(seed),
        popsize=WAYS,
        maxiter=40,
        tol=1e-4,
        polish=False,
        updating="deferred",
        vectorized=True,
        x0=near,
    )
    return np.where(np.abs(found.x - start) < AS_GOOD, start, found.x)


def _shortened(
    shortfall: Callable[[np.ndarray], Generator[np.ndarray, float, float]],
    position: np.ndarray,
    start: np.ndarray,
    allowed: float,
) -> Generator[np.ndarray, float, np.ndarray]:
    """The same with every move shortened as far as it is allowed: undone if it can be, else halved between what is
    enough and what is not; the shortest moves first, since these may be there by chance, and then once more."""
    position = position.copy()
    for _ in range(2):
        for place in np.argsort(np.abs(position - start), kind="stable"):
            if position[place] == start[place]:
                continue
            enough, too_little = position[place], start[place]
            for number in range(HALVINGS):
                less = position.copy()
                less[place] = too_little if number == 0 else (enough + too_little) / 2
                if (yield from shortfall(less)) <= allowed:
                    enough = less[place]
                    if number == 0:
                        break
                else:
                    too_little = less[place]
            position[place] = enough
    return position
