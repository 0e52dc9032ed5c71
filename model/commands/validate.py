"""`pushpull validate`: every fault of every file at once."""

from __future__ import annotations

import textwrap
from typing import Annotated

import typer

from pushpull.commands import options, other_files
from pushpull.commands.console import CommandFault, Translatable, in_words, say
from pushpull.commands.options import located
from pushpull.files.faults import Fault
from pushpull.wording.phrases import Phrase

WIDTH = 118


def validate(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Scenarios, policy packages, corridors, plans, experiments, checks, stories, roles of a workshop, "
            "designs of sweeps.",
        ),
    ],
) -> None:
    """Check files: every fault with its line, what is allowed, and the name that was perhaps meant.

    Of a corridor the files beside it are checked too: series, seasons, events, plan and evaluation, evidence, codings
    of policy.
    """
    from pushpull.scenario import check, notes

    faults: list[str] = []
    for name in files:
        other = other_files.faults_of(located(name))
        if other is not None:
            faults += map(in_words, other)
            if not other:
                print(in_words(Phrase("{name}: fine", name=name)), flush=True)
            continue
        own_faults = check(located(name))
        if not own_faults:
            own_faults = _faults_beside_corridor(located(name))
        faults += map(in_words, own_faults)
        if not own_faults:
            print(in_words(Phrase("{name}: fine", name=name)), flush=True)
            for note in notes(located(name)):
                say(in_words(note))
            _tell_of_corridor(located(name))
            options.tell_of_fit_in(located(name))
    if faults:
        raise CommandFault(*faults)


def _faults_beside_corridor(name: str) -> list[Fault]:
    """What is wrong with the files beside a corridor, where the name is one: its id, its folder or its file."""
    from pushpull.commands.files_beside import faults_beside
    from pushpull.scenario import Scenario, heading
    from pushpull.scenario.library import corridor_names

    if name not in corridor_names() and heading(name).kind != "corridor":
        return []
    return faults_beside(Scenario.load(name).corridor)


def _tell_of_corridor(name: str) -> None:
    """What a corridor leaves at its defaults, and where its run starts otherwise than it states."""
    from pushpull.catalogue import catalogue
    from pushpull.engine.runs.task import RunBroke
    from pushpull.scenario import Scenario, corridor_summary, heading
    from pushpull.stated_start import gaps

    if heading(name).kind != "corridor":
        return
    scenario = Scenario.load(name)
    lines: list[str | Translatable] = [*corridor_summary(scenario.corridor, catalogue()).lines]
    options.ready()
    try:
        lines += gaps(scenario)
    except RunBroke as broke:
        raise CommandFault(f"{name}: {str(broke).splitlines()[0]}") from broke
    for line in lines:
        print(textwrap.fill(in_words(line), WIDTH, initial_indent="  ", subsequent_indent="    "), flush=True)
