"""What the functions of a kernel are written with: the fields they are all given, and how they call each other."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from pushpull.engine.codegen.emit import F64, I64, PTR, VOID, Builder
from pushpull.engine.codegen.layout import DOUBLES, FIELDS, POINTERS

STATE_ARGUMENTS = (("row", PTR), ("levels", PTR), ("result", PTR))  # what `KernelBuilder.work_out` gives


class KernelBuilder(Builder):
    """Writes a function whose first argument points to the fields of `engine.codegen.layout`."""

    def __init__(
        self,
        module: ir.Module,
        name: str,
        result: ir.Type = VOID,
        arguments: Sequence[tuple[str, ir.Type]] = (),
        alone: Sequence[str] = (),
        entry: bool = False,
    ):
        super().__init__(module, name, result, [("fields", PTR), *arguments], alone, entry)
        self._fields: dict[str, ir.Value] = {}

    def field(self, name: str) -> ir.Value:
        """A field, read where the function begins."""
        if name not in self._fields:
            kind = PTR if name in POINTERS else F64 if name in DOUBLES else I64
            with self.goto_entry_block():
                self._fields[name] = self.read(self.given["fields"], FIELDS.index(name), kind)
        return self._fields[name]

    def call_own(self, name: str, *given: ir.Value) -> ir.Value:
        """Call another function of the kernel on the same fields."""
        return self.call(self.module.globals[name], [self.given["fields"], *given])

    def work_out(self, name: str, row: ir.Value, levels: ir.Value, result: ir.Value) -> None:
        """Call a function of `engine.codegen.straight_line` on levels, under the levers and context of a row. It
        assumes that `result`, which it writes, and all it reads lie apart."""
        if result is levels:
            raise ValueError(f"{name} must not write over the levels it reads")
        self.call_own(name, row, levels, result)

    def slopes(self, usual: ir.Value, row: ir.Value, levels: ir.Value, result: ir.Value) -> None:
        """The same for the slopes of levels, by the shorter way where all is `usual`."""
        self.call_own("slopes", usual, row, levels, result)
