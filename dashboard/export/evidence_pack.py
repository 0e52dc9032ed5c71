"""The evidence pack: one zip file with a brief to print, every chart, the data, the scenario and what made them."""

from __future__ import annotations

import base64
import csv
import io
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from pushpull.analysis import Paired
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.advisories import warnings_of
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.state.limits import LARGEST_PICTURE
from pushpull.dashboard.state.state import Refused, State
from pushpull.dashboard.state.view import PEOPLE, outcomes_for_cards
from pushpull.dashboard.view_model.controls import schedule_note, shown_unit
from pushpull.files.csv_text import plain_text
from pushpull.preparation import model_digest, versions
from pushpull.svg import Band, Curve, curves, standing_alone
from pushpull.wording import palette
from pushpull.wording.markup import element, table

PNG = b"\x89PNG\r\n\x1a\n"
LICENCE = "Apache-2.0"
MOMENT = (1980, 1, 1, 0, 0, 0)  # zip files of the same state are the same, byte for byte
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #17222d; max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.15rem; margin-top: 1.6rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #d9dfe5; vertical-align: top; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem; }
figure { margin: 0; break-inside: avoid; } figcaption { font-weight: 600; } svg { width: 100%; height: auto; }
.small { font-size: .82rem; color: #55626f; overflow-wrap: anywhere; } .told { font-weight: 600; }
@page { margin: 15mm; }
"""


@dataclass(frozen=True)
class Pack:
    """Everything but the pictures of pixels, which the browser draws from `drawings`."""

    name: str
    drawings: Mapping[str, str]
    files: Mapping[str, str]

    def zipped(self, pictures: Mapping[str, str]) -> str:
        """The zip file in base64; `pictures` are PNG files in base64, by the names of the drawings.

        Raises Refused where a picture is none.
        """
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in self.files.items():
                file.writestr(_entry(name), text)
            for name, svg in self.drawings.items():
                file.writestr(_entry(f"charts/{name}.svg"), svg)
                if name in pictures:
                    # A picture is compressed already, and to try again takes longer than all else.
                    file.writestr(_entry(f"charts/{name}.png", zipfile.ZIP_STORED), _picture(pictures[name]))
        return base64.b64encode(held.getvalue()).decode()


def _entry(name: str, how: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.compress_type = how
    return entry


def _picture(text: object) -> bytes:
    """The PNG file of a text in base64; raises Refused where it is none, or a large one."""
    if not isinstance(text, str) or len(text) > LARGEST_PICTURE * 4 // 3 + 4:
        raise Refused("pictures")
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("pictures") from None
    if not content.startswith(PNG):
        raise Refused("pictures")
    return content


def packing(
    language: Language, state: State, runs: Runs, worlds: Paired | None, stop: threading.Event
) -> Iterator[Pack]:
    """Make the pack of a state."""
    colours = f"{palette.variables(palette.LIGHT)}; font-family: {palette.FONT}; background: #fff"
    charted = charts(language, state, runs, worlds)
    drawings = {name: str(standing_alone(drawing, colours)) for name, drawing in charted.items()}
    files = {
        "brief.html": brief(language, state, runs, worlds, drawings),
        "scenario.yaml": state.to_yaml(),
        "data/yours.csv": "".join(runs.yours.csv(catalogue().outcomes)),
        "data/baseline.csv": "".join(runs.baseline.csv(catalogue().outcomes)),
        "data/metadata.json": metadata(language, state, worlds),
        "README.txt": readme(language, state),
    }
    if worlds is not None:
        files["data/bands.csv"] = bands(worlds)
    yield Pack(state.file_name.removesuffix(".yaml") + "_evidence.zip", drawings, files)


def charts(language: Language, state: State, runs: Runs, worlds: Paired | None) -> dict[str, Markup]:
    """A drawing of every outcome: baseline and yours, with the band of the worlds."""
    found, drawn = indicators.changes(runs.yours, runs.baseline, state.year), {}
    for name in outcomes_for_cards():
        outcome = catalogue().outcomes[name]
        lines = [
            Curve(language.say("baseline"), runs.baseline.total(name)[0], "baseline"),
            Curve(language.say("yours"), runs.yours.total(name)[0], "yours", (), 2.4),
        ]
        under = [Band(*worlds.of(name).policy.most, "yours")] if worlds is not None else []
        today = indicators.at(runs.baseline, runs.baseline.total(name)[0], state.scenario.policy_start)
        said = overview_page.summary(language, found[name], today, state.scenario.policy_start, state.year)
        points = indicators.history(state.scenario.corridor, name, state.scenario.start)
        drawn[name] = curves(
            language.numbers, language.title(name), said, runs.yours.time, lines, outcome.unit, under,
            state.scenario.policy_start, dots=(points["time"], points["value"]), name=name,
        )  # fmt: skip
    return drawn


def brief(language: Language, state: State, runs: Runs, worlds: Paired | None, drawings: Mapping[str, str]) -> str:
    """A page or two to print: what was set, what it does, to whom, how sure that is."""
    say, found = language.say, indicators.changes(runs.yours, runs.baseline, state.year)
    rises = bool(indicators.harms_that_rise(found))
    rows = []
    for name in (*PEOPLE, *(each for each in outcomes_for_cards() if each not in PEOPLE)):
        card = overview_page.card(language, state, found[name], worlds, rises)
        rows.append(
            [card["title"], f"{card['value']} {card['unit']}", card["difference"], card["band"], card["chance"]]
        )
    warned = [overview_page.told_warning(language, each) for each in warnings_of(state, found, runs.yours)]
    heads = [say("why.outcome"), say("yours"), say("pack.difference"), say("pack.band"), say("pack.chance")]
    settings = _settings(language, state)
    corridor = language.of("corridors", state.opened, state.scenario.corridor.title)
    body = [
        element("h1", state.scenario.title),
        element("p", corridor) if corridor != state.scenario.title else None,
        element("p", state.scenario.question) if state.scenario.question else None,
        element("p", say("page.illustrative_meaning"), class_="told") if state.scenario.corridor.illustrative else None,
        element("p", overview_page.moved(language, state)),
        element("p", overview_page.verdict(language, state, found), class_="told"),
        element("p", overview_page.certainty(language, state, worlds)),
        element("h2", say("overview.warnings")) if warned else None,
        element("ul", [element("li", element("b", each["what"]), " ", each["why"]) for each in warned])
        if warned
        else None,
        element("h2", say("pack.outcomes", year=language.numbers.year(state.year))),
        table(heads, rows),
        element("h2", say("overview.charts")),
        element(
            "div",
            [
                element("figure", element("figcaption", language.title(name)), Markup(drawings[name]))
                for name in (*PEOPLE, *state.view.chosen)
            ],
            class_="charts",
        ),
        element("h2", say("pack.settings")) if settings else None,
        table([say("pack.what"), say("pack.set")], settings) if settings else None,
        element("h2", say("pack.made")),
        element("p", say("pack.caution"), class_="small"),
        element("p", say("pair", name=say("evidence.model_hash"), value=model_digest()), class_="small"),
        element("p", say("pair", name=say("evidence.scenario_hash"), value=state.scenario.digest), class_="small"),
        element("p", say("pair", name=say("evidence.versions"), value=versions()), class_="small"),
    ]
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        element("title", state.scenario.title),
        element("style", Markup(_STYLE)),
    )
    return "<!doctype html>\n" + str(element("html", head, element("body", body), lang=language.code)) + "\n"


def _settings(language: Language, state: State) -> list[list[str]]:
    """All that differs from the corridor as it stands: levers, context, parameters, rival formulas, loops off."""
    say, scenario = language.say, state.scenario
    rows = [[language.title(name), _setting(language, state, name)] for name in (*scenario.policies, *scenario.context)]
    for name, given in scenario.parameters.items():
        amounts = given.values() if isinstance(given, Mapping) else [given]
        told = (f"{language.numbers.number(each.value)}{'x' if each.times_today else ''}" for each in amounts)
        rows.append([language.title(name), " / ".join(told)])
    chosen, words = language.section("assumptions.settings"), language.section("assumptions.formulas")
    rows += [[chosen.get(name, name), words.get(rival, rival)] for name, rival in scenario.formulas.items()]
    return [*rows, *([say("why.loop_off", loop=language.title(name)), "\u2013"] for name in scenario.loops_off)]


def _setting(language: Language, state: State, name: str) -> str:
    """What a lever or driver is set to, gateway by gateway where they differ, with its schedule."""
    scale, unit = shown_unit(language, catalogue().model.cards[name])
    value, number = state.value(name), language.numbers.number
    if isinstance(value, Mapping) and len(set(value.values())) > 1:
        routes = state.scenario.corridor.routes
        named = {route: language.of("routes", route, routes[route].title) for route in value}
        told = ", ".join(f"{named[route]} {number(scale * each)}" for route, each in value.items())
    else:
        told = number(scale * (next(iter(value.values())) if isinstance(value, Mapping) else value))
    return f"{told} {unit}".strip() + (f" ({note})" if (note := schedule_note(language, state, name)) else "")


def bands(worlds: Paired) -> str:
    """The bands of every outcome as a tidy table in CSV."""
    held = io.StringIO()
    rows = worlds.table.map(lambda cell: plain_text(cell) if isinstance(cell, str) else cell)
    rows.to_csv(held, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return held.getvalue()


def metadata(language: Language, state: State, worlds: Paired | None) -> str:
    """What the columns and variables of the data mean, and under which terms they may be used."""
    outcomes = {
        name: {"title": outcome.title, "unit": outcome.unit, "meaning": outcome.meaning, "better": outcome.better}
        for name, outcome in catalogue().outcomes.items()
    }
    content = {
        "title": state.scenario.title,
        "corridor": state.scenario.corridor.id,
        "illustrative": state.scenario.corridor.illustrative,
        "licence": LICENCE,
        "recorded_series": "keep their own terms; see SOURCES.md of the corridor",
        "time": "decimal year; 2000.0 is 1 January 2000",
        "model_hash": model_digest(),
        "scenario_hash": state.scenario.digest,
        "seed": state.scenario.seed,
        "members_of_bands": worlds.members if worlds is not None else 0,
        "versions": versions(),
        "link": state.short_link,
        "outcomes": outcomes,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def readme(language: Language, state: State) -> str:
    """What the files are, and how to make the numbers again."""
    return language.say("pack.readme", title=state.scenario.title, licence=LICENCE) + "\n"
