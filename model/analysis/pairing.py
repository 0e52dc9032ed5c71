"""A policy against its baseline, member by member with the same draw: ranges and chances that refine as they come.

For several scenarios, and two numbers of each outcome in one table, see `pushpull.comparison.compare`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pushpull.analysis.engine_calls import Line
from pushpull.analysis.members import Members
from pushpull.analysis.quantile_ranges import Ranges, chance_of_change, column
from pushpull.analysis.targets import Chance, Target, check_targets, read_targets
from pushpull.catalogue import Outcome, catalogue
from pushpull.ensemble import Progress
from pushpull.plot_accessor import PlotAccessor
from pushpull.scenario import Scenario
from pushpull.wording.money import MONEY, in_currency

FIRST_MEMBERS = 100
FEWEST_MEMBERS = 40  # of which half, that are doubled, have one beyond either end of a range from 5 to 95 percent
TOLERANCE = 0.02  # of the range of a chart: less than the width of a line drawn on it
PARTS = ("baseline", "policy", "difference")


@dataclass(frozen=True, eq=False)
class Pair:
    """One line of an outcome without and with the policy, over time.

    `baseline`, `policy` and `difference` (policy less baseline, member by member) are ranges. `chance` is over time the
    share of members in which the policy makes the outcome better, or larger where neither way is better (`direction`
    is then "neither"); NaN where it moves in no member, as before the policy starts. `rises` and `falls` are over time
    the shares of members in which the policy makes the outcome larger and smaller. `moved` is how far doubling the
    members moved the edges of these ranges, as a share of their span, and `distinct` how many draws differ.
    """

    outcome: Outcome
    route: str
    baseline: Ranges
    policy: Ranges
    difference: Ranges
    chance: np.ndarray
    rises: np.ndarray
    falls: np.ndarray
    moved: float
    distinct: int

    @property
    def direction(self) -> str:
        """Which way is better for people: "lower", "higher" or "neither"."""
        return self.outcome.better

    @property
    def settled(self) -> bool:
        """Whether doubling the members left the ranges where they were, to 2 percent of their span; so few that a
        range from 5 to 95 percent is that of the two outermost never settle."""
        return self.distinct >= FEWEST_MEMBERS and self.moved <= TOLERANCE


@dataclass(frozen=True, eq=False)
class Paired:
    """What so many members say of a policy against its baseline.

    `pairs` has one entry for each outcome and, where it varies by route, for each route; harm to people comes first.
    `whole` says whether these are all the members that were asked for. `settled` is whether every edge moved by at
    most 2 percent of its span when the members were doubled, and there are enough of them to tell; `message` says
    so in words. `distinct` is the number of different draws among the members: less than `members` where a fit has
    left fewer draws; then it is those that are doubled. `scenario` is that of the policy.
    """

    titles: tuple[str, str]
    members: int
    distinct: int
    seed: int
    time: np.ndarray
    routes: tuple[str, ...]
    pairs: Mapping[Line, Pair]
    chances: tuple[Chance, ...]
    whole: bool
    provenance: Mapping[str, Any]
    currency: str = MONEY
    scenario: Scenario | None = None

    plot = PlotAccessor()

    def of(self, outcome: str, route: str = "") -> Pair:
        """The pair of an outcome's total or of one route; raises KeyError where there is none."""
        return self.pairs[Line(outcome, route)]

    @cached_property
    def worst(self) -> Pair:
        """The pair whose ranges moved farthest when the members were doubled."""
        return max(self.pairs.values(), key=lambda pair: pair.moved)

    @property
    def settled(self) -> bool:
        """Whether more members would leave every range where it is."""
        return self.worst.settled

    @property
    def message(self) -> str:
        """Whether it has settled, in a sentence."""
        if self.distinct < FEWEST_MEMBERS:
            have = f"{self.distinct} {'has' if self.distinct == 1 else 'have'} been run"
            return f"not settled: this needs at least {FEWEST_MEMBERS} members; {have}"
        doubled = f"doubling the members from {self.distinct // 2:,} to {self.distinct:,}"
        farthest, repeats = f"{self.worst.moved:.1%} of its range", self.distinct < self.members
        again = f"; the fit has {self.distinct:,} draws, which more members repeat" if repeats else ""
        if self.settled:
            return f"settled: {doubled} moved no edge of a range by more than {farthest}{again}"
        named = self.worst.outcome.title + (f" ({self.worst.route})" if self.worst.route else "")
        return f"not settled: {doubled} moved an edge of a range by {farthest}, at {named}{again}"

    @cached_property
    def table(self) -> pd.DataFrame:
        """Everything in one tidy table: time, outcome, route, part, unit, p5, p25, p50, p75, p95, chance, moved."""
        return pd.concat([_rows(self.time, pair, self.currency) for pair in self.pairs.values()], ignore_index=True)

    def _repr_html_(self) -> str:
        return self.table[self.table["time"] == self.time[-1]].to_html(index=False, float_format="{:.4g}".format)


