"""What lies beside a corridor, each file checked as what it is: series, seasons, events, plans, evidence, codings."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.scenario import Scenario
from pushpull.scenario.corridor import Corridor

DRIVERS = "drivers.csv"


def faults_beside(corridor: Corridor) -> list[Fault]:
    """Every fault of the files beside a corridor that no run reads; what is not there is not missed."""
    faults: list[Fault] = []
    for name, check in _checks(corridor).items():
        if os.path.lexists(corridor.folder / name):
            faults += _faults_of(check)
    for path, shown in _experiments(corridor):
        faults += _faults_of(partial(_experiment, path, shown))
    return ScenarioFaults(faults).faults


def _faults_of(check: Callable[[], object]) -> list[Fault]:
    try:
        check()
    except ScenarioFaults as refused:
        return refused.faults
    return []


def _checks(corridor: Corridor) -> dict[str, Callable[[], object]]:
    """What reads each file whole."""
    from pushpull.calibration.forecast import FILE as FORECAST
    from pushpull.calibration.plan import FILE as PLAN
    from pushpull.calibration.plan import read_plan
    from pushpull.calibration.records import RECORDED
    from pushpull.evaluation import design, stored
    from pushpull.reporting.findings import read_forecast
    from pushpull.scenario import codings, events, seasons

    scenario = Scenario.of_corridor(corridor)
    return {
        PLAN: lambda: read_plan(scenario, may_be_empty=True),
        design.FILE: lambda: design.read_design(scenario),
        stored.FILE: lambda: stored.stored_evaluations(corridor.folder),
        FORECAST: lambda: read_forecast(corridor.folder / FORECAST),
        seasons.FILE: lambda: seasons.read_seasons(corridor),
        events.FILE: lambda: events.read_events(corridor),
        **{name: _series_of(corridor, name) for name in (DRIVERS, RECORDED, seasons.MONTHS_ON_RECORD)},
        **{name: _coding_of(corridor, name) for name in codings.COLUMNS},
    }


def _series_of(corridor: Corridor, name: str) -> Callable[[], object]:
    def check() -> None:
        from pushpull.files.tree import read_bytes
        from pushpull.scenario.series import LARGEST_SERIES, read_series

        shown, faults = f"{corridor.id}/{name}", list[Fault]()
        read_series(read_bytes(corridor.folder / name, shown, LARGEST_SERIES), shown, corridor.routes, faults)
        _refuse(faults)

    return check


def _coding_of(corridor: Corridor, name: str) -> Callable[[], object]:
    def check() -> None:
        from pushpull.scenario.codings import coding_faults

        _refuse(coding_faults(corridor, name))

    return check


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise ScenarioFaults(faults)


def _experiments(corridor: Corridor) -> list[tuple[Path, str]]:
    """The files of published effects that are held against this corridor: those beside it, and of a shipped corridor
    the shipped ones that name it."""
    from pushpull.evidence.experiment_files import experiment_folder, own_experiments
    from pushpull.scenario.library import shipped_folder

    own = [(path, f"{corridor.id}/evidence/{path.name}") for path in own_experiments(corridor.folder).values()]
    if corridor.folder != (shipped_folder() / "corridors" / corridor.id).resolve():
        return own
    names_it = re.compile(rf"^corridor: *{re.escape(corridor.id)}\b", re.MULTILINE)
    shipped = sorted(experiment_folder().glob("*.yaml"))
    named = [path for path in shipped if names_it.search(path.read_text(encoding="utf-8", errors="replace"))]
    return [*own, *((path, f"evidence/{path.name}") for path in named)]


def _experiment(path: Path, shown: str) -> None:
    from pushpull.evidence.experiment_files import read_experiment

    read_experiment(path, shown)
