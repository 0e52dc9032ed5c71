"""Models made of expressions written as text, for proofs of the language and of the code made of it."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import linecache
import math
from collections.abc import Callable, Sequence

import numpy as np

from pushpull.engine.codegen.layout import SIDE_BY_SIDE, SINGLE
from pushpull.engine.integrator import Integrator
from pushpull.engine.language.declare import auxiliary, origin, population, route, stock
from pushpull.engine.language.indices import extent
from pushpull.engine.language.words import namespace
from pushpull.engine.machine.kernels import load_kernel
from pushpull.engine.plain.evaluator import Conditions
from pushpull.engine.runs.task import Inputs, Task
from tests.engine.trials import a_card, small_model

_NUMBERS = itertools.count()
OVER = {
    "": (), "r": (route,), "p": (population,), "b": (population, route), "o": (origin,), "g": (origin, route),
    "a": (origin, population, route),
}  # fmt: skip
CARDS_OVER = {"r": "route", "o": "origin"}
STOCKS = tuple(f"{name}{ending}" for name in "xy" for ending in OVER)
PARAMETERS, INPUTS = ("k", "kr", "ko"), ("u", "ur", "uo")
NAMES = (*STOCKS, *PARAMETERS, *INPUTS)


def function_of(name: str, text: str) -> Callable:
    """A function whose body is one expression and whose arguments are the names it uses."""
    used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)} - set(namespace())
    source = f"def {name}({', '.join(sorted(used))}):\n    return {text}\n"
    file = f"<expression {next(_NUMBERS)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    defined: dict[str, Callable] = {}
    exec(compile(source, file, "exec"), namespace(), defined)  # noqa: S102
    return defined[name]


class Expressions:
    """Expressions of stocks x, y, parameters k and inputs u, in which an ending tells the index: `xr` has routes, `xp`
    populations, `xb` both, `xo` origins, `xg` origins and routes, `xa` all. Each is evaluated as the value of a
    variable over all indices, and the first as the net flow of a stock too."""

    def __init__(self, texts: Sequence[str], routes: int, origins: int = 1):
        self.texts = list(texts)
        both = OVER["a"]
        functions = [
            auxiliary("1", over=both)(function_of(f"value{number}", text)) for number, text in enumerate(self.texts)
        ]
        functions.append(auxiliary("1", over=both)(function_of("uses_all", " + ".join(NAMES))))
        for name in STOCKS:
            over = OVER[name[1:]]
            functions.append(stock("1", over=over, initial="1", signed=True)(function_of(name, f"0 * {name}")))
        functions.append(stock("1", over=both, initial="1", signed=True)(function_of("z", self.texts[0])))
        cards = {
            name: dataclasses.replace(a_card(name, 1.0), kind=kind, over=CARDS_OVER.get(name[1:]))
            for kind, names in (("parameter", PARAMETERS), ("context", INPUTS))
            for name in names
        }
        self.model = small_model(*functions, cards=cards)
        self.engine = Integrator(self.model, load_kernel(self.model))
        self.routes = tuple(f"route{number}" for number in range(routes))
        self.origins = tuple(f"origin{number}" for number in range(origins))
        self.extent = extent(origin=origins, route=routes)

    def conditions(self, draw: Callable[[tuple[int, ...]], np.ndarray]) -> tuple[Task, Conditions]:
        """A task and conditions with numbers from `draw`, which is given a shape."""
        layout, elements = self.engine.layout, math.prod(self.extent)
        columns = max(held.stop for held in layout.columns(self.extent).values())
        given = Inputs(np.ones((4, 3, columns)), np.zeros(4, dtype=np.int8))
        none = np.zeros(0, dtype=np.int64)
        drawn = [draw((1,)), draw((len(self.routes),)), draw((len(self.origins), 1, 1))]  # as PARAMETERS
        constants = np.stack([np.broadcast_to(each, self.extent).ravel() for each in drawn])
        cut = none.astype(np.uint8)
        task = Task(self.routes, 2000.0, given, constants, none, cut, -1, 4, "euler", origins=self.origins)
        levels = draw((len(layout.stocks), elements))
        return task, Conditions.of(task, levels, draw((columns,)))

    def plainly(self, task: Task, conditions: Conditions) -> np.ndarray:
        """Every expression in plain Python, (expression, element), then the net flow of the stock."""
        with np.errstate(all="ignore"):
            return self._of(*self.engine.evaluator(task).evaluate(conditions, unwritten=np.nan))

    def sizes(self, texts: Sequence[str], task: Task, conditions: Conditions) -> list[float]:
        """The largest element, in plain Python, of other expressions of the same names."""
        *_, (_, _, known) = self.engine.evaluator(task).variables(conditions)
        return [float(np.abs(eval(text, namespace(), {**known})).max()) for text in texts]  # noqa: S307

    def compiled(self, task: Task, conditions: Conditions, lanes: int) -> np.ndarray:
        """The same by the kernel for so many lanes."""
        runner = self.engine.runner(task, lanes)
        given = (conditions.levels, conditions.inputs, conditions.held, conditions.off)
        return self._of(*runner.evaluate(task, *given))

    def in_every_form(self, task: Task, conditions: Conditions) -> np.ndarray:
        """The same by the kernel, once it is found to have the same bits in every form."""
        single, side_by_side = (self.compiled(task, conditions, lanes) for lanes in (SINGLE, SIDE_BY_SIDE))
        assert np.array_equal(single, side_by_side, equal_nan=True), self._first_apart(single, side_by_side)
        return single

    def _of(self, values: np.ndarray, slopes: np.ndarray) -> np.ndarray:
        layout = self.engine.layout
        rows = [layout.values.index(f"value{number}") for number in range(len(self.texts))]
        return np.concatenate([values[rows], slopes[[layout.stocks.index("z")]]])

    def _first_apart(self, one: np.ndarray, other: np.ndarray) -> str:
        rows = np.flatnonzero(((one != other) & ~(np.isnan(one) & np.isnan(other))).any(axis=1))
        return [*self.texts, self.texts[0]][rows[0]]
