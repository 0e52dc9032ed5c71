"""ScenarioNumbers over the steps of a run -> the points of a graphical function that gives them back at each step."""

from __future__ import annotations

import numpy as np

ROUNDING = 4e-15


def points(inputs: np.ndarray, start: float, steps_per_year: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Times and values that draw what a run reads of one lever or driver; a single point where nothing changes.

    `inputs` is shaped (steps, 3): the start, the middle and the end of each step. A leap is drawn as a steep line
    between the middle of the step before it and three quarters of that step. So the value at each step and at its
    middle is as given, even in a simulator whose time is not quite exact.
    """
    if (inputs == inputs[0, 0]).all():
        return (start,), (float(inputs[0, 0]),)
    steps = np.arange(len(inputs))
    leaps = 1 + np.nonzero(inputs[1:, 0] != inputs[:-1, 2])[0]
    places = np.concatenate([steps, steps + 0.5, leaps - 0.25, [len(inputs)]])
    values = np.concatenate([inputs[:, 0], inputs[:, 1], inputs[leaps, 0], inputs[-1:, 2]])
    order = np.argsort(places)
    places, values = places[order], values[order]
    kept = _kinks(places, values)
    return tuple(map(float, start + places[kept] / steps_per_year)), tuple(map(float, values[kept]))


def _kinks(places: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Where the line through the points bends, and both its ends."""
    width = (places[1:-1] - places[:-2]) / (places[2:] - places[:-2])
    straight = values[:-2] + width * (values[2:] - values[:-2])
    bent = np.abs(values[1:-1] - straight) > ROUNDING * np.abs(values).max()
    return np.concatenate([[0], np.nonzero(bent)[0] + 1, [len(values) - 1]])
