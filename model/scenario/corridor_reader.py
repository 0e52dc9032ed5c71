"""The reader of `corridor.yaml`: what a corridor is, its horizon, routes and origins, and every fault in it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pushpull.catalogue import Catalogue
from pushpull.files.faults import Fault, nearest, quote
from pushpull.files.reader import EARLIEST, LATEST
from pushpull.files.tree import Node
from pushpull.scenario.corridor import ONE_ORIGIN, Corridor, Origin, Route
from pushpull.scenario.interpreter import BUSIEST, FORM_WORDS, HORIZON, POPULATIONS, Interpreter
from pushpull.scenario.library import CORRIDOR_ID
from pushpull.scenario.migrations import CORRIDOR_VERSION, EARLIER_CORRIDORS
from pushpull.scenario.series import SeriesBook, read_series
from pushpull.scenario.settings_reader import SERIES_KEYS, SettingsReader
from pushpull.wording.money import CURRENCIES, MONEY
from pushpull.wording.phrases import Phrase

KEYS = (
    "schema_version",
    "id",
    "title",
    "question",
    "description",
    "illustrative",
    "currency",
    "horizon",
    "routes",
    "origins",
    "policies",
    "context",
    "parameters",
    "recorded",
    "notes",
    "placeholders",
)
MOST_ROUTES, MOST_ORIGINS = 40, 12
RESERVED = (*FORM_WORDS, *SERIES_KEYS, *POPULATIONS, BUSIEST)


class CorridorReader(Interpreter):
    """Reads a corridor file, with its settings by a `SettingsReader` once the routes are known."""

    def __init__(self, file: str, faults: list[Fault], catalogue: Catalogue):
        super().__init__(file, faults, catalogue, routes=(), relative=False)

    def read(self, node: Node, folder: Path, digest: str, series: bytes | None, shown: str) -> Corridor | None:
        """The corridor, or None where the file is too faulty to make one.

        `series` is the content of the file `series.csv`, which faults call `shown`; None where there is none.
        """
        entries = self.mapping(node, Phrase("the corridor"), KEYS, ("id", "title", "horizon", "routes"))
        self.check_version(entries, node, CORRIDOR_VERSION, EARLIER_CORRIDORS)
        texts = {
            key: self.text(entries[key], key, 200 if key == "title" else 5000) or ""
            for key in ("title", "question", "description")
            if key in entries
        }
        if "id" in entries and entries["id"].value != folder.name:
            self.fault(
                entries["id"].line,
                Phrase("id is {kind}", kind=entries["id"].kind()),
                Phrase("the folder's name, {name}", name=folder.name),
            )
        illustrative = "illustrative" in entries and bool(self.truth(entries["illustrative"], "illustrative"))
        currency = self.choice(entries["currency"], "currency", CURRENCIES) if "currency" in entries else MONEY
        horizon = self.horizon(entries["horizon"], HORIZON) if "horizon" in entries else {}
        years: tuple[float, float] = (EARLIEST, LATEST)
        if len(horizon) == len(HORIZON):
            self.check_horizon(entries["horizon"].line, **horizon)
            years = (horizon["start"], max(horizon["end"], horizon["start"]))
        routes = self.read_routes(entries["routes"]) if "routes" in entries else {}
        origins = self.read_origins(entries["origins"], routes) if "origins" in entries else dict(ONE_ORIGIN)
        if not routes or len(routes) < len(entries["routes"].value) or not origins:
            return None  # what follows is about the routes and the origins
        busiest = next((route.id for route in routes.values() if route.busiest), None)
        book = None if series is None else read_series(series, shown, routes, self.faults) if series else SeriesBook()
        reader = SettingsReader(
            self.file, self.faults, self.catalogue, tuple(routes), busiest, book, years, tuple(origins)
        )
        policies = reader.paths(entries["policies"], "policies") if "policies" in entries else {}
        context = reader.paths(entries["context"], "context") if "context" in entries else {}
        parameters = reader.values(entries["parameters"]) if "parameters" in entries else {}
        recorded = reader.recorded(entries["recorded"]) if "recorded" in entries else {}
        notes = self.read_notes(entries["notes"]) if "notes" in entries else {}
        given = {**policies, **context, **parameters}
        placeholders = self.read_placeholders(entries["placeholders"], given) if "placeholders" in entries else ()
        if self.faults:
            return None
        return Corridor(
            id=folder.name,
            digest=digest,
            title=texts["title"],
            question=texts.get("question", ""),
            description=texts.get("description", ""),
            illustrative=illustrative or bool(placeholders),
            start=horizon["start"],
            end=horizon["end"],
            policy_start=horizon["policy_start"],
            routes=routes,
            policies=policies,
            context=context,
            parameters=parameters,
            recorded=recorded,
            source_lines=reader.book.sources,
            notes=notes,
            folder=folder,
            own_parameters=parameters,
            origins=origins,
            currency=currency or MONEY,
            placeholders=placeholders,
        )

    def read_routes(self, node: Node) -> dict[str, Route]:
        """The routes by their ids, but for those whose id is no text."""
        if not node.is_mapping or not node.value:
            self.fault(
                node.line,
                Phrase("routes is {kind}", kind=node.kind() if node.value else Phrase("empty")),
                Phrase("at least one named route"),
            )
            return {}
        routes: dict[str, Route] = {}
        if len(node.value) > MOST_ROUTES:
            self.fault(
                node.line,
                Phrase("the corridor has {count} routes", count=len(node.value)),
                Phrase("at most {most}", most=MOST_ROUTES),
            )
            return {}
        for name, child in node.value.items():
            line = node.line_of(name)
            if name in RESERVED:
                self.fault(
                    line,
                    Phrase("{name} cannot name a route, as it is a word of these files", name=quote(name)),
                    Phrase("another name"),
                )
            elif not isinstance(name, str) or not CORRIDOR_ID.match(name):
                self.fault(
                    line, Phrase("{name} cannot name a route", name=quote(name)), Phrase("lower-case words joined by _")
                )
                if not isinstance(name, str):
                    continue
            entries = self.mapping(child, Phrase("route {name}", name=name), ("title", "note", "busiest"), ("title",))
            title = (
                self.text(entries["title"], Phrase("title of {name}", name=name), 100) if "title" in entries else name
            )
            note = self.text(entries["note"], Phrase("note of {name}", name=name), 1000) if "note" in entries else ""
            busiest = "busiest" in entries and bool(
                self.truth(entries["busiest"], Phrase("busiest of {name}", name=name))
            )
            if busiest and any(route.busiest for route in routes.values()):
                self.fault(
                    entries["busiest"].line, Phrase("a second route is marked busiest"), Phrase("one busiest route")
                )
            routes[name] = Route(name, title or name, note or "", busiest)
        return routes

    def read_origins(self, node: Node, routes: Collection[str]) -> dict[str, Origin]:
        """The origins by their ids; none of them where one is at fault."""
        if not node.is_mapping or not node.value:
            self.fault(
                node.line,
                Phrase("origins is {kind}", kind=node.kind() if node.value else Phrase("empty")),
                Phrase("at least one named origin"),
            )
            return {}
        if len(node.value) > MOST_ORIGINS:
            self.fault(
                node.line,
                Phrase("the corridor has {count} origins", count=len(node.value)),
                Phrase("at most {most}", most=MOST_ORIGINS),
            )
            return {}
        before, origins = len(self.faults), {}
        for name, child in node.value.items():
            line = node.line_of(name)
            if name in RESERVED or name in routes:
                what = Phrase("a word of these files") if name in RESERVED else Phrase("a route of this corridor")
                self.fault(
                    line,
                    Phrase("{name} cannot name an origin, as it is {what}", name=quote(name), what=what),
                    Phrase("another name"),
                )
            elif not isinstance(name, str) or not CORRIDOR_ID.match(name):
                self.fault(
                    line,
                    Phrase("{name} cannot name an origin", name=quote(name)),
                    Phrase("lower-case words joined by _"),
                )
            entries = self.mapping(child, Phrase("origin {name}", name=name), ("title", "note"), ("title",))
            title = (
                self.text(entries["title"], Phrase("title of {name}", name=name), 100) if "title" in entries else None
            )
            note = self.text(entries["note"], Phrase("note of {name}", name=name), 1000) if "note" in entries else ""
            origins[name] = Origin(name, title or str(name), note or "")
        return origins if len(self.faults) == before else {}

    def read_notes(self, node: Node) -> dict[str, str]:
        """What the corridor says of its values, by the names of levers, context drivers and parameters."""
        if not self.is_mapping(node, "notes", Phrase("a mapping of names and texts")):
            return {}
        names = {**self.catalogue.levers, **self.catalogue.context, **self.catalogue.parameters}
        notes = {}
        for name, child in node.value.items():
            if name not in names:
                message = Phrase("notes knows no {name}", name=quote(name))
                self.fault(
                    node.line_of(name), message, Phrase("a lever, context driver or parameter"), nearest(name, names)
                )
                continue
            text = self.text(child, Phrase("note on {name}", name=name), 2000)
            if text is not None:
                notes[name] = text
        return notes

    def read_placeholders(self, node: Node, given: Collection[str]) -> tuple[str, ...]:
        """The names of what the corridor sets to a number that nobody has looked up yet."""
        items = node.value if isinstance(node.value, list) else None
        if items is None:
            if node.value is not None:
                self.fault(node.line, Phrase("placeholders is {kind}", kind=node.kind()), Phrase("a list of names"))
            return ()
        names = []
        for item in items:
            if item.value in given:
                names.append(item.value)
            elif not self.faults:  # what could not be read above has been told
                message = Phrase("placeholders names {name}, which this corridor does not set", name=quote(item.value))
                allowed = Phrase("names that stand under policies, context or parameters of this file")
                self.fault(item.line, message, allowed, nearest(item.value, given))
        return tuple(dict.fromkeys(names))
