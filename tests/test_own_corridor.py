"""A corridor of one's own: what its files may say, and that nothing in them is silently another thing."""

import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.files.csv_rows import MOST_ROWS
from pushpull.scenario import ScenarioFaults, check, corridor_summary, load_corridor, notes
from pushpull.scenario.schedules import value_at
from pushpull.scenario.series_rows import TIMINGS
from pushpull.scenario.summary import is_thin
from pushpull.scenario.unit_dimensions import at_odds
from pushpull.stated_start import gaps

from . import own_corridor
from .own_corridor import CORRIDOR, SERIES, changed


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PUSHPULL_SCENARIOS", raising=False)
    return tmp_path


def faults(home, corridor=CORRIDOR, series=SERIES):
    folder = own_corridor.write(home, corridor, series)
    return check(folder / "corridor.yaml")


def only(found):
    assert len(found) == 1, [str(each) for each in found]
    return str(found[0])


def test_the_corridor_of_a_stranger_is_whole(home):
    assert faults(home) == []


# Series are held to the unit and the range of what they drive ------------------------------------------------


@pytest.mark.parametrize(
    "old, new, words",
    [
        (", scale: 0.01}", "}", ('in "1"', '"% of the labour force"', 'did you mean "scale: 0.01"')),
        (", scale: 1000}", "}", ('"person/year"', '"thousand persons a year"', 'did you mean "scale: 1000"')),
        ("{series: jobless, scale: 0.01}", "{series: returned}", ('in "1"', "series returned")),
        ("{series: income, at: 2001}", "{series: drowned, at: 2005}", ("USD", '"deaths a year"')),
        ("{series: income, transform: growth}", "{series: income}", ('"1/year"', "USD")),
        ("{series: returned, scale: 1000}", "{series: drowned, divide_by: last}", ('series drowned makes "1"',)),
        ("{series: drowned, title", "{series: jobless, title", ("deaths_in_transit is in", "% of the labour force")),
    ],
)
def test_a_series_in_another_unit_is_refused_with_the_likely_remedy(home, old, new, words):
    told = only(faults(home, changed(CORRIDOR, old, new)))
    assert all(word in told for word in words), told


def test_a_record_that_is_scaled_is_shown_in_the_unit_of_its_outcome(home):
    text = changed(CORRIDOR, "{series: drowned, title: Bodies found}", "{series: drowned, title: Bodies, scale: 1.5}")
    assert faults(home, text) == []
    (record,) = load_corridor("strait").recorded["deaths_in_transit"]
    assert record.unit == catalogue().outcomes["deaths_in_transit"].unit and list(record.values) == [180]


def test_values_that_look_like_percent_are_named_whatever_their_unit_says(home):
    series = SERIES.replace("% of the labour force", "share of the labour force")
    told = only(faults(home, changed(CORRIDOR, ", scale: 0.01}", "}"), series))
    for word in ("destination_unemployment is 9.1 in 2000", "outside its range", "look like percent",
                 'did you mean "scale: 0.01"', "0.01 to 0.25", "corridor.yaml:13"):  # fmt: skip
        assert word in told, told


def test_a_parameter_read_off_a_series_is_held_as_a_driver_is(home):
    series = SERIES + "".join(
        f"caught,2001,calendar_year_mean,2001.5,{route},{value},share of attempts,office,A,\n"
        for route, value in (("west", 31), ("middle", 22), ("east", 45))
    )
    text = changed(CORRIDOR, "  initial_attempts", "  initial_interdiction_probability: {series: caught, at: first}\n"
                   "  initial_attempts")  # fmt: skip
    told = only(faults(home, text, series))
    assert "initial_interdiction_probability of" in told and 'did you mean "scale: 0.01"' in told
    assert faults(home, text.replace("at: first", "at: first, scale: 0.01"), series) == []


def test_a_series_may_not_leave_the_range_in_one_year_between_good_ones(home):
    series = SERIES + "returned,2005,calendar_year_mean,2005.5,,90000,thousand persons a year,office,B,\n"
    told = only(faults(home, CORRIDOR, series))
    assert "enforced_return is 9e+07 in 2005.5" in told and "series.csv, line 9" in told, told


