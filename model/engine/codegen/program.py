"""A model's kernel for one form: which functions it has, what each works out, and all of it as one module."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from llvmlite import ir

from pushpull.engine.codegen.kernel_march import write_march
from pushpull.engine.codegen.layout import Form, Memory
from pushpull.engine.codegen.listing import listing
from pushpull.engine.codegen.straight_line import FunctionPlan, Store, write_function
from pushpull.engine.codegen.terms import DRIVERS, PARAMETERS, ModelTerms, Term, below
from pushpull.engine.language.graph import Model, ModelFault
from pushpull.engine.language.rows import Layout


class Program:
    """The kernel of a model for one form. Raises ModelFault where an initial level reads another level."""

    def __init__(self, model: Model, layout: Layout, form: Form):
        self.terms, self.memory = ModelTerms(model, layout, form.extent), Memory(model, layout, form)
        self.model, self.layout = model, layout
        balanced = [stock.name for stock in model.stocks if stock.declaration.balanced]
        slopes = self._wanted("levels", self.terms.slopes, layout.stocks)
        usual_slopes = self._wanted("levels", self.terms.usual.slopes, layout.stocks)
        values = self._wanted("values", self.terms.values, layout.values)
        settled = self._stored("settled", PARAMETERS, [*slopes, *usual_slopes, *values])
        driven = self._stored("driven", DRIVERS, [*slopes, *usual_slopes])
        once, both = _where(settled), _where([*settled, *driven])
        self.functions = (
            FunctionPlan("prepare", "once a run", settled, {}),
            FunctionPlan("drive", "when levers or context have changed", driven, once),
            FunctionPlan("start", "once a run: initial levels", self._starts(), once),
            FunctionPlan("slopes_at", "at every stage", slopes, both),
            FunctionPlan(
                "balanced_slopes_at",
                "while balanced stocks are sought",
                self._wanted("levels", self.terms.slopes, layout.stocks, balanced),
                both,
            ),
            FunctionPlan(
                "usual_slopes_at",
                "at every stage, while no loop is cut and no rival chosen",
                usual_slopes,
                both,
            ),
            FunctionPlan("outputs", "where a state is saved", values, both),
        )

    def _wanted(
        self,
        array: str,
        terms: dict[str, list[Term]],
        names: Iterable[str],
        only: Collection[str] | None = None,
    ) -> tuple[Store, ...]:
        """What a function must store of these terms, or `only` of some, in "result", which is laid out as an array."""
        offsets = self.memory.arrays[array].offsets
        return tuple(
            Store(term, "result", offsets[row, part], self.memory.routed(name))
            for row, name in enumerate(names)
            for part, term in enumerate(terms[name])
            if only is None or name in only
        )

    def _starts(self) -> tuple[Store, ...]:
        for name, terms in self.terms.starts.items():
            if any(term.operation == "level" for term in below(terms)):
                raise ModelFault(f"initial level of {name}: no stock is known yet; use parameters, levers and context")
        return self._wanted("levels", self.terms.starts, self.layout.stocks)

    def _stored(self, array: str, rank: int, wanted: Iterable[Store]) -> tuple[Store, ...]:
        """Terms of a rank that are wanted, or that terms of a higher rank read: each gets its own cells in an array."""
        roots = [part.term for part in wanted]
        readers = [term for term in below(roots) if term.rank > rank]
        read = [inner for term in readers for inner in term.terms] + roots
        terms = {id(term): term for term in read if term.rank == rank and term.operation != "number"}
        add = self.memory.arrays[array].add
        return tuple(Store(term, array, add(id(term), term.routed), term.routed) for term in terms.values())

    @cached_property
    def module(self) -> ir.Module:
        """The whole kernel."""
        module = ir.Module("kernel")
        for plan in self.functions:
            write_function(module, self.memory, plan)
        write_march(module, self.memory)
        return module

    def listing(self) -> str:
        """What the kernel works out, for people."""
        return listing(self.memory, self.functions)


def _where(stores: Iterable[Store]) -> dict[int, tuple[str, int]]:
    """Of terms that are stored, by their identity, in which array and how far into it."""
    return {id(part.term): (part.array, part.offset) for part in stores}
