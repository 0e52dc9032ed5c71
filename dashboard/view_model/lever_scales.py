"""What the scale of a lever tells beside its value: agents or places, named marks, what published effects cover, and
what one unit costs."""

from __future__ import annotations

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.point_costs import COST, cost_of_more
from pushpull.dashboard.compute.runs import cached_run
from pushpull.dashboard.i18n.shown_units import shown_unit
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import entry
from pushpull.dashboard.state.packages import package_heading
from pushpull.dashboard.state.state import State
from pushpull.dashboard.view_model.marks import PACKAGE, Mark, marks_of
from pushpull.engine.language.cards import Card
from pushpull.evidence.coverage import Covered, covered_by_shipped
from pushpull.scenario.counted_levers import count_of, is_assumed
from pushpull.wording.typography import GAP

EVERY_DIGIT = 9
FEW_EFFECTS = 6  # named one by one


def scale_of(language: Language, state: State, lever: Card) -> dict:
    """All of it, in shown units; keys that a control of the context does not have."""
    marks, words = marks_of(state, lever.id), _Words(language, state, lever)
    interval = covered_by_shipped().get(state.scenario.corridor.id, {}).get(lever.id)
    return {
        "counted": _counted(language, state, lever),
        "marks": [words.mark(each, None) for each in marks[None]],
        "route_marks": [[words.mark(each, route) for each in own] for route, own in marks.items() if route is not None],
        "covered": words.covered(interval),
        "covered_told": words.coverage(interval),
        "unit_costs": unit_costs(language, state, lever),
    }


def unit_costs(language: Language, state: State, lever: Card) -> list[str]:
    """What the use of a lever is paid by, in sentences; of a share also what a point more costs."""
    rows = [
        language.say("lever_scale.unit_cost", title=title, amount=amount, source=source)
        for title, amount, source in entry.unit_costs(language, state, lever)
    ]
    scale, _ = shown_unit(language, lever)
    if scale == 1:
        return rows
    plain, start = state.scenario.baseline(), state.scenario.policy_start
    cost = cost_of_more(plain, cached_run(plain), lever.id, 1 / scale, start)
    if cost is None:
        return rows
    words = language.counting(state.scenario.corridor.currency)
    amount, year = words.numbers.full(cost, catalogue().outcomes[COST].unit), language.numbers.year(start)
    return [language.say("lever_scale.point_cost", amount=amount, year=year), *rows]


def _counted(language: Language, state: State, lever: Card) -> dict | None:
    """What one is in agents or places: on each route, or in all."""
    each = count_of(state.scenario, lever.id)
    if each is None:
        return None
    unit = language.say(f"lever_scale.counted.{lever.id}")
    told = language.say(
        "lever_scale.counted_assumed" if is_assumed(state.scenario, lever.id) else "lever_scale.counted_told",
        count=language.numbers.figures(round(sum(each)), EVERY_DIGIT),
        unit=unit,
    )
    return {"unit": unit, "each": list(each), "told": told}


class _Words:
    """The marks and the interval of one lever in words."""

    def __init__(self, language: Language, state: State, lever: Card):
        self.language, self.state, self.lever = language, state, lever
        self.scale, self.unit = shown_unit(language, lever)
        self.count = count_of(state.scenario, lever.id)
        self.routes = tuple(state.scenario.corridor.routes)

    def mark(self, mark: Mark, route: str | None) -> dict:
        """A mark as the slider draws it: where, what it is called, its name with its value, and whether a package
        is called so."""
        if mark.kind == PACKAGE:
            name = self.language.of("packages", mark.package, package_heading(mark.package).title)
        else:
            name = self.language.say(f"lever_scale.{mark.kind}", year=self.language.numbers.year(mark.year))
        told = self.language.say("pair", name=name, value=self.amount(mark.value, route))
        return {"at": mark.value * self.scale, "name": name, "told": told, "is_package": mark.kind == PACKAGE}

    def amount(self, value: float, route: str | None) -> str:
        """A setting with its unit, and in agents or places where the lever counts them."""
        shown = self.with_unit(self.number(value))
        if self.count is None:
            return shown
        one = sum(self.count) if route is None else self.count[self.routes.index(route)]
        count = self.language.numbers.figures(round(value * one), EVERY_DIGIT)
        unit = self.language.say(f"lever_scale.counted.{self.lever.id}")
        return self.language.say("lever_scale.both", shown=shown, count=count, unit=unit)

    def number(self, value: float) -> str:
        """The digits of a setting: to three figures, and no whole digit is lost."""
        shown = value * self.scale
        return self.language.numbers.figures(shown, max(3, len(f"{abs(shown):.0f}")))

    def with_unit(self, number: str) -> str:
        return f"{number}{GAP}{self.unit}".strip()

    def covered(self, interval: Covered | None) -> list[float] | None:
        """From where to where published effects cover the scale."""
        return None if interval is None else [interval.low * self.scale, interval.high * self.scale]

    def coverage(self, interval: Covered | None) -> str:
        """What published effects cover, in a sentence."""
        say = self.language.say
        if interval is None:
            return say("lever_scale.not_covered")
        low, high = self.number(interval.low), self.with_unit(self.number(interval.high))
        effects = interval.effects
        named = ", ".join(effects) if len(effects) <= FEW_EFFECTS else say("lever_scale.effects", count=len(effects))
        is_whole = interval.low <= self.lever.low and interval.high >= self.lever.high
        return say(
            "lever_scale.covered_whole" if is_whole else "lever_scale.covered", low=low, high=high, effects=named
        )
