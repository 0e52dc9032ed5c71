"""Ensembles that are run on a cluster, or that go into a folder which can be taken up again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pushpull.commands import options
from pushpull.commands.console import CommandFault, progress, say
from pushpull.files.atomic import reason
from pushpull.files.faults import Fault, ScenarioFaults, nearest, quote

if TYPE_CHECKING:
    from pushpull.engine.runs.result import Result
    from pushpull.scenario import Scenario

EVERYTHING = "everything"
STOPPED = 130


def stream_to(scenario: Scenario, output: str, keep: list[str] | None, cluster: str | None) -> None:
    """Write an ensemble into a Zarr folder, or go on with one; say how much of it there is when stopped."""
    variables = variables_named(keep)
    options.ready()
    from pushpull.analysis.members import distinct_draws
    from pushpull.analysis.store import finished_members, halved_moves, save_ensemble

    draws = distinct_draws(scenario, scenario.members)
    if draws < scenario.members:
        say(f"the fit of this corridor has {draws:,} draws; more members repeat them")
    try:
        with refused(output), progress("Running") as tell:
            save_ensemble(scenario, output, keep=variables, progress=tell, cluster=cluster)
    except KeyboardInterrupt:
        if not Path(output).exists():
            raise
        done, members = finished_members(output)
        message = f"stopped; {output} holds {done:,} of {members:,} members, and the same command goes on from there"
        raise CommandFault(message, code=STOPPED) from None
    moves, touched = halved_moves(output)
    if moves:
        say(f"note: {moves:,} moves through time in {touched:,} members had to be shortened; see moves_halved")
    say(f"wrote {output}")


def on_cluster(
    scenario: Scenario, keep: Iterable[str] | str | None, cluster: str, tell: Callable[[int, int], None]
) -> Result:
    """An ensemble in memory, run on a cluster."""
    from pushpull.analysis.blocks import gather

    with refused(cluster):
        return gather(scenario, keep=keep, progress=tell, cluster=cluster)


@contextmanager
def refused(name: str) -> Iterator[None]:
    """Turn what a folder, a disk or a cluster refuses into one line."""
    from pushpull.analysis.blocks import ClusterFault
    from pushpull.analysis.store import StoreFault

    try:
        yield
    except StoreFault as fault:
        raise CommandFault(str(fault)) from fault
    except ClusterFault as fault:
        raise CommandFault(f"--cluster: {fault}") from fault
    except OSError as fault:
        raise CommandFault(f"{name}: this cannot be written; {reason(fault)}") from fault


def variables_named(keep: list[str] | None) -> tuple[str, ...] | str | None:
    """The variables named, each of which there is; None for the outcomes."""
    if not keep:
        return None
    if EVERYTHING in keep:
        return EVERYTHING
    from pushpull.catalogue import catalogue

    variables = catalogue().model.variables
    allowed = f"a variable of the model, or {EVERYTHING}"
    faults = [
        Fault("--keep", None, f"there is no variable {quote(name)}", allowed, nearest(name, (*variables, EVERYTHING)))
        for name in keep
        if name not in variables
    ]
    if faults:
        raise ScenarioFaults(faults)
    return tuple(keep)
