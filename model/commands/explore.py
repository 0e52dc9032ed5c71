"""`pushpull explore`: in which simulations something is so, and what separates them from the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.console import CommandFault, number, print_json, print_table, progress, share
from pushpull.commands.run import print_heading
from pushpull.files.faults import Fault, ScenarioFaults, quote
from pushpull.files.suggestions import number_meant, proposed
from pushpull.files.tree import scalar

if TYPE_CHECKING:
    import pandas as pd

    from pushpull.discovery import Discovery
    from pushpull.scenario import Scenario

VARY, FORM = "--vary", "LEVER=LOW:HIGH"
FEWEST, MOST, USUAL = 40, 100_000, 400
ROWS = 8


def explore(
    scenario: options.ScenarioName,
    where: Annotated[
        str,
        typer.Option(
            "--where",
            metavar="TEXT",
            help='Which simulations are meant: "OUTCOME rises in YEAR" or "falls", by more than a hundredth of it '
            'without the policy; or a target, "OUTCOME<=VALUE in YEAR" or ">=", under the policy. To be quoted.',
        ),
    ],
    policy: options.PoliciesOption = None,
    set_: options.SettingsOption = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            VARY,
            metavar=FORM,
            help="Give each simulation a level of its own of a lever, from the policy start on, within these two.",
        ),
    ] = None,
    members: Annotated[
        int,
        typer.Option("--members", metavar="N", min=FEWEST, max=MOST, help="How many simulations."),
    ] = USUAL,
    seed: options.SeedOption = None,
    sensitivity: Annotated[
        bool,
        typer.Option(
            "--sensitivity",
            help="Also say with which inputs the outcome's change by policy moves (needs the extra explore).",
        ),
    ] = False,
    json: options.AsJson = False,
) -> None:
    """Find what separates the simulations in which something is so.

    Of all that differs between simulations (parameters, futures of departures, levers with --vary), the table shows
    what parts the two kinds most, and a sentence gives few limits within which one kind is dense. Limits are found in
    one half of the simulations and judged in the other.
    """
    chosen = options.changed(options.load(scenario), policy, set_)
    ranges = _ranges(vary or [])
    if not chosen.policies and not ranges:
        raise CommandFault("explore: there is no policy to look into; allowed: --policy, --set or --vary")
    if sensitivity:
        _need_salib()
    options.ready()
    from pushpull.discovery import discover

    with progress("Running", "simulations") as tell:
        found = discover(chosen, where, simulations=members, vary=ranges, seed=seed, progress=tell)
    moves_with = _moves_with(found) if sensitivity else None
    if json:
        print_json(_as_json(found, moves_with))
    else:
        _show(chosen, found, moves_with)


def _ranges(texts: list[str]) -> dict[str, tuple[float, float]]:
    """Levers and the ranges they vary in; raises ScenarioFaults with every fault at once."""
    from pushpull.discovery import checked_ranges

    ranges, faults = {}, []
    for text in texts:
        name, _, ends = text.partition("=")
        low, colon, high = ends.partition(":")
        given = [scalar(each.strip()) for each in (low, high)]
        numbers = [float(each) for each in given if isinstance(each, (int, float)) and not isinstance(each, bool)]
        if not colon or len(numbers) < len(given):
            meant = next(filter(None, map(number_meant, (low, high))), "")
            faults.append(Fault(VARY, None, f"{quote(text)} gives no range", FORM, remedy=proposed(meant)))
        else:
            ranges[name.strip()] = (numbers[0], numbers[1])
    try:
        checked_ranges(ranges)
    except ScenarioFaults as fault:
        faults += fault.faults
    if faults:
        raise ScenarioFaults(faults)
    return ranges


def _need_salib() -> None:
    from importlib.util import find_spec

    if find_spec("SALib") is None:
        raise CommandFault("explore: --sensitivity needs the package SALib, which the extra `explore` brings")


def _moves_with(found: Discovery) -> pd.DataFrame:
    from pushpull.discovery import given_data_sensitivity

    return given_data_sensitivity(found.cases.inputs, found.cases.change_in(found.target.year))


def _as_json(found: Discovery, moves_with: pd.DataFrame | None) -> dict:
    limits = [
        {"input": each.name, "title": each.title, "unit": each.unit, "value": each.value, "above": each.above}
        | {"chance": each.chance}
        for each in found.limits
    ]
    fields: dict = {
        "where": str(found.condition),
        "sentence": found.sentence,
        "simulations": len(found.chosen),
        "share": found.share,
        "coverage": found.coverage,
        "density": found.density,
        "limits": limits,
        "separation": found.separation.astype(object).to_dict(orient="records"),
    }
    if moves_with is not None:
        fields["sensitivity"] = moves_with.astype(object).to_dict(orient="records")
    return fields


def _show(scenario: Scenario, found: Discovery, moves_with: pd.DataFrame | None) -> None:
    print_heading(scenario)
    print(found.sentence)
    print(f"{len(found.chosen)} simulations; limits are found in one half of them and judged in the other")
    if not found.separation.empty:
        columns = ("what differs", "unit", "where it is so", "elsewhere", "distance", "by chance")
        rows = [
            (found.cases.titles[row.input], found.cases.units[row.input], number(row.median_chosen))
            + (number(row.median_others), f"{row.distance:.2f}", _chance(row.chance))
            for row in found.separation.head(ROWS).itertuples()
        ]
        print_table(columns, rows, (2, 3, 4, 5), title="What separates them most (medians)")
    if moves_with is not None:
        strongest = [
            (
                found.cases.titles[row.input],
                f"{row.median:.2f}",
                f"{row.most:.2f}",
                "yes" if row.beyond_chance else "no",
            )
            for row in moves_with.head(ROWS).itertuples()
        ]
        title = f"What moves the change of {found.target.outcome} in {found.target.year:g}"
        print_table(("input", "median distance", "largest", "beyond chance"), strongest, (1, 2), title=title)


def _chance(value: float) -> str:
    return "under 0.1 %" if value < 0.001 else share(value)
