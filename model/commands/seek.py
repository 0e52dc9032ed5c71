"""`pushpull seek`: the smallest change of levers that meets targets, and what it does besides."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.console import (
    CommandFault,
    change,
    given,
    number,
    percent,
    print_json,
    print_table,
    progress,
    say,
    share,
)
from pushpull.commands.run import Writing, check_output, print_heading

if TYPE_CHECKING:
    from pushpull.analysis.goal_seek import Sought
    from pushpull.analysis.lever_space import LeverMove
    from pushpull.analysis.stated_change import StatedChange

MEMBERS, FELL_SHORT, INTERRUPTED = 100, 1, 130
ENDING = ".yaml"


def seek(
    target: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGET...",
            help="What is to be reached: OUTCOME[@ROUTE]<=VALUE in YEAR, or >=, or by YEAR. To be quoted.",
        ),
    ],
    levers: Annotated[
        list[str] | None,
        typer.Option(
            "--levers",
            metavar="NAME[@ROUTE][=LOW:HIGH],...",
            help="What may be moved, and within what; if not given, the five levers that help most by themselves.",
        ),
    ] = None,
    corridor: options.CorridorName = options.DEFAULT_CORRIDOR,
    year: Annotated[
        float | None, typer.Option("--year", metavar="YEAR", help="Of targets that name none; the last if not given.")
    ] = None,
    part: Annotated[
        float,
        typer.Option("--share", metavar="SHARE", help="In what share of simulations targets are to be met at once."),
    ] = 0.8,
    members: options.SimulationsOption = MEMBERS,
    seed: options.SeedOption = None,
    protect: Annotated[
        bool, typer.Option("--protect", help="Let no harm to people grow: deaths, exploitation, denied protection.")
    ] = False,
    save: Annotated[
        str | None, typer.Option("--save", metavar="NAME", help="Write the answer as a scenario, NAME.yaml.")
    ] = None,
    json: options.AsJson = False,
) -> None:
    """Ask what it would take: the smallest change of levers that meets targets in a share of simulations.

    Moves count as parts of each lever's range and are added up, from policy start on. Where no package meets the
    targets, the nearest is shown, with the target that stands in the way, and the exit code is 1. The answer names the
    harms to people that get worse beside targets that are met. What was run is kept: a search that was stopped goes on.
    """
    from pushpull.analysis.lever_space import LeverSpace, lever_names

    if not 0 < part <= 1:
        raise CommandFault(f"--share: {part:g} is no share of simulations; allowed: more than 0, and at most 1")
    path = scenario_file(save)
    scenario = options.with_horizon(options.base_scenario(corridor), members=members, seed=seed)
    options.check_year(year, scenario)
    wanted = options.targets_of(target, scenario, year=year)
    names = lever_names(levers) if levers else None
    if names is not None:
        LeverSpace.of(scenario, names)
    options.ready()
    from pushpull.analysis.goal_seek import seek as sought_in

    try:
        with progress("Seeking", "packages") as tell:
            found = sought_in(scenario, wanted, names, part, protect=protect, progress=tell)
    except KeyboardInterrupt:
        message = "stopped; what was run is kept, and the same command goes on from there"
        raise CommandFault(message, code=INTERRUPTED) from None
    if json:
        print_json(as_json(found))
    else:
        _show(found)
    if path is not None:
        with Writing(str(path)):
            found.scenario.save(path)
        say(f"wrote {path}; `pushpull run {path}` runs it")
    if not found.is_attained:
        raise typer.Exit(FELL_SHORT)


def scenario_file(save: str | None) -> Path | None:
    """The file to write, which is not there yet."""
    if save is None:
        return None
    path = Path(save if save.endswith(ENDING) else f"{save}{ENDING}")
    check_output(str(path), (ENDING,))
    if path.exists():
        raise CommandFault(f"--save: {path} is there already; allowed: a new name")
    return path


def _show(found: Sought) -> None:
    print_heading(found.space.scenario)
    print(
        f"{found.members} simulations, seed {found.seed}; targets are to be met at once in {share(found.share)}. "
        f"{found.tried} packages of {len(found.space.axes)} levers were tried."
    )
    print(f"Levers that may move: {', '.join(axis.label for axis in found.space.axes)}")
    print(answer(found))
    if found.moves:
        rows = [
            [
                move.label,
                move.unit,
                given(move.before),
                given(float(f"{move.after:.6g}")),
                percent(move.part),
                covered(found.space.scenario.corridor.id, move),
            ]
            for move in found.moves
        ]
        columns = ["lever", "unit", "today", "from policy start on", "of its range", "published effects cover"]
        print_table(columns, rows, range(2, 5), title=f"What is moved: {found.change:.2f} ranges in all")
    rows = [
        [name, share(before), share(met)]
        for name, before, met in zip(found.names, found.before, found.met, strict=True)
    ]
    rows.append(["all at once", share(found.all_before), share(found.all_met)])
    columns = ["target", "no new measures", "with these"]
    print_table(columns, rows, range(1, 3), title="In what share of simulations targets are met")
    _show_changes(found)


def covered(corridor: str, move: LeverMove) -> str:
    """Whether published effects cover the setting of a move, and else what they cover."""
    from pushpull.evidence.coverage import covered_by_shipped

    known = covered_by_shipped().get(corridor, {}).get(move.label)
    if known is None:
        return "nothing of it"
    inside = known.low <= move.after <= known.high
    return "it" if inside else f"{given(known.low)} to {given(known.high)} only"


def answer(found: Sought) -> str:
    """What the search has found, in a sentence or two; a harm that gets worse is never left out."""
    if found.is_attained:
        said = f"The targets are met at once in {share(found.all_met)} of simulations"
        said += "." if found.moves else " with no new measures."
    else:
        said = (
            f"No package that was tried meets the targets at once in {share(found.share)} of simulations; the one that "
            f"comes nearest does in {share(found.all_met)}. In the way: {'; '.join(_obstacle(found))}."
        )
    if found.fewer_asking:
        part = share(found.fewer_asking)
        said += f" Fewer denials of protection are no success here: {part} fewer of those in need set out or ask."
    if found.worse:
        named = ", ".join(_harm(each) for each in found.worse)
        return f"{said} HARM TO PEOPLE GETS WORSE: {named}. Targets met at that price are no success by themselves."
    if found.may_be_worse:
        return f"{said} Harm to people may get worse: {', '.join(_harm(each) for each in found.may_be_worse)}."
    return f"{said} No harm to people clearly gets worse." if found.moves else said


def _obstacle(found: Sought) -> list[str]:
    rows = [found.names.index(name) for name in found.forbidding]
    return [
        f"{found.names[row]}, which every package tried missed by {percent(found.least[row]).lstrip('+')} or more"
        if found.least[row] > 0
        else f"{found.names[row]}, which can be met, but not with the others"
        for row in rows
    ]


def _harm(each: StatedChange) -> str:
    return f"{each.outcome.title.lower()} ({percent(each.ratio)}, higher in {share(each.rises)} of simulations)"


def _show_changes(found: Sought) -> None:
    from pushpull.analysis.stated_change import GETS_WORSE, NO_CHANGE
    from pushpull.wording.money import in_currency

    currency = found.space.scenario.corridor.currency
    asked = {re.split("[@<>]", name)[0] for name in found.names}
    shown = [
        each for each in found.changes if each.outcome.people or each.outcome.id in asked or each.word == GETS_WORSE
    ]
    rows = [
        [
            each.outcome.title,
            in_currency(each.outcome.unit, currency),
            number(each.baseline),
            change(each.difference),
            percent(each.ratio),
            share(each.rises),
            "" if each.word == NO_CHANGE else each.word.upper() if each.word == GETS_WORSE else each.word,
        ]
        for each in shown
    ]
    columns = ["outcome", "unit", "no new measures", "change", "relative", "higher in", ""]
    print_table(
        columns, rows, range(2, 6), title="What that does, on average from policy start on; and all that gets worse"
    )


def as_json(found: Sought) -> dict:
    """The same for a program."""
    return {
        "corridor": found.space.scenario.corridor.id,
        "attained": found.is_attained,
        "answer": answer(found),
        "share": found.share,
        "members": found.members,
        "seed": found.seed,
        "levers": [axis.label for axis in found.space.axes],
        "moves": [
            {"lever": each.label, "unit": each.unit, "today": each.before, "value": each.after, "of_range": each.part}
            for each in found.moves
        ],
        "change": found.change,
        "targets": [
            {"target": name, "met_before": float(before), "met": float(met), "least_missed_by": float(least)}
            for name, before, met, least in zip(found.names, found.before, found.met, found.least, strict=True)
        ],
        "all_met": found.all_met,
        "all_met_before": found.all_before,
        "in_the_way": list(found.forbidding),
        "harms_worse": [each.outcome.id for each in found.worse],
        "harms_may_be_worse": [each.outcome.id for each in found.may_be_worse],
        "fewer_asking": found.fewer_asking,
        "changes": [
            {
                "outcome": each.outcome.id,
                "baseline": each.baseline,
                "difference": each.difference,
                "rises": each.rises,
                "verdict": each.word,
            }
            for each in found.changes
        ],
        "packages_tried": found.tried,
        "runs": found.runs,
        "scenario": found.scenario.to_mapping(),
    }
