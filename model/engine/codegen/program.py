"""A model's kernel as LLVM text for one form, and where its numbers stand in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pushpull.engine.codegen.elementary import DECLARATIONS, WIDTH, curved_function
from pushpull.engine.codegen.kernel_march import march_text
from pushpull.engine.codegen.listing import listing
from pushpull.engine.codegen.straight_line import Form, Function, Rows
from pushpull.engine.codegen.terms import DRIVERS, PARAMETERS, POPULATIONS, ModelTerms, Term, below

Wanted = list[tuple[Term, str, int, bool]]


@dataclass(frozen=True)
class Work:
    """What a function works out, and when: the terms it stores, and those it finds `stored` by functions before it."""

    name: str
    when: str
    wanted: Wanted
    stored: dict[int, tuple[str, int]]


class Program:
    """Writes the kernel of a model; `rows` tells where each parameter, level, value and held cause stands."""

    def __init__(self, known: ModelTerms, form: Form):
        self.known, self.form = known, form
        self.called: set[tuple[str, int]] = set()
        self.model, self.layout = known.model, known.layout
        self.rows = {array: Rows(form) for array in ("parameters", "settled", "driven", "levels", "held", "values")}
        self._places("parameters", self.layout.constants)
        self._places("levels", self.layout.stocks)
        self._places("values", self.layout.values)
        self._places("held", [loop.cause for loop in self.model.loops.values()])
        self.slopes = self._wanted("levels", known.slopes, self.layout.stocks)
        balanced = [stock.name for stock in self.model.stocks if stock.declaration.balanced]
        self.balanced = self._wanted("levels", known.slopes, self.layout.stocks, balanced)
        self.usual_slopes = self._wanted("levels", known.usual.slopes, self.layout.stocks)
        self.values = self._wanted("values", known.values, self.layout.values)
        self.starts = self._wanted("levels", known.starts, self.layout.stocks)
        self.settled = self._kept("settled", PARAMETERS, [*self.slopes, *self.usual_slopes, *self.values])
        self.driven = self._kept("driven", DRIVERS, [*self.slopes, *self.usual_slopes])

    def _places(self, array: str, names: Iterable[str]) -> None:
        for row, name in enumerate(names):
            over = self.model.over(name)
            for place in range(POPULATIONS if "population" in over else 1):
                self.rows[array].add((row, place), "route" in over)

    def _wanted(
        self, array: str, terms: dict[str, list[Term]], names: Iterable[str], only: Iterable[str] | None = None
    ) -> Wanted:
        """What a function must store of these terms, or `only` of some, in "found"."""
        places = self.rows[array].place
        return [
            (term, "found", places[row, place], "route" in self.model.over(name))
            for row, name in enumerate(names)
            for place, term in enumerate(terms[name])
            if only is None or name in only
        ]

    def _kept(self, array: str, rank: int, wanted: Wanted) -> dict[int, tuple[str, int]]:
        """Terms of a rank that terms of a higher rank read, by their identity, and where they are kept."""
        roots = [part[0] for part in wanted]
        readers = [term for term in below(roots) if term.rank > rank]
        inner = [one for term in readers for one in term.terms] + (roots if rank == PARAMETERS else [])
        found: dict[int, tuple[str, int]] = {}
        self.terms_kept = getattr(self, "terms_kept", {})
        for term in inner:
            if term.rank == rank and term.operation != "number" and id(term) not in found:
                found[id(term)] = (array, self.rows[array].add(id(term), term.routed))
                self.terms_kept.setdefault(array, []).append(term)
        return found

    def elements(self, array: str, names: Iterable[str]) -> list[int]:
        """Of every cell of an array, the place in the flat (row, element) array of these names that it holds.

        Routes beyond the last, which round one run up to whole vectors, repeat the last.
        """
        routes, found = self.form.routes, []
        for row, name in enumerate(names):
            over = self.model.over(name)
            for place in range(POPULATIONS if "population" in over else 1):
                first = (row * POPULATIONS + place) * routes
                cells = range(self.form.cells("route" in over))
                found += [first + min(cell, routes - 1) for cell in cells]
        return found

    @property
    def sizes(self) -> dict[str, int]:
        """Doubles in every array, rounded up to whole vectors."""
        return {array: -(-max(rows.size, 1) // WIDTH) * WIDTH for array, rows in self.rows.items()}

    @cached_property
    def functions(self) -> tuple[Work, ...]:
        """What each function of the kernel works out."""
        keep = {
            array: [
                (term, array, self.rows[array].place[id(term)], term.routed) for term in self.terms_kept.get(array, ())
            ]
            for array in ("settled", "driven")
        }
        both = {**self.settled, **self.driven}
        return (
            Work("prepare", "once a run", keep["settled"], {}),
            Work("drive", "when levers or context have changed", keep["driven"], self.settled),
            Work("start", "once a run: initial levels", self.starts, self.settled),
            Work("slopes_at", "at every stage", self.slopes, both),
            Work("balanced_slopes_at", "while balanced stocks are sought", self.balanced, both),
            Work(
                "usual_slopes_at", "at every stage, while no loop is cut and no rival chosen", self.usual_slopes, both
            ),
            Work("outputs", "where a state is saved", self.values, both),
        )

    def text(self) -> str:
        """The whole kernel."""
        functions = [self._function(work) for work in self.functions]
        curved = [curved_function(*one) for one in sorted(self.called)]
        return "\n\n".join(
            [DECLARATIONS, *curved, *functions, self._hold(), march_text(self.form.lanes, len(self.model.loops))]
        )

    def listing(self) -> str:
        """The kernel's working out, for people: see `engine.codegen.listing`."""
        return listing(self)

    def _function(self, work: Work) -> str:
        function = Function(self.form, work.name, self.rows, len(self.layout.scalar_inputs))
        function.stored = work.stored
        text = function.text(work.wanted)
        self.called |= function.called
        return text

    def _hold(self) -> str:
        """Copies the cause of every loop from the values or levels."""
        lines = ["define internal void @hold(ptr %values, ptr %levels, ptr %held) {"]
        count = 0
        for number, loop in enumerate(self.model.loops.values()):
            stock = loop.cause in self.layout.stocks
            array, names = ("levels", self.layout.stocks) if stock else ("values", self.layout.values)
            over = self.model.over(loop.cause)
            size = self.form.cells("route" in over) * self.form.cell
            for place in range(POPULATIONS if "population" in over else 1):
                source = self.rows[array].place[names.index(loop.cause), place]
                target = self.rows["held"].place[number, place]
                for step in range(size):
                    count += 1
                    lines += [
                        f"  %s{count} = getelementptr double, ptr %{array}, i64 {source + step}",
                        f"  %t{count} = getelementptr double, ptr %held, i64 {target + step}",
                        f"  %n{count} = load double, ptr %s{count}, align 8",
                        f"  store double %n{count}, ptr %t{count}, align 8",
                    ]
        return "\n".join([*lines, "  ret void", "}"])
