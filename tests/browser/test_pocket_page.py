"""The pocket page is one file that runs the model in a browser: it asks nothing of anybody, and says what the page and
Python say of the same settings."""

import math
import random
import re
from collections.abc import Mapping

import numpy as np
import pytest
from playwright.sync_api import expect

from pushpull import run
from pushpull.analysis import paired
from pushpull.catalogue import catalogue
from pushpull.dashboard.components.bundle import NotBundled, bundled
from pushpull.dashboard.compute import stories
from pushpull.dashboard.compute.indicators import HARMS, changes
from pushpull.dashboard.compute.judging.advisories import advisories_of
from pushpull.dashboard.compute.judging.outcome_verdicts import verdicts
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.pocket.packed_numbers import MEMBERS
from pushpull.dashboard.pocket.page_content import LEFT_OUT
from pushpull.dashboard.pocket.pocket_file import CORRIDORS, pocket_page
from pushpull.dashboard.state.levers import with_schedule, with_value
from pushpull.dashboard.state.links import permalink
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import outcomes_for_cards
from pushpull.exporting import browser_run
from pushpull.scenario import policy_names
from pushpull.stories import read_story
from pushpull.wording.numbers import numbers_of
from tests.browser.access import grave_faults_in
from tests.cases import failing
from tests.conftest import local_page
from tests.pocket_cases import open_in, said_of, settle
from tests.verdict_fakes import YEAR, ensemble_of, one_run