def test_a_series_may_be_out_of_range_before_the_run_begins(home):
    series = SERIES + "returned,1950,calendar_year_mean,1950.5,,90000,thousand persons a year,office,B,\n"
    series += "returned,1999,calendar_year_mean,1999.5,,10,thousand persons a year,office,B,\n"
    assert faults(home, CORRIDOR, series) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.floats(-0.2, 0.6).map(lambda each: round(each, 3)), min_size=2, max_size=6))
def test_no_series_that_loads_ever_leaves_its_range(home, values):
    rows = "".join(
        f"share,{2000 + place},calendar_year_mean,{2000.5 + place},,{value},share,office,A,\n"
        for place, value in enumerate(values)
    )
    text = changed(CORRIDOR, "{series: jobless, scale: 0.01}", "{series: share}")
    card = catalogue().context["destination_unemployment"]
    inside = all(card.low <= value <= card.high for value in values)
    found = faults(home, text, SERIES + rows)
    assert (found == []) == inside
    if inside:
        path = load_corridor("strait").path("destination_unemployment", catalogue())
        assert all(card.low <= value_at(path, 2000 + step / 4) <= card.high for step in range(40 * 4))


@pytest.mark.parametrize(
    "series, card, remedy",
    [
        ("percent", "1", "scale: 0.01"),
        ("million people", "person", "scale: 1e+06"),
        ("persons a month", "person/year", "scale: 12"),
        ("months", "year", "scale: 0.08333"),
        ("deaths per 1,000 a year", "per_100k/year", "scale: 100"),
        ("EUR a crossing", "USD/person", "scale: the rate of exchange"),
        ("cases", "1", ""),
        ("‰ of the population a year", "per_100k/year", "scale: 100"),
        ("1 000 persons", "person", "scale: 1000"),
        ("persons a year", "person", ""),
    ],
)
def test_units_at_odds_are_told_with_a_scale_where_there_is_one(series, card, remedy):
    assert at_odds(series, card) == (True, remedy)


@pytest.mark.parametrize(
    "series, card",
    [
        ("share of the labour force", "1"),
        ("standard deviations below the world mean", "1"),
        ("removals a year", "person/year"),
        ("deaths per 100 000 a year", "per_100k/year"),
        ("US dollars a crossing", "USD/person"),
        ("whatever the office counts", "person"),
        ("1e6 of something", "person"),
        ("persons", "person/year"),
    ],
)
def test_units_that_may_be_the_same_pass(series, card):
    assert at_odds(series, card)[0] is False


# Shares --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("{west: 0.5, middle: 0.3, east: 0.2}", "{west: 0.9, middle: 0.65, east: 0.12}", "comes to 1.67"),
        ("{west: 0.5, middle: 0.3, east: 0.2}", "{west: 0.7, east: 0.3}", "gives no share to middle"),
        ("{west: 0.5, middle: 0.3, east: 0.2}", "0.5", "comes to 1.5"),
        ("{labour: 0.6, protection: 0.4}", "{labour: 0.9, protection: 0.9}", "comes to 1.8"),
        ("{labour: 0.6, protection: 0.4}", "{labour: 0.6}", "gives no share to protection"),
    ],
)
def test_shares_that_are_no_whole_are_refused(home, old, new, words):
    assert words in only(faults(home, changed(CORRIDOR, old, new)))


def test_every_number_that_is_a_share_of_a_whole_says_so_on_its_card():
    found = {card.id for card in catalogue().parameters.values() if card.sums_to is not None}
    assert {"initial_route_share", "population_mix"} <= found
    variables = catalogue().model.variables
    assert all(card.starts in variables for card in catalogue().parameters.values() if card.starts)


def test_routes_share_evenly_where_a_corridor_does_not_say_how(home):
    own_corridor.write(home, changed(CORRIDOR, "  initial_route_share: {west: 0.5, middle: 0.3, east: 0.2}\n", ""))
    shares = Scenario.load("strait").today("initial_route_share")
    assert shares == pytest.approx(dict.fromkeys(("west", "middle", "east"), 1 / 3))


def test_a_scenario_may_not_break_the_whole_either(home):
    own_corridor.write(home)
    with pytest.raises(ScenarioFaults, match="population_mix of all populations comes to 1.3; .* add up to 1"):
        Scenario.load("strait").with_settings(["population_mix@labour=0.9"])


