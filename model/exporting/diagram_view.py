"""Where the entries of an XMILE file stand in its diagram: nothing covers anything else, and pipes go at right angles.

Stocks stand one under the other at the left. Each is as high as the lanes at its busier side: flows from outside
come in at its left, all others leave or come in at its right, each in a lane of its own; what goes on to another stock
turns in a channel of its own. Auxiliaries stand in a grid to the right of the channels; connectors go from every cause
to what reads it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

from pushpull.exporting.scalar_entries import XmileEntry

STOCK_WIDTH, LANE, GAP = 120, 50, 60  # in the points of the standard's pages
INFLOW, VALVE, CHANNEL = 160, 160, 12  # from a stock to the valves at either side; from one channel to the next
CELL_WIDTH, CELL_HEIGHT, ROWS = 260, 60, 60
LEFT, TOP = 360, 60
RADIUS = 9
_NAME = re.compile(r"[A-Za-z_]\w*")

Point = tuple[float, float]


@dataclass
class DiagramPlaces:
    """Where everything stands: centres and heights of stocks, valves and pipes of flows, centres of auxiliaries."""

    stocks: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    valves: dict[str, Point] = field(default_factory=dict)
    pipes: dict[str, list[Point]] = field(default_factory=dict)
    auxiliaries: dict[str, Point] = field(default_factory=dict)

    def centre(self, name: str) -> Point:
        """Where a connector to or from an entry ends."""
        if name in self.stocks:
            return self.stocks[name][:2]
        return self.valves[name] if name in self.valves else self.auxiliaries[name]


def placed(entries: Sequence[XmileEntry]) -> DiagramPlaces:
    """The places of all entries."""
    places = DiagramPlaces()
    stocks = [each for each in entries if each.kind == "stock"]
    into = {flow: stock.name for stock in stocks for flow in stock.inflows}
    out_of = {flow: stock.name for stock in stocks for flow in stock.outflows}
    lanes = _lanes(stocks, places, out_of)
    right = LEFT + STOCK_WIDTH / 2
    channel = right + VALVE + GAP
    for flow in dict.fromkeys((*out_of, *into)):
        first, last = out_of.get(flow), into.get(flow)
        if first is None:
            y = lanes[last or "", flow]
            places.valves[flow] = (LEFT - STOCK_WIDTH / 2 - INFLOW / 2, y)
            places.pipes[flow] = [(LEFT - STOCK_WIDTH / 2 - INFLOW, y), (LEFT - STOCK_WIDTH / 2, y)]
            continue
        y = lanes[first, flow]
        places.valves[flow] = (right + VALVE / 2, y)
        if last is None:
            places.pipes[flow] = [(right, y), (right + VALVE, y)]
        else:
            end = lanes[last, flow]
            places.pipes[flow] = [(right, y), (channel, y), (channel, end), (right, end)]
            channel += CHANNEL
    others = [each.name for each in entries if each.name not in places.stocks and each.name not in places.valves]
    for number, name in enumerate(others):
        column, row = divmod(number, ROWS)
        places.auxiliaries[name] = (channel + CELL_WIDTH * (column + 1), TOP + CELL_HEIGHT * row)
    return places


def _lanes(
    stocks: Iterable[XmileEntry], places: DiagramPlaces, out_of: Mapping[str, str]
) -> dict[tuple[str, str], float]:
    """The height at which each flow meets each stock; places the stocks on the way."""
    lanes: dict[tuple[str, str], float] = {}
    top = float(TOP)
    for stock in stocks:
        from_outside = [flow for flow in stock.inflows if flow not in out_of]
        others = [*stock.outflows, *(flow for flow in stock.inflows if flow in out_of)]
        height = LANE * max(len(from_outside), len(others), 1)
        for side in (from_outside, others):
            lanes |= {(stock.name, flow): top + LANE * (lane + 0.5) for lane, flow in enumerate(side)}
        places.stocks[stock.name] = (LEFT, top + height / 2, height)
        top += height + GAP
    return lanes


def diagram_view(entries: Sequence[XmileEntry]) -> ElementTree.Element:
    """The views of a model: one diagram of stocks and flows with every entry and every connector."""
    places = placed(entries)
    views = ElementTree.Element("views")
    view = ElementTree.SubElement(views, "view", {"type": "stock_flow", "background": "white"})
    for name, (x, y, height) in places.stocks.items():
        shape = {"width": _shown(STOCK_WIDTH), "height": _shown(height), "label_side": "top"}
        ElementTree.SubElement(view, "stock", {"name": name, "x": _shown(x), "y": _shown(y), **shape})
    for name, (x, y) in places.valves.items():
        flow = ElementTree.SubElement(view, "flow", {"name": name, "x": _shown(x), "y": _shown(y)})
        points = ElementTree.SubElement(flow, "pts")
        for at_x, at_y in places.pipes[name]:
            ElementTree.SubElement(points, "pt", {"x": _shown(at_x), "y": _shown(at_y)})
    for name, (x, y) in places.auxiliaries.items():
        ElementTree.SubElement(view, "aux", {"name": name, "x": _shown(x), "y": _shown(y)})
    for number, (cause, reader) in enumerate(_links(entries), 1):
        first, last = places.centre(cause), places.centre(reader)
        angle = math.degrees(math.atan2(first[1] - last[1], last[0] - first[0])) % 360
        connector = ElementTree.SubElement(view, "connector", {"uid": str(number), "angle": _shown(round(angle, 2))})
        ElementTree.SubElement(connector, "from").text = cause
        ElementTree.SubElement(connector, "to").text = reader
    return views


def _links(entries: Sequence[XmileEntry]) -> Iterator[tuple[str, str]]:
    """Every cause with what reads it; of a stock only flows and auxiliaries read, its own start is no connector."""
    names = {each.name for each in entries}
    for entry in entries:
        if entry.kind != "stock":
            for cause in dict.fromkeys(_NAME.findall(entry.equation)):
                if cause in names and cause != entry.name:
                    yield cause, entry.name


def _shown(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e5 else str(round(value))
