"""A corridor from an empty folder to a first run by the guide alone; placeholders that nobody can overlook."""

import csv
import json
import time
from collections import defaultdict
from pathlib import Path

import pytest

from pushpull import Scenario, run
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State
from pushpull.dashboard.storage import corridors
from pushpull.files.faults import ScenarioFaults
from pushpull.files.table_files import read_table_file
from pushpull.own_corridor.balance import balance
from pushpull.own_corridor.new_folder import new_corridor
from pushpull.scenario import check

from . import corridor_guide

# What is made once for all of them takes long, so they stay on one worker.
pytestmark = pytest.mark.xdist_group("new_corridor")
TABLES = corridor_guide.GUIDE.parent / "tables"
SIDES = {"Africa": ("west_africa", "horn_of_africa", "north_africa"), "Asia": ("middle_east", "south_asia")}
MINUTES = 30


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """The user's own place, empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUSHPULL_SCENARIOS", str(tmp_path / "mine"))
    return tmp_path / "mine"


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The place of a user after the whole guide, and what each of its commands came to."""
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    from pushpull.__main__ import main

    home = tmp_path_factory.mktemp("guide")
    folder, said = home / "corridors" / corridor_guide.ID, []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.setenv("PUSHPULL_SCENARIOS", str(home))
        begun = time.monotonic()
        for kind, text in corridor_guide.steps():
            if kind == "diff":
                corridor_guide.edit(folder, text)
                continue
            out, err = StringIO(), StringIO()
            with redirect_stdout(out), redirect_stderr(err):
                code = main(corridor_guide.words(text))
            said.append((text, code, out.getvalue(), err.getvalue()))
    return home, said, time.monotonic() - begun


def test_the_guide_leads_from_nothing_to_a_first_run_and_each_command_ends_well(walked):
    home, said, seconds = walked
    assert [(text, err) for text, code, _, err in said if code] == []
    assert seconds < MINUTES * 60 and len(said) > 10
    scenario = Scenario.load(home / "corridors" / corridor_guide.ID)
    assert list(scenario.routes) == ["western", "central", "eastern"]
    assert list(scenario.corridor.origins) == ["africa", "asia"]
    assert run(scenario)["deaths_in_transit"].max() > 0


def test_the_doctor_of_the_guide_finds_levels_out_of_balance_and_what_it_writes_balances_them(walked):
    first, second = [out for text, _, out, _ in walked[1] if "doctor" in text]
    assert "a fifth in a year" not in first and "no level changes by more than a fifth in a year" in second
    stated = "attempts a year: 90,000 are stated, the run starts with "
    starts = float(second.split(stated)[1].split()[0].replace(",", ""))
    assert abs(starts / 90_000 - 1) < 0.02
    assert "Of detections_by_route the run makes" in second and "people die on the way" in second
    assert second.rstrip().splitlines()[-1].startswith("Next: name the records of calibration.yaml")


def test_what_the_guide_imports_is_in_the_units_of_the_cards_and_has_its_sources(walked):
    folder = walked[0] / "corridors" / corridor_guide.ID
    rows = list(csv.DictReader((folder / "series.csv").open(encoding="utf-8")))
    by_name = defaultdict(list)
    for row in rows:
        by_name[row["series"]].append(row)
    assert {row["unit"] for row in by_name["unemployment"]} == {"1"}
    assert all(0.05 < float(row["value"]) < 0.15 for row in by_name["unemployment"])
    assert len(by_name["detections"]) == 30 and {"income_africa", "violence_asia"} <= set(by_name)
    assert max(float(row["value"]) for row in by_name["detections"]) == 885_386
    sources = (folder / "SOURCES.md").read_text(encoding="utf-8")
    assert all(f"`{row['source']}`" in sources for row in rows)