# Every column of the series file -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("drowned,2005", "drowned,May 2005", 'year is "May 2005"'),
        ("drowned,2005", "drowned,205", 'year is "205"'),
        ("2005,calendar_year_mean", "2005,calender_year_mean", 'did you mean "calendar_year_mean"'),
        ("2005,calendar_year_mean", "2005,weekly", "timing is"),
        ("2005.5,,120", "2005.0,,120", "time is 2005, but calendar_year_mean of 2005 stands at 2005.5"),
        ("2005.5,,120", "2015.5,,120", "time is 2015.5"),
        ("deaths a year,office,C", ",office,C", "unit is empty"),
        ("deaths a year,office,C", "deaths a year,,C", "source is empty"),
        ("office,C", "office,E", "quality is"),
        ("office,C", "office,c", 'did you mean "C"'),
        ("drowned,2005", ",2005", "series is empty"),
        (",,120,", ",,1_20,", 'value is "1_20"'),
        (",,120,", ',,"120,5",', "did you mean 120.5?"),
        (",,120,", ',,"1,200",', "did you mean 1200 or 1.2?"),
        (",,120,", ",,12.5 %,", "did you mean 0.125 or 12.5?"),
        (",,120,", ",wst,120,", 'did you mean "west"'),
        (",,120,", ",,1.200,5,", "the row has 11 cells"),
        (",,120,", ",,3k,", "did you mean 3000?"),
        (",,120,", ",,\u22127,", "did you mean -7?"),
        (",,120,", ",,..,", "leave the row out"),
        (",,120,", ",,,", "leave the row out"),
        ("drowned,2005", "drowned,1e999", 'year is "1e999"'),
        ("drowned,2005", "drowned,2005-03-31", "did you mean 2005?"),
        ("drowned,2005", "drowned,05", "did you mean 2005?"),
        ("drowned,2005", "drowned,2004/05", "the year that the source counts it as"),
        ("2005.5,,120", "2005-04-01,,120", "did you mean 2005.2466?"),
    ],
)
def test_no_cell_of_a_series_file_goes_unread(home, old, new, words):
    found = [str(each) for each in faults(home, CORRIDOR, changed(SERIES, old, new))]
    assert any(words in each and "series.csv:8:" in each for each in found), found


def test_a_faulty_row_is_told_once_and_not_again_where_its_series_is_used(home):
    series = changed(SERIES, "drowned,2005,calendar_year_mean", "drowned,2005,now_and_then")
    assert "timing is" in only(faults(home, CORRIDOR, series))


def test_one_series_has_one_unit(home):
    series = changed(SERIES, "2010.5,,12.4,% of the labour force", "2010.5,,0.124,share of the labour force")
    assert "in line 2 it was" in str(faults(home, CORRIDOR, series)[0])


@given(year=st.integers(1900, 2199), timing=st.sampled_from(sorted(TIMINGS)), off=st.floats(-1.5, 1.5))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_time_is_taken_only_where_its_year_and_timing_put_it(home, year, timing, off):
    row = f"drowned,{year},{timing},{year + TIMINGS[timing] + off:.4f},,120,deaths,office,C,\n"
    found = faults(home, CORRIDOR, SERIES.rsplit("drowned", 1)[0] + row)
    late = [each for each in found if "stands at" in each.what]
    assert bool(late) == (abs(round(off, 4)) > 0.005 + 1e-4) or math.isclose(abs(off), 0.005, abs_tol=2e-4)


def test_months_may_be_dated_by_their_time_inside_the_year(home):
    row = "drowned,2006,as_dated,{},,9,deaths a year,office,C,\n"
    assert faults(home, CORRIDOR, SERIES + row.format("2006.3")) == []
    assert "outside its year" in only(faults(home, CORRIDOR, SERIES + row.format("2007.3")))


def test_a_column_in_disorder_is_told_in_a_few_lines(home):
    rows = "".join(f"x,{1950 + place},nonsense{place},{1950.5 + place},,1,1,office,A,\n" for place in range(70))
    found = faults(home, CORRIDOR, SERIES + rows)
    assert len(found) == 21 and "from here on: 50" in str(found[-1])


def test_what_is_wrong_in_the_same_way_in_many_rows_is_told_once_with_their_number(home):
    rows = "".join(f"x,{1950 + place},fortnight,{1950.5 + place},,1,1,office,A,\n" for place in range(70))
    told = only(faults(home, CORRIDOR, SERIES + rows))
    assert 'series.csv:9: timing is "fortnight" (so in 70 rows)' in told, told


