"""`pushpull compare`: outcomes of scenarios side by side, and what differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pushpull.commands import options
from pushpull.commands.console import CommandFault, change, number, percent, print_json, print_table, progress, share
from pushpull.commands.run import print_heading, say_shortened
from pushpull.commands.targets_table import TargetChances
from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote

if TYPE_CHECKING:
    from pandas import DataFrame

    from pushpull.comparison import Comparison
    from pushpull.scenario import Scenario

LONGEST_LABEL = 60


def compare(
    scenario: options.ScenarioName,
    other: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="OTHER...",
            help="Scenarios to hold against the first; a policy package is laid over the first.",
        ),
    ] = None,
    policy: options.PoliciesOption = None,
    set_: options.SettingsOption = None,
    start: options.StartOption = None,
    end: options.EndOption = None,
    members: options.MembersOption = None,
    seed: options.SeedOption = None,
    target: options.TargetsOption = None,
    json: options.AsJson = False,
) -> None:
    """Compare scenarios with the first, which is the reference.

    --policy and --set change every OTHER; without an OTHER they change a copy of SCENARIO, which is then
    compared with SCENARIO itself. With --members the differences are taken draw by draw, with ranges and with the
    share of draws in which an outcome improves.
    """
    reference, others = _scenarios(scenario, other or [], policy, set_)
    scenarios = [
        options.with_horizon(each, start=start, end=end, members=members, seed=seed) for each in (reference, *others)
    ]
    targets = options.targets_of(target, *scenarios)
    options.ready()
    from pushpull.comparison import compare as held_against

    labels = [_short(each.title) for each in scenarios]
    if policy or set_:
        changes = ", ".join(set_ or ())
        labels[1:] = [_short(f"{label} with {changes}" if changes else label) for label in labels[1:]]
    count = members if members and members > 1 else None
    with progress("Running") as tell:
        comparison = held_against(*scenarios, members=count, seed=scenarios[0].seed, labels=labels, progress=tell)
    for label, result in zip(comparison.labels, comparison.results, strict=True):
        say_shortened(result, label)
    judged = TargetChances.of(comparison, scenarios, targets)
    if json:
        print_json(_as_json(comparison, scenarios) | judged.as_json())
    else:
        _show(comparison, scenarios, judged)


def _scenarios(
    name: str, others: list[str], policies: list[str] | None, settings: list[str] | None
) -> tuple[Scenario, list[Scenario]]:

    faults, compared = [], []
    reference = None
    try:
        reference = options.load(name)
    except ScenarioFaults as fault:
        faults += fault.faults
    if reference and not others and not policies and not settings:
        raise CommandFault("compare: there is nothing to compare with; allowed: an OTHER, --policy or --set")
    for each in others or ([name] if reference else []):
        try:
            other = other_scenario(each, reference)
            if other is not None:
                compared.append(options.changed(other, policies, settings))
        except ScenarioFaults as fault:
            faults += fault.faults
    if faults or reference is None:
        raise ScenarioFaults(faults)
    return reference, compared


def other_scenario(name: str, reference: Scenario | None) -> Scenario | None:
    """A scenario, or the reference with a package over it; None where a package has no reference to lie on."""
    from pushpull.scenario import heading

    path = options.located(name)
    _refuse_unknown(path)
    try:
        is_package = heading(path).kind == "policy"
    except ScenarioFaults:
        is_package = False
    if is_package:
        return reference.with_policy(path) if reference is not None else None
    return options.load(name)


def _refuse_unknown(name: str) -> None:
    """Refuse what is neither a file nor a shipped scenario or policy package."""
    from pushpull.scenario import policy_names, scenario_names
    from pushpull.scenario.library import corridor_at

    names = [*scenario_names(), *policy_names()]
    path = Path(name)
    if name in names or path.suffix in (".yaml", ".yml") or "\0" in name or path.exists() or corridor_at(name):
        return
    what = f"there is no scenario or policy package {quote(name)}"
    raise ScenarioFaults([Fault(name, None, what, listed(names), nearest(name, names))])


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"


def _as_json(comparison: Comparison, scenarios: list[Scenario]) -> dict:
    from pushpull.comparison import assumptions_apart

    named = [
        {
            "label": label,
            "title": scenario.title,
            "corridor": scenario.corridor.id,
            "illustrative": scenario.corridor.illustrative,
            "scenario_hash": result.provenance["scenario_hash"],
        }
        for label, scenario, result in zip(comparison.labels, scenarios, comparison.results, strict=True)
    ]
    for entry, scenario in zip(named, scenarios, strict=True):
        entry["assumptions_apart"] = assumptions_apart(scenarios[0], scenario)
    return {
        "reference": named[0],
        "others": named[1:],
        "end": comparison.end,
        "mean_from": comparison.mean_from,
        "members": comparison.members,
        "seed": scenarios[0].seed,
        "model_hash": comparison.reference.provenance["model_hash"],
        "outcomes": comparison.table.astype(object).to_dict(orient="records"),
    }


def _show(comparison: Comparison, scenarios: list[Scenario], judged: TargetChances) -> None:
    for label, scenario in zip(comparison.labels[1:], scenarios[1:], strict=True):
        print_heading(scenarios[0])
        if scenario.corridor.illustrative and not scenarios[0].corridor.illustrative:
            print("against an ILLUSTRATIVE corridor")
        print(f"against: {label}")
        apart = _assumptions_sentence(scenarios[0], scenario)
        if apart:
            print(apart)
        table = comparison.table[comparison.table["scenario"] == label]
        if comparison.members > 1:
            print(f"{comparison.members} members, seed {scenarios[0].seed}; ranges are of the paired differences")
            if label in judged.settling:
                print(judged.settling[label].message)
            _show_ensemble(comparison, table)
        else:
            _show_runs(comparison, table)
        judged.show(label)


def _assumptions_sentence(reference: Scenario, other: Scenario) -> str:
    """A sentence on assumptions that differ beside policy, so that nobody takes their doing for that of policy."""
    from pushpull.comparison import assumptions_apart

    apart = assumptions_apart(reference, other)
    if not apart:
        return ""
    named = "; ".join(f"{block}: {', '.join(names)}" for block, names in apart.items())
    policies = dict(reference.policies) != dict(other.policies)
    of = "policy and assumptions together" if policies else "assumptions, not of policy"
    past = "" if apart.keys() <= {"context", "loops_off"} else "; the years before the policy start differ too"
    return f"the differences are those of {of} ({named}){past}"


def _show_runs(comparison: Comparison, table: DataFrame) -> None:
    end, mean = f"{comparison.end:g}", f"mean {comparison.mean_from:g}–{comparison.end:g}"
    columns = ["outcome", "unit"]
    for heading in (f"reference {end}", f"reference {mean}"):
        columns += [heading, "other", "difference", "relative"]

    def cells(row: Any) -> list[str]:
        return [number(row.reference), number(row.value), change(row.difference), percent(row.relative)]

    rows = [
        [
            label,
            unit,
            *(cell for measure in ("end", "mean") for cell in (cells(by_measure[measure]) if by_measure else [""] * 4)),
        ]
        for label, unit, by_measure in _lines(table)
    ]
    print_table(columns, rows, range(2, 10))


def _show_ensemble(comparison: Comparison, table: DataFrame) -> None:
    headings = {"end": f"{comparison.end:g}", "mean": f"mean {comparison.mean_from:g} to {comparison.end:g}"}
    columns = ["outcome", "unit", "reference", "other", "difference", "50 % range", "90 % range", "improves"]

    def cells(row: Any) -> list[str]:
        half = f"{change(row.difference_p25)} to {change(row.difference_p75)}"
        most = f"{change(row.difference_p5)} to {change(row.difference_p95)}"
        return [number(row.reference), number(row.value), change(row.difference), half, most, _chance(row)]

    for measure, heading in headings.items():
        rows = [
            [label, unit, *(cells(by_measure[measure]) if by_measure else [""] * 6)]
            for label, unit, by_measure in _lines(table)
        ]
        print_table(columns, rows, range(2, 8), title=heading)


def _chance(row: Any) -> str:
    """In what share of the draws an outcome improves; where neither way is better, grows or shrinks."""
    if row.increased is None:
        return "–"
    if row.better == "neither":
        return f"{share(row.increased)} up"
    return share(row.improved)


def _lines(table: DataFrame) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Label, unit and rows by measure, for every outcome and route; no rows where a total says nothing."""
    from pushpull.catalogue import catalogue

    for (name, route), rows in table.groupby(["outcome", "route"], sort=False):
        outcome = catalogue().outcomes[name]
        by_measure = {row.measure: row for row in rows.itertuples()}
        unit = rows["unit"].iloc[0]
        if route:
            yield f"  {route}", unit, by_measure
        else:
            yield outcome.title, unit, None if outcome.adds_up_to_one else by_measure