def test_the_tables_of_the_guide_are_the_record_of_the_shipped_corridor():
    shipped = corridor_guide.GUIDE.parent / "eu_external_border" / "series.csv"
    record = defaultdict(dict)
    for row in csv.DictReader(shipped.open(encoding="utf-8")):
        record[row["series"], row["route"]][int(row["year"])] = float(row["value"])

    def numbers(rows):
        return [float(str(cell).replace("\u00a0", "")) for cell in rows]

    for _, (year, *cells) in read_table_file(TABLES / "detections.csv").rows[2:]:
        routes = [f"{side}_mediterranean" for side in ("western", "central", "eastern")]
        assert numbers(cells) == [record["detections_by_route", route][int(year)] for route in routes]
    for _, (year, route, cell) in read_table_file(TABLES / "deaths.csv").rows[1:]:
        assert float(cell) == record["deaths_by_route", route.lower().replace(" ", "_")][int(year)]
        assert int(year) <= 2018
    head, values = (row for _, row in read_table_file(TABLES / "drivers.xlsx", "unemployment").rows)
    assert all(
        abs(v / 100 - record["unemployment_rate", ""][int(y)]) < 1e-4 for y, v in zip(head[1:], values[1:], strict=True)
    )
    for name, sheet in (("origin_income", "income"), ("conflict_intensity", "violence")):
        for _, (year, *cells) in read_table_file(TABLES / "drivers.xlsx", sheet).rows[1:]:
            shown = {cells[0]: cells[1]} if sheet == "income" else dict(zip(SIDES, cells, strict=True))
            for side, value in shown.items():
                weights = {each: record[f"origin_population_{each}", ""][int(year)] for each in SIDES[side]}
                whole = sum(record[f"{name}_{each}", ""][int(year)] * weight for each, weight in weights.items())
                assert value == pytest.approx(whole / sum(weights.values()), abs=0.51 if sheet == "income" else 1e-3)


@pytest.mark.audit
def test_the_corridor_of_the_guide_is_fitted_to_its_record(walked, pushpull, monkeypatch):
    monkeypatch.setenv("PUSHPULL_SCENARIOS", str(walked[0]))
    code, out, err = pushpull("fit", "--corridor", corridor_guide.ID, "--draws", "20")
    assert code in (0, 1) and "detections@central" in out, err
    assert (walked[0] / "corridors" / corridor_guide.ID / "posterior.nc").exists()
    assert pushpull("run", corridor_guide.ID)[0] == 0


# The folder to begin with ------------------------------------------------------------------------------------------


def test_a_new_corridor_is_whole_starts_in_balance_and_is_found_everywhere(pushpull, place):
    code, out, err = pushpull("new", "corridor", "strait", "--routes", "a,b,c,d", "--origins", "home", "--from", 2005)
    assert (code, err) == (0, "") and "next: `pushpull doctor strait`" in out
    assert check(place / "corridors" / "strait") == [] and pushpull("validate", "strait")[0] == 0
    scenario = Scenario.load("strait")
    assert scenario.start == 2005 and set(scenario.routes) == set("abcd")
    found = balance(scenario)
    assert found.attempts == pytest.approx(found.stated_attempts, rel=0.1)
    assert "strait" in corridors.own_names(corridors.homes(place))


@pytest.mark.parametrize("routes, origins", [(("a",), ("x",)), (tuple("abcdefg"), tuple("uvwxyz"))])
def test_every_number_of_a_new_corridor_is_listed_as_a_placeholder_whatever_its_shape(place, routes, origins):
    folder = new_corridor("made", routes, origins, 2000, 2030, 'A "quoted" title: & more')
    corridor = Scenario.load(folder).corridor
    assert set(corridor.placeholders) == {*corridor.policies, *corridor.context, *corridor.parameters}
    assert corridor.title == 'A "quoted" title: & more' and corridor.illustrative
    assert len(routes) > 1 or run(Scenario.load(folder).with_changes(end=2001))["irregular_entries"].min() > 0


def test_a_run_on_placeholders_says_so_loudly_until_the_last_is_struck_out(pushpull, place):
    folder = new_corridor("made")
    code, out, err = pushpull("run", "made", "--end", 2012)
    assert code == 0 and "PLACEHOLDERS: 71 numbers" in err and "ILLUSTRATIVE" in out
    session = Session(State.opening(homes=corridors.homes(place)))
    session.receive({"corridor": "made"})
    assert session.state.scenario.corridor.illustrative and "71" in session.notices[0].lines[0]
    text = (folder / "corridor.yaml").read_text(encoding="utf-8")
    (folder / "corridor.yaml").write_text(
        text[: text.index("placeholders: [")] + "placeholders: []\n", encoding="utf-8"
    )
    code, out, err = pushpull("run", "made", "--end", 2012)
    assert "PLACEHOLDERS" not in err and "ILLUSTRATIVE" not in out


