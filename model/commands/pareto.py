"""`pushpull pareto`: the packages of some levers of which none is better by every outcome."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.console import CommandFault, given, number, print_json, print_table, progress, say, spoken
from pushpull.commands.run import Writing, check_output, print_heading
from pushpull.commands.seek import INTERRUPTED, scenario_file
from pushpull.wording.money import in_currency

if TYPE_CHECKING:
    from pushpull.analysis.pareto_front import Front

PACKAGES, MEMBERS = 1000, 20
SHOWN = 25
TABLE, PAGE = ".csv", ".html"


def pareto(
    outcome: Annotated[list[str], typer.Argument(metavar="OUTCOME...", help="What is to be traded off; two or more.")],
    levers: Annotated[
        list[str],
        typer.Option("--levers", metavar="NAME[@ROUTE][=LOW:HIGH],...", help="What may be moved, and within what."),
    ],
    corridor: options.CorridorName = options.DEFAULT_CORRIDOR,
    year: options.JudgedYear = None,
    packages: Annotated[
        int, typer.Option("--packages", metavar="N", min=10, help="How many packages the search may run.")
    ] = PACKAGES,
    members: options.SimulationsOption = MEMBERS,
    seed: options.SeedOption = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write the front as a table, FILE.csv, or a page, FILE.html."
        ),
    ] = None,
    save: Annotated[
        str | None, typer.Option("--save", metavar="NAME", help="Write one package as a scenario, NAME.yaml.")
    ] = None,
    package: Annotated[
        int | None, typer.Option("--package", metavar="K", help="Which package of the front --save writes.")
    ] = None,
    json: options.AsJson = False,
) -> None:
    """Search some levers for the packages of which none is better by every outcome: the Pareto front.

    Outcomes are means over simulations. Every package says which harms to people it makes worse, whether or not they
    are among the outcomes. What was run is kept: a search that was stopped goes on, and a package can be saved later.
    Needs pymoo, the optional extra `optimise`.
    """
    from pushpull.analysis.lever_space import LeverSpace, lever_names

    if (save is None) != (package is None):
        raise CommandFault("--save: it writes one package of the front; allowed: --save NAME --package K")
    path = scenario_file(save)
    if output is not None:
        check_output(output, (TABLE, PAGE))
    scenario = options.with_horizon(options.base_scenario(corridor), members=members, seed=seed)
    options.check_year(year, scenario)
    names = options.outcome_names(",".join(outcome))
    if len(names) < 2:
        raise CommandFault("pareto: one outcome has no front; allowed: two outcomes or more")
    chosen = lever_names(levers)
    LeverSpace.of(scenario, chosen)
    options.ready()
    from pushpull.analysis.pareto_front import NoOptimiser
    from pushpull.analysis.pareto_front import pareto as front_of

    try:
        with progress("Searching", "packages") as tell:
            found = front_of(scenario, names, chosen, packages, year=year, progress=tell)
    except NoOptimiser as fault:
        raise CommandFault(f"pareto: {fault}") from fault
    except KeyboardInterrupt:
        message = "stopped; what was run is kept, and the same command goes on from there"
        raise CommandFault(message, code=INTERRUPTED) from None
    if json:
        print_json(as_json(found))
    else:
        _show(found)
    if output is not None:
        with Writing(output):
            _write(found, output)
        say(f"wrote {output}")
    if path is not None and package is not None:
        _save(found, package, path)


def _write(found: Front, output: str) -> None:
    if output.endswith(TABLE):
        found.table.to_csv(output, index=False)
        return
    from pushpull.plotting import front_page

    front_page(found, output, language=spoken())


def _save(found: Front, package: int, path: Path) -> None:
    try:
        chosen = found.scenario(package)
    except ValueError as fault:
        raise CommandFault(f"--package: {fault}") from fault
    with Writing(str(path)):
        chosen.save(path)
    say(f"wrote {path}; `pushpull run {path}` runs it")


def _show(found: Front) -> None:
    from pushpull.catalogue import catalogue

    scenario = found.space.scenario
    print_heading(scenario)
    when = f"in {found.year:g}" if found.year is not None else f"mean {scenario.policy_start:g} to {scenario.end:g}"
    print(f"{found.members} simulations of each package, seed {found.seed}; {when}; {found.tried} packages were tried,")
    print(f"{len(found.positions)} of which no other is better by every outcome.")
    cards = [catalogue().outcomes[name] for name in found.outcomes]
    units = [in_currency(card.unit, scenario.corridor.currency) for card in cards]
    heads = [f"{card.title} ({unit}, {card.better})" for card, unit in zip(cards, units, strict=True)]
    columns = ["package", *heads, *(axis.label for axis in found.space.axes), "harm, against no new measures"]
    rows = [["no new measures", *map(number, found.baseline), *_levers(found, found.space.start), ""]]
    every = max(1, -(-len(found.positions) // SHOWN))
    for place in range(0, len(found.positions), every):
        values, levers = map(number, found.values[place]), _levers(found, found.positions[place])
        rows.append([str(place + 1), *values, *levers, _mark(found, place)])
    print_table(columns, rows, range(1, len(columns) - 1))
    if every > 1:
        print(f"One package of {every} is shown; --output FILE.csv and --json hold them all.")


def _levers(found: Front, position: Iterable[float]) -> list[str]:
    values = [[*axis.values(float(place)).values()] for axis, place in zip(found.space.axes, position, strict=True)]
    return [given(float(f"{sum(each) / len(each):.3g}")) for each in values]


def _mark(found: Front, place: int) -> str:
    from pushpull.catalogue import catalogue

    titles = {name: card.title.lower() for name, card in catalogue().outcomes.items()}
    worse = [f"RAISES {titles[name]}" for name in found.harms[place]]
    return "; ".join([*worse, *(f"may raise {titles[name]}" for name in found.may_harm[place])])


def as_json(found: Front) -> dict:
    """The same for a program."""
    return {
        "corridor": found.space.scenario.corridor.id,
        "outcomes": list(found.outcomes),
        "levers": [axis.label for axis in found.space.axes],
        "members": found.members,
        "seed": found.seed,
        "year": found.year,
        "packages_tried": found.tried,
        "baseline": dict(zip(found.outcomes, map(float, found.baseline), strict=True)),
        "front": found.table.astype(object).to_dict(orient="records"),
    }
