"""The same run by SciPy at tight tolerance: the integrator's independent judge."""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp

from pushpull.engine.codegen.layout import SINGLE
from pushpull.engine.runs.task import Task
from pushpull.preparation import integrator
from tests.engine.trials import Call

RELATIVE = 1e-11
ABSOLUTE = 1e-13  # of a level's own size


def straight_pieces(task: Task) -> list[int]:
    """Steps at which a new stretch begins: inputs jump or turn there, or a state is to be saved."""
    first, middle, last = (task.inputs[:, place] for place in range(3))
    assert np.allclose(middle, (first + last) / 2, rtol=1e-9, atol=1e-12), "an input turns within a step"
    rise = last - first
    joined = np.isclose(last[:-1], first[1:], rtol=1e-13, atol=1e-13).all(axis=1)
    joined &= np.isclose(rise[:-1], rise[1:], rtol=1e-9, atol=1e-12).all(axis=1)
    turns = np.flatnonzero(~joined) + 1
    return sorted({0, *turns.tolist(), *range(0, task.steps, task.every), task.steps})


def run_by_scipy(task: Task, method: str = "DOP853") -> tuple[np.ndarray, np.ndarray]:
    """Levels and values (time, row, element) at the times a run saves them, by `solve_ivp`."""
    engine = integrator()
    levels = engine.initial_levels(task)
    shape = levels.shape
    call = Call.of(task, levels, task.inputs[0, 0])
    runner = engine.runner(task, SINGLE)
    saved_levels, saved_values = [], []

    def evaluated(state: np.ndarray, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, slopes = runner.evaluate(task, state, inputs, call.held, call.off)
        return np.nan_to_num(values), np.nan_to_num(slopes)

    def save(state: np.ndarray, inputs: np.ndarray) -> None:
        saved_levels.append(state.copy())
        saved_values.append(evaluated(state, inputs)[0])

    pieces = straight_pieces(task)
    for begin, end in zip(pieces, pieces[1:], strict=False):
        start, stop, length = (
            task.inputs[begin, 0],
            task.inputs[end - 1, 2],
            (end - begin) / task.steps_per_year,
        )
        if begin % task.every == 0:
            save(levels, start)

        def right_hand_side(time, flat, start=start, rise=(stop - start) / length):
            return evaluated(flat.reshape(shape), start + rise * time)[1].ravel()

        tolerance = ABSOLUTE * np.maximum(np.abs(levels.ravel()), 1e-3)
        solution = solve_ivp(
            right_hand_side, (0.0, length), levels.ravel(), method=method, rtol=RELATIVE, atol=tolerance
        )
        assert solution.success, solution.message
        levels = solution.y[:, -1].reshape(shape).copy()
    save(levels, task.inputs[-1, 2])
    return np.array(saved_levels), np.array(saved_values)
