"""Stocks that start balanced do so: their flows cancel, as plain Python finds too."""

from __future__ import annotations

import numpy as np
import pytest

from pushpull.engine.plain.evaluator import PlainEvaluator
from pushpull.preparation import integrator, task_of
from tests.engine.trials import CORRIDORS, baseline


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_the_flows_of_a_balanced_stock_cancel_at_the_start(corridor):
    task, engine = task_of(baseline(corridor)), integrator()
    balanced = [row for row, stock in enumerate(engine.model.stocks) if stock.declaration.balanced]
    assert balanced
    for levels, bound in ((engine.initial_levels(task), 1e-9), (engine.stated_levels(task), None)):
        slopes, values = np.zeros_like(levels), np.zeros((len(engine.layout.values), levels.shape[1]))
        loops = len(engine.layout.loops)
        held, off = np.zeros((loops, levels.shape[1])), np.zeros(loops, dtype=np.uint8)
        evaluator = PlainEvaluator(engine.model, engine.layout, len(task.routes))
        evaluator.slopes_at(
            levels, task.inputs[0, 0], task.constants, task.formulas, held, off, len(task.routes), values, slopes
        )
        apart = (np.abs(slopes[balanced]) / (1 + np.abs(levels[balanced]))).max()
        assert apart < bound if bound else apart > 1e-3


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_other_stocks_start_as_stated(corridor):
    task, engine = task_of(baseline(corridor)), integrator()
    others = [row for row, stock in enumerate(engine.model.stocks) if not stock.declaration.balanced]
    np.testing.assert_allclose(
        engine.initial_levels(task)[others], engine.stated_levels(task)[others], rtol=1e-14, atol=0
    )
