"""The plots of a result as its own methods: `result.plot.line("smuggler_fee")`, and `result.plot("smuggler_fee")`."""

from __future__ import annotations

import sys
from types import MethodType
from typing import Any

import holoviews as hv

from pushpull.analysis.attribution import Attribution
from pushpull.analysis.dominance import Dominance
from pushpull.analysis.package_choice import RobustChoice
from pushpull.analysis.pairing import Paired
from pushpull.analysis.sobol import Sensitivity
from pushpull.comparison import Comparison
from pushpull.engine.runs.result import Result
from pushpull.plotting.bars import sensitivity_bars, shares
from pushpull.plotting.fans import difference, fan
from pushpull.plotting.lines import grid, line
from pushpull.plotting.loop_areas import loops
from pushpull.plotting.many_outcomes import parallel, scatter
from pushpull.plotting.rankings import ranking_by_attitude

# Of each kind of result its plots; the first is the one that it makes when it is called.
PLOTS: dict[type, dict[str, Any]] = {
    Result: {"line": line, "grid": grid, "scatter": scatter},
    Comparison: {"line": line, "grid": grid, "difference": difference, "scatter": scatter, "parallel": parallel},
    Paired: {"fan": fan, "difference": difference},
    Attribution: {"shares": shares},
    Sensitivity: {"bars": sensitivity_bars},
    Dominance: {"loops": loops},
    RobustChoice: {"ranking": ranking_by_attitude},
}


class Plots:
    """The plots there are of a result; each is a function of `pushpull.plotting` that has been given it."""

    def __init__(self, subject: Any):
        functions = PLOTS[type(subject)]
        self._names = tuple(functions)
        for name, function in functions.items():
            setattr(self, name, MethodType(function, subject))
        show_in_notebooks()

    def __call__(self, *given: Any, **options: Any) -> Any:
        """The first of the plots."""
        return getattr(self, self._names[0])(*given, **options)

    def __repr__(self) -> str:
        return f"<plots: {', '.join(self._names)}>"


def show_in_notebooks() -> None:
    """Load HoloViews with Bokeh where a notebook has not chosen otherwise, so that a plot is shown, not its name."""
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    if get_ipython is not None and get_ipython() is not None and not hv.extension._loaded:
        hv.extension("bokeh")
