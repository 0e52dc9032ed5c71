"""The section on policy packages: what each does and costs, and whether one of several kinds exceeds its parts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pushpull import descriptions
from pushpull.engine.runs.result import Result
from pushpull.reporting.findings import Findings
from pushpull.reporting.report_words import IN_ENGLISH, ReportWords, both
from pushpull.scenario import Scenario, ScenarioFaults, heading, policy_names
from pushpull.simulation import run
from pushpull.wording.model_texts import text_in
from pushpull.wording.money import CURRENCIES, taken_at_par
from pushpull.wording.numbers import DASH
from pushpull.wording.phrases import Phrase
from pushpull.wording.typography import GAP

COST = "public_cost"
OUTCOMES = (
    "deaths_in_transit", "people_exploited", "protection_gap", "irregular_entries", "irregular_residents", COST,
)  # fmt: skip
BILLION = 1e9
ALONE = {
    "preventive": Phrase("preventive alone"),
    "punitive": Phrase("punitive alone"),
    "remedial": Phrase("remedial alone"),
    "enabling": Phrase("enabling alone"),
}
UNIT_COLUMNS = (Phrase("what is paid"), Phrase("amount"), Phrase("unit"), Phrase("levers"), Phrase("source"))


def packages(findings: Findings, words: ReportWords) -> dict:
    """Means from the policy start to the end of the run, beside today's course, of single runs without ranges."""
    baseline = findings.scenario.baseline()
    known = baseline.catalogue
    course = _means(run(baseline), baseline)
    costs = known.model.variables[COST].arguments
    money = words.plain(CURRENCIES[baseline.corridor.currency])
    rows, apart, out = [], [], []
    for name in policy_names():
        try:
            scenario = baseline.with_policy(name)
        except ScenarioFaults as faults:
            out.append(f"{name}: {faults.faults[0].in_language(words.code)}")
            continue
        result = run(scenario)
        means = _means(result, baseline)
        title = text_in(words.code, "packages", name, heading(name).title)
        largest = _largest({each: _mean(result, baseline, each) for each in costs}, course, words)
        cost = (means[COST] - course[COST]) / BILLION
        changes = (_change(means[each], course[each], words) for each in OUTCOMES)
        rows.append((title, words.number(cost), largest, *changes))
        apart += _apart(title, scenario, means, course, words)
    titles = [words.title(known, each) for each in OUTCOMES]
    package, in_billions = words.into(Phrase("package")), Phrase("billion {money} a year", money=money)
    return {
        "columns": (package, words.into(in_billions), words.into(Phrase("most of it")), *titles),
        "rows": rows,
        "apart_columns": (package, words.into(Phrase("levers")), *titles),
        "apart": apart,
        "money": money,
        "course": words.number(course[COST] / BILLION),
        "span": (words.given(baseline.policy_start), words.given(baseline.end)),
        "corridor": baseline.corridor.id,
        "out": out,
        "unit_columns": words.all_into(UNIT_COLUMNS),
        "unit_costs": unit_costs(baseline, words),
        "par": words.plain(taken_at_par(baseline.corridor.currency)),
    }


def unit_costs(scenario: Scenario, words: ReportWords = IN_ENGLISH) -> list[tuple[str, ...]]:
    """What the use of levers is paid by, in the currency of the corridor: each once, with the levers that it pays for,
    and whether it is a figure in dollars that is taken at par."""
    known, currency = scenario.catalogue, scenario.corridor.currency
    par = words.plain(taken_at_par(currency))
    costs: dict[str, dict] = {}
    levers: dict[str, list[str]] = {}
    for lever in known.levers.values():
        for cost in descriptions.unit_costs(scenario, lever):
            costs[cost["id"]] = cost
            levers.setdefault(cost["id"], []).append(words.title(known, lever.id))
    return [
        (
            words.title(known, name),
            words.number(cost["today"]),
            cost["unit"] if words.is_english else words.unit(known.parameters[name].unit, currency),
            ", ".join(levers[name]),
            both(words.source(cost["source"]), *((words.into(Phrase("; ")), par) if cost["at_par"] else ())),
        )
        for name, cost in costs.items()
    ]


def _apart(
    title: str, scenario: Scenario, means: Mapping[str, float], course: Mapping[str, float], words: ReportWords
) -> list[tuple]:
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
        rows.append((title, words.into(ALONE[kind]), *(_change(alone[each], course[each], words) for each in OUTCOMES)))
        left = {each: left[each] * (alone[each] / course[each] if course[each] else 1.0) for each in OUTCOMES}
        added += alone[COST] - course[COST]
    expected = {each: course[each] * left[each] for each in OUTCOMES} | {COST: course[COST] + added}
    for levers_of, values in ((Phrase("if each acted by itself"), expected), (Phrase("all together"), means)):
        changes = (_change(values[each], course[each], words) for each in OUTCOMES)
        rows.append((title, words.into(levers_of), *changes))
    return rows


def _means(result: Result, scenario: Scenario) -> dict[str, float]:
    variables = (*OUTCOMES, *scenario.catalogue.model.variables[COST].arguments)
    return {name: _mean(result, scenario, name) for name in variables}


def _mean(result: Result, scenario: Scenario, name: str) -> float:
    since = result.time >= scenario.policy_start
    years, values = result.time[since], result.total(name)[0, since]
    return float(np.trapezoid(values, years) / (years[-1] - years[0]))


def _largest(costs: Mapping[str, float], course: Mapping[str, float], words: ReportWords) -> str:
    changes = {name: (value - course[name]) / BILLION for name, value in costs.items()}
    name = max(changes, key=lambda each: abs(changes[each]))
    what = name.removesuffix("_cost") if words.is_english else f"{words.name(name)}{GAP}:"
    return f"{what} {words.number(changes[name])}"


def _change(value: float, before: float, words: ReportWords) -> str:
    return words.share(value / before - 1) if before else DASH
