"""What a stranger sends costs a page so much and no more, and is answered in words."""

import asyncio
import base64
import json
import threading
import zlib
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pushpull import Scenario
from pushpull.catalogue import catalogue
from pushpull.dashboard import limits
from pushpull.dashboard.compute import compared, ensembles, runs
from pushpull.dashboard.export.brief_content import BriefContent
from pushpull.dashboard.export.evidence_pack import PNG, Pack
from pushpull.dashboard.i18n.notices import Notice, Refusal
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.processes.memory import MANY, Tidying
from pushpull.dashboard.session import opening
from pushpull.dashboard.session.opening import Queue, opening_of, safe_opening_of
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state import messages, policy_options
from pushpull.dashboard.state.links import permalink
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.undo import History
from pushpull.dashboard.state.view import PEOPLE
from pushpull.files.bounded_cache import every_cache

ENGLISH = language("en")
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


def link_of(content, version="3"):
    packed = zlib.compress(json.dumps(content).encode("utf-8", "surrogatepass"))
    return f"{version}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def heavy(method="euler", steps=512, end=2150):
    return {"horizon": {"end": end}, "integration": {"method": method, "steps_per_year": steps}}


# The length of a run ---------------------------------------------------------------------------------------------


@given(st.integers(2028, 2200), st.integers(1, 1024), st.sampled_from(["dop853", "rk4", "euler"]))
def test_no_link_makes_a_page_run_more_steps_than_it_takes(end, steps, method):
    text = link_of({"of": "g8_2001", "scenario": heavy(method, steps, end)})
    try:
        opened = open_link(text).state
    except Refusal as refused:
        assert (end - 1990) * steps > limits.MOST_STEPS
        assert "12,000" in refused.told(ENGLISH) and "command line" in refused.told(ENGLISH)
    else:
        assert limits.steps_of(opened.scenario) <= limits.MOST_STEPS


def test_the_limit_of_a_page_lets_the_latest_end_and_a_step_a_quarter_as_long():
    opened = State.opening()
    assert opened.with_horizon(end=2200.0).scenario.end == 2200
    fine = opened.scenario.with_changes(steps_per_year=4 * 48)
    assert opened.with_scenario(fine).scenario is fine


def test_a_file_is_held_to_the_same_length_and_the_command_line_is_not():
    text = Scenario.load("g8_2001").with_changes(end=2180.0, steps_per_year=700).to_yaml()
    with pytest.raises(Refusal, match="12,000"):
        State.opening().with_file(text, "long.yaml")
    assert Scenario.from_text(text).steps_per_year == 700


def test_a_page_saves_months_and_not_each_step():
    opened = State.opening("g8_2001").with_horizon(end=2190.0)
    assert opened.with_scenario(opened.scenario.with_changes(save_every="month")).scenario.save_every == "month"
    with pytest.raises(Refusal, match="save_every"):
        opened.with_scenario(opened.scenario.with_changes(save_every="step"))


def test_kept_scenarios_are_held_to_it_one_by_one():
    with pytest.raises(Refusal, match="12,000"):
        open_link(link_of({"of": "us_southwest_border", "kept": [{}, heavy("rk4")]}))


def test_what_is_moved_on_the_page_cannot_pass_the_limit():
    session = Session(State.opening().with_scenario(State.opening().scenario.with_changes(steps_per_year=200)))
    before = session.state
    session.receive({"years": {"end": 2199}, "panel": "context"})
    assert session.state == before and "12,000" in session.notices[0].summary


def test_schedules_name_so_many_values_and_no_more():
    years = {f"{2027 + month / 12:.3f}": 0.3 + month % 7 / 10 for month in range(1100)}
    half = dict(list(years.items())[:500])
    opened = State.opening().with_horizon(end=2150.0)
    assert opened.with_schedule("asylum_access", {"table": years}).scenario.policies
    with pytest.raises(Refusal, match="1,200"):
        opened.with_schedule("asylum_access", {"table": years}).with_schedule("justice_training", {"table": half})


def test_twelve_kept_scenarios_with_twenty_levers_each_still_open():
    names = [name for name, card in catalogue().levers.items() if card.over is None][:20]
    assert len(names) == 20
    opened = State.opening()
    for number in range(12):
        for name in names:
            card = catalogue().levers[name]
            opened = opened.with_value(name, card.low + (card.high - card.low) * (number + 1) / 40)
        opened = opened.keeping(opened.scenario)
    again = open_link(opened.link).state
    assert again.kept == opened.kept and len(again.kept) == 12
    assert opening_of(opened.link, "en").state == opened


