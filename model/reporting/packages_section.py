"""The section on policy packages: what each does and costs, and whether one of several kinds exceeds its parts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pushpull import descriptions
from pushpull.engine.runs.result import Result
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_numbers import number, share
from pushpull.scenario import Scenario, ScenarioFaults, heading, policy_names
from pushpull.simulation import run
from pushpull.wording.money import CURRENCIES, taken_at_par
from pushpull.wording.numbers import DASH

COST = "public_cost"
OUTCOMES = (
    "deaths_in_transit", "people_exploited", "protection_gap", "irregular_entries", "irregular_residents", COST,
)  # fmt: skip
BILLION = 1e9


def packages(findings: Findings) -> dict:
    """Means from the policy start to the end of the run, beside today's course, of single runs without ranges."""
    baseline = findings.scenario.baseline()
    known = baseline.catalogue
    course = _means(run(baseline), baseline)
    costs = known.model.variables[COST].arguments
    money = CURRENCIES[baseline.corridor.currency]
    rows, apart, out = [], [], []
    for name in policy_names():
        try:
            scenario = baseline.with_policy(name)
        except ScenarioFaults as faults:
            out.append(f"{name}: {faults.faults[0]}")
            continue
        result = run(scenario)
        means = _means(result, baseline)
        title = heading(name).title
        largest = _largest({each: _mean(result, baseline, each) for each in costs}, course)
        cost = (means[COST] - course[COST]) / BILLION
        rows.append((title, number(cost), largest, *(_change(means[each], course[each]) for each in OUTCOMES)))
        apart += _apart(title, scenario, means, course)
    titles = [known.outcomes[each].title for each in OUTCOMES if each != COST]
    return {
        "columns": ("package", f"billion {money} a year", "most of it", *titles, known.outcomes[COST].title),
        "rows": rows,
        "apart_columns": ("package", "levers", *titles, known.outcomes[COST].title),
        "apart": apart,
        "money": money,
        "course": number(course[COST] / BILLION),
        "span": (f"{baseline.policy_start:g}", f"{baseline.end:g}"),
        "corridor": baseline.corridor.id,
        "out": out,
        "unit_columns": ("what is paid", "amount", "unit", "levers", "source"),
        "unit_costs": unit_costs(baseline),
        "par": taken_at_par(baseline.corridor.currency),
    }


def unit_costs(scenario: Scenario) -> list[tuple[str, ...]]:
    """What the use of levers is paid by, in the currency of the corridor: each once, with the levers that it pays for,
    and whether it is a figure in dollars that is taken at par."""
    known, par = scenario.catalogue, taken_at_par(scenario.corridor.currency)
    costs: dict[str, dict] = {}
    levers: dict[str, list[str]] = {}
    for lever in known.levers.values():
        for cost in descriptions.unit_costs(scenario, lever):
            costs[cost["id"]] = cost
            levers.setdefault(cost["id"], []).append(lever.title)
    return [
        (
            descriptions.title_of(known, name),
            number(cost["today"]),
            cost["unit"],
            ", ".join(levers[name]),
            cost["source"] + (f"; {par}" if cost["at_par"] else ""),
        )
        for name, cost in costs.items()
    ]


def _apart(title: str, scenario: Scenario, means: Mapping[str, float], course: Mapping[str, float]) -> list[tuple]:
    """Each kind of lever alone, what follows if none touches another's effect (what they leave multiplied, what they
    cost added), and all together; nothing of a package of one or two kinds."""
    levers = scenario.catalogue.levers
    kinds = list(dict.fromkeys(card.group for card in levers.values() if card.id in scenario.policies))
    if len(kinds) < 3:
        return []
    rows, left, added = [], dict.fromkeys(OUTCOMES, 1.0), 0.0
    for kind in kinds:
        others = {name: None for name in scenario.policies if levers[name].group != kind}
        alone = _means(run(scenario.with_changes(policies=others)), scenario)
        rows.append((title, f"{kind} alone", *(_change(alone[each], course[each]) for each in OUTCOMES)))
        left = {each: left[each] * (alone[each] / course[each] if course[each] else 1.0) for each in OUTCOMES}
        added += alone[COST] - course[COST]
    expected = {each: course[each] * left[each] for each in OUTCOMES} | {COST: course[COST] + added}
    for words, values in (("if each acted by itself", expected), ("all together", means)):
        rows.append((title, words, *(_change(values[each], course[each]) for each in OUTCOMES)))
    return rows


def _means(result: Result, scenario: Scenario) -> dict[str, float]:
    variables = (*OUTCOMES, *scenario.catalogue.model.variables[COST].arguments)
    return {name: _mean(result, scenario, name) for name in variables}


def _mean(result: Result, scenario: Scenario, name: str) -> float:
    since = result.time >= scenario.policy_start
    years, values = result.time[since], result.total(name)[0, since]
    return float(np.trapezoid(values, years) / (years[-1] - years[0]))


def _largest(costs: Mapping[str, float], course: Mapping[str, float]) -> str:
    changes = {name: (value - course[name]) / BILLION for name, value in costs.items()}
    name = max(changes, key=lambda each: abs(changes[each]))
    return f"{name.removesuffix('_cost')} {number(changes[name])}"


def _change(value: float, before: float) -> str:
    return share(value / before - 1) if before else DASH
