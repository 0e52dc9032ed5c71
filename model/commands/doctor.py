"""`pushpull doctor`: what a corridor of one's own lacks, how it starts, what a first run shows, and what next."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import options
from pushpull.commands.console import CommandFault, in_words, number, print_json, say
from pushpull.wording.phrases import Phrase

if TYPE_CHECKING:
    from pushpull.own_corridor.balance import Balance
    from pushpull.own_corridor.examination import Examination

SHOWN = 12  # names of each list, without --all
WIDTH = 118


def doctor(
    corridor: Annotated[str, typer.Argument(metavar="CORRIDOR", help="Its id, its folder or its file.")],
    everything: Annotated[bool, typer.Option("--all", help="Every name, not the most important ones.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Put the proposed numbers into corridor.yaml, and leave all else as it is.")
    ] = False,
    json: options.AsJson = False,
) -> None:
    """Say of a corridor which numbers are missing or placeholders, the most important first; which levels change fast
    at the start, with numbers that balance; what a first simulation shows, in three sentences; and what to do next.

    What its files get wrong comes first, as `pushpull validate` says it.
    """
    from pushpull.commands.files_beside import faults_beside
    from pushpull.engine.runs.task import RunBroke
    from pushpull.files.faults import ScenarioFaults
    from pushpull.own_corridor.examination import examine

    scenario = options.base_scenario(corridor)
    faults = faults_beside(scenario.corridor)
    if faults:
        raise ScenarioFaults(faults)
    options.ready()
    try:
        found = examine(scenario)
    except RunBroke as broke:
        raise CommandFault(f"{corridor}: {str(broke).splitlines()[0]}", code=1) from broke
    if json:
        print_json(_fields(found))
    else:
        _show(found, everything)
    if write and found.balance.proposals:
        from pushpull.files.paths import shown
        from pushpull.own_corridor.corridor_edits import write_numbers

        numbers = {each.name: each.proposed for each in found.balance.proposals}
        written = write_numbers(scenario, shown(scenario.corridor.folder), numbers)
        say(in_words(Phrase("wrote {count} numbers to {file}", count=len(numbers), file=shown(written))))


def _show(found: Examination, everything: bool) -> None:
    print(
        in_words(
            Phrase("Numbers (in brackets, how far a tenth more of one moves deaths, entries, residents or denials)")
        )
    )
    lists = (
        (Phrase("placeholders"), found.placeholders),
        (Phrase("left at the model's default"), found.defaults),
    )
    for word, names in lists:
        shown = list(names) if everything else list(names)[:SHOWN]
        several = ", ".join(f"{name} ({names[name]:.1%})" for name in shown)
        more = Phrase(" and {count} more: --all", count=len(names) - len(shown)) if len(names) > len(shown) else ""
        _line(
            Phrase("{word}: {count}{names}", word=word, count=len(names), names=f": {several}" if several else ""), more
        )
    print(in_words(Phrase("Start")))
    _show_balance(found.balance)
    print(in_words(Phrase("First simulation")))
    for sentence in found.sentences:
        _line(sentence)
    print(in_words(Phrase("Next: {step}", step=found.next_step)))


def _show_balance(found: Balance) -> None:
    from pushpull.own_corridor.corridor_edits import in_yaml

    _line(
        Phrase(
            "attempts a year: {stated:,} are stated, the run starts with {attempts:,}",
            stated=round(found.stated_attempts),
            attempts=round(found.attempts),
        )
    )
    for level in found.fast:
        of = f"{level.name} {level.key}" if level.key else level.name
        _line(
            Phrase(
                "{of}: of {level}, {entering} come and {leaving} go a year",
                of=of,
                level=number(level.level),
                entering=number(level.entering),
                leaving=number(level.leaving),
            )
        )
    if not found.fast:
        _line(Phrase("no level changes by more than a fifth in a year"))
    if found.proposals:
        _line(
            Phrase(
                "with these numbers it would start nearer to balance; take those that no record of yours speaks against"
            )
        )
        for each in found.proposals:
            print(f"    {each.name}: {in_yaml(each.proposed)}  # {in_yaml(each.today)}", flush=True)
        left = [f"{level.name} {level.key}" if level.key else level.name for level in found.remaining]
        if left:
            _line(Phrase("out of balance even then: {names}", names=", ".join(left)))


def _line(*parts: str) -> None:
    text = "".join(map(in_words, parts))
    print(textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False), flush=True)


def _fields(found: Examination) -> Mapping[str, object]:
    return {
        "corridor": found.corridor.id,
        "placeholders": found.placeholders,
        "defaults": found.defaults,
        "balance": asdict(found.balance),
        "sentences": list(found.sentences),
        "next_step": found.next_step,
    }
