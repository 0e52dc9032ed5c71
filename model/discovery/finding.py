"""Where some of the simulations come from: the inputs that separate them, and a box of few limits, in a sentence."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pushpull.analysis.targets import Target
from pushpull.catalogue import catalogue
from pushpull.discovery.boxes import LOW, Box, find_boxes, within
from pushpull.discovery.cases import Cases, run_cases
from pushpull.discovery.condition import Condition
from pushpull.discovery.separating import COLUMNS, halves, separation
from pushpull.ensemble import Progress
from pushpull.scenario import Scenario
from pushpull.wording.numbers import numbers_of

SIMULATIONS = 400
FEWEST = 20  # simulations of either kind in the half that is looked in: with fewer, boxes are found by chance
LOOKED_AT = 12  # inputs, those that separate farthest
BY_CHANCE = 0.05  # an input counts whose distance, and a limit whose effect, chance alone makes less often
WORTH = 0.02  # of the parting of cases: an end of a box that adds less is left open
MOST_LIMITS = 3


@dataclass(frozen=True)
class BoxEnd:
    """One end of an input: `above` a value in `unit`, or below it. `chance` is how likely chance alone would fill the
    box as well without it."""

    name: str
    title: str
    unit: str
    value: float
    above: bool
    chance: float

    def __str__(self) -> str:
        value = numbers_of("en", plain=True).given(self.value)
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"{_within_a_sentence(self.title)} {'above' if self.above else 'below'} {value}{unit}"


@dataclass(frozen=True, eq=False)
class Discovery:
    """What separates the chosen simulations from the others.

    `separation` is the table of `pushpull.discovery.separation`, of every input. `boxes` are all that were found on the
    way, `limits` those of the one that is told, few and each beyond chance; none where no input separates beyond chance
    or too few simulations are of one kind. It was found in one half of the simulations; `coverage` (of the chosen, the
    share inside) and `density` (of those inside, the share chosen) are of the other half.
    """

    condition: Condition | None
    cases: Cases
    chosen: np.ndarray
    separation: pd.DataFrame
    boxes: tuple[Box, ...]
    limits: tuple[BoxEnd, ...]
    coverage: float
    density: float

    @property
    def target(self) -> Target:
        """The outcome and the year that the condition asks about; raises ValueError where there is none."""
        if self.condition is None:
            raise ValueError("these simulations were chosen in another way than by a condition")
        return self.condition.target

    @property
    def share(self) -> float:
        """The share of all simulations that are chosen."""
        return float(self.chosen.mean())

    @property
    def sentence(self) -> str:
        """All of it in words."""
        what, percent = _told(self.condition), numbers_of("en", plain=True).share
        if not self.limits:
            few = min(self.chosen.sum(), (~self.chosen).sum()) < 2 * FEWEST
            why = (
                "Too few are of one kind to tell them apart."
                if few
                else "Nothing that was drawn tells them apart clearly."
            )
            return f"{percent(self.share)} of the simulations: {what}. {why}"
        limits = "; ".join(str(each) for each in self.limits)
        within_them = "this limit" if len(self.limits) == 1 else "these limits"
        return (
            f"In {percent(self.coverage)} of the simulations in which {what}: {limits}. "
            f"Within {within_them} that is so in {percent(self.density)} of the simulations, in all "
            f"in {percent(self.share)}."
        )


def discover(
    policy: Scenario,
    where: Condition | str,
    *,
    simulations: int = SIMULATIONS,
    vary: Mapping[str, tuple[float, float]] | None = None,
    most_limits: int = MOST_LIMITS,
    seed: int | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Discovery:
    """Run a policy and its baseline, choose the simulations `where` something is so, and find what separates them.

    See `run_cases` for `vary` and for what is raised.
    """
    condition = Condition.parse(where) if isinstance(where, str) else where
    condition.check(policy)
    cases = run_cases(
        policy,
        condition.line,
        condition.target.year,
        simulations=simulations,
        vary=vary,
        seed=seed,
        progress=progress,
        stop=stop,
    )
    return found_in(cases, condition, float(policy.policy_start), most_limits)


def found_in(cases: Cases, condition: Condition, policy_start: float, most_limits: int = MOST_LIMITS) -> Discovery:
    """What separates the simulations in which a condition holds, in cases that have been run."""
    chosen = condition.chosen(cases.time, cases.baseline, cases.policy, policy_start)
    return found_of(cases, chosen, condition, most_limits)


def found_of(
    cases: Cases, chosen: np.ndarray, condition: Condition | None = None, most_limits: int = MOST_LIMITS
) -> Discovery:
    """What separates any simulations that were `chosen`, a boolean for each case, from the others; `condition` says
    what is so in them, where something does."""
    table = _nothing() if chosen.all() or not chosen.any() else separation(cases.inputs, chosen)
    looked_in, judged_by = halves(cases.pairs)
    counts = chosen[looked_in].sum(), (~chosen[looked_in]).sum()
    nothing = Discovery(condition, cases, chosen, table, (), (), float("nan"), float("nan"))
    if min(counts) < FEWEST:
        return nothing
    parted = separation(cases.inputs.iloc[looked_in], chosen[looked_in])
    beyond = parted[parted["chance"] < BY_CHANCE / len(parted)]  # so many are tried at once
    names = list(beyond["input"][:LOOKED_AT])
    if not names:
        return nothing
    inputs = cases.inputs[names].to_numpy()
    boxes = find_boxes(inputs[looked_in], chosen[looked_in])
    box = simplified(max(boxes, key=lambda each: each.parting), inputs[looked_in], most_limits)
    limits = tuple(_limit(cases, names, box, end, inputs[looked_in]) for end in box.ends)
    if not limits:
        return nothing
    inside, truly = within(inputs[judged_by], _open(box)), chosen[judged_by]
    coverage = float((inside & truly).sum() / truly.sum()) if truly.any() else float("nan")
    density = float(truly[inside].mean()) if inside.any() else float("nan")
    return Discovery(condition, cases, chosen, table, boxes, limits, coverage, density)


def simplified(box: Box, inputs: np.ndarray, most_limits: int = MOST_LIMITS) -> Box:
    """The box without ends that chance may have set, that add little, or that are more than can be told."""
    while box.ends:
        chances = {end: box.chance_of([end], inputs) for end in box.ends}
        looser = {end: box.without([end], inputs) for end in box.ends}
        likeliest = max(chances, key=lambda end: chances[end])
        least = max(looser, key=lambda end: looser[end].parting)
        adds_little = len(box.ends) > 1 and looser[least].parting >= box.parting - WORTH
        if chances[likeliest] >= BY_CHANCE:
            box = looser[likeliest]
        elif adds_little or len(box.ends) > most_limits:
            box = looser[least]
        else:
            break
    return box


def _open(box: Box) -> np.ndarray:
    """The limits of a box, open to what was not seen where it sets none: shape (input, 2)."""
    beyond = np.broadcast_to([-np.inf, np.inf], box.limits.shape)
    return np.where(box.limits == box.whole, beyond, box.limits)


def _limit(cases: Cases, names: list[str], box: Box, end: tuple[int, int], inputs: np.ndarray) -> BoxEnd:
    name = names[end[0]]
    chance = box.chance_of([end], inputs)
    return BoxEnd(name, cases.titles[name], cases.units[name], float(box.limits[end]), end[1] == LOW, chance)


def _told(condition: Condition | None) -> str:
    """What is so where a condition holds."""
    if condition is None:
        return "a simulation is one of those chosen"
    target = condition.target
    title = _within_a_sentence(catalogue().outcomes[target.outcome].title)
    title += f" ({target.route.replace('_', ' ')})" if target.route else ""
    when = f"{'by' if target.by else 'in'} {target.year:g}"
    if condition.way:
        return f"the policy {'raises' if condition.way == 'rises' else 'lowers'} {title} {when}"
    return f"{title} {'≥' if target.above else '≤'} {numbers_of('en', plain=True).given(target.value)} {when}"


def _within_a_sentence(title: str) -> str:
    """A title that does not begin the sentence; what is in capitals stays."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS))
