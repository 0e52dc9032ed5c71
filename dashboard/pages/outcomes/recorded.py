"""Recorded beside true: what statistics show of a figure, and what it is."""

from __future__ import annotations

from markupsafe import Markup

from pushpull import Result
from pushpull.catalogue import catalogue
from pushpull.dashboard.charts import theme
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import figure, key, over_years, run_names
from pushpull.dashboard.state.state import State
from pushpull.svg import Curve, Recorded, curves
from pushpull.wording.markup import element


def fragment(language: Language, state: State, runs: Runs) -> Markup:
    """Each true figure beside what statistics show of it."""
    say, charts, called = language.say, [], run_names(language, state)
    for true, shown in indicators.PAIRS:
        unit = catalogue().model.variables[true].unit
        title = say(f"outcomes.recorded.pairs.{true}.title")
        lines = [
            Curve(say("pair", name=called[side], value=say(f"charts.{word}")), result.total(name)[0], side, dash, width)
            for side, result, width in (("baseline", runs.baseline, 1.6), ("yours", runs.yours, 2.2))
            for word, name, dash in (("recorded", shown, theme.AS_RECORDED), ("real", true, ()))
        ]
        outcome = shown if shown in catalogue().outcomes else true
        points = indicators.history(state.scenario.corridor, outcome, state.scenario.start)
        said = recorded_summary(language, runs.yours, true, shown, state.year)
        drawn = curves(
            language.numbers, title, said, runs.yours.time, lines, unit,
            mark=state.scenario.policy_start, recorded=Recorded(points["time"], points["value"]),
            name=f"recorded_{true}",
        )  # fmt: skip
        columns = [(line.title, line.values) for line in lines]
        data = over_years(language, title, runs.yours.time, columns, unit, state.scenario.policy_start, points)
        note = say(f"outcomes.recorded.pairs.{true}.note")
        charts.append(
            figure(language, f"recorded-{true}", title, language.numbers.unit(unit), drawn, f"{said} {note}", data)
        )
    legend = key(
        [
            (say("pair", name=called[side], value=say(f"charts.{word}")), side, dash)
            for side in ("yours", "baseline")
            for word, dash in (("real", ()), ("recorded", theme.AS_RECORDED))
        ]
    )
    return element(
        "div",
        element("p", say("outcomes.recorded.hint"), class_="hint"),
        legend,
        element("div", charts, class_="grid pairs"),
    )


def recorded_summary(language: Language, yours: Result, true: str, shown: str, year: float) -> str:
    """One sentence on a pair of true and recorded figures."""
    real, seen = (indicators.at(yours, yours.total(name)[0], year) for name in (true, shown))
    return language.say(
        "outcomes.recorded.told",
        year=language.numbers.year(year),
        shown=language.numbers.number(seen),
        true=language.numbers.number(real),
        share=language.numbers.amount(seen / real if real else 0.0, "1"),
    )
