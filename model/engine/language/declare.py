"""How an equation is declared: `@stock`, `@flow`, `@auxiliary`, and the indices they may vary over.

A declared function stays a plain function. Its name is the variable, its arguments are the causes, its docstring
gives the meaning and the source; unit and indices stand in the decorator.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pushpull.engine.language.indices import INDICES, Index, origin, population, route

__all__ = (
    "Declaration", "Index", "Loop", "auxiliary", "flow", "origin", "population", "rival", "route", "stock",
)  # fmt: skip


@dataclass(frozen=True)
class Declaration:
    """What a decorator says of a function, attached to it as `function.declaration`.

    `variable` is the name the equation defines: the function's own, or for a rival formula the name the rivals share.
    `initial` is an expression of parameters, levers and context, empty for all but stocks. `boundary` marks a flow of
    people that crosses the edge of the model. `across` says how routes add up in reports: "sum" or "mean". A stock that
    is `balanced` starts where its flows cancel; `initial` is then where the search begins. A stock that is not `signed`
    cannot be negative, and no run goes on in which it is.
    """

    kind: str
    variable: str
    unit: str
    over: tuple[Index, ...]
    function: Callable
    initial: str = ""
    balanced: bool = False
    signed: bool = False
    boundary: str | None = None
    across: str | None = None
    setting: str | None = None
    formula: str | None = None

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The causes, in the order of the signature."""
        return tuple(inspect.signature(self.function).parameters)

    @property
    def meaning(self) -> str:
        """The docstring, on one line."""
        return " ".join((inspect.getdoc(self.function) or "").split())


Over = Index | tuple[Index, ...] | None
Decorator = Callable[[Callable], Callable]


def _indices(over: Over) -> tuple[Index, ...]:
    if over is None:
        return ()
    given = over if isinstance(over, tuple) else (over,)
    return tuple(index for index in INDICES if index in given)


def _declare(
    kind: str,
    unit: str,
    over: Over,
    *,
    variable: str = "",
    initial: str = "",
    balanced: bool = False,
    signed: bool = False,
    boundary: str | None = None,
    across: str | None = None,
    setting: str | None = None,
    formula: str | None = None,
) -> Decorator:
    def attach(function: Callable) -> Callable:
        function.__dict__["declaration"] = Declaration(
            kind=kind,
            variable=variable or function.__name__,
            unit=unit,
            over=_indices(over),
            function=function,
            initial=initial,
            balanced=balanced,
            signed=signed,
            boundary=boundary,
            across=across,
            setting=setting,
            formula=formula,
        )
        return function

    return attach


def stock(
    unit: str,
    *,
    over: Over = None,
    initial: str,
    balanced: bool = False,
    signed: bool = False,
    across: str | None = None,
) -> Decorator:
    """A level that only its flows change. The body is the net flow, a signed sum of flows.

    Stocks that turn over within weeks are best started `balanced`, where their flows cancel given all other stocks.
    Those few that may be negative are `signed`.
    """
    return _declare("stock", unit, over, initial=initial, balanced=balanced, signed=signed, across=across)


def flow(unit: str, *, over: Over = None, boundary: str | None = None, across: str | None = None) -> Decorator:
    """A happening per year. `boundary` names the outside a flow of people comes from or goes to."""
    return _declare("flow", unit, over, boundary=boundary, across=across)


def auxiliary(unit: str, *, over: Over = None, across: str | None = None) -> Decorator:
    """Anything that follows at once from stocks, levers, context and parameters."""
    return _declare("auxiliary", unit, over, across=across)


def rival(variable: str, unit: str, *, setting: str, formula: str, over: Over = None) -> Decorator:
    """One of several published formulas for the same auxiliary; the scenario's `setting` chooses among them."""
    return _declare("auxiliary", unit, over, variable=variable, setting=setting, formula=formula)


@dataclass(frozen=True)
class Loop:
    """A feedback loop with a story, and the one link that is frozen when the loop is switched off.

    `cause` and `effect` are variables joined by a link of this loop alone; `through` are variables it also passes.
    `needs` is the setting and the rival formula without which the link does nothing; None where it always acts.
    """

    id: str
    title: str
    kind: str
    cause: str
    effect: str
    through: tuple[str, ...]
    story: str
    needs: tuple[str, str] | None = None
