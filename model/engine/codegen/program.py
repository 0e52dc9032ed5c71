"""A model's kernel for one form: which functions it has, what each works out, and all of it as one module."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from llvmlite import ir

from pushpull.engine.codegen.kernel_march import write_march
from pushpull.engine.codegen.layout import Form, Layout, Memory
from pushpull.engine.codegen.listing import listing
from pushpull.engine.codegen.straight_line import Wanted, Work, write_function
from pushpull.engine.codegen.terms import DRIVERS, PARAMETERS, ModelTerms, Term, below
from pushpull.engine.language.graph import Model, ModelFault


class Program:
    """The kernel of a model for one form. Raises ModelFault where an initial level reads another level."""

    def __init__(self, model: Model, layout: Layout, form: Form):
        self.terms, self.memory = ModelTerms(model, layout), Memory(model, layout, form)
        self.model, self.layout = model, layout
        balanced = [stock.name for stock in model.stocks if stock.declaration.balanced]
        slopes = self._wanted("levels", self.terms.slopes, layout.stocks)
        usual_slopes = self._wanted("levels", self.terms.usual.slopes, layout.stocks)
        values = self._wanted("values", self.terms.values, layout.values)
        self.settled = self._stored("settled", PARAMETERS, [*slopes, *usual_slopes, *values])
        self.driven = self._stored("driven", DRIVERS, [*slopes, *usual_slopes])
        settled, driven = self._offsets("settled"), self._offsets("driven")
        both = settled | driven
        self.functions = (
            Work("prepare", "once a run", self._keep("settled"), {}),
            Work("drive", "when levers or context have changed", self._keep("driven"), settled),
            Work("start", "once a run: initial levels", self._starts(), settled),
            Work("slopes_at", "at every stage", slopes, both),
            Work(
                "balanced_slopes_at",
                "while balanced stocks are sought",
                self._wanted("levels", self.terms.slopes, layout.stocks, balanced),
                both,
            ),
            Work(
                "usual_slopes_at",
                "at every stage, while no loop is cut and no rival chosen",
                usual_slopes,
                both,
            ),
            Work("outputs", "where a state is saved", values, both),
        )

    def _wanted(
        self,
        array: str,
        terms: dict[str, list[Term]],
        names: Iterable[str],
        only: Collection[str] | None = None,
    ) -> tuple[Wanted, ...]:
        """What a function must store of these terms, or `only` of some, in "result", which is laid out as an array."""
        offsets = self.memory.rows[array].offsets
        return tuple(
            Wanted(term, "result", offsets[row, part], self.memory.routed(name))
            for row, name in enumerate(names)
            for part, term in enumerate(terms[name])
            if only is None or name in only
        )

    def _starts(self) -> tuple[Wanted, ...]:
        for name, terms in self.terms.starts.items():
            if any(term.operation == "level" for term in below(terms)):
                raise ModelFault(f"initial level of {name}: no stock is known yet; use parameters, levers and context")
        return self._wanted("levels", self.terms.starts, self.layout.stocks)

    def _stored(self, array: str, rank: int, wanted: Iterable[Wanted]) -> tuple[Term, ...]:
        """Terms of a rank that are wanted, or that terms of a higher rank read: each gets its own cells in an array."""
        roots = [part.term for part in wanted]
        readers = [term for term in below(roots) if term.rank > rank]
        read = [inner for term in readers for inner in term.terms] + roots
        stored = {id(term): term for term in read if term.rank == rank and term.operation != "number"}
        for term in stored.values():
            self.memory.rows[array].add(id(term), term.routed)
        return tuple(stored.values())

    def _offsets(self, array: str) -> dict[int, tuple[str, int]]:
        """Of every term that is stored in an array, by its identity, where."""
        return {id(term): (array, offset) for term, offset in self._with_offsets(array)}

    def _keep(self, array: str) -> tuple[Wanted, ...]:
        return tuple(Wanted(term, array, offset, term.routed) for term, offset in self._with_offsets(array))

    def _with_offsets(self, array: str) -> Iterator[tuple[Term, int]]:
        for term in self.settled if array == "settled" else self.driven:
            yield term, self.memory.rows[array].offsets[id(term)]

    @cached_property
    def module(self) -> ir.Module:
        """The whole kernel."""
        module = ir.Module("kernel")
        for work in self.functions:
            write_function(module, self.memory, work)
        write_march(module, self.memory)
        return module

    def listing(self) -> str:
        """What the kernel works out, for people."""
        return listing(self.memory, self.functions)
