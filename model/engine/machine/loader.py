"""Compiled kernels: machine code of a model for one form, kept on disk, and the memory it works in."""

from __future__ import annotations

import ctypes
import importlib.metadata
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import numpy as np

from pushpull.engine.codegen.layout import DOUBLES, FIELDS, POINTERS, WIDTH, Cells, aligned
from pushpull.engine.stepping.halving import TOLD, room_to_tell
from pushpull.engine.stepping.methods import MOST_STAGES
from pushpull.files.disk_cache import read_entry, write_entry

ENTRIES = ("begin", "evaluate", "march")
OPTIMISATION = 2
FUSING_LEFT_OUT = ",-fma,-fma4,-avx512f"
PLACE_OF = {name: place for place, name in enumerate(FIELDS)}
REFUSALS_SAID: set[str] = set()  # why machines are not kept: said once


@dataclass(frozen=True, eq=False)
class Machine(Cells):
    """Machine code for `lanes` runs side by side; every one of `calls` takes the address of the fields."""

    calls: Mapping[str, Callable[[int], None]]
    engine: object


def load_machine(
    name: str, write: Callable[[], tuple[str, dict]], say: Callable[[str], None], is_fused: bool = True
) -> Machine:
    """The machine of that name from the cache; where it is not there, or not whole, it is made from what `write`
    gives: LLVM text, and the description of its memory, which is kept with the code. For `is_fused` see `compiled`.

    Two processes that find nothing at once both make it and both keep it; the entries are the same, and each is put in
    place whole.
    """
    entry = _unpacked(read_entry(name))
    if entry is None:
        say("Compiling the model for this machine (once; a few seconds)…")
        text, description = write()
        entry = compiled(text, is_fused), description
        refusal = write_entry(name, _packed(*entry))
        if refusal and refusal not in REFUSALS_SAID:
            REFUSALS_SAID.add(refusal)
            say(f"It is compiled anew each time, as the cache cannot be written ({refusal})")
    code, description = entry
    engine, calls = loaded(code, ENTRIES)
    places = {array: np.array(cells, dtype=np.int64) for array, cells in description["places"].items()}
    real = {array: np.unique(cells, return_index=True)[1] for array, cells in places.items()}
    whole, lanes = tuple(description["extent"]), description["lanes"]
    return Machine(whole, lanes, places, real, description["sizes"], calls, engine)


def _packed(code: bytes, description: dict) -> bytes:
    """A line of JSON, then the code."""
    return json.dumps(description).encode() + b"\n" + code


def _unpacked(content: bytes | None) -> tuple[bytes, dict] | None:
    if content is None:
        return None
    description, _, code = content.partition(b"\n")
    return code, json.loads(description)


def processor() -> str:
    """What machine code is made by and for: it serves no other processor, another compiler makes its own, and the
    coefficients of the default method are SciPy's."""
    features = llvm.get_host_cpu_features().flatten()
    return f"{compiler()} {llvm.get_process_triple()} {llvm.get_host_cpu_name()} {features}"


def compiler() -> str:
    """What a kernel's text and code come from beside the equations."""
    version = f"llvmlite {llvmlite.__version__} LLVM {'.'.join(map(str, llvm.llvm_version_info))}"
    return f"{version} SciPy {importlib.metadata.version('scipy')}"


def fuses_multiply_add() -> bool:
    """Whether the processor multiplies and adds with one rounding, which decides about the last bits of a run."""
    if llvm.get_process_triple().startswith(("aarch64", "arm64")):
        return True
    return bool(llvm.get_host_cpu_features().get("fma"))


def compiled(text: str, is_fused: bool = True) -> bytes:
    """Object code for this processor. Where it `is_fused`, it multiplies and adds with one rounding if the processor
    can; else each product is rounded, as browsers do (on x86-64; other processors may know no other way)."""
    _initialize()
    module = llvm.parse_assembly(text)
    module.verify()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    cpu, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    if not is_fused:
        features += FUSING_LEFT_OUT
    target_machine = target.create_target_machine(cpu=cpu, features=features, opt=OPTIMISATION, jit=True)
    module.triple, module.data_layout = llvm.get_process_triple(), str(target_machine.target_data)
    return target_machine.emit_object(module)


def loaded(code: bytes, entries: Iterable[str]) -> tuple[object, dict[str, Callable[[int], None]]]:
    """What keeps object code in memory, and its entries, each of which takes one address."""
    _initialize()
    linker = llvm.create_lljit_compiler()
    library = llvm.JITLibraryBuilder().add_object_img(code)
    for entry in entries:
        library.export_symbol(entry)
    linked = library.link(linker, "kernel")
    signature = ctypes.CFUNCTYPE(None, ctypes.c_void_p)  # a call holds no lock of Python's
    return (linked, linker), {entry: signature(linked[entry]) for entry in entries}


def _initialize() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


class Workspace:
    """Memory for one thread to run a machine in, used again run after run."""

    def __init__(self, machine: Machine, loops: int):
        self.machine = machine
        sizes = machine.sizes
        self.arrays = {name: aligned(sizes[name]) for name in ("parameters", "settled", "driven", "held")}
        both = aligned(sizes["values"] + sizes["levels"])
        self.arrays |= {"values": both[: sizes["values"]], "levels": both[sizes["values"] :]}
        self.arrays |= {"stages": aligned(MOST_STAGES * sizes["levels"]), "trial": aligned(sizes["levels"])}
        self.arrays["pieced"] = aligned(sizes["levels"])
        self.arrays["off"] = np.zeros(loops)
        self.broke = np.zeros(2 * WIDTH, dtype=np.int64)
        self.told = np.zeros((len(TOLD), WIDTH), dtype=np.int64)
        self.fields = np.zeros(len(FIELDS), dtype=np.int64)
        self.given: dict[str, np.ndarray] = {}
        self.set(**self.arrays, broke=self.broke, told=self.told, size=sizes["levels"], value_size=sizes["values"])

    def set(self, **named: Any) -> None:
        """Set fields of `pushpull.engine.codegen.layout`: arrays, whole numbers and numbers."""
        for name, value in named.items():
            place = PLACE_OF[name]
            if name in POINTERS:
                self.given[name] = value  # kept alive
                self.fields[place] = value.ctypes.data
            elif name in DOUBLES:
                self.fields.view(float)[place] = value
            else:
                self.fields[place] = value

    def forget(self) -> None:
        """Before the next runs: every loop is on, nothing is broken and nothing told."""
        self.broke[:] = -1
        self.told[:] = room_to_tell(WIDTH).T
        self.arrays["off"][:] = 0.0

    def call(self, entry: str) -> None:
        """Run one of the entries on the fields as they are set."""
        self.machine.calls[entry](self.fields.ctypes.data)
