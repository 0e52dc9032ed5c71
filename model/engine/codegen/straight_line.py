"""Terms -> LLVM text, in two forms that give the same bits.

*One run*: a routed term is vectors of four routes (the last route fills what is left over), a plain term one number;
plain exponents and logarithms are taken four at a time. *Four runs*: every lane of a vector is a run of its own, and a
routed term is one vector per route. A cell is what memory holds of a plain term, or of one route.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pushpull.engine.codegen.elementary import TOGETHER, WIDTH, WRITERS, V, hexadecimal, splat, structure
from pushpull.engine.codegen.instruction_order import in_good_order
from pushpull.engine.codegen.terms import Term, folds
from pushpull.engine.codegen.working_order import WorkingOrder
from pushpull.engine.language.words import WORDS

ARRAYS = ("parameters", "inputs", "formulas", "settled", "driven", "levels", "held", "cut", "found", "table")
WINDOWS = (16, 12)  # instructions to look ahead in one run and in four: fewest cycles, by llvm-mca for Zen 3
_ARITHMETIC = {"add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv"}


@dataclass(frozen=True)
class Form:
    """How terms lie in registers and in memory: `lanes` runs side by side, of a corridor with so many routes."""

    routes: int
    lanes: int

    @property
    def cell(self) -> int:
        """Doubles in a cell."""
        return self.lanes

    def cells(self, routed: bool) -> int:
        """Cells of a term: in one run, routes are rounded up to whole vectors."""
        if not routed:
            return 1
        return self.routes if self.lanes > 1 else -(-self.routes // WIDTH) * WIDTH

    def kind(self, routed: bool) -> str:
        """The LLVM type of each register of a term."""
        return V if routed or self.lanes > 1 else "double"

    def registers(self, routed: bool) -> int:
        """Registers that a term takes."""
        return self.cells(routed) if self.lanes > 1 else max(self.cells(routed) // WIDTH, 1)

    def stride(self, routed: bool) -> int:
        """Doubles from one register's place in memory to the next."""
        return WIDTH if self.lanes > 1 or routed else 1


class Rows:
    """Where things stand in an array, in doubles."""

    def __init__(self, form: Form):
        self.form, self.place, self.size = form, {}, 0

    def add(self, key, routed: bool) -> int:
        """The place of a thing, made where it has none."""
        if key not in self.place:
            self.place[key] = self.size
            self.size += self.form.cells(routed) * self.form.cell
        return self.place[key]


class Builder:
    """Writes what the records of the words ask for, on registers of one kind; its methods are those of
    `llvmlite.ir.IRBuilder`."""

    COMPARISONS = {">": "ogt", "<": "olt", ">=": "oge", "<=": "ole", "==": "oeq", "!=": "one"}

    def __init__(self, say: Callable[[str], str], kind: str):
        self.say, self.kind = say, kind

    def fadd(self, one: str, other: str) -> str:
        """The sum."""
        return self.say(f"fadd {self.kind} {one}, {other}")

    def fsub(self, one: str, other: str) -> str:
        """The difference."""
        return self.say(f"fsub {self.kind} {one}, {other}")

    def fmul(self, one: str, other: str) -> str:
        """The product."""
        return self.say(f"fmul {self.kind} {one}, {other}")

    def fdiv(self, one: str, other: str) -> str:
        """The quotient."""
        return self.say(f"fdiv {self.kind} {one}, {other}")

    def fneg(self, one: str) -> str:
        """The number with its sign turned."""
        return self.say(f"fneg {self.kind} {one}")

    def fcmp_ordered(self, sign: str, one: str, other: str) -> str:
        """Whether `one` is so related to `other`; false where either is not a number."""
        return self.say(f"fcmp {self.COMPARISONS[sign]} {self.kind} {one}, {other}")

    def select(self, test: str, yes: str, no: str) -> str:
        """One of two, lane by lane."""
        truth = f"<{WIDTH} x i1>" if self.kind == V else "i1"
        return self.say(f"select {truth} {test}, {self.kind} {yes}, {self.kind} {no}")


