"""Equations -> terms: what a kernel works out, each thing once.

A term is a number, something read (a parameter, an input, a level) or an operation on other terms; equal terms are
one object. Origins and populations are written out, routes are not: a routed term stands for one number per route. What
a term depends on gives its rank, and so how often it must be worked out: once a run, once per time, or at every stage.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, reduce
from itertools import product
from typing import Any

from pushpull.engine.language.graph import Equation, Model, ModelFault, Variable
from pushpull.engine.language.indices import IN_REGISTERS, WRITTEN_OUT, Extent, members
from pushpull.engine.language.rows import Layout
from pushpull.engine.language.words import WORDS, Place, Word, index_of, word_of

PARAMETERS, DRIVERS, STATE = range(3)  # ranks
SMALLEST_POWER, LARGEST_POWER = 2, 16  # whole powers written as multiplications
_READ = {"parameter": PARAMETERS, "input": DRIVERS, "level": STATE, "held": STATE}


class Term:
    """An operation, its terms, and details of it (the number, the row read, the loop, …); `labels` name variables."""

    __slots__ = ("operation", "terms", "detail", "routed", "rank", "labels")

    def __init__(self, operation: str, terms: tuple[Term, ...], detail: Any, routed: bool, rank: int):
        self.operation, self.terms, self.detail = operation, terms, detail
        self.routed, self.rank = routed, rank
        self.labels: list[str] = []


class Terms:
    """Makes terms, each once, and leaves out what changes nothing."""

    def __init__(self):
        self._terms: dict[tuple, Term] = {}

    def read(self, operation: str, detail: Any, routed: bool) -> Term:
        """Something that is given: a "parameter", an "input", a "level", or what a loop is "held" at."""
        return self._term(operation, (), detail, routed, _READ[operation])

    def number(self, value: float) -> Term:
        """A number."""
        return self._term("number", (), float(value), False, PARAMETERS)

    def of(self, operation: str, *terms: Term, detail: Any = None) -> Term:
        """An operation on terms."""
        rank = max(term.rank for term in terms)
        routed = any(term.routed for term in terms) and not folds(operation)
        return self._term(operation, terms, detail, routed, STATE if operation == "cut" else rank)

    def add(self, left: Term, right: Term) -> Term:
        """The sum of two terms."""
        if is_number(left, 0.0):
            return right
        if is_number(right, 0.0):
            return left
        if is_number(left) and is_number(right):
            return self.number(left.detail + right.detail)
        return self.of("add", left, right)

    def subtract(self, left: Term, right: Term) -> Term:
        """One term less another."""
        if is_number(right, 0.0):
            return left
        if is_number(left) and is_number(right):
            return self.number(left.detail - right.detail)
        return self.of("subtract", left, right)

    def multiply(self, left: Term, right: Term) -> Term:
        """The product of two terms; zero times anything is zero."""
        if is_number(left, 0.0) or is_number(right, 1.0):
            return left
        if is_number(right, 0.0) or is_number(left, 1.0):
            return right
        if is_number(left) and is_number(right):
            return self.number(left.detail * right.detail)
        return self.of("multiply", left, right)

    def divide(self, left: Term, right: Term) -> Term:
        """One term over another."""
        if is_number(right, 1.0) or is_number(left, 0.0):
            return left
        return self.of("divide", left, right)

    def power(self, base: Term, exponent: int) -> Term:
        """A whole power, by squaring."""
        if exponent == 1:
            return base
        half = self.power(base, exponent // 2)
        square = self.multiply(half, half)
        return self.multiply(square, base) if exponent % 2 else square

    def log_for_power(self, base: Term) -> Term:
        """The logarithm of a base: of a power of e within it, the exponent itself."""
        exponents: list[Term] = []
        rest = self._without_powers_of_e(base, exponents)
        if not exponents:
            return self.of("log_for_power", base)
        whole = exponents[0]
        for exponent in exponents[1:]:
            whole = self.add(whole, exponent)
        return whole if is_number(rest, 1.0) else self.add(self.of("log_for_power", rest), whole)

    def _without_powers_of_e(self, term: Term, exponents: list[Term]) -> Term:
        if term.operation == "exp":
            exponents.append(term.terms[0])
            return self.number(1.0)
        if term.operation == "multiply":
            return self.multiply(*(self._without_powers_of_e(inner, exponents) for inner in term.terms))
        return term

    def larger(self, left: Term, right: Term, operation: str = "maximum") -> Term:
        """The larger of two terms, or by "minimum" the smaller; the one that changes more often comes last."""
        return self.of(operation, *sorted((left, right), key=lambda term: term.rank))

    def _term(self, operation: str, terms: tuple[Term, ...], detail: Any, routed: bool, rank: int) -> Term:
        key = (operation, routed, *(id(term) for term in terms), repr(detail))
        if key not in self._terms:
            self._terms[key] = Term(operation, terms, detail, routed, rank)
        return self._terms[key]


def folds(operation: str) -> bool:
    """Whether an operation runs over routes, such as a sum."""
    return operation in WORDS and WORDS[operation].folds


def is_number(term: Term, value: float | None = None) -> bool:
    """Whether a term is a number, or that number."""
    return term.operation == "number" and (value is None or term.detail == value)


def below(roots: Iterable[Term], stop: Callable[[Term], bool] = lambda term: False) -> Iterator[Term]:
    """Every term needed for the roots, causes first and each once; not what lies below a term at which to stop."""
    seen: set[int] = set()
    for root in roots:
        waiting = [(root, False)]
        while waiting:
            term, ready = waiting.pop()
            if ready:
                yield term
            elif id(term) not in seen:
                seen.add(id(term))
                waiting.append((term, True))
                if not stop(term):
                    waiting.extend((inner, False) for inner in reversed(term.terms) if id(inner) not in seen)


class ModelTerms:
    """The terms of a model: of every value, every slope and every initial level, each a list over the places that are
    written out, origin by origin and in each population by population.

    The `usual` ones hold while no loop is cut and every rival formula is the default; they share what they can.
    """

    def __init__(self, model: Model, layout: Layout, extent: Extent, terms: Terms | None = None, usual: bool = False):
        self.model, self.layout, self.terms, self.is_usual = model, layout, terms or Terms(), usual
        self.extent, self.members, self.columns = extent, members(extent), layout.columns(extent)
        loops = () if usual else model.loops.values()
        self.frozen = {(loop.cause, loop.effect): number for number, loop in enumerate(loops)}
        self.values: dict[str, list[Term]] = {}
        for name in layout.values:
            self.values[name] = self._variable(name)
            for part, term in enumerate(self.values[name]):
                label = labelled(name, model.over(name), extent, part)
                if label not in term.labels:
                    term.labels.append(label)
        self.slopes = {name: self._variable(name) for name in layout.stocks}

    @cached_property
    def usual(self) -> ModelTerms:
        """What holds while no loop is cut and no rival formula chosen."""
        return ModelTerms(self.model, self.layout, self.extent, self.terms, usual=True)

    @cached_property
    def starts(self) -> dict[str, list[Term]]:
        """Initial levels as stated."""
        starts = {}
        for stock in self.model.stocks:
            expression = ast.parse(stock.declaration.initial, mode="eval")
            body = _Body(self, f"initial level of {stock.name}")
            starts[stock.name] = [body.write(expression.body, at) for at in self._places(stock.name)]
        return starts

    def _variable(self, name: str) -> list[Term]:
        variable = self.model.variables[name]
        return [self._chosen(variable, at) for at in self._places(name)]

    def _chosen(self, variable: Variable, at: Place) -> Term:
        """The formula in force among rivals."""
        equations = variable.equations[:1] if self.is_usual else variable.equations
        written = [_Body(self, variable.name, each).write(each.expression, at) for each in equations]
        term = written[-1]
        for number in range(len(written) - 2, -1, -1):
            setting = self.layout.settings.index(variable.setting or "")
            term = self.terms.of("choice", written[number], term, detail=(setting, number))
        return term

    def _places(self, name: str) -> list[Place]:
        """The places at which a name is written out."""
        return places(self.model.over(name), self.members)


def places(over: tuple[str, ...], members: Mapping[str, tuple]) -> list[Place]:
    """Every place of what varies over some indices, of those whose members are given."""
    own = [index for index in members if index in over]
    return [dict(zip(own, at, strict=True)) for at in product(*(members[index] for index in own))]


def labelled(name: str, over: tuple[str, ...], extent: Extent, part: int) -> str:
    """A name with the labels of a part of it, where it has several."""
    parts = places(over, members(extent))
    return f"{name}[{', '.join(map(str, parts[part].values()))}]" if len(parts) > 1 else name


class _Body:
    """Translates one body; products and sums are put in an order in which what changes rarely comes first."""

    def __init__(self, whole: ModelTerms, where: str, equation: Equation | None = None):
        self.whole, self.where, self.terms = whole, where, whole.terms
        self.reader = where if equation else None

    def write(self, node: ast.expr, at: Place) -> Term:
        """The term of an expression at a place."""
        terms = self.terms
        match node:
            case ast.Constant(value=bool()):
                raise ModelFault(f"{self.where}: no truth values in a body")
            case ast.Constant(value=int() | float() as number):
                return terms.number(number)
            case ast.Name(id=name):
                return self._read(name, at)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self._sum(node, at)
            case ast.BinOp(op=ast.Mult() | ast.Div() | ast.Pow()) | ast.UnaryOp(op=ast.USub()):
                return self._product(node, at)
            case ast.Call() if own := word_of(node):
                return self._word(own, node, at)
        raise ModelFault(f"{self.where}: {ast.unparse(node)!r} is not in the language of equations")

    def _read(self, name: str, at: Place) -> Term:
        whole, layout = self.whole, self.whole.layout
        over = whole.model.over(name)
        unread = next((index for index in WRITTEN_OUT if index in over and index not in at), None)
        if unread:
            remedy = "Take a total or pick one" if unread == "population" else "Take a total"
            raise ModelFault(f"{self.where}: of which {unread} is {name}? {remedy}")
        part = 0
        for index in WRITTEN_OUT:
            if index in over:
                part = part * len(whole.members[index]) + whole.members[index].index(at[index])
        routed = IN_REGISTERS in over
        if name in layout.stocks:
            term = self.terms.read("level", (layout.stocks.index(name), part), routed)
        elif name in layout.constants:
            term = self.terms.read("parameter", (layout.constants.index(name), part), routed)
        elif name in whole.columns:
            term = self.terms.read("input", whole.columns[name].start + part, routed)
        else:
            term = whole.values[name][part]
        if self.reader is None or (name, self.reader) not in whole.frozen:
            return term
        number = whole.frozen[name, self.reader]
        return self.terms.of("cut", self.terms.read("held", (number, part), routed), term, detail=number)

    def _sum(self, node: ast.expr, at: Place) -> Term:
        signed: list[tuple[bool, Term]] = []
        self._collect_sum(node, at, False, signed)
        signed.sort(key=lambda part: (part[1].rank, part[1].routed))
        negative, whole = signed[0]
        if negative:
            first = next((number for number, part in enumerate(signed) if not part[0]), None)
            if first is not None:
                whole = signed.pop(first)[1]
            else:
                whole = self.terms.subtract(self.terms.number(0.0), whole)
                signed.pop(0)
        else:
            signed.pop(0)
        for negative, term in signed:
            whole = self.terms.subtract(whole, term) if negative else self.terms.add(whole, term)
        return whole

    def _collect_sum(self, node: ast.expr, at: Place, negative: bool, signed: list) -> None:
        match node:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
                self._collect_sum(left, at, negative, signed)
                self._collect_sum(right, at, negative != isinstance(operator, ast.Sub), signed)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                self._collect_sum(inner, at, not negative, signed)
            case _:
                signed.append((negative, self.write(node, at)))

    def _product(self, node: ast.expr, at: Place) -> Term:
        factors = _Factors()
        self._collect_product(node, at, False, factors)
        return factors.together(self.terms)

    def _collect_product(self, node: ast.expr, at: Place, below_line: bool, factors: _Factors) -> None:
        match node:
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as operator, right=right):
                self._collect_product(left, at, below_line, factors)
                self._collect_product(right, at, below_line != isinstance(operator, ast.Div), factors)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                factors.negative = not factors.negative
                self._collect_product(inner, at, below_line, factors)
            case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
                self._collect_power(self.write(base, at), exponent, at, below_line, factors)
            case ast.Call(func=ast.Name(id="exp"), args=[inner]):
                factors.exponents.append((below_line, self.write(inner, at)))
            case _:
                factors.add(below_line, self.write(node, at))

    def _collect_power(self, base: Term, exponent: ast.expr, at: Place, below_line: bool, factors: _Factors) -> None:
        if isinstance(exponent, ast.UnaryOp) and isinstance(exponent.op, ast.USub):
            self._collect_power(base, exponent.operand, at, not below_line, factors)
            return
        match exponent:
            case ast.Constant(value=int() as power) if SMALLEST_POWER <= power <= LARGEST_POWER:
                factors.add(below_line, self.terms.power(base, power))
            case ast.Constant(value=0.5):
                factors.add(below_line, self.terms.of("root", base))
            case ast.Constant(value=0.25):
                factors.add(below_line, self.terms.of("root", self.terms.of("root", base)))
            case _:
                whole = self.terms.multiply(self.write(exponent, at), self.terms.log_for_power(base))
                factors.exponents.append((below_line, whole))

    def _word(self, own: Word, call: ast.Call, at: Place) -> Term:
        """The term of a word of the language, as its record says; what runs over routes is one operation."""
        if own.folds and not any(index_of(call) in over for over in self._overs(call.args[0])):
            raise ModelFault(f"{self.where}: {ast.unparse(call.args[0])!r} does not vary over {index_of(call)}")
        parts = [self.write(part, place) for part, place in own.parts_at(call, at, self.whole.members)]
        if not parts:
            raise ModelFault(f"{self.where}: {ast.unparse(call)!r} varies over populations: take a total or pick one")
        if own.term and not (own.folds and index_of(call) == IN_REGISTERS):
            return own.term(self.terms, *parts)
        return self.terms.of(own.name, *parts)

    def _overs(self, node: ast.expr) -> Iterator[tuple[str, ...]]:
        """What each variable and card in an expression varies over."""
        model = self.whole.model
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and (each.id in model.variables or each.id in model.cards):
                yield model.over(each.id)


class _Factors:
    """Factors of a product, above and below the line, and the exponents of its powers of e."""

    def __init__(self):
        self.above: list[Term] = []
        self.under: list[Term] = []
        self.exponents: list[tuple[bool, Term]] = []
        self.negative = False

    def add(self, below_line: bool, term: Term) -> None:
        """One more factor."""
        (self.under if below_line else self.above).append(term)

    def together(self, terms: Terms) -> Term:
        """The product, rank by rank: one quotient and one power of e in each."""
        product = terms.number(-1.0 if self.negative else 1.0)
        for rank in (PARAMETERS, DRIVERS, STATE):
            above = [term for term in self.above if term.rank == rank]
            exponents = [part for part in self.exponents if part[1].rank == rank]
            if exponents:
                above.append(self._power_of_e(terms, exponents))
            product = _multiplied(terms, [product, *above])
            under = [term for term in self.under if term.rank == rank]
            product = terms.divide(product, _multiplied(terms, under)) if under else product
        return product

    @staticmethod
    def _power_of_e(terms: Terms, exponents: list[tuple[bool, Term]]) -> Term:
        negative, first = exponents[0]
        whole = terms.subtract(terms.number(0.0), first) if negative else first
        for negative, term in exponents[1:]:
            whole = terms.subtract(whole, term) if negative else terms.add(whole, term)
        return terms.of("exp", whole)


def _multiplied(terms: Terms, factors: list[Term]) -> Term:
    return reduce(terms.multiply, sorted(factors, key=lambda term: (term.rank, term.routed)))
