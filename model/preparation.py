"""What a simulation needs and leaves: the compiled model, a scenario as the numbers the engine takes, the frame of its
result, and what it takes to make the same numbers again."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import platform
from collections.abc import Callable, Iterable
from functools import cache

import numpy as np

from pushpull.catalogue import Catalogue, catalogue
from pushpull.engine.integrator import Integrator
from pushpull.engine.language.graph import Model
from pushpull.engine.language.indices import shape
from pushpull.engine.language.rows import Layout
from pushpull.engine.machine.kernels import load_kernel
from pushpull.engine.runs.result import WEIGHT, EngineRows, Result
from pushpull.engine.runs.task import Task
from pushpull.engine.stepping.methods import STEPS_PER_YEAR, saves_per_year
from pushpull.scenario import Scenario

EVERYTHING = "everything"
DISTRIBUTION = "pushpull-migration"

_LOADED: list[Integrator] = []


def integrator(say: Callable[[str], None] | None = None) -> Integrator:
    """The compiled model; the first call on a machine compiles it and tells `say`."""
    if not _LOADED:
        model = catalogue().model
        _LOADED.append(Integrator(model, load_kernel(model, say)))
    return _LOADED[0]


def task_of(scenario: Scenario, model_catalogue: Catalogue | None = None) -> Task:
    """A scenario as the numbers the engine takes."""
    model = (model_catalogue or catalogue()).model
    layout = integrator().layout
    steps_per_year = scenario.steps_per_year or STEPS_PER_YEAR
    given = scenario.resolve_inputs(layout.scalar_inputs, tuple(dict(layout.indexed_inputs)), steps_per_year)
    chosen = [
        model.formulas[setting].index(scenario.formulas.get(setting, model.formulas[setting][0]))
        for setting in layout.settings
    ]
    return Task(
        routes=tuple(scenario.corridor.routes),
        start=float(scenario.corridor.start),
        given=given,
        constants=scenario.resolve_parameters(layout.constants),
        formulas=np.array(chosen, dtype=np.int64),
        cut=np.array([loop in scenario.loops_off for loop in layout.loops], dtype=np.uint8),
        policy_step=round((scenario.policy_start - scenario.corridor.start) * steps_per_year),
        steps_per_year=steps_per_year,
        method=scenario.method,
        saves_per_year=saves_per_year(scenario.save_every, steps_per_year),
        origins=tuple(scenario.corridor.origins),
    )


def names_to_keep(keep: Iterable[str] | str | None) -> tuple[str, ...]:
    """The variables that are meant, in the order of the chapters; raise KeyError where there is no such variable."""
    model = catalogue().model
    if keep == EVERYTHING:
        return tuple(model.variables)
    names = tuple(catalogue().outcomes) if keep is None else (keep,) if isinstance(keep, str) else tuple(keep)
    unknown = [name for name in names if name not in model.variables and name not in model.inputs]
    if unknown:
        raise KeyError(f"no variable {', '.join(map(repr, unknown))}")
    chosen = {WEIGHT, *names}
    return tuple(name for name in model.variables if name in chosen)


def shell_of(scenario: Scenario, task: Task, engine: Integrator | None = None) -> Result:
    """The result of a run without its numbers, cropped to the scenario's own horizon."""
    engine, time = engine or integrator(), task.times
    own_years = slice(int(np.searchsorted(time, scenario.start - 1e-9)), None)
    return Result(
        model=engine.model,
        layout=engine.layout,
        routes=task.routes,
        time=time[own_years],
        members=1,
        kept={},
        given=_Given(engine.model, engine.layout, task, own_years),
        provenance=provenance(scenario),
        origins=task.origins,
        currency=scenario.corridor.currency,
        scenario=scenario,
    )


def result_of(
    scenario: Scenario, task: Task, levels: np.ndarray, values: np.ndarray, engine: Integrator | None = None
) -> Result:
    """The result that a run's levels and values (time, row, element) make; of the model itself if no `engine` is."""
    engine = engine or integrator()
    shell = shell_of(scenario, task, engine)
    own = slice(len(task.saved_steps) - len(shell.time), None)
    rows = EngineRows(engine.model, engine.layout, task.extent, levels[None, own], values[None, own])
    return dataclasses.replace(shell, kept=rows)


class _Given(dict):
    """Levers and context over the saved times, shape (1, time, [origin,] 1, routes or 1); the grid itself is let go."""

    def __init__(self, model: Model, layout: Layout, task: Task, own_years: slice):
        steps = np.append(np.arange(0, task.steps, task.every), task.steps)[own_years]
        points = (np.minimum(steps, task.steps - 1), np.where(steps == task.steps, 2, 0))
        block = task.given.at(*points)
        super().__init__(
            {
                name: block[:, held].reshape(1, len(steps), *shape(model.over(name), task.extent))
                for name, held in layout.columns(task.extent).items()
            }
        )


@cache
def versions() -> str:
    """Versions of what a number depends on: SciPy holds the coefficients of the integrator, and whether the processor
    rounds a product and a sum once or twice decides about the last bits."""
    from pushpull.engine.machine.loader import fuses_multiply_add

    named = {"python": platform.python_version(), "pushpull": importlib.metadata.version(DISTRIBUTION)}
    named |= {name: importlib.metadata.version(name) for name in ("numpy", "scipy", "llvmlite", "xarray")}
    fused = "with" if fuses_multiply_add() else "without"
    return ", ".join([*(" ".join(pair) for pair in named.items()), f"{platform.machine()} {fused} fused multiply-add"])


@cache
def model_digest() -> str:
    """SHA-256 over the equations and every card: it changes when an equation or a number does."""
    model = catalogue().model
    text = model.digest + repr(sorted(model.cards.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def provenance(scenario: Scenario) -> dict[str, str | float | int]:
    """What it takes to make the same numbers again."""
    return {
        "title": scenario.title,
        "corridor": scenario.corridor.id,
        "illustrative": int(scenario.corridor.illustrative),
        "policy_start": float(scenario.policy_start),
        "scenario_hash": scenario.digest,
        "model_hash": model_digest(),
        "method": scenario.method,
        "steps_per_year": scenario.steps_per_year or STEPS_PER_YEAR,
        "save_every": scenario.save_every,
        "seed": scenario.seed,
        "versions": versions(),
    }
