"""The folder that a corridor of one's own begins with, made from templates; it runs at once, on placeholders."""

from __future__ import annotations

import datetime
import math
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path

from pushpull.files.atomic import write_new
from pushpull.files.faults import Fault, ScenarioFaults, listed, quote
from pushpull.files.reader import EARLIEST, LATEST
from pushpull.scenario.corridor_reader import MOST_ORIGINS, MOST_ROUTES, RESERVED
from pushpull.scenario.library import CORRIDOR_FILE, CORRIDOR_ID, FOLDER, scenario_names, users_folder
from pushpull.wording.phrases import Phrase
from pushpull.wording.templates import render

TEMPLATES = Path(__file__).with_name("templates")
FILES = {
    "series.csv": "series.csv.j2",
    "SOURCES.md": "sources.md.j2",
    "calibration.yaml": "calibration.yaml.j2",
    CORRIDOR_FILE: "corridor.yaml.j2",  # last, as it makes the folder a corridor
}
ROUTES, ORIGINS, FIRST, LAST = ("west", "east"), ("near", "far"), 2010, 2045
SHORTEST = 2.0  # years
_WIDTH = 116
_NAME = re.compile(r"^  (\w+): ", re.MULTILINE)


def new_corridor(
    name: str,
    routes: Sequence[str] = ROUTES,
    origins: Sequence[str] = ORIGINS,
    start: int = FIRST,
    end: int = LAST,
    title: str = "",
    place: Path | None = None,
) -> Path:
    """Make `corridors/NAME` with its files in a folder, the user's place if none is named; the folder of the corridor.

    Raises:
        ScenarioFaults: with every fault of what is asked for, or where such a corridor is there.
        NotWritten: a file cannot be written.
    """
    faults = [*_name_faults(name), *_ids_faults("--routes", routes, MOST_ROUTES),
              *_ids_faults("--origins", origins, MOST_ORIGINS), *_horizon_faults(start, end)]  # fmt: skip
    faults += [
        Fault("--origins", None, Phrase("{name} is a route, too", name=quote(each)), Phrase("another name"))
        for each in origins
        if each in routes
    ]
    home = place or users_folder()
    if home is None:
        what = Phrase("no folder for corridors of one's own: {variable} says off", variable=FOLDER)
        faults.append(Fault("new", None, what, Phrase("--in FOLDER")))
    elif not faults and (home / "corridors" / name).exists():
        what = Phrase("{folder} is there already, and stays as it is", folder=str(home / "corridors" / name))
        faults.append(Fault(quote(name), None, what, Phrase("another name, or --in another folder")))
    if faults or home is None:
        raise ScenarioFaults(faults)
    folder = home / "corridors" / name
    folder.mkdir(parents=True)
    for file, text in texts(name, routes, origins, start, end, title).items():
        write_new(folder, iter([file]), text)
    return folder


def texts(
    name: str, routes: Sequence[str], origins: Sequence[str], start: int, end: int, title: str = ""
) -> dict[str, str]:
    """The files of a new corridor, by their names."""
    values = {
        "id": name,
        "title": title or titled(name),
        "routes": routes,
        "origins": origins,
        "start": start,
        "end": end,
        "policy_start": _policy_start(start, end),
        "until": _policy_start(start, end),
        "titled": titled,
        "even": even,
        "by_route": lambda value: _each(routes, [value] * len(routes)),
        "by_origin": lambda value: _each(origins, [value] * len(origins)),
        "by_origin_part": lambda whole: _each(origins, [str(whole // len(origins))] * len(origins)),
    }
    bare = render(TEMPLATES, FILES[CORRIDOR_FILE], **values, placeholders="")
    settings = bare[bare.index("\npolicies:") : bare.index("\n# What is on record")]
    names = textwrap.fill(", ".join(_NAME.findall(settings)), _WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    return {file: render(TEMPLATES, template, **values, placeholders=names) for file, template in FILES.items()}


def titled(name: str) -> str:
    """A title out of an id: `western_balkans` is Western balkans."""
    return name.replace("_", " ").capitalize()


def even(names: Sequence[str]) -> str:
    """Even shares of a whole, to four decimals, that add up to one."""
    part = math.floor(1e4 / len(names)) / 1e4
    first = round(1 - part * (len(names) - 1), 4)
    return _each(names, [f"{each:g}" for each in (first, *[part] * (len(names) - 1))])


def _each(names: Sequence[str], values: Sequence[str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True)) + "}"


def _policy_start(start: int, end: int) -> int:
    """Next year; where the run does not reach so far, half of its way, so that it has a past and a future."""
    next_year = datetime.date.today().year + 1
    return next_year if start < next_year < end else start + max(1, (end - start) // 2)


def _name_faults(name: str) -> list[Fault]:
    if not CORRIDOR_ID.match(name):
        what = Phrase("{name} cannot name a corridor", name=quote(name))
        return [Fault("new", None, what, Phrase("lower-case words joined by _"), _as_id(name))]
    if name in scenario_names():
        what = Phrase("{name} is the name of a shipped corridor", name=quote(name))
        return [Fault("new", None, what, Phrase("another name"))]
    return []


def _ids_faults(option: str, names: Sequence[str], most: int) -> list[Fault]:
    faults = []
    if not 1 <= len(names) <= most:
        what = Phrase("{count} names are given", count=len(names))
        faults.append(Fault(option, None, what, Phrase("from 1 to {most}, with commas between them", most=most)))
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            what = Phrase("{name} is given twice", name=quote(name))
            faults.append(Fault(option, None, what, Phrase("each name once")))
        elif name in RESERVED or name == "all":
            what = Phrase("{name} is a word of these files", name=quote(name))
            faults.append(Fault(option, None, what, Phrase("another name")))
        elif not CORRIDOR_ID.match(name):
            what = Phrase("{name} cannot be a name here", name=quote(name))
            faults.append(Fault(option, None, what, Phrase("lower-case words joined by _"), _as_id(name)))
    return faults


def _as_id(name: str) -> str:
    made = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return made if CORRIDOR_ID.match(made) and made not in RESERVED else ""


def _horizon_faults(start: int, end: int) -> list[Fault]:
    if EARLIEST <= start and end <= LATEST and end - start >= SHORTEST:
        return []
    what = Phrase("the years are {start:g} to {end:g}", start=start, end=end)
    allowed = Phrase("from {earliest} to {latest}, two years apart or more", earliest=EARLIEST, latest=LATEST)
    return [Fault(listed(("--from", "--to")), None, what, allowed)]
