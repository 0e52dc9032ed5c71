"""`python -m pushpull.dashboard.pocket.store_modules` (`make modules`): compile the modules of the shipped corridors,
and store them in the package."""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

from pushpull.dashboard.pocket.packed_numbers import LANES
from pushpull.dashboard.pocket.pocket_file import CORRIDORS
from pushpull.dashboard.pocket.stored_modules import FOLDER, stored_file
from pushpull.engine.browser.browser_kernel import object_code
from pushpull.files.atomic import write_whole
from pushpull.preparation import integrator, task_of
from pushpull.scenario import Scenario


def wanted() -> dict[Path, tuple[str, int]]:
    """The files that are to be stored now, each with its corridor and the runs side by side."""
    scenarios = {name: Scenario.load(name) for name in CORRIDORS}
    return {stored_file(scenario, lanes): (name, lanes) for name, scenario in scenarios.items() for lanes in LANES}


def store(folder: Path = FOLDER) -> None:
    """Store what is wanted and not there yet, and remove what is wanted no longer."""
    folder.mkdir(exist_ok=True)
    files = wanted()
    for file, (name, lanes) in files.items():
        if (folder / file.name).exists():
            continue
        print(f"compiling {name}, {lanes} at a time", file=sys.stderr, flush=True)
        code = object_code(integrator().kernel, task_of(Scenario.load(name)).extent, lanes)
        write_whole(folder / file.name, lzma.compress(code, preset=9 | lzma.PRESET_EXTREME))
    for file in folder.glob("*.xz"):
        if file.name not in {each.name for each in files}:
            file.unlink()


if __name__ == "__main__":
    store()
