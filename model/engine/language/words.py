"""The words of the language in which equation bodies are written: one record each.

A word is a plain function on numbers and on numpy arrays whose axes are those of `engine.language.indices`, and calling
it is what it means. The decorator `word` above it says the rest, and everything that reads bodies is a view of WORDS:
the plain evaluator (`engine.plain`), the unit check (`engine.language.units`), the proof of conservation
(`engine.proofs.conservation`), the terms of the kernel (`engine.codegen.terms`), the code made of them
(`engine.codegen.straight_line`) and XMILE (`exporting.expressions`). So a new word is written here and nowhere else.

The operators + - * / ** and numbers are no words: each of those views writes them itself.

Compiled, `minimum`, `maximum` and `highest` give one of their arguments where another is not a number, and numpy gives
that. All else agrees at the edges too, but that numbers below the smallest normal one count as zero to `log`.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np

from pushpull.engine.language.indices import AXIS, INDICES, Index, population
from pushpull.engine.language.unit_rules import UnitRule, alike, pure, ratio, unchanged

LABELS: tuple[str, ...] = population.labels
Place = Mapping[str, Any]  # the member of each index at which something is read, by the name of the index


@dataclass(frozen=True)
class Word:
    """What a word means to everyone who reads it.

    function: the meaning, on numpy arrays ([origin,] population, route).
    units: the rule its units follow, one of `engine.language.unit_rules` or like them.
    xmile: the function of XMILE that does the same, or how it is put together from the texts of its parts
        (`exporting.expressions.Text`, which knows the operators and `when`).
    term: (terms, *parts) -> term: how it is put together from the terms of its parts by the operations of
        `engine.codegen.terms.Terms`. None where it is an operation of its own, under its own name; then `code` says how
        code is made of that.
    code: (builder, *values) -> value: one operation on registers, each of which holds one number or a vector; `builder`
        has the methods of an `llvmlite.ir.IRBuilder`. Of a word that folds over routes, it joins two of them. A string
        names a function of `engine.codegen.elementary`, where whole polynomials are written.
    keywords: what it takes by name: `over` makes it run over an index, `population` takes the label of one.
    parts: (call, place) -> the expressions it is put together from at one place, and the place at which each is read.
        None: its arguments, at that place.
    flows: (read, call) -> signed flows: what is left of the flows in its arguments, which `read` gives, where it stands
        in the body of a stock (`engine.proofs.conservation.SignedFlow`). None where it must not stand there.
    """

    function: Callable
    units: UnitRule
    xmile: str | Callable
    term: Callable | None = None
    code: str | Callable | None = None
    keywords: tuple[str, ...] = ()
    parts: Callable[[ast.Call, Place], list[tuple[ast.expr, Place]]] | None = None
    flows: Callable[[Callable, ast.Call], Iterator] | None = None

    @property
    def name(self) -> str:
        """As it is written in a body."""
        return self.function.__name__

    @property
    def folds(self) -> bool:
        """Whether it runs over an index, as in `total(x, over=route)`."""
        return "over" in self.keywords

    @cached_property
    def arguments(self) -> int:
        """How many expressions it takes by position."""
        parameters = inspect.signature(self.function).parameters.values()
        return sum(each.kind != each.VAR_KEYWORD and each.name not in self.keywords for each in parameters)

    def fits(self, call: ast.Call) -> bool:
        """Whether a call has the arguments that the word takes."""
        named = {part.arg: part.value for part in call.keywords}
        return (
            len(call.args) == self.arguments
            and not any(isinstance(argument, ast.Starred) for argument in call.args)
            and set(named) == set(self.keywords)
            and (not self.folds or getattr(named["over"], "id", None) in AXIS)
            and ("population" not in named or getattr(named["population"], "value", None) in LABELS)
        )

    def parts_at(self, call: ast.Call, at: Place, members: Mapping[str, tuple]) -> list[tuple[ast.expr, Place]]:
        """The expressions a call is put together from at a place, and the place at which each is read. `members` are
        those of the indices that the reader writes out; what runs over another one stays one expression."""
        if self.parts:
            return self.parts(call, at)
        if self.folds and (index := index_of(call)) in members:
            return [(call.args[0], {**at, index: member}) for member in members[index]]
        return [(argument, at) for argument in call.args]


WORDS: dict[str, Word] = {}


def word(**record: Any) -> Callable[[Callable], Callable]:
    """Make a function a word of the language; `record` are the fields of Word."""

    def attach(function: Callable) -> Callable:
        WORDS[function.__name__] = Word(function, **record)
        return function

    return attach


def word_of(node: ast.AST) -> Word | None:
    """The word that a node calls as it should be called, or None."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return None
    own = WORDS.get(node.func.id)
    return own if own and own.fits(node) else None


def namespace() -> dict[str, object]:
    """Everything that a body or an initial level may name beside its causes: the words and the indices."""
    return {**{name: own.function for name, own in WORDS.items()}, **{index.name: index for index in INDICES}}


