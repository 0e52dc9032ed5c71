"""What is taken along from the page: pictures that any program shows, tables for spreadsheets, the whole results."""

import base64
import csv
import io
import re
import threading
from datetime import date
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pytest
from bokeh.models import AllIndices, CDSView, ColumnDataSource, GlyphRenderer, Line, VArea

from pushpull.catalogue import catalogue
from pushpull.dashboard.charts.sources import DIFFERENCE
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.ensembles import refining
from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.export.charts_shown import of_plot
from pushpull.dashboard.export.colophon import colophon_of, scenario_name
from pushpull.dashboard.export.results_workbook import results_workbook
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import PARTS, WAYS, outcomes_for_cards
from pushpull.wording import palette

SVG = "{http://www.w3.org/2000/svg}"
FIGURE = re.compile(r'<figure\b[^>]*\bid="([^"]*)"')
COLOURS = {value for value in vars(palette.LIGHT).values() if isinstance(value, str)}
COLOURS |= {*palette.LIGHT.routes, *palette.LIGHT.scenarios, "none"}
DEATHS = "deaths_in_transit"


class Browser:
    """A session whose toolbar is heard."""

    def __init__(self, state, dark=False):
        self.session, self.heard = Session(state), []
        self.session.send = self.heard.append
        if dark:
            self.session.receive({"dark": True})

    def take(self, kind, key, number=7):
        self.heard.clear()
        self.session.receive({"take": kind, "chart": key, "asked": number})
        (answer,) = self.heard
        assert answer.pop("taken") == number
        return answer

    def figures(self):
        return [key for html in self.session.screen.shell.fragments.values() for key in FIGURE.findall(html)]


def moved(code="en"):
    return State.opening().with_value("border_control", 2.0).looking(language=code)


def texts_of(drawing):
    return [each.text or "" for each in ElementTree.fromstring(drawing).iter(f"{SVG}text")]


def rows_of(text, separator):
    assert text.startswith("\ufeff"), "spreadsheets know UTF-8 by this mark"
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=separator))


@pytest.fixture(scope="module")
def english():
    return Browser(moved())


@pytest.fixture(scope="module")
def french():
    return Browser(moved("fr"), dark=True)


def check_picture(drawing, unit=None):
    root = ElementTree.fromstring(drawing)
    assert "var(" not in drawing and "currentColor" not in drawing
    for each in root.iter():
        assert not each.attrib.keys() & {"class", "style"}
        assert {each.get("fill", "none"), each.get("stroke", "none")} <= COLOURS, each.attrib
        assert each.tag != f"{SVG}style"
    assert float(root.get("width")) >= 960
    words = " ".join(texts_of(drawing))
    assert date.today().isoformat() in words and "Pushpull 0." in words
    assert unit is None or unit in texts_of(drawing)
    return words


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_chart_of_every_page_is_a_picture_with_its_words_in_plain_light_colours(code, english, french):
    browser = english if code == "en" else french
    say, seen = browser.session.language.say, []
    for place, told in browser.session.screen.shell.shown["places"].items():
        if told:
            words = check_picture(browser.take("svg", place)["save"]["text"], told["unit"] or None)
            line = say("exports.lines.difference" if place == DIFFERENCE else "yours")
            assert told["title"] in words and line in words
            assert (say("charts.legend_mark") in words) == (place != DIFFERENCE)  # which begins at the policy start
            assert say("exports.origin.corridor") in words
            seen.append(place)
    views = [{"page": "outcomes", "part": part} for part in PARTS] + [{"page": "compare", "way": way} for way in WAYS]
    for view in views:
        browser.session.receive(view)
        for key in browser.figures():
            answer = browser.take("svg", key)
            html = "".join(browser.session.screen.shell.fragments.values())
            if answer or "data-take" in html[html.index(f'id="{key}"') :].partition("</figure>")[0]:
                check_picture(answer["save"]["text"])
                seen.append(key)
    browser.session.receive({"page": "overview"})
    assert len(seen) > 25