class Function:
    """Writes one function that works out some terms and stores them."""

    def __init__(self, form: Form, name: str, rows: Mapping[str, Rows], scalar_inputs: int):
        self.form, self.name, self.rows, self.scalar_inputs = form, name, rows, scalar_inputs
        self.lines: list[str] = []
        self.names: list[str] = []  # of the variables, and the values they are
        self.count = 0
        self.have: dict[int, list[str]] = {}
        self.spread: dict[str, str] = {}
        self.stored: dict[int, tuple[str, int]] = {}
        self.fused: set[int] = set()
        self.called: set[tuple[str, int]] = set()

    def say(self, instruction: str) -> str:
        """Write an instruction; the name of its value."""
        self.count += 1
        name = f"%v{self.count}"
        self.lines.append(f"  {name} = {instruction}")
        return name

    def text(self, wanted: Iterable[tuple[Term, str, int, bool]]) -> str:
        """The function; `wanted` are terms, the array and place each is stored in, and whether that is routed."""
        wanted = list(wanted)
        targets: dict[int, list[tuple[str, int, bool]]] = {}
        for term, array, place, routed in wanted:
            targets.setdefault(id(term), []).append((array, place, routed))
        roots = list({id(part[0]): part[0] for part in wanted}.values())
        order = WorkingOrder(roots, self.stored, WRITERS)
        self.fused = order.fused
        for batch in order.groups:
            self._work_out(batch)
            for term in batch:
                self.names += [f"; {label}: {', '.join(self.have.get(id(term), ()))}" for label in term.labels]
                for array, place, routed in targets.get(id(term), ()):
                    self._store(term, array, place, routed)
        parameters = ", ".join(f"ptr noalias %{array}" for array in ARRAYS)
        return "\n".join(
            [
                f"define internal void @{self.name}({parameters}) noinline alignstack(64) {{",
                *self.names,
                *in_good_order(self.lines, WINDOWS[self.form.lanes > 1]),
                "  ret void",
                "}",
            ]
        )

    def _work_out(self, batch: list[Term]) -> None:
        term = batch[0]
        if id(term) in self.stored:
            self.have[id(term)] = self._load(*self.stored[id(term)], term.routed)
        elif term.operation == "number":
            self.have[id(term)] = [splat(term.detail) if self.form.lanes > 1 else hexadecimal(term.detail)]
        elif not term.terms:
            self.have[id(term)] = self._read(term)
        elif folds(term.operation):
            self.have[id(term)] = [self._folded(term)]
        elif term.operation in WRITERS:
            self._curved(batch)
        else:
            own = [term for term in batch if id(term) not in self.fused]
            for term in own:
                self.have[id(term)] = []
            for number in range(self.form.registers(term.routed)):
                for term in own:
                    self.have[id(term)].append(self._one(term, number))

    def _one(self, term: Term, number: int) -> str:
        """One register of a term."""
        kind = self.form.kind(term.routed)
        for place in (1, 0) if term.operation in ("add", "subtract") else ():
            if id(term.terms[place]) in self.fused:
                return self._multiplied_and_added(term, place, number, kind)
        return self._operation(term, kind, [self._register(inner, number, term.routed) for inner in term.terms])

    def _multiplied_and_added(self, term: Term, place: int, number: int, kind: str) -> str:
        product, other = term.terms[place], term.terms[1 - place]
        one, two = (self._register(inner, number, term.routed) for inner in product.terms)
        if id(other) in self.fused:
            more = self._operation(other, kind, [self._register(inner, number, term.routed) for inner in other.terms])
        else:
            more = self._register(other, number, term.routed)
        if term.operation == "subtract":
            if place == 1:
                one = self.say(f"fneg {kind} {one}")
            else:
                more = self.say(f"fneg {kind} {more}")
        suffix = f"v{WIDTH}f64" if kind == V else "f64"
        return self.say(f"call {kind} @llvm.fmuladd.{suffix}({kind} {one}, {kind} {two}, {kind} {more})")

    def _curved(self, batch: list[Term]) -> None:
        """Exponents, or logarithms, of several terms at once; in one run, plain numbers are packed into vectors."""
        plain = [term for term in batch if self.form.kind(term.routed) != V]
        groups = [plain[first : first + WIDTH] for first in range(0, len(plain), WIDTH)]
        vectors = []
        for group in groups:
            numbers = [self.have[id(term.terms[0])][0] for term in group]
            vectors.append(self._packed([*numbers, *[numbers[-1]] * (WIDTH - len(numbers))]))
        whole = [term for term in batch if self.form.kind(term.routed) == V]
        for term in whole:
            inner = term.terms[0]
            vectors += [
                self._register(inner, number, term.routed) for number in range(self.form.registers(term.routed))
            ]
        found = []
        for first in range(0, len(vectors), TOGETHER):
            found += self._call(batch[0].operation, vectors[first : first + TOGETHER])
        for group, vector in zip(groups, found, strict=False):
            for lane, term in enumerate(group):
                self.have[id(term)] = [self.say(f"extractelement {V} {vector}, i32 {lane}")]
        rest = iter(found[len(groups) :])
        for term in whole:
            self.have[id(term)] = [next(rest) for _ in range(self.form.registers(term.routed))]

    def _call(self, operation: str, vectors: list[str]) -> list[str]:
        count = len(vectors)
        self.called.add((operation, count))
        given = ", ".join(["ptr %table", *(f"{V} {vector}" for vector in vectors)])
        found = self.say(f"call fastcc {structure(count)} @{operation}_{count}({given})")
        if count == 1:
            return [found]
        return [self.say(f"extractvalue {structure(count)} {found}, {number}") for number in range(count)]

    def _packed(self, numbers: list[str]) -> str:
        vector = "poison"
        for lane, number in enumerate(numbers):
            vector = self.say(f"insertelement {V} {vector}, double {number}, i32 {lane}")
        return vector

    def _register(self, term: Term, number: int, routed: bool) -> str:
        """A term as a reader needs it: a plain one is spread over the routes of one run."""
        registers = self.have[id(term)]
        if term.routed:
            return registers[number]
        if self.form.lanes > 1 or not routed:
            return registers[0]
        return splat(term.detail) if term.operation == "number" else self._spread(registers[0])

    def _spread(self, value: str) -> str:
        if value not in self.spread:
            first = self.say(f"insertelement {V} poison, double {value}, i32 0")
            self.spread[value] = self.say(f"shufflevector {V} {first}, {V} poison, <{WIDTH} x i32> zeroinitializer")
        return self.spread[value]

    def _operation(self, term: Term, kind: str, given: list[str]) -> str:
        say = self.say
        truth = f"<{WIDTH} x i1>" if kind == V else "i1"
        nought = splat(0.0) if kind == V else hexadecimal(0.0)
        match term.operation:
            case "add" | "subtract" | "multiply" | "divide" as operation:
                return say(f"{_ARITHMETIC[operation]} {kind} {given[0]}, {given[1]}")
            case "root":
                suffix = f"v{WIDTH}f64" if kind == V else "f64"
                return say(f"call {kind} @llvm.sqrt.{suffix}({kind} {given[0]})")
            case "where_positive":
                test = say(f"fcmp ogt {kind} {given[0]}, {nought}")
                return say(f"select {truth} {test}, {kind} {given[1]}, {kind} {nought}")
            case "choice":
                setting, number = term.detail
                return self._switched("oeq", ("formulas", setting), float(number), kind, given)
            case "cut":
                return self._switched("ogt", ("cut", term.detail), 0.0, kind, given)
            case operation if operation in WORDS and callable(WORDS[operation].code):
                return WORDS[operation].code(Builder(say, kind), *given)
        raise ValueError(f"no operation {term.operation!r}")

    def _switched(self, test: str, flag: tuple[str, int], against: float, kind: str, given: list[str]) -> str:
        """One of two terms, by a number that stands for all runs; compared as such, lest it become a jump."""
        number = self.say(f"load double, ptr {self._address(*flag)}, align 8")
        if kind == V:
            truth = self.say(f"fcmp {test} {V} {self._spread(number)}, {splat(against)}")
            return self.say(f"select <{WIDTH} x i1> {truth}, {V} {given[0]}, {V} {given[1]}")
        truth = self.say(f"fcmp {test} double {number}, {hexadecimal(against)}")
        return self.say(f"select i1 {truth}, double {given[0]}, double {given[1]}")

    def _folded(self, term: Term) -> str:
        """A sum, or the largest, over routes: one after the other in both forms."""
        inner = term.terms[0]
        parts = [self._route(inner, route) for route in range(self.form.routes)]
        builder, whole = Builder(self.say, self.form.kind(False)), parts[0]
        for part in parts[1:]:
            whole = WORDS[term.operation].code(builder, whole, part)
        return whole

    def _route(self, term: Term, route: int) -> str:
        registers = self.have[id(term)]
        if not term.routed:
            return registers[0]
        if self.form.lanes > 1:
            return registers[route]
        return self.say(f"extractelement {V} {registers[route // WIDTH]}, i32 {route % WIDTH}")

    def _read(self, term: Term) -> list[str]:
        if term.operation == "input":
            return self._input(term)
        array = {"parameter": "parameters", "level": "levels", "held": "held"}[term.operation]
        return self._load(array, self.rows[array].add(term.detail, term.routed), term.routed)

    def _input(self, term: Term) -> list[str]:
        """Inputs stand one behind the other, each for all runs; those by route follow the others."""
        if not term.routed:
            return [self._input_number(term.detail)]
        routes = self.form.routes
        numbers = [self._input_number(self.scalar_inputs + term.detail * routes + route) for route in range(routes)]
        if self.form.lanes > 1:
            return numbers
        numbers += [numbers[-1]] * (self.form.cells(True) - routes)
        return [self._packed(numbers[first : first + WIDTH]) for first in range(0, len(numbers), WIDTH)]

    def _input_number(self, column: int) -> str:
        kind = V if self.form.lanes > 1 else "double"
        return self.say(f"load {kind}, ptr {self._address('inputs', column * self.form.lanes)}, align 8")

    def _address(self, array: str, place: int, kind: str = "double") -> str:
        return self.say(f"getelementptr {kind}, ptr %{array}, i64 {place}") if place else f"%{array}"

    def _load(self, array: str, place: int, routed: bool) -> list[str]:
        kind, stride = self.form.kind(routed), self.form.stride(routed)
        return [
            self.say(f"load {kind}, ptr {self._address(array, place + number * stride)}, align 8")
            for number in range(self.form.registers(routed))
        ]

    def _store(self, term: Term, array: str, place: int, routed: bool) -> None:
        kind, stride = self.form.kind(routed), self.form.stride(routed)
        for number in range(self.form.registers(routed)):
            value = self._register(term, number, routed)
            self.lines.append(f"  store {kind} {value}, ptr {self._address(array, place + number * stride)}, align 8")
