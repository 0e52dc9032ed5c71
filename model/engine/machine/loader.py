"""Compiled kernels: machine code of a model for one form, kept on disk, and the memory it works in."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import llvmlite
import llvmlite.binding as llvm
import numpy as np

from pushpull.engine.codegen.layout import DOUBLES, FIELDS, POINTERS, WIDTH, Cells, aligned
from pushpull.engine.runs.halving import TOLD, room_to_tell
from pushpull.engine.runs.methods import MOST_STAGES
from pushpull.files.disk_cache import read_entry, write_entry

ENTRIES = ("begin", "evaluate", "march")
OPTIMISATION = 2
PLACE_OF = {name: place for place, name in enumerate(FIELDS)}
PLACES = ("parameters", "levels", "values", "held")
_TOLD: set[str] = set()  # why machines are not kept: said once


@dataclass(frozen=True, eq=False)
class Machine(Cells):
    """Machine code for `lanes` runs side by side; every one of `calls` takes the address of the fields."""

    calls: Mapping[str, Callable[[int], None]]
    engine: object


def load_machine(name: str, write: Callable[[], tuple[str, dict]], say: Callable[[str], None]) -> Machine:
    """The machine of that name from the cache; where it is not there, or not whole, it is made from what `write`
    gives: LLVM text, and a description that is kept with the code."""
    found = _unpacked(read_entry(name))
    if found is None:
        say("Compiling the model for this machine (once; a few seconds)…")
        text, told = write()
        found = compiled(text), told
        refusal = write_entry(name, _packed(*found))
        if refusal and refusal not in _TOLD:
            _TOLD.add(refusal)
            say(f"It is compiled anew each time, as the cache cannot be written ({refusal})")
    code, told = found
    engine, calls = loaded(code, ENTRIES)
    places = {array: np.array(told["places"][array], dtype=np.int64) for array in PLACES}
    real = {array: np.unique(places[array], return_index=True)[1] for array in PLACES}
    return Machine(told["routes"], told["lanes"], places, real, told["sizes"], calls, engine)


def _packed(code: bytes, told: dict) -> bytes:
    """A line of JSON, then the code."""
    return json.dumps(told).encode() + b"\n" + code


def _unpacked(content: bytes | None) -> tuple[bytes, dict] | None:
    if content is None:
        return None
    told, _, code = content.partition(b"\n")
    return code, json.loads(told)


def processor() -> str:
    """What machine code is made by and for: it serves no other processor, and another compiler makes its own."""
    compiler = f"llvmlite {llvmlite.__version__} LLVM {'.'.join(map(str, llvm.llvm_version_info))}"
    features = llvm.get_host_cpu_features().flatten()
    return f"{compiler} {llvm.get_process_triple()} {llvm.get_host_cpu_name()} {features}"


def compiled(text: str) -> bytes:
    """Object code for this processor."""
    module = llvm.parse_assembly(text)
    module.verify()
    target_machine = _target_machine()
    module.triple, module.data_layout = llvm.get_process_triple(), str(target_machine.target_data)
    return target_machine.emit_object(module)


def _target_machine():
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    cpu, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    return target.create_target_machine(cpu=cpu, features=features, opt=OPTIMISATION, jit=True)


def loaded(code: bytes, entries: Iterable[str]) -> tuple[object, dict[str, Callable[[int], None]]]:
    """What keeps object code in memory, and its entries, each of which takes one address."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    signature = ctypes.CFUNCTYPE(None, ctypes.c_void_p)  # a call holds no lock of Python's
    return engine, {entry: signature(engine.get_function_address(entry)) for entry in entries}


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

    def set(self, **named) -> None:
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