def test_a_table_of_a_chart_has_every_year_the_policy_start_and_the_record(english):
    heads, *rows = rows_of(english.take("csv", "1")["save"]["text"], ",")
    outcome = english.session.screen.charts.shown["1"]
    assert outcome == DEATHS
    state, runs = english.session.state, english.session.computation.runs
    years = [float(row[0]) for row in rows]
    record = indicators.history(state.scenario.corridor, outcome, state.scenario.start)
    assert years == sorted(set(years))
    assert {*range(int(state.scenario.start), int(state.scenario.end) + 1)} <= set(years)
    assert record["time"] and all(min(abs(year - time) for year in years) < 0.002 for time in record["time"])
    marked = [float(row[0]) for row in rows if row[-1]]
    assert marked == [state.scenario.policy_start] and heads[-1] == "Note"
    assert heads[1:3] == ["Baseline (people a year)", "Your scenario (people a year)"]
    of_yours = next(place for place, head in enumerate(heads) if head.startswith("Your scenario ("))
    told = {float(row[0]): row[of_yours] for row in rows}
    true = dict(zip(runs.yours.time, runs.yours.total(outcome)[0], strict=True))
    for year in (1995, 2030, 2045):
        assert float(told[year]) == pytest.approx(true[year], rel=1e-4)
        assert len(told[year].replace(".", "").strip("0")) <= 5, "five figures"
    on_record = next(place for place, head in enumerate(heads) if head.startswith("Observed data"))
    assert sum(bool(row[on_record]) for row in rows) == len(set(record["time"]))


def test_a_french_table_is_parted_by_semicolons_and_its_numbers_have_commas(english, french):
    of_english = rows_of(english.take("csv", "0")["save"]["text"], ",")
    of_french = rows_of(french.take("csv", "0")["save"]["text"], ";")
    assert of_french[0][1] == "Référence (personnes par an)"
    assert len(of_french) == len(of_english)
    assert any("," in cell for row in of_french[1:] for cell in row[:-1])
    for one, other in zip(of_english[1:], of_french[1:], strict=True):
        assert [cell.replace(",", ".") for cell in other[:-1]] == one[:-1]


def test_a_figure_of_a_page_has_a_table_as_a_chart_of_the_overview_has(english):
    english.session.receive({"page": "outcomes", "part": "recorded"})
    key = "figure-recorded-deaths_in_transit"
    text, book = english.take("csv", key)["save"]["text"], english.take("xlsx", key)["save"]
    rows = rows_of(text, ",")
    assert rows[0][0] == "Year" and rows[0][-1] == "Note" and len(rows) > 55
    sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(book["base64"]))).worksheets[0]
    read = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [["" if cell is None else cell for cell in row] for row in read[:1]] == rows[:1]
    for one, other in zip(read[1:], rows[1:], strict=True):
        for value, words in zip(one[:-1], other[:-1], strict=True):
            assert value == (float(words) if words else None)
    english.session.receive({"page": "overview"})


def test_a_share_is_given_in_percent(english):
    name = next(each for each in outcomes_for_cards() if catalogue().outcomes[each].unit == "1")
    english.session.receive({"page": "outcomes", "part": "gallery", "focus": name})
    heads, *rows = rows_of(english.take("csv", "focus")["save"]["text"], ",")
    assert heads[1].endswith("(%)")
    runs = english.session.computation.runs
    last = runs.baseline.total(name)[0][-1]
    assert float(rows[-1][heads.index("Baseline (%)")]) == pytest.approx(100 * last, rel=1e-4)


def test_the_clipboard_gets_a_table_of_html_and_one_with_tabs(french):
    answer = french.take("copy_table", "0")
    root = ElementTree.fromstring(f"<div>{answer['html']}</div>")
    of_html = [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]
    of_tabs = [line.split("\t") for line in answer["text"].splitlines()]
    assert of_html == of_tabs and of_html[0][0] == "Année" and len(of_html) > 50
    assert french.take("copy_picture", "0")["svg"] == french.take("svg", "0")["save"]["text"]


def test_what_is_not_on_the_page_is_answered_with_nothing(english):
    assert english.take("svg", "figure-none") == {} and english.take("exe", "0") == {}
    assert english.take("svg", '"><script>') == {}


