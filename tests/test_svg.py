"""The one writer of SVG: every drawing is well formed, stays within its frame and holds what it is given."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from pushpull import svg
from pushpull.svg.frame import NAMESPACE, axis_range, ticks, year_ticks
from pushpull.svg.standing import writable
from pushpull.wording.markup import element
from pushpull.wording.numbers import numbers_of
from pushpull.wording.palette import LIGHT

NUMBERS = numbers_of("en")
NAN = float("nan")


def shapes(drawing, tag):
    return [each for each in ElementTree.fromstring(drawing).iter() if each.tag == tag]


def points(shape):
    return [tuple(map(float, each.split(","))) for each in shape.get("points").split()]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3.2, 4.1), (0, 1.6e6), (0.2, 0.21), (-7, -7), (0, 0), (-2e-9, 0)])
def test_an_axis_holds_its_range_and_zero_between_even_round_ticks(low, high):
    bottom, top = axis_range(low, high)
    assert bottom <= min(low, 0) and top >= max(high, 0) and bottom < top
    marks = ticks(bottom, top)
    assert 2 <= len(marks) <= 7
    np.testing.assert_allclose(np.diff(marks), marks[1] - marks[0])


@pytest.mark.parametrize("first, last", [(1990, 2045), (2007.5, 2009.5), (1990, 1991)])
def test_ticks_of_years_are_whole_and_inside(first, last):
    years = year_ticks(first, last)
    assert 1 <= len(years) <= 6 and first <= years[0] and years[-1] <= last


def test_curves_show_bands_lines_and_recorded_ranges():
    time = [2000.0, 2001.0, 2002.0]
    lines = [svg.Curve("median", [1.0, 2.0, NAN], "yours", (5, 3))]
    bands = [svg.Band([0.0, 1.0, 1.0], [2.0, 3.0, 3.0], "yours")]
    ranges = svg.Recorded([2000.0], [0.5], [5.5])
    drawing = svg.curves(NUMBERS, "Fees", "rise", time, lines, "USD", bands, recorded=ranges)
    assert len(points(shapes(drawing, "polyline")[0])) == 2
    assert len(points(shapes(drawing, "polygon")[0])) == 6
    assert len([each for each in shapes(drawing, "line") if each.get("class") == "record"]) == 3
    assert "6" in [each.text for each in shapes(drawing, "text")]  # the axis holds the recorded range


def test_recorded_values_are_dots():
    recorded = svg.Recorded([2000.0, 2001.0], [1.0, 2.0])
    drawing = svg.curves(NUMBERS, "Fees", "", [2000.0, 2001.0], [], "USD", recorded=recorded)
    assert len(shapes(drawing, "circle")) == 2 and len(shapes(drawing, "polyline")) == 0


def test_a_single_year_is_a_short_line_within_the_frame():
    drawing = svg.curves(NUMBERS, "once", "", [2006.0], [svg.Curve("median", [3.0], "yours")], "1")
    (left, _), (right, _) = points(shapes(drawing, "polyline")[0])
    assert 46 < left < right < 348


def test_rows_of_a_waterfall_do_not_overlap():
    steps = [svg.WaterfallStep(f"step {number}", 1.0, "worse", "+1") for number in range(3)]
    bars = shapes(svg.waterfall(NUMBERS, "all", "", 1.0, steps, ("before", "after"), "person"), "rect")
    tops = [float(bar.get("y")) for bar in bars]
    assert len(tops) == 5 and min(np.diff(tops)) > max(float(bar.get("height")) for bar in bars)


def test_an_interval_without_a_number_is_drawn_as_such():
    drawing = svg.interval_rows("none", [svg.Interval("X01", 0.0, 1.0, NAN, NAN, NAN, "worse")], "no number")
    assert "no number" in drawing and "nan" not in drawing and not shapes(drawing, "circle")


def test_an_open_range_reaches_the_edge():
    rows = [svg.Interval("X01", None, 1.0, 0.5, 0.2, 0.8, "better"), svg.Interval("X02", 0.0, None, 1, 0, 2, "better")]
    below, above = shapes(svg.interval_rows("open", rows, "no number"), "rect")
    assert float(below.get("x")) == 62.0
    assert float(above.get("x")) + float(above.get("width")) == pytest.approx(348.0, abs=0.2)


def test_bars_of_shares_start_at_zero():
    bars = svg.share_bars(NUMBERS, "shares", [("wages", 0.5, 0.4, 0.7), ("risk", -0.2, -0.3, 0.1)])
    up, down = shapes(bars, "rect")
    assert float(up.get("x")) == pytest.approx(float(down.get("x")) + float(down.get("width")), abs=0.2)
    assert "50\u00a0%" in bars and "\u221220\u00a0%" in bars


def test_a_drawing_that_stands_alone_has_its_name_space_and_plain_colours():
    parts = [
        element("line", x1="0", x2="9", y1="0", y2="9", class_="mark"),
        element("g", element("rect", width="4", height="4"), class_="node centre"),
        element("polyline", element("title", "a line"), points="0,0 9,9", style="stroke: var(--worse)", data_x="1"),
    ]
    drawing = svg.picture(svg.Frame(400, 100, (0, 1), (0, 1)), "a < b", "", parts)
    caption = svg.Caption("Deaths & more", "people", notes=["Made today \x0b"])
    root = ElementTree.fromstring(svg.standing_alone(drawing, caption))
    shape = {name: root.findall(f".//{{{NAMESPACE}}}{name}") for name in ("line", "rect", "polyline", "text", "title")}
    mark, key = shape["line"][1], shape["line"][0]
    assert root.tag == f"{{{NAMESPACE}}}svg"
    assert (mark.get("stroke"), mark.get("stroke-dasharray")) == (LIGHT.muted, "3 3")
    assert (shape["polyline"][0].get("stroke"), shape["polyline"][0].get("fill")) == (LIGHT.worse, "none")
    assert (shape["rect"][1].get("fill"), shape["rect"][1].get("stroke-width")) == (LIGHT.yours_soft, "2")
    assert key.get("stroke") == LIGHT.worse, "the legend is made of the lines that bear a title"
    assert [each.text for each in shape["text"]] == ["Deaths & more", "people", "a line", "Made today"]
    held = {name for each in root.iter() for name in each.attrib}
    assert not held & {"class", "style", "data-x"}
    assert isinstance(drawing, Markup) and ElementTree.fromstring(drawing).find("title").text == "a < b"


@given(st.text(max_size=80), st.text(max_size=30))
@settings(deadline=None)
def test_whatever_a_title_is_the_picture_is_well_formed(title, unit):
    drawing = svg.picture(svg.Frame(360, 50, (0, 1), (0, 1)), "t", "", [])
    root = ElementTree.fromstring(svg.standing_alone(drawing, svg.Caption(title, unit, notes=[title])))
    shown = "".join(each.text for each in root.iter(f"{{{NAMESPACE}}}text"))
    wanted = "".join(writable(f"{title}{unit}{title}").split())
    assert "".join(shown.split()) == wanted


def test_a_letter_over_its_outline_is_drawn_twice_as_few_programs_paint_the_outline_first():
    words = svg.picture(svg.Frame(400, 50, (0, 1), (0, 1)), "t", "", [element("text", "tide", class_="halo")])
    root = ElementTree.fromstring(svg.standing_alone(words, svg.Caption("t")))
    below, above = (each for each in root.iter(f"{{{NAMESPACE}}}text") if each.text == "tide")
    assert below.get("stroke") and not above.get("stroke") and below.get("fill") == above.get("fill")


@pytest.mark.parametrize("words", ["x" * 500, "word " * 60, "", "\u202f"])
def test_long_titles_are_broken_into_rows_that_fit(words):
    drawing = svg.picture(svg.Frame(360, 50, (0, 1), (0, 1)), "t", "", [])
    root = ElementTree.fromstring(svg.standing_alone(drawing, svg.Caption(words)))
    rows = [each.text for each in root.iter(f"{{{NAMESPACE}}}text")]
    assert "".join("".join(rows).split()) == "".join(words.split()) and all(len(row) < 60 for row in rows)


def test_a_title_does_not_break_where_a_gap_holds_it_together():
    drawing = svg.picture(svg.Frame(360, 50, (0, 1), (0, 1)), "t", "", [])
    root = ElementTree.fromstring(svg.standing_alone(drawing, svg.Caption("mot\u00a0: " * 40)))
    rows = [each.text for each in root.iter(f"{{{NAMESPACE}}}text")]
    assert len(rows) > 3 and {word for row in rows for word in row.split(" ")} == {"mot\u00a0:"}
