"""Files that are neither scenario, policy package nor corridor, each checked as what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.scenario import Fault

SERIES = "series.csv"


def faults_of(name: str) -> list[Fault] | None:
    """Every fault of a plan, of calibrated numbers, of a series file, an experiment or a file of checks.

    None for a file that is none of them, and for one that cannot be read as YAML.
    """
    check = _check_for(Path(name))
    if check is None:
        return None
    from model.scenario import ScenarioFaults

    try:
        check(Path(name))
    except ScenarioFaults as found:
        return found.faults
    return []


def _check_for(path: Path) -> Callable[[Path], object] | None:
    from model.scenario.calibrated import CALIBRATED
    from model.scenario.fitted_numbers import PLAN

    by_name: Mapping[str, Callable[[Path], object]] = {PLAN: _plan, CALIBRATED: _corridor, SERIES: _corridor}
    if not path.is_file():
        return None
    if path.name in by_name:
        return by_name[path.name]
    keys = _keys(path)
    if {"until", "series"} <= keys:
        return _plan
    if {"published", "claim"} <= keys:
        return _experiment
    return _checks if "describe" in keys and "corridor" not in keys else None


def _keys(path: Path) -> set[object]:
    from model.scenario import ScenarioFaults
    from model.scenario.reading import decode, parse, read_bytes

    if path.suffix not in (".yaml", ".yml"):
        return set()
    try:
        node, _ = parse(decode(read_bytes(path, str(path)), str(path)), str(path))
    except ScenarioFaults:
        return set()  # told by whoever reads it next
    entries = node.value[0] if isinstance(node.value, list) and node.value else node
    return set(entries.value) if entries.is_mapping else set()


def _plan(path: Path) -> None:
    """A plan, beside the corridor that it is to fit."""
    from model.calibration.plan import read_plan
    from model.commands.choosing import tell_of_fit
    from model.scenario import Fault, ScenarioFaults
    from model.scenario.standing import scenario_in

    if not (path.parent / "corridor.yaml").exists():
        told = "this is a calibration plan, and there is no corridor beside it"
        raise ScenarioFaults([Fault(str(path), None, told, "a plan in the folder of a corridor")])
    scenario = scenario_in(path.parent)
    read_plan(scenario, path)
    tell_of_fit(scenario)


def _corridor(path: Path) -> None:
    """What belongs to a corridor is read together with it."""
    from model.commands.choosing import tell_of_fit
    from model.scenario import Fault, ScenarioFaults
    from model.scenario.standing import scenario_in

    if not (path.parent / "corridor.yaml").exists():
        told = f"{path.name} belongs to a corridor, and there is none beside it"
        raise ScenarioFaults([Fault(str(path), None, told, "a file in the folder of a corridor")])
    tell_of_fit(scenario_in(path.parent))


def _experiment(path: Path) -> None:
    from model.evidence.reading import read_experiment

    read_experiment(path, str(path))


def _checks(path: Path) -> None:
    from model.checking.reading import read_checks

    read_checks(path)
