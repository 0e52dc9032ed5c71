"""How far forecasts of a corridor went wrong, by origin: what the ranges of its years to come carry beside parameters.

Where forecasts from past years have been held against what came, `pushpull evaluate` leaves `forecast_errors.yaml`
beside the corridor. Every draw of an ensemble then has a future of its own: from the end of the record on, more people
of an origin set out than the structure says, or fewer, by as much as forecasts were off.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.files.reader import EARLIEST, LATEST, Reader
from pushpull.files.tree import decode, parse
from pushpull.wording.phrases import Phrase

FILE = "forecast_errors.yaml"
SHOCKS = "departure_shocks"  # the driver that carries them, by origin
KEYS = ("schema_version", "made_from", "since", "sets_in_over", "yearly", "lasting", "together")
LARGEST = 3.0  # of a logarithm: the ends of the driver's card, a twentieth and twenty times
MOST = 5.0  # standard deviation that a file may give, of logarithms
AT_ONCE, A_YEAR = 0.5, 0.1  # parts of the lasting variance at five years: there from the start, and gained each year
SEED = 20
NINE_TENTHS = 1.6449  # standard deviations either way that hold nine in ten of a normal distribution


@dataclass(frozen=True)
class ForecastErrors:
    """Standard deviations of logarithms by origin, from the time `since` on: `yearly` of shocks that last a year,
    `lasting` at five years of what the structure misses for good, half of it there as soon as it has set in (years),
    the other half gained year by year. Assumptions: logarithms normal, that parting in halves, and that origins err
    apart, or `together`: then one future is above or below for all of them, and the middle of their sum stays where the
    structure has it."""

    since: float
    sets_in_over: float
    yearly: Mapping[str, float]
    lasting: Mapping[str, float]
    together: bool = False

    def knots(self, end: float) -> np.ndarray:
        """The times at which factors turn: the end of the record, and the middle of every year after it."""
        return self.since + np.concatenate([[0.0], np.arange(0.5, max(end - self.since, 0.0) + 1.0, 1.0)])

    def reach(self, ahead: float) -> dict[str, float]:
        """The factor either way within which nine in ten futures of an origin lie so many years ahead, once it has set
        in."""
        spread = {
            origin: float(variance(np.array(ahead), self.yearly[origin], own)) for origin, own in self.lasting.items()
        }
        return {origin: math.exp(min(NINE_TENTHS * math.sqrt(each), LARGEST)) for origin, each in spread.items()}

    def factors(self, draw: int, origin: str, end: float) -> np.ndarray:
        """How many times as many of an origin set out at the knots, in the future of a draw, shape (knot,).

        Draws come in pairs, the one as far above the structure as the other below, so that the middle of an ensemble
        stays where it was."""
        number = 0 if self.together else tuple(self.yearly).index(origin)
        rng = np.random.default_rng([SEED, draw // 2, number])
        normal = rng.standard_normal(1 + 2 * len(self.knots(end)))
        years = np.arange(len(self.knots(end)) - 1) + 0.5
        begun, walks, shocks = normal[0], normal[1::2][: len(years)], normal[2::2][: len(years)]
        set_in = np.minimum(years / self.sets_in_over, 1.0)
        lasting = set_in * np.sqrt(AT_ONCE) * begun + np.sqrt(A_YEAR) * np.cumsum(walks)
        logarithms = self.lasting[origin] * lasting + self.yearly[origin] * shocks
        signed = logarithms if draw % 2 == 0 else -logarithms
        return np.exp(np.clip(np.concatenate([[0.0], signed]), -LARGEST, LARGEST))


def variance(ahead: np.ndarray, yearly: float, lasting: float) -> np.ndarray:
    """Variance of the logarithm of a forecast's error so many years ahead, once it has set in; shape of `ahead`."""
    return yearly**2 + lasting**2 * (AT_ONCE + A_YEAR * np.asarray(ahead, dtype=float))


def read_forecast_errors(content: bytes, shown: str, origins: tuple[str, ...]) -> ForecastErrors:
    """What a file says; raises ScenarioFaults with every fault of it."""
    node, faults = parse(decode(content, shown), shown)
    reader = Reader(shown, faults)
    entries = reader.mapping(
        node, Phrase("the errors of forecasts"), KEYS, ("since", "sets_in_over", "yearly", "lasting")
    )
    numbers: dict[str, dict[str, float]] = {}
    for name in ("yearly", "lasting"):
        if name in entries:
            given = reader.mapping(entries[name], name, origins, origins)
            read = {
                origin: reader.between(each, Phrase("{name} of {origin}", name=name, origin=origin), 0, MOST)
                for origin, each in given.items()
            }
            numbers[name] = {origin: read[origin] or 0.0 for origin in origins if origin in read}
    since = reader.between(entries["since"], "since", EARLIEST, LATEST) if "since" in entries else None
    over = reader.between(entries["sets_in_over"], "sets_in_over", 0.5, 50) if "sets_in_over" in entries else None
    together = "together" in entries and bool(reader.truth(entries["together"], "together"))
    if faults or since is None or over is None:
        way_out = Phrase("a file that `pushpull evaluate` wrote, or none")
        raise ScenarioFaults(
            faults or [Fault(shown, None, Phrase("it does not say how far forecasts were off"), way_out)]
        )
    return ForecastErrors(since, over, numbers["yearly"], numbers["lasting"], together)


def text_of(errors: ForecastErrors, made_from: str) -> str:
    """The content of the file."""

    def by_origin(numbers: Mapping[str, float]) -> str:
        return "{" + ", ".join(f"{origin}: {value:.3g}" for origin, value in numbers.items()) + "}"

    return (
        "# Written by `pushpull evaluate`: how far its forecasts of each origin were off, as standard deviations of\n"
        "# logarithms. Simulations of the years after the record carry them; a single run does not.\n"
        "schema_version: 1\n"
        f"made_from: {made_from}\n"
        f"since: {errors.since:.10g}\n"
        f"sets_in_over: {errors.sets_in_over:.10g}  # years: as long as what the fit left over takes to fade\n"
        f"yearly: {by_origin(errors.yearly)}\n"
        f"lasting: {by_origin(errors.lasting)}  # at five years\n"
        + ("together: true  # one future is above or below for all origins\n" if errors.together else "")
    )
