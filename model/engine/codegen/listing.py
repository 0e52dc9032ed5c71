"""What a kernel works out, as pseudo-code for people: names at their lines, in the order of the machine code.

    leaving = town * settled[0]        worked out, or read from memory where an array stands on the right
    travelling ~ on_the_way / time     a product that is worked out with the sum below and rounded once with it
    levels[4] := leaving - travelling  stored

Numbers in brackets are places in doubles. A term without a name of its own is called t1, t2 and so on.
"""

from __future__ import annotations

from pushpull.engine.codegen.elementary import WRITERS
from pushpull.engine.codegen.terms import Term
from pushpull.engine.codegen.working_order import WorkingOrder
from pushpull.engine.language.declare import population

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
_READ = {"parameter": "parameters", "level": "levels", "held": "held"}


def listing(program) -> str:
    """The listing of a `engine.codegen.program.Program`."""
    form = program.form
    lines = [f"Kernel for {form.routes} routes, {form.lanes} at a time", "", *_memory(program)]
    for work in program.functions:
        lines += ["", f"{work.name}: {work.when}", *(f"    {line}" for line in _Lines(program, work).lines)]
    return "\n".join(lines) + "\n"


def _memory(program) -> list[str]:
    """Every array, and where in it each name begins."""
    lines = []
    for array, rows in program.rows.items():
        lines.append(f"{array}: {rows.size} doubles, in memory {program.sizes[array]}")
        lines += [f"    [{place}] {_name_of(program, array, key)}" for key, place in rows.place.items() if _named(key)]
    return lines


def _named(key: object) -> bool:
    return isinstance(key, tuple)


def _name_of(program, array: str, key: tuple[int, int]) -> str:
    row, part = key
    layout = program.layout
    causes = [f"cause of {loop.id}: {loop.cause}" for loop in program.model.loops.values()]
    names = {"parameters": layout.constants, "levels": layout.stocks, "values": layout.values, "held": causes}[array]
    variable = list(program.model.loops.values())[row].cause if array == "held" else names[row]
    return f"{names[row]}[{population.labels[part]}]" if "population" in program.model.over(variable) else names[row]


class _Lines:
    """The lines of one function."""

    def __init__(self, program, work):
        self.program, self.work = program, work
        self.names: dict[int, str] = {}
        self.lines: list[str] = []
        targets: dict[int, list[str]] = {}
        for term, array, place, _ in work.wanted:
            name = {"found": "values" if work.name == "outputs" else "slopes"}.get(array, array)
            targets.setdefault(id(term), []).append(f"{'levels' if work.name == 'start' else name}[{place}]")
        roots = list({id(part[0]): part[0] for part in work.wanted}.values())
        order = WorkingOrder(roots, work.stored, WRITERS)
        for group in order.groups:
            for term in group:
                self._say(term, "~" if id(term) in order.fused else "=")
                self.lines += [f"{target} := {self.names[id(term)]}" for target in targets.get(id(term), ())]

    def _say(self, term: Term, sign: str) -> None:
        if term.operation == "number":
            self.names[id(term)] = repr(term.detail)
            return
        self.names[id(term)] = term.labels[0] if term.labels else self._own_name(term)
        self.lines.append(f"{' = '.join(term.labels) or self.names[id(term)]} {sign} {self._expression(term)}")

    def _own_name(self, term: Term) -> str:
        """A level or parameter by its name, all else by its number."""
        if term.operation in ("parameter", "level") and id(term) not in self.work.stored:
            return _name_of(self.program, _READ[term.operation], term.detail)
        return f"t{len(self.names) + 1}"

    def _expression(self, term: Term) -> str:
        if id(term) in self.work.stored:
            array, place = self.work.stored[id(term)]
            return f"{array}[{place}]"
        inner = [self.names[id(one)] for one in term.terms]
        layout, detail = self.program.layout, term.detail
        match term.operation:
            case "add" | "subtract" | "multiply" | "divide" as operation:
                return f"{inner[0]} {_SIGNS[operation]} {inner[1]}"
            case "input":
                names = layout.routed_inputs if term.routed else layout.scalar_inputs
                return f"inputs[{names[detail]}]"
            case "parameter" | "level" | "held" as operation:
                array = _READ[operation]
                return f"{array}[{self.program.rows[array].place[detail]}]"
            case "choice":
                setting, number = detail
                return f"{inner[0]} if formulas[{layout.settings[setting]}] == {number} else {inner[1]}"
            case "cut":
                return f"{inner[0]} if cut[{layout.loops[detail]}] else {inner[1]}"
        return f"{term.operation}({', '.join(inner)})"