# Caches ----------------------------------------------------------------------------------------------------------


def test_the_caches_stay_within_their_bytes_whatever_is_asked_for():
    for number in range(24):
        scenario = State.opening("g8_2001").scenario.with_changes(
            end=2120.0 + number, steps_per_year=48 + number, policies={"border_control": 1 + number / 100}
        )
        runs.cached_run(scenario)
        runs.runs_of(scenario)
        ensembles.members_of(scenario)
        assert all(cache.bytes <= cache.room for cache in every_cache())
    names = {cache.name for cache in every_cache()}
    assert {"runs", "simulations of baselines", "simulations of scenarios", "grids of levers and context"} <= names


def test_what_the_large_caches_count_is_what_their_values_hold():
    scenario = State.opening("g8_2001").with_value("asylum_access", 0.77).scenario.with_changes(save_every="month")
    result = runs.cached_run(scenario)
    assert runs.size_of(result) == sum(each.nbytes for each in result.kept.values())
    reference = ensembles.members_of(scenario.baseline())
    reference.grow(4)
    held = sum(reference.values(line, 4).nbytes for line in reference.lines)
    assert held * ensembles.STAGES[-1] / 4 <= ensembles.size_when_grown(reference)
    *_, ensemble = ensembles.ensembles_of([scenario], (2030.0,), threading.Event())
    assert ensembles.size_of_ensemble(ensemble) >= sum(
        pair.difference.edges.nbytes for pair in ensemble.paired.pairs.values()
    )


@pytest.mark.parametrize("still_open", [0, 1])
def test_the_caches_are_emptied_when_the_last_visitor_has_gone(still_open):
    runs.cached_run(State.opening("g8_2001").with_value("asylum_access", 0.66).scenario)
    tidying = Tidying(lambda: still_open)
    for _ in range(MANY):
        tidying.left()
    assert tidying.tidy()
    assert (sum(cache.bytes for cache in every_cache()) > 0) == bool(still_open)


def test_a_result_holds_no_grid_of_its_inputs():
    fine = State.opening("g8_2001").scenario.with_changes(steps_per_year=192)
    coarse, result = runs.cached_run(fine.with_changes(steps_per_year=48)), runs.cached_run(fine)
    assert {name: each.nbytes for name, each in result.given.items()} == {
        name: each.nbytes for name, each in coarse.given.items()
    }
    assert all(each.base is None or each.base.nbytes < 1_000_000 for each in result.given.values())


def test_work_on_a_kept_run_leaves_nothing_with_it():
    scenario = State.opening("g8_2001").scenario
    lent = runs.lent_run(scenario)
    assert lent.levels.size and lent.values.size
    assert not {"levels", "values"} & vars(runs.cached_run(scenario)).keys()
    assert np.array_equal(lent.total("public_cost"), runs.cached_run(scenario).total("public_cost"))


def test_the_steps_back_hold_no_links():
    first = State.opening()
    history = History(first)
    for value in (0.6, 0.7, 0.8):
        assert history.now.link
        history = history.going(history.now.with_value("asylum_access", value))
    assert all("link" not in vars(each) for each in history.past)
    assert history.undo().now.link != history.undo().undo().now.link


def test_steps_back_are_counted():
    history = History(State.opening())
    for number in range(History.DEEPEST + 30):
        history = history.going(history.now.with_value("asylum_access", 0.1 + number / 1000))
    assert len(history.past) == History.DEEPEST


# Links -----------------------------------------------------------------------------------------------------------

