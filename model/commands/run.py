"""`pushpull run`: one run or an ensemble, as a table or as a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated

import typer

from pushpull.commands import cluster_runs, monthly_output, options
from pushpull.commands.console import ILLUSTRATIVE, CommandFault, number, print_table, progress, say, waiting
from pushpull.files.atomic import reason, writing_to
from pushpull.files.frames import CannotHold, check_parquet
from pushpull.wording.money import in_currency

if TYPE_CHECKING:
    import numpy as np

    from pushpull.catalogue import Outcome
    from pushpull.engine.runs.result import Result
    from pushpull.scenario import Scenario

ENDINGS = (".csv", ".nc", ".json", ".xlsx", ".parquet", ".zarr")
FOLDER, PARQUET = ".zarr", ".parquet"
LARGE = (".nc", ".csv")  # what holds a table of any size
YEARS_AFTER = 5
MANY_ROWS = 1_000_000
BYTES_A_ROW = 58
STDOUT = "-"


class Every(StrEnum):
    """`pushpull.engine.stepping.methods.SAVE_EVERY`, which takes longer to load than a command to begin."""

    quarter = "quarter"
    month = "month"
    step = "step"


def run(
    scenario: options.ScenarioName,
    policy: options.PoliciesOption = None,
    set_: options.SettingsOption = None,
    start: options.StartOption = None,
    end: options.EndOption = None,
    members: options.MembersOption = None,
    seed: options.SeedOption = None,
    every: Annotated[
        Every | None,
        typer.Option("--every", help="How often the output holds a state; a quarter of a year if not given."),
    ] = None,
    monthly: Annotated[
        bool,
        typer.Option(
            "--monthly",
            help="By the month: the outcomes, those of people who evade, or of all who come, by the corridor's season.",
        ),
    ] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write every variable to a .csv, .nc, .json, .xlsx or .parquet file; - is CSV on stdout. A .zarr "
            "folder takes the outcomes of an ensemble of any size as they come, and goes on where it was stopped.",
        ),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="NAME", help="Variables a .zarr folder keeps; or everything."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="Run the members on a dask.distributed scheduler's workers."),
    ] = None,
) -> None:
    """Run a scenario.

    Without --output, a table of the outcomes at the policy start, five years on and at the end; history that
    ends before any policy is shown at its start and its end. With --monthly, the twelve months of a year: from the
    policy start on, or the last there is.
    """
    check_ensemble(members, output, keep, cluster)
    if output not in (None, STDOUT):
        check_output(output, ENDINGS)
    save_every = every and every.value
    if monthly:
        monthly_output.check_monthly(save_every, output, FOLDER)
    chosen = options.changed(options.load(scenario), policy, set_)
    if monthly:
        save_every = monthly_output.state_every(chosen, save_every)
    given = {"start": start, "end": end, "members": members, "seed": seed}
    chosen = options.with_horizon(chosen, **given, save_every=save_every)
    if output is not None and output.endswith(FOLDER):
        cluster_runs.stream_to(chosen, output, keep, cluster)
        return
    result = _run(chosen, members, output, cluster, monthly)
    say_shortened(result)
    if monthly:
        _by_month(chosen, result, output)
        return
    if output == STDOUT:
        warn_of_size(result, output)
        sys.stdout.writelines(result.csv())
    elif output is not None:
        if output.endswith(".nc"):
            import netCDF4  # noqa: F401  takes longer to load than to write a run with
            import xarray  # noqa: F401
        warn_of_size(result, output)
        with Writing(output):
            result.save(output)
        say(f"wrote {output}{size_of(output)}")
    else:
        _show(chosen, result)


def warn_of_size(result: Result, output: str) -> None:
    """Say before a large table of text is written how many rows it has, and what holds the same in less."""
    if output.endswith((".csv", STDOUT)) and result.rows_in_csv > MANY_ROWS:
        less = "a .nc file holds the same in less"
        less += ", a .zarr folder the outcomes alone" if result.members > 1 else ""
        say(f"{output}: {result.rows_in_csv:,} rows, about {result.rows_in_csv * BYTES_A_ROW / 1e6:,.0f} MB; {less}")


def size_of(output: str) -> str:
    """The size of a file that was written, where it is large."""
    size = os.path.getsize(output) / 1e6
    return f" ({size:,.0f} MB)" if size >= 10 else ""


def say_shortened(result: Result, title: str = "") -> None:
    """Say where moves through time had to be shortened from policy start on; nothing where none was, nor of an ensemble
    all whose moves met the tolerance: there some member meets a shock in nearly every one."""
    halvings = result.halvings
    if not halvings or not halvings.since(float(result.provenance["policy_start"])):
        return
    if result.members == 1 or halvings.coarse.any():
        say(f"{title}: {result.halvings}" if title else f"note: {result.halvings}")


def check_ensemble(members: int | None, output: str | None, keep: list[str] | None, cluster: str | None) -> None:
    """Refuse options of an ensemble where there is none, before any work is done."""
    folder = output is not None and output.endswith(FOLDER)
    faults = []
    if members is None or members == 1:
        if folder:
            faults.append(f"{output}: a {FOLDER} folder holds an ensemble; allowed: --members N, or another ending")
        if cluster is not None:
            faults.append("--cluster: one run needs no cluster; allowed: with --members N")
    if keep and not folder:
        faults.append(f"--keep: only a {FOLDER} folder keeps a choice of variables; allowed: --output NAME{FOLDER}")
    if faults:
        raise CommandFault(*faults)


def _by_month(scenario: Scenario, result: Result, output: str | None) -> None:
    """Show or write a result by the month."""
    months = monthly_output.months_of(result, scenario)
    if output is None:
        print_heading(scenario)
        monthly_output.show_months(months, max(scenario.policy_start, scenario.start))
        return
    warn_of_size(months.result, output)
    with Writing(output):
        monthly_output.write_monthly(months, output, STDOUT)
    if output != STDOUT:
        say(f"wrote {output}{size_of(output)}")


def _run(
    scenario: Scenario, members: int | None, output: str | None, cluster: str | None, monthly: bool = False
) -> Result:
    options.ready()
    if members is None or members == 1:
        from pushpull.simulation import run

        return run(scenario)
    from pushpull.ensemble import run_ensemble
    from pushpull.preparation import EVERYTHING

    folder = None if output in (None, STDOUT) else Path(output).parent
    keep: Iterable[str] | str | None = None if output is None else EVERYTHING
    if monthly:
        from pushpull.months import names_for_months

        keep = names_for_months()
    with progress("Running") as tell:
        if cluster is not None:
            return cluster_runs.on_cluster(scenario, keep, cluster, tell)
        return run_ensemble(scenario, keep=keep, progress=tell, scratch=folder)


def _show(scenario: Scenario, result: Result) -> None:
    from pushpull.catalogue import catalogue

    print_heading(scenario)
    if result.members > 1:
        print(f"{result.members} members, seed {scenario.seed}: median [5 % to 95 %]")
    first, last = float(result.time[0]), float(result.time[-1])
    begun = scenario.policy_start if scenario.policy_start <= last else first
    years_of_interest = (begun, scenario.policy_start + YEARS_AFTER, last)
    years = list(dict.fromkeys(year for year in years_of_interest if first <= year <= last))
    rows = []
    for outcome in catalogue().outcomes.values():
        for label, values in lines_of(result, outcome):
            moments = [result.moment(year) for year in years]
            cells = [_cell(values[:, moment]) if values is not None else "" for moment in moments]
            rows.append([label, in_currency(outcome.unit, result.currency), *cells])
    print_table(["outcome", "unit", *(f"{year:g}" for year in years)], rows, range(2, 2 + len(years)))


def lines_of(result: Result, outcome: Outcome) -> list[tuple[str, np.ndarray | None]]:
    """What a table shows of an outcome: its total and every route."""
    lines: list[tuple[str, np.ndarray | None]] = [
        (outcome.title, None if outcome.adds_up_to_one else result.total(outcome.id))
    ]
    if outcome.variable.routed:
        routes = result.by_route(outcome.id)
        lines += [(f"  {route}", routes[:, :, column]) for column, route in enumerate(result.routes)]
    return lines


def _cell(values: np.ndarray) -> str:
    import numpy as np

    if len(values) == 1:
        return number(float(values[0]))
    from pushpull.analysis.quantile_ranges import MEDIAN, MOST

    low, middle, high = np.quantile(values, [MOST[0], MEDIAN, MOST[1]])
    return f"{number(middle)} [{number(low)} to {number(high)}]"


def print_heading(scenario: Scenario) -> None:
    """Title and horizon; an illustrative corridor says that it is."""
    if scenario.corridor.illustrative:
        print(ILLUSTRATIVE)
    print(f"{scenario.title} ({scenario.corridor.id}, {scenario.start:g} to {scenario.end:g})")


def check_output(name: str, endings: tuple[str, ...]) -> None:
    """Refuse an output that cannot be written, before any work is done."""
    path = Path(name)
    if path.suffix not in endings:
        words = ", ".join(endings[:-1]) + " or " + endings[-1] if endings[1:] else endings[0]
        meant = name.removesuffix(path.suffix) + path.suffix.lower() if path.suffix.lower() in endings else ""
        guess = f'; did you mean "{meant}"?' if meant else ""
        message = f"{name or '--output'}: this cannot be written; allowed: a name that ends in {words}{guess}"
        raise CommandFault(message)
    with writing_to(path):
        path.exists()  # a name that no file can have
    if path.is_dir() and path.suffix != FOLDER:
        raise CommandFault(f"{name}: this cannot be written; it is a folder")
    if not path.parent.is_dir():
        raise CommandFault(f"{name}: this cannot be written; there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise CommandFault(f"{name}: this cannot be written; permission denied")
    if path.suffix == PARQUET:
        try:
            check_parquet()
        except CannotHold as fault:
            raise CommandFault(f"{name}: {fault}") from fault


class Writing:
    """While a file is written: says so if it takes long, and turns the system's refusals into one line."""

    def __init__(self, name: str):
        self.name = name
        self.waiting = waiting(f"writing {name}")

    def __enter__(self) -> None:
        self.waiting.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.waiting.__exit__(None, None, None)
        if isinstance(fault, OSError):
            raise CommandFault(f"{self.name}: this cannot be written; {reason(fault)}") from fault
        if isinstance(fault, CannotHold):
            raise CommandFault(f"{self.name}: {fault}; allowed: {', '.join(LARGE)}") from fault
