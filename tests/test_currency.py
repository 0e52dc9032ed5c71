"""A corridor counts in a currency, and whatever shows its money writes it; the model's own unit stays what it is."""

import html
import json
import re

import pytest
import xarray

from pushpull import Scenario, compare, run
from pushpull.analysis import paired
from pushpull.catalogue import catalogue
from pushpull.dashboard.export.evidence_pack import metadata
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages import entry
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State
from pushpull.descriptions import unit_costs
from pushpull.exporting.xmile import xmile_text
from pushpull.reporting import packages_section
from pushpull.scenario import ScenarioFaults, load_corridor
from pushpull.scenario.fitted_numbers import parts
from pushpull.wording.money import CURRENCIES, MONEY, in_currency, is_money
from pushpull.wording.numbers import numbers_of

from . import own_corridor
from .own_corridor import CORRIDOR, changed

EUROPE, BORDER = "eu_external_border", "us_southwest_border"
IN_EUROS = changed(CORRIDOR, "title: The strait", "title: The strait\ncurrency: EUR")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PUSHPULL_SCENARIOS", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def european():
    return run(Scenario.load(EUROPE))


def units_of(text):
    """The units of the variables of a CSV file, but for those of levers, drivers and parts."""
    rows = [line.split(",") for line in text.splitlines()[1:]]
    return {row[1]: row[5] for row in rows}


# Files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, currency", [(EUROPE, "EUR"), (BORDER, "USD"), ("g8_2001", "USD")])
def test_a_corridor_that_says_nothing_counts_in_dollars(name, currency):
    assert Scenario.load(name).corridor.currency == currency


@pytest.mark.parametrize("currency", CURRENCIES)
def test_each_of_a_few_currencies_is_taken(home, currency):
    own_corridor.write(home, IN_EUROS.replace("EUR", currency))
    assert load_corridor("strait").currency == currency


@pytest.mark.parametrize("given, told", [("EURO", "USD, EUR, GBP, CAD"), ("yen", "USD, EUR, GBP, CAD"), ("3", "3")])
def test_another_currency_is_refused(home, given, told):
    own_corridor.write(home, IN_EUROS.replace("EUR", given))
    with pytest.raises(ScenarioFaults) as found:
        load_corridor("strait")
    (fault,) = found.value.faults
    assert "currency is" in str(fault) and told in str(fault) and fault.line == 4


def test_a_fit_is_as_current_in_one_currency_as_in_another(home):
    own_corridor.write(home)
    before = parts(load_corridor("strait"), catalogue())
    own_corridor.write(home, IN_EUROS)
    assert parts(load_corridor("strait"), catalogue()) == before


# Runs, tables and the command line ----------------------------------------------------------------------------


def test_a_run_says_the_currency_in_every_format(european, tmp_path):
    wanted = {"public_cost": "EUR/year", "smuggler_fee": "EUR/person", "smuggled_migrants": "person/year"}
    assert {name: units_of("".join(european.csv(wanted)))[name] for name in wanted} == wanted
    assert {name: european[name].attrs["units"] for name in wanted} == wanted
    assert {name: european.table([name])["unit"].unique().item() for name in wanted} == wanted
    told = json.loads(european.save(tmp_path / "run.json").read_text())["variables"]
    assert {name: told[name]["unit"] for name in wanted} == wanted
    with xarray.open_dataset(european.save(tmp_path / "run.nc")) as dataset:
        assert {name: dataset[name].attrs["unit"] for name in wanted} == wanted


def test_no_unit_of_a_run_says_another_currency(european):
    assert not [name for name in european.dataset if "USD" in european[name].attrs["units"]]
    border = run(Scenario.load(BORDER))
    assert border["public_cost"].attrs["units"] == "USD/year"
    assert units_of("".join(border.csv(["smuggler_fee"])))["smuggler_fee"] == "USD/person"


def test_tables_say_the_currency(european):
    scenario = Scenario.load(EUROPE)
    table = compare(scenario, scenario.with_policy("balanced")).of("public_cost")
    assert set(table["unit"]) == {"EUR/year"}
    found = paired(scenario.with_policy("balanced"), scenario.baseline(), 2, keep=["public_cost"])
    assert set(found.table["unit"]) == {"EUR/year"}
    across = compare(Scenario.load(BORDER), scenario).of("public_cost")
    assert set(across["unit"]) == {"USD/year against EUR/year"}


def test_the_command_line_says_the_currency(pushpull):
    assert "EUR/year" in pushpull("run", EUROPE)[1] and "USD" not in pushpull("run", EUROPE)[1]
    assert json.loads(pushpull("explain", "smuggler_fee", "--corridor", EUROPE, "--json")[1])["unit"] == "EUR/person"
    listed = json.loads(pushpull("list", "outcomes", "--corridor", EUROPE, "--json")[1])
    assert {each["unit"] for each in listed if each["id"] == "public_cost"} == {"EUR/year"}


def test_what_leaves_for_other_programs_stays_in_the_unit_of_the_model():
    text = xmile_text(Scenario.load(EUROPE))
    assert "<units>USD/" in text and "<units>EUR" not in text


# Words --------------------------------------------------------------------------------------------------------


def test_only_units_of_the_model_change():
    assert in_currency("USD/person/year", "EUR") == "EUR/person/year"
    assert in_currency("USD*year", "GBP") == "GBP*year"
    for unit in ("person/year", "1", "USD a passage", "milliards USD par an"):
        assert in_currency(unit, "EUR") == unit and not is_money(unit)
    assert MONEY in CURRENCIES


