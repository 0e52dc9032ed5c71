"""A link loses nothing: what surrounds it is left out, what is unknown in it is named, and the rest opens."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushpull.dashboard import app
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.session import opening
from pushpull.dashboard.state.links import permalink, salvage
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import LANGUAGES, View
from pushpull.engine.runs.task import RunBroke

WHOLE = State.opening("g8_2001").with_value("asylum_access", 0.7).with_loop("fee", False).in_year(2030)
KEPT = WHOLE.with_value("court_capacity", 9000.0).scenario.with_changes(title="More courts")


def contents(**changed):
    return {"of": "g8_2001", "scenario": {"policies": {"asylum_access": 0.7}}, **changed}


def test_a_link_of_before_that_switched_ranges_off_keeps_them_off():
    text = permalink.encode(contents(view={"bands": False, "page": "why"}))
    assert open_link(text).state.view == View(ranges=False, page="why")
    assert "bands" in permalink.decode(open_link(text).state.link)[0]["view"]


# What letters, chats and programs put after or before an address.
AFTER = [
    *(".", ",", ";", ":", "!", "?", ")", "]", "}", ">", '"', "'", "*", "_", "__", "-", "...", ").", ">.", '">'),
    *("\u201d", "\u00bb", "\u2019", "\u2026", "\u200b", "\ufeff", "\u00a0", "\u3002", "\ufffd\ufffd\ufffd", " ", "\n"),
    *("&utm_source=mail", "&fbclid=AbC_d-9", "#:~:text=visa", "?x=1", "\\", "|", "%20", " and more words", "=", "=="),
]
BEFORE = ["<", "(", "[", '"', "\u201c", "\u00ab\u00a0", " ", "\n", "\u200b", "'", "*"]


@pytest.mark.parametrize("after", AFTER)
def test_what_stands_behind_a_link_is_left_out(after):
    assert open_link(WHOLE.link + after).state == WHOLE


@pytest.mark.parametrize("before", BEFORE)
def test_what_stands_before_a_link_is_left_out(before):
    assert open_link(before + WHOLE.link).state == WHOLE


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_a_link_that_was_broken_over_lines_opens(data):
    text = WHOLE.link
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(text)))
        text = (
            text[:place] + data.draw(st.sampled_from(["\n", "\r\n ", "\u200b", "\u00ad", " ", "\u2028"])) + text[place:]
        )
    assert open_link(text).state == WHOLE


@given(place=st.integers(2, len(WHOLE.link) - 1), letter=st.sampled_from("Ab9-_."))
@settings(deadline=None, max_examples=80)
def test_a_link_with_a_changed_letter_opens_as_it_was_or_not_at_all(place, letter):
    """The last letter of a base64 text may hold bits that mean nothing."""
    try:
        found = open_link(WHOLE.link[:place] + letter + WHOLE.link[place + 1 :]).state
    except Refusal:
        return
    assert found == WHOLE


UNKNOWN = {
    "lever": ({"policies": {"asylum_access": 0.7, "border_walls": 2}}, "border_walls"),
    "driver": ({"policies": {"asylum_access": 0.7}, "context": {"weather": 3}}, "weather"),
    "parameter": ({"policies": {"asylum_access": 0.7}, "parameters": {"gravity": 9.81}}, "gravity"),
    "formula": ({"policies": {"asylum_access": 0.7}, "formulas": {"development_effect": "none_1999"}}, "none_1999"),
    "loop": ({"policies": {"asylum_access": 0.7}, "loops_off": ["perpetual_motion"]}, "perpetual_motion"),
    "route": ({"policies": {"asylum_access": 0.7, "border_control": {"atlantis": 2}}}, "atlantis"),
    "entry": ({"policies": {"asylum_access": 0.7}, "horoscope": {"a": 1}}, "horoscope"),
    "value": ({"policies": {"asylum_access": 0.7, "court_capacity": -5}}, "court_capacity"),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_what_is_unknown_in_a_link_is_left_out_and_named_and_the_rest_opens(kind):
    scenario, name = UNKNOWN[kind]
    found = open_link(permalink.encode(contents(scenario=scenario, kept=[scenario, {"title": "Two"}])))
    assert found.state.value("asylum_access") == 0.7
    assert [each.title for each in found.state.kept] == [State.opening("g8_2001").scenario.title, "Two"]
    assert found.state.kept[0].policies.keys() == {"asylum_access"}
    assert [(each.kind, each.name) for each in found.left_out] == [(kind, name)] * 2
    told = {code: salvage.sentence(found.left_out, language(code)) for code in LANGUAGES}
    for code, sentence in told.items():
        shown = language(code).title(name) if kind == "value" else name
        assert shown in sentence and "pushpull" not in sentence, sentence
    assert len(set(told.values())) == len(LANGUAGES)
    assert open_link(found.state.link).left_out == []


def test_other_gateways_of_a_lever_stay_where_one_is_unknown():
    routes = list(State.opening("g8_2001").scenario.routes)
    scenario = {"policies": {"border_control": {routes[0]: 1.5, "atlantis": 2}}}
    state = open_link(permalink.encode(contents(scenario=scenario))).state
    assert state.value("border_control")[routes[0]] == 1.5


def test_an_unknown_package_leaves_the_levers():
    found = open_link(permalink.encode(contents(package="free_ice_cream")))
    assert found.state.value("asylum_access") == 0.7 and found.state.package is None
    assert [(each.kind, each.name) for each in found.left_out] == [("package", "free_ice_cream")]


def test_kept_scenarios_survive_a_scenario_of_the_page_that_is_none():
    found = open_link(permalink.encode(contents(scenario={"title": 7}, kept=[{"title": "Kept"}])))
    assert [each.title for each in found.state.kept] == ["Kept"] and not found.state.scenario.policies
    assert found.left_out[0].kind == "scenario"


def test_a_kept_scenario_that_is_none_leaves_the_others_and_is_named():
    kept = [{"title": "First"}, {"title": "Broken", "horizon": {"end": 3}}, 17, {"title": "Last"}]
    found = open_link(permalink.encode(contents(kept=kept)))
    assert [each.title for each in found.state.kept] == ["First", "Last"]
    assert [(each.kind, each.name) for each in found.left_out] == [("kept", "Broken"), ("kept", "3")]


def test_a_link_of_an_earlier_version_is_forgiven_as_well():
    content = {"of": "g8_2001", "scenario": {"policies": {"asylum_access": 0.7, "moat_depth": 4}}}
    found = open_link("2." + permalink.encode(content).partition(".")[2])
    assert found.state.value("asylum_access") == 0.7
    assert [(each.kind, each.name) for each in found.left_out] == [("lever", "moat_depth")]


@pytest.mark.parametrize("own", [None, "0123456789abcdef"])
@pytest.mark.parametrize("code, place", [("en", "us_southwest_border"), ("fr", "eu_external_border")])
def test_a_link_about_a_corridor_that_is_not_here_opens_the_rest_on_the_first_one(own, code, place):
    content = {
        "of": "atlantis",
        "scenario": {"policies": {"asylum_access": 0.7, "border_control": {"the_pillars": 2}}},
        "package": "balanced",
        "view": {"page": "compare", "language": code},
        "kept": [{"title": "Kept", "policies": {"asylum_access": 0.9}}],
        **({"own": own} if own else {}),
    }
    found = open_link(permalink.encode(content))
    assert (found.state.opened, found.state.package, found.state.view.page) == (place, "balanced", "compare")
    assert found.state.value("asylum_access") == 0.7 and [each.title for each in found.state.kept] == ["Kept"]
    kind = "own_corridor" if own else "corridor"
    assert [(each.kind, each.name) for each in found.left_out] == [(kind, "atlantis"), ("route", "the_pillars")]
    for each in LANGUAGES:
        assert "atlantis" in salvage.sentence(found.left_out, language(each))
    assert open_link(found.state.link).left_out == []


@pytest.mark.parametrize("version", ["4", "12", "999"])
def test_a_link_of_a_later_version_opens_as_far_as_it_is_known(version, page_of):
    scenario = {"policies": {"asylum_access": 0.7, "hover_boats": 4}, "weights": {"a": 1}}
    content = contents(scenario=scenario, votes=[1, 2], view={"page": "why", "lens": "night"})
    text = f"{version}." + permalink.encode(content).partition(".")[2]
    found = open_link(text)
    assert found.state.value("asylum_access") == 0.7 and found.state.view.page == "why"
    wanted = [("entry", "votes"), ("entry", "weights"), ("lever", "hover_boats"), ("view", "lens")]
    assert sorted((each.kind, each.name) for each in found.left_out) == wanted
    assert found.state.link.startswith(f"{permalink.VERSION}.") and open_link(found.state.link).left_out == []
    session = page_of(state=text)
    assert [each.good for each in session.notices] == [True, False]
    assert session.notices[0].summary == language("en").say("migrated.later_version")


@pytest.mark.parametrize(
    "text", ["4.abcd", "4." + permalink.encode({"of": 3}).partition(".")[2], "1000.abcd", "0.abcd"]
)
def test_a_link_of_a_version_in_which_nothing_is_known_is_refused(text):
    with pytest.raises(Refusal, match="The link cannot be opened"):
        open_link(text)


UNSEEN = [
    ({"page": "weather"}, ("view", "weather")),
    ({"focus": "happiness"}, ("outcome", "happiness")),
    ({"chosen": ["public_cost", "happiness"]}, ("outcome", "happiness")),
    ({"pair": ["public_cost", "happiness"]}, ("outcome", "happiness")),
    ({"compared": ["balanced", "free_ice_cream"]}, ("package", "free_ice_cream")),
    ({"loop": "perpetual_motion"}, ("loop", "perpetual_motion")),
    ({"zoom": 2}, ("view", "zoom")),
    ({"year": 2199}, ("year", "2199")),
]


@pytest.mark.parametrize("view, gone", UNSEEN)
def test_what_a_link_looks_at_that_is_not_here_is_named(view, gone):
    found = open_link(permalink.encode(contents(view={"part": "routes", **view})))
    assert [(each.kind, each.name) for each in found.left_out] == [gone]
    assert found.state.view.part == "routes" and found.state.value("asylum_access") == 0.7
    for code in LANGUAGES:
        assert gone[1] in salvage.sentence(found.left_out, language(code))


def test_a_long_list_of_what_was_left_out_is_cut_and_names_are_shown_safely():
    policies = {f"lever_{number}": 1 for number in range(40)} | {"a\u202eb" + "c" * 200: 1}
    found = open_link(permalink.encode(contents(scenario={"policies": policies})))
    sentence = salvage.sentence(found.left_out, language("en"))
    assert len(sentence) < 1500 and f"and {41 - salvage.MOST_TOLD} more" in sentence
    assert "\u202e" not in salvage.sentence(found.left_out[-1:], language("en"))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=12,
    ),
    st.sampled_from(["policies", "context", "parameters", "formulas", "loops_off", "horizon", "title", "ensemble"]),
)
@settings(deadline=None, max_examples=60)
def test_whatever_stands_in_a_link_it_opens_or_is_refused_in_words(value, block):
    try:
        found = open_link(permalink.encode(contents(scenario={block: value}, kept=[{"title": "Kept"}])))
    except Refusal as refused:
        assert refused.told(language("fr"))
    else:
        assert [each.title for each in found.state.kept] == ["Kept"]
        assert json.dumps([each.told(language("en")) for each in found.left_out])


@pytest.fixture
def page_of(monkeypatch):
    """The session that a visitor with a link gets."""
    made = []

    class Seen(app.Session):
        def page(self):
            made.append(self)

    monkeypatch.setattr(app, "Session", Seen)

    def opened(**arguments):
        monkeypatch.setattr(opening, "argument", lambda context, name: arguments.get(name, ""))
        app.open_session()
        return made[-1]

    return opened


def test_a_page_says_what_of_its_link_was_left_out_in_its_own_words(page_of):
    scenario, name = UNKNOWN["lever"]
    text = permalink.encode(contents(scenario=scenario, view={"language": "fr"}))
    session = page_of(state=f"<{text}>")
    (notice,) = session.notices
    assert notice.summary == salvage.sentence([salvage.LeftOut("lever", name)], language("fr"))
    assert not notice.good and not notice.lines
    assert page_of(state=WHOLE.link, language="fr.").notices == ()


def test_kept_scenarios_survive_a_link_whose_run_breaks(page_of, monkeypatch):
    state = WHOLE.keeping(KEPT)
    whole = opening.runs_of

    def breaks(scenario):
        if scenario.policies:
            raise RunBroke("newcomers became nan in 2030.00")
        return whole(scenario)

    monkeypatch.setattr(opening, "runs_of", breaks)
    session = page_of(state=state.link)
    assert [each.title for each in session.state.kept] == ["More courts"] and not session.state.scenario.policies
    assert session.notices[0].quoted == ("newcomers became nan in 2030.00",)
