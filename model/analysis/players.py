"""What two scenarios differ in, in groups that can be switched one by one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pushpull.analysis.shapley import MOST_PLAYERS
from pushpull.catalogue import catalogue
from pushpull.descriptions import title_of
from pushpull.engine.runs.task import Task
from pushpull.files.faults import nearest
from pushpull.preparation import integrator, task_of
from pushpull.scenario import Scenario

REST = "everything else"
PLURALS = {"lever": "levers", "context": "context", "parameter": "parameters", "formula": "formulas", "loop": "loops"}


@dataclass(frozen=True)
class Player:
    """What is switched together: the ids of levers, context drivers, parameters, formulas and loops.

    `kind` is "lever", "context", "parameter", "formula" or "loop", or "mixed": of the first one says that it is policy,
    of the others that it is an assumption about the world.
    """

    title: str
    kind: str
    names: tuple[str, ...]

    @property
    def is_policy(self) -> bool:
        """Whether all of it is policy."""
        return self.kind == "lever"


@dataclass(frozen=True)
class Difference:
    """One thing two tasks differ in: `field` of the task, and the places in the last (or only named) axis."""

    kind: str
    field: str
    elements: np.ndarray


def differences_of(scenario: Scenario, baseline: Scenario) -> tuple[Task, Task, dict[str, Difference]]:
    """The tasks of a scenario and its baseline, and by its id everything in which they differ.

    Raises ValueError where they cannot be mixed, since corridor, years or integration differ.
    """
    shared = ("start", "end", "policy_start", "steps_per_year", "save_every", "method")
    if scenario.corridor.digest != baseline.corridor.digest:
        raise ValueError("a change is divided within one corridor; these are two")
    differing = [word for word in shared if getattr(scenario, word) != getattr(baseline, word)]
    if differing:
        raise ValueError(f"a change is divided between scenarios of the same {' and '.join(differing)}")
    after, before = task_of(scenario), task_of(baseline)
    layout, whole = integrator().layout, catalogue()
    differences: dict[str, Difference] = {}

    def note(name: str, kind: str, field: str, elements: Iterable[int], differs: np.ndarray) -> None:
        elements = np.array(list(elements))
        if differs[elements].any():
            differences[name] = Difference(kind, field, elements)

    columns = (after.inputs != before.inputs).any(axis=(0, 1))
    columns_of = {name: range(held.start, held.stop) for name, held in layout.columns(after.extent).items()}
    for name in (*whole.levers, *whole.context):
        if name in columns_of:
            note(name, "lever" if name in whole.levers else "context", "inputs", columns_of[name], columns)
    for kind, field, names in (
        ("parameter", "constants", layout.constants),
        ("formula", "formulas", layout.settings),
        ("loop", "cut", layout.loops),
    ):
        new, old = getattr(after, field), getattr(before, field)
        differs = (new != old).reshape(len(names), -1).any(axis=1)
        for column, name in enumerate(names):
            note(name, kind, field, [column], differs)
    return after, before, differences


def _title(name: str, kind: str) -> str:
    return catalogue().loops[name].title if kind == "loop" else title_of(catalogue(), name)


def group(
    differences: Mapping[str, Difference], given: Mapping[str, Iterable[str]] | None = None
) -> tuple[Player, ...]:
    """The players: each difference by itself where there are at most ten, else by kind and by group of levers.

    `given` names groups of its own by their titles; what it leaves out plays together as "everything else". Raises
    ValueError for a name that differs in nothing, stands twice, or where there are more than ten players.
    """
    if given is not None:
        players = _given(differences, given)
    elif len(differences) <= MOST_PLAYERS:
        players = [
            Player(_title(name, difference.kind), difference.kind, (name,)) for name, difference in differences.items()
        ]
    else:
        groups: dict[tuple[str, str], list[str]] = {}
        for name, difference in differences.items():
            groups.setdefault((difference.kind, _group_of(name, difference.kind)), []).append(name)
        players = [Player(title, kind, tuple(names)) for (kind, title), names in groups.items()]
    if not 1 <= len(players) <= MOST_PLAYERS:
        few = "the two scenarios do not differ" if not players else f"there are {len(players)} players"
        raise ValueError(f"a change is divided between 1 to {MOST_PLAYERS} players; {few}")
    return tuple(players)


def _given(differences: Mapping[str, Difference], given: Mapping[str, Iterable[str]]) -> list[Player]:
    players, taken = [], set()
    for title, names in given.items():
        names = (names,) if isinstance(names, str) else tuple(names)
        for name in names:
            if name not in differences:
                near = nearest(name, differences)
                hint = f"; did you mean {near!r}?" if near else ""
                raise ValueError(f"{title}: the two scenarios do not differ in {name!r}{hint}")
            if name in taken:
                raise ValueError(f"{title}: {name!r} stands in two groups")
            taken.add(name)
        if names:
            players.append(Player(title, _kind(differences, names), names))
    rest = tuple(name for name in differences if name not in taken)
    return [*players, Player(REST, _kind(differences, rest), rest)] if rest else players


def _kind(differences: Mapping[str, Difference], names: Iterable[str]) -> str:
    kinds = {differences[name].kind for name in names}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _group_of(name: str, kind: str) -> str:
    whole = catalogue()
    if kind == "lever":
        return f"{whole.levers[name].group} levers"
    return f"{PLURALS[kind]}: {whole.context[name].group}" if kind == "context" else PLURALS[kind]


def mixing(
    after: Task, before: Task, differences: Mapping[str, Difference], players: Iterable[Player]
) -> Callable[[int], Task]:
    """The function that makes the task of a coalition: that of the baseline but for the players whose bit is set."""
    parts = []
    for player in players:
        elements: dict[str, list[np.ndarray]] = {}
        for name in player.names:
            elements.setdefault(differences[name].field, []).append(differences[name].elements)
        parts.append({field: np.concatenate(some) for field, some in elements.items()})

    def task(coalition: int) -> Task:
        changed: dict[str, np.ndarray] = {}
        columns: list[int] = []
        for player, fields in enumerate(parts):
            if coalition >> player & 1:
                for field, elements in fields.items():
                    if field == "inputs":
                        columns += elements.tolist()
                        continue
                    if field not in changed:
                        changed[field] = getattr(before, field).copy()
                    changed[field][elements] = getattr(after, field)[elements]
        return dataclasses.replace(before, given=before.given.with_columns(after.given, columns), **changed)

    return task
