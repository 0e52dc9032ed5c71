"""Where scenarios, policy packages and corridors are found."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from importlib import resources
from itertools import islice
from pathlib import Path, PurePath

import platformdirs

from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.paths import as_argument, leads_out, shown, without_last_separator
from pushpull.wording.phrases import Phrase

FOLDER = "PUSHPULL_SCENARIOS"
OFF = "off"
CORRIDOR_FILE = "corridor.yaml"
FILES = (
    CORRIDOR_FILE,
    "series.csv",
    "SOURCES.md",
    "calibration.yaml",
    "calibrated.yaml",
    "posterior.nc",
    "forecast_errors.yaml",
)
NO_YAML = (".csv", ".htm", ".html", ".ipynb", ".md", ".nc", ".pdf", ".py", ".xlsx", ".zarr", ".zip")
VENSIM_MODEL, XMILE_MODEL = Phrase("a model of Vensim"), Phrase("a model in XMILE")
OTHERS_MODELS: dict[str, Phrase] = {
    **dict.fromkeys((".mdl", ".vmf", ".vmfx", ".vpm", ".vpmx"), VENSIM_MODEL),
    **dict.fromkeys((".xmile", ".stmx", ".itmx", ".stm", ".xml"), XMILE_MODEL),
}
VENSIM_HEAD = re.compile(rb"\A(\xef\xbb\xbf)?\{UTF-8\}\s")
MOST_FOLDERS = 500  # that are looked through for corridors
CORRIDOR_ID = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")


def shipped_folder() -> Path:
    """The folder of the scenarios that come with the package."""
    return Path(str(resources.files("pushpull.scenarios")))


def scenario_names() -> list[str]:
    """The names of the shipped scenarios."""
    return sorted(path.stem for path in shipped_folder().glob("*.yaml"))


def policy_names() -> list[str]:
    """The names of the shipped policy packages."""
    return sorted(path.stem for path in (shipped_folder() / "policies").glob("*.yaml"))


def corridor_names(folder: Path | None = None) -> list[str]:
    """The ids of the shipped corridors and of those beside a scenario file."""
    folders = [shipped_folder()] + ([folder] if folder is not None else [])
    return sorted({name for each in folders for name in corridors_in(each)})


def corridors_in(folder: Path) -> list[str]:
    """The ids of the corridors that a folder holds under `corridors/`."""
    try:
        with os.scandir(folder / "corridors") as entries:
            names = [each.name for each in islice(entries, MOST_FOLDERS)]
    except OSError:  # there is no such folder, or it is not to be read: then it holds none
        return []
    return sorted(
        name for name in names if CORRIDOR_ID.match(name) and (folder / "corridors" / name / CORRIDOR_FILE).is_file()
    )


def users_folder() -> Path | None:
    """The user's place for scenarios and corridors: the folder that PUSHPULL_SCENARIOS names, else one among the
    user's documents; None where it says "off"."""
    named = os.environ.get(FOLDER, "")
    if named == OFF:
        return None
    return Path(named) if named else Path(platformdirs.user_documents_dir()) / "Pushpull"


def own_homes() -> tuple[Path, ...]:
    """Where corridors of one's own are looked for, beside the folder of a scenario: the current folder, and the user's
    place."""
    place = users_folder()
    return (Path(), *([place] if place is not None else []))


def corridor_folders(folder: Path | None = None) -> list[Path]:
    """The folders of all corridors: shipped, beside a scenario file, and one's own."""
    homes = [shipped_folder(), *([folder] if folder is not None else []), *own_homes()]
    folders = {(home / "corridors" / name).resolve(): None for home in homes for name in corridors_in(home)}
    return sorted(folders)


