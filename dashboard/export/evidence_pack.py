"""What is taken along: the brief, in HTML or in Word, and the evidence pack, one zip file with the brief, every chart,
the data, the scenarios and what made them."""

from __future__ import annotations

import base64
import csv
import io
import json
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from markupsafe import Markup

from pushpull.analysis import Paired
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.compared import Entry
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.export.brief import brief
from pushpull.dashboard.export.brief_content import CHART, BriefContent, brief_content, named_options
from pushpull.dashboard.export.brief_word import brief_in_word
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.limits import LARGEST_PICTURE
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.state.policy_options import letter
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import PEOPLE, outcomes_for_cards
from pushpull.dashboard.storage import file_names
from pushpull.files.csv_text import plain_text
from pushpull.preparation import model_digest, versions
from pushpull.svg import Band, Curve, Recorded, curves, standing_alone
from pushpull.svg.curves import HEIGHT, WIDTH
from pushpull.wording import palette
from pushpull.wording.money import in_currency

PNG = b"\x89PNG\r\n\x1a\n"
LICENCE = "Apache-2.0"
YEARS_BEFORE = 5  # of the policy start, on the charts of the brief
SMALL = (WIDTH, 150.0)
MOMENT = (1980, 1, 1, 0, 0, 0)  # zip files of the same state are the same, byte for byte


KINDS = ("pack", "brief", "word")


@dataclass(frozen=True)
class Pack:
    """Everything but the pictures of pixels, which the browser draws from `drawings`, and the Word file, which holds
    some of them."""

    name: str
    drawings: Mapping[str, str]
    files: Mapping[str, str]
    brief: BriefContent

    def finished(self, pictures: Mapping[str, str]) -> str:
        """The zip file in base64; `pictures` are PNG files in base64, by the names of the drawings.

        Raises Refusal where a picture is none.
        """
        content = io.BytesIO()
        drawn = {name: _picture(pictures[name]) for name in self.drawings if name in pictures}
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in self.files.items():
                file.writestr(_entry(name), text)
            for name, svg in self.drawings.items():
                file.writestr(_entry(f"charts/{name}.svg"), svg)
                if name in drawn:
                    # A picture is compressed already, and to try again takes longer than all else.
                    file.writestr(_entry(f"charts/{name}.png", zipfile.ZIP_STORED), drawn[name])
            file.writestr(_entry("brief.docx", zipfile.ZIP_STORED), brief_in_word(self.brief, drawn))
        return base64.b64encode(content.getvalue()).decode()


@dataclass(frozen=True)
class WordBrief:
    """The brief as a Word file but for its charts, which the browser draws from `drawings`."""

    name: str
    drawings: Mapping[str, str]
    brief: BriefContent

    def finished(self, pictures: Mapping[str, str]) -> str:
        """The Word file in base64; raises Refusal where a picture is none."""
        drawn = {name: _picture(pictures[name]) for name in self.drawings if name in pictures}
        return base64.b64encode(brief_in_word(self.brief, drawn)).decode()


@dataclass(frozen=True)
class PlainBrief:
    """The brief as an HTML page, which needs no pictures."""

    name: str
    text: str


Taken = Pack | WordBrief | PlainBrief


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
    language: Language,
    state: State,
    runs: Runs,
    ensemble: Paired | None,
    stop: threading.Event,
    kind: str = KINDS[0],
    at: str = "",
    made: date | None = None,
) -> Iterator[Taken]:
    """Make what is taken along of a state: one of `KINDS`. `at` is the address of the page, where it is known."""
    options = named_options(language, state)
    today = made or datetime.now(UTC).date()
    content = brief_content(language, state, runs, ensemble, stop, today, at)
    colours = f"{palette.variables(palette.LIGHT)}; font-family: {palette.FONT}; background: #fff"
    near = state.scenario.policy_start - YEARS_BEFORE
    charted = {
        f"{CHART}{name}": each
        for name, each in charts(language, state, runs, ensemble, options, PEOPLE, near, SMALL).items()
    }
    if kind == "pack":
        charted |= charts(language, state, runs, ensemble, options, outcomes_for_cards())
    drawings = {name: str(standing_alone(drawing, colours)) for name, drawing in charted.items()}
    stem = state.file_name.removesuffix(".yaml")
    if kind == "word":
        yield WordBrief(_called(stem, language.say("brief.file"), "docx"), drawings, content)
        return
    printed = brief(content, drawings)
    if kind == "brief":
        yield PlainBrief(_called(stem, language.say("brief.file"), "html"), printed)
        return
    files = {
        "brief.html": printed,
        "scenario.yaml": state.named().to_yaml(),
        "data/yours.csv": "".join(runs.yours.csv(catalogue().outcomes)),
        "data/baseline.csv": "".join(runs.baseline.csv(catalogue().outcomes)),
        "data/options.csv": options_csv(language, state, options),
        "data/metadata.json": metadata(language, state, ensemble, content.link),
        "README.txt": readme(language, state),
    }
    for place, option in enumerate(state.kept):
        named = option.with_changes(title=state.title_of(language, option))
        files[f"options/{file_names.safe(f'{letter(place)} {named.title}.yaml')}"] = named.to_yaml()
    if ensemble is not None:
        files["data/bands.csv"] = ranges_csv(ensemble)
    yield Pack(f"{stem}_evidence.zip", drawings, files, content)


