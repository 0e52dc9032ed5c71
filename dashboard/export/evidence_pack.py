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
from datetime import date
from typing import ClassVar

import numpy as np
from markupsafe import Markup

from pushpull.analysis import Paired
from pushpull.analysis.quantile_ranges import MOST
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.compared import Entry
from pushpull.dashboard.compute.judging.outcome_verdicts import verdicts
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.export.brief import brief
from pushpull.dashboard.export.brief_content import CHART, BriefContent, brief_content, named_options
from pushpull.dashboard.export.brief_word import brief_in_word
from pushpull.dashboard.export.charts_shown import other_keys
from pushpull.dashboard.export.colophon import colophon_of
from pushpull.dashboard.export.results_workbook import results_workbook
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
from pushpull.svg import Band, Caption, Curve, Recorded, curves, standing_alone
from pushpull.wording.markup import element
from pushpull.wording.money import in_currency

PNG = b"\x89PNG\r\n\x1a\n"
LICENCE = "Apache-2.0"
YEARS_BEFORE = 5  # of the policy start, on the charts of the brief
SIZE, SMALL = (720.0, 360.0), (360.0, 150.0)  # of a drawing as a file, and in the brief
MOMENT = (1980, 1, 1, 0, 0, 0)  # zip files of the same state are the same, byte for byte
KINDS = ("pack", "brief", "word")


@dataclass(frozen=True)
class Pack:
    """Everything but the pictures of pixels, which the browser draws from `drawings`, and the Word file, which holds
    some of them."""

    name: str
    drawings: Mapping[str, str]
    files: Mapping[str, str | bytes]
    brief: BriefContent
    kind: ClassVar[str] = "application/zip"

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
    kind: ClassVar[str] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

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
    site: str = "",
    link: str | None = None,
    made: date | None = None,
) -> Iterator[Taken]:
    """Make what is taken along of a state: one of `KINDS`. `site` is the address of the page, and `link` leads from the
    brief back to the state, where its full address there does not."""
    day, options = made or date.today(), named_options(language, state)
    back = link or (state.address(site) if site else None) or ""
    content = brief_content(language, state, runs, ensemble, stop, day, back)
    colophon = colophon_of(language, state, day)
    near = state.scenario.policy_start - YEARS_BEFORE
    drawings = {
        # The table beside them tells which colour is which option.
        f"{CHART}{name}": standing_alone(drawing, Caption("", has_legend=False))
        for name, drawing in charts(language, state, runs, ensemble, options, PEOPLE, SMALL, near).items()
    }
    stem = colophon.stem
    if kind == "word":
        yield WordBrief(_called(stem, language.say("brief.file"), "docx"), drawings, content)
        return
    printed = brief(content, drawings)
    if kind == "brief":
        yield PlainBrief(_called(stem, language.say("brief.file"), "html"), printed)
        return
    is_alone = len(options) <= 1
    others = _legend(language, state, ensemble is not None and is_alone)
    for name, drawing in charts(language, state, runs, ensemble, options, outcomes_for_cards(), SIZE).items():
        unit = language.numbers.unit_beside(catalogue().outcomes[name].unit)
        drawings[name] = standing_alone(drawing, Caption(language.title(name), unit, (), others[name], colophon.notes))
    files: dict[str, str | bytes] = {
        "brief.html": printed,
        "results.xlsx": results_workbook(language, state, runs, ensemble, colophon),
        "scenario.yaml": state.named().to_yaml(),
        "data/yours.csv": "".join(runs.yours.csv(catalogue().outcomes)),
        "data/baseline.csv": "".join(runs.baseline.csv(catalogue().outcomes)),
        "data/options.csv": options_csv(language, state, options),
        "data/metadata.json": metadata(language, state, ensemble, site),
        "README.txt": readme(language, state),
    }
    for place, option in enumerate(state.kept):
        named = option.with_changes(title=state.title_of(language, option))
        files[f"options/{file_names.safe(f'{letter(place)} {named.title}.yaml')}"] = named.to_yaml()
    if ensemble is not None:
        files["data/ranges.csv"] = ranges_csv(ensemble)
    yield Pack(f"{stem}_evidence.zip", drawings, files, content)


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


def _called(stem: str, what: str, ending: str) -> str:
    return file_names.safe(f"{stem} {what}.{ending}")


def charts(
    language: Language,
    state: State,
    runs: Runs,
    ensemble: Paired | None,
    options: Sequence[Entry],
    names: Iterable[str],
    size: tuple[float, float],
    first: float = -np.inf,
) -> dict[str, Markup]:
    """A drawing of each outcome from a `first` year on: the baseline and every option, with the range of simulations
    where it is alone."""
    found, drawings = indicators.changes(runs.yours, runs.baseline, state.year), {}
    judged = verdicts(found, ensemble, state.year, state.view.valued)
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
            most = ensemble.of(name).policy.most
            ranges += [Band(most[0][drawn], most[1][drawn], "yours")] if most is not None else []
        today = indicators.at(runs.baseline, runs.baseline.total(name)[0], state.scenario.policy_start)
        summary = overview_page.summary(language, judged[name], today, state.scenario.policy_start, state.year)
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


def metadata(language: Language, state: State, ensemble: Paired | None, site: str = "") -> str:
    """What the columns and variables of the data mean, and under which terms they may be used."""
    currency = state.scenario.corridor.currency
    outcomes = {
        name: {
            "title": language.title(name),
            "unit": in_currency(outcome.unit, currency),
            "meaning": language.meaning(name),
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
        "recorded_series": language.say("pack.own_terms"),
        "time": language.say("pack.time"),
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
    return language.say("pack.readme", title=state.named().title, licence=LICENCE) + "\n"