ILLUSTRATIVE = "g8_2001"
LARGEST = {ILLUSTRATIVE: 900_000, "us_southwest_border": 1_100_000, "eu_external_border": 1_300_000}
PACKAGE = "punitive"
# Links opened and written again, all at once: each with what of it was left out.
BOTH_WAYS = """async (links) => {
  MODULES
  const {decode, opened, content_of, encode} = module_pocket_links, back = [];
  for (const link of links) {
    const {content} = await decode(link, pushpull.page.version), {state, left_out} = opened(content, pushpull.page);
    back.push([await encode(content_of(state), pushpull.page.version), left_out]);
  }
  return back;
}"""
# One lever of each group, which are many times alike, and all that can be opened open.
FEW_LEVERS = """() => {
  const root = document.getElementById("panel-levers").shadowRoot;
  root.querySelectorAll(".lever:nth-of-type(n+2)").forEach((each) => each.remove());
  root.querySelectorAll("details").forEach((each) => { each.open = true; });
}"""
# Labels of the axes that lie in part outside the chart.
BESIDE_THE_CHART = """() => {
  const svg = document.querySelector(".plot svg"), box = svg.getBoundingClientRect();
  return Array.from(svg.querySelectorAll("text")).filter((each) => {
    const {left, right} = each.getBoundingClientRect();
    return left < box.left || right > box.right;
  }).map((each) => each.textContent);
}"""
FORMS = (
    {"ramp": {"from": 2028.0, "to": 2031.5, "value": 0.6}},
    {"step": {"year": 2030.0, "value": 0.7}},
    {"pulse": {"from": 2029.0, "to": 2033.0, "value": 0.8}},
    {"table": {2028.0: 0.4, 2032.25: 0.9}},
    {"times_today": 1.5},
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The file of the illustrative corridor, written once."""
    path = tmp_path_factory.mktemp("pocket") / "pushpull.html"
    path.write_text(pocket_page([ILLUSTRATIVE]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def loaded(chromium, file):
    """The file opened without a network in English, and what it asked for and wrote to the console meanwhile."""
    with local_page(chromium, 1280, offline=True, locale="en-GB") as page:
        page.asked, page.written = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.written.append(message.text))
        page.goto(file.as_uri())
        page.locator(".plot svg").wait_for()
        yield page
        assert [url for url in page.asked if not url.startswith("blob:")] == [file.as_uri()]
        assert page.written == []


@pytest.fixture
def page(loaded):
    """The page as it opens: nothing set, no option, in English."""
    open_in(loaded, State.opening(ILLUSTRATIVE))
    return loaded


def coming_back(page):
    """The state that the page's own link opens in the full simulator."""
    return open_link(page.evaluate("pushpull.page.link()")).state


def state_at(package=None):
    state = State.opening(ILLUSTRATIVE)
    return state.with_package(package) if package else state


def test_a_lever_moves_the_chart_at_once_and_verdicts_follow(page):
    line, card = page.locator(".plot .line.yours"), page.locator('[data-card="deaths_in_transit"]')
    settle(page)
    flat = line.get_attribute("d")
    assert page.get_by_text("No lever has been changed").first.is_visible()
    slider = page.locator("input[data-lever=border_control]").first
    slider.evaluate("(each) => { each.closest('details.group').open = true; }")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("PageUp")
    page.wait_for_function("(flat) => document.querySelector('.plot .line.yours').getAttribute('d') !== flat", arg=flat)
    settle(page)
    assert page.locator(".plot .range").count() == 2
    assert "of 100 simulations" in card.inner_text()
    page.locator("button.back:not([hidden])").first.click()
    settle(page)
    assert coming_back(page) == State.opening(ILLUSTRATIVE)


def test_before_simulations_come_one_run_says_neither_better_nor_worse(page):
    found = page.evaluate(
        """async () => {
          pushpull.page.receive({package: "punitive"});
          const calculator = await pushpull.page._calculator();
          while (!calculator.one) await new Promise((go) => setTimeout(go, 5));
          pushpull.page.repaint();
          return [calculator.is_settled, pushpull.page.cards.shown];
        }"""
    )
    is_settled, shown = found
    cards = [card for _, row in shown["rows"] for card in row]
    assert not is_settled and {card["tone"] for card in cards} == {"same"}
    assert "so far, one run" in {card["verdict"] for card in cards} and "so far" in shown["verdict"]


def test_a_setting_that_is_left_while_it_is_simulated_gets_its_ranges_when_it_is_back(page):
    settle(page)
    busy = "() => Object.values(pushpull.page.calculators)[0].made.engine.many.find((each) => each.busy) ?? null"
    move = "(value) => pushpull.page.receive({moves: [{id: 'asylum_access', route: null, value}]})"
    page.evaluate(move, 0.7)
    page.wait_for_function(busy)
    still = page.evaluate(
        f"""() => {{
          ({move})(0.8);
          return new Promise((tell) => setTimeout(() => tell(({busy})()), 0));
        }}"""
    )
    assert still is None, "what nobody waits for any more still has the processor"
    page.evaluate(move, 0.7)
    settle(page)
    page.locator(".plot .range").first.wait_for(state="attached")
    page.evaluate("pushpull.page.receive({unset: true})")


def test_simulations_that_threads_share_are_those_of_one_and_nothing_moved_makes_no_difference(page):
    alone, shared, told, nothing = page.evaluate(
        """async () => {
          const {calculators, engines, settings, worker} = pushpull.page, {engine} = Object.values(calculators)[0].made;
          const changes = settings.changes({border_control: 2.5}), told = [];
          const plain = (_, each) => (ArrayBuffer.isView(each) ? Array.from(each) : each);
          const write = (found) => JSON.stringify(found, plain);
          let nothing;
          const run = async (threads, progress) => {
            const one = await engine.constructor.open(Object.values(engines)[0], worker, threads);
            const found = await one.simulate(changes, 22, progress);
            const {policy, baseline} = await one.simulate([], 22, () => {});
            nothing = write(policy) === write(baseline);
            one.close();
            return write(found);
          };
          return [await run(1, () => {}), await run(3, (done, all) => told.push([done, all])), told, nothing];
        }"""
    )
    assert alone == shared and '"members":22' in shared and nothing
    assert told[-1] == [44, 44]


def test_what_breaks_is_told_and_the_last_that_held_is_shown(page):
    """In the words of the full simulator: one run that breaks, and then one simulation of many."""
    settle(page)
    page.evaluate(
        """async () => {
          const {engine} = await pushpull.page._calculator(), {run, simulate} = engine;
          window.mend = () => Object.assign(engine, {run, simulate});
          engine.run = async () => ({ok: false, values: null});
          window.one_breaks = () => Object.assign(engine, {run, simulate: async (...given) => {
            const found = await simulate.apply(engine, given);
            return found && {...found, broke: 1};
          }});
        }"""
    )
    before, told = page.evaluate("pushpull.page.cards.shown.rows"), page.locator("#notices [role=alert]")
    page.evaluate("(name) => pushpull.page.receive({package: name})", PACKAGE)
    expect(told).to_have_text(language("en").say("notices.run_broke"))
    assert page.evaluate("pushpull.page.cards.shown.rows") == before
    page.evaluate("() => { one_breaks(); pushpull.page.receive({package: 'balanced'}); }")
    expect(told).to_have_text(language("en").say("notices.ensemble_broke"))
    assert page.locator(".plot .range").count() == 0
    page.evaluate("() => { mend(); pushpull.page.receive({package: 'preventive'}); }")
    expect(told).to_have_count(0)
    page.locator(".plot .range").first.wait_for(state="attached")


def test_a_run_has_the_numbers_of_python(page):
    state = state_at("balanced")
    values = page.evaluate(
        """async (policies) => {
          const {engine} = await pushpull.page._calculator();
          const {values} = await engine.run(pushpull.page.settings.changes(policies));
          return Object.fromEntries(Object.entries(values).map(([name, row]) => [name, Array.from(row)]));
        }""",
        state.scenario.to_mapping()["policies"],
    )
    result = run(state.scenario)
    for name in outcomes_for_cards():
        assert np.allclose(values[name], result.total(name)[0], rtol=1e-8), name


def test_cards_and_sentences_are_those_of_the_page_for_the_same_simulations(page):
    state = state_at(PACKAGE).with_value("border_control", 2.5)
    page.evaluate("(name) => pushpull.page.receive({package: name})", PACKAGE)
    page.evaluate("pushpull.page.receive({moves: [{id: 'border_control', route: null, value: 2.5}]})")
    settle(page)
    ensemble = paired(state.scenario, state.scenario.baseline(), members=MEMBERS)
    result = run(state.scenario)
    found = verdicts(changes(result, run(state.scenario.baseline()), state.year), ensemble, state.year)
    for code in LANGUAGES:
        page.evaluate("(language) => pushpull.page.receive({language})", code)
        assert said_of(page.evaluate("pushpull.page.cards.shown")) == said_of(
            overview_page.headlines(language(code), state, found, advisories_of(state, found))
        )


def test_verdicts_are_judged_as_on_the_page(page):
    """Cases by chance around every threshold: small and large moves, few and many that agree, futures that part."""
    dice = np.random.default_rng(7)
    cases = []
    for _ in range(60):
        members = int(dice.integers(5, 20))
        values = {}
        for name in (*HARMS, "smuggled_migrants", "public_cost", "unfilled_vacancies"):
            before = dice.choice([0.4, 2.0, 1000.0]) * dice.uniform(0.5, 1.5, members)
            size = dice.choice([-1, 1]) * dice.choice([0.0, 0.005, 0.0099, 0.0101, 0.02, 0.4])
            sign = np.where(dice.uniform(size=members) < dice.choice([0.7, 0.8, 1.0]), 1, -1)
            values[name] = (before, before * (1 + size * sign))
        cases.append((members, values, ("public_cost",) if dice.uniform() < 0.5 else None))

    def holds(case):
        members, values, valued = case
        choice = {} if valued is None else {"valued": valued}
        wanted = verdicts(one_run(), ensemble_of(members, **values), YEAR, **choice)
        given = {
            name: {"policy": after.tolist(), "baseline": before.tolist()} for name, (before, after) in values.items()
        }
        chosen = list(valued) if valued else page.evaluate("pushpull.page.rules.by_choice")
        found = page.evaluate("([found, valued]) => pushpull.page.judge.verdicts(found, valued)", [given, chosen])
        told = {name: [each[key] for key in ("word", "tone", "direction")] for name, each in found.items()}
        own = {name: [wanted[name].word, wanted[name].tone, wanted[name].direction] for name in values}
        assert told == own
        for name, each in found.items():
            sizes = (wanted[name].chance, wanted[name].value, *wanted[name].most)
            assert np.allclose([each["chance"], each["value"], *each["most"]], sizes, rtol=1e-12, equal_nan=True)

    assert failing(holds, cases) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_numbers_are_written_as_python_writes_them(page, code):
    page.evaluate("(language) => pushpull.page.receive({language})", code)
    dice = random.Random(3)
    sizes = [10 ** dice.uniform(-8, 13) for _ in range(150)]
    values = [0.0, 0.5, 1.0, 1.5, 2.5, 12.5, 99.95, 999.5, 0.125, 999_500.0, 1e6, 1.995e9, math.inf, *sizes]
    values += [-each for each in values[1:]]
    units = ("person/year", "person", "1", "USD/year", "case/year", "1/year")
    numbers = numbers_of(code)
    wanted = [
        [getattr(numbers, way)(value, unit) for unit in units for way in ("amount", "difference", "full", "short")]
        + [numbers.percent(value), numbers.share(value), numbers.chance(abs(value)), numbers.number(value)]
        for value in values
    ]
    found = page.evaluate(
        """([values, units]) => values.map((value) => {
          const {numbers} = pushpull.page.words, ways = ["amount", "difference", "full", "short"];
          return [...units.flatMap((unit) => ways.map((way) => numbers[way](value, unit))),
            numbers.percent(value), numbers.share(value), numbers.chance(Math.abs(value)), numbers.number(value)];
        })""",
        [values, list(units)],
    )
    assert [pair for pair in zip(values, wanted, found, strict=True) if pair[1] != pair[2]] == []


def some_states():
    """States that a link may hold and this page shows: packages, values, routes, schedules, options, a view."""
    plain = State.opening(ILLUSTRATIVE)
    yield plain
    yield from (plain.with_package(name) for name in policy_names())
    yield plain.with_value("border_control", 2.0)
    yield plain.with_value("border_control", 2.0, "south").with_value("detection_technology", 0.55)
    yield (
        plain.with_package("balanced")
        .with_value("border_control", 0.3)
        .looking(focus="people_exploited", drawn="levels")
    )
    for form in FORMS:
        yield plain.with_schedule("detection_technology", form)
    kept = plain.with_package("remedial").keeping(plain.with_package("remedial").scenario)
    yield kept.with_package(PACKAGE).looking(valued=(), language="fr", chosen=("public_cost",)).in_year(2035.0)
    yield kept.keeping(kept.with_value("justice_training", 0.4).scenario.with_changes(title="Ours & <theirs>"[:6]))


def test_links_go_both_ways_and_nothing_is_lost(page):
    states = list(some_states())
    assert len({state.link for state in states}) == len(states)

    def holds(state):
        open_in(page, state)
        assert page.evaluate("pushpull.page.told") == []
        back = coming_back(page)
        assert back.link == state.link and back == state

    assert failing(holds, states) == []


def drawn_states(count):
    """States drawn at random: a package or none, levers moved for all or for one place, a schedule, options, a view."""
    rng, plain = np.random.default_rng(21), State.opening(ILLUSTRATIVE)
    for _ in range(count):
        state = plain
        for _ in range(rng.integers(1, 4)):
            state = drawn(rng, state.keeping(state.scenario) if rng.random() < 0.5 else state)
        yield state


def drawn(rng, state):
    known = catalogue()
    if rng.random() < 0.3:
        state = state.with_package(str(rng.choice(policy_names())))
    for name in rng.choice(list(known.levers), rng.integers(1, 6), replace=False):
        card, today = known.levers[name], state.today[name]
        members = [None, *today] if isinstance(today, Mapping) else [None]
        value = float(rng.uniform(card.low, card.high))
        state = state.with_value(str(name), value, members[rng.integers(len(members))])
    if rng.random() < 0.3:
        state = state.with_schedule("detection_technology", FORMS[rng.integers(len(FORMS))])
    focus, way = rng.choice(list(known.outcomes)), rng.choice(["difference", "levels"])
    state = state.looking(focus=str(focus), drawn=str(way), language=str(rng.choice(LANGUAGES)))
    return state.in_year(float(rng.choice([2030.0, 2035.0, 2040.0])))


@pytest.mark.audit
def test_a_thousand_links_go_both_ways_and_nothing_is_lost(page):
    states = list(drawn_states(1000))
    back = page.evaluate(BOTH_WAYS.replace("MODULES", bundled("pocket/links.js")), [each.link for each in states])
    assert len({each.link for each in states}) > 990
    assert [told for _, told in back if told] == []
    opened = [open_link(link).state for link, _ in back]
    assert [one.link for one, other in zip(states, opened, strict=True) if one != other or one.link != other.link] == []


def test_settings_mean_the_same_spans(page):
    def holds(state):
        found = page.evaluate(
            "(policies) => pushpull.page.settings.changes(policies)", state.scenario.to_mapping().get("policies", {})
        )
        own = {(each["name"], each["member"]): each["span"] for each in browser_run.changes(state.scenario)}
        assert {(each["name"], each["member"]): each["span"] for each in found} == own

    assert failing(holds, list(some_states())) == []


def test_levers_are_set_as_the_page_sets_them(page):
    """The same moves, one after the other, make the same scenario."""
    dice, levers = random.Random(5), catalogue().levers
    state = state_at("one_gateway_crackdown")
    open_in(page, state)
    scenario, today = state.scenario, state.today
    for _ in range(60):
        name = dice.choice(list(levers))
        members = list(today[name]) if isinstance(today[name], dict) else []
        route = dice.choice([None, *members])
        at = today[name] if not members else today[name][route or members[0]]
        value = dice.choice([None, at, levers[name].high, round(dice.uniform(levers[name].low, levers[name].high), 3)])
        form = dice.choice([*FORMS[:3], None, None, None])
        if form is not None and levers[name].high == 1 and levers[name].low == 0:
            scenario = with_schedule(scenario, today, name, form, route)
            message = {"schedule": {"id": name, "route": route, "form": form}}
        else:
            scenario = with_value(scenario, today, name, value, route)
            message = {"moves": [{"id": name, "route": route, "value": value}]}
        page.evaluate("(message) => pushpull.page.receive(message)", message)
    assert coming_back(page).scenario == scenario


def test_what_a_link_holds_beyond_this_page_is_named(page):
    state = state_at(PACKAGE)
    driver = next(iter(catalogue().context))
    content = permalink.decode(state.link)[0]
    content["scenario"] |= {"context": {driver: 1.0}, "loops_off": ["trust"]}
    content["scenario"]["policies"] |= {"no_such_lever": 1.0, "justice_training": 7.0}
    page.evaluate("(link) => pushpull.page.open(link)", f"https://example.org/?state={permalink.encode(content)}")
    (told,) = page.evaluate("pushpull.page.told")
    for name in (language("en").title(driver), "no_such_lever", language("en").title("justice_training")):
        assert name in told
    kept = {name: each for name, each in state.scenario.policies.items() if name != "justice_training"}
    assert dict(coming_back(page).scenario.policies) == kept
    page.evaluate("pushpull.page.open('3.damaged')")
    assert "damaged" in page.evaluate("pushpull.page.told")[0] and dict(coming_back(page).scenario.policies) == kept


def test_options_stand_side_by_side(page):
    page.get_by_role("button", name="Punitive", exact=True).click()
    page.get_by_role("button", name="Add as option").click()
    page.get_by_role("button", name="Remedial", exact=True).click()
    table = page.locator(".options-table table")
    page.wait_for_function("() => !document.querySelector('.options-table').textContent.includes('Calculating')")
    assert table.locator("thead th").count() == 2 and "better" in table.inner_text()
    page.get_by_label("Name of option A").fill("Ours")
    page.keyboard.press("Enter")
    assert [each.title for each in coming_back(page).kept] == ["Ours"]
    page.get_by_role("button", name="Take over: Ours").click()
    assert coming_back(page).scenario.policies == state_at(PACKAGE).scenario.policies
    page.get_by_role("button", name="Remove Ours").click()
    assert coming_back(page).kept == () and table.is_hidden()


def test_on_paper_it_is_one_page_with_options_chart_and_words(page):
    for package in (PACKAGE, "remedial"):
        page.evaluate(
            "(name) => { pushpull.page.receive({package: name}); pushpull.page.receive({add: true}); }", package
        )
    page.wait_for_function("() => !document.querySelector('.options-table').textContent.includes('Calculating')")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


def test_what_it_leaves_out_is_told_from_the_list(page):
    told = page.locator("#leaves-out").inner_text()
    assert all(language("en").say(f"pocket.left_out.{name}") in told for name in LEFT_OUT)


def test_it_is_open_to_those_who_see_or_hear_it_otherwise(page):
    page.evaluate("pushpull.page.receive({add: true})")
    page.evaluate(FEW_LEVERS)
    assert grave_faults_in(page, None) == {"light": [], "dark": []}
    page.evaluate("pushpull.page.build()")


def test_on_a_phone_levers_are_a_sheet_below_the_chart(chromium, file):
    with local_page(chromium, 360, offline=True, locale="fr-FR", has_touch=True) as page:
        page.goto(file.as_uri())
        page.locator(".plot svg").wait_for()
        assert page.locator("html").get_attribute("lang") == "fr"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.locator("#sheet").tap()
        plot, side = page.locator(".plot").bounding_box(), page.locator("#levers").bounding_box()
        assert plot["height"] > 100 and plot["y"] + plot["height"] <= side["y"] + 1


STORY = "together_over_time"


def begin_story(page):
    page.get_by_role("button", name="Stories").first.click()
    page.locator(f"[data-story={STORY}]").click()
    page.locator(".story-column .progress").wait_for()


def story_told(page, at, key):
    """What is said in a step, in each language."""
    return page.evaluate(
        "([id, at, key]) => pushpull.page.stories.find(({head}) => head.id === id).steps[at][key]", [STORY, at, key]
    )


def test_a_story_is_told_and_guessed_as_in_the_full_simulator(page):
    """By keys alone: each step opens the page as its link says, a question comes before its answer; all goes back."""
    story, here = read_story(STORY), page.evaluate("pushpull.page.link()")
    steps = stories.opened(story)["steps"]
    begin_story(page)
    column, main = page.locator(".story-column"), page.locator("body")
    expect(column).to_contain_text(story_told(page, 0, "text")["en"])
    expect(main).to_have_attribute("data-stage", "chart")
    expect(page.locator("#stage .said h2")).to_contain_text(steps[0]["outcome"]["en"])
    assert page.evaluate("pushpull.page.link()") != here
    opened = open_link(steps[0]["links"]["en"]).state
    assert coming_back(page).scenario == opened.scenario and coming_back(page).year == opened.year
    page.keyboard.press("ArrowRight")
    expect(main).to_have_attribute("data-stage", "desk")
    expect(column.locator(".asked")).to_be_visible()
    page.locator(".desk label").first.click()
    page.keyboard.press("r")
    expect(column.locator(".answer")).to_contain_text(story_told(page, 1, "reveal")["text"]["en"])
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".desk input").first).to_be_checked()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#stage .picture .number").first).to_be_visible()
    assert grave_faults_in(page, None) == {"light": [], "dark": []}
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(main).not_to_have_attribute("data-staged", "")
    page.wait_for_function("async (link) => await pushpull.page.link() === link", arg=here)


