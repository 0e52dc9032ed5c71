"""The language in every form: each word at the edges of the numbers, and random expressions of all of them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from pushpull.engine.language.declare import population
from pushpull.engine.language.words import WORDS
from tests.engine.expressions import Expressions

EDGES = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 3e-308, -3e-308, 1e-300, 1e300, -1e300, 0.3, 700.0, -700.0, 2.0)
EXACT = 0.0
UNITS = 4 * np.finfo(float).eps
POWERS = ("2", "3", "0.5", "0.25", "-1", "k", "u", "x")
LABELS = st.sampled_from(population.labels)
INDICES = st.sampled_from(["", "r", "p", "b", "o", "g", "a"])
WITHIN = {"b": "rpb", "g": "rog", "a": "rpboga"}  # endings that vary over no more than one does
ROUTED, OF_ORIGINS = ("r", "b", "g", "a"), ("o", "g", "a")
TINY = 1e-300  # below which a power of e is zero
CALLS = {
    "exp": (("exp(x)", "exp(xr)"), UNITS),
    "log": (("log(x)", "log(xb)"), UNITS),
    "minimum": (("minimum(x, y)", "minimum(xr, yb)", "minimum(x, 0)"), EXACT),
    "maximum": (("maximum(x, y)", "maximum(xr, yb)", "maximum(x, 0)"), EXACT),
    "divide": (("divide(x, y)", "divide(xr, yb)", "divide(1, xb)"), EXACT),
    "soft_minimum": (("soft_minimum(x, y)", "soft_minimum(xr, yb)"), 4 * UNITS),
    "total": (
        (
            "total(xr, over=route)",
            "total(xp, over=population)",
            "total(xb, over=population)",
            "total(xo, over=origin)",
            "total(xa, over=origin)",
        ),
        8 * UNITS,
    ),
    "highest": (
        (
            "highest(xr, over=route)",
            "highest(xp, over=population)",
            "highest(xb, over=population)",
            "highest(xg, over=origin)",
        ),
        EXACT,
    ),
    "pick": (("pick(xp, population='labour')", "pick(xb, population='protection')"), EXACT),
    "by_population": (("by_population(labour=x, protection=y)", "by_population(labour=xr, protection=0)"), EXACT),
}
SWALLOW_NAN = ("minimum", "maximum", "highest")  # compiled, they give one of their arguments where another is no number


@pytest.fixture(scope="module", autouse=True)
def a_cache_of_its_own(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUSHPULL_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def test_every_word_is_called():
    assert set(CALLS) == set(WORDS)


@pytest.mark.parametrize(("routes", "origins"), [(1, 1), (5, 1), (3, 3)])
def test_every_word_equals_numpy_at_the_edges(routes, origins):
    texts = [text for calls, _ in CALLS.values() for text in calls]
    words = [(word, tolerance) for word, (calls, tolerance) in CALLS.items() for _ in calls]
    expressions = Expressions(texts, routes, origins)
    random = np.random.default_rng(5)
    for _ in range(60 // routes):
        task, conditions = expressions.conditions(lambda shape: random.choice(EDGES, shape))
        plain, compiled = expressions.plainly(task, conditions), expressions.in_every_form(task, conditions)
        for text, (word, tolerance), one, other in zip(texts, words, plain, compiled, strict=False):
            same = np.isclose(other, one, rtol=tolerance, atol=TINY if tolerance else 0.0, equal_nan=True)
            if word in SWALLOW_NAN:
                same |= np.isnan(one) & np.isin(other, EDGES)
            assert same.all(), (text, one[~same], other[~same], conditions.levels)


@cache
def positive(depth: int, index: str) -> st.SearchStrategy[str]:
    """An expression above zero, without differences, that varies over no more than the ending of a name says."""
    names = [f"{name}{ending}" for name in "xy" for ending in ("", *WITHIN.get(index, index))]
    names += ["k", "u", *(("kr", "ur") if index in ROUTED else ()), *(("ko", "uo") if index in OF_ORIGINS else ())]
    atom = st.sampled_from([*names, "2", "0.5"])
    if depth == 0:
        return atom
    inner = positive(depth - 1, index)
    choices = [
        atom,
        st.builds("({} {} {})".format, inner, st.sampled_from("+*/"), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["minimum", "maximum", "divide", "soft_minimum"]), inner, inner),
        st.builds("exp(-minimum({}, 3))".format, inner),
        st.builds("log(1 + {})".format, inner),
        st.builds("{} ** {}".format, st.sampled_from(names), st.sampled_from(POWERS)),
    ]
    fold = st.sampled_from(["total", "highest"])
    if index in OF_ORIGINS:
        choices.append(st.builds("{}({} * {}, over=origin)".format, fold, st.sampled_from(["xo", "uo"]), inner))
    if index in ROUTED:
        choices.append(st.builds("{}({} * {}, over=route)".format, fold, st.sampled_from(["xr", "ur"]), inner))
    if index in ("p", "b", "a"):
        without = {"b": "r", "a": "g"}.get(index, "")
        peopled, single = st.sampled_from(["xp", "yp"]), positive(depth - 1, without)
        choices += [
            st.builds("{}({} * {}, over=population)".format, fold, peopled, inner),
            st.builds("pick({} * {}, population='{}')".format, peopled, inner, LABELS),
            st.builds("by_population(labour={}, protection={})".format, single, single),
        ]
    return st.one_of(choices)


@cache
def signed(depth: int, index: str) -> st.SearchStrategy[tuple[str, str]]:
    """An expression with differences, and one that bounds the size of all that is added up in it."""
    if depth == 0:
        return positive(0, index).map(lambda text: (text, text))
    inner = signed(depth - 1, index)
    joined = st.tuples(st.sampled_from(["({} + {})", "({} - {})", "{} * {}", "minimum({}, {})"]), inner, inner)
    return st.one_of(
        positive(depth, index).map(lambda text: (text, text)),
        inner.map(lambda pair: (f"(-{pair[0]})", pair[1])),
        joined.map(
            lambda three: (
                three[0].format(three[1][0], three[2][0]),
                ("{} * {}" if "*" in three[0] else "({} + {})").format(three[1][1], three[2][1]),
            )
        ),
    )


@settings(
    max_examples=5, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(
    pairs=st.lists(INDICES.flatmap(lambda index: signed(5, index)), min_size=10, max_size=10),
    routes=st.integers(1, 9),
    origins=st.integers(1, 4),
    seed=st.integers(0, 2**32),
)
def test_random_expressions_equal_plain_python_in_every_form(pairs, routes, origins, seed):
    # A failure is not made smaller, as a kernel for each attempt would take minutes: the message names the expression.
    texts, bounds = ([pair[side] for pair in pairs] for side in (0, 1))
    expressions, random = Expressions(texts, routes, origins), np.random.default_rng(seed)
    task, conditions = expressions.conditions(lambda shape: random.uniform(0.2, 2.0, shape))
    plain, compiled = expressions.plainly(task, conditions), expressions.in_every_form(task, conditions)
    sizes = expressions.sizes(bounds, task, conditions)
    assume(max(sizes) < 1e100)
    for text, one, other, size in zip([*texts, texts[0]], plain, compiled, [*sizes, sizes[0]], strict=True):
        assert (np.abs(one - other) <= 1e-12 * size).all(), (text, one, other)
