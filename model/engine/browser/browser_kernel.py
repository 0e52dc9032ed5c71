"""The kernel of a model as WebAssembly: the same text, for another processor."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path

import llvmlite.binding as llvm

from pushpull.engine.browser.wasm_module import BrowserModule, standalone
from pushpull.engine.language.indices import Extent
from pushpull.engine.machine.kernels import ENGINE, Kernel, kernel_text
from pushpull.engine.machine.loader import ENTRIES, OPTIMISATION, compiler
from pushpull.files.disk_cache import read_entry, write_entry

TARGET = "wasm32-unknown-unknown"
FEATURES = "+simd128,+bulk-memory"  # in every browser since 2021 (Safari: since 2023)
SHAPED_BY = ("codegen", "language", "stepping")  # the folders of the engine that decide what a kernel's text says


def browser_module(
    kernel: Kernel, extent: Extent, lanes: int, say: Callable[[str], None] | None = None
) -> BrowserModule:
    """The module for a corridor of that extent and so many runs side by side, from the cache where it was made before;
    `say` is told when compiling lies ahead.

    It works out what the kernel of this machine does, and rounds each product before it is added to.
    """
    return standalone(object_code(kernel, extent, lanes, say), ENTRIES)


def object_code(kernel: Kernel, extent: Extent, lanes: int, say: Callable[[str], None] | None = None) -> bytes:
    """What such a module is made of (`standalone`), from the cache or compiled."""
    made_of = f"{kernel.digest} {compiler()} {TARGET} {FEATURES} {extent} {lanes}"
    name = f"browser_{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"
    kept = read_entry(name)
    if kept is not None:
        return zlib.decompress(kept)
    if say is not None:
        say("Compiling the model for browsers (once; up to a minute)…")
    code = compiled_for_browsers(kernel_text(kernel.model, extent, lanes)[0])
    write_entry(name, zlib.compress(code))
    return code


def structure_digest(kernel: Kernel, extent: Extent, lanes: int) -> str:
    """SHA-256 over what decides what a module works out, whoever compiles it: the equations, where their numbers stand,
    and the code that translates them. No parameter's value is in it, and no fit."""
    files = [path for folder in SHAPED_BY for path in sorted((ENGINE / folder).glob("*.py"))]
    texts = [path.read_text(encoding="utf-8") for path in (*files, Path(__file__))]
    made_of = (kernel.structure, extent, lanes, TARGET, FEATURES, OPTIMISATION, *texts)
    return hashlib.sha256(repr(made_of).encode()).hexdigest()


def compiled_for_browsers(text: str) -> bytes:
    """The object code of a kernel's text."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    module = llvm.parse_assembly(text)
    module.verify()
    machine = llvm.Target.from_triple(TARGET).create_target_machine(features=FEATURES, opt=OPTIMISATION)
    module.triple, module.data_layout = TARGET, str(machine.target_data)
    return machine.emit_object(module)
