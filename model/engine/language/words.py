"""The small language in which equation bodies are written.

Every function here works on plain numbers, on numpy arrays whose last two axes are (population, route), and on
pint quantities, so one body serves evaluation, the unit check and (translated) the kernel.
"""

from __future__ import annotations

import numpy as np

from pushpull.engine.language.declare import Index

AXIS = {"population": -2, "route": -1}


def exp(exponent):
    """e to the power of a dimensionless number."""
    return np.exp(exponent)


def log(number):
    """Natural logarithm of a dimensionless number above nought."""
    return np.log(number)


def minimum(one, other):
    """The smaller of two quantities of one unit."""
    return np.minimum(one, other)


def maximum(one, other):
    """The larger of two quantities of one unit."""
    return np.maximum(one, other)


def divide(part, whole):
    """`part / whole`, and nought where `whole` is nought: nothing shared out among nobody."""
    whole_is_something = np.asarray(whole > 0 * whole)
    return whole_is_something * (part / np.where(whole_is_something, whole, 1.0))


def soft_minimum(one, other):
    """Close to the smaller of two amounts and smooth where they meet: neither can be exceeded, nought stays nought."""
    ratio = divide(one, other)
    return divide(one, (1 + ratio**4) ** 0.25) * np.asarray(other > 0 * other)


def total(values, over: Index):
    """Sum over an index."""
    return np.sum(values, axis=AXIS[over.name], keepdims=True)


def highest(values, over: Index):
    """Largest value over an index."""
    return np.max(values, axis=AXIS[over.name], keepdims=True)


def pick(values, population: str):
    """The part of `values` that belongs to one population."""
    position = _population_labels().index(population)
    return values[..., position : position + 1, :]


def by_population(**parts):
    """One expression per population, put together."""
    ordered = [parts[label] for label in _population_labels()]
    width = max(np.shape(part)[-1] for part in ordered)
    return np.concatenate([np.broadcast_to(part, np.shape(part)[:-2] + (1, width)) for part in ordered], axis=-2)


def _population_labels() -> tuple[str, ...]:
    from pushpull.engine.language.declare import population

    return population.labels