def test_a_chart_of_a_new_source_is_taken_along_without_a_word_about_it(english):
    """A plot says all that is needed: lines and areas of any source, in the years of its axis."""
    session = english.session
    plot = session.screen.charts.at("0")
    time = np.array([2026.0, 2027.0, 2028.0])
    source = ColumnDataSource(
        {"time": time, "gap": [0.0, -5.0, -7.5], "p5": [0, -9, -9], "p95": [0, -1, 2]}, name="difference"
    )
    view = CDSView(filter=AllIndices())
    line = Line(x="time", y="gap", tags=["yours"], line_dash=[5, 3])
    area = VArea(x="time", y1="p5", y2="p95", tags=["yours"])
    before = list(plot.renderers)
    plot.renderers = [GlyphRenderer(data_source=source, glyph=each, view=view) for each in (area, line)]
    lines = session.screen.shell.words["lines"]
    ends = plot.x_range.start, plot.x_range.end
    plot.x_range.update(start=2026, end=2028)
    try:
        found = of_plot(language("en"), plot, "protection_gap", "Effect", "people a year", lines)
    finally:
        plot.renderers = before
        plot.x_range.update(start=ends[0], end=ends[1])
    assert [row[0] for row in found.rows] == ["Year", 2026.0, 2027.0, 2028.0]
    assert found.rows[0][1:4] == [
        f"{title} (people a year)"
        for title in ("Difference from the baseline", "90\u00a0% range, low", "90\u00a0% range, high")
    ]
    assert found.rows[2][1:4] == [-5.0, -9.0, -1.0]
    drawing = found.svg(colophon_of(language("en"), session.state))
    assert check_picture(drawing) and "Difference from the baseline" in texts_of(drawing)


def test_a_title_that_is_like_a_formula_stays_text_wherever_it_goes():
    state = moved().with_scenario(moved().scenario.with_changes(title='=HYPERLINK("x")'))
    browser = Browser(state)
    assert scenario_name(language("en"), state) == '=HYPERLINK("x")'
    assert '=HYPERLINK("x")' in " ".join(texts_of(browser.take("svg", "0")["save"]["text"]))
    for key in (None, "0"):
        if key is None:
            browser.heard.clear()
            browser.session.receive({"do": "results"})
            save = browser.heard[0]["save"]
        else:
            save = browser.take("xlsx", key)["save"]
        cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(base64.b64decode(save["base64"])))
                 for row in sheet.iter_rows() for cell in row]  # fmt: skip
        assert any(cell.value == '=HYPERLINK("x")' and cell.data_type == "s" for cell in cells)
        assert not any(cell.data_type == "f" for cell in cells)


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_whole_results_are_a_workbook_with_ranges_routes_and_the_record(code):
    state, words = moved(code), language(code)
    runs = runs_of(state.scenario)
    paired = next(refining(state.scenario, threading.Event()))
    content = results_workbook(words, state, runs, paired, colophon_of(words, state, date(2026, 11, 29)))
    book = openpyxl.load_workbook(io.BytesIO(content))
    names = ("exports.about", "yours", "baseline", "exports.routes", "charts.legend_history")
    assert {*map(words.say, names)} <= set(book.sheetnames) and len(book.sheetnames) == 7
    about = dict(row[:2] for row in book[words.say("exports.about")].values)
    assert about[words.say("exports.origin.date")] == "2026-11-29"
    heads, *rows = book[words.say("yours")].values
    place = next(number for number, head in enumerate(heads) if head.startswith(words.title(DEATHS)))
    told = {row[0]: row[place] for row in rows}
    true = dict(zip(runs.yours.time, runs.yours.total(DEATHS)[0], strict=True))
    assert set(range(1990, 2046)) <= told.keys()
    assert all(told[year] == pytest.approx(true[year], rel=1e-4) for year in told)
    low, high = (dict((row[0], row[place]) for row in list(book.worksheets[number].values)[1:]) for number in (3, 4))
    assert all(low[year] <= high[year] for year in low) and any(low[year] < high[year] for year in low)
    routes = list(book[words.say("exports.routes")].values)
    shares = [row[2] for row in routes[1:] if row[0] == 2030]
    assert len(shares) == len(runs.yours.routes) and sum(shares) == pytest.approx(1.0, abs=1e-3)
