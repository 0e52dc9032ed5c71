"""French as Canada writes it: a variant that shares the words of French, with numbers, money and signs of its own."""

from ruamel.yaml import YAML

from pushpull.dashboard.i18n.texts import FOLDER, language, wished
from pushpull.dashboard.session.opening import opening_of
from pushpull.files.csv_text import spreadsheet_text
from pushpull.wording.typography import typeset
from tests.test_words import leaves

TAG = "fr-CA"
CANADA, FRANCE = language(TAG), language("fr")


def test_numbers_and_money_are_those_of_the_common_locale_data():
    """As Babel 2.19 writes them in fr_CA: `format_decimal`, `format_compact_currency`, `format_percent`."""
    numbers = CANADA.numbers
    assert numbers.published(1234567.5) == "1\u00a0234\u00a0567,5"
    assert numbers.amount(3.4e9, "USD/year") == "3,4\u00a0G\u00a0$\u00a0US"
    assert language(TAG, "CAD").numbers.amount(1500, "USD") == "1\u00a0500\u00a0$"
    assert language(TAG, "EUR").numbers.full(1500, "USD/person") == "1\u00a0500\u00a0€ par personne"
    assert numbers.amount(0.46, "1") == "46\u00a0%" and CANADA.signs == {
        "locale": TAG,
        "decimal": ",",
        "thousands": "\u00a0",
        "one_below_two": True,
    }
    assert FRANCE.numbers.amount(3.4e9, "USD/year") == "3,4\u00a0Md\u00a0USD"


def test_no_gap_stands_before_a_semicolon_an_exclamation_or_a_question_mark():
    for tree in (CANADA.words, CANADA.model, CANADA.findings):
        texts = [text for _, text in leaves(tree) if isinstance(text, str)]
        assert not [text for text in texts if any(f"{gap}{sign}" in text for gap in " \u00a0\u202f" for sign in ";!?")]
        assert any("\u00a0:" in text for text in texts)


def test_words_are_those_of_french_but_where_canada_says_another():
    assert CANADA.title("detention_capacity") == "Capacité de détention" != FRANCE.title("detention_capacity")
    assert CANADA.title("deaths_in_transit") == FRANCE.title("deaths_in_transit")
    french = dict(leaves({**FRANCE.words, "model": FRANCE.model}))
    own = dict(leaves(YAML(typ="safe").load(FOLDER / TAG / "page.yaml")))
    assert own and not [path for path, text in own.items() if path not in french or french[path] == typeset(text, "fr")]


def test_a_link_opens_in_it_and_keeps_it():
    for asked in ("fr-CA", "fr_ca", "fr-CA>"):
        assert opening_of("", asked).state.view.language == TAG
    assert [wished(text) for text in ("fr-FR", "en-CA", "fr", "de", "")] == ["fr", "en", "fr", "", ""]
    state = opening_of("", TAG).state
    assert opening_of(state.link, "").state.view.language == TAG


def test_files_have_its_decimal_sign_and_separator():
    assert spreadsheet_text([["a", 1.5]], CANADA.signs["decimal"]).lstrip("\ufeff").startswith("a;1,5")
