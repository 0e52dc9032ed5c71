"""`pushpull list`: what there is to move, to watch and to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from pushpull.commands import library_lists, model_lists, options
from pushpull.commands.console import ILLUSTRATIVE, CommandFault, given, number, print_json, print_table
from pushpull.files.faults import nearest
from pushpull.wording.numbers import DASH

VALUED = ("id", "title", "group", "unit", "today", "range", "source")
UNVALUED = ("id", "title", "group", "source")
DATED = ("date", "until", "group", "place", "title", "touches", "source")


@dataclass(frozen=True)
class Listed:
    """A list there is: its entries in a corridor, the columns that are shown, and how its numbers are written."""

    entries: Callable[[str], list[dict]]
    columns: tuple[str, ...] = VALUED
    number: Callable[[float | None], str] = number


LISTS = {
    "levers": Listed(model_lists.levers, number=given),
    "outcomes": Listed(model_lists.outcomes),
    "context": Listed(model_lists.context, number=given),
    "parameters": Listed(model_lists.parameters, number=given),
    "corridors": Listed(library_lists.corridors, UNVALUED),
    "scenarios": Listed(library_lists.scenarios, UNVALUED),
    "policies": Listed(library_lists.policies, UNVALUED),
    "stories": Listed(library_lists.stories, UNVALUED),
    "loops": Listed(model_lists.loops, UNVALUED),
    "variables": Listed(model_lists.variables),
    "formulas": Listed(model_lists.formulas, UNVALUED),
    "events": Listed(library_lists.events, DATED),
}


def list_(
    what: Annotated[str, typer.Argument(metavar="WHAT", help=f"One of {', '.join(LISTS)}.")],
    of: Annotated[
        str | None, typer.Argument(metavar="CORRIDOR", help="Of which corridor: what --corridor says, in short.")
    ] = None,
    corridor: Annotated[
        str | None,
        typer.Option(
            "--corridor",
            metavar="CORRIDOR",
            help=f"Which corridor: its id, its file, or a scenario of it; else {options.DEFAULT_CORRIDOR}.",
        ),
    ] = None,
    json: options.AsJson = False,
) -> None:
    """List levers, outcomes, context drivers, parameters, corridors, scenarios, policy packages, stories, loops,
    variables, formulas, or the dated events of a corridor.

    Values of today are those of the corridor at its policy start, before any policy.
    """
    if what not in LISTS:
        raise CommandFault(_no_such_list(what))
    if of is not None and corridor not in (None, of):
        raise CommandFault(f'list: the corridor is given twice, "{of}" and "{corridor}"')
    chosen = LISTS[what]
    entries = chosen.entries(of or corridor or options.DEFAULT_CORRIDOR)
    if json:
        print_json(entries)
        return
    if chosen.columns == VALUED and any(entry.get("illustrative") for entry in entries):
        print(ILLUSTRATIVE)
    rows = [[_cell(column, entry[column], chosen.number) for column in chosen.columns] for entry in entries]
    print_table(chosen.columns, rows, [index for index, name in enumerate(chosen.columns) if name == "today"])


def _no_such_list(what: str) -> str:
    near = nearest(what, LISTS)
    hint = f'; did you mean "{near}"?' if near else ""
    return f'list: there is no list "{what}"; allowed: {", ".join(LISTS)}{hint}'


def _cell(column: str, value: Any, number: Callable[[float | None], str]) -> str:
    if value is None:
        return DASH
    if column == "touches":
        return " ".join(value) or DASH
    if column == "range":
        low, high = value
        return f"{number(low)} to {number(high)}"
    return number(value) if isinstance(value, float) else str(value)
