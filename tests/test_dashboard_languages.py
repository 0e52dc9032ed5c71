"""Every language says everything, in its own way of writing numbers."""

import re
import string

import pytest
from markupsafe import escape

from pushpull import descriptions
from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.texts import ENGLISH, language, meant
from pushpull.dashboard.pages import entry
from pushpull.dashboard.pages.outcomes import diagram
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.shipped import shipped
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import LANGUAGES
from pushpull.evidence.experiment_files import read_experiments
from pushpull.scenario import policy_names, scenario_names
from pushpull.wording.numbers import MINUS, Numbers

KNOWN = catalogue()
OTHERS = [code for code in LANGUAGES if code != ENGLISH]
CONTESTED = {name: variable for name, variable in KNOWN.model.variables.items() if variable.setting}
RIVALS = [(name, formula) for name in CONTESTED for formula in KNOWN.formulas[CONTESTED[name].setting]]
MEANINGS = [
    *KNOWN.model.variables,
    *(f"{name}/{formula}" for name, formula in RIVALS if formula != CONTESTED[name].declaration.formula),
]
EXPERIMENTS = {each.id: each for each in read_experiments()}
SIZES = [("numbers", name) for name in ("large", "large_money", "short")]  # each language has words for its own
NUMBER = re.compile(rf"(?:(?<!\w)[-{MINUS}])?\d+(?:[,\u202f]\d{{3}}(?!\d))*(?:[.,]\d+)?")


def leaves(words, path=()):
    if isinstance(words, dict):
        for key, value in words.items():
            yield from leaves(value, (*path, str(key)))
    else:
        yield path, words


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def bare(text):
    return re.sub(r"\{\w*\}", "", text)


def figures(text, signs):
    """The numbers of a text, whatever the signs they are written with."""
    plain = (each.replace(MINUS, "-").replace(signs["thousands"], "") for each in NUMBER.findall(text))
    return sorted(float(each.replace(signs["decimal"], ".")) for each in plain)


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_every_text_with_the_same_places(code):
    english, other = (
        {path: text for path, text in leaves(language(each).words) if path[:2] not in SIZES} for each in (ENGLISH, code)
    )
    assert set(other) == set(english)
    for path, text in english.items():
        if isinstance(text, str) and path[0] != "numbers":
            assert places(other[path]) == places(text), path


@pytest.mark.parametrize("code", OTHERS)
def test_hardly_a_text_is_left_in_english(code):
    english, other = dict(leaves(language(ENGLISH).words)), dict(leaves(language(code).words))
    same = [
        path
        for path, text in english.items()
        if isinstance(text, str) and " " in bare(text).strip() and other[path] == text
        if path[0] != "numbers" and path[:2] != ("toolbar", "languages")  # languages go by their own names
    ]
    assert same == []


def told_of_sources():
    variables = KNOWN.model.variables.values()
    told = [each["source"] for variable in variables for each in descriptions.equations(variable)]
    return list(dict.fromkeys([*told, *(KNOWN.model.cards[name].source for name in (*KNOWN.levers, *KNOWN.context))]))


def keys_in(text):
    return [each["key"] for each in descriptions.citations(text, KNOWN.references)]


def bare_keys(text):
    """Whether a text has no words but keys of references, or says that it is an assumption and no more."""
    return text == "assumption" or set(re.findall(r"\w+", text)) <= set(keys_in(text))


def places_in(corridor):
    """The routes and the origins of a corridor."""
    return [*corridor.routes.values(), *corridor.origins.values()]


@pytest.mark.parametrize("code", OTHERS)
def test_the_models_names_are_told_in_every_language(code):
    words = language(code)
    corridors = [shipped(name) for name in scenario_names()]
    levers, others, loops = list(KNOWN.levers), [*KNOWN.context, *KNOWN.outcomes], list(KNOWN.loops)
    wanted = {
        "titles": [*levers, *others, *loops, *KNOWN.model.variables, *KNOWN.parameters],
        "meanings": [*levers, *others, *MEANINGS],
        "stories": loops,
        "sources": [text for text in told_of_sources() if not bare_keys(text)],
        "range_reason": levers,
        "cost": levers,
        "rights": levers,
        "packages": policy_names(),
        "questions": [*policy_names(), *scenario_names()],
        "corridors": scenario_names(),
        "routes": [route for scenario in corridors for route in scenario.routes],
        "origins": [origin for scenario in corridors for origin in scenario.corridor.origins],
        "notes": [place.id for scenario in corridors for place in places_in(scenario.corridor) if place.note],
    }
    for block, names in wanted.items():
        missing = [name for name in names if not words.model.get(block, {}).get(name)]
        strange = [name for name in words.model.get(block, {}) if name not in names]
        assert (missing, strange) == ([], []), block


@pytest.mark.parametrize("code", OTHERS)
def test_no_two_parameters_or_variables_have_the_same_name(code):
    words = language(code)
    names = [*KNOWN.parameters, *KNOWN.model.variables]
    assert all(words.stays("titles", name) is None for name in names)
    titles = [words.title(name) for name in names]
    assert [title for title in titles if titles.count(title) > 1] == []


