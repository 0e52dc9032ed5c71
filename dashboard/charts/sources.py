"""The data of the charts, and the places that charts have on the page."""

from __future__ import annotations

from collections.abc import Iterable

from bokeh.models import ColumnDataSource

from pushpull import Result
from pushpull.analysis.quantile_ranges import HALF, MOST, column
from pushpull.dashboard.compute import indicators

PLACES = 9
RANGES = {"most": MOST, "half": HALF}
EDGES = {column(at): at for ends in RANGES.values() for at in ends}  # of the ranges, and the quantiles they are
FOCUS, MAIN = "focus", "main"
DIFFERENCE = "difference"


class Sources:
    """The data of every chart; all hold a column `time` and one a variable, `ranges` those of each place.

    `records` holds columns `<place>_time` and `<place>_value`; the shorter ones end in NaN. `difference` is that of the
    outcome looked at closely, from the policy start on: its middle and the edges of its ranges.
    """

    def __init__(self) -> None:
        outcomes = indicators.outcome_names()
        self.yours = empty("yours", outcomes)
        self.baseline = empty("baseline", outcomes)
        self.untouched = empty("untouched", outcomes)
        self.ranges = empty("ranges", (f"{place}_{edge}" for place in places() for edge in EDGES))
        self.difference = empty(DIFFERENCE, ("middle", *EDGES))
        self.marks = ColumnDataSource({"x": []}, name="marks")
        columns = [f"{place}_{word}" for place in places() for word in ("time", "value")]
        self.records = ColumnDataSource({column: [] for column in columns}, name="records")


def places() -> tuple[str, ...]:
    """The names of the places for charts of levels: nine small ones, and two for the outcome looked at closely."""
    return (*map(str, range(PLACES)), MAIN, FOCUS)


def chart_name(place: str) -> str:
    """The name of a place's chart among the models of the page."""
    return f"chart_{place}"


def empty(name: str, columns: Iterable[str]) -> ColumnDataSource:
    """A source that knows its columns and holds nothing yet."""
    return ColumnDataSource({column: [] for column in ("time", *columns)}, name=name)


def fill(source: ColumnDataSource, result: Result | None) -> None:
    """Give a source the data of a result unless it holds them; nothing where there is no result."""
    mark = "" if result is None else result.provenance["scenario_hash"]
    if source.tags != [mark]:
        source.data = {name: [] for name in source.data} if result is None else indicators.outcome_columns(result)
        source.tags = [mark]