odd = st.sampled_from(
    [
        *(True, False, None, float("nan"), float("inf"), -1, 0, 10**18, -(10**400), 1e308, "", "\ud83d", "a\x07b"),
        *([], {}, [[]], {"a": {}}, [None], "us_southwest_border", "punitive", "constant", "x" * 7000),
    ]
)
anything = st.recursive(
    odd | st.text(max_size=8) | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
SETTINGS = {"asylum_access": 0.7, "border_control": {"busiest_route": {"step": {"year": 2030, "value": 2}}}}
WHOLE = {
    "of": "us_southwest_border",
    "scenario": {
        "schema_version": 3,
        "title": "Mine",
        "question": "What if?",
        "corridor": "us_southwest_border",
        "horizon": {"start": 1990, "end": 2050, "policy_start": 2027},
        "policies": SETTINGS,
        "context": {"labour_demand": {"table": {"2030": 0.02, "2040": 0.04}}},
        "parameters": {"fee_elasticity": {"times_today": 1.1}},
        "formulas": {},
        "loops_off": ["deterrence"],
        "ensemble": {"members": 20, "seed": 3},
        "integration": {"method": "rk4", "steps_per_year": 48},
    },
    "package": "balanced",
    "kept": [{"title": "Kept", "policies": {"justice_training": 0.5}}],
    "view": {"page": "compare", "chosen": ["public_cost"], "year": 2040, "pair": ["public_cost", "public_concern"]},
}


def places(value, path=()):
    yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in entries:
        yield from places(child, (*path, key))


def replaced(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(st.sampled_from(list(places(WHOLE))), anything, st.sampled_from(["1", "2", "3"]), st.sampled_from(["en", "fr"]))
def test_any_value_in_any_place_of_a_link_opens_a_page_or_is_refused_in_words(path, value, version, wished):
    made = opening_of(link_of(replaced(WHOLE, path, value), version), wished)
    assert made.state.link and len(made.notices) <= 2
    assert limits.steps_of(made.state.scenario) <= limits.MOST_STEPS
    for notice in made.notices:
        assert notice.summary and len(notice.lines) <= limits.MOST_LINES + 1
        json.dumps(asdict(notice)).encode()


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(anything, anything, st.sampled_from(["page", "part", "tab", "subject", "chosen", "compared", "pair", "year"]))
def test_any_view_of_an_earlier_link_opens(view, tab, key):
    for given_ in (view, {key: tab, "tab": tab}, {"tab": "routes", key: tab}):
        made = opening_of(link_of({"of": "g8_2001", "view": given_}, "1"), "en")
        assert made.state.opened == "g8_2001"


@pytest.mark.parametrize("depth", [13, 200, 700, 960, 5000])
@pytest.mark.parametrize("around", ["[]", "{}"])
def test_a_link_that_is_nested_deeply_is_refused_in_words(depth, around):
    opened, closed = ("[", "]") if around == "[]" else ('{"a":', "}")
    inner = opened * depth + "1" + closed * depth
    packed = zlib.compress(f'{{"of":"g8_2001","scenario":{{"context":{inner}}}}}'.encode())
    made = opening_of(f"3.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}", "en")
    untouched = (State.opening().scenario, State.opening("g8_2001").scenario)
    assert made.state.scenario in untouched and "link" in made.notices[0].summary


def test_a_link_with_half_a_character_is_refused_in_words_in_each_place():
    for where in ("title", "question"):
        made = opening_of(link_of({"of": "g8_2001", "kept": [{where: "one \udc00 half"}]}), "en")
        assert "link" in made.notices[0].summary and not made.notices[0].good
        assert made.state.link and made.state.scenario == State.opening("g8_2001").scenario


def test_what_nobody_thought_of_opens_the_page_with_a_notice(monkeypatch, caplog):
    monkeypatch.setattr(opening, "open_link", lambda text, homes: 1 // 0)
    made = safe_opening_of("3.anything", "fr")
    assert made.state.view.language == "fr" and len(made.notices) == 1
    assert made.notices[0].summary.startswith(language("fr").say("refused.link"))
    assert "could not be opened" in caplog.text


def test_many_faults_are_counted_and_not_all_told():
    settings_ = {f"lever_{number}": 1 for number in range(700)}
    session = Session(State.opening())
    text = "schema_version: 4\ntitle: t\ncorridor: g8_2001\npolicies:\n"
    session.receive({"file": {"name": "many.yaml", "text": text + _yaml(settings_)}})
    lines = session.notices[0].lines
    assert len(lines) == limits.MOST_LINES + 1 and lines[-1] == "and 680 more"
    assert Notice.shortened(ENGLISH, "", quoted=map(str, range(100))).quoted[-1] == "and 80 more"


def _yaml(settings_):
    return "".join(f"  {name}: {value}\n" for name, value in settings_.items())


def test_packages_laid_one_over_the_other_keep_a_title_that_a_file_may_have():
    text = "schema_version: 4\nkind: policy\ntitle: " + "Long name " * 15 + "\npolicies: {asylum_access: 0.6}\n"
    opened = State.opening()
    for _ in range(4):
        opened = opened.with_file(text, "package.yaml")
        assert len(opened.scenario.title) <= 200 and opened.scenario.title.endswith("name")
        assert Scenario.from_text(opened.to_yaml()).title == opened.scenario.title
    assert YAML(typ="safe").load(opened.to_yaml())["title"] == opened.scenario.title


# Messages --------------------------------------------------------------------------------------------------------

COMPONENTS = ("toolbar", "levers", "context", "headlines", "shell")
KEYS = [
    *("moves", "turn", "panel", "release", "schedule", "unset", "years", "open", "corridor", "package", "language"),
    *("reset", "do", "folder", "pictures", "file", "large", "dark", "year", "chosen", "why", "dismiss", "formula"),
    *("setting", "loop", "name", "pair_across", "pair_up", "loop_shown", "unkeep", "page", "part", "compared", "way"),
    *("pair", "ranges", "focus", "subject", "node", "run", "prepare", "id", "value", "route", "form", "end", "text"),
]
WORDS = ["context", "levers", "asylum_access", "keep", "undo", "redo", "pack", "save", "replay", "both", "fr", "en"]
words = st.sampled_from([*WORDS, "punitive", "compare", "effects", "border_control", "us_southwest_border", "g8_2001"])
given_values = st.recursive(
    odd | words | st.integers(-20, 20) | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | words, inner, max_size=4),
    max_leaves=8,
)
random_messages = st.dictionaries(st.sampled_from(KEYS), given_values, max_size=4)
move = st.fixed_dictionaries({"id": words | odd, "value": odd | st.floats(0, 2), "route": st.none() | odd})
near_messages = st.one_of(
    st.fixed_dictionaries({"moves": st.lists(move | odd, max_size=4), "turn": odd | st.integers()}),
    st.fixed_dictionaries({"schedule": st.fixed_dictionaries({"id": words, "form": given_values, "route": st.none()})}),
    st.fixed_dictionaries({"years": st.dictionaries(st.sampled_from(["end", "policy_start"]), odd | st.floats())}),
    st.fixed_dictionaries({"unkeep": st.integers(-40, 40) | odd}),
    st.fixed_dictionaries({"dismiss": st.integers(-40, 40) | odd}),
    st.fixed_dictionaries({"do": words}),
    st.fixed_dictionaries({"run": st.lists(odd, max_size=4)}),
    st.fixed_dictionaries({"pictures": st.dictionaries(words, odd, max_size=3)}),
    st.fixed_dictionaries({"file": st.fixed_dictionaries({"name": words, "text": odd})}),
    st.fixed_dictionaries({"formula": words | odd, "setting": words | odd}),
)


@pytest.fixture(scope="module")
def session():
    return Session(State.opening())


@settings(max_examples=120, deadline=None, suppress_health_check=SLOW)
@given(said=st.lists(st.tuples(st.sampled_from(COMPONENTS), random_messages | near_messages), min_size=1, max_size=4))
def test_whatever_a_browser_says_the_page_answers_and_stays_as_small(session, said):
    for name, message in said:
        getattr(session.screen, name)._handle_msg(message)
    assert len(session.state.kept) <= limits.MOST_KEPT_BESIDE and len(session.notices) <= 2
    assert limits.exceeded(session.state.scenario) is None
    assert all(len(each.lines) <= limits.MOST_LINES + 1 for each in session.notices)
    for component in session.screen.components.values():
        assert len(component.shown_text) < 1_000_000
    session.receive({"corridor": "us_southwest_border"})
    session.receive({"moves": [{"id": "asylum_access", "route": None, "value": 0.71}], "turn": 5})
    assert session.state.value("asylum_access") == 0.71 and session.turns["levers"] == 5


@given(st.integers(-1000, 1000), st.integers(0, limits.MOST_KEPT_BESIDE))
def test_a_place_that_is_none_takes_nothing_away_and_adds_nothing(place, count):
    opened = State.opening()
    kept = tuple(opened.scenario.with_changes(title=f"Number {number}") for number in range(count))
    held = policy_options.without(replace(opened, kept=kept), place).kept
    assert held == tuple(each for number, each in enumerate(kept) if number != place)


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(0, 4000), st.integers(0, 400))
def test_a_message_fits_if_it_is_small_and_only_then(depth, count, letters):
    inner = ["a" * letters] * count
    for _ in range(depth):
        inner = {"form": inner}
    fits = 2 * count + 2 * depth + 2 <= messages.MOST_PARTS and letters * count <= messages.LONGEST_TEXTS - 200
    too_large = letters * count > messages.LONGEST_TEXTS or count > messages.MOST_PARTS
    assert messages.fits(inner) or not fits
    assert not messages.fits(inner) or not too_large


def test_a_message_that_is_too_large_is_refused_in_words(session):
    before = session.state
    session.receive({"chosen": ["public_cost"] * 50_000})
    assert session.state == before and session.notices[0].summary


NOTHING_SAID = BriefContent("en", "Title", *[""] * 3, (), (), *[""] * 3, (), (), (), *[""] * 3, *[()] * 4)


@pytest.mark.parametrize("picture", ["not base64!", "", 7, None, base64.b64encode(b"GIF89a").decode(), "A" * 2_000_000])
def test_a_picture_that_is_none_is_told_and_the_button_can_be_used_again(picture, session):
    sent, pack = [], Pack("pack.zip", {"deaths_in_transit": "<svg/>"}, {}, NOTHING_SAID)
    session.screen.toolbar.send, session.pack = sent.append, pack
    session.receive({"pictures": {"deaths_in_transit": picture}})
    assert sent == [{"packed": True}] and session.pack is None
    assert session.notices[0].summary.startswith(ENGLISH.say("refused.pictures"))
    session.pack = pack
    good = base64.b64encode(PNG + b"rest").decode()
    session.receive({"pictures": {"deaths_in_transit": good, "another": "no picture of ours"}})
    assert sent[-1]["packed"] and sent[-1]["save"]["name"] == "pack.zip"


def test_pictures_for_a_pack_that_nobody_asked_for_leave_the_button_as_it_is(session):
    sent = []
    session.screen.toolbar.send, session.pack = sent.append, None
    session.receive({"pictures": {"deaths_in_transit": "AAAA"}})
    assert sent == [{"packed": True}]


def test_a_message_of_the_browser_holds_a_picture_of_each_outcome():
    assert limits.LARGEST_MESSAGE > (len(catalogue().outcomes) + len(PEOPLE)) * limits.LARGEST_PICTURE * 4 / 3


# Beside the page -------------------------------------------------------------------------------------------------


class Aside:
    """A background that begins nothing until it is told to."""

    def __init__(self):
        self.jobs = {}

    def start(self, kind, steps, take, fail):
        self.jobs[kind] = (steps, take, fail)

    def cancel(self, kind):
        self.jobs.pop(kind, None)

    def finish(self, kind):
        steps, take, fail = self.jobs.pop(kind)
        thread = threading.Thread(target=self._work, args=(steps, take, fail))
        thread.start()
        thread.join()

    def _work(self, steps, take, fail):
        try:
            found = list(steps(threading.Event()))
        except Exception as fault:
            fail(fault)
        else:
            for each in found:
                take(each)


@pytest.fixture
def beside():
    return Session(State.opening(), background=Aside())


def test_a_file_is_read_beside_the_page(beside):
    text = State.opening().with_value("asylum_access", 0.62).to_yaml()
    beside.receive({"file": {"name": "mine.yaml", "text": text}})
    assert beside.state == State.opening() and not beside.notices
    beside.background.finish("file")
    assert beside.state.value("asylum_access") == 0.62 and "mine.yaml" in beside.notices[0].summary


def test_a_move_made_while_a_file_is_read_is_not_lost(beside):
    package = "schema_version: 4\nkind: policy\ntitle: Mine\npolicies: {asylum_access: 0.62}\n"
    beside.receive({"file": {"name": "mine.yaml", "text": package}})
    beside.receive({"moves": [{"id": "labour_demand", "value": 0.05}], "turn": 1, "panel": "context"})
    assert not beside.state.is_changed("labour_demand"), "a move waits for the state that is on its way"
    beside.background.finish("file")
    assert beside.state.value("asylum_access") == 0.62 and beside.state.value("labour_demand") == 0.05


def test_the_faults_of_a_file_read_beside_the_page_are_told(beside):
    before = beside.state
    beside.receive({"file": {"name": "mine.yaml", "text": "title: ["}})
    beside.background.finish("file")
    assert beside.state == before and "mine.yaml" in beside.notices[0].summary


@pytest.fixture
def slow(beside, monkeypatch):
    """A page whose runs had to be shortened so often that everyone would wait for the next."""
    monkeypatch.setattr(runs, "MANY_PIECES", 10)
    state = State.opening().with_value("conflict_intensity", 400.0).with_value("political_climate", 3.5)
    beside.go(state.with_value("destination_growth", -0.08).with_value("slot_demand_match", 0))
    assert beside.computation.runs.yours.halvings and beside.computation.runs.are_long
    return beside


def moved(name, value, turn):
    panel = "context" if name in catalogue().context else "levers"
    return {"moves": [{"id": name, "value": value}], "turn": turn, "panel": panel}


def test_a_page_whose_runs_are_long_makes_the_next_beside_it(slow):
    before = slow.state
    slow.receive(moved("asylum_access", 0.61, 1))
    assert slow.state is before and "change" in slow.background.jobs
    slow.background.finish("change")
    assert slow.state.value("asylum_access") == 0.61 and slow.screen.levers.shown["turn"] == 1


def test_changes_that_come_while_one_is_under_way_are_all_made_in_their_order(slow):
    slow.receive(moved("asylum_access", 0.61, 1))
    slow.receive(moved("labour_demand", 0.03, 1))
    slow.receive(moved("asylum_access", 0.7, 2))
    slow.background.finish("change")
    assert (slow.state.value("asylum_access"), slow.state.value("labour_demand")) == (0.7, 0.03)
    slow.receive(moved("asylum_access", 0.4, 3))
    slow.background.finish("change")
    assert (slow.state.value("asylum_access"), slow.state.value("labour_demand")) == (0.4, 0.03)


def test_a_change_beside_the_page_that_is_refused_is_told_and_the_next_is_made(slow):
    before = slow.state
    slow.receive(moved("asylum_access", 7, 1))
    slow.background.finish("change")
    assert slow.state is before and not slow.notices[0].good
    slow.receive(moved("asylum_access", 0.7, 2))
    slow.background.finish("change")
    assert slow.state.value("asylum_access") == 0.7


def test_changes_under_way_beside_the_page_are_bounded_and_the_page_stays_usable(slow):
    for number in range(limits.MOST_MOVES + 20):
        slow.receive(moved("asylum_access", 0.3 + number / 1000, number))
    assert not slow.notices[0].good
    slow.background.finish("change")
    assert (
        "change" not in slow.background.jobs
        and slow.state.value("asylum_access") == 0.3 + (limits.MOST_MOVES - 1) / 1000
    )


def test_a_long_run_is_not_made_again_by_the_page_or_by_a_step_back(slow, monkeypatch):
    slow.receive(moved("asylum_access", 0.61, 1))
    slow.background.finish("change")
    monkeypatch.setattr(runs, "run", lambda *_, **__: pytest.fail("made again"))
    slow.receive({"do": "undo"})
    slow.receive({"do": "redo"})
    assert slow.state.value("asylum_access") == 0.61


def test_many_scenarios_are_run_beside_the_page_and_then_shown(beside):
    opened = State.opening().with_horizon(end=2170.25)
    for number in range(10):
        opened = opened.keeping(opened.with_value("justice_training", 0.2 + number / 20).scenario)
    beside.go(opened.looking(page="compare", way="effects"))
    assert 'id="running"' in beside.screen.shell.fragments["compare"]
    assert not any(runs.is_cached(each) for each in opened.kept)
    beside.background.finish("compared")
    assert 'id="running"' not in beside.screen.shell.fragments["compare"]
    assert "figure-apart" in beside.screen.shell.fragments["compare"]
    assert runs.are_few(compared.needed(ENGLISH, beside.state))


def test_a_few_scenarios_are_compared_at_once(beside):
    beside.go(State.opening().looking(page="compare", compared=["balanced"]))
    assert 'id="running"' not in beside.screen.shell.fragments["compare"]


def test_others_are_answered_while_a_link_is_opened(monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def slow(given_, wished, user):
        begun.set()
        assert go_on.wait(30)
        return opening_of("", wished)

    monkeypatch.setattr(opening, "safe_opening_of", slow)

    class Context:
        _document = opening.Document()  # made without a session of its own
        request = type("Request", (), {"query": "state=3.heavy&language=fr"})

    async def visit():
        made = asyncio.create_task(opening.OpenAside().on_session_created(Context()))
        assert await asyncio.to_thread(begun.wait, 30)
        assert not made.done() and opening.QUEUE.waiting == 1  # the loop has gone on to here
        go_on.set()
        await made
        return opening.opening_for(Context._document)

    made = asyncio.run(visit())
    assert made.state.view.language == "fr" and opening.QUEUE.waiting == 0


def test_only_so_many_links_wait_for_a_thread():
    queue = Queue(most=2)
    with queue.one_more():
        assert not queue.full()
        with queue.one_more():
            assert queue.full()
    assert not queue.full() and queue.waiting == 0


def test_the_letters_of_a_link_unpack_to_so_much_and_no_more():
    packed = zlib.compress(b'{"of": "' + b" " * 3_000_000 + b'"}', 9)
    with pytest.raises(permalink.LinkFault):
        permalink.decode(f"3.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}")