def test_rows_that_a_spreadsheet_leaves_empty_are_no_rows(home):
    assert faults(home, CORRIDOR, changed(SERIES, "income,2000", ",,,,,,,,,\n , ,\n\nincome,2000")) == []


@pytest.mark.parametrize(
    "line, words",
    [
        (2, "series.csv:2: a quotation mark is opened and not closed"),
        (8, "series.csv:8: a quotation mark is opened and not closed"),
    ],
)
def test_a_quotation_mark_that_is_not_closed_swallows_no_row_and_is_told_where_it_stands(home, line, words):
    lines = SERIES.splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace(",\n", ',"as told by the office\n')
    assert words in only(faults(home, CORRIDOR, "".join(lines)))


def test_a_note_of_two_lines_moves_no_other_fault(home):
    row = SERIES.splitlines()[1]
    series = changed(changed(SERIES, row, f'{row}"one\ntwo"'), "drowned,2005", "drowned,205")
    assert "series.csv:9:" in only(faults(home, CORRIDOR, series))


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("source,quality,note", "source,grade,note", 'missing: quality; not known: "grade"'),
        ("quality,note\n", "quality\n", "missing: note;"),
        ("series,year", "year,series", "in another order, or twice"),
    ],
)
def test_columns_that_are_not_those_of_a_series_file_are_named(home, old, new, words):
    assert words in only(faults(home, CORRIDOR, changed(SERIES, old, new)))


@pytest.mark.parametrize("series", [None, "", SERIES.splitlines()[0] + "\n"])
def test_a_series_file_that_is_not_there_or_empty_is_told_once(home, series):
    found = faults(home, CORRIDOR, SERIES if series is None else series)
    if series is None:
        (home / "corridors" / "strait" / "series.csv").unlink()
        found = check("strait")
    told = only(found)
    assert "corridor.yaml:10: enforced_return asks for a series" in told and "series.csv" in told, told


def test_a_source_gives_one_value_a_time_so_that_no_record_counts_twice(home):
    row = SERIES.splitlines()[-1]
    assert "stands in line 8 already" in only(faults(home, CORRIDOR, f"{SERIES}{row}\n"))
    assert faults(home, CORRIDOR, f"{SERIES}{row.replace('office', 'bank')}\n") == []


def test_a_file_that_a_spreadsheet_separates_by_semicolons_is_told_so(home):
    assert "separated by semicolons, not by commas" in only(faults(home, CORRIDOR, SERIES.replace(",", ";")))


def test_a_series_file_without_end_is_refused(home):
    row = "x,2001,calendar_year_mean,2001.5,,1,1,office,A,\n"
    found = faults(home, CORRIDOR, SERIES + row * MOST_ROWS)
    assert any("the file is too long" in each.what for each in found)


def test_sources_that_nobody_describes_are_told_with_their_line(home):
    folder = own_corridor.write(home, sources="| `office` | Yearbook |\n")
    assert check(folder) == []
    told = corridor_summary(load_corridor("strait"), catalogue()).lines
    assert any("series.csv, line 6" in line and '"bank"' in line for line in told), told
    assert not any('"office"' in line for line in told)


# A year is asked for by its name ------------------------------------------------------------------------------


def with_divisor(divisor, version=2):
    text = changed(
        CORRIDOR, "{series: returned, scale: 1000}", f"{{series: returned, divide_by: {divisor}, scale: 9e4}}"
    )
    return changed(text, "schema_version: 2", f"schema_version: {version}")


def test_a_number_that_may_be_a_year_is_refused_as_divisor(home):
    told = only(faults(home, with_divisor(2002)))
    assert "a year or a number" in told and "{value_in: 2002} or {number: 2002}" in told


@pytest.mark.parametrize(
    "divisor, by", [("{value_in: 2002.5}", 20), ("{number: 2002}", 2002), ("40", 40), ("last", 35)]
)
def test_each_divisor_means_what_it_says(home, divisor, by):
    assert faults(home, with_divisor(divisor)) == []
    path = load_corridor("strait").path("enforced_return", catalogue())
    assert value_at(path, 2002.5) == pytest.approx(20 / by * 9e4)


