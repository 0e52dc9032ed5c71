"""Words as people of the field use them in each language, and sentences that hold for none, one and several."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pushpull import Scenario
from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.texts import ENGLISH, Language, language
from pushpull.dashboard.state.view import LANGUAGES
from pushpull.descriptions import unit_costs
from pushpull.evidence.experiment_files import read_experiments
from pushpull.wording.numbers import FORMS, numbers_of

KNOWN = catalogue()
SCENARIOS = Path(__file__).parent.parent / "scenarios"
COUNTS = (0, 1, 1.5, 2, 5)
SHARE = 199 / 200
BANNED = {  # what people of the field do not say, or what says something else to them
    "en": (
        r"worlds", r"possible world", r"bands?", r"nought", r"illegals", r"aliens?",
        r"illegal (migra\w+|immigra\w+|crossings?|entr\w+)",
        r"(legal|work|labour|matched) slots?", r"without papers", r"children alone", r"remigration", r"stifling",
        r"dearer", r"meaner", r"unasked", r"deportable", r"policy moves", r"\w+ \(s\)",
    ),
    "fr": (
        r"mondes? possibles?", r"bandes? à", r"migration illégale", r"migrants? illéga\w+", r"passages illégaux",
        r"clandestins", r"sans[- ]papiers?", r"résidents sans titre", r"places? (légales?|de travail)",
        r"personnes passées", r"passées? en fraude", r"payé par", r"moyens de vivre", r"envois d’argent",
        r"servitude pour dette", r"enfants seuls", r"ordres? de retour", r"sanctions des employeurs",
        r"climat étouffant", r"remigrations?", r"esquive", r"dossier de preuves", r"leviers politiques",
        r"la politique commence", r"points? de passage", r"préjudice", r"mauvais signe", r"fonctionnaires",
        r"retour volontaire assisté", r"chance d’être (condamné|interpellé)\w*", r"\w+\(s\)",
    ),
}  # fmt: skip
ALWAYS_SEVERAL = {
    "judged", "members", "most", "runs", "steps", "states", "points", "a_year", "most_a_year", "years", "days",
}  # fmt: skip
NO_NOUNS = {  # behind a count, or behind what is no count
    "en": "is|was|has|as|this|less|onwards|stands|changes|lies|levers",
    "fr": "dans|plus|sous|pas|des|sans",
}
PLURAL_OF_ONE = {
    "en": re.compile(rf"(?<![\d.,])1[ \u00a0](?:(?!(?:{NO_NOUNS['en']})\b)[a-z]+s|people)\b"),
    "fr": re.compile(rf"(?<![\d,])(?:0|1|1,5)[ \u00a0](?!(?:{NO_NOUNS['fr']})\b)[a-zé]+s\b"),
}
SINGULAR_OF_SEVERAL = {
    "en": re.compile(
        r"(?<![\d.,])(?:0|1\.5|2|5)[ \u00a0]"
        r"(?:person|job|case|agent|official|smuggler|year|attempt|finding|second|percentage point)\b"
    ),
    "fr": re.compile(
        r"(?<![\d,])(?:2|5)[ \u00a0]"
        r"(?:personne|emploi|affaire|agent|passeur|an|tentative|constat|seconde|point|autre|modifié|lié)\b"
    ),
}


def leaves(tree: object, path: tuple[str, ...] = ()):
    """Each text of a tree, and each pair of forms as one, by its keys."""
    if isinstance(tree, dict) and set(tree) != FORMS:
        for key, child in tree.items():
            yield from leaves(child, (*path, str(key)))
    else:
        yield path, tree


def texts_of_the_model(code: str) -> dict[str, str]:
    """What the model, its scenarios and the published effects say in a language, by where it stands."""
    if code != ENGLISH:
        words = language(code)
        return {
            ".".join(path): text
            for tree in (words.model, {"findings": words.findings})
            for path, text in leaves(tree)
            if isinstance(text, str)
        }
    words, model = language(code), KNOWN.model
    told = {f"title of {name}": words.title(name) for name in (*model.variables, *model.cards)}
    told |= {f"meaning of {name}": words.meaning(name) for name in (*model.variables, *model.levers, *model.context)}
    told |= {f"meaning of {name}": card.meaning for name, card in KNOWN.parameters.items()}
    told |= {f"story of {name}": f"{words.loop_title(name)}: {words.story(name)}" for name in KNOWN.loops}
    told |= {
        f"{word} of {name}": words.fact(name, word)
        for name in KNOWN.levers
        for word in ("range_reason", "cost", "rights")
    }
    for path in (*SCENARIOS.glob("*.yaml"), *SCENARIOS.glob("policies/*.yaml")):
        head = YAML(typ="safe").load(path)
        told[path.name] = f"{head['title']}: {head['question']}"
    for each in read_experiments():
        told[each.id] = " | ".join((each.title, each.claim, str(each.published["estimate"]), each.published["unit"]))
    return told


def texts_of_the_page(code: str) -> dict[str, str]:
    return {
        ".".join(path): text
        for path, tree in leaves(language(code).words)
        for text in (tree.values() if isinstance(tree, dict) else [tree])
        if isinstance(text, str)
    }


class Places(dict):
    """Every place of a template with the same in it, those that are always several aside."""

    def __init__(self, shown: str):
        super().__init__()
        self.shown = shown

    def __missing__(self, name: str) -> str:
        return "200" if name in ALWAYS_SEVERAL else self.shown


def filled(words: Language, tree: str | dict[str, str], count: float) -> str:
    """A template of the page, in the form of a count, with the count in its places."""
    shown = words.numbers.number(count)
    text = tree if isinstance(tree, str) else tree[words.numbers.form(count)]
    return text.replace("{}", shown).format_map(Places(shown))


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_the_field_does_not_say_stands_in_no_text(code):
    told = texts_of_the_page(code) | texts_of_the_model(code)
    assert len(told) > 1000
    said = {
        (where, word)
        for where, text in told.items()
        for word in BANNED[code]
        if re.search(rf"(?<![\w-]){word}(?![\w-])", text, re.IGNORECASE)
    }
    assert said == set()


@pytest.mark.parametrize(
    "code, text",
    [
        ("en", "better in 87 % of 200 worlds"),
        ("en", "lowered illegal migration"),
        ("en", "Nearly all legal slots are seasonal."),
        ("fr", "Payé par détenu"),
        ("fr", "Résidents sans titre"),
        ("fr", "2 déplacé(s)"),
        ("fr", "mieux dans 87 % de 200 mondes possibles"),
    ],
)
def test_a_banned_word_is_found(code, text):
    assert any(re.search(rf"(?<![\w-]){word}(?![\w-])", text, re.IGNORECASE) for word in BANNED[code])


@pytest.mark.parametrize("count", [*COUNTS, SHARE])
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_template_holds_for_no_one_and_several(code, count):
    words = language(code)
    templates = {path: tree for path, tree in leaves(words.words) if path[0] != "numbers"}
    assert len(templates) > 400
    for path, tree in templates.items():
        said = filled(words, tree, count)
        if path == ("pack", "readme"):  # a table
            continue
        assert "  " not in said and "{" not in said and "}" not in said, path
        assert not PLURAL_OF_ONE[code].search(said), (path, said)
        assert not SINGULAR_OF_SEVERAL[code].search(said), (path, said)


@pytest.mark.parametrize("count", [*COUNTS, 1_999_400, 3e9])
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_unit_holds_for_no_one_and_several(code, count):
    numbers = numbers_of(code)
    for unit in language(code).section("numbers.units"):
        for said in (numbers.full(count, unit), numbers.full(-count, unit)):
            assert "  " not in said and "{" not in said
            assert not PLURAL_OF_ONE[code].search(said), said
            assert not SINGULAR_OF_SEVERAL[code].search(said), said


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_a_unit_of_a_lever_costs_has_words(code):
    numbers, scenario = numbers_of(code), Scenario.load("us_southwest_border")
    units = {cost["unit"] for lever in KNOWN.levers.values() for cost in unit_costs(scenario, lever)}
    assert len(units) > 5 and not [unit for unit in units if "/" in numbers.full(2.0, unit)]


@pytest.mark.parametrize(
    "code, said",
    [
        ("en", ["0 people", "1 person", "2 people", "2 million people", "1.5 years", "+1 percentage point"]),
        ("fr", ["0 personne", "1 personne", "2 personnes", "2 millions de personnes", "1,5 an"]
               + ["+1 point de pourcentage"]),
    ],
)  # fmt: skip
def test_one_and_several_as_each_language_counts_them(code, said):
    numbers = numbers_of(code)
    told = [numbers.full(count, "person") for count in (0.4, 1.4, 1.5, 1_999_400)]
    told += [numbers.full(1.5, "year"), numbers.difference(0.01, "1")]
    assert [each.replace("\u00a0", " ") for each in told] == said


@pytest.mark.parametrize(
    "code, least, most", [("en", "less than 1~%", "more than 99~%"), ("fr", "moins de 1~%", "plus de 99~%")]
)
def test_what_is_not_certain_is_not_said_to_be(code, least, most):
    chance = numbers_of(code).chance
    told = [chance(share).replace("\u00a0", "~") for share in (0, 1 - SHARE, 1 / 400, SHARE, 399 / 400, 1)]
    assert told == ["0~%", *[least] * 2, *[most] * 2, "100~%"]


@pytest.mark.parametrize("code, rise, fall", [("en", "up by less", "down by less"), ("fr", "en hausse", "en baisse")])
def test_a_change_too_small_to_write_keeps_its_direction(code, rise, fall):
    percent = numbers_of(code).percent
    assert percent(0.0004).startswith(rise) and percent(-0.0004).startswith(fall)


def test_no_line_of_a_french_text_breaks_at_a_sign():
    words = language("fr")
    told = texts_of_the_page("fr") | texts_of_the_model("fr")
    assert [where for where, text in told.items() if re.search(r" [;:!?»%]|« ", text)] == []
    assert words.say("page.title").endswith("\u202f?") and "\u00a0:" in words.say("page.title")


def test_french_texts_have_the_apostrophe_of_print():
    told = texts_of_the_page("fr") | texts_of_the_model("fr")
    assert [where for where, text in told.items() if re.search(r"[^\W\d_]'[^\W\d_]", text)] == []
    assert sum("\u2019" in text for text in told.values()) > 500


@pytest.mark.parametrize("code", LANGUAGES)
def test_names_stand_in_the_order_of_the_alphabet(code):
    words = language(code)
    titles = ["Zèle", "Écart de revenu", "Effet", "Éloignement", "Eau", "œuvre", "obstacle", "opinion"]
    told = ["Eau", "Écart de revenu", "Effet", "Éloignement", "obstacle", "œuvre", "opinion", "Zèle"]
    assert sorted(titles, key=words.in_order) == told


def test_a_loop_and_a_variable_may_share_a_name_and_have_titles_of_their_own():
    for code in LANGUAGES:
        words = language(code)
        assert words.title("displacement") != words.loop_title("displacement")
