"""The march through time in plain Python: the judge of its compiled twin, `model.engine.march_text`.

`elements_filled`, `slopes_at` and `hold_causes` are set by `model.engine.evaluate`.
"""

from __future__ import annotations

import numpy as np


def advance(levels, time_step, slopes, filled, state):
    """Write `levels + time_step * slopes` into `state`, where a stock has elements at all."""
    for row in range(filled.size):
        for place in range(filled[row]):
            state[row, place] = levels[row, place] + time_step * slopes[row, place]


def march(
    levels,
    inputs,
    constants,
    formulas,
    cut,
    routes,
    time_step,
    euler,
    policy_step,
    every,
    values,
    saved_levels,
    saved_values,
):
    """Integrate with fixed steps; return -1, or the step at which a level stopped being finite.

    levels (stocks, elements) is advanced in place; inputs (steps, 3, columns) hold the start, middle and end of each
    step; saved_* receive every `every`-th state and the last. In the case of failure, levels are those at the start
    of the failing step.
    """
    steps = inputs.shape[0]
    one = np.zeros_like(levels)
    two = np.zeros_like(levels)
    three = np.zeros_like(levels)
    four = np.zeros_like(levels)
    state = np.zeros_like(levels)
    filled = elements_filled(routes)  # noqa: F821
    off = np.zeros(cut.size, dtype=np.uint8)
    held = np.zeros((cut.size, levels.shape[1]))
    half = time_step / 2.0
    saved = 0
    for step in range(steps):
        if step == policy_step:
            slopes_at(levels, inputs[max(step - 1, 0), 2], constants, formulas, held, off, routes, values, one)  # noqa: F821
            hold_causes(levels, values, held)  # noqa: F821
            off[:] = cut
        slopes_at(levels, inputs[step, 0], constants, formulas, held, off, routes, values, one)  # noqa: F821
        if step % every == 0:
            saved_levels[saved] = levels
            saved_values[saved] = values
            saved += 1
        if euler:
            advance(levels, time_step, one, filled, state)
        else:
            middle, last = inputs[step, 1], inputs[step, 2]
            advance(levels, half, one, filled, state)
            slopes_at(state, middle, constants, formulas, held, off, routes, values, two)  # noqa: F821
            advance(levels, half, two, filled, state)
            slopes_at(state, middle, constants, formulas, held, off, routes, values, three)  # noqa: F821
            advance(levels, time_step, three, filled, state)
            slopes_at(state, last, constants, formulas, held, off, routes, values, four)  # noqa: F821
            for row in range(filled.size):
                for place in range(filled[row]):
                    one[row, place] += 2.0 * two[row, place] + 2.0 * three[row, place] + four[row, place]
            advance(levels, time_step / 6.0, one, filled, state)
        whole = 0.0
        for row in range(filled.size):
            for place in range(filled[row]):
                whole += state[row, place]
        if not np.isfinite(whole):
            return step
        levels[:, :] = state
    slopes_at(levels, inputs[steps - 1, 2], constants, formulas, held, off, routes, values, one)  # noqa: F821
    saved_levels[saved] = levels
    saved_values[saved] = values
    return -1