def index_of(call: ast.Call) -> str:
    """The name of the index that a call runs over."""
    (index,) = (part.value for part in call.keywords if part.arg == "over")
    assert isinstance(index, ast.Name)  # as Word.fits found
    return index.id


def _label_of(call: ast.Call) -> str:
    (label,) = (part.value for part in call.keywords)
    assert isinstance(label, ast.Constant) and isinstance(label.value, str)  # as Word.fits found
    return label.value


def _larger(builder, one, other):
    return builder.select(builder.fcmp_ordered(">", one, other), one, other)


def _smaller(builder, one, other):
    return builder.select(builder.fcmp_ordered("<", one, other), one, other)


@word(units=pure, xmile="EXP", code="exp")
def exp(exponent):
    """e to the power of a dimensionless number."""
    return np.exp(exponent)


@word(units=pure, xmile="LN", code="log")
def log(number):
    """Natural logarithm of a dimensionless number above zero."""
    return np.log(number)


@word(
    units=alike,
    xmile="MIN",
    term=lambda terms, one, other: terms.larger(one, other, "minimum"),
    code=_smaller,
)
def minimum(one, other):
    """The smaller of two quantities of one unit."""
    return np.minimum(one, other)


@word(
    units=alike,
    xmile="MAX",
    term=lambda terms, one, other: terms.larger(one, other, "maximum"),
    code=_larger,
)
def maximum(one, other):
    """The larger of two quantities of one unit."""
    return np.maximum(one, other)


@word(
    units=ratio,
    # Not SAFEDIV, which in some simulators takes any small number for zero.
    xmile=lambda part, whole: (whole > 0).when(part / whole, 0),
    term=lambda terms, part, whole: terms.of("where_positive", whole, terms.divide(part, whole)),
)
def divide(part, whole):
    """`part / whole`, and zero where `whole` is not above zero: nothing shared out among nobody."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0)


def _soft_minimum(terms, one, other):
    fourth = terms.power(terms.divide(one, other), 4)
    root = terms.of("root", terms.of("root", terms.add(terms.number(1.0), fourth)))
    return terms.of("where_positive", other, terms.divide(one, root))


@word(
    units=alike,
    xmile=lambda one, other: (other > 0).when(one / (1 + (one / other) ** 4) ** 0.25, 0),
    term=_soft_minimum,
)
def soft_minimum(one, other):
    """Close to the smaller of two amounts and smooth where they meet: neither can be exceeded, zero stays zero."""
    root = (1 + divide(one, other) ** 4) ** 0.25
    return np.where(other > 0, one / root, 0.0)


@word(
    units=unchanged,
    xmile=lambda *parts: reduce(lambda whole, part: whole + part, parts),
    term=lambda terms, *parts: reduce(terms.add, parts),
    code=lambda builder, whole, part: builder.fadd(whole, part),
    keywords=("over",),
    flows=lambda read, call: (flow.added_up(index_of(call)) for flow in read(call.args[0])),
)
def total(values: np.ndarray, over: Index) -> np.ndarray:
    """Sum over an index."""
    return np.sum(values, axis=AXIS[over.name], keepdims=not over.alone)


@word(
    units=unchanged,
    xmile=lambda *parts: reduce(lambda whole, part: whole.call("MAX", part), parts),
    term=lambda terms, *parts: reduce(terms.larger, parts),
    code=_larger,
    keywords=("over",),
)
def highest(values: np.ndarray, over: Index) -> np.ndarray:
    """Largest value over an index."""
    return np.max(values, axis=AXIS[over.name], keepdims=not over.alone)


@word(
    units=unchanged,
    xmile=lambda part: part,
    term=lambda terms, part: part,
    keywords=("population",),
    parts=lambda call, at: [(call.args[0], {**at, "population": _label_of(call)})],
    flows=lambda read, call: (flow.picked() for flow in read(call.args[0]) if flow.into == _label_of(call)),
)
def pick(values: np.ndarray, population: str) -> np.ndarray:
    """The part of `values` that belongs to one population."""
    position = LABELS.index(population)
    return values[..., position : position + 1, :]


@word(
    units=alike,
    xmile=lambda part: part,
    term=lambda terms, part: part,
    keywords=LABELS,
    parts=lambda call, at: [(part.value, at) for part in call.keywords if part.arg == at.get("population")],
    flows=lambda read, call: (flow.put_into(part.arg) for part in call.keywords for flow in read(part.value)),
)
def by_population(**parts):
    """One expression per population, put together."""
    ordered = [np.atleast_2d(parts[label]) for label in LABELS]
    shape = np.broadcast_shapes(*(part.shape for part in ordered))
    return np.concatenate([np.broadcast_to(part, (*shape[:-2], 1, shape[-1])) for part in ordered], axis=-2)