def find(name: str | os.PathLike, kind: str = "scenario") -> tuple[Path, str]:
    """The file that a path or a shipped name means, and how to show it; `kind` is scenario or policy."""
    text = os.fspath(name)
    if not text or "\0" in text:
        raise ScenarioFaults([Fault(quote(text), None, Phrase("the name is not a path"))])
    folder = shipped_folder() if kind == "scenario" else shipped_folder() / "policies"
    names = scenario_names() if kind == "scenario" else policy_names()
    own = sorted({each for home in own_homes() for each in corridors_in(home)}) if kind == "scenario" else []
    path = Path(text)
    if text in names and not path.is_file():
        file = folder / f"{text}.yaml"
        return file, f"scenarios/{file.relative_to(shipped_folder()).as_posix()}"
    refuse_others_models(path, text)
    word = Phrase("scenario") if kind == "scenario" else Phrase("policy package")
    if path.suffix.lower() in NO_YAML and path.exists():
        raise ScenarioFaults(
            [
                Fault(
                    text,
                    None,
                    Phrase("a {suffix} file is no {word}", suffix=path.suffix, word=word),
                    Phrase("a file that ends in .yaml"),
                )
            ]
        )
    if path.suffix not in (".yaml", ".yml") and not path.exists():
        many = Phrase(
            "a path or a name of `pushpull list {value}`", value="scenarios" if kind == "scenario" else "policies"
        )
        what = Phrase("there is no {word} {text}", word=word, text=quote(text))
        guess = f"{text}.yaml" if Path(f"{text}.yaml").is_file() else nearest(text, [*names, *own])
        raise ScenarioFaults([Fault(text, None, what, listed([*names, *own], many), guess)])
    return path, text


def refuse_others_models(path: Path, shown_as: str) -> None:
    """Raise ScenarioFaults for a model of another program (Vensim, Stella), by its ending, or by how it begins."""
    others = OTHERS_MODELS.get(path.suffix.lower())
    if not path.is_file():
        return
    if others is None or path.suffix.lower() == ".xml":
        head = _beginning(path)
        if b"<xmile" in head:
            others = XMILE_MODEL
        elif path.suffix.lower() != ".xml" and VENSIM_HEAD.search(head):
            others = VENSIM_MODEL
        elif path.suffix.lower() == ".xml":
            others = Phrase("an XML file")
    if others is not None:
        remedy = Phrase("`pushpull export xmile SCENARIO` writes XMILE, and nothing here reads it")
        what = Phrase("this is {others}; Pushpull runs its own model and reads no other", others=others)
        allowed = Phrase("a scenario of it, a file that ends in .yaml")
        raise ScenarioFaults([Fault(shown_as, None, what, allowed, remedy=remedy)])


def _beginning(path: Path) -> bytes:
    """The first part of a file; nothing where it cannot be read, which whoever reads it next tells."""
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError:
        return b""


def find_extended(target: str, folder: Path | None, shown_folder: str) -> tuple[Path, str]:
    """The file that `extends` names: inside the folder of the file that says it, or a shipped scenario."""
    if target in scenario_names() and not (folder and (folder / target).exists()):
        return find_shipped(target)
    allowed = Phrase("a file inside the folder of this file, or a shipped scenario")
    if folder is None:
        raise Refused(
            Phrase("extends names {target}", target=quote(target)),
            listed(scenario_names()),
            nearest(target, scenario_names()),
        )
    if "\0" in target or leads_out(PurePath(target)) or target.startswith("~"):
        raise Refused(Phrase("extends leaves the scenario folder: {target}", target=quote(target)), allowed)
    path = folder / target
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        inside = False
    if not inside:
        raise Refused(Phrase("extends leaves the scenario folder: {target}", target=quote(target)), allowed)
    if not path.exists():
        beside = sorted(each.name for each in folder.glob("*.yaml"))
        if target in corridors_in(folder) or any(target in corridors_in(home) for home in own_homes()):
            raise Refused(
                Phrase("extends names a corridor: {target}", target=quote(target)),
                Phrase("corridor: {target} in the place of extends", target=target),
            )
        raise Refused(
            Phrase("extends names no file: {target}", target=quote(target)),
            allowed,
            nearest(target, beside + scenario_names()),
        )
    return path, os.path.join(shown_folder, target)


def find_shipped(name: str) -> tuple[Path, str]:
    """The file of a shipped scenario."""
    return shipped_folder() / f"{name}.yaml", f"scenarios/{name}.yaml"


