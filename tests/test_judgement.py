"""What evaluations come to, and how page and report show them: from made-up evaluations whose answers are known."""

from __future__ import annotations

import html
import json
import re

import pytest

from pushpull import Scenario
from pushpull.dashboard.compute.evaluations import evaluations_of
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages import forecasts_page
from pushpull.dashboard.state.state import State
from pushpull.evaluation.judgement import (
    base_line,
    chosen_rows,
    forecasts_by_year,
    judgement,
    main_measure,
    times_the_error,
)
from pushpull.evaluation.stored import FILE, stored_evaluations
from pushpull.scenario import corridor_in
from tests import strait

MEASURE = "apprehensions_recorded"


def row(year, mape, held, policy="known", horizon="1-5", years=(2001, 2005), route="all", **given):
    return {
        "origin_year": year, "horizon": horizon, "years": list(years), "measure": MEASURE, "stream": "all",
        "group": "all", "route": route, "policy": policy, "mape": mape, "crps": 1.0, "coverage_50": 0.5,
        "coverage_90": 0.8, "persistence_mape": held, "persistence_crps": 2.0, "trend_mape": None,
        "regression_mape": None, **given,
    }  # fmt: skip


def made(*rows, **given):
    by_year = [
        {"origin_year": each["origin_year"], "year": year, "measure": each["measure"], "stream": "all", "group": "all",
         "route": each["route"], "policy": each["policy"], "p5": 1, "p25": 2, "p50": 3, "p75": 4, "p95": 5,
         "recorded": 2.5, "persistence": None, "trend": None, "regression": None}
        for each in rows for year in range(each["years"][0], each["years"][1] + 1)
    ]  # fmt: skip
    head = {"name": "base line", "version": "0.1.0", "model": "x", "made": "2026-11-28", "seed": 1, "members": 20}
    return {**head, "what_changed": "", "notes": [], "rows": list(rows), "by_year": by_year, "fit": [], **given}


def plain(text):
    """A text with every space an ordinary one."""
    return re.sub(r"\s+", " ", text)


def test_a_judgement_counts_what_was_beaten_and_weighs_coverage_by_years():
    found = judgement(
        made(
            row(2000, 0.1, 0.2),
            row(2001, 0.4, 0.2, years=(2002, 2002), coverage_50=1.0),
            row(2002, 0.3, None),
            row(2000, 9.0, 0.1, route="reef"),
            row(2000, 9.0, 0.1, policy="frozen"),
            row(2000, 9.0, 0.1, horizon="6-11"),
        ),
        MEASURE,
    )
    assert (found.beaten, found.judged, found.worst["origin_year"]) == (1, 2, 2001)
    assert found.ratio == pytest.approx(1.0)
    assert found.in_half == pytest.approx((0.5 * 5 + 1.0 + 0.5 * 5) / 11)
    assert judgement(made(row(2000, 0.1, 0.2)), "deaths_recorded") is None


SENTENCES = {
    "everywhere": ([(0.1, 0.2)] * 3, "of 3 forecasts, 3 came nearer", "maintenue : 3 sur 3."),
    "nowhere": ([(0.3, 0.2)] * 2, "of 2 forecasts, 0 came nearer", "maintenue : 0 sur 2."),
    "once, better": ([(0.1, 0.2)], "the one forecast made was nearer", "la seule prévision faite était plus proche"),
    "once, worse": ([(0.3, 0.2)], "the one forecast made was no nearer", "faite n’était pas plus proche"),
    "as good": ([(0.2, 0.2)], "the one forecast made was no nearer", "faite n’était pas plus proche"),
    "nothing beside it": ([(0.3, None)] * 2, "there is no last value", "aucune dernière valeur"),
    "one of two beside it": ([(0.3, None), (0.1, 0.2)], "the one forecast made was nearer", "était plus proche"),
}


@pytest.mark.parametrize(("rows", "english", "french"), SENTENCES.values(), ids=SENTENCES)
def test_the_sentence_says_how_often_the_last_value_held_was_beaten(rows, english, french):
    evaluation = made(*(row(2000 + number, *each) for number, each in enumerate(rows)))
    for code, words in (("en", english), ("fr", french)):
        said = forecasts_page.verdict(language(code), evaluation, MEASURE)
        assert words in plain(said) and "{" not in said
    assert forecasts_page.verdict(language("en"), made(), MEASURE) == "Nothing was judged."


def test_the_sentence_names_the_worst_forecast_near_and_far():
    far = {"horizon": "6-11", "years": (2006, 2011)}
    evaluation = made(row(2000, 0.1, 0.2), row(2001, 1.5, 0.2), row(2000, 2.58, 0.2, **far), row(2001, 0.5, 0.2, **far))
    english, french = (forecasts_page.verdict(language(code), evaluation, MEASURE) for code in ("en", "fr"))
    english, french = (plain(text) for text in (english, french))
    assert "the forecast made in 2001 missed 2001 to 2005 by 150 %" in english
    assert "the forecast made in 2000 missed 2006 to 2011 by 258 %" in english
    assert "la prévision faite en 2000 s’écartait en moyenne de 258 % des valeurs de 2006 à 2011" in french