def stream(
    scenario: Scenario | Members,
    baseline: Scenario | Members,
    members: int | None = None,
    seed: int | None = None,
    keep: Iterable[str] | None = None,
    targets: Iterable[str | Target] = (),
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Iterator[Paired]:
    """Yield what 100 members say of a policy against its baseline, then 200, 400 and so on up to `members`.

    Member k has the same draw in both scenarios (see `pushpull.ensemble.Draws`) and is the same however many
    members there are: a larger ensemble goes on where a smaller one ended, and no member is run twice. The last result
    is that of `paired`, byte for byte. Members and seed are the scenario's own where none are given; `keep` names
    outcomes (all if None); `targets` are `Target`s or their texts, such as "deaths_in_transit<=300 in 2035".
    `progress` is called with (runs done, runs in all). Give `Members` in the place of a scenario to keep what is run
    for the next call; they then settle the seed and the outcomes.

    Ends early when the generator is closed.

    Raises:
        Stopped: within a tenth of a second of `stop` being set.
        ValueError: where the two have not one corridor, seed and reported years to share.
        ScenarioFaults: for targets of what there is not.
        KeyError: for outcomes there are not.
        RunBroke: where a member breaks.
    """
    policy, reference = _members(scenario, seed, keep), _members(baseline, seed, keep)
    whole = policy.scenario.members if members is None else policy.scenario.with_changes(members=members).members
    wanted = read_targets(targets)
    _check(policy, reference, wanted)
    return _refine(policy, reference, whole, wanted, progress, stop)


def paired(
    scenario: Scenario | Members,
    baseline: Scenario | Members,
    members: int | None = None,
    seed: int | None = None,
    keep: Iterable[str] | None = None,
    targets: Iterable[str | Target] = (),
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Paired:
    """What `members` members say of a policy against its baseline: the last result of `stream`, which see."""
    policy, reference = _members(scenario, seed, keep), _members(baseline, seed, keep)
    whole = policy.scenario.members if members is None else policy.scenario.with_changes(members=members).members
    wanted = read_targets(targets)
    _check(policy, reference, wanted)
    _grow(policy, reference, whole, whole, progress, stop)
    return _paired(policy, reference, whole, True, wanted, None)


def _members(given: Scenario | Members, seed: int | None, keep: Iterable[str] | None) -> Members:
    return given if isinstance(given, Members) else Members(given, seed, keep)


def _check(policy: Members, reference: Members, targets: tuple[Target, ...]) -> None:
    if policy.seed != reference.seed:
        raise ValueError("a policy and its baseline share one seed; otherwise their members differ in more")
    if policy.outcomes != reference.outcomes:
        raise ValueError("a policy and its baseline keep the same outcomes")
    own, other = policy.scenario, reference.scenario
    if own.corridor.digest != other.corridor.digest:
        raise ValueError("a policy and its baseline share one corridor")
    if any(getattr(own, word) != getattr(other, word) for word in ("start", "end", "steps_per_year", "save_every")):
        raise ValueError("a policy and its baseline report the same years in the same steps")
    check_targets(targets, policy.routes, own.start, own.end)
    for target in targets:
        if target.outcome not in policy.outcomes:
            raise KeyError(f"the outcome of the target {str(target)!r} is not kept")


def _refine(
    policy: Members,
    reference: Members,
    whole: int,
    targets: Sequence[Target],
    progress: Progress | None,
    stop: threading.Event | None,
) -> Iterator[Paired]:
    count, last = 0, None
    while count < whole:
        count = min(max(2 * count, FIRST_MEMBERS), whole)
        _grow(policy, reference, count, whole, progress, stop)
        last = _paired(policy, reference, count, count == whole, targets, last)
        yield last


def _grow(
    policy: Members,
    reference: Members,
    count: int,
    whole: int,
    progress: Progress | None,
    stop: threading.Event | None,
) -> None:
    both = (reference, policy)

    def report(done: int, of: int) -> None:
        if progress:
            progress(sum(min(members.count, whole) for members in both) + done, 2 * whole)

    for members in both:
        members.grow(count, report, stop)
        report(0, 0)


def _paired(
    policy: Members, reference: Members, count: int, whole: bool, targets: Sequence[Target], last: Paired | None
) -> Paired:
    distinct = policy.distinct(count)
    pairs: dict[Line, Pair] = {}
    for line in policy.lines:
        earlier = last.pairs[line] if last is not None and 2 * last.members == distinct else None
        values = reference.values(line, count), policy.values(line, count)
        pairs[line] = _pair(line, *values, distinct, earlier)
    start = policy.scenario.policy_start

    def share(target: Target, side: Members) -> float:
        return float(target.met(policy.time, side.values(Line(target.outcome, target.route), count), start).mean())

    chances = tuple(Chance(target, share(target, reference), share(target, policy)) for target in targets)
    return Paired(
        titles=(reference.scenario.title, policy.scenario.title),
        members=count,
        distinct=distinct,
        seed=policy.seed,
        time=policy.time,
        routes=policy.routes,
        pairs=pairs,
        chances=chances,
        whole=whole,
        provenance={
            **policy.provenance,
            "members": count,
            "baseline_title": reference.scenario.title,
            "baseline_hash": reference.provenance["scenario_hash"],
        },
        currency=policy.scenario.corridor.currency,
        scenario=policy.scenario,
    )


def _pair(line: Line, before: np.ndarray, after: np.ndarray, distinct: int, earlier: Pair | None) -> Pair:
    """The pair of a line from values over (time, member); `earlier` is that of the first half, where it is known."""
    outcome, change, half = catalogue().outcomes[line.outcome], after - before, max(distinct // 2, 1)
    baseline, policy, difference = (Ranges.of(values) for values in (before, after, change))
    if earlier is not None:
        fewer = [earlier.baseline, earlier.policy, earlier.difference]
    else:
        fewer = [Ranges.of(values[:, :half]) for values in (before, after, change)]
    moved = max(own.moved_from(less) for own, less in zip((baseline, policy, difference), fewer, strict=True))
    return Pair(
        outcome=outcome,
        route=line.route,
        baseline=baseline,
        policy=policy,
        difference=difference,
        chance=chance_of_change(change, outcome.better),
        rises=(change > 0).mean(axis=1),
        falls=(change < 0).mean(axis=1),
        moved=moved,
        distinct=distinct,
    )


def _rows(time: np.ndarray, pair: Pair, currency: str) -> pd.DataFrame:
    parts, unit = [], in_currency(pair.outcome.unit, currency)
    for part in PARTS:
        ranges: Ranges = getattr(pair, part)
        head = {"time": time, "outcome": pair.outcome.id, "route": pair.route, "part": part, "unit": unit}
        quantiles = {column(at): ranges.edge(at) for at in ranges.at}
        chance = pair.chance if part == "difference" else np.full(len(time), np.nan)
        parts.append(pd.DataFrame({**head, **quantiles, "chance": chance, "moved": pair.moved}))
    return pd.concat(parts, ignore_index=True)
