"""From what stands on the command line to scenarios, with every fault at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from model.commands.saying import say

if TYPE_CHECKING:
    from model.scenario import Scenario

ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a shipped one.")]
Policies = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="FILE", help="A policy package to lay over it: a file or a shipped name."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME[@ROUTE]=VALUE",
        help="Set a lever or a driver from the policy start on, or a parameter. 1.5x is times today's value.",
    ),
]
Start = Annotated[float | None, typer.Option("--start", metavar="YEAR", help="First year to report.")]
End = Annotated[float | None, typer.Option("--end", metavar="YEAR", help="Last year.")]
Members = Annotated[
    int | None,
    typer.Option("--members", metavar="N", help="Run N draws of the parameters instead of their central values."),
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="S", help="Seed of the draws.")]
CorridorName = Annotated[
    str, typer.Option("--corridor", metavar="CORRIDOR", help="Whose values to show; or a scenario file.")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]

DEFAULT_CORRIDOR = "us_southwest_border"
OPTIONS = ("start", "end", "members", "seed")
CALLED = {"save_every": "every"}  # what an option sets, where its name is another


def located(name: str) -> str:
    """The name as given, or for `scenarios/...` where no such file is at hand, the shipped file there."""
    from model.scenario.library import shipped_folder

    path = PurePath(name)
    if path.parts[:1] == ("scenarios",) and ".." not in path.parts and not Path(name).exists():
        shipped = shipped_folder().joinpath(*path.parts[1:])
        if shipped.is_file():
            return str(shipped)
    return name


def load(name: str) -> Scenario:
    """A scenario by path or name; what of its file is of an earlier version, or may not be expected, is said. Raises
    ScenarioFaults."""
    from model.scenario import Scenario, remarks

    scenario = Scenario.load(located(name))
    for note in (*scenario.notes, *remarks(scenario)):
        say(str(note))
    return scenario


def changed(scenario: Scenario, policies: Sequence[str] | None, settings: Sequence[str] | None) -> Scenario:
    """The scenario with packages laid over it, then settings; raises ScenarioFaults with all faults."""
    steps: list[Callable[[Scenario], Scenario]] = []
    for policy in policies or ():
        steps.append(lambda scenario, policy=policy: scenario.with_policy(located(policy)))
    if settings:
        steps.append(lambda scenario: scenario.with_settings(settings))
    found = _all_or_every_fault(scenario, steps)
    from model.scenario import remarks

    said = remarks(scenario)
    for note in (*found.notes[len(scenario.notes) :], *(each for each in remarks(found) if each not in said)):
        say(str(note))
    return found


def _all_or_every_fault(scenario: Scenario, steps: Iterable[Callable[[Scenario], Scenario]]) -> Scenario:
    from model.scenario import ScenarioFaults

    faults = []
    for step in steps:
        try:
            scenario = step(scenario)
        except ScenarioFaults as found:
            faults += found.faults
    if faults:
        raise ScenarioFaults(faults)
    return scenario


def with_horizon(scenario: Scenario, **given: float | int | None) -> Scenario:
    """The scenario with `start`, `end`, `members`, `seed` and `save_every` where given; a fault names the option."""
    from model.scenario import ScenarioFaults

    chosen = {word: value for word, value in given.items() if value is not None}
    if not chosen:
        return scenario
    try:
        return scenario.with_changes(**chosen)
    except ScenarioFaults as found:
        raise ScenarioFaults(
            dataclasses.replace(fault, file=_option(fault.what, chosen)) if fault.file == "change" else fault
            for fault in found.faults
        ) from None


def _option(what: str, chosen: Iterable[str]) -> str:
    """The option a fault is about: the first one it mentions, or the first one given."""
    chosen = list(chosen)
    word = next((word for word in chosen if word in what.split("horizon")[-1] or word in what), chosen[0])
    return f"--{CALLED.get(word, word)}"


def base_scenario(corridor: str) -> Scenario:
    """The corridor as it is, with no policy; a scenario file stands for its corridor and context."""
    from model.scenario import SCHEMA_VERSION, Scenario
    from model.scenario.library import scenario_names

    if corridor in scenario_names() or corridor.endswith((".yaml", ".yml")):
        return load(corridor).baseline()
    given = {"schema_version": SCHEMA_VERSION, "title": corridor.replace("_", " "), "corridor": corridor}
    return Scenario.from_mapping(given, name="--corridor")


def ready() -> None:
    """Load the compiled model; on a machine that never ran it, say that it is compiled first."""
    from model.commands.saying import say
    from model.running import integrator

    integrator(say)
