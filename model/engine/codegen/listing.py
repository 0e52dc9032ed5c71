"""What a kernel works out, as pseudo-code for people: names at their lines, in the order of the machine code.

    leaving = town * settled[0]        worked out, or read from memory where an array stands on the right
    travelling ~ on_the_way / time     a product that is worked out with the sum below and rounded once with it
    levels[4] := leaving - travelling  stored

Numbers in brackets count doubles. A term without a name of its own is called t1, t2 and so on.
"""

from __future__ import annotations

from collections.abc import Iterable

from pushpull.engine.codegen.layout import Memory
from pushpull.engine.codegen.straight_line import FunctionPlan, Store
from pushpull.engine.codegen.terms import Term, labelled

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
_READ = {"parameter": "parameters", "level": "levels", "held": "held"}
_RESULTS = {"start": "levels", "outputs": "values"}  # what a function writes; all others write slopes


def listing(memory: Memory, functions: Iterable[FunctionPlan]) -> str:
    """The functions of a kernel and where its arrays hold what."""
    form = memory.form
    origins = f" of {form.extent[0]} origins" if form.extent[0] > 1 else ""
    lines = [f"Kernel for {form.routes} routes{origins}, {form.lanes} at a time", ""]
    for array, cells in memory.arrays.items():
        lines.append(f"{array}: {cells.size} doubles, in memory {memory.sizes[array]}")
        named = [(key, offset) for key, offset in cells.offsets.items() if isinstance(key, tuple)]
        lines += [f"    [{offset}] {_name(memory, array, key)}" for key, offset in named]
    for plan in functions:
        lines += ["", f"{plan.name}: {plan.when}", *(f"    {line}" for line in _Lines(memory, plan).lines)]
    return "\n".join(lines) + "\n"


def _name(memory: Memory, array: str, key: tuple[int, int]) -> str:
    """What stands in a row of an array at a place."""
    row, part = key
    name = memory.names[array][row]
    return labelled(name, memory.model.over(name), memory.form.extent, part)


class _Lines:
    """The lines of one function."""

    def __init__(self, memory: Memory, plan: FunctionPlan):
        self.memory, self.plan = memory, plan
        self.names: dict[int, str] = {}
        self.lines: list[str] = []
        order, targets = plan.order, plan.targets()
        for group in order.groups:
            for term in group:
                self._say(term, "~" if id(term) in order.fused else "=")
                self.lines += [f"{self._target(part)} := {self.names[id(term)]}" for part in targets.get(id(term), ())]

    def _target(self, part: Store) -> str:
        array = _RESULTS.get(self.plan.name, "slopes") if part.array == "result" else part.array
        return f"{array}[{part.offset}]"

    def _say(self, term: Term, sign: str) -> None:
        if term.operation == "number":
            self.names[id(term)] = repr(term.detail)
            return
        self.names[id(term)] = term.labels[0] if term.labels else self._own_name(term)
        self.lines.append(f"{' = '.join(term.labels) or self.names[id(term)]} {sign} {self._expression(term)}")

    def _own_name(self, term: Term) -> str:
        """A level or parameter by its name, all else by its number."""
        if term.operation in ("parameter", "level") and id(term) not in self.plan.stored:
            return _name(self.memory, _READ[term.operation], term.detail)
        return f"t{len(self.names) + 1}"

    def _expression(self, term: Term) -> str:
        if id(term) in self.plan.stored:
            array, offset = self.plan.stored[id(term)]
            return f"{array}[{offset}]"
        inner = [self.names[id(each)] for each in term.terms]
        layout, detail = self.memory.layout, term.detail
        match term.operation:
            case "add" | "subtract" | "multiply" | "divide" as operation:
                return f"{inner[0]} {_SIGNS[operation]} {inner[1]}"
            case "input":
                columns = layout.columns(self.memory.form.extent)
                name = next(name for name, held in columns.items() if held.start <= detail < held.stop)
                whole = term.routed or columns[name].stop - columns[name].start == 1
                return f"inputs[{name}]" if whole else f"inputs[{name}, {detail - columns[name].start}]"
            case "parameter" | "level" | "held" as operation:
                array = _READ[operation]
                return f"{array}[{self.memory.arrays[array].offsets[detail]}]"
            case "choice":
                setting, number = detail
                return f"{inner[0]} if formulas[{layout.settings[setting]}] == {number} else {inner[1]}"
            case "cut":
                return f"{inner[0]} if cut[{layout.loops[detail]}] else {inner[1]}"
        return f"{term.operation}({', '.join(inner)})"
