"""Equations -> a kernel file that reads well, compiled by numba and cached on disk.

The kernel is written per element: scalars become local names, anything routed a loop over routes. It takes its
numbers as arrays, so one compiled kernel serves every corridor, scenario, rival formula and loop switch.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
import os
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import platformdirs

from model.engine import march
from model.engine.declare import population
from model.engine.graph import Equation, Model, ModelFault, Variable
from model.engine.tidy import tidy

POPULATIONS = len(population.labels)
MAIN_HEADER = '''"""Generated from the equations: change those, not this file.

levels, values and slopes hold a row per stock or variable; within a row, element
`population * routes + route` (nought for an index the variable does not vary over).
"""

from math import exp, log, sqrt

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy")
def divide(part, whole):
    return part / whole if whole > 0.0 else 0.0


@njit(cache=True, error_model="numpy")
def soft_minimum(one, other):
    if other <= 0.0:
        return 0.0
    ratio = one / other
    return one / sqrt(sqrt(1.0 + ratio * ratio * ratio * ratio))

'''


@dataclass(frozen=True)
class Layout:
    """Where each name stands in the kernel's arrays."""

    stocks: tuple[str, ...]
    values: tuple[str, ...]
    constants: tuple[str, ...]
    scalar_inputs: tuple[str, ...]
    routed_inputs: tuple[str, ...]
    settings: tuple[str, ...]
    loops: tuple[str, ...]

    @classmethod
    def of(cls, model: Model) -> Layout:
        """The layout of a model."""
        return cls(
            stocks=tuple(variable.name for variable in model.stocks),
            values=model.order,
            constants=tuple(model.parameters),
            scalar_inputs=tuple(name for name, card in model.inputs.items() if not card.over),
            routed_inputs=tuple(name for name, card in model.inputs.items() if card.over),
            settings=tuple(model.formulas),
            loops=tuple(model.loops),
        )


@dataclass
class _Place:
    """Loop variables in force where an expression stands, and lines that must come before it."""

    population: str | None = None
    route: str | None = None
    before_all: list[str] = field(default_factory=list)
    before_routes: list[str] = field(default_factory=list)

    def inside(self, **indices: str | None) -> _Place:
        """The same place with other loop variables, sharing the lines that come before."""
        chosen = {"population": self.population, "route": self.route, **indices}
        return _Place(before_all=self.before_all, before_routes=self.before_routes, **chosen)


