"""Bodies of equations -> expressions of XMILE, one scalar element at a time.

Routes and populations are written out: every element of a variable is a variable of its own, such as
`smuggler_fee_arizona`, and a sum names its terms. Arrays are an option of XMILE that simulators read differently.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import product

from pushpull.engine.language.declare import population
from pushpull.engine.language.graph import Model, ModelFault
from pushpull.engine.language.words import Word, word_of

# How tightly the parts of an expression hold together; what is looser than its surroundings gets parentheses.
LOOSE, COMPARED, ADDED, MULTIPLIED, RAISED, WHOLE = range(6)
BINDING = {">": COMPARED, "<": COMPARED, "+": ADDED, "-": ADDED, "*": MULTIPLIED, "/": MULTIPLIED, "^": RAISED}
OPERATORS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}


@dataclass(frozen=True)
class Position:
    """The population, the route and the origin an expression is written for; None where it varies over none of them, or
    where there is only one origin."""

    population: str | None = None
    route: str | None = None
    origin: str | None = None


@dataclass(frozen=True)
class Text:
    """A written expression, and how tightly it holds together."""

    text: str
    binding: int = WHOLE

    def __add__(self, other: Text | float) -> Text:
        return infix(self, "+", other)

    def __radd__(self, other: float) -> Text:
        return infix(other, "+", self)

    def __sub__(self, other: Text | float) -> Text:
        return infix(self, "-", other)

    def __mul__(self, other: Text | float) -> Text:
        return infix(self, "*", other)

    def __truediv__(self, other: Text | float) -> Text:
        return infix(self, "/", other)

    def __pow__(self, other: Text | float) -> Text:
        return infix(self, "^", other)

    def __gt__(self, other: Text | float) -> Text:
        return infix(self, ">", other)

    def __lt__(self, other: Text | float) -> Text:
        return infix(self, "<", other)

    def when(self, then: Text | float, otherwise: Text | float) -> Text:
        """One expression where this condition holds, else another."""
        yes, no = (as_text(part).held(COMPARED) for part in (then, otherwise))
        return Text(f"IF {self} THEN {yes} ELSE {no}", LOOSE)

    def call(self, function: str, *others: Text) -> Text:
        """A function of XMILE of this and others."""
        return called(function, [self, *others])

    def __str__(self) -> str:
        return self.text

    def held(self, binding: int) -> str:
        """The text, in parentheses where it is looser than its surroundings."""
        return self.text if self.binding >= binding else f"({self.text})"


def parsed(text: str) -> ast.expr:
    """An expression written as text, such as the level of a stock at the start."""
    return ast.parse(text, mode="eval").body


def number(value: float) -> Text:
    """A number with every digit it needs; raise ValueError where it is not finite."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number XMILE can hold")
    text = repr(float(value)).removesuffix(".0")
    return Text(text, LOOSE if text.startswith("-") else WHOLE)


def as_text(part: Text | float) -> Text:
    """An expression, or a number as one."""
    return part if isinstance(part, Text) else number(part)


def infix(left: Text | float, sign: str, right: Text | float) -> Text:
    """Two expressions joined; powers are always told apart, since simulators chain them differently."""
    left, right = as_text(left), as_text(right)
    binding = BINDING[sign]
    nearest = WHOLE if sign == "^" else binding
    spaced = sign if sign == "^" else f" {sign} "
    return Text(f"{left.held(nearest)}{spaced}{right.held(min(binding + 1, WHOLE))}", binding)


def called(function: str, arguments: Sequence[Text]) -> Text:
    """A function of XMILE of expressions."""
    return Text(f"{function}({', '.join(argument.held(COMPARED) for argument in arguments)})")


@dataclass(frozen=True)
class Writer:
    """Writes expressions of a model for these routes and origins; `called` says by what name a reader knows a cause."""

    model: Model
    routes: tuple[str, ...]
    called: Callable[[str, str], str] = lambda cause, reader: cause
    origins: tuple[str, ...] = ()

    @cached_property
    def members(self) -> Mapping[str, tuple[str | None, ...]]:
        """Of every index its members, in the order of names."""
        several = self.origins if len(self.origins) > 1 else (None,)
        return {"origin": several, "population": population.labels, "route": self.routes}

    def positions(self, over: tuple[str, ...]) -> list[Position]:
        """Every element of something that varies over these indices."""
        own = [name for name in self.members if name in over]
        return [
            Position(**dict(zip(own, labels, strict=True))) for labels in product(*(self.members[name] for name in own))
        ]

    def write(self, node: ast.expr, reader: str, position: Position) -> Text:
        """The expression for one element of `reader`."""

        def write(node: ast.expr, position: Position) -> Text:
            match node:
                case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                    return number(value)
                case ast.Name(id=name):
                    return Text(element(self.called(name, reader), self.model.over(name), position))
                case ast.UnaryOp(op=ast.USub(), operand=operand):
                    return Text(f"-{write(operand, position).held(WHOLE)}", LOOSE)
                case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
                    return infix(write(left, position), OPERATORS[type(operator)], write(right, position))
                case ast.Call() if own := word_of(node):
                    parts = [write(*part) for part in self.parts(own, node, position)]
                    return called(own.xmile, parts) if isinstance(own.xmile, str) else own.xmile(*parts)
            raise ModelFault(f"{reader}: {ast.unparse(node)!r} cannot be written in XMILE")

        return write(node, position)

    def parts(self, own: Word, call: ast.Call, position: Position) -> list[tuple[ast.expr, Position]]:
        """What the call of a word is put together from, and where each part stands."""
        return [(part, Position(**at)) for part, at in own.parts_at(call, asdict(position), self.members)]

    def flows(self, node: ast.expr, stock: str, position: Position) -> Iterator[tuple[int, str]]:
        """The elements of flows that a stock's body adds and takes away, each with its sign."""
        match node:
            case ast.Name(id=name):
                yield 1, element(self.called(name, stock), self.model.over(name), position)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                yield from _turned(self.flows(operand, stock, position))
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
                yield from self.flows(left, stock, position)
                after = self.flows(right, stock, position)
                yield from after if isinstance(operator, ast.Add) else _turned(after)
            case ast.Constant(value=0) | ast.BinOp(left=ast.Constant(value=0), op=ast.Mult()):
                return
            case ast.Call() if (own := word_of(node)) and own.flows:
                for part in self.parts(own, node, position):
                    yield from self.flows(part[0], stock, part[1])
            case _:
                raise ModelFault(f"{stock}: {ast.unparse(node)!r} is not a signed sum of flows")


def element(name: str, over: tuple[str, ...], position: Position) -> str:
    """The name of one element of a variable."""
    labels = [getattr(position, index) for index in over]
    return "_".join([name, *(str(label) for label in labels if label is not None)])


def _turned(flows: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    return ((-sign, name) for sign, name in flows)
