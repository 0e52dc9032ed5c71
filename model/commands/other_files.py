"""Files that are neither scenario, policy package nor corridor, each checked as what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pushpull.commands.console import in_words, say
from pushpull.commands.options import tell_of_fit
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.wording.phrases import Phrase


def faults_of(name: str) -> list[Fault] | None:
    """Every fault of a plan, of numbers or draws of a fit, of series, sources, seasons, events or codings, an
    experiment, a file of checks, a story, the roles of a workshop or the design of a sweep.

    None for a file that is none of them, and for one that cannot be read as YAML.
    """
    check = _check_for(Path(name))
    if check is None:
        return None

    try:
        check(Path(name))
    except ScenarioFaults as refused:
        return refused.faults
    return []


def _check_for(path: Path) -> Callable[[Path], object] | None:
    from pushpull.evaluation import design, stored
    from pushpull.scenario import codings, events, file_kinds, fitted_numbers, seasons
    from pushpull.scenario.calibrated import CALIBRATED
    from pushpull.scenario.summary import SOURCES

    by_name: Mapping[str, Callable[[Path], object]] = {
        fitted_numbers.PLAN: _plan,
        fitted_numbers.DRAWS: _posterior,
        fitted_numbers.SERIES: _corridor,
        CALIBRATED: _corridor,
        SOURCES: _corridor,
        design.FILE: _evaluation,
        stored.FILE: _stored_evaluations,
        seasons.FILE: _seasons,
        events.FILE: _events,
        **dict.fromkeys(codings.COLUMNS, _coding),
    }
    by_kind: dict[str, Callable[[Path], object]] = {
        file_kinds.PLAN: _plan,
        file_kinds.EXPERIMENT: _experiment,
        file_kinds.CHECKS: _checks,
        file_kinds.STORY: _story,
        file_kinds.WORKSHOP: _workshop,
        file_kinds.DESIGN: _design,
    }
    if not path.is_file():
        return None
    if path.name in by_name:
        return by_name[path.name]
    return by_kind.get(_kind(path))


def _kind(path: Path) -> str:
    """What a file is by the names in it; nothing where it cannot be read, which whoever reads it next tells."""
    from pushpull.files.tree import read_tree
    from pushpull.scenario.file_kinds import kind_of_file

    if path.suffix not in (".yaml", ".yml"):
        return ""
    try:
        return kind_of_file(read_tree(path, str(path))[0])
    except ScenarioFaults:
        return ""


def _plan(path: Path) -> None:
    """A plan, beside the corridor that it is to fit."""
    from pushpull.calibration.plan import read_plan
    from pushpull.scenario import Scenario, corridor_in

    if not (path.parent / "corridor.yaml").exists():
        what = "this is a calibration plan, and there is no corridor beside it"
        raise ScenarioFaults([Fault(str(path), None, what, "a plan in the folder of a corridor")])
    scenario = Scenario.of_corridor(corridor_in(path.parent))
    read_plan(scenario, path)
    tell_of_fit(scenario)


def _corridor(path: Path) -> None:
    """What belongs to a corridor is read together with it."""
    from pushpull.scenario import Scenario, corridor_in

    if not (path.parent / "corridor.yaml").exists():
        what = f"{path.name} belongs to a corridor, and there is none beside it"
        raise ScenarioFaults([Fault(str(path), None, what, "a file in the folder of a corridor")])
    tell_of_fit(Scenario.of_corridor(corridor_in(path.parent)))


def _evaluation(path: Path) -> None:
    """What an evaluation asks, beside the corridor that it is of."""
    from pushpull.evaluation.design import read_design
    from pushpull.scenario import Scenario, corridor_in

    _corridor(path)
    read_design(Scenario.of_corridor(corridor_in(path.parent)))


def _seasons(path: Path) -> None:
    """What a corridor knows of months, beside it."""
    from pushpull.scenario import corridor_in
    from pushpull.scenario.seasons import read_seasons

    _corridor(path)
    read_seasons(corridor_in(path.parent))


def _events(path: Path) -> None:
    """The dated events of a corridor, beside it."""
    from pushpull.scenario import corridor_in
    from pushpull.scenario.events import read_events

    _corridor(path)
    read_events(corridor_in(path.parent))


def _coding(path: Path) -> None:
    """A coding of dated policy, beside the corridor that it is of."""
    from pushpull.scenario import corridor_in
    from pushpull.scenario.codings import coding_faults

    _corridor(path)
    faults = coding_faults(corridor_in(path.parent), path.name)
    if faults:
        raise ScenarioFaults(faults)


def _stored_evaluations(path: Path) -> None:
    """Evaluations as they were stored."""
    from pushpull.evaluation.stored import stored_evaluations

    stored_evaluations(path.parent)


def _posterior(path: Path) -> None:
    """The draws of a fit, as the fit beside them wrote them."""
    from pushpull.posterior import Posterior

    Posterior.load(path)


def _experiment(path: Path) -> None:
    from pushpull.evidence.experiment_files import read_experiment

    read_experiment(path, str(path))


def _checks(path: Path) -> None:
    from pushpull.checking.check_files import read_checks

    read_checks(path)


def _story(path: Path) -> None:
    from pushpull.stories import read_story

    story = read_story(path)
    if story.in_one_language:
        say(in_words(Phrase("{name}: texts in one language alone: {count}", name=path, count=story.in_one_language)))
    tell_of_fit(story.base)


def _workshop(path: Path) -> None:
    from pushpull.workshop import read_workshop

    read_workshop(path)


def _design(path: Path) -> None:
    from pushpull.sweeps import read_sweep_design

    read_sweep_design(path)
