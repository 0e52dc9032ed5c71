"""Dated events beside a corridor: read whole, every fault with its line, listed, and never read by a run."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from pushpull.scenario import ScenarioFaults, corridor_in, load_corridor
from pushpull.scenario.events import COLUMNS, FILE, KINDS, read_events

ROOT = Path(__file__).parents[1]
CORRIDORS = ("us_southwest_border", "eu_external_border")
LAST_RESPONSE = 2018  # what was recorded later on the European approaches is to judge the forecast by
COUNTS = ("detection", "apprehension", "arrival", "crossings", "deaths", "died", "encounter", "applicants")
GOOD = {
    "date": "2016-03-20", "until": "", "kind": "deal", "route": "eastern_mediterranean", "place_en": "Turkey",
    "place_fr": "Turquie", "title_en": "Statement", "title_fr": "Déclaration", "touches": "route_pass_share deaths",
    "publisher": "Kaldor Centre", "document": "page", "year": "2016", "address": "kaldorcentre.unsw.edu.au", "note": "",
}  # fmt: skip


@pytest.fixture
def corridor(tmp_path):
    """The European corridor with no more beside it than its series, in a folder of one's own."""
    folder = tmp_path / "eu_external_border"
    folder.mkdir()
    shipped = ROOT / "scenarios" / "corridors" / "eu_external_border"
    for name in ("corridor.yaml", "series.csv"):
        shutil.copy(shipped / name, folder)
    return folder


def events_of(folder, *changes, header=COLUMNS):
    """The events of a file with one row for each of `changes` to a good one."""
    with (folder / FILE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({**GOOD, **change} for change in changes)
    return read_events(corridor_in(folder))


def faults_of(folder, *changes, **options):
    with pytest.raises(ScenarioFaults) as refused:
        events_of(folder, *changes, **options)
    return [str(fault) for fault in refused.value.faults]


# What is shipped


@pytest.mark.parametrize("name", CORRIDORS)
def test_shipped_events_speak_both_languages_and_name_their_source(name):
    events = read_events(load_corridor(name))
    assert len(events) > 50 and {event.kind for event in events} == set(KINDS)
    for event in events:
        assert event.title("fr") != event.title("en") or event.kind == "operation", event.line
        assert event.place_fr and event.title_fr and event.publisher
        assert "http" not in event.address and not event.title_en.endswith(".")
        assert "'" not in event.title_fr + event.place_fr, "a typographic apostrophe"


@pytest.mark.parametrize("name", CORRIDORS)
def test_shipped_events_are_of_texts_and_hold_no_count_of_people_who_came(name):
    for event in read_events(load_corridor(name)):
        texts = f"{event.title_en} {event.note}".lower()
        assert not [word for word in COUNTS if word in texts], event.line


def test_what_touches_no_part_of_the_model_says_why():
    for name in CORRIDORS:
        assert all(event.touches or event.note for event in read_events(load_corridor(name)))


def test_events_touch_no_response_of_the_record():
    corridor = load_corridor("eu_external_border")
    touched = {name for event in read_events(corridor) for name in event.touches}
    assert {"route_pass_share", "way_on", "release_share", "rescue_presence"} <= touched
    assert not touched & {series.id for shown in corridor.recorded.values() for series in shown}


def test_the_aegean_deal_stands_in_the_order_of_time():
    events = read_events(load_corridor("eu_external_border"))
    assert [event.first_day for event in events] == sorted(event.first_day for event in events)
    [statement] = [event for event in events if event.date == "2016-03-20"]
    assert statement.routes == ("eastern_mediterranean",) and statement.starts == pytest.approx(2016.2158, abs=1e-4)
    assert statement.place("fr") == "Turquie" and "route_pass_share" in statement.touches


def test_no_run_reads_events(corridor):
    before = corridor_in(corridor).digest
    events_of(corridor, {})
    assert corridor_in(corridor).digest == before


def test_a_corridor_without_the_file_has_none():
    assert read_events(load_corridor("g8_2001")) == ()


# What is refused


def test_a_good_row_is_read(corridor):
    [event] = events_of(corridor, {})
    assert (event.line, event.touches, event.source) == (
        2, ("route_pass_share", "deaths"), "Kaldor Centre, page (2016), kaldorcentre.unsw.edu.au",
    )  # fmt: skip


@pytest.mark.parametrize(
    "change, said",
    [
        ({"date": "20 March 2016"}, 'date is "20 March 2016"; allowed: a year, 2016, a month, 2016-03, or a day'),
        ({"date": "2016-02-30"}, 'date is "2016-02-30"'),
        ({"date": "2016-13"}, 'date is "2016-13"'),
        ({"date": "2016-00"}, 'date is "2016-00"'),
        ({"date": "0016"}, "from 1900 to 2200"),
        ({"date": ""}, "date is empty"),
        ({"until": "2015"}, "until is 2015, before its date 2016-03-20"),
        ({"kind": "deals"}, 'there is no kind "deals"'),
        ({"route": "eastern_mediteranean"}, 'did you mean "eastern_mediterranean"?'),
        ({"touches": "route_pas_share"}, 'did you mean "route_pass_share"?'),
        ({"publisher": " "}, "publisher is empty"),
        ({"title_en": ""}, "title_en is empty"),
        ({"year": "about 2016"}, 'year is "about 2016"'),
        ({"note": "x" * 400}, "note is too long"),
    ],
)
def test_a_fault_names_the_line_and_what_is_allowed(corridor, change, said):
    [fault] = faults_of(corridor, {"date": "2015"}, change)
    assert fault.startswith(f"eu_external_border/{FILE}:3: ") and said in fault


def test_every_fault_is_told_at_once(corridor):
    assert len(faults_of(corridor, {"date": "x", "kind": "y"}, {"year": "z"})) == 3


def test_a_repeated_event_is_refused(corridor):
    [fault] = faults_of(corridor, {}, {"route": ""})
    assert f"{FILE}:3" in fault and "stands in line 2 already" in fault


def test_missing_columns_are_named(corridor):
    [fault] = faults_of(corridor, {}, header=[name for name in COLUMNS if name != "touches"])
    assert f"{FILE}:1: the columns are not those of a file of events; missing: touches" in fault


def test_until_may_be_as_rough_as_its_source(corridor):
    [event] = events_of(corridor, {"until": "2016"})
    assert event.until == "2016"


# What the command line lists


def test_events_are_listed_of_a_corridor_or_a_scenario(pushpull):
    code, out, err = pushpull("list", "events", "eu_external_border", "--json")
    assert (code, err) == (0, "")
    entries = json.loads(out)
    assert len(entries) == len(read_events(load_corridor("eu_external_border")))
    assert {"date", "until", "title", "title_fr", "place", "routes", "touches", "source", "group"} <= set(entries[0])
    assert json.loads(pushpull("list", "events", "--corridor", "eu_external_border", "--json")[1]) == entries
    code, out, _ = pushpull("list", "events", "us_southwest_border")
    assert code == 0 and "Operation Gatekeeper" in " ".join(out.split())


def test_a_corridor_without_events_says_so(pushpull):
    code, out, err = pushpull("list", "events", "g8_2001", "--json")
    assert (code, json.loads(out)) == (0, []) and "no events.csv beside the corridor g8_2001" in err


def test_a_corridor_given_twice_is_refused(pushpull):
    code, _, err = pushpull("list", "events", "g8_2001", "--corridor", "us_southwest_border")
    assert code and "given twice" in err
