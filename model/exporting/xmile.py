"""A scenario as an XMILE 1.0 file, for any simulator of system dynamics.

Stocks, flows and auxiliaries are written from the equations; parameters are constants; levers and drivers are
constants, or graphical functions of time that give at every step what a run reads there, each with the range of its
card for a slider. Of rival formulas the file holds the one the scenario chooses. A diagram shows it all.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from pushpull.exporting.diagram_view import diagram_view
from pushpull.exporting.expressions import number
from pushpull.exporting.frozen_links import Holding, NotExpressible
from pushpull.exporting.scalar_entries import ScenarioNumbers, VariableEntries, XmileEntry, card_entries

if TYPE_CHECKING:
    from pushpull.scenario import Scenario

NAMESPACE = "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"
STELLA = "http://iseesystems.com/XMILE"
TAGS = {"stock": "stock", "flow": "flow", "auxiliary": "aux"}
XMILE_METHODS = ("rk4", "euler")  # of ours; any other is written as the first
ILLUSTRATIVE = "ILLUSTRATIVE: round numbers of no real place"


def xmile_text(scenario: Scenario) -> str:
    """The whole file; raise NotExpressible where XMILE has no words for something in the scenario."""
    numbers = ScenarioNumbers.of(scenario)
    return file_text(_header(scenario), scenario.method, numbers, _entries(scenario, numbers))


def file_text(header: ElementTree.Element, method: str, numbers: ScenarioNumbers, entries: Sequence[XmileEntry]) -> str:
    """A file with a header and these entries; raise NotExpressible where XMILE cannot tell two names apart."""
    _check_names(entry.name for entry in entries)
    root = ElementTree.Element("xmile", {"version": "1.0", "xmlns": NAMESPACE})
    root.append(header)
    root.append(_sim_specs(method, numbers))
    model = ElementTree.SubElement(root, "model")
    ElementTree.SubElement(model, "variables").extend(_tag(entry) for entry in entries)
    model.append(diagram_view(entries))
    ElementTree.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _entries(scenario: Scenario, numbers: ScenarioNumbers) -> list[XmileEntry]:
    """Variables in the order of the chapters, then what holds cut links, then levers, drivers and parameters."""
    holding = Holding.of(scenario, numbers)
    written = VariableEntries(numbers, numbers.writer(holding.called))
    variables = (entry for variable in numbers.model.variables.values() for entry in written.of(variable))
    return [*variables, *holding.entries(), *card_entries(numbers)]


def _header(scenario: Scenario) -> ElementTree.Element:
    header = ElementTree.Element("header")
    _add(header, "vendor", "Pushpull")
    _add(header, "product", "Pushpull", version=importlib.metadata.version("pushpull-migration"), lang="en")
    _add(header, "name", scenario.title)
    if scenario.corridor.illustrative:
        _add(header, "caption", ILLUSTRATIVE)
    ElementTree.SubElement(ElementTree.SubElement(header, "options", {"namespace": "std"}), "has_model_views")
    return header


def _sim_specs(chosen: str, numbers: ScenarioNumbers) -> ElementTree.Element:
    method = chosen if chosen in XMILE_METHODS else XMILE_METHODS[0]
    specs = ElementTree.Element("sim_specs", {"method": method, "time_units": "year"})
    if numbers.saves_per_year is not None:  # the standard has no word for it; Stella's is this
        specs.set(f"{{{STELLA}}}save_interval", str(number(1 / numbers.saves_per_year)))
    _add(specs, "start", str(number(numbers.start)))
    _add(specs, "stop", str(number(numbers.stop)))
    _add(specs, "dt", str(numbers.steps_per_year), reciprocal="true")
    return specs


def _tag(entry: XmileEntry) -> ElementTree.Element:
    tag = ElementTree.Element(TAGS[entry.kind], {"name": entry.name})
    _add(tag, "doc", entry.meaning)
    _add(tag, "eqn", entry.equation)
    for flow in entry.inflows:
        _add(tag, "inflow", flow)
    for flow in entry.outflows:
        _add(tag, "outflow", flow)
    if entry.points:
        # The points on the axis only: beside them the standard allows no scale, and PySD would read the scale instead.
        graph = ElementTree.SubElement(tag, "gf")
        for axis, values in zip(("xpts", "ypts"), entry.points, strict=True):
            _add(graph, axis, ",".join(str(number(value)) for value in values))
    _add(tag, "units", entry.unit)
    if entry.range is not None:
        low, high = (str(number(each)) for each in entry.range)
        _add(tag, "range", None, min=low, max=high)
    return tag


def _add(parent: ElementTree.Element, name: str, text: str | None, **attributes: str) -> None:
    """A child with a text on one line, in which XMILE reads a backslash as the start of an escape."""
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = None if text is None else " ".join(text.split()).replace("\\", "\\\\")


def _check_names(names: Iterable[str]) -> None:
    """XMILE tells names apart neither by case nor by how many underscores stand together, and lets none end in one."""
    taken: dict[str, str] = {}
    for name in names:
        other = taken.setdefault(re.sub("_+", "_", name.lower()), name)
        if other is not name:
            raise NotExpressible(f"XMILE cannot tell {name} from {other}; give the route or origin another id")
        if name.endswith("_"):
            raise NotExpressible(
                f"XMILE has no names such as {name} that end in _; give the route or origin another id"
            )