def _called(stem: str, what: str, ending: str) -> str:
    return file_names.safe(f"{stem} {what}.{ending}")


def charts(
    language: Language,
    state: State,
    runs: Runs,
    ensemble: Paired | None,
    options: Sequence[Entry],
    names: Iterable[str],
    first: float = -np.inf,
    size: tuple[float, float] = (WIDTH, HEIGHT),
) -> dict[str, Markup]:
    """A drawing of each outcome from a `first` year on: the baseline and every option, with the range of simulations
    where it is alone."""
    changes, drawings = indicators.changes(runs.yours, runs.baseline, state.year), {}
    drawn = runs.baseline.time >= first
    time = runs.baseline.time[drawn]
    for name in names:
        outcome = catalogue().outcomes[name]
        lines = [Curve(language.say("baseline"), runs.baseline.total(name)[0][drawn], "baseline")]
        for each in options:
            values = np.interp(time, each.result.time, each.result.total(name)[0], right=np.nan)
            lines.append(Curve(each.title, values, each.colour, (), 2.4))
        ranges = []
        if ensemble is not None and len(options) <= 1:
            low, high = ensemble.of(name).policy.most
            ranges.append(Band(low[drawn], high[drawn], "yours"))
        today = indicators.at(runs.baseline, runs.baseline.total(name)[0], state.scenario.policy_start)
        summary = overview_page.summary(language, changes[name], today, state.scenario.policy_start, state.year)
        record = indicators.history(state.scenario.corridor, name, max(state.scenario.start, first))
        drawings[name] = curves(
            language.numbers, language.title(name), summary, time, lines, outcome.unit, ranges,
            state.scenario.policy_start, recorded=Recorded(record["time"], record["value"]), size=size, name=name,
        )  # fmt: skip
    return drawings


def options_csv(language: Language, state: State, options: Sequence[Entry]) -> str:
    """The runs of all options as one table: before each row the option's letter (none where it is only on the page) and
    its name."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, option in enumerate(options):
        place = _place_of(option)
        sign = "" if place is None else letter(place)
        name = state.title_of(language, option.scenario)
        rows = csv.reader("".join(option.result.csv(catalogue().outcomes)).splitlines())
        head = next(rows)
        if number == 0:
            writer.writerow(["option", "name", *head])
        writer.writerows([sign, plain_text(name), *row] for row in rows)
    return text.getvalue()


def _place_of(option: Entry) -> int | None:
    """The place of an entry among the options; None where it is only on the page."""
    kind, _, place = option.key.partition(":")
    return int(place) if kind == "kept" else None


def ranges_csv(ensemble: Paired) -> str:
    """The ranges of every outcome as a tidy table in CSV."""
    text = io.StringIO()
    rows = ensemble.table.map(lambda cell: plain_text(cell) if isinstance(cell, str) else cell)
    rows.to_csv(text, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return text.getvalue()


def metadata(language: Language, state: State, ensemble: Paired | None, address: str = "") -> str:
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
        "title": state.named().title,
        "options": {letter(place): state.title_of(language, option) for place, option in enumerate(state.kept)},
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
        "link": state.short_link,
        "address": address,
        "outcomes": outcomes,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def readme(language: Language, state: State) -> str:
    """What the files are, and how to make the numbers again."""
    return language.say("pack.readme", title=state.named().title, licence=LICENCE) + "\n"
