"""Corridors loaded: found by their id, read from their folder, with the numbers of a fit where there are any."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import warnings
from collections.abc import Iterable
from pathlib import Path

from pushpull.catalogue import Catalogue
from pushpull.catalogue import catalogue as shipped_catalogue
from pushpull.files.bounded_cache import MEGABYTE, Bounded
from pushpull.files.faults import ScenarioFaults
from pushpull.files.tree import LARGEST_FILE, decode, parse, read_bytes
from pushpull.scenario.calibrated import CALIBRATED
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.corridor_reader import CorridorReader
from pushpull.scenario.fit_in_force import OutOfDateFit
from pushpull.scenario.fitted_numbers import DRAWS, PLAN, SERIES, with_calibrated, with_half_a_fit
from pushpull.scenario.forecast_errors import FILE as ERRORS
from pushpull.scenario.forecast_errors import read_forecast_errors
from pushpull.scenario.library import CORRIDOR_FILE, Refused, find_corridor
from pushpull.scenario.migrations import corridor_renewed
from pushpull.scenario.series import LARGEST_SERIES


def load_corridor(
    name: str,
    catalogue: Catalogue | None = None,
    folder: Path | None = None,
    shown_folder: str = "",
    homes: Iterable[Path] | None = None,
) -> Corridor:
    """The corridor of that id: beside a scenario in `folder`, in one of `homes` (the current folder and the user's
    place where none are given), or shipped.

    Raises ScenarioFaults where there is none, or more than one, or with every fault of its files.
    """
    try:
        path, shown = find_corridor(name, folder, shown_folder, homes)
    except Refused as refused:
        raise ScenarioFaults([refused.at(str(name))]) from None
    return corridor_in(path, shown, catalogue)


def corridor_in(folder: Path, shown: str = "", catalogue: Catalogue | None = None) -> Corridor:
    """The corridor whose files stand in a folder, which faults call `shown`; raises ScenarioFaults with every fault.

    A corridor whose files did not change is not read again.
    """
    folder, shown, catalogue = folder.resolve(), shown or str(folder), catalogue or shipped_catalogue()
    content = read_bytes(folder / CORRIDOR_FILE, os.path.join(shown, CORRIDOR_FILE))
    series = _content(folder / SERIES, os.path.join(shown, SERIES), LARGEST_SERIES)
    fitted = _content(folder / CALIBRATED, os.path.join(shown, CALIBRATED))
    errors = _content(folder / ERRORS, os.path.join(shown, ERRORS))
    parts = [content, series or b"", fitted or b"", *([errors] if errors is not None else [])]
    whole = b"".join(len(each).to_bytes(8, "big") + each for each in parts)
    digest = hashlib.sha256(whole).hexdigest()
    plan = read_bytes(folder / PLAN, os.path.join(shown, PLAN)) if fitted and (folder / PLAN).exists() else b""
    drawn = os.path.lexists(folder / DRAWS)
    key = (str(folder), shown, digest, plan, drawn, id(catalogue))
    held = _LOADED.get(key)
    if held is not None:
        return held[0]
    corridor = _read(folder, shown, catalogue, content, series, digest)
    if fitted is not None:
        corridor = with_calibrated(corridor, fitted, os.path.join(shown, CALIBRATED), catalogue)
    elif drawn:
        corridor = with_half_a_fit(corridor)
    if errors is not None:
        own = read_forecast_errors(errors, os.path.join(shown, ERRORS), tuple(corridor.origins))
        corridor = dataclasses.replace(corridor, forecast_errors=own)
    if corridor.out_of_date:
        warnings.warn(corridor.out_of_date, OutOfDateFit, stacklevel=2)
    return _LOADED.put(key, (corridor, catalogue, len(whole)))[0]


def _content(path: Path, shown: str, largest: int = LARGEST_FILE) -> bytes | None:
    """The bytes of a file; None where there is none."""
    return read_bytes(path, shown, largest) if os.path.lexists(path) else None


def _read(
    folder: Path, shown: str, catalogue: Catalogue, content: bytes, series: bytes | None, digest: str
) -> Corridor:
    """A corridor with its own numbers, out of the content of its files."""
    file = os.path.join(shown, CORRIDOR_FILE)
    node, faults = parse(decode(content, file), file)
    node, notes = corridor_renewed(node, file)
    corridor = CorridorReader(file, faults, catalogue).read(node, folder, digest, series, os.path.join(shown, SERIES))
    if faults or corridor is None:
        raise ScenarioFaults(faults)
    return dataclasses.replace(corridor, remarks=tuple(notes))


IN_MEMORY = 20  # times the bytes of its files: what a corridor takes when it is loaded
# Corridors, each with its catalogue, whose id is a part of the key and so stays its own, and the bytes of its files.
_LOADED: Bounded[tuple[Corridor, Catalogue, int]] = Bounded(
    "corridors", 64 * MEGABYTE, lambda held: IN_MEMORY * held[2]
)
