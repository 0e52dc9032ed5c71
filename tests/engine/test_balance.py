"""Stocks that start balanced do so: their flows cancel, as plain Python finds too."""

from __future__ import annotations

import numpy as np
import pytest

from pushpull.engine.plain.evaluator import Conditions
from pushpull.preparation import integrator, task_of
from tests.engine.trials import CORRIDORS, baseline


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_the_flows_of_a_balanced_stock_cancel_at_the_start(corridor):
    task, engine = task_of(baseline(corridor)), integrator()
    balanced = [row for row, stock in enumerate(engine.model.stocks) if stock.declaration.balanced]
    assert balanced
    evaluator = engine.evaluator(task)
    for levels, bound in ((engine.initial_levels(task), 1e-9), (evaluator.stated_levels(task), None)):
        _, slopes = evaluator.evaluate(Conditions.of(task, levels, task.inputs[0, 0]))
        apart = (np.abs(slopes[balanced]) / (1 + np.abs(levels[balanced]))).max()
        assert apart < bound if bound else apart > 1e-3


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_other_stocks_start_as_stated(corridor):
    task, engine = task_of(baseline(corridor)), integrator()
    others = [row for row, stock in enumerate(engine.model.stocks) if not stock.declaration.balanced]
    np.testing.assert_allclose(
        engine.initial_levels(task)[others], engine.evaluator(task).stated_levels(task)[others], rtol=1e-14, atol=0
    )
