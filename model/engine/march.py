"""The march through time in plain Python: the judge of its compiled twin, `model.engine.march_text`.

`elements_filled`, `slopes_at` and `hold_causes` are set by `model.engine.evaluate`.
"""

from __future__ import annotations

import numpy as np


def advance(levels, time_step, weights, slopes, filled, state):
    """Write `levels + time_step * (weighed sum of slopes)` into `state`, where a stock has elements at all."""
    for row in range(filled.size):
        for place in range(filled[row]):
            weighed = 0.0
            for stage in range(weights.size):
                weighed += weights[stage] * slopes[stage, row, place]
            state[row, place] = levels[row, place] + time_step * weighed


def march(
    levels,
    inputs,
    constants,
    formulas,
    cut,
    routes,
    time_step,
    bounds,
    method,
    policy_step,
    every,
    values,
    saved_levels,
    saved_values,
):
    """Integrate move by move; return -1, or the move at whose end a level stopped being finite.

    levels (stocks, elements) is advanced in place; inputs (steps, 3, columns) hold the start, middle and end of each
    step, and are straight between the ends of a move; bounds (moves + 1) are the steps at which moves begin; method
    gives the `model.engine.methods.Tableau` of a move of so many steps; saved_* receive the state at every `every`-th
    step and the last. In the case of failure, levels are those at the start of the failing move.
    """
    slopes = np.zeros((method(0).weights.size, *levels.shape))
    state = np.zeros_like(levels)
    filled = elements_filled(routes)  # noqa: F821
    off = np.zeros(cut.size, dtype=np.uint8)
    held = np.zeros((cut.size, levels.shape[1]))
    saved = 0
    for move in range(bounds.size - 1):
        step, stop = bounds[move], bounds[move + 1]
        length, known = (stop - step) * time_step, method(stop - step)
        first, last = inputs[step, 0], inputs[stop - 1, 2]
        if step == policy_step:
            before = inputs[max(step - 1, 0), 2]
            slopes_at(levels, before, constants, formulas, held, off, routes, values, slopes[0])  # noqa: F821
            hold_causes(levels, values, held)  # noqa: F821
            off[:] = cut
        slopes_at(levels, first, constants, formulas, held, off, routes, values, slopes[0])  # noqa: F821
        if step % every == 0:
            saved_levels[saved] = levels
            saved_values[saved] = values
            saved += 1
        for stage in range(1, known.weights.size):
            advance(levels, length, known.parts[stage, :stage], slopes, filled, state)
            now = first + known.times[stage] * (last - first)
            slopes_at(state, now, constants, formulas, held, off, routes, values, slopes[stage])  # noqa: F821
        advance(levels, length, known.weights, slopes, filled, state)
        whole = 0.0
        for row in range(filled.size):
            for place in range(filled[row]):
                whole += state[row, place]
        if not np.isfinite(whole):
            return move
        levels[:, :] = state
    slopes_at(levels, inputs[bounds[-1] - 1, 2], constants, formulas, held, off, routes, values, slopes[0])  # noqa: F821
    saved_levels[saved] = levels
    saved_values[saved] = values
    return -1
