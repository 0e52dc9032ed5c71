"""The stock of people without status as a product of factors: which of them do the levers touch?

residents = people at risk x wish x means x choice of the irregular way x success on the way x stay

The six multiply to the stock exactly, at every moment: the choice of way is what takes people at risk who have wish
and means to departures, success is arrivals a departure, stay is residents a yearly arrival.
"""

from __future__ import annotations

import math

import numpy as np
from markupsafe import Markup

from pushpull import Result
from pushpull.dashboard.compute.indicators import moment
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import figure, over_years, run_names
from pushpull.dashboard.state.state import State
from pushpull.svg import Curve, curves
from pushpull.wording.markup import element, table

UNITS = {"at_risk": "person", "wish": "index", "means": "1", "choice": "1/year", "success": "1", "stay": "year"}


def factors(result: Result) -> dict[str, np.ndarray]:
    """Each factor over time; their product is the stock of irregular residents."""
    at_risk = result.total("potential_labour_migrants")[0] + result.total("people_in_need_of_protection")[0]
    departures, arrivals = result.total("departures")[0], result.total("irregular_arrivals")[0]
    wish, means = result.total("labour_wish")[0], result.total("means_to_leave")[0]
    with np.errstate(all="ignore"):
        return {
            "at_risk": at_risk,
            "wish": wish,
            "means": means,
            "choice": departures / (at_risk * wish * means),
            "success": arrivals / departures,
            "stay": result.total("irregular_residents")[0] / arrivals,
        }


def shifts(runs: Runs, year: float) -> dict[str, float]:
    """How far yours moves each factor in a year, as a ratio to the baseline less one; NaN where that means nothing."""
    index = moment(runs.yours.time, year)
    yours, baseline = factors(runs.yours), factors(runs.baseline)
    with np.errstate(all="ignore"):
        return {name: float(yours[name][index] / baseline[name][index] - 1) for name in yours}


def fragment(language: Language, state: State, runs: Runs) -> Markup:
    """A small chart of each factor, and what each does to the whole."""
    say, numbers, charts = language.say, language.numbers, []
    called = run_names(language, state)
    yours, baseline, moved = factors(runs.yours), factors(runs.baseline), shifts(runs, state.year)
    year = numbers.year(state.year)
    for name in yours:
        title, unit = say(f"outcomes.factors.{name}.title"), UNITS[name]
        both = [
            Curve(called["baseline"], baseline[name], "baseline"),
            Curve(called["yours"], yours[name], "yours", (), 2.4),
        ]
        percent = numbers.percent(moved[name]) or say("overview.unchanged")
        summary = say(
            "outcomes.factors.told", year=year, change=percent, meaning=say(f"outcomes.factors.{name}.meaning")
        )
        drawn = curves(
            language.numbers, title, summary, runs.yours.time, both, unit, mark=state.scenario.policy_start, name=name
        )
        columns = [(line.title, line.values) for line in both]
        data = over_years(language, title, runs.yours.time, columns, unit, state.scenario.policy_start)
        beside = "" if unit in ("1", "index") else numbers.unit(unit)
        charts.append(figure(language, f"factor-{name}", title, beside, drawn, summary, data))
    logs = {name: math.log1p(value) if math.isfinite(value) and value > -1 else 0.0 for name, value in moved.items()}
    whole = math.expm1(sum(logs.values()))
    rows = [[say(f"outcomes.factors.{name}.title"), numbers.percent(value) or "0"] for name, value in moved.items()]
    rows.append([element("b", say("outcomes.factors.product")), element("b", numbers.percent(whole) or "0")])
    sums = table([say("outcomes.factors.factor"), say("outcomes.factors.change", year=year)], rows)
    return element(
        "div",
        element("p", say("outcomes.factors.hint"), class_="hint"),
        element("div", charts, class_="grid thirds"),
        element("div", sums, class_="sums"),
    )
