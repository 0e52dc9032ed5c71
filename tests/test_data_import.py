"""Tables of others, brought into a corridor: every form that offices use, and each mistake told in one line."""

import csv
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushpull.files.faults import ScenarioFaults
from pushpull.files.table_files import read_table_file
from pushpull.own_corridor.new_folder import new_corridor
from pushpull.own_corridor.number_cells import decimal_sign, number
from pushpull.own_corridor.time_cells import Moment, moment


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A corridor `strait` with routes north and south and origins near and far, in an empty place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUSHPULL_SCENARIOS", str(tmp_path))
    new_corridor("strait", ("north", "south"), ("near", "far"), 2005, 2030)
    return tmp_path


def table(home, text, name="t.csv"):
    (home / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


def series(home):
    with (home / "corridors" / "strait" / "series.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def brought(pushpull, home, text, *options, name="t.csv"):
    words = ("data", "import", table(home, text, name), "--into", "strait", "--series", "s", "--source", "office")
    code, out, err = pushpull(*words, "--unit", "persons", *options)
    assert code == 0, err
    return [(row["series"], row["time"], row["route"], float(row["value"])) for row in series(home)], out, err


LONG = "year,route,value\n2010,north,1200\n2010,south,30\n2011,north,1300\n"
SAME = [("s", "2010.5", "north", 1200), ("s", "2010.5", "south", 30), ("s", "2011.5", "north", 1300)]


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        LONG.replace(",", ";"),
        LONG.replace(",", "\t"),
        "\ufeff" + LONG,
        LONG.encode("utf-16"),
        "Office of the coast\n\n" + LONG,
        "année;route;valeur\n2010;North;1 200\n2010;South;30\n2011;North;1\u202f300\n".encode(),
        "année;porte;valeur\n2010;North;1.200,0\n2010;South;30,0\n2011;North;1.300,0\n".encode("cp1252"),
        'year,route,value\n2010,north,"1,200.0"\n2010,south,30.0\n2011,north,"1,300.0"\n',
        "year,North,South\n2010,1200,30\n2011,1300,..\n",
        "route,2010,2011\nnorth,1200,1300\nsouth,30,\n",
        "year,route,value,total\n2010,north,1200,9\n2010,south,30,9\n2011,north,1300,9\n2010,Total,5,1\n",
    ],
)
def test_one_table_is_the_same_however_an_office_writes_it(pushpull, home, text):
    rows, _, _ = brought(pushpull, home, text)
    assert sorted(rows) == sorted(SAME)


def test_a_workbook_is_read_by_its_sheets_with_dates_as_months(pushpull, home):
    from datetime import datetime

    book = openpyxl.Workbook()
    book.active.append(["period", "value"])
    for month in range(1, 13):
        book.active.append([datetime(2012, month, 1), month])
    book.create_sheet("other").append(["year", "value"])
    book["other"].append([2015, 7])
    book.save(home / "t.xlsx")
    words = ("data", "import", "t.xlsx", "--into", "strait", "--source", "office", "--unit", "persons")
    assert pushpull(*words, "--series", "m")[0] == 0
    assert pushpull(*words, "--series", "y", "--yearly", "sum")[0] == 0
    assert pushpull(*words, "--series", "o", "--sheet", "other")[0] == 0
    rows = {(row["series"], row["time"]): float(row["value"]) for row in series(home)}
    assert rows["m", "2012.0417"] == 1 and rows["y", "2012.5"] == 78 and rows["o", "2015.5"] == 7
    code, _, err = pushpull(*words, "--series", "x", "--sheet", "othr")
    assert code == 2 and 'did you mean "other"?' in err and len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "cell, start, time",
    [
        ("2021", 0, 2021.5),
        (2021.0, 0, 2021.5),
        ("FY2021", 0, 2021.25),
        ("FY 21", 0, 2021.25),
        ("2020/21", 10, 2021.25),
        ("2020-2021", 7, 2021.0),
        ("2020/21", 4, 2020.75),
        ("2021-03", 0, 2021.2083),
        ("mars 2021", 0, 2021.2083),
        ("févr. 2021", 0, 2021.125),
        ("Sep-2009", 0, 2009.7083),
        ("2021M12", 0, 2021.9583),
        ("2021-T2", 0, 2021.375),
        ("2021-12-31", 0, 2021.9973),
    ],
)
def test_a_time_stands_where_it_belongs_in_the_year(cell, start, time):
    when = moment(cell, fiscal_start=start)
    assert isinstance(when, Moment) and when.time == pytest.approx(time, abs=1e-4)
    assert abs(when.time - when.year) <= 1.0


