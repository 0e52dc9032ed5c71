"""What a fit leaves beside a corridor for every run: `calibrated.yaml`, its numbers and what they were made from.

A number of the fit stands in the place of the corridor's own as long as the corridor's own is still the one that the
fit began from. Where it has been edited since, the edit wins. Anything else that a fit is made from (equations, cards,
series, plan) may change too: then the fit is out of date, its numbers stay, and all who load the corridor are told.
"""

from __future__ import annotations

import codecs
import dataclasses
import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pushpull.catalogue import Catalogue
from pushpull.engine.language.indices import origin
from pushpull.files.faults import Fault, ScenarioFaults
from pushpull.files.reader import EARLIEST, LATEST, Reader
from pushpull.files.tree import Node, decode, parse, read_bytes
from pushpull.scenario.calibrated import CALIBRATED, NUMBERS, POSTERIOR, digest_of_numbers
from pushpull.scenario.corridor import Corridor
from pushpull.scenario.fit_in_force import UNKNOWN, FitInForce
from pushpull.scenario.interpreter import Interpreter
from pushpull.scenario.left_over import DECISIONS, LEFT_OVER
from pushpull.scenario.library import renewal
from pushpull.scenario.series import LARGEST_SERIES
from pushpull.scenario.settings_reader import SettingsReader
from pushpull.scenario.share_sums import keys_of
from pushpull.wording.phrases import Phrase

PLAN, SERIES, DRAWS = "calibration.yaml", "series.csv", "posterior.nc"
KEYS = ("made_from", "own", "sha256", "parameters", "context")
DIGITS = 10  # that count when two numbers are held against each other: processors differ in the last ones

OwnValues = Mapping[str, Mapping[str | None, float]]


def with_calibrated(corridor: Corridor, content: bytes, shown: str, catalogue: Catalogue) -> Corridor:
    """The corridor with the parameters that a fit has written in the place of its own, but for those edited since."""
    way_out = Phrase("no such file: remove it, then {renewal}", renewal=renewal(corridor.folder))
    try:
        node, faults = parse(decode(content, shown), shown)
    except ScenarioFaults as unreadable:
        raise ScenarioFaults(
            dataclasses.replace(each, allowed=way_out, remedy="") for each in unreadable.faults
        ) from None
    reader = Interpreter(shown, faults, catalogue, tuple(corridor.routes), relative=False, origins=corridor.origins)
    entries = reader.mapping(node, Phrase("the calibrated numbers"), KEYS, ("parameters",))
    if "sha256" in entries:
        stated = reader.mapping(entries["sha256"], "sha256", (NUMBERS, POSTERIOR), (NUMBERS, POSTERIOR))
        if NUMBERS in stated and stated[NUMBERS].value != digest_of_numbers(content):
            message = Phrase("these are not the numbers that `pushpull fit` wrote")
            raise ScenarioFaults([Fault(shown, None, message, way_out)])
    made_from = entries["made_from"].to_python() if "made_from" in entries else {}
    began = _lines(entries.get("own"))
    today = own_values(corridor, catalogue, [name for name in began if name in catalogue.parameters])
    edited = tuple(name for name in began if not _same(began[name], today.get(name, {})))
    numbers = {}
    if "parameters" in entries:
        numbers = reader.numbers(_without(entries["parameters"], edited))
    left_over: dict = {}
    if "context" in entries:
        settings = SettingsReader(
            shown, faults, catalogue, tuple(corridor.routes), None, None, (EARLIEST, LATEST), tuple(corridor.origins)
        )
        left_over = settings.paths(_only(settings, entries["context"]), "context")
    if faults:
        message = Phrase("these numbers were fitted to other cards than today's")
        raise ScenarioFaults([*faults, Fault(shown, None, message, way_out)])
    gone = () if os.path.lexists(corridor.folder / DRAWS) else (DRAWS,)
    fit = FitInForce(frozenset(numbers), edited, _changed(made_from, parts(corridor, catalogue)), gone)
    return dataclasses.replace(
        corridor,
        parameters={**corridor.parameters, **numbers},
        context={**corridor.context, **left_over},
        left_over=left_over,
        fit=fit,
    )