@pytest.mark.parametrize("code", OTHERS)
def test_meanings_are_told_anew_and_end_as_the_english_ones_do(code):
    words, english = language(code), language(ENGLISH)
    for name in MEANINGS:
        assert words.stays("meanings", name) is None
        assert words.meaning(name) != english.meaning(name), name
        assert words.meaning(name).endswith("."), name


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name, formula", RIVALS)
def test_a_contested_variable_is_told_by_the_formula_in_force(name, formula, code):
    state = State.opening("g8_2001").with_formula(CONTESTED[name].setting, formula)
    session = Session(state.looking(language=code, page="outcomes", part="diagram", node=name))
    page = str(diagram.fragment(session.language, session.state, session.computation.runs)).replace(' lang="en"', "")
    for equation in CONTESTED[name].equations:
        one, told = equation.declaration.formula, descriptions.docstring_of(CONTESTED[name], equation)
        meaning = session.language.meaning(meant(name, {CONTESTED[name].setting: one}))
        assert (meaning == told.meaning) == (code == ENGLISH)
        assert (str(escape(meaning)) in page) == (one == formula)
        assert (f"<dd>{escape(session.language.source(told.source))}</dd>" in page) == (one == formula)


@pytest.mark.parametrize("code, colon", [("en", ": "), ("fr", "\u00a0: ")])
def test_a_name_and_its_value_stand_apart_as_the_language_writes_a_colon(code, colon):
    session = Session(State.opening("g8_2001").looking(language=code, node="smuggler_fee"))
    words, state, runs = session.language, session.state, session.computation.runs
    told = words.title("smuggler_fee") + colon + entry.value(words, runs.whole, "smuggler_fee", state.year)
    page = diagram.fragment(words, state, runs)
    assert f"<title>{escape(told)}</title>" in page
    assert f'aria-label="{escape(told)}"' in page


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_loop_and_a_variable_of_the_same_name_are_told_apart(code):
    both = [name for name in KNOWN.loops if name in KNOWN.model.variables]
    assert both == ["deterrence", "displacement", "remittances"]
    for name in both:
        assert language(code).meaning(name) != language(code).story(name)


@pytest.mark.parametrize("code", OTHERS)
def test_sources_are_told_with_the_same_references_and_numbers(code):
    words = language(code)
    for text in told_of_sources():
        assert keys_in(words.source(text)) == keys_in(text)
        assert re.findall(r"\d+", words.source(text)) == re.findall(r"\d+", text)
        assert words.stays("sources", text) == (ENGLISH if bare_keys(text) or not text else None), text


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_unit_of_a_variable_is_said_in_words(code):
    units = language(code).words["numbers"]["units"]
    assert {variable.unit for variable in KNOWN.model.variables.values()} - set(units) == set()


@pytest.mark.parametrize("code", OTHERS)
def test_published_effects_are_told_in_every_language(code):
    findings = language(code).findings
    assert set(findings) == set(EXPERIMENTS)
    for name, experiment in EXPERIMENTS.items():
        told, needed = findings[name], {"claim", "where", "unit"}
        if isinstance(experiment.published["estimate"], str):
            needed.add("estimate")
        if experiment.not_representable:
            needed.add("reason")
        assert needed <= set(told) <= needed | {"estimate"}, name
        assert all(told.values()) and told["claim"] != experiment.claim, name


@pytest.mark.parametrize("code", OTHERS)
def test_published_effects_keep_their_numbers_in_every_language(code):
    words, english = language(code), language(ENGLISH)
    for name, experiment in EXPERIMENTS.items():
        published, told = experiment.published, words.findings[name]
        estimate = told["estimate"] if "estimate" in told else words.numbers.published(published["estimate"])
        pairs = {
            "claim": (experiment.claim, told["claim"]),
            "where": (published["where"], told["where"]),
            "published": (f"{published['estimate']} {published['unit']}", f"{estimate} {told['unit']}"),
        }
        for word, (before, after) in pairs.items():
            assert figures(after, words.words["numbers"]) == figures(before, english.words["numbers"]), (name, word)


@pytest.mark.parametrize(
    "told, said",
    [
        (lambda numbers: numbers.number(14_312), "14\u202f300"),
        (lambda numbers: numbers.number(1_234_567), "1,23\u00a0million"),
        (lambda numbers: numbers.number(2_500_000), "2,5\u00a0millions"),
        (lambda numbers: numbers.amount(3.4e9, "USD/year"), "3,4\u00a0Md\u00a0USD"),
        (lambda numbers: numbers.full(2.5e6, "person"), "2,5\u00a0millions de personnes"),
        (lambda numbers: numbers.full(2.5e6, "job"), "2,5\u00a0millions d’emplois"),
        (lambda numbers: numbers.full(14_312, "job"), "14\u202f300 emplois"),
        (lambda numbers: numbers.full(3.4e9, "USD/year"), "3,4\u00a0Md\u00a0USD par an"),
        (lambda numbers: numbers.amount(0.456, "1"), "45,6\u00a0%"),
        (lambda numbers: numbers.percent(-0.0512), "\u22125,1\u00a0%"),
    ],
)
def test_numbers_in_french(told, said):
    assert told(language("fr").numbers) == said


def test_a_text_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        language("en").say("overview.nonsense")
    with pytest.raises(KeyError):
        language("en").say("overview")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_is_written_in_the_language_of_the_link(code):
    session = Session(State.opening("g8_2001").with_package("punitive").looking(language=code))
    for page in ("overview", "outcomes", "compare", "why", "evidence"):
        session.receive({"page": page})
        assert session.notices == ()
    assert isinstance(session.language.numbers, Numbers)
    assert session.screen.headlines.shown["rows"][0][0] == language(code).say("overview.people_row")
    assert open_link(session.state.link).state.view.language == code