def test_what_is_not_known_makes_errors_so_many_times_as_large():
    evaluation = made(
        row(2000, 0.1, None),
        row(2001, 0.2, None),
        row(2002, 0.5, None),
        row(2000, 0.2, None, policy="frozen"),
        row(2001, 1.6, None, policy="frozen"),
        row(2003, 9.0, None, policy="frozen"),
        row(2000, 9.0, None, policy="frozen", horizon="6-11"),
    )
    assert times_the_error(evaluation, MEASURE, "frozen") == pytest.approx(4)  # of 2 and 8; 2002 and 2003 stand alone
    assert times_the_error(evaluation, MEASURE, "drivers_frozen") is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_says_what_no_forecast_can_foresee_and_what_knowing_policy_is_worth(code):
    words, state = language(code), State.opening("us_southwest_border")
    latest = evaluations_of(state.scenario)[-1]
    page = plain(html.unescape(str(forecasts_page.unforeseen(words, state))))
    for policy in ("frozen", "drivers_frozen"):
        assert plain(words.numbers.number(times_the_error(latest, MEASURE, policy), 2)) in page
    assert "SWP Research Paper 11/2023" in page and "QuantMig" in page
    bare = plain(html.unescape(str(forecasts_page.unforeseen(words, State.opening("g8_2001")))))
    assert plain(words.say("unforeseen.answer").strip()) in bare and 'class="told"' not in bare


def test_years_of_a_forecast_come_in_order_and_without_other_routes():
    evaluation = made(row(2004, 0.1, 0.2), row(2000, 0.1, 0.2), row(2000, 0.1, 0.2, route="reef"))
    evaluation["by_year"].reverse()
    forecasts = forecasts_by_year(evaluation, MEASURE)
    assert [each.made_in for each in forecasts] == [2000, 2004]
    assert forecasts[0].years.tolist() == [2001, 2002, 2003, 2004, 2005] and forecasts[0].ranges.shape == (5, 5)
    assert main_measure(made()) is None


@pytest.fixture
def corridor(tmp_path):
    """The folder of a corridor of one's own, and a state of the page that shows it."""
    folder = strait.folder_of(strait.make(tmp_path))
    return folder, State.opening().with_scenario(Scenario.of_corridor(corridor_in(folder)))


def write(folder, *evaluations):
    text = json.dumps({"schema_version": 1, "corridor": "strait", "evaluations": list(evaluations)})
    (folder / FILE).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_shows_the_numbers_that_are_stored_and_the_base_line_beside_them(corridor, code):
    folder, state = corridor
    first, later = made(row(2000, 0.5, 0.25)), made(row(2000, 0.125, 0.25), name="evaluation 2", model="later")
    write(folder, first, later)
    shown = forecasts_page.fragment(language(code), state)
    text = plain(html.unescape(re.sub(r"<[^>]+>", " ", str(shown))))
    (cells,) = [re.findall(r"<td>([^<]*)", line) for line in re.findall("<tr>.*?</tr>", str(shown)) if "2001" in line]
    # policy known, frozen, drivers frozen; the base line; three rivals; the ranges
    shares = ["12 %", "\N{EN DASH}", "\N{EN DASH}", "50 %", "25 %", "\N{EN DASH}", "\N{EN DASH}", "50 %", "80 %"]
    assert [plain(cell) for cell in cells] == shares
    assert "2026-11-28" in text and str(shown).count("<figure") == 1
    nearer, farther = SENTENCES["once, better"], SENTENCES["once, worse"]
    column = 1 + list(LANGUAGES).index(code)
    assert nearer[column] in text and farther[column] in text
    assert str(shown).count("<caption") == 2 and 'scope="row"' in str(shown) and 'scope="col"' in str(shown)


def test_all_drawings_share_one_axis(corridor):
    folder, state = corridor
    evaluation = made(row(2000, 0.5, 0.25), row(2001, 0.5, 0.25))
    evaluation["by_year"][-1]["recorded"] = 4_000_000.0
    write(folder, evaluation)
    shown = str(forecasts_page.fragment(language("en"), state))
    assert shown.count("<figure") == 2 and shown.count(">4m<") == 2


def test_without_an_evaluation_or_with_a_damaged_one_the_page_says_so(corridor):
    folder, state = corridor
    assert "pushpull evaluate strait" in str(forecasts_page.fragment(language("en"), state))
    (folder / FILE).write_text("{")
    shown = str(forecasts_page.fragment(language("en"), state))
    assert 'role="alert"' in shown and "this is no JSON" in shown and "Traceback" not in shown


