"""Equations -> machine code, cached on disk.

Equations become terms (`engine.codegen.terms`), terms a module of LLVM for one run or for four side by side
(`engine.codegen.program`), and that machine code (`engine.machine.loader`), made for so many origins and routes when a
corridor first needs it. It takes its numbers as arrays, so it serves every scenario, rival formula and
loop switch.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from pushpull.engine.codegen.layout import SINGLE, Cells, Form
from pushpull.engine.language.graph import Model
from pushpull.engine.language.indices import Extent
from pushpull.engine.language.rows import Layout
from pushpull.engine.stepping.halving import limits

if TYPE_CHECKING:
    from pushpull.engine.machine.loader import Machine

# A kernel is known by all that could shape it: every file of the engine and of the language it is written in.
ENGINE = Path(__file__).parent.parent


def kernel_text(model: Model, extent: Extent, lanes: int = SINGLE) -> tuple[str, dict]:
    """LLVM text of a model's kernel for an extent and so many runs side by side, and where its numbers stand."""
    from pushpull.engine.codegen.program import Program

    with _garbage_left():
        program = Program(model, Layout.of(model), Form(extent, lanes))
        return str(program.module), program.memory.description


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Look for no garbage meanwhile: a kernel is many small objects that all stay, and looking through them again and
    again takes a third of the time to write it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@dataclass(frozen=True)
class Kernel:
    """The compiled model. Each of its machines, for an extent and so many runs, is loaded when it is first needed; it
    `is_fused` if it may multiply and add with one rounding (`engine.machine.loader.compiled`)."""

    model: Model
    layout: Layout
    say: Callable[[str], None]
    is_fused: bool = True
    _machines: dict[tuple[Extent, int], Machine] = field(default_factory=dict)
    _limits: dict[tuple[Extent, int], tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def machine(self, extent: Extent, lanes: int = SINGLE) -> Machine:
        """The machine for an extent and so many runs side by side; made, and `say` told, where it is new."""
        from pushpull.engine.machine.loader import load_machine, processor

        with self._lock:
            if (extent, lanes) not in self._machines:
                made_of = f"{self.digest} {processor()} {extent} {lanes} {self.is_fused}"
                name = f"kernel_{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"

                def write() -> tuple[str, dict]:
                    return kernel_text(self.model, extent, lanes)

                self._machines[extent, lanes] = load_machine(name, write, self.say, self.is_fused)
            return self._machines[extent, lanes]

    def listing(self, extent: Extent, lanes: int = SINGLE) -> str:
        """What a kernel works out, as pseudo-code for people; compiles nothing."""
        from pushpull.engine.codegen.program import Program

        return Program(self.model, self.layout, Form(extent, lanes)).listing()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the equations and over what translates them."""
        texts = [path.read_bytes() for path in sorted(ENGINE.rglob("*.py"))]
        return hashlib.sha256(b"".join([self.structure.encode(), *texts])).hexdigest()

    @cached_property
    def structure(self) -> str:
        """The equations, where their numbers stand and which loops may be switched off, as a text to tell others by."""
        loops = [(loop.cause, loop.effect) for loop in self.model.loops.values()]
        return f"{self.model.digest} {self.layout} {loops}"

    @cached_property
    def balanced(self) -> tuple[bool, ...]:
        """Of every stock, whether it starts where its flows cancel."""
        return tuple(stock.declaration.balanced for stock in self.model.stocks)

    @cached_property
    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Of every stock, the level that is too low, and what is tolerated of an error beside a level of zero."""
        return limits((stock.unit, stock.declaration.signed) for stock in self.model.stocks)

    def limit_cells(self, machine: Cells) -> tuple[np.ndarray, np.ndarray]:
        """The same for the cells of a machine's levels; what only fills a vector has no limit."""
        key = (machine.extent, machine.lanes)
        if key not in self._limits:
            rows = machine.rows("levels")

            def cells(limit: np.ndarray, beyond: float) -> np.ndarray:
                each = np.full(machine.sizes["levels"], beyond)
                each[: len(rows) * machine.lanes] = np.repeat(limit[rows], machine.lanes)
                return each

            least, slack = self.limits
            self._limits[key] = cells(least, -np.inf), cells(slack, 1.0)
        return self._limits[key]

    def balanced_cells(self, machine: Cells) -> np.ndarray:
        """The cells of a machine's levels that belong to stocks that start balanced, in doubles."""
        rows = machine.rows("levels")
        return np.flatnonzero(np.array(self.balanced)[rows]) * machine.lanes


def load_kernel(model: Model, say: Callable[[str], None] | None = None, is_fused: bool = True) -> Kernel:
    """The kernel of a model; `say` is told when compiling lies ahead."""
    return Kernel(model, Layout.of(model), say or (lambda words: None), is_fused)
