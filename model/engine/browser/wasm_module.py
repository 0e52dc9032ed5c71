"""From an object file of WebAssembly to a module that a browser loads.

The compiler leaves an object in which every function and every constant already stands where it will stand, as long as
nothing is put beside it, and a kernel needs nothing beside it. So no linker is needed: what only a linker reads is left
out, and the entries are exported. Format: WebAssembly Core Specification 2.0, section 5; the table of symbols: tool
conventions of WebAssembly (https://github.com/WebAssembly/tool-conventions, Linking.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

HEAD = b"\0asm\1\0\0\0"
CUSTOM, IMPORTS, EXPORTS, START, DATA = 0, 2, 7, 8, 11
SYMBOLS = 8  # the part of the section "linking" that names functions
FUNCTION, OBJECT, SECTION = 0, 1, 3  # kinds of symbols
UNDEFINED, NAMED = 0x10, 0x40  # flags of symbols
MEMORY_IMPORTED = {"__linear_memory", "__stack_pointer"}  # all that a kernel may ask for


class NotAlone(ValueError):
    """An object that needs a linker: it asks for what it does not hold."""


@dataclass(frozen=True)
class BrowserModule:
    """A module of WebAssembly that asks for a memory and a pointer to the end of a stack alone (`env`:
    `__linear_memory`, `__stack_pointer`), and the first byte of that memory behind its own constants."""

    code: bytes
    data_end: int


class _Bytes:
    """Reads numbers and names one behind the other."""

    def __init__(self, content: bytes):
        self.content, self.place = content, 0

    def __bool__(self) -> bool:
        return self.place < len(self.content)

    def byte(self) -> int:
        self.place += 1
        return self.content[self.place - 1]

    def number(self) -> int:
        """A whole number without a sign, seven bits a byte, the lowest first."""
        value, shift = 0, 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def bytes(self) -> bytes:
        """As many bytes as the number before them says."""
        size = self.number()
        self.place += size
        return self.content[self.place - size : self.place]

    def name(self) -> str:
        return self.bytes().decode()


def standalone(code: bytes, entries: Iterable[str]) -> BrowserModule:
    """The module of an object file that exports these functions.

    Raises NotAlone where the object asks for a function or a number of another file, or lacks an entry.
    """
    sections = list(_sections(code))
    asked = {name for kind, content in sections if kind == IMPORTS for name in _imported(content)}
    if asked - MEMORY_IMPORTED:
        raise NotAlone(f"a kernel that asks for {', '.join(sorted(asked - MEMORY_IMPORTED))}")
    functions = _functions(sections)
    missing = [entry for entry in entries if entry not in functions]
    if missing:
        raise NotAlone(f"a kernel without {', '.join(missing)}")
    kept = [(kind, content) for kind, content in sections if kind not in (CUSTOM, EXPORTS)]
    before = sum(kind < START and kind != CUSTOM for kind, _ in kept)
    kept.insert(before, (EXPORTS, _exports({entry: functions[entry] for entry in entries})))
    written = b"".join(bytes([kind]) + _sized(content) for kind, content in kept)
    return BrowserModule(HEAD + written, max((_data_end(content) for kind, content in kept if kind == DATA), default=0))


def _sections(code: bytes) -> Iterator[tuple[int, bytes]]:
    if not code.startswith(HEAD):
        raise ValueError("no object of WebAssembly")
    left = _Bytes(code[len(HEAD) :])
    while left:
        yield left.byte(), left.bytes()


def _imported(content: bytes) -> Iterator[str]:
    """What is asked for by name; of memories and tables, and of functions and numbers, the type is passed over."""
    left = _Bytes(content)
    for _ in range(left.number()):
        left.name()
        yield left.name()
        kind = left.byte()
        if kind == 0:  # a function: its type
            left.number()
        elif kind == 3:  # a number: its type, and whether it may change
            left.place += 2
        else:  # a table has a type before its limits
            left.place += kind == 1
            bounded = left.byte() & 1
            left.number()
            if bounded:
                left.number()


def _functions(sections: Iterable[tuple[int, bytes]]) -> dict[str, int]:
    """The number of every function that is named."""
    for kind, content in sections:
        left = _Bytes(content)
        if kind != CUSTOM or left.name() != "linking":
            continue
        left.number()  # the version
        while left:
            part, inside = left.byte(), _Bytes(left.bytes())
            if part == SYMBOLS:
                return dict(_named(inside))
    return {}


def _named(left: _Bytes) -> Iterator[tuple[str, int]]:
    for _ in range(left.number()):
        kind, flags = left.byte(), left.number()
        if kind == OBJECT:
            left.name()
            if not flags & UNDEFINED:
                left.number(), left.number(), left.number()
        elif kind == SECTION:
            left.number()
        else:
            index = left.number()
            named = flags & NAMED or not flags & UNDEFINED
            name = left.name() if named else ""
            if kind == FUNCTION and not flags & UNDEFINED:
                yield name, index


def _data_end(content: bytes) -> int:
    """The first byte behind all constants, each of which says where it stands (i32.const)."""
    left, end = _Bytes(content), 0
    for _ in range(left.number()):
        if left.number() != 0 or left.byte() != 0x41:
            raise NotAlone("a kernel whose constants do not say where they stand")
        place = left.number()
        left.byte()  # the end of that expression
        end = max(end, place + len(left.bytes()))
    return end


def _exports(functions: Mapping[str, int]) -> bytes:
    each = (_sized(name.encode()) + b"\0" + _number(index) for name, index in functions.items())
    return _number(len(functions)) + b"".join(each)


def _sized(content: bytes) -> bytes:
    return _number(len(content)) + content


def _number(value: int) -> bytes:
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
