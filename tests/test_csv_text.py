"""No text in a CSV file that we write is a formula for the spreadsheet that opens it; numbers stay numbers."""

import csv
import dataclasses
import io
import json
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushpull import Scenario, run
from pushpull.dashboard.export.evidence_pack import ranges_csv
from pushpull.files.csv_text import plain_text, text_cell
from tests.page_modules import as_script

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


@pytest.fixture(scope="module")
def page_csv(request):
    """The page's own writer, in Node where it is there and else in the browser."""
    if shutil.which("node"):

        def write(rows):
            program = f"{as_script('csv.js')}\nprocess.stdout.write(CSV({json.dumps(rows)}));"
            done = subprocess.run(["node", "-"], input=program.encode(), capture_output=True, check=True)
            return done.stdout.decode()

        return write
    page = request.getfixturevalue("chromium").new_page()
    return lambda rows: page.evaluate(f"(rows) => {{ {as_script('csv.js')}\nreturn CSV(rows); }}", rows)


def test_the_page_writes_no_formula_and_leaves_numbers(page_csv):
    rows = [[text, -2.5, 1e-9] for text in (*FORMULAS, *HARMLESS)]
    read = columns_of(page_csv(rows))
    assert [row[0] for row in read] == [f"'{text}" for text in FORMULAS] + HARMLESS
    assert all(float(row[1]) == -2.5 and float(row[2]) == 1e-9 for row in read)


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
