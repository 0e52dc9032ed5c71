"""Dimensions of HoloViews made of what the catalogue says of a name: its title, unit, range and value today."""

from __future__ import annotations

from collections.abc import Sequence

import holoviews as hv

from pushpull.analysis.members import known_outcomes
from pushpull.catalogue import catalogue
from pushpull.descriptions import unit_of
from pushpull.engine.language.cards import Card
from pushpull.engine.runs.result import Result
from pushpull.files.faults import nearest
from pushpull.plotting.plot_words import PlotWords
from pushpull.scenario import Scenario


def time_dimension(words: PlotWords) -> hv.Dimension:
    """Time, in decimal years."""
    return hv.Dimension("time", label=words.say("year"))


def variable_dimension(name: str, words: PlotWords) -> hv.Dimension:
    """An outcome or another variable, in the unit in which numbers of it are drawn."""
    return hv.Dimension(name, label=words.title(name), unit=words.unit(unit_of(catalogue(), name)))


def difference_dimension(name: str, words: PlotWords) -> hv.Dimension:
    """How far an outcome differs from what it is in the baseline."""
    label = words.say("difference", outcome=words.title(name))
    return hv.Dimension(f"{name}_difference", label=label, unit=words.difference_unit(unit_of(catalogue(), name)))


def lever_dimension(
    scenario: Scenario, name: str, words: PlotWords, values: Sequence[float] | None = None
) -> hv.Dimension:
    """A lever or a driver: the range of its card, and by default its value at the policy start, the mean over routes or
    origins where it differs. `values` are those it may take, where they are few."""
    card = lever_card(name)
    given = {"values": list(values)} if values is not None else {}
    today, unit = today_of_lever(scenario, name), words.lever_unit(card)
    return hv.Dimension(name, label=words.title(name), unit=unit, range=card.range, default=today, **given)


def lever_card(name: str) -> Card:
    """The card of a lever or a driver; raises KeyError where there is none."""
    known = catalogue()
    cards = {**known.levers, **known.context}
    if name not in cards:
        raise KeyError(_unknown("lever or driver", name, nearest(name, cards)))
    return cards[name]


def today_of_lever(scenario: Scenario, name: str) -> float:
    """The value of a lever or a driver at the policy start; the mean of its routes or origins."""
    today = scenario.today(name)
    return float(today) if not isinstance(today, dict) else sum(today.values()) / len(today)


def known_variable(result: Result, name: str) -> str:
    """A name that a result holds; raises KeyError with the nearest, an outcome where one is near."""
    if name in result:
        return name
    outcomes = [each for each in catalogue().outcomes if each in result]
    if name in result.model.variables or name in result.given:
        result.array(name)  # says that it was not saved
    near = nearest(name, outcomes) or nearest(name, (*result.variables, *result.given))
    raise KeyError(_unknown("outcome or variable", name, near))


def known_outcome(name: str) -> str:
    """A name of an outcome; raises KeyError with the nearest."""
    return known_outcomes(name)[0]


def _unknown(what: str, name: str, near: str) -> str:
    return f"there is no {what} {name!r}" + (f"; did you mean {near!r}?" if near else "")
