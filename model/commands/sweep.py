"""`pushpull sweep`: a scenario at many points of levers, drivers and parameters, in one file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import cluster_runs, options
from pushpull.commands.console import CommandFault, number, print_table, progress, say
from pushpull.commands.run import FOLDER, Writing, check_output, print_heading, size_of
from pushpull.files.faults import Fault, ScenarioFaults, quote
from pushpull.files.suggestions import number_meant, proposed
from pushpull.files.tree import scalar

if TYPE_CHECKING:
    import xarray

    from pushpull.scenario import Scenario
    from pushpull.sweeps import SweepDesign

VARY, DESIGN = "--vary", "--design"
FORM = "NAME[@ROUTE]=LOW:HIGH:N"
ENDINGS = (FOLDER, ".nc", ".csv", ".xlsx", ".parquet", ".gz")
UNFINISHED = f".unfinished{FOLDER}"


def sweep(
    scenario: options.ScenarioName,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where the sweep goes: a .zarr folder, or one file: .nc, a tidy table as .csv, .xlsx or .parquet, or "
            ".tar.gz as EMA Workbench reads experiments.",
        ),
    ],
    vary: Annotated[
        list[str] | None,
        typer.Option(
            VARY,
            metavar=FORM,
            help="N levels of a lever, a driver or a parameter from LOW to HIGH, or those listed: NAME=1,2,5. Of "
            "several, every combination is run.",
        ),
    ] = None,
    design: Annotated[
        str | None,
        typer.Option(DESIGN, metavar="FILE", help="A file with the points: a grid, a Latin hypercube or a list."),
    ] = None,
    policy: options.PoliciesOption = None,
    set_: options.SettingsOption = None,
    start: options.StartOption = None,
    end: options.EndOption = None,
    simulations: Annotated[
        int | None,
        typer.Option("--simulations", "--members", metavar="N", min=1, help="How many simulations of each point."),
    ] = None,
    seed: options.SeedOption = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="NAME", help="Variables to keep, the outcomes if not given; or everything."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="Run on a dask.distributed scheduler's workers."),
    ] = None,
) -> None:
    """Run a scenario at many points, and keep them all in one file.

    What is varied is set as --set does: levers and drivers from the policy start on, parameters for the whole run. The
    file has the dimensions point, member (with --simulations), time and those of each outcome; names of the points and
    what they set are coordinates. A sweep that was stopped goes on with the same command.
    """
    if bool(vary) == bool(design):
        raise CommandFault(f"sweep: it takes either {VARY} or {DESIGN}; allowed: {VARY} {FORM}, or {DESIGN} FILE.yaml")
    check_output(output, ENDINGS)
    kept = cluster_runs.variables_named(keep)
    base = options.changed(options.load(scenario), policy, set_)
    base = options.with_horizon(base, start=start, end=end, members=simulations, seed=seed)
    chosen = _from_file(design, base) if design else _from_options(vary or [], base)
    options.ready()
    folder = Path(output) if output.endswith(FOLDER) else Path(output).with_suffix(UNFINISHED)
    found = _swept(base, chosen, folder, simulations, seed, kept, cluster)
    if not output.endswith(FOLDER):
        with Writing(output):
            found.pushpull.save(output)
        shutil.rmtree(folder, ignore_errors=True)
    _show(base, chosen, found)
    say(f"wrote {output}{size_of(output) if not output.endswith(FOLDER) else ''}")


def _swept(
    base: Scenario,
    design: SweepDesign,
    folder: Path,
    simulations: int | None,
    seed: int | None,
    keep: tuple[str, ...] | str | None,
    cluster: str | None,
) -> xarray.Dataset:
    """The sweep; one that is stopped says how much of it there is, and what to type."""
    from pushpull.sweeps import finished_points
    from pushpull.sweeps import sweep as sweep_of

    try:
        with cluster_runs.refused(str(folder)), progress("Sweeping", "points") as tell:
            return sweep_of(
                base, design, folder, simulations=simulations, seed=seed, keep=keep, progress=tell, cluster=cluster
            )
    except KeyboardInterrupt:
        if not folder.exists():
            raise
        done, points = finished_points(folder)
        message = f"stopped; {folder} holds {done:,} of {points:,} points, and the same command goes on from there"
        raise CommandFault(message, code=cluster_runs.STOPPED) from None


def _from_file(name: str, base: Scenario) -> SweepDesign:
    from pushpull.sweeps import read_sweep_design

    return read_sweep_design(options.located(name), base)


def _from_options(texts: list[str], base: Scenario) -> SweepDesign:
    """The grid of --vary; raises ScenarioFaults with every fault at once."""
    from pushpull.sweeps import grid

    levels, faults = {}, []
    for text in texts:
        label, equals, given = text.partition("=")
        label = label.strip()
        values = _levels(given) if equals else None
        if values is None:
            faults.append(_no_levels(text, given))
        elif label in levels:
            faults.append(Fault(VARY, None, f"{quote(label)} stands twice", "each name once"))
        else:
            levels[label] = values
    try:
        made = grid(base, levels) if levels else None
    except ScenarioFaults as refused:
        faults += [Fault(VARY, None, each.what, each.allowed, each.did_you_mean) for each in refused.faults]
    if faults or made is None:
        raise ScenarioFaults(faults)
    return made


def _no_levels(text: str, given: str) -> Fault:
    meant = next((number_meant(each.strip()) for each in given.split(":") if number_meant(each.strip())), "")
    odd = [each for each in given.split(":") if not isinstance(scalar(each.strip()), (int, float))]
    remedy = proposed(meant) if len(odd) == 1 and number_meant(odd[0].strip()) else ""
    allowed = f"{FORM} with two levels or more, the lower end first; or NAME=1,2,5"
    return Fault(VARY, None, f"{quote(text)} gives no levels", allowed, remedy=remedy)


def _levels(given: str) -> tuple[float, ...] | None:
    """The levels of LOW:HIGH:N or of a list; None where it is neither."""
    from pushpull.sweeps.design_reader import FEWEST_STEPS, MOST_STEPS, even_levels

    parts = given.split(":") if ":" in given else given.split(",")
    numbers = [scalar(part.strip()) for part in parts]
    values = [float(each) for each in numbers if isinstance(each, (int, float)) and not isinstance(each, bool)]
    if len(values) < len(parts):
        return None
    if ":" not in given:
        return tuple(values)
    if len(values) != 3 or not values[0] < values[1] or values[2] not in range(FEWEST_STEPS, MOST_STEPS + 1):
        return None
    return even_levels(values[0], values[1], int(values[2]))


def _show(base: Scenario, design: SweepDesign, found: xarray.Dataset) -> None:
    """What was run, and how far each outcome goes over all of it at the end."""
    from pushpull.catalogue import catalogue

    print_heading(base)
    each = f", {found.sizes['member']} simulations of each" if "member" in found.sizes else ""
    print(f"{len(design):,} points{each}; in {float(found['time'][-1]):g} they reach:")
    rows = []
    for outcome in catalogue().outcomes.values():
        if outcome.id not in found or outcome.adds_up_to_one or outcome.variable.across != "sum":
            continue
        values = found[outcome.id].isel(time=-1)
        values = values.sum([dim for dim in values.dims if dim not in ("point", "member")])
        if "member" in values.dims:
            values = values.median("member")
        ends = (number(float(each)) for each in (values.min(), values.max()))
        rows.append((outcome.title, found[outcome.id].attrs["units"], *ends))
    print_table(("outcome", "unit", "lowest", "highest"), rows, (2, 3))