def test_a_corridor_of_the_first_version_keeps_its_meaning_and_is_told(home):
    folder = own_corridor.write(home, with_divisor(2002.5, version=1))
    assert check(folder) == []
    assert value_at(load_corridor("strait").path("enforced_return", catalogue()), 2002.5) == pytest.approx(9e4)
    (note,) = notes(folder)
    assert "divide_by of enforced_return is the value in the year 2002.5" in str(note) and "{number: 2002.5}" in str(
        note
    )


@pytest.mark.parametrize(
    "old, new",
    [("{series: income, at: 2001}", "{series: income, at: 1960}"), ("{series: returned, scale: 1000}",
      "{series: returned, divide_by: {value_in: 2030}, scale: 9e4}")],
)  # fmt: skip
def test_a_year_without_a_record_is_no_value(home, old, new):
    assert "has no record" in only(faults(home, changed(CORRIDOR, old, new)))


# Defaults and the start ---------------------------------------------------------------------------------------


def test_what_is_left_at_default_is_counted_and_named(home):
    own_corridor.write(home)
    known, found = catalogue(), corridor_summary(load_corridor("strait"), catalogue())
    parameters, levers, context = found.blocks
    assert (parameters.given, parameters.count) == (5, len(known.parameters))
    assert (levers.given, levers.count) == (2, len(known.levers))
    assert set(context.left) == set(known.context) - {"destination_unemployment", "origin_growth"}
    assert "reference_fee" in found.fixed.left and "initial_attempts" not in found.fixed.left
    assert found.partial == {"base_death_risk": ("middle",)}
    assert f"5 of {len(known.parameters)} parameters" in found.lines[0]


def test_a_corridor_that_says_next_to_nothing_of_its_place_is_called_thin(home):
    own_corridor.write(home)
    assert is_thin(load_corridor("strait"), catalogue())
    assert not any(is_thin(load_corridor(name), catalogue()) for name in ("g8_2001", "us_southwest_border"))


def test_the_gap_between_a_stated_start_and_that_of_the_run_is_told(home):
    own_corridor.write(home)
    scenario = Scenario.load("strait")
    told = {(gap.name, gap.key): gap for gap in gaps(scenario)}
    attempts = told["initial_attempts", None]
    assert attempts.stated == 90_000
    assert attempts.starts == pytest.approx(run(scenario).total("crossing_attempts")[0, 0])
    mix = told["population_mix", "protection"]
    assert mix.stated == 0.4 and 0 <= mix.starts < 0.3


@pytest.mark.parametrize("name", ["g8_2001", "us_southwest_border"])
def test_a_start_that_is_as_stated_is_not_told(name):
    assert "initial_route_share" not in {gap.name for gap in gaps(Scenario.load(name))}


# Found wherever it lies -----------------------------------------------------------------------------------------


def test_a_corridor_is_found_by_id_from_the_current_folder_and_by_path(home, monkeypatch):
    folder = own_corridor.write(home / "work")
    monkeypatch.chdir(home / "work")
    digests = {Scenario.load(name).corridor.digest for name in ("strait", folder, folder / "corridor.yaml")}
    digests |= {Scenario.from_mapping({"schema_version": 3, "title": "T", "corridor": "strait"}).corridor.digest}
    assert len(digests) == 1
    assert Scenario.load("strait").title == "The strait"


def test_a_corridor_is_found_in_the_folder_that_the_environment_names(home, monkeypatch):
    own_corridor.write(home / "kept")
    with pytest.raises(ScenarioFaults):
        Scenario.load("strait")
    monkeypatch.setenv("PUSHPULL_SCENARIOS", str(home / "kept"))
    assert Scenario.load("strait").corridor.id == "strait"
    (home / "elsewhere.yaml").write_text(own_corridor.SCENARIO, encoding="utf-8")
    assert Scenario.load(home / "elsewhere.yaml").corridor.id == "strait"
    monkeypatch.setenv("PUSHPULL_SCENARIOS", "off")
    with pytest.raises(ScenarioFaults, match="there is no corridor"):
        Scenario.load(home / "elsewhere.yaml")


def test_two_corridors_of_one_name_are_never_taken_one_for_the_other(home, monkeypatch):
    own_corridor.write(home)
    own_corridor.write(home / "other", changed(CORRIDOR, "The strait", "Another strait"))
    monkeypatch.setenv("PUSHPULL_SCENARIOS", str(home / "other"))
    with pytest.raises(ScenarioFaults, match='there are 2 corridors "strait".*the path of one of them'):
        Scenario.load("strait")
    assert Scenario.load(home / "other" / "returns.yaml").corridor.title == "Another strait"


