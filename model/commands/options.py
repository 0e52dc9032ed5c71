"""Options that commands share, and from them to scenarios, with every fault at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pushpull.commands.console import in_words, say, say_once
from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.paths import as_argument, shown
from pushpull.wording.phrases import Phrase

if TYPE_CHECKING:
    from pushpull.analysis import Target
    from pushpull.scenario import Corridor, Scenario

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file, the name of a shipped one, or a corridor.")
]
PoliciesOption = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="FILE", help="A policy package to lay over it: a file or a shipped name."),
]
SettingsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME[@ROUTE]=VALUE",
        help="Set a lever or a driver from the policy start on, or a parameter. 1.5x is times today's value.",
    ),
]
StartOption = Annotated[float | None, typer.Option("--start", metavar="YEAR", help="First year to report.")]
EndOption = Annotated[float | None, typer.Option("--end", metavar="YEAR", help="Last year.")]
MembersOption = Annotated[
    int | None,
    typer.Option("--members", metavar="N", help="Run N draws of the parameters instead of their central values."),
]
SimulationsOption = Annotated[
    int | None,
    typer.Option(
        "--simulations", "--members", metavar="N", min=1, help="How many simulations are run of each package."
    ),
]
TargetsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        metavar="OUTCOME[@ROUTE]<=VALUE in YEAR",
        help="How likely it is that an outcome is at most (<=) or at least (>=) a value in a year, or at some time "
        "since the policy start by a year (by YEAR); in the last year if none is named. To be quoted.",
    ),
]
JudgedYear = Annotated[
    float | None,
    typer.Option("--year", metavar="YEAR", help="In which year; if not given, the mean from policy start to the end."),
]
SeedOption = Annotated[int | None, typer.Option("--seed", metavar="S", help="Seed of the draws.")]
CorridorName = Annotated[
    str,
    typer.Option("--corridor", metavar="CORRIDOR", help="Which corridor: its id, its file, or a scenario of it."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]

DEFAULT_CORRIDOR = "us_southwest_border"
CALLED = {"save_every": "every"}  # what an option sets, where its name is another


def located(name: str) -> str:
    """The name as given, or for `scenarios/...` where no such file is at hand, the shipped file there."""
    from pushpull.scenario.library import shipped_folder

    path = PurePath(name)
    if path.parts[:1] == ("scenarios",) and ".." not in path.parts and not Path(name).exists():
        shipped = shipped_folder().joinpath(*path.parts[1:])
        if shipped.exists():
            return str(shipped)
    return name


def load(name: str) -> Scenario:
    """A scenario by path or name; notes on an earlier version of its file and remarks on it go to stderr.

    Raises:
        ScenarioFaults: the file or its corridor is faulty.
    """
    from pushpull.scenario import Scenario, remarks

    scenario = Scenario.load(located(name))
    for note in (*scenario.notes, *scenario.corridor.remarks, *remarks(scenario)):
        say(in_words(note))
    _warn_of_thin(scenario)
    _warn_of_placeholders(scenario)
    tell_of_fit(scenario)
    return scenario


def _warn_of_thin(scenario: Scenario) -> None:
    """Say of a corridor that passes for a real one that it sets little of its own."""
    from pushpull.scenario.summary import corridor_summary, is_thin

    corridor = scenario.corridor
    if is_thin(corridor, scenario.catalogue):
        own = corridor_summary(corridor, scenario.catalogue).fixed
        message = f"the corridor {corridor.id} sets {own.given} of {own.count} numbers of its place; the others are"
        names = f"`pushpull validate {as_argument(shown(corridor.folder))}` names them"
        say_once(f"{message} defaults, several of them of the United States: {names}")


def _warn_of_placeholders(scenario: Scenario) -> None:
    """Say of a corridor that numbers of it are placeholders, so that nobody takes its results for those of a place."""
    corridor = scenario.corridor
    if corridor.placeholders:
        say_once(in_words(placeholder_words(corridor)))


def placeholder_words(corridor: Corridor) -> str:
    """That a corridor runs on placeholders, and where they are listed."""
    from pushpull.scenario.library import place_of

    return Phrase(
        "PLACEHOLDERS: {count} numbers of the corridor {id} are made up, so its results say nothing of any place; "
        "`pushpull doctor {place}` lists them",
        count=len(corridor.placeholders),
        id=corridor.id,
        place=place_of(corridor.folder),
    )


def tell_of_fit(scenario: Scenario) -> None:
    """Say, once in a command, where the fit of a scenario's corridor is out of date."""
    if scenario.corridor.out_of_date:
        say_once(scenario.corridor.out_of_date)


def tell_of_fit_in(name: str) -> None:
    """The same of a whole file: a scenario, or a corridor."""
    from pushpull.scenario import Scenario, corridor_in, heading
    from pushpull.scenario.validation import find_any

    kind, (path, _) = heading(name).kind, find_any(name)
    if kind == "scenario":
        tell_of_fit(Scenario.load(name))
    elif kind == "corridor":
        tell_of_fit(Scenario.of_corridor(corridor_in(path.parent)))