def find_corridor(
    name: str, folder: Path | None, shown_folder: str, homes: Iterable[Path] | None = None
) -> tuple[Path, str]:
    """The folder of a corridor, and how to show it; raises Refused.

    It is the one beside the scenario file in `folder`; else the one in a folder of `homes` (those of `own_homes` where
    none are given) or the shipped one, and two that differ in where they lie are refused.
    """
    homes = own_homes() if homes is None else tuple(homes)
    names = sorted({*corridor_names(folder), *(each for home in homes for each in corridors_in(home))})
    if not CORRIDOR_ID.match(name):
        raise Refused(
            Phrase("the corridor {name} is no corridor id", name=quote(name)),
            listed(names),
            nearest(id_in(name), names),
        )
    if folder is not None and os.path.lexists(folder / "corridors" / name / CORRIDOR_FILE):
        return inside(folder, name), os.path.join(shown_folder, "corridors", name)
    places: dict[Path, tuple[Path, str]] = {}
    for home, called in (*((home, str(home)) for home in homes), (shipped_folder(), "scenarios")):
        if os.path.lexists(home / "corridors" / name / CORRIDOR_FILE):
            path = inside(home, name)
            places.setdefault(path.resolve(), (path, os.path.normpath(os.path.join(called, "corridors", name))))
    if len(places) > 1:
        message = Phrase(
            "there are {count} corridors {name}: {value}",
            count=len(places),
            name=quote(name),
            value=listed(called for _, called in places.values()),
        )
        raise Refused(message, Phrase("the path of one of them, or another id for one's own"))
    if not places:
        raise Refused(
            Phrase("there is no corridor {name}", name=quote(name)), _where_it_may_be(names, name), nearest(name, names)
        )
    return next(iter(places.values()))


def id_in(text: str, flavour: type[PurePath] = PurePath) -> str:
    """The id that stands in a path of a corridor: the name of its folder."""
    path = flavour(text)
    return path.parent.name if path.name == CORRIDOR_FILE else path.name


def _where_it_may_be(names: list[str], name: str) -> str:
    """The corridors there are, and where one's own are looked for."""
    return Phrase(
        "{names}; or one's own as corridors/{name}/{corridor_file} beside the scenario",
        names=listed(names),
        name=name,
        corridor_file=CORRIDOR_FILE,
    )


def inside(home: Path, name: str) -> Path:
    """The folder of a corridor, whose files lie inside the folder it is found in; raises Refused."""
    path = home / "corridors" / name
    for file in (path / each for each in FILES):
        if not file.resolve().is_relative_to(home.resolve()):
            raise Refused(
                Phrase("the corridor {name} lies outside the scenario folder", name=quote(name)),
                Phrase("files inside it"),
            )
    return path


def corridor_at(name: str | os.PathLike) -> tuple[Path, str] | None:
    """The folder of the corridor that a path (of its folder or its file) or an id means, and how to show it; None
    where a name means something else. Raises Refused where an id means two."""
    text = os.fspath(name)
    if not text or "\0" in text:
        return None
    path = Path(text)
    if path.name == CORRIDOR_FILE and path.is_file():
        return path.parent, os.path.dirname(text) or "."
    if (path / CORRIDOR_FILE).is_file():
        return path, without_last_separator(text)
    if not CORRIDOR_ID.match(text) or text in scenario_names() or path.is_file():
        return None
    own = {each for home in own_homes() for each in corridors_in(home)}
    return find_corridor(text, None, "") if text in {*own, *corridor_names()} else None


def place_of(folder: Path) -> str:
    """How a command names the corridor of a folder: by its id where that finds it, else by its path, quoted."""
    home = folder.resolve()
    try:
        corridor = corridor_at(folder.name)
    except Refused:
        corridor = None
    is_by_id = home.is_relative_to(shipped_folder().resolve()) or (
        corridor is not None and corridor[0].resolve() == home
    )
    return folder.name if is_by_id else as_argument(shown(folder))


def renewal(folder: Path) -> str:
    """The command that fits the corridor of a folder anew, as a person types it."""
    whose = f"--corridor {place_of(folder)} " if (folder / CORRIDOR_FILE).is_file() else ""
    return f"`pushpull fit {whose}--again`"


class Refused(Exception):
    """A name that leads nowhere; the reader adds file and line."""

    def __init__(self, what: str, allowed: str = "", did_you_mean: str = ""):
        super().__init__(what)
        self.what, self.allowed, self.did_you_mean = what, allowed, did_you_mean

    def at(self, file: str, line: int | None = None) -> Fault:
        """The fault, in its place."""
        return Fault(file, line, self.what, self.allowed, self.did_you_mean)