class KernelWriter:
    """Writes the source text of a kernel for a model."""

    def __init__(self, model: Model):
        self.model = model
        self.layout = Layout.of(model)
        self.sums = 0
        self.frozen = {(loop.cause, loop.effect): place for place, loop in enumerate(model.loops.values())}

    def source(self) -> str:
        """The whole kernel file."""
        parts = [self._rows(), self._filled(), self._settle(), self._slopes(), self._hold(), self._march()]
        return "\n\n\n".join([MAIN_HEADER, *("\n".join(part) for part in parts)]) + "\n"

    def _rows(self) -> list[str]:
        layout = self.layout
        named = [*enumerate(layout.stocks), *enumerate(layout.values), *enumerate(layout.constants)]
        lines = [f"{name.upper()} = {row}" for row, name in named]
        lines += [f"{name.upper()} = {row}" for row, name in enumerate(layout.scalar_inputs)]
        lines += [f"{name.upper()} = {row}" for row, name in enumerate(layout.routed_inputs)]
        return [*lines, f"SCALAR_INPUTS = {len(layout.scalar_inputs)}", f"LOOPS = {len(layout.loops)}"]

    def _settle(self) -> list[str]:
        settled = [name for name in self.layout.values if name in self.model.settled]
        body = ['"""Work out once what follows from parameters alone."""', *self._locals(settled), *self._body(settled)]
        return [
            '@njit(cache=True, error_model="numpy")',
            "def settle(constants, formulas, routes, values):",
            *(written for line in body for written in tidy("    " + line)),
        ]

    def _locals(self, names: Iterable[str]) -> list[str]:
        """Scalars that these variables read, as local names."""
        read = {cause for name in names for cause in self.model.variables[name].arguments}
        plain = {name for name in read if not self.model.over(name)}
        layout = self.layout
        lines = [f"{name} = levels[{name.upper()}, 0]" for name in layout.stocks if name in plain]
        lines += [f"{name} = constants[{name.upper()}, 0]" for name in layout.constants if name in plain]
        lines += [f"{name} = inputs[{name.upper()}]" for name in layout.scalar_inputs if name in plain]
        settled_before = plain & self.model.settled - set(names)
        return lines + [f"{name} = values[{name.upper()}, 0]" for name in layout.values if name in settled_before]

    def _slopes(self) -> list[str]:
        moving = [name for name in self.layout.values if name not in self.model.settled]
        body = self._locals([*moving, *self.layout.stocks])
        body += self._body(moving)
        body.append("# net flows of the stocks")
        for stock in self.model.stocks:
            place = _Place("population" if stock.peopled else None, "route" if stock.routed else None)
            expression = self._expression(stock, stock.equations[0].expression, place)
            target = f"slopes[{stock.name.upper()}, {_element(stock, place)}]"
            body.extend(place.before_all)
            body.extend(_looped(self.model.over(stock.name), [f"{target} = {expression}"], place.before_routes))
        return [
            '@njit(cache=True, error_model="numpy")',
            "def slopes_at(levels, inputs, constants, formulas, held, off, routes, values, slopes):",
            *(written for line in body for written in tidy("    " + line)),
        ]

    def _body(self, names: Iterable[str]) -> list[str]:
        """Statements for these variables; neighbours over the same indices share a loop."""
        body: list[str] = []
        sector = ""
        group: list[tuple[str, list[str]]] = []
        group_over: tuple[str, ...] = ()

        def close() -> None:
            nonlocal group
            if group:
                body.extend(_looped(group_over, [line for _, lines in group for line in lines]))
            group = []

        for name in names:
            variable = self.model.variables[name]
            over = self.model.over(name)
            place = _Place("population" if variable.peopled else None, "route" if variable.routed else None)
            statement = self._assignment(variable, place)
            hoisted = bool(place.before_all or place.before_routes)
            if hoisted or over != group_over or not over or _reads_across_populations(variable):
                close()
            if variable.sector != sector:
                sector = variable.sector
                if not group:
                    body.append(f"# {sector.replace('_', ' ')}")
            body.extend(place.before_all)
            if place.before_routes:
                body.extend(_looped(over, statement, place.before_routes))
                group_over = over
            elif over:
                group.append((name, statement))
                group_over = over
            else:
                body.extend(statement)
        close()
        return body

    def _assignment(self, variable: Variable, place: _Place) -> list[str]:
        target = f"values[{variable.name.upper()}, {_element(variable, place)}]"
        formulas = [self._expression(variable, equation.expression, place, equation) for equation in variable.equations]
        if len(formulas) == 1:
            text = formulas[0]
        else:
            setting = self.layout.settings.index(variable.setting)
            text = formulas[-1]
            for number in range(len(formulas) - 2, -1, -1):
                text = f"({formulas[number]} if formulas[{setting}] == {number} else {text})"
        if not variable.over:
            return [f"{variable.name} = {text}", f"{target} = {variable.name}"]
        return [f"{target} = {text}"]

    def _expression(self, variable: Variable, node: ast.expr, place: _Place, equation: Equation | None = None) -> str:
        def write(node: ast.expr, place: _Place) -> str:
            match node:
                case ast.Constant(value=bool()):
                    raise ModelFault(f"{variable.name}: no truth values in a body")
                case ast.Constant(value=int() | float() as number):
                    return repr(float(number))
                case ast.Name(id=name):
                    return self._read(name, variable, place)
                case ast.UnaryOp(op=ast.USub(), operand=operand):
                    return f"(-{write(operand, place)})"
                case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=int() as power)):
                    return f"({write(base, place)} ** {power})"
                case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=0.5 | 0.25 as power)):
                    root = f"sqrt({write(base, place)})"
                    return root if power == 0.5 else f"sqrt({root})"
                case ast.BinOp(left=left, op=operator, right=right):
                    return f"({write(left, place)} {_OPERATORS[type(operator)]} {write(right, place)})"
                case ast.Call(func=ast.Name(id="total" | "highest" as fold), args=[inner]):
                    return self._folded(fold, inner, node.keywords[0].value.id, variable, place, write)
                case ast.Call(func=ast.Name(id="pick"), args=[inner]):
                    label = node.keywords[0].value.value
                    return write(inner, place.inside(population=str(population.labels.index(label))))
                case ast.Call(func=ast.Name(id="by_population"), keywords=parts):
                    written = {part.arg: write(part.value, place) for part in parts}
                    first, second = (written[label] for label in population.labels)
                    return f"({first} if {place.population} == 0 else {second})"
                case ast.Call(func=ast.Name(id="exp" | "log" | "divide" | "soft_minimum" as name), args=arguments):
                    return f"{name}({', '.join(write(argument, place) for argument in arguments)})"
                case ast.Call(func=ast.Name(id="minimum" | "maximum" as name), args=arguments):
                    return f"{name[:3]}({', '.join(write(argument, place) for argument in arguments)})"
            raise ModelFault(f"{variable.name}: {ast.unparse(node)!r} is not in the language of equations")

        return write(node, place)

    def _read(self, name: str, reader: Variable, place: _Place) -> str:
        over = self.model.over(name)
        element = _element_of(over, place)
        if name in self.layout.routed_inputs:
            text = f"inputs[SCALAR_INPUTS + {name.upper()} * routes + {place.route}]"
        elif not over:
            text = name
        else:
            array = (
                "levels" if name in self.layout.stocks else "values" if name in self.model.variables else "constants"
            )
            text = f"{array}[{name.upper()}, {element}]"
        if (name, reader.name) in self.frozen:
            number = self.frozen[name, reader.name]
            return f"(held[{number}, {element}] if off[{number}] else {text})"
        return text

    def _folded(
        self, fold: str, inner: ast.expr, index: str, variable: Variable, place: _Place, write: Callable
    ) -> str:
        if index == "population":
            parts = [write(inner, place.inside(population=str(number))) for number in range(POPULATIONS)]
            return f"({' + '.join(parts)})" if fold == "total" else f"max({', '.join(parts)})"
        self.sums += 1
        accumulator = f"{'sum' if fold == 'total' else 'peak'}_{self.sums}"
        needs_population = place.population == "population" and "population" in self._indices(inner)
        inner_place = _Place(place.population, "route")
        term = write(inner, inner_place)
        grow = f"{accumulator} += {term}" if fold == "total" else f"{accumulator} = max({accumulator}, {term})"
        first = "0.0" if fold == "total" else "-np.inf"
        lines = [
            *inner_place.before_all,
            *inner_place.before_routes,
            f"{accumulator} = {first}",
            "for route in range(routes):",
            f"    {grow}",
        ]
        (place.before_routes if needs_population else place.before_all).extend(lines)
        return accumulator

    def _indices(self, node: ast.expr) -> set[str]:
        names = {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
        known = {name for name in names if name in self.model.variables or name in self.model.cards}
        return {index for name in known for index in self.model.over(name)}

    def _hold(self) -> list[str]:
        lines = [
            '@njit(cache=True, error_model="numpy")',
            "def hold_causes(levels, values, held):",
            '    """Copy the cause of every loop that can be switched off."""',
        ]
        for number, loop in enumerate(self.model.loops.values()):
            array = "levels" if loop.cause in self.layout.stocks else "values"
            lines.append(f"    held[{number}, :] = {array}[{loop.cause.upper()}, :]  # {loop.id}")
        return lines

    def _filled(self) -> list[str]:
        """How far the row of each stock is filled; the rest of it is never touched."""
        reach = {"route": "routes", "population": f"{POPULATIONS - 1} * routes + 1"}
        lines = [
            '@njit(cache=True, error_model="numpy")',
            "def elements_filled(routes):",
            f"    filled = np.ones({len(self.layout.stocks)}, dtype=np.int64)",
        ]
        for name in self.layout.stocks:
            over = self.model.over(name)
            if over:
                count = reach[over[0]] if len(over) == 1 else f"{POPULATIONS} * routes"
                lines.append(f"    filled[{name.upper()}] = {count}")
        return [*lines, "    return filled"]

    @staticmethod
    def _march() -> list[str]:
        decorator = '@njit(cache=True, nogil=True, error_model="numpy")'
        sources = [inspect.getsource(function) for function in (march.advance, march.march, march.balance)]
        return [line for source in sources for line in (decorator, *textwrap.dedent(source).splitlines(), "", "")]


_OPERATORS: Mapping[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


def _element(variable: Variable, place: _Place) -> str:
    return _element_of(tuple(index.name for index in variable.over), place)


def _element_of(over: tuple[str, ...], place: _Place) -> str:
    if over == ("route",):
        return place.route or "MISSING_ROUTE"
    if over == ("population",):
        return "0" if place.population == "0" else f"{place.population} * routes"
    if over == ("population", "route"):
        start = "" if place.population == "0" else f"{place.population} * routes + "
        return f"{start}{place.route}"
    return "0"


def _reads_across_populations(variable: Variable) -> bool:
    """True where an element needs another population's, which must be known before the loop over populations."""
    nodes = (node for equation in variable.equations for node in ast.walk(equation.expression))
    calls = (node for node in nodes if isinstance(node, ast.Call))
    return variable.peopled and any(
        call.func.id == "pick" or (call.func.id in ("total", "highest") and call.keywords[0].value.id == "population")
        for call in calls
    )


def _looped(over: tuple[str, ...], lines: list[str], before_routes: list[str] = ()) -> list[str]:
    if "route" in over:
        lines = ["for route in range(routes):", *("    " + line for line in lines)]
    lines = [*before_routes, *lines]
    if "population" in over:
        lines = [f"for population in range({POPULATIONS}):", *("    " + line for line in lines)]
    return lines


@dataclass(frozen=True)
class Kernel:
    """A compiled kernel and where its readable source lies."""

    module: ModuleType
    path: Path
    layout: Layout
    digest: str


def kernel_folder() -> Path:
    """Where kernels are cached: `PUSHPULL_CACHE`, or the user's cache folder."""
    chosen = os.environ.get("PUSHPULL_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("pushpull"))


def load_kernel(model: Model, say: Callable[[str], None] | None = None) -> Kernel:
    """Write the kernel if it is not there, and import it. `say` is told when compiling lies ahead."""
    writer = KernelWriter(model)
    source = writer.source()
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    folder = kernel_folder() / f"kernel_{digest}"
    path = folder / f"pushpull_kernel_{digest}.py"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".part", delete=False, encoding="utf-8") as file:
            file.write(source)
        os.replace(file.name, path)
    if say and not list((folder / "__pycache__").glob("*march*.nbc")):
        say("Compiling the model for this machine (once; about half a minute)…")
    if path.stem in sys.modules:
        return Kernel(sys.modules[path.stem], path, writer.layout, digest)
    import numba

    numba.config.LOOP_VECTORIZE = False  # loops over a handful of routes: vectors cost compile time and speed
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return Kernel(module, path, writer.layout, digest)
