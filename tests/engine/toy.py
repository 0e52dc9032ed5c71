"""A model of three stocks whose runs have a closed form: a town that empties, a delay on two routes, and who arrived.

`python -m tests.engine.toy` renews the listing of its kernel, which lies beside this file.
"""

from __future__ import annotations

import dataclasses
import types
from functools import cache
from pathlib import Path

import numpy as np

from pushpull.engine.codegen.layout import SIDE_BY_SIDE, SINGLE, Form
from pushpull.engine.codegen.program import Program
from pushpull.engine.integrator import Integrator
from pushpull.engine.language.declare import auxiliary, flow, population, route, stock
from pushpull.engine.language.graph import Model
from pushpull.engine.language.indices import extent
from pushpull.engine.language.rows import Layout
from pushpull.engine.language.words import exp, total
from pushpull.engine.machine.kernels import load_kernel
from pushpull.engine.runs.task import Inputs, Task
from tests.engine.trials import a_card

ROUTES = ("north", "south")
SHARES = (0.75, 0.25)
PEOPLE, RATE, TRAVEL_TIME, FEE, DISCOUNT = 1000.0, 1.0, 0.25, 20.0, 0.5
START, STEPS_PER_YEAR, YEARS = 2000.0, 48, 3
LISTING = Path(__file__).parent / "toy_kernel.txt"


@stock("person", initial="1000")
def town(leaving):
    """Those who live there."""
    return -total(leaving, over=route)


@flow("person/year", over=route)
def leaving(town, leaving_rate, route_share):
    """Some of those who live there leave each year."""
    return town * leaving_rate * route_share


@stock("person", over=route, initial="0")
def on_the_way(leaving, travelling):
    """Those who have left and not arrived."""
    return leaving - travelling


@flow("person/year", over=route)
def travelling(on_the_way, travel_time):
    """Those who arrive."""
    return on_the_way / travel_time


@stock("person", initial="0")
def arrived(travelling):
    """Those who have arrived."""
    return total(travelling, over=route)


@auxiliary("dollar")
def fee(usual_fee, discount, arrived, town):
    """What the way costs: less, the more have gone before."""
    return usual_fee * exp(-discount * arrived / (arrived + town))


@cache
def toy_model() -> Model:
    """The model and its parameters."""
    chapter = types.ModuleType("chapter")
    for equation in (town, leaving, on_the_way, travelling, arrived, fee):
        equation.__module__ = "chapter"
        setattr(chapter, equation.__name__, equation)
    numbers = {"leaving_rate": RATE, "travel_time": TRAVEL_TIME, "usual_fee": FEE, "discount": DISCOUNT}
    cards = [a_card(name, value) for name, value in numbers.items()]
    share = dataclasses.replace(a_card("route_share", SHARES[0]), over="route")
    return Model.from_modules([chapter], [*cards, share], ())


@cache
def toy_integrator() -> Integrator:
    """Its kernel, compiled."""
    return Integrator(toy_model(), load_kernel(toy_model()))


def toy_task(method: str = "dop853", steps_per_year: int = STEPS_PER_YEAR, years: int = YEARS, **changes) -> Task:
    """A run of some years under inputs that stand still."""
    layout, steps = toy_integrator().layout, years * steps_per_year
    given = {
        name: np.full((len(population.labels), len(ROUTES)), toy_model().parameters[name].value)
        for name in layout.constants
    }
    given["route_share"][:] = SHARES
    given |= changes
    constants = np.stack([np.broadcast_to(given[name], (2, 2)).ravel() for name in layout.constants])
    nothing = Inputs(np.zeros((steps, 3, 1)), np.zeros(steps, dtype=np.int8))
    none = np.array([], dtype=np.int64)
    return Task(ROUTES, START, nothing, constants, none, none.astype(np.uint8), -1, steps_per_year, method)


def closed_form(times: np.ndarray, rate: float = RATE) -> dict[str, np.ndarray]:
    """Every variable (time, population, route) at those years, worked out by hand."""
    since = (times - START)[:, None, None]
    shares, turnover = np.array(SHARES), 1 / TRAVEL_TIME
    town = PEOPLE * np.exp(-rate * since)
    on_the_way = shares * PEOPLE * rate / (turnover - rate) * (np.exp(-rate * since) - np.exp(-turnover * since))
    arrived = PEOPLE - town - on_the_way.sum(axis=-1, keepdims=True)
    return {
        "town": town,
        "on_the_way": on_the_way,
        "arrived": arrived,
        "leaving": town * rate * shares,
        "travelling": on_the_way * turnover,
        "fee": FEE * np.exp(-DISCOUNT * arrived / (arrived + town)),
    }


def toy_listing() -> str:
    """The kernel's working out, for one run and for four side by side."""
    layout = Layout.of(toy_model())
    programs = (
        Program(toy_model(), layout, Form(extent(route=len(ROUTES)), lanes)) for lanes in (SINGLE, SIDE_BY_SIDE)
    )
    return "\n".join(program.listing() for program in programs)


if __name__ == "__main__":
    LISTING.write_text(toy_listing(), encoding="utf-8")
