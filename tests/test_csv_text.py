"""No text in a CSV file that we write is a formula for the spreadsheet that opens it; numbers stay numbers."""

import csv
import dataclasses
import io
import math

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushpull import Scenario, run
from pushpull.dashboard.export.evidence_pack import ranges_csv
from pushpull.files.csv_text import plain_text, spreadsheet_text, text_cell
from pushpull.files.workbook import Sheet, workbook

FORMULAS = [
    *('=HYPERLINK("http://example.org","visas")', "=1+1", "+A1", "-B2", "@SUM(A1:A9)", "\t=1", "\r=1", " =1", "-1+2"),
    *("+cmd|' /C calc'!A0", "=\n1", "-(3)", "\uff1d1", "-", "+", "=", "@"),
]
HARMLESS = [
    "Balanced",
    "a, b",
    'say "x"',
    "",
    "-33.5",
    "+1.2e5",
    "-5 %",
    "+49 m",
    "-1,234.5",
    "two\nlines",
    "\u22123",
    "É",
]


def columns_of(ask_text):
    return list(csv.reader(io.StringIO(ask_text, newline="")))


@pytest.mark.parametrize("decimal, separator", [(".", ","), (",", ";")])
def test_spreadsheets_of_either_language_get_no_formula_and_plain_numbers(decimal, separator):
    rows = [[text, -2.5, 1e-9, 123_456_789.0, math.nan, None] for text in (*FORMULAS, *HARMLESS)]
    text = spreadsheet_text(rows, decimal)
    assert text.startswith("\ufeff") and text.endswith("\r\n")
    read = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=separator))
    assert [row[0] for row in read] == [f"'{text}" for text in FORMULAS] + HARMLESS
    numbers = [f"-2{decimal}5", f"0{decimal}000000001", "123456789", "", ""]
    assert all(row[1:] == numbers for row in read)


@given(
    st.lists(
        st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=20) | st.floats(), min_size=2, max_size=3)
    ),
    st.sampled_from(".,"),
)
@settings(deadline=None)
def test_whatever_stands_in_a_table_comes_back_and_begins_no_formula(rows, decimal):
    separator = ";" if decimal == "," else ","
    text = spreadsheet_text(rows, decimal)
    read = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=separator, strict=True))
    assert [len(row) for row in read] == [len(row) for row in rows]
    for cell, back in (
        (cell, back) for row, told in zip(rows, read, strict=True) for cell, back in zip(row, told, strict=True)
    ):
        if isinstance(cell, str):
            assert back in (cell, f"'{cell}")
            assert not back.lstrip().startswith(("=", "@", "\uff1d", "\uff20"))
            assert not (back.lstrip()[:1] in "+-" and back.strip() and not any(map(str.isdigit, back)))
        elif math.isfinite(cell):
            assert float(back.replace(decimal, ".")) == cell and "e" not in back
        else:
            assert back == ""


@given(st.lists(st.text(max_size=30) | st.sampled_from(FORMULAS), min_size=1, max_size=6), st.text(max_size=40))
@settings(deadline=None)
def test_every_text_of_a_workbook_stays_text(texts, name):
    texts = [text for text in texts if text.isprintable() or text in FORMULAS]  # others lose what no XML holds
    content = workbook([Sheet(name, [["head"], *([text, 1.5] for text in texts)]), Sheet(name, [["twice"]])])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == 2
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, max_row=1 + len(texts))] if texts else []
    for text, cell in zip(texts, cells, strict=True):
        assert cell.data_type == "s" or not text
        assert (cell.value or "") == text.replace("\r", "\n"), "Excel ends its lines so"


def test_a_workbook_holds_numbers_as_numbers_and_guards_what_is_like_a_formula():
    rows = [["Year", "=2+2"], [2030.25, 12345.0], ["+A1", math.inf]]
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([Sheet("a/b:c" * 9, rows), Sheet("History", [])]))).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [rows[0], rows[1], ["+A1", None]]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    assert (
        sheet["A3"].quotePrefix
        and len(sheet.title) <= 31
        and workbook([Sheet("x", rows)]) == workbook([Sheet("x", rows)])
    )


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
@settings(deadline=None)
def test_whatever_a_text_is_it_comes_back_and_begins_no_formula(text):
    ((back,),) = csv.reader(io.StringIO(text_cell(f"x{text}") + "\n", newline="")) if text else ((f"x{text}",),)
    assert back == f"x{text}"
    shown = plain_text(text)
    assert shown in (text, f"'{text}")
    if shown.lstrip()[:1] in set("=@\uff1d\uff20"):
        pytest.fail(f"a formula: {shown!r}")


@pytest.mark.parametrize("text", FORMULAS)
def test_the_command_line_and_the_pack_write_no_formula(text):
    assert plain_text(text) == f"'{text}"
    assert columns_of(text_cell(text)) == [[f"'{text}"]]


class Ranges:
    """Ranges whose labels someone else chose."""

    table = pd.DataFrame({"time": [2030.0, 2031.0], "route": ["=1+1", "north"], "p5": [-3.5, np.nan]})


def test_ranges_of_the_pack_keep_numbers_and_guard_labels():
    assert ranges_csv(Ranges).splitlines() == ["time,route,p5", "2030.0,'=1+1,-3.5", "2031.0,north,"]


def test_a_result_with_strange_names_of_routes_stays_a_table():
    result = run(Scenario.load("g8_2001"))
    strange = dataclasses.replace(result, routes=("=1+1", "a, b", *result.routes[2:]))
    table = pd.read_csv(io.StringIO("".join(strange.csv(["border_load"]))), keep_default_na=False)
    assert list(table["route"].unique()) == ["", "'=1+1", "a, b", *result.routes[2:]]
    assert np.array_equal(table.loc[table["route"] == "", "value"], result.total("border_load")[0])
    assert table["value"].min() < table["value"].max()


def test_rows_of_several_lines_are_as_high_as_their_texts_and_heads_are_repeated_on_paper():
    head, text = "Refus de protection injustifi\u00e9s (personnes par an)", "x " * 100
    headed, plain = openpyxl.load_workbook(
        io.BytesIO(workbook([Sheet("a", [["Ann\u00e9e", head], [2027.0, 1.5]]), Sheet("b", [["Note", text]], False)]))
    ).worksheets
    assert headed.row_dimensions[1].height >= 3 * 15 and headed.row_dimensions[2].height is None
    assert plain.row_dimensions[1].height >= 5 * 15 and plain["A1"].alignment.vertical == "top"
    assert headed.print_title_rows == "$1:$1" and headed.page_setup.orientation == "landscape"
