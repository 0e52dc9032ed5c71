"""Where scenarios, policy packages and corridors are found."""

from __future__ import annotations

import os
import re
from importlib import resources
from pathlib import Path

from .faults import Fault, ScenarioFaults, listed, nearest, quote

CORRIDOR_ID = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")


def shipped_folder() -> Path:
    """The folder of the scenarios that come with the package."""
    return Path(str(resources.files("scenarios")))


def scenario_names() -> list[str]:
    """The names of the shipped scenarios."""
    return sorted(path.stem for path in shipped_folder().glob("*.yaml"))


def policy_names() -> list[str]:
    """The names of the shipped policy packages."""
    return sorted(path.stem for path in (shipped_folder() / "policies").glob("*.yaml"))


def corridor_names(folder: Path | None = None) -> list[str]:
    """The ids of the shipped corridors and of those beside a scenario file."""
    folders = [shipped_folder()] + ([folder] if folder is not None else [])
    found = {path.parent.name for each in folders for path in (each / "corridors").glob("*/corridor.yaml")}
    return sorted(found)


def find(name: str | os.PathLike, kind: str = "scenario") -> tuple[Path, str]:
    """The file that a path or a shipped name means, and how to show it; `kind` is scenario or policy."""
    text = os.fspath(name)
    if not text or "\0" in text:
        raise ScenarioFaults([Fault(quote(text), None, "the name is not a path")])
    folder = shipped_folder() if kind == "scenario" else shipped_folder() / "policies"
    names = scenario_names() if kind == "scenario" else policy_names()
    path = Path(text)
    if text in names and not path.is_file():
        file = folder / f"{text}.yaml"
        return file, f"scenarios/{file.relative_to(shipped_folder()).as_posix()}"
    if path.suffix not in (".yaml", ".yml") and not path.exists():
        word = "scenario" if kind == "scenario" else "policy package"
        many = f"a path or a name of `pushpull list {'scenarios' if kind == 'scenario' else 'policies'}`"
        what = f"there is no {word} {quote(text)}"
        raise ScenarioFaults([Fault(text, None, what, listed(names, many), nearest(text, names))])
    return path, text


def find_extended(target: str, folder: Path | None, shown_folder: str) -> tuple[Path, str]:
    """The file that `extends` names: inside the folder of the file that says it, or a shipped scenario."""
    if target in scenario_names() and not (folder and (folder / target).exists()):
        return find_shipped(target)
    allowed = "a file inside the folder of this file, or a shipped scenario"
    if folder is None:
        raise Refused(f"extends names {quote(target)}", listed(scenario_names()), nearest(target, scenario_names()))
    relative = Path(target)
    if "\0" in target or relative.is_absolute() or ".." in relative.parts or target.startswith("~"):
        raise Refused(f"extends leaves the scenario folder: {quote(target)}", allowed)
    path = folder / relative
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        inside = False
    if not inside:
        raise Refused(f"extends leaves the scenario folder: {quote(target)}", allowed)
    if not path.exists():
        beside = sorted(each.name for each in folder.glob("*.yaml"))
        raise Refused(f"extends names no file: {quote(target)}", allowed, nearest(target, beside + scenario_names()))
    return path, os.path.join(shown_folder, target)


def find_shipped(name: str) -> tuple[Path, str]:
    """The file of a shipped scenario."""
    return shipped_folder() / f"{name}.yaml", f"scenarios/{name}.yaml"


def find_corridor(name: str, folder: Path | None, shown_folder: str) -> tuple[Path, str]:
    """The folder of a corridor: beside the scenario file, or shipped; and how to show it."""
    names = corridor_names(folder)
    if not CORRIDOR_ID.match(name):
        raise Refused(f"the corridor {quote(name)} is no corridor id", listed(names), nearest(name, names))
    places = [(shipped_folder(), "scenarios")]
    if folder is not None:
        places.insert(0, (folder, shown_folder))
    for home, shown in places:
        path = home / "corridors" / name
        if os.path.lexists(path / "corridor.yaml"):
            for file in (path / "corridor.yaml", path / "series.csv"):
                if not file.resolve().is_relative_to(home.resolve()):
                    raise Refused(f"the corridor {quote(name)} lies outside the scenario folder", listed(names))
            return path, os.path.join(shown, "corridors", name)
    raise Refused(f"there is no corridor {quote(name)}", listed(names), nearest(name, names))


class Refused(Exception):
    """A name that leads nowhere; the reader adds file and line."""

    def __init__(self, what: str, allowed: str = "", did_you_mean: str = ""):
        super().__init__(what)
        self.what, self.allowed, self.did_you_mean = what, allowed, did_you_mean

    def at(self, file: str, line: int | None = None) -> Fault:
        """The fault, in its place."""
        return Fault(file, line, self.what, self.allowed, self.did_you_mean)