def test_a_file_that_cannot_be_opened_or_is_of_another_corridor_is_one_message(corridor):
    folder, state = corridor
    text = json.dumps({"schema_version": 1, "corridor": "elsewhere", "evaluations": [made(row(2000, 0.5, 0.25))]})
    (folder / FILE).write_text(text)
    assert "these evaluations are of another corridor" in str(forecasts_page.fragment(language("en"), state))
    assert "ces évaluations sont d’un autre corridor" in str(forecasts_page.fragment(language("fr"), state))
    (folder / FILE).unlink()
    (folder / FILE).mkdir()
    assert "the file cannot be read" in str(forecasts_page.fragment(language("en"), state))
    assert "fichier illisible" in str(forecasts_page.fragment(language("fr"), state))


def test_forecasts_told_twice_or_without_end_are_one_message(corridor):
    folder, state = corridor
    write(folder, made(row(2000, 0.5, 0.25), row(2000, 0.4, 0.25)))
    assert "rows of evaluation 1 say more than 1 of one forecast" in str(forecasts_page.fragment(language("en"), state))
    endless = made(row(2000, 0.5, 0.25))
    endless["by_year"] *= 100
    write(folder, endless)
    assert "by_year of evaluation 1 say more than" in str(forecasts_page.fragment(language("en"), state))


SPOILT = [
    ("rows", {"mape": None}), ("rows", {"policy": "unknown"}), ("rows", {"years": [2001]}), ("rows", {"measure": 1}),
    ("rows", {"mape": 10**400}), ("rows", {"mape": -0.1}), ("rows", {"mape": True}), ("rows", {"coverage_90": 1.1}),
    ("rows", {"years": [2006, 2005]}), ("rows", {"origin_year": 10**30}), ("rows", {"horizon": "1-99"}),
    ("rows", {"policy": ["known"]}), ("rows", {"measure": "m" * 5000}), ("rows", {"more": 1}),
    ("by_year", {"p95": -1}), ("by_year", {"year": 10**400}), ("by_year", {"p50": "many"}), ("by_year", {"year": None}),
    ("ablations", {"title": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("block", "change"), SPOILT, ids=range(len(SPOILT)))
def test_what_a_stranger_changed_in_the_file_is_one_message(corridor, block, change):
    folder, state = corridor
    evaluation = made(row(2000, 0.5, 0.25), ablations=[{"mechanism": "none", "title": "Nothing", "fit_mape": 0.1}])
    write(folder, evaluation)
    assert "<figure" in str(forecasts_page.fragment(language("en"), state))
    evaluation[block][0] |= change
    write(folder, evaluation)
    shown = str(forecasts_page.fragment(language("en"), state))
    assert f"{block} of evaluation 1 are not whole" in shown and "<figure" not in shown


def test_a_measure_that_the_model_does_not_have_is_one_message(corridor):
    folder, state = corridor
    write(folder, made(row(2000, 0.5, 0.25, measure="landings_on_the_moon")))
    assert "landings_on_the_moon" in str(forecasts_page.fragment(language("fr"), state))


def test_a_file_is_read_anew_when_it_changes(corridor):
    folder, state = corridor
    assert evaluations_of(state.scenario) == ()
    write(folder, made(row(2000, 0.5, 0.25)))
    (one,) = evaluations_of(state.scenario)
    assert evaluations_of(state.scenario)[0] is one, "read once"
    write(folder, one, made(row(2000, 0.1, 0.25)))
    assert len(evaluations_of(state.scenario)) == 2


def test_what_came_of_the_shipped_forecasts_is_what_their_years_say():
    """Errors of the table are those of the years beside it."""
    (evaluation, *_) = stored_evaluations(Scenario.load("us_southwest_border").corridor.folder)
    years = {
        (each["origin_year"], each["year"]): each
        for each in evaluation["by_year"]
        if each["measure"] == MEASURE and each["route"] == "all" and each["policy"] == "known"
    }
    rows = chosen_rows(evaluation, MEASURE, "known")
    assert len(rows) == 12
    for each in rows:
        span = [years[each["origin_year"], year] for year in range(each["years"][0], each["years"][1] + 1)]
        errors = [abs(year["p50"] / year["recorded"] - 1) for year in span]
        held = [abs(year["persistence"] / year["recorded"] - 1) for year in span]
        assert each["mape"] == pytest.approx(sum(errors) / len(errors), rel=1e-3)
        assert each["persistence_mape"] == pytest.approx(sum(held) / len(held), rel=1e-3)
        within = [year["p5"] <= year["recorded"] <= year["p95"] for year in span]
        assert each["coverage_90"] == pytest.approx(sum(within) / len(within), abs=1e-3)


def test_the_base_line_is_the_last_evaluation_of_the_first_model():
    made = [{"model": model, "name": name} for name, model in (("base line", "a"), ("mended", "a"), ("later", "b"))]
    assert [base_line(made[:number])["name"] for number in (1, 2, 3)] == ["base line", "mended", "mended"]