def with_half_a_fit(corridor: Corridor) -> Corridor:
    """The corridor with its own numbers, and told that of its fit only the draws are left."""
    return dataclasses.replace(corridor, fit=FitInForce(gone=(CALIBRATED,)))


def own_values(corridor: Corridor, catalogue: Catalogue, names: Iterable[str]) -> OwnValues:
    """The corridor's own numbers, or its cards', before any fit: for each member of its index, or under None."""
    own = dataclasses.replace(corridor, parameters=corridor.own_parameters)
    return {
        name: {
            key: own.parameter(name, catalogue, key) for key in keys_of(catalogue.parameters[name], corridor.members)
        }
        for name in names
    }


def parts(corridor: Corridor, catalogue: Catalogue) -> dict[str, str]:
    """A short hash of each thing that a fit of the corridor is made from."""
    cards = [
        (card.id, card.value, card.range, card.prior, card.distribution, sorted((card.by_population or {}).items()))
        for card in catalogue.parameters.values()
    ]
    facts: tuple = (
        corridor.start,
        tuple(corridor.routes),
        corridor.policies,
        corridor.own_context,
        corridor.own_parameters,
    )
    if tuple(corridor.origins) != (origin.alone,):
        facts += (tuple(corridor.origins),)
    return {
        "equations": _short(catalogue.model.digest.encode()),
        "cards": _short(repr(sorted(cards)).encode()),
        "corridor.yaml": _short(repr(_rounded(facts)).encode()),
        SERIES: _short(_content(corridor.folder / SERIES)),
        PLAN: _short(_content(corridor.folder / PLAN)),
    }


def _changed(then: object, now: Mapping[str, str]) -> tuple[str, ...]:
    if not then or not isinstance(then, Mapping):
        return (UNKNOWN,)
    return tuple(part for part in now if str(then.get(part)) != now[part])


def _lines(node: Node | None) -> dict[str, Any]:
    """Names and numbers of a text with one to a line; it is a text since hundreds of nodes would take long to read."""
    text = node.value if node is not None and isinstance(node.value, str) else ""
    pairs = [line.split(": ", 1) for line in text.splitlines() if ": " in line]
    return {name: _number_or_numbers(value) for name, value in pairs}


def _number_or_numbers(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None  # the same as no number: so the corridor's own counts


def _without(node: Node, names: Iterable[str]) -> Node:
    if not node.is_mapping:
        return node
    return Node({name: child for name, child in node.value.items() if name not in names}, node.line, node.lines)


def _only(reader: Reader, node: Node) -> Node:
    """The block `context` of a fit's file, which holds what the fit left over and nothing else."""
    reader.mapping(node, "context", (LEFT_OVER, DECISIONS))
    return Node(
        {name: child for name, child in node.value.items() if name in (LEFT_OVER, DECISIONS)}, node.line, node.lines
    )


def _same(then: object, now: Mapping[str | None, float]) -> bool:
    before = then if isinstance(then, Mapping) else {None: then}
    if set(before) != set(now):
        return False
    numbers = [(before[key], now[key]) for key in now]
    return all(isinstance(a, (int, float)) and math.isclose(a, b, rel_tol=10.0**-DIGITS) for a, b in numbers)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    if dataclasses.is_dataclass(value):
        return [_rounded(getattr(value, each.name)) for each in dataclasses.fields(value) if each.compare]
    if isinstance(value, Mapping):
        return sorted((str(key), _rounded(each)) for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return [_rounded(each) for each in value]
    return _rounded(value.tolist()) if hasattr(value, "tolist") else value


def _content(path: Path) -> bytes:
    """The bytes of a file, whatever ends its lines and whether or not a mark of its encoding begins it."""
    content = read_bytes(path, path.name, LARGEST_SERIES) if path.exists() else b""
    return content.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