def test_a_story_goes_on_in_another_language(page):
    begin_story(page)
    page.keyboard.press("ArrowRight")
    page.evaluate("pushpull.page.receive({language: 'fr'})")
    expect(page.locator(".story-column")).to_contain_text(story_told(page, 1, "text")["fr"])
    expect(page.locator("body")).to_have_attribute("data-stage", "desk")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("body")).not_to_have_attribute("data-staged", "")


def test_a_presenter_covers_and_shows_what_policy_changes(page):
    open_in(page, state_at(PACKAGE))
    settle(page)
    page.keyboard.press("f")
    line, cover = page.locator(".plot .line.yours"), page.locator(".cover")
    expect(line).to_be_visible()
    letters = page.locator(".plot svg text").first.evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)")
    assert letters >= 18
    assert page.evaluate(BESIDE_THE_CHART) == [], "labels of an axis are cut"
    page.keyboard.press("r")
    expect(cover).to_be_visible()
    page.keyboard.press("r")
    expect(cover).to_be_hidden(timeout=10_000)
    page.keyboard.press("0")
    expect(line).to_be_hidden()
    for key in ("0", "q", "j", "t", "n", "w"):
        page.keyboard.press(key)
    assert page.locator("#stage [role=dialog]:visible").count() == 0, "there is no room here"
    expect(line).to_be_visible()
    page.keyboard.press("f")


