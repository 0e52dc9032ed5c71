"""The corridors a page may open: those that are shipped, and one's own where the folder holds any."""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.shipped import shipped
from pushpull.scenario import (
    Fault,
    Scenario,
    ScenarioFaults,
    corridor_summary,
    heading,
    load_corridor,
    scenario_names,
)
from pushpull.scenario.library import CORRIDOR_FILE, FOLDER, Refused, corridors_in, inside
from pushpull.scenario.summary import is_thin
from pushpull.wording.phrases import Phrase

MOST_OWN = 20
MOST_TITLES = 200
LONGEST_TITLE = 100
_MARKUP = re.compile(r"<\s*[A-Za-z/!?]|&#|javascript:", re.IGNORECASE)
_TITLES: OrderedDict[tuple, str] = OrderedDict()

Homes = tuple[Path, ...]


def homes(folder: Path | None) -> Homes:
    """Where a page looks for corridors of its user's own: the user's folder, and the current one where no folder is
    named, as then the server is that of one user. Nowhere where scenarios are kept nowhere."""
    if folder is None:
        return ()
    return (folder,) if os.environ.get(FOLDER) else (folder, Path())


def own_names(places: Homes) -> list[str]:
    """The ids of one's own corridors, the first 20 by name; that of a shipped one always means the shipped one."""
    return sorted(_files(places))[:MOST_OWN]


def own(places: Homes) -> list[tuple[str, str]]:
    """Ids and titles of one's own corridors; the id stands where a title cannot be read."""
    files = _files(places)
    return [(name, _title(name, *files[name])) for name in sorted(files)[:MOST_OWN]]


def _files(places: Homes) -> dict[str, tuple[Path, Path]]:
    """The file of each of one's own corridors, and the home that holds it."""
    known = set(scenario_names())
    return {
        name: (home / "corridors" / name / CORRIDOR_FILE, home)
        for home in reversed(places)
        for name in corridors_in(home)
        if name not in known
    }


def _title(name: str, file: Path, home: Path) -> str:
    """The title in a corridor's file, read once for each time the file was written; this is asked at each move."""
    try:
        stamp = file.stat()
    except OSError:
        return name
    key = (str(file.absolute()), stamp.st_mtime_ns, stamp.st_size)
    title = _TITLES.get(key)
    if title is None:
        try:
            inside(home, name)
            title = heading(file).title
        except (Refused, ScenarioFaults):  # what is wrong with it is said when it is opened
            title = name
        while len(_TITLES) >= MOST_TITLES:
            _TITLES.popitem(last=False)
        _TITLES[key] = title
    return name if not title or _MARKUP.search(title) else title[:LONGEST_TITLE]


def plain(name: str, places: Homes) -> Scenario:
    """The scenario that a page opens for a corridor, shipped or one's own, as it stands today.

    Raises KeyError where there is none of that name, ScenarioFaults where its files have faults.
    """
    if name in scenario_names():
        return shipped(name)
    if name not in own_names(places):
        raise KeyError(name)
    scenario = Scenario.of_corridor(load_corridor(name, homes=places))
    refuse_markup(scenario)
    return scenario


def plain_of(scenario: Scenario) -> tuple[str, Scenario]:
    """The name and the plain scenario of the corridor of a scenario."""
    for name in scenario_names():
        if shipped(name).corridor == scenario.corridor:
            return name, shipped(name)
    return scenario.corridor.id, Scenario.of_corridor(scenario.corridor)


def is_shipped(scenario: Scenario) -> bool:
    """Whether a scenario is of a corridor that comes with Pushpull."""
    return any(shipped(name).corridor == scenario.corridor for name in scenario_names())


def told(scenario: Scenario, words: Language) -> list[str]:
    """What is to be told of one's own corridor as it opens: that numbers of it are placeholders, that most are
    defaults, and what its files say as an earlier version did."""
    corridor, known = scenario.corridor, scenario.catalogue
    if is_shipped(scenario):
        return []
    lines = []
    if corridor.placeholders:
        lines.append(words.say("notices.placeholders", count=len(corridor.placeholders)))
    if is_thin(corridor, known):
        fixed = corridor_summary(corridor, known).fixed
        lines.append(words.say("notices.thin", given=fixed.given, count=fixed.count))
    return lines + words.faults(corridor.remarks)


def holds_markup(text: str) -> bool:
    """Whether a browser could take a text for markup."""
    return _MARKUP.search(text) is not None


def refuse_markup(scenario: Scenario) -> None:
    """Raise ScenarioFaults where a text of a scenario or of its own corridor holds markup: all are plain text."""
    faults = [
        Fault(place, None, Phrase("{word} holds markup", word=word), Phrase("plain text"))
        for place, word, text in _texts(scenario)
        if _MARKUP.search(text)
    ]
    if faults:
        raise ScenarioFaults(faults)


def _texts(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """The texts of a scenario that a page may show, each with where it stands and what it is."""
    yield Phrase("the scenario"), "title", scenario.title
    yield Phrase("the scenario"), "question", scenario.question
    if is_shipped(scenario):
        return
    corridor, place = scenario.corridor, f"corridors/{scenario.corridor.id}"
    for word in ("title", "question", "description"):
        yield place, Phrase("{word} of the corridor", word=word), getattr(corridor, word)
    for route in corridor.routes.values():
        yield place, Phrase("title of the route {route}", route=route.id), route.title
        yield place, Phrase("note of the route {route}", route=route.id), route.note
    for name, note in corridor.notes.items():
        yield place, Phrase("note on {name}", name=name), note
    for outcome, records in corridor.recorded.items():
        for record in records:
            yield place, Phrase("title of a record of {outcome}", outcome=outcome), record.title
            yield place, Phrase("unit of a record of {outcome}", outcome=outcome), record.unit
    for source in corridor.sources:
        yield place, Phrase("name of a source"), source
