"""The modules of the shipped corridors, compiled beforehand and kept in the package; `store_modules` writes them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from pushpull.engine.browser.browser_kernel import browser_module, structure_digest
from pushpull.engine.browser.wasm_module import BrowserModule, standalone
from pushpull.engine.machine.loader import ENTRIES
from pushpull.preparation import integrator, task_of
from pushpull.scenario import Scenario

FOLDER = Path(__file__).parent / "modules"
log = logging.getLogger(__name__)


def module_of(scenario: Scenario, lanes: int, say: Callable[[str], None] | None = None) -> BrowserModule:
    """The module for a scenario and so many runs side by side: as it is stored where the equations are those it was
    compiled of, else compiled here, of which `say` is told."""
    code = _read(stored_file(scenario, lanes))
    if code is not None:
        return standalone(code, ENTRIES)
    return browser_module(integrator().kernel, task_of(scenario).extent, lanes, say)


def stored_file(scenario: Scenario, lanes: int) -> Path:
    """Where its module is stored: a name that tells the extent, the lanes and what it is compiled of."""
    kernel, extent = integrator().kernel, task_of(scenario).extent
    sizes = "_".join(map(str, (*extent, lanes)))
    return FOLDER / f"{sizes}_{structure_digest(kernel, extent, lanes)[:16]}.xz"


def _read(file: Path) -> bytes | None:
    """The object code of a file; None where it is not there, or not whole."""
    try:
        import lzma  # which not every Python has
    except ImportError:
        return None
    try:
        return lzma.decompress(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, EOFError, lzma.LZMAError) as fault:
        log.warning("%s is not read, and the model compiled instead: %s", file, fault)
        return None
