"""Changes to the files of a corridor: made in the text, so that comments stay, and only where it can be read after."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from pushpull.files.atomic import write_whole
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.files.tree import decode, parse, read_bytes
from pushpull.own_corridor.corridor_numbers import Number
from pushpull.scenario import Scenario
from pushpull.scenario.corridor_reader import CorridorReader
from pushpull.scenario.library import CORRIDOR_FILE
from pushpull.scenario.migrations import corridor_renewed
from pushpull.scenario.series import LARGEST_SERIES
from pushpull.wording.phrases import Phrase

SERIES = "series.csv"
_VALUE = r"(?P<value>\{[^}#\n]*\}|[^{}#\s][^{}#\n]*?)(?= *(?:#|$))"  # and no more of its line, but for a comment
_BLOCK = re.compile(r"^parameters:[ \t]*(?:#.*)?$\n", re.MULTILINE)


def in_yaml(number: Number) -> str:
    """A number of a corridor as its file writes it."""
    if isinstance(number, Mapping):
        return "{" + ", ".join(f"{key}: {value:.12g}" for key, value in number.items()) + "}"
    return f"{number:.12g}"


def write_numbers(scenario: Scenario, shown: str, numbers: Mapping[str, Number]) -> Path:
    """Put parameters into `corridor.yaml` in the place of those that stand there on one line, or as new lines; the
    file.

    Raises ScenarioFaults, and writes nothing, where one stands otherwise, or the corridor could not be read after.
    """
    folder = scenario.corridor.folder
    path, file = folder / CORRIDOR_FILE, os.path.join(shown, CORRIDOR_FILE)
    text = decode(read_bytes(path, file), file)
    for name, number in numbers.items():
        found = list(re.finditer(rf"^  {name}: +{_VALUE}", text, re.MULTILINE))
        block = _BLOCK.search(text)
        if len(found) == 1:
            start, end = found[0].span("value")
            text = text[:start] + in_yaml(number) + text[end:]
        elif not re.search(rf"^ *{name}:", text, re.MULTILINE) and block:
            text = text[: block.end()] + f"  {name}: {in_yaml(number)}\n" + text[block.end() :]
        else:
            what = Phrase("{name} does not stand on one line of its own", name=name)
            raise ScenarioFaults([Fault(file, None, what, Phrase("to write it by hand"))])
    refuse_faulty(folder, shown, scenario, corridor=text)
    return write_whole(path, text)


def refuse_faulty(
    folder: Path, shown: str, scenario: Scenario, corridor: str | None = None, series: str | None = None
) -> None:
    """Raise ScenarioFaults where a corridor could not be read with other content of one of its files."""
    file, series_file = os.path.join(shown, CORRIDOR_FILE), os.path.join(shown, SERIES)
    content = corridor.encode() if corridor is not None else read_bytes(folder / CORRIDOR_FILE, file)
    recorded = series.encode() if series is not None else None
    if recorded is None and (folder / SERIES).exists():
        recorded = read_bytes(folder / SERIES, series_file, LARGEST_SERIES)
    node, faults = parse(decode(content, file), file)
    node, _ = corridor_renewed(node, file)
    CorridorReader(file, faults, scenario.catalogue).read(node, folder, "", recorded, series_file)
    if faults:
        raise ScenarioFaults(faults)