def test_only_the_homes_that_are_named_are_looked_in(home):
    own_corridor.write(home)
    mapping = {"schema_version": 3, "title": "T", "corridor": "strait"}
    with pytest.raises(ScenarioFaults, match="there is no corridor"):
        Scenario.from_mapping(mapping, homes=())
    assert Scenario.from_text(own_corridor.SCENARIO, homes=(home,)).corridor.id == "strait"


def test_a_corridor_under_another_file_name_is_told_where_it_belongs(home):
    (home / "strait.yaml").write_text(CORRIDOR, encoding="utf-8")
    assert "corridors/ID/corridor.yaml" in only(check(home / "strait.yaml"))


def test_a_corridor_of_too_many_routes_is_refused(home):
    routes = "".join(f"  r{place}: {{title: Way {place}}}\n" for place in range(41))
    assert "the corridor has 44 routes" in only(
        [each for each in faults(home, changed(CORRIDOR, "routes:\n", "routes:\n" + routes)) if "routes" in each.what][
            :1
        ]
    )


# On the command line ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["strait", "corridors/strait", "corridors/strait/corridor.yaml", "returns.yaml"])
def test_every_command_takes_an_id_a_folder_or_a_file_at_the_first_call(pushpull, home, name):
    own_corridor.write(home)
    code, out, _ = pushpull("list", "levers", "--corridor", name, "--json")
    entries = {entry["id"]: entry for entry in json.loads(out)}
    assert code == 0 and entries["sentence_severity"]["today_by_route"] == {"west": 2, "middle": 3, "east": 1}
    assert {key for key, entry in entries.items() if entry["set_here"]} == {"enforced_return", "sentence_severity"}
    code, out, _ = pushpull("explain", "enforced_return", "--corridor", name, "--json")
    assert code == 0 and json.loads(out)["corridor"] == "strait"
    assert pushpull("run", name, "--end", 2027, "-o", home / "run.csv")[0] == 0
    assert pushpull("export", "xmile", name, "-o", home / "run.xmile")[0] == 0
    assert pushpull("validate", name)[0] == 0


def test_an_unknown_corridor_brings_ones_own_names_too(pushpull, home):
    own_corridor.write(home)
    code, _, err = pushpull("list", "context", "--corridor", "strat")
    assert code == 2 and 'did you mean "strait"' in err and "g8_2001" in err


def test_an_unknown_scenario_brings_ones_own_corridors_too(pushpull, home):
    own_corridor.write(home)
    code, _, err = pushpull("run", "strate")
    assert code == 2 and 'did you mean "strait"' in err


def test_validate_says_every_fault_of_a_corridor_and_else_what_is_left_at_default(pushpull, home):
    own_corridor.write(home, changed(CORRIDOR, ", scale: 0.01}", "}").replace("protection: 0.4", "protection: 0.5"))
    code, out, err = pushpull("validate", "strait")
    assert code == 2 and "scale: 0.01" in err and "comes to 1.1" in err and "fine" not in out
    own_corridor.write(home)
    code, out, err = pushpull("validate", "strait")
    text = " ".join(out.split())
    assert code == 0 and f"strait: fine 5 of {len(catalogue().parameters)} parameters, 2 of " in text
    assert "initial_attempts: 90,000 person/year is stated, the run starts with" in text
    assert "base_death_risk is not given for middle" in text


def test_every_command_says_of_a_thin_corridor_that_its_numbers_are_those_of_others(pushpull, home):
    own_corridor.write(home)
    assert "sets 5 of 117 numbers of its place" in pushpull("run", "strait", "--end", 2027, "-o", home / "run.csv")[2]
    marked = changed(CORRIDOR, "title: The strait", "title: The strait\nillustrative: true")
    own_corridor.write(home, marked)
    assert "numbers of its place" not in pushpull("run", "strait", "--end", 2027, "-o", home / "run.csv")[2]


def test_the_list_of_corridors_holds_ones_own(pushpull, home):
    own_corridor.write(home)
    code, out, _ = pushpull("list", "corridors", "--json")
    entries = {entry["id"]: entry for entry in json.loads(out)}
    assert code == 0 and set(entries) == {"eu_external_border", "g8_2001", "us_southwest_border", "strait"}
    assert entries["strait"]["routes"] == ["west", "middle", "east"]
