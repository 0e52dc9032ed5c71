"""What the functions of the march are written with: the fields they are given, and the functions they call."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from pushpull.engine.codegen.elementary import table
from pushpull.engine.codegen.emit import F64, I1, I1X4, I64, PTR, V4, VOID, Builder, constant
from pushpull.engine.codegen.layout import DOUBLES, FIELDS, POINTERS
from pushpull.engine.codegen.straight_line import ARRAYS

JUDGEMENT = ir.LiteralStructType([I1X4, I1X4])  # where levels are impossible, and where they are too far off
ZERO, NO_LANE = constant(V4, 0.0), constant(I1X4, 0)


class MarchBuilder(Builder):
    """Writes a function whose first argument points to the fields of `engine.codegen.layout`."""

    def __init__(
        self,
        module: ir.Module,
        name: str,
        result: ir.Type = VOID,
        arguments: Sequence[tuple[str, ir.Type]] = (),
        entry: bool = False,
    ):
        super().__init__(module, name, result, [("fields", PTR), *arguments], entry=entry)
        self._fields: dict[str, ir.Value] = {}

    def field(self, name: str) -> ir.Value:
        """A field, read where the function begins."""
        if name not in self._fields:
            kind = PTR if name in POINTERS else F64 if name in DOUBLES else I64
            with self.goto_entry_block():
                self._fields[name] = self.read(self.given["fields"], FIELDS.index(name), kind)
        return self._fields[name]

    def call_own(self, name: str, *given: ir.Value) -> ir.Value:
        """Call another function of the march on the same fields."""
        return self.call(self.module.globals[name], [self.given["fields"], *given])

    def work_out(self, name: str, row: ir.Value, levels: ir.Value, found: ir.Value) -> None:
        """Call a function of `engine.codegen.straight_line` under the levers and context of a row. It assumes that
        `found`, which it writes, and all it reads lie apart."""
        if found is levels:
            raise ValueError(f"{name} must not write over the levels it reads")
        given = {"inputs": row, "levels": levels, "cut": self.field("off"), "found": found, "table": table(self.module)}
        arguments = [given[array] if array in given else self.field(array) for array in ARRAYS]
        self.call(self.module.globals[name], arguments)

    def slopes(self, usual: ir.Value, row: ir.Value, levels: ir.Value, found: ir.Value) -> None:
        """Call `slopes`: slopes of levels, by the shorter way where all is `usual`."""
        self.call_own("slopes", usual, row, levels, found)


def write_slopes(module: ir.Module) -> None:
    """`slopes`: the slopes of levels; `usual` while no loop is cut and no rival formula chosen."""
    b = MarchBuilder(module, "slopes", VOID, [("usual", I1), ("row", PTR), ("levels", PTR), ("found", PTR)])
    row, levels, found = (b.given[name] for name in ("row", "levels", "found"))
    with b.if_else(b.given["usual"]) as (then, otherwise):
        with then:
            b.work_out("usual_slopes_at", row, levels, found)
        with otherwise:
            b.work_out("slopes_at", row, levels, found)
    b.ret_void()
