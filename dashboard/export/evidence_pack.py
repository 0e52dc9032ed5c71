"""The evidence pack: one zip file with a brief to print, every chart, the data, the scenario and what made them."""

from __future__ import annotations

import base64
import csv
import io
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from pushpull.analysis import Paired
from pushpull.analysis.quantile_ranges import MOST
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.advisories import makes_a_claim
from pushpull.dashboard.compute.lever_effects import effects_of
from pushpull.dashboard.compute.outcome_verdicts import verdicts
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.export.brief import brief
from pushpull.dashboard.export.charts_shown import other_keys
from pushpull.dashboard.export.colophon import colophon_of
from pushpull.dashboard.export.results_workbook import results_workbook
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.limits import LARGEST_PICTURE
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import outcomes_for_cards
from pushpull.files.csv_text import plain_text
from pushpull.preparation import model_digest, versions
from pushpull.svg import Band, Caption, Curve, Recorded, curves, standing_alone
from pushpull.wording.markup import element
from pushpull.wording.money import in_currency

PNG = b"\x89PNG\r\n\x1a\n"
LICENCE = "Apache-2.0"
SIZE, SMALL = (720.0, 360.0), (360.0, 190.0)  # of a drawing as a file, and in the brief
MOMENT = (1980, 1, 1, 0, 0, 0)  # zip files of the same state are the same, byte for byte


@dataclass(frozen=True)
class Pack:
    """Everything but the pictures of pixels, which the browser draws from `drawings`."""

    name: str
    drawings: Mapping[str, str]
    files: Mapping[str, str | bytes]

    def zipped(self, pictures: Mapping[str, str]) -> str:
        """The zip file in base64; `pictures` are PNG files in base64, by the names of the drawings.

        Raises Refusal where a picture is none.
        """
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in self.files.items():
                file.writestr(_entry(name), text)
            for name, svg in self.drawings.items():
                file.writestr(_entry(f"charts/{name}.svg"), svg)
                if name in pictures:
                    # A picture is compressed already, and to try again takes longer than all else.
                    file.writestr(_entry(f"charts/{name}.png", zipfile.ZIP_STORED), _picture(pictures[name]))
        return base64.b64encode(content.getvalue()).decode()


def _entry(name: str, how: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.compress_type = how
    return entry


def _picture(text: object) -> bytes:
    """The PNG file of a text in base64; raises Refusal where it is none, or a large one."""
    if not isinstance(text, str) or len(text) > LARGEST_PICTURE * 4 // 3 + 4:
        raise Refusal("pictures")
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refusal("pictures") from None
    if not content.startswith(PNG):
        raise Refusal("pictures")
    return content


def packing(
    language: Language, state: State, runs: Runs, ensemble: Paired | None, stop: threading.Event, site: str = ""
) -> Iterator[Pack]:
    """Make the pack of a state; `site` is the address of the page."""
    if ensemble is not None and makes_a_claim(state):
        effects_of(state.scenario, stop)  # the brief tells of them
    colophon = colophon_of(language, state)
    large, small = (charts(language, state, runs, ensemble, size) for size in (SIZE, SMALL))
    others = _legend(language, state, ensemble is not None)
    drawings, bare = {}, {}  # with their words around them; and for the brief, which has those words once for all
    for name, drawing in large.items():
        unit = language.numbers.unit_beside(catalogue().outcomes[name].unit)
        caption = Caption(language.title(name), unit, (), others[name], colophon.notes)
        drawings[name] = standing_alone(drawing, caption)
        bare[name] = standing_alone(small[name], replace(caption, title="", notes=()))
    files: dict[str, str | bytes] = {
        "brief.html": brief(language, state, runs, ensemble, bare),
        "results.xlsx": results_workbook(language, state, runs, ensemble, colophon),
        "scenario.yaml": state.to_yaml(),
        "data/yours.csv": "".join(runs.yours.csv(catalogue().outcomes)),
        "data/baseline.csv": "".join(runs.baseline.csv(catalogue().outcomes)),
        "data/metadata.json": metadata(language, state, ensemble, site),
        "README.txt": readme(language, state),
    }
    if ensemble is not None:
        files["data/ranges.csv"] = ranges_csv(ensemble)
    yield Pack(state.file_name.removesuffix(".yaml") + "_evidence.zip", drawings, files)


def _legend(language: Language, state: State, with_ranges: bool) -> dict[str, list[tuple[Markup, str]]]:
    """What the legend of each chart says besides its lines."""
    patch = element("rect", width="28", height="10", style="fill: var(--yours); fill-opacity: 0.18")
    share = language.numbers.share(MOST[1] - MOST[0])
    ranges = [(patch, language.say("exports.range", share=share))] if with_ranges else []
    corridor, start = state.scenario.corridor, state.scenario.start
    return {
        name: [*ranges, *other_keys(language, bool(indicators.history(corridor, name, start)["time"]), True)]
        for name in outcomes_for_cards()
    }


def charts(
    language: Language, state: State, runs: Runs, ensemble: Paired | None, size: tuple[float, float]
) -> dict[str, Markup]:
    """A drawing of every outcome: baseline and yours, with the range of the members."""
    found, drawings = indicators.changes(runs.yours, runs.baseline, state.year), {}
    judged = verdicts(found, ensemble, state.year, state.view.valued)
    for name in outcomes_for_cards():
        outcome = catalogue().outcomes[name]
        lines = [
            Curve(language.say("baseline"), runs.baseline.total(name)[0], "baseline"),
            Curve(language.say("yours"), runs.yours.total(name)[0], "yours", (), 2.4),
        ]
        low, high = ensemble.of(name).policy.most if ensemble is not None else (None, None)
        ranges = [Band(low, high, "yours")] if low is not None and high is not None else []
        today = indicators.at(runs.baseline, runs.baseline.total(name)[0], state.scenario.policy_start)
        summary = overview_page.summary(language, judged[name], today, state.scenario.policy_start, state.year)
        record = indicators.history(state.scenario.corridor, name, state.scenario.start)
        drawings[name] = curves(
            language.numbers, language.title(name), summary, runs.yours.time, lines, outcome.unit, ranges,
            state.scenario.policy_start, recorded=Recorded(record["time"], record["value"]), size=size, name=name,
        )  # fmt: skip
    return drawings


def ranges_csv(ensemble: Paired) -> str:
    """The ranges of every outcome as a tidy table in CSV."""
    text = io.StringIO()
    rows = ensemble.table.map(lambda cell: plain_text(cell) if isinstance(cell, str) else cell)
    rows.to_csv(text, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return text.getvalue()


def metadata(language: Language, state: State, ensemble: Paired | None, site: str = "") -> str:
    """What the columns and variables of the data mean, and under which terms they may be used."""
    currency = state.scenario.corridor.currency
    outcomes = {
        name: {
            "title": outcome.title,
            "unit": in_currency(outcome.unit, currency),
            "meaning": outcome.meaning,
            "better": outcome.better,
        }
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
        "members_of_bands": ensemble.members if ensemble is not None else 0,
        "versions": versions(),
        "link": state.address(site),
        "outcomes": outcomes,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def readme(language: Language, state: State) -> str:
    """What the files are, and how to make the numbers again."""
    return language.say("pack.readme", title=state.scenario.title, licence=LICENCE) + "\n"
