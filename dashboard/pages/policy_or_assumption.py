"""Policy kept apart from changed assumptions: what each does by itself, in every scenario that is compared."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from markupsafe import Markup

from pushpull import Result, Scenario
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.compared import Entry, four
from pushpull.dashboard.compute.runs import outcome_run
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import figure, key, over_years
from pushpull.dashboard.state.state import State
from pushpull.engine.runs.task import RunBroke
from pushpull.svg import Curve, curves
from pushpull.wording.markup import element, table

_LOOKS = {
    "neither": ("baseline", (1, 3)),
    "assumptions": ("baseline", ()),
    "policy": ("yours", (1, 3)),
    "both": ("yours", ()),
}


def fragment(language: Language, state: State, entries: Sequence[Entry]) -> Markup:
    """Four lines of yours, nothing changed to everything changed, and the same as numbers for every scenario."""
    yours = next((entry for entry in entries if entry.is_current), None)
    both_changed = yours is not None and four(yours.scenario)["neither"] != yours.scenario.baseline()
    missing = element("p", language.say("compare.effects_missing"), class_="lead")
    return element(
        "div",
        lines(language, state, yours) if yours is not None and both_changed else missing,
        every_scenario(language, state, entries[1:]) if entries[1:] else None,
    )


def lines(language: Language, state: State, yours: Entry) -> Markup:
    """Nothing changed, assumptions alone, policy alone, and both, over time."""
    say, numbers, name = language.say, language.numbers, state.view.focus
    runs = _runs(yours.scenario)
    unit, time = catalogue().outcomes[name].unit, runs["both"].time
    drawn = [
        Curve(say(f"compare.four.{key_}"), result.total(name)[0], *_LOOKS[key_], 2.2) for key_, result in runs.items()
    ]
    assumptions, policy, changed = (numbers.difference(each, unit) for each in apart(yours.scenario, name, state.year))
    summary = say(
        "compare.effects_told",
        year=numbers.year(state.year),
        outcome=language.title(name),
        assumptions=assumptions,
        policy=policy,
        changed=changed,
    )
    title = say("compare.effects", outcome=language.inside(language.title(name)))
    drawing = curves(
        language.numbers,
        title,
        summary,
        time,
        drawn,
        unit,
        mark=state.scenario.policy_start,
        size=(900.0, 360.0),
        name="effects",
    )
    columns = [(line.title, line.values) for line in drawn]
    data = over_years(language, title, time, columns, unit, state.scenario.policy_start)
    legend = key([(line.title, line.colour, line.dash) for line in drawn])
    beside = numbers.unit_beside(unit)
    return element(
        "div",
        element("p", summary, class_="lead", id="effects-sentence"),
        figure(language, "effects", title, beside, drawing, "", data, legend, wide=True),
    )


def every_scenario(language: Language, state: State, entries: Sequence[Entry]) -> Markup:
    """What assumptions and policy do in each scenario, as a table."""
    say, numbers, name = language.say, language.numbers, state.view.focus
    unit = catalogue().outcomes[name].unit
    rows = [
        [entry.title, *(numbers.difference(each, unit) for each in apart(entry.scenario, name, state.year))]
        for entry in entries
    ]
    heads = [say("compare.scenario"), *(say(f"compare.apart.{word}") for word in ("assumptions", "policy", "changed"))]
    caption = say("compare.effects_table", outcome=language.inside(language.title(name)), year=numbers.year(state.year))
    body = element("div", table(heads, rows, caption), class_="scroll", tabindex="0")
    return element("figure", body, class_="chart wide matrix", id="figure-apart", aria_label=caption)


def apart(scenario: Scenario, outcome: str, year: float) -> tuple[float, float, float]:
    """What the changed assumptions do alone, the policy as things stand, and the policy under the assumptions.

    NaN each where one of the four runs gives no finite numbers.
    """
    try:
        at = {key_: indicators.at(run, run.total(outcome)[0], year) for key_, run in _runs(scenario).items()}
    except RunBroke:
        return (nan, nan, nan)
    return (at["assumptions"] - at["neither"], at["policy"] - at["neither"], at["both"] - at["assumptions"])


def _runs(scenario: Scenario) -> dict[str, Result]:
    return {key_: outcome_run(each) for key_, each in four(scenario).items()}