@given(
    st.integers(-(10**7), 10**7), st.integers(0, 99), st.sampled_from([",", "."]), st.sampled_from(["", " ", "\u00a0"])
)
def test_a_number_is_never_another_one_whatever_parts_its_digits(whole, cents, decimal, gap):
    text = f"{whole:,}".replace(",", gap) + f"{decimal}{cents:02d}"
    value = float(f"{whole}.{cents:02d}")
    assert number(text, decimal_sign([text])) == pytest.approx(value)
    grouped = f"{whole:,}".replace(",", "." if decimal == "," else ",") + f"{decimal}{cents:02d}"
    assert number(grouped) == pytest.approx(value)


def test_series_of_origins_bear_their_names_and_lines_to_use_them_work(pushpull, home):
    text = "year,Near,Far\n2009,4000,3000\n2010,4100,3050\n"
    _, out, _ = brought(pushpull, home, text, "--unit", "USD a person a year", "--for", "initial_origin_income")
    line = out.splitlines()[-1]
    assert line == "  initial_origin_income: {near: {series: s_near, at: first}, far: {series: s_far, at: first}}"
    path = home / "corridors" / "strait" / "corridor.yaml"
    whole = path.read_text(encoding="utf-8")
    old = next(each for each in whole.splitlines() if each.startswith("  initial_origin_income:"))
    path.write_text(whole.replace(old, line), encoding="utf-8")
    assert pushpull("validate", "strait")[0] == 0
    from pushpull import Scenario

    assert Scenario.load("strait").today("initial_origin_income") == {"near": 4000, "far": 3000}


@pytest.mark.parametrize(
    "unit, purpose, given, stored",
    [
        ("%", "destination_unemployment", "8.5", 0.085),
        ("thousand persons a year", "enforced_return", "12", 12000),
        ("persons a month", "enforced_return", "1000", 12000),
        ("deaths per 1,000 a year", "conflict_intensity", "0.2", 20),
    ],
)
def test_values_are_turned_into_the_unit_of_what_they_are_for(pushpull, home, unit, purpose, given, stored):
    brought(pushpull, home, f"year,value\n2010,{given}\n", "--unit", unit, "--for", purpose)
    (row,) = series(home)
    assert float(row["value"]) == pytest.approx(stored)


def test_what_stands_there_is_left_and_what_would_change_is_told_with_the_old_value(pushpull, home):
    brought(pushpull, home, LONG)
    before = (home / "corridors" / "strait" / "series.csv").read_bytes()
    words = ("data", "import", table(home, LONG.replace("1300", "1350")), "--into", "strait", "--series", "s",
             "--source", "office", "--unit", "persons")  # fmt: skip
    code, _, err = pushpull(*words)
    assert code == 2 and "s north 2011: 1300 there, 1350 here" in err and "--replace" in err
    assert (home / "corridors" / "strait" / "series.csv").read_bytes() == before
    assert pushpull(*words, "--replace")[0] == 0
    assert [row["value"] for row in series(home)] == ["1200", "30", "1350"]
    code, out, _ = pushpull(*words)
    assert code == 0 and "3 stood there already" in out and "nothing has changed" in out


def test_an_import_that_would_spoil_the_corridor_is_not_made(pushpull, home):
    brought(pushpull, home, "year,value\n2010,8.5\n2011,9\n", "--unit", "%", "--for", "destination_unemployment")
    path = home / "corridors" / "strait" / "corridor.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("destination_unemployment: 0.08 ", "destination_unemployment: {series: s} "), "utf-8")
    before = (path.parent / "series.csv").read_bytes()
    words = ("data", "import", table(home, "year,value\n2012,0.9\n"), "--into", "strait", "--series", "s", "--source",
             "office", "--unit", "1")  # fmt: skip
    code, _, err = pushpull(*words)
    assert code == 2 and "outside its range" in err and (path.parent / "series.csv").read_bytes() == before


# Ten mistakes of a newcomer, and some more: each is told in one line, and nothing is written ------------------------

GOOD = "year,value\n2010,5\n2011,6\n"


