"""`pushpull workshop`: cards, forms and result sheets to print for teams on a corridor, and what their proposals
become."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.console import CommandFault, print_table, say, spoken, waiting
from pushpull.commands.run import Writing, check_output
from pushpull.files.atomic import write_whole
from pushpull.files.paths import shown

if TYPE_CHECKING:
    from pushpull.workshop import Round, Teams

ENDING = ".html"
YEARS_ON = 10
FEWEST_SEATS, MOST_SEATS, MOST_ROUNDS = 2, 200, 20


def workshop(
    corridor: Annotated[
        str, typer.Argument(metavar="CORRIDOR", help="Which corridor: its id, its file, or a scenario of it.")
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER|FILE",
            help="Where to write: a folder, or one page that ends in .html; workshop-CORRIDOR if not given.",
        ),
    ] = None,
    proposals: Annotated[
        str | None,
        typer.Option(
            "--proposals", metavar="FILE", help="Filled forms, typed into a CSV file: print the table, write scenarios."
        ),
    ] = None,
    year: Annotated[
        float | None,
        typer.Option(
            "--year", metavar="YEAR", help=f"The year looked at; {YEARS_ON} after the policy start if not given."
        ),
    ] = None,
    seats: Annotated[
        int | None,
        typer.Option(
            "--seats", metavar="N", help=f"How many seats, {FEWEST_SEATS} to {MOST_SEATS}; one a role if not given."
        ),
    ] = None,
    rounds: Annotated[int, typer.Option("--rounds", metavar="N", help="How many result sheets.")] = 3,
    roles: Annotated[
        str | None,
        typer.Option("--roles", metavar="FILE", help="Roles of your own, in place of those that are shipped."),
    ] = None,
) -> None:
    """Print what teams need on a corridor, or read what they proposed.

    Without --proposals: role cards, proposal forms and result sheets as pages to print, and a CSV file into which
    filled forms are typed. With it: min, median and max of each lever, which roles moved it, and a scenario for each
    round and each role, for `pushpull compare` and the page.
    """
    from pushpull.workshop import read_workshop

    if seats is not None and not FEWEST_SEATS <= seats <= MOST_SEATS:
        raise CommandFault(f"--seats: a whole number from {FEWEST_SEATS} to {MOST_SEATS} is needed")
    if not 1 <= rounds <= MOST_ROUNDS:
        raise CommandFault(f"--rounds: a whole number from 1 to {MOST_ROUNDS} is needed")
    read = read_workshop(roles)
    base = options.base_scenario(corridor)
    looked_at = min(base.policy_start + YEARS_ON, base.end) if year is None else year
    if not base.policy_start + 1 <= looked_at <= base.end:
        raise CommandFault(f"--year: a year from {base.policy_start + 1:g} to {base.end:g} is needed")
    options.ready()
    from pushpull.workshop import teams_on

    with waiting("Working out prices"):
        teams = teams_on(read, base, looked_at, seats)
    if proposals is not None:
        _read(teams, proposals, Path(output or f"workshop-{base.corridor.id}"))
    else:
        _print(teams, output or f"workshop-{base.corridor.id}", rounds)


def _print(teams: Teams, output: str, rounds: int) -> None:
    from pushpull.workshop.sheets import KINDS, sheets
    from pushpull.workshop.typed_forms import blank_forms

    if Path(output).suffix and not Path(output).is_dir():
        check_output(output, (ENDING,))
        _write(Path(output), sheets(teams, spoken(), KINDS, rounds))
        return
    folder = _folder(output)
    for kind in KINDS:
        _write(folder / f"{kind}{ENDING}", sheets(teams, spoken(), (kind,), rounds))
    _write(folder / "proposals.csv", blank_forms(teams))


def _read(teams: Teams, proposals: str, output: Path) -> None:
    from pushpull.workshop.typed_forms import read_proposals

    found = read_proposals(proposals, teams)
    if output.suffix:
        raise CommandFault(f"{output}: scenarios are written into a folder, one file each")
    folder = _folder(str(output))
    for each in found:
        _show(each)
        _write(folder / f"round_{each.number}.yaml", each.scenario(spoken()).to_yaml())
        for role, scenario in each.scenarios_of_roles(spoken()).items():
            _write(folder / f"round_{each.number}_{role}.yaml", scenario.to_yaml())


def _show(found: Round) -> None:
    from pushpull.workshop.spread_table import heads, rows_of
    from pushpull.workshop.workshop_words import word

    language = spoken()
    title = word(language, "round", number=found.number)
    if found.spreads:
        print_table(heads(language), rows_of(found, language), range(1, 5), title=title)
    else:
        print(title)
    print(found.cost_sentences.into(language))
    for role, why in found.reasons:
        print(f"  {role.title.into(language)}: {why}" if language == "en" else f"  {role.title.into(language)} : {why}")


def _folder(name: str) -> Path:
    folder = Path(name)
    if folder.exists() and not folder.is_dir():
        raise CommandFault(f"{name}: this is a file; a folder is needed, or a file that ends in {ENDING}")
    with Writing(name):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, text: str) -> None:
    with Writing(str(path)):
        write_whole(path, text)
    say(f"wrote {shown(path)}")