def changed(scenario: Scenario, policies: Sequence[str] | None, settings: Sequence[str] | None) -> Scenario:
    """The scenario with packages laid over it, then settings; raises ScenarioFaults with all faults."""
    steps: list[Callable[[Scenario], Scenario]] = [partial(_with_policy, name=name) for name in policies or ()]
    if settings:
        steps.append(lambda scenario: scenario.with_settings(settings))
    made = _all_or_every_fault(scenario, steps)
    from pushpull.scenario import remarks

    earlier = remarks(scenario)
    for note in (*made.notes[len(scenario.notes) :], *(each for each in remarks(made) if each not in earlier)):
        say(in_words(note))
    return made


def _with_policy(scenario: Scenario, name: str) -> Scenario:
    return scenario.with_policy(located(name))


def _all_or_every_fault(scenario: Scenario, steps: Iterable[Callable[[Scenario], Scenario]]) -> Scenario:

    faults = []
    for step in steps:
        try:
            scenario = step(scenario)
        except ScenarioFaults as refused:
            faults += refused.faults
    if faults:
        raise ScenarioFaults(faults)
    return scenario


def with_horizon(scenario: Scenario, **given: Any) -> Scenario:
    """The scenario with `start`, `end`, `members`, `seed` and `save_every` where given; a fault names the option, and
    what never acts in these years is said."""

    chosen = {word: value for word, value in given.items() if value is not None}
    try:
        made = scenario.with_changes(**chosen) if chosen else scenario
    except ScenarioFaults as refused:
        raise ScenarioFaults(
            dataclasses.replace(fault, file=_option(fault.what, chosen)) if fault.file == "change" else fault
            for fault in refused.faults
        ) from None
    for note in made.idle:
        say(in_words(note))
    return made


def _option(what: str, chosen: Iterable[str]) -> str:
    """The option a fault is about: the first one it mentions, or the first one given."""
    chosen = list(chosen)
    word = next((word for word in chosen if word in what.split("horizon")[-1] or word in what), chosen[0])
    return f"--{CALLED.get(word, word)}"


def targets_of(texts: Sequence[str] | None, *scenarios: Scenario, year: float | None = None) -> tuple[Target, ...]:
    """Targets from their texts, judged against every scenario before anything is run; one that names no year is of
    `year`, or of the last that all scenarios reach. Raises ScenarioFaults."""
    if not texts:
        return ()
    from pushpull.analysis.targets import check_targets, read_targets

    faults = []
    targets = read_targets(texts, min(scenario.end for scenario in scenarios) if year is None else year)
    for scenario in scenarios:
        try:
            check_targets(targets, scenario.routes, scenario.start, scenario.end)
        except ScenarioFaults as fault:
            faults += fault.faults
    if faults:
        raise ScenarioFaults(faults)
    return targets


def check_year(year: float | None, scenario: Scenario) -> None:
    """Refuse a year that a scenario does not report."""
    if year is not None and not scenario.start <= year <= scenario.end:
        allowed = f"a year from {scenario.start:g} to {scenario.end:g}"
        raise ScenarioFaults([Fault("--year", None, f"{year:g} is not reported", allowed)])


def outcome_names(text: str | None) -> tuple[str, ...]:
    """The outcomes of a list parted by commas, by which packages can be better or worse; raises every fault at once."""
    from pushpull.catalogue import catalogue

    known = {name: each for name, each in catalogue().outcomes.items() if each.better != "neither"}
    names = [each.strip() for each in (text or "").split(",") if each.strip()]
    faults = []
    for name in names:
        if name not in known:
            what = f"there is no outcome {quote(name)}"
            if name in catalogue().outcomes:
                what = f"{name}: neither way is better, so no package is"
            allowed = listed(known, "an outcome that is better lower or higher")
            faults.append(Fault("--outcomes", None, what, allowed, nearest(name, known)))
    if faults:
        raise ScenarioFaults(faults)
    return tuple(dict.fromkeys(names))


def base_scenario(corridor: str) -> Scenario:
    """The corridor as it is, with no policy: by its id, its file or its folder; a scenario file stands for its
    corridor and context."""
    from pushpull.scenario.library import corridor_at, corridor_names, corridors_in, own_homes, scenario_names

    path = located(corridor)
    is_file = path.endswith((".yaml", ".yml")) or Path(path).exists()
    if corridor not in scenario_names() and not is_file and corridor_at(corridor) is None:
        names = sorted({*corridor_names(), *(each for home in own_homes() for each in corridors_in(home))})
        allowed = f"{listed(names)}, or the path of a corridor or scenario file"
        what = f"there is no corridor {quote(corridor)}"
        raise ScenarioFaults([Fault("--corridor", None, what, allowed, nearest(corridor, names))])
    return load(corridor).baseline()


def ready() -> None:
    """Load the compiled model; on a machine that never ran it, say that it is compiled first."""
    from pushpull.preparation import integrator

    integrator(say)
