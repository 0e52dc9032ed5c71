"""Terms -> the functions of a kernel that have no loops: what works out slopes, values and what they rest on.

They give the same bits in both forms (`engine.codegen.layout.Form`). In one run, plain exponents and logarithms are
taken four at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from llvmlite import ir

from pushpull.engine.codegen.elementary import WRITERS, call_curved
from pushpull.engine.codegen.emit import F64, V4, VOID, WIDTH, Builder, constant
from pushpull.engine.codegen.kernel_builder import STATE_ARGUMENTS, KernelBuilder
from pushpull.engine.codegen.layout import Memory
from pushpull.engine.codegen.terms import Term, folds
from pushpull.engine.codegen.working_order import WorkingOrder
from pushpull.engine.language.words import WORDS

STACK = 64  # bytes to which the stack is aligned: vectors that are put aside there must not lie across two lines
_READ = {"parameter": "parameters", "level": "levels", "held": "held"}


def _where_positive(b: Builder, test: ir.Value, value: ir.Value) -> ir.Value:
    zero = constant(value.type, 0.0)
    return b.select(b.fcmp_ordered(">", test, zero), value, zero)


# The operations of terms that are no words of the language; of words, their records have the code.
OPERATIONS: dict[str, Callable[..., ir.Value]] = {
    "add": Builder.fadd,
    "subtract": Builder.fsub,
    "multiply": Builder.fmul,
    "divide": Builder.fdiv,
    "root": Builder.root,
    "where_positive": _where_positive,
}


def _code(operation: str) -> Callable[..., ir.Value]:
    """What writes an operation of the terms, or a word that is one of its own."""
    code = OPERATIONS[operation] if operation in OPERATIONS else WORDS[operation].code
    if not callable(code):
        raise TypeError(f"{operation} has no code of its own: its record says {code!r}")
    return code


@dataclass(frozen=True)
class Store:
    """A term that a function must store, how far into which array, and whether it is to be spread over routes there."""

    term: Term
    array: str
    offset: int
    routed: bool


@dataclass(frozen=True)
class FunctionPlan:
    """What a function works out, and when: the terms it stores, and of those that functions before it have stored, by
    their identity, the array and the offset."""

    name: str
    when: str
    wanted: tuple[Store, ...]
    stored: dict[int, tuple[str, int]]

    @property
    def order(self) -> WorkingOrder:
        """In which order it is worked out."""
        roots = {id(part.term): part.term for part in self.wanted}
        return WorkingOrder(roots.values(), self.stored, WRITERS)

    def targets(self) -> dict[int, list[Store]]:
        """What is wanted, by the identity of its term."""
        targets: dict[int, list[Store]] = {}
        for part in self.wanted:
            targets.setdefault(id(part.term), []).append(part)
        return targets


def write_function(module: ir.Module, memory: Memory, plan: FunctionPlan) -> None:
    """Add to a module a function as planned."""
    _StraightLine(module, memory, plan).write()


class _StraightLine:
    """Writes one function; `registers` holds the values of every term worked out so far, by its identity."""

    def __init__(self, module: ir.Module, memory: Memory, plan: FunctionPlan):
        self.memory, self.form, self.plan = memory, memory.form, plan
        self.b = KernelBuilder(module, plan.name, VOID, STATE_ARGUMENTS, alone=("result",))
        self.b.function.attributes.alignstack = STACK
        self.registers: dict[int, list[ir.Value]] = {}
        self.spread: dict[ir.Value, ir.Value] = {}  # numbers of one run, on every lane
        self.order = plan.order

    def write(self) -> None:
        """Work out every term and store those that are wanted as soon as they are there."""
        targets = self.plan.targets()
        for group in self.order.groups:
            self._work_out(group)
            for term in group:
                self._name(term)
                for part in targets.get(id(term), ()):
                    self._store(part)
        self.b.ret_void()

    def _name(self, term: Term) -> None:
        """Let the registers of a variable bear its name."""
        for label in term.labels[:1]:
            for value in self.registers.get(id(term), ()):
                if isinstance(value, ir.Instruction):
                    value.name = label

    def _work_out(self, group: list[Term]) -> None:
        term = group[0]
        if self.order.is_stored(term):
            self.registers[id(term)] = self._load(*self.plan.stored[id(term)], term.routed)
        elif term.operation == "number":
            self.registers[id(term)] = [constant(self._kind(False), term.detail)]
        elif not term.terms:
            self.registers[id(term)] = self._read(term)
        elif folds(term.operation):
            self.registers[id(term)] = [self._folded(term)]
        elif self.order.is_curved(term):
            self._curved(group)
        else:
            own = [term for term in group if id(term) not in self.order.fused]
            for term in own:
                self.registers[id(term)] = []
            for number in range(self.form.registers(term.routed)):
                for term in own:
                    self.registers[id(term)].append(self._straight(term, number))

    def _array(self, name: str) -> ir.Value:
        """An array to read or to write: levels and the result are given, all else stands in the fields."""
        return self.b.given[name] if name in self.b.given else self.b.field(name)

    def _kind(self, routed: bool) -> ir.Type:
        return V4 if self.form.is_vector(routed) else F64

    def _straight(self, term: Term, number: int) -> ir.Value:
        """One register of a term."""
        for side in (1, 0) if term.operation in ("add", "subtract") else ():
            if id(term.terms[side]) in self.order.fused:
                return self._with_product(term, side, number)
        return self._operation(term, [self._register(inner, number, term.routed) for inner in term.terms])

    def _with_product(self, term: Term, side: int, number: int) -> ir.Value:
        """A sum or difference and the product in it, rounded once."""
        product, other = term.terms[side], term.terms[1 - side]
        first, second = (self._register(inner, number, term.routed) for inner in product.terms)
        if id(other) in self.order.fused:
            more = self._operation(other, [self._register(inner, number, term.routed) for inner in other.terms])
        else:
            more = self._register(other, number, term.routed)
        if term.operation == "subtract":
            if side == 1:
                first = self.b.fneg(first)
            else:
                more = self.b.fneg(more)
        return self.b.fused(first, second, more)

    def _operation(self, term: Term, given: list[ir.Value]) -> ir.Value:
        match term.operation:
            case "choice":
                setting, number = term.detail
                return self._switched("==", "formulas", setting, float(number), given)
            case "cut":
                return self._switched(">", "off", term.detail, 0.0, given)
            case operation:
                return _code(operation)(self.b, *given)

    def _switched(self, sign: str, array: str, index: int, against: float, given: list[ir.Value]) -> ir.Value:
        """The first of two values, if a number that stands for all runs compares so, else the second. The number is
        compared on every lane, lest it become a jump."""
        kind = given[0].type
        flag = self.b.read(self._array(array), index)
        flag = self._on_all_lanes(flag) if kind == V4 else flag
        return self.b.select(self.b.fcmp_ordered(sign, flag, constant(kind, against)), *given)

    def _folded(self, term: Term) -> ir.Value:
        """A sum, or the largest, over routes: one after the other in both forms."""
        parts = [self._route(term.terms[0], route) for route in range(self.form.routes)]
        join = _code(term.operation)
        return reduce(lambda whole, part: join(self.b, whole, part), parts)

    def _route(self, term: Term, route: int) -> ir.Value:
        registers = self.registers[id(term)]
        if not term.routed:
            return registers[0]
        if self.form.lanes > 1:
            return registers[route]
        return self.b.lane(registers[route // WIDTH], route % WIDTH)

    def _curved(self, group: list[Term]) -> None:
        """Exponents, or logarithms, of several terms at once; in one run, plain numbers are packed into vectors."""
        whole = [term for term in group if self.form.is_vector(term.routed)]
        plain = [term for term in group if not self.form.is_vector(term.routed)]
        packs = [plain[first : first + WIDTH] for first in range(0, len(plain), WIDTH)]
        vectors = []
        for pack in packs:
            numbers = [self.registers[id(term.terms[0])][0] for term in pack]
            vectors.append(self.b.packed([*numbers, *[numbers[-1]] * (WIDTH - len(numbers))]))
        for term in whole:
            count = self.form.registers(term.routed)
            vectors += [self._register(term.terms[0], number, term.routed) for number in range(count)]
        results = iter(call_curved(self.b, group[0].operation, vectors))
        for pack in packs:
            vector = next(results)
            for lane, term in enumerate(pack):
                self.registers[id(term)] = [self.b.lane(vector, lane)]
        for term in whole:
            self.registers[id(term)] = [next(results) for _ in range(self.form.registers(term.routed))]

    def _register(self, term: Term, number: int, routed: bool) -> ir.Value:
        """A term as a reader needs it: a plain one is spread over the routes of one run."""
        registers = self.registers[id(term)]
        if term.routed:
            return registers[number]
        if self.form.lanes > 1 or not routed:
            return registers[0]
        return constant(V4, term.detail) if term.operation == "number" else self._on_all_lanes(registers[0])

    def _on_all_lanes(self, value: ir.Value) -> ir.Value:
        if value not in self.spread:
            self.spread[value] = self.b.spread(value)
        return self.spread[value]

    def _read(self, term: Term) -> list[ir.Value]:
        if term.operation == "input":
            return self._inputs(term)
        array = _READ[term.operation]
        return self._load(array, self.memory.arrays[array].offsets[term.detail], term.routed)

    def _inputs(self, term: Term) -> list[ir.Value]:
        """Inputs stand one behind the other, each for all runs; those by route follow the others."""
        if not term.routed:
            return [self._input(term.detail)]
        routes = self.form.routes
        numbers = [self._input(term.detail + route) for route in range(routes)]
        if self.form.lanes > 1:
            return numbers
        numbers += [numbers[-1]] * (self.form.cells(True) - routes)
        return [self.b.packed(numbers[first : first + WIDTH]) for first in range(0, len(numbers), WIDTH)]

    def _input(self, column: int) -> ir.Value:
        return self.b.read(self.b.given["row"], column * self.form.lanes, self._kind(False))

    def _load(self, array: str, offset: int, routed: bool) -> list[ir.Value]:
        kind, stride = self._kind(routed), self.form.stride(routed)
        count = self.form.registers(routed)
        return [self.b.read(self._array(array), offset + number * stride, kind) for number in range(count)]

    def _store(self, part: Store) -> None:
        stride = self.form.stride(part.routed)
        for number in range(self.form.registers(part.routed)):
            value = self._register(part.term, number, part.routed)
            self.b.write(value, self._array(part.array), part.offset + number * stride)