def test_nothing_that_is_there_is_overwritten(pushpull, place):
    folder = new_corridor("made")
    (folder / "corridor.yaml").write_text("mine", encoding="utf-8")
    code, _, err = pushpull("new", "corridor", "made")
    assert code == 2 and "is there already, and stays as it is" in err and len(err.splitlines()) == 1
    assert (folder / "corridor.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "words, told",
    [
        (("My Strait",), 'did you mean "my_strait"?'),
        (("g8_2001",), "shipped corridor"),
        (("x", "--routes", "a,a"), '--routes: "a" is given twice'),
        (("x", "--routes", "North Sea,b"), 'did you mean "north_sea"?'),
        (("x", "--routes", "labour,b"), "is a word of these files"),
        (("x", "--origins", "west,b"), "is a route, too"),
        (("x", "--from", "2040", "--to", "2030"), "two years apart or more"),
        (("x", "--origins", ",".join("abcdefghijklmnop")), "from 1 to 12"),
    ],
)
def test_what_cannot_be_made_is_told_in_one_line_and_nothing_is_made(pushpull, place, words, told):
    code, out, err = pushpull("new", "corridor", *words)
    assert (code, out) == (2, "") and told in err and len(err.splitlines()) == 1, err
    assert not place.exists()


def test_a_placeholder_that_is_not_set_is_told_with_its_line(place):
    folder = new_corridor("made")
    text = (folder / "corridor.yaml").read_text(encoding="utf-8")
    wrong = text.replace("placeholders: [\n  enforced_return,", "placeholders: [\n  enforced_retrun,")
    (folder / "corridor.yaml").write_text(wrong, encoding="utf-8")
    (fault,) = check(folder)
    assert (
        'did you mean "enforced_return"?' in str(fault) and fault.line == wrong[: wrong.index("retrun")].count("\n") + 1
    )


# The doctor ----------------------------------------------------------------------------------------------------------


def test_the_doctor_orders_numbers_by_what_they_move_and_writes_into_their_lines(pushpull, place):
    folder = new_corridor("made", ("a", "b"), ("x",), 2010, 2013)
    path = folder / "corridor.yaml"
    off = path.read_text(encoding="utf-8").replace("initial_asylum_cases: 25000 ", "initial_asylum_cases: 90000 ")
    path.write_text(off.replace("departure_rate: {x: 0.4}", "departure_rate: {x: 2}"), encoding="utf-8")
    code, out, err = pushpull("doctor", "made", "--json", "--write")
    found = json.loads(out)
    shares = list(found["placeholders"].values())
    assert code == 0 and shares == sorted(shares, reverse=True) and len(shares) == 71
    assert found["placeholders"]["base_death_risk"] == pytest.approx(0.1, abs=0.01)
    assert "detection_technology" in found["defaults"] and "departure_shocks" not in found["defaults"]
    assert {level["name"] for level in found["balance"]["fast"]} >= {"initial_asylum_cases"}
    lines = dict(zip(off.splitlines(), path.read_text(encoding="utf-8").splitlines(), strict=False))
    moved = {old: new for old, new in lines.items() if old != new and old in off}
    assert "# before offices" in path.read_text(encoding="utf-8") and moved
    again = balance(Scenario.load("made"))
    assert abs(again.attempts / again.stated_attempts - 1) < 0.05
    assert len(again.fast) < len(found["balance"]["fast"])


def test_the_doctor_tells_faults_and_examines_nothing_before_they_are_mended(pushpull, place):
    folder = new_corridor("made")
    (folder / "calibration.yaml").write_text("schema_version: 1\nuntil: 1900\nseries: {}\n", encoding="utf-8")
    code, out, err = pushpull("doctor", "made")
    assert (code, out) == (2, "") and "made/calibration.yaml:2: until is 1900" in err.splitlines()[-1]


def test_an_edit_after_which_the_corridor_could_not_be_read_is_not_made(place):
    from pushpull.own_corridor.corridor_edits import write_numbers

    folder = new_corridor("made")
    before = (folder / "corridor.yaml").read_bytes()
    with pytest.raises(ScenarioFaults, match="allowed: "):
        write_numbers(Scenario.load("made"), str(folder), {"initial_vacancies": -5.0})
    assert (folder / "corridor.yaml").read_bytes() == before
    assert {path.name for path in Path(folder).iterdir()} == {
        "corridor.yaml",
        "series.csv",
        "SOURCES.md",
        "calibration.yaml",
    }