def test_a_story_is_read_and_answered_on_a_phone(chromium, file):
    with local_page(chromium, 360, offline=True, locale="fr-FR") as page:
        page.goto(file.as_uri())
        page.get_by_role("button", name="Récits").first.click()
        page.locator(f"[data-story={STORY}]").click()
        expect(page.locator(".story-column")).to_contain_text(story_told(page, 0, "text")["fr"])
        for name in ("desk", "desk", "chart"):
            page.locator("[data-act=next]").click()
            expect(page.locator("body")).to_have_attribute("data-stage", name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert grave_faults_in(page, None) == {"light": [], "dark": []}


def test_the_bundler_refuses_what_it_cannot_read(tmp_path, monkeypatch):
    monkeypatch.setattr("pushpull.dashboard.components.bundle.JAVASCRIPT", tmp_path)
    for text, fault in (('export {a} from "./b.js";', "export"), ('import {a} from "./a.js";', "itself")):
        (tmp_path / "a.js").write_text(text)
        with pytest.raises(NotBundled, match=fault):
            bundled("a.js")


def test_the_file_is_small_enough_for_a_mail(file):
    assert file.stat().st_size < LARGEST[ILLUSTRATIVE]


@pytest.mark.audit
def test_all_corridors_are_small_enough_for_a_mail():
    assert len(pocket_page().encode()) < 2_500_000


@pytest.mark.audit
@pytest.mark.parametrize("corridor", [name for name in CORRIDORS if name != ILLUSTRATIVE])
def test_fitted_corridors_run_as_python_runs_them(chromium, tmp_path, corridor):
    path = tmp_path / "pushpull.html"
    path.write_text(pocket_page([corridor]), encoding="utf-8")
    assert path.stat().st_size < LARGEST[corridor]
    state = State.opening(corridor).with_package("balanced").with_value("border_control", 2.0)
    with local_page(chromium, 1280, offline=True, locale="en-GB") as page:
        page.goto(f"{path.as_uri()}#state={state.link}")
        settle(page)
        assert coming_back(page) == state
        ensemble = paired(state.scenario, state.scenario.baseline(), members=MEMBERS)
        result = run(state.scenario)
        found = verdicts(changes(result, run(state.scenario.baseline()), state.year), ensemble, state.year)
        wanted = overview_page.headlines(language("en"), state, found, [])
        assert page.evaluate("pushpull.page.cards.shown.verdict") == wanted["verdict"]