@pytest.mark.parametrize(
    "text, options, told",
    [
        ("year,value\n2010,5\n2O11,6\n", (), 't.csv:3: the time is "2O11"; allowed: a year (2021)'),
        ('year;value\n2010;"1,200"\n2011;"1,300"\n', (), 't.csv:2: the value "1,200" may be 1200 or 1.2'),
        ("year,value\n2010,5\n2011,about 6\n", (), 't.csv:3: the value is "about 6"; allowed: a number'),
        ("year,route,value\n2010,north,5\n2010,soth,6\n", (), 'did you mean "south"?'),
        ("year,value\n2010,5\n2010,6\n", (), "t.csv:3: a value of the same time stands in line 2 already"),
        ("year,value\n2020/21,5\n", (), "t.csv:2: the year 2020/21 begins in a month that nobody says"),
        ("year,value\n2010,8.5\n", ("--unit", "1", "--for", "destination_unemployment"), "look like percent: --unit %"),
        (GOOD, ("--for", "border_contrl"), 'did you mean "border_control"?'),
        (GOOD, ("--unit", "EUR a passage", "--for", "reference_fee"), "--scale with a number"),
        ("year,a,b\n2010,5,6\n2011,7,8\n", (), "t.csv:1: several columns hold numbers: a, b; allowed: --value"),
        ("year,unit,value\n2010,persons,5\n2011,cases,6\n", (), 't.csv:3: values are in "persons" and in "cases"'),
        (GOOD, ("--into", "strat"), 'did you mean "strait"?'),
        (GOOD, ("--into", "g8_2001"), "a shipped corridor, which stays as it is"),
        (GOOD, ("--series", "My series"), "--series: "),
        (GOOD, ("--where", "sex=all"), '--where: there is no column "sex"; allowed: year, value'),
        (GOOD, ("--value", "vlaue"), 'did you mean "value"?'),
        (GOOD, ("--quality", "E"), "--quality: "),
        (GOOD, ("--yearly", "sum"), "t.csv:2: --yearly is for months and quarters"),
        (
            "year,North\n2010,5\n2011,6\n",
            ("--for", "destination_unemployment", "--unit", "%"),
            "does not vary by route",
        ),
        ("a note\n", (), "no column holds years or months"),
        ('year,value\n2010,"5\n', (), "a quotation mark is opened and not closed"),
    ],
)
def test_a_mistake_is_told_in_one_line_and_nothing_is_written(pushpull, home, text, options, told):
    folder = home / "corridors" / "strait"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    words = ("data", "import", table(home, text), "--into", "strait", "--series", "s", "--source", "office")
    unit = () if "--unit" in options or "unit" in text else ("--unit", "persons")
    code, out, err = pushpull(*words, *unit, *options)
    assert (code, out) == (2, "") and told in err and len(err.splitlines()) == 1, err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_every_fault_of_a_table_is_told_at_once_in_french_too(pushpull, home):
    text = "year,value\n2010,x\n20l1,5\n2012,6\n2013,y\n"
    words = ("data", "check", table(home, text), "--into", "strait", "--unit", "persons")
    code, _, err = pushpull(*words)
    assert code == 2 and [line.split(": ")[0] for line in err.splitlines()] == ["t.csv:2", "t.csv:3", "t.csv:5"]
    assert "date donnée" in pushpull(*words, "--language", "fr")[2]
    code, _, err = pushpull("data", "check", "t.ods", "--into", "strait")
    assert code == 2 and "save it from the spreadsheet" in err


def test_a_check_writes_nothing_and_says_what_would_come(pushpull, home):
    before = series(home)
    code, out, _ = pushpull("data", "check", table(home, LONG), "--into", "strait", "--unit", "persons",
                            "--for", "detections_by_route", "--series", "s")  # fmt: skip
    assert code == 0 and "3 values of s, 2010 to 2011" in out and series(home) == before
    assert "s: {of: detections_by_route, by: route" in out and "calibration.yaml, series" in out


def repacked(path, name, content):
    """The workbook with another content in one of its parts."""
    with zipfile.ZipFile(path) as packed:
        parts = {each: packed.read(each) for each in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for each, own in (parts | {name: content}).items():
            packed.writestr(each, own)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row", "no workbook that can be read"),
        ("xl/worksheets/sheet2.xml", bytes(210_000_000), "the workbook is too large"),
    ],
    ids=["damaged", "too large"],
)
def test_a_workbook_that_is_damaged_or_swells_is_refused_in_one_line(tmp_path, name, content, said):
    openpyxl.Workbook().save(tmp_path / "t.xlsx")
    repacked(tmp_path / "t.xlsx", name, content)
    with pytest.raises(ScenarioFaults, match=said):
        read_table_file(tmp_path / "t.xlsx")


def test_a_workbook_of_a_million_empty_lines_is_refused_before_they_are_read(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A1048576"] = "year", 1
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(ScenarioFaults, match="too long"):
        read_table_file(tmp_path / "t.xlsx")