@pytest.mark.parametrize(
    "code, amount, full, difference",
    [
        ("en", "EUR\u00a03.4\u00a0bn", "EUR\u00a03.4\u00a0bn a year", "\u2212EUR\u00a03.4\u00a0bn"),
        ("fr", "3,4\u00a0Md\u00a0EUR", "3,4\u00a0Md\u00a0EUR par an", "\u22123,4\u00a0Md\u00a0EUR"),
    ],
)
def test_numbers_in_another_currency(code, amount, full, difference):
    numbers = numbers_of(code, currency="EUR")
    assert numbers.amount(3.4e9, "USD/year") == amount
    assert numbers.full(3.4e9, "USD/year") == full
    assert numbers.difference(-3.4e9, "USD/year") == difference
    assert numbers.unit("USD/ship/year") == "EUR/ship/year" and numbers.unit("USD a passage") == "USD a passage"
    assert numbers.full(12, "person") == numbers_of(code).full(12, "person")


def test_a_language_is_read_once_for_all_currencies():
    euros = language("fr", "EUR")
    assert euros.words is language("fr").words and language("fr", "USD") is language("fr")
    assert "EUR" in euros.numbers.unit("USD") and "USD" in language("fr").numbers.unit("USD")


# The page -----------------------------------------------------------------------------------------------------


def cards_of(session):
    return {card["id"]: card for _, row in session.screen.headlines.shown["rows"] for card in row}


@pytest.mark.parametrize(
    "code, form", [("en", r"{}\u00a0[\d.]+\u00a0(bn|m)"), ("fr", r"[\d,]+\u00a0(Md|M|milliards?)\u00a0{}")]
)
def test_the_card_of_public_cost_follows_the_corridor(code, form):
    state = State.opening(EUROPE).looking(language=code, chosen=("public_cost",))
    session = Session(state)
    for currency, corridor in (("EUR", BORDER), ("USD", EUROPE), ("EUR", EUROPE)):
        card = cards_of(session)["public_cost"]
        assert re.fullmatch(form.format(currency), card["value"]), card["value"]
        assert currency in card["baseline"] and session.language.numbers.currency == currency
        places = session.screen.shell.shown["places"].values()
        (unit,) = {each["unit"] for each in places if each and each["outcome"] == "public_cost"}
        assert unit.startswith(currency)
        session.receive({"corridor": corridor})
        assert session.notices == ()


@pytest.mark.parametrize("page", ["overview", "outcomes", "compare", "why"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_page_of_a_corridor_in_euros_counts_in_dollars(page, code):
    state = State.opening(EUROPE).with_value("asylum_access", 0.5)
    session = Session(state.looking(language=code, page=page, chosen=("public_cost",), focus="public_cost"))
    shown = (session.screen.shell.fragments, session.screen.headlines.shown, session.screen.shell.shown)
    text = html.unescape(json.dumps([str(each) for each in shown]))
    assert "EUR" in text and "USD" not in text


@pytest.mark.parametrize(
    "code, par", [("en", "a figure in dollars, taken at par"), ("fr", "montant en dollars, repris à parité")]
)
def test_unit_costs_are_in_the_currency_of_the_corridor_and_a_figure_of_a_card_says_that_it_is_taken_at_par(code, par):
    def sheet_of(corridor, lever):
        state = State.opening(corridor)
        words = language(code, state.scenario.corridor.currency)
        return html.unescape("".join(map(str, entry.card_sheet(words, state, lever))))

    own, cards = sheet_of(EUROPE, "enforced_return"), sheet_of(EUROPE, "origin_job_creation")
    assert "EUR" in own and par not in own
    assert "EUR" in cards and par in cards and "USD" not in own + cards
    there = sheet_of(BORDER, "origin_job_creation")
    assert "USD" in there and "EUR" not in there and par not in there


@pytest.mark.parametrize("lever", catalogue().levers)
def test_no_unit_cost_of_a_corridor_in_euros_is_in_dollars(lever):
    scenario = Scenario.load(EUROPE)
    card = scenario.catalogue.levers[lever]
    for cost in unit_costs(scenario, card):
        assert "USD" not in cost["unit"]
        stated = cost["id"] in scenario.corridor.own_parameters
        assert cost["at_par"] == (not stated and "EUR" in cost["unit"])
    assert not any(cost["at_par"] for cost in unit_costs(Scenario.load(BORDER), card))


def test_the_command_line_and_the_report_say_what_is_taken_at_par(pushpull):
    told = pushpull("explain", "origin_job_creation", "--corridor", EUROPE)[1]
    assert "6,000 EUR/job (a figure in dollars, taken at par)" in " ".join(told.split())
    assert "at par" not in pushpull("explain", "origin_job_creation", "--corridor", BORDER)[1]
    rows = {row[0]: row for row in packages_section.unit_costs(Scenario.load(EUROPE))}
    assert {row[2].split("/")[0] for row in rows.values()} == {"EUR", "1"}
    assert rows["Cost per job"][-1].endswith("taken at par") and "at par" not in rows["Cost per enforced return"][-1]


def test_the_evidence_pack_says_what_its_data_count_in():
    told = json.loads(metadata(language("en"), State.opening(EUROPE), None))
    assert told["outcomes"]["public_cost"]["unit"] == "EUR/year"
