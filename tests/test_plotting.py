"""Plots: their dimensions are those of the cards, their numbers those of the results, and both backends draw them."""

import dataclasses
import re
import subprocess
import sys
import warnings

import holoviews as hv
import numpy as np
import pytest
from ruamel.yaml import YAML

from pushpull import Scenario, compare, plotting, run
from pushpull.analysis import attribute, paired, robust_choice, sensitivity
from pushpull.analysis.dominance import Dominance
from pushpull.catalogue import catalogue
from pushpull.plotting.lever_grids import scenario_at
from pushpull.plotting.looks import COLOURS
from pushpull.plotting.plot_words import PlotWords
from pushpull.wording.palette import LIGHT
from tests.test_house import ROOT

pytestmark = pytest.mark.xdist_group("plotting")  # one worker imports the two backends

DEATHS, SMUGGLED, BORDER, PERMITS = "deaths_in_transit", "smuggled_migrants", "border_control", "legal_labour_slots"


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("us_southwest_border").with_changes(start=2016)


@pytest.fixture(scope="module")
def policy(scenario):
    return scenario.with_policy("balanced")


@pytest.fixture(scope="module")
def result(scenario):
    return run(scenario)


@pytest.fixture(scope="module")
def comparison(scenario, policy):
    return compare(scenario, policy)


@pytest.fixture(scope="module")
def pairs(scenario, policy):
    return paired(policy, scenario, members=24, seed=1, keep=[DEATHS, SMUGGLED])


@pytest.fixture(scope="module")
def division(scenario, policy):
    return attribute(policy, scenario, [DEATHS])


def elements(plot, kind):
    return [each for each in plot.traverse(lambda each: each, [kind])]


def curves(plot):
    return {each.label: each for each in elements(plot, hv.Curve)}


# What a plot says ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language, title, unit", [("en", "Smuggler fee", "USD a person"), ("fr", None, None)])
def test_dimensions_are_those_of_the_cards(result, language, title, unit):
    words = PlotWords(language)
    up = elements(result.plot.line("smuggler_fee", language=language), hv.Curve)[0].vdims[0]
    assert (up.name, up.label) == ("smuggler_fee", title or words.title("smuggler_fee"))
    assert up.unit == (unit or words.numbers.unit(catalogue().outcomes["smuggler_fee"].unit))
    assert language == "en" or up.label != catalogue().outcomes["smuggler_fee"].title


def test_a_lever_has_the_range_of_its_card_and_begins_at_today(scenario):
    lever, *_ = plotting.what_if(scenario, [PERMITS, BORDER], SMUGGLED, steps=3).kdims
    card = catalogue().levers[PERMITS]
    assert (lever.label, lever.range, lever.default) == (card.title, card.range, scenario.today(PERMITS))
    assert lever.values == [card.low, lever.default, card.high]


def test_a_plot_says_corridor_unit_policy_start_and_whose_record_it_shows(result, scenario):
    plot = result.plot(DEATHS)
    options = plot.opts.get("plot", backend="bokeh").kwargs
    assert options["title"] == "Deaths in transit\nSouthwest border of the United States"
    assert options["ylabel"] == "people a year"
    assert [each.data for each in elements(plot, hv.VLine)] == [scenario.policy_start]
    (recorded,) = elements(plot, hv.Scatter)
    (series,) = scenario.corridor.recorded[DEATHS]
    since = series.times >= scenario.start
    assert np.array_equal(recorded.dimension_values(DEATHS), series.values[since]) and since.any()


def test_every_outcome_can_be_drawn_in_both_languages(result):
    for name in catalogue().outcomes:
        english, french = (
            result.plot.line(name, language=code).opts.get("plot", backend="bokeh").kwargs for code in ("en", "fr")
        )
        assert english["title"] != french["title"] and english["ylabel"] and french["ylabel"], name


def test_a_name_that_is_none_is_answered_with_what_was_perhaps_meant(result, comparison, scenario):
    with pytest.raises(KeyError, match="no outcome or variable 'smuggled'; did you mean 'smuggled_migrants'?"):
        result.plot.line("smuggled")
    with pytest.raises(KeyError, match="did you mean 'deaths_in_transit'?"):
        comparison.plot.difference("death_in_transit")
    with pytest.raises(KeyError, match="no lever or driver 'boarder_control'; did you mean 'border_control'?"):
        plotting.response(scenario, "boarder_control", PERMITS, DEATHS)
    with pytest.raises(ValueError, match="plots speak 'en' and 'fr'; not 'de'"):
        result.plot.line(DEATHS, language="de")


def test_every_word_is_used_in_both_languages_and_no_other():
    folder = ROOT / "model" / "plotting"
    words = YAML(typ="safe").load((folder / "words.yaml").read_text("utf-8"))
    source = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    by_id = {*catalogue().levers, *catalogue().context}
    kinds = ("lever", "context", "parameter", "formula", "loop")
    groups = {f"{card.group} levers" for card in catalogue().levers.values()} | {f"players_{kind}" for kind in kinds}
    said = set(re.findall(r"""["'](\w+)["']""", source)) | by_id | groups
    assert set(words) - said == set()
    assert groups <= set(words)
    assert all(set(texts) == {"en", "fr"} for texts in words.values())


def test_colours_are_those_of_the_page(comparison):
    shown = [
        each.opts.get("style", backend="bokeh").kwargs["color"]
        for each in elements(comparison.plot(SMUGGLED), hv.Curve)
    ]
    assert shown == [LIGHT.baseline, LIGHT.yours] and COLOURS is LIGHT


# Numbers ------------------------------------------------------------------------------------------------------------


def test_lines_are_the_numbers_of_the_results(result, comparison):
    (line,) = elements(result.plot(SMUGGLED), hv.Curve)
    assert np.array_equal(line.dimension_values("time"), result.time)
    assert np.array_equal(line.dimension_values(SMUGGLED), result.total(SMUGGLED)[0])
    by_route = curves(result.plot.line("smuggler_fee", by_route=True))
    fees = result.by_route("smuggler_fee")[0]
    assert list(by_route) == ["California", "Arizona", "West Texas", "South Texas"]
    assert all(np.array_equal(each["smuggler_fee"], fees[:, n]) for n, each in enumerate(by_route.values()))
    both = curves(comparison.plot(SMUGGLED))
    assert list(both) == ["Baseline", "Balanced"]
    assert np.array_equal(both["Balanced"][SMUGGLED], comparison.results[1].total(SMUGGLED)[0])


def test_a_grid_has_harm_to_people_first_and_a_panel_for_each_outcome(comparison):
    grid = comparison.plot.grid()
    shown = [elements(each, hv.Curve)[0].vdims[0].name for each in grid]
    harm = [name for name, outcome in catalogue().outcomes.items() if outcome.people and outcome.better == "lower"]
    assert shown[: len(harm)] == harm and len(shown) == 6
    assert list(curves(comparison.plot.grid([SMUGGLED]))) == ["Baseline", "Balanced"]


def test_a_difference_has_the_range_of_the_differences_and_not_that_between_ranges(pairs):
    pair = pairs.of(DEATHS)
    (most, _), up = elements(pairs.plot.difference(DEATHS), hv.Area), f"{DEATHS}_difference"
    assert np.array_equal(most[up], pair.difference.most[0])
    assert np.array_equal(most[f"{up}_high"], pair.difference.most[1])
    between = pair.policy.most[1] - pair.baseline.most[0]
    assert not np.allclose(most[f"{up}_high"], between)
    assert (most[f"{up}_high"] <= between + 1e-9).mean() > 0.9, "members that are the same differ less"


def test_a_comparison_of_ensembles_has_the_same_difference(scenario, policy, pairs):
    both = compare(scenario, policy, members=24, seed=1)
    ours, theirs = (elements(each.plot.difference(DEATHS), hv.Area)[0] for each in (both, pairs))
    assert np.allclose(ours.array(), theirs.array(), rtol=1e-12)


def test_a_fan_holds_the_ranges_of_both(pairs):
    pair, areas = pairs.of(DEATHS), elements(pairs.plot.fan(DEATHS), hv.Area)
    ranges = [pair.baseline.most, pair.baseline.half, pair.policy.most, pair.policy.half]
    for area, (low, high) in zip(areas, ranges, strict=True):
        assert np.array_equal(area[DEATHS], low) and np.array_equal(area[f"{DEATHS}_high"], high)


def test_a_waterfall_goes_from_the_baseline_to_the_policy_without_a_gap(division):
    (bars,) = elements(division.plot.shares(DEATHS), hv.Rectangles)
    shares, changes = division.of(DEATHS), bars[DEATHS]
    assert changes[0] == shares.baseline and changes[-1] == shares.policy
    assert changes[:-1].sum() == pytest.approx(shares.policy)
    ends = shares.baseline + np.cumsum(shares.shares)
    reached = np.where(shares.shares > 0, bars["right"][1:-1], bars["left"][1:-1])
    assert np.allclose(reached, ends)


def test_bars_of_a_sensitivity_are_its_shares_of_the_variance():
    g8 = Scenario.load("g8_2001").with_changes(start=2000)
    found = sensitivity(g8.with_policy("balanced"), DEATHS, baseline=g8, screened=20, foremost=2, points=4, seed=1)
    total, first = elements(found.plot.bars(DEATHS), hv.Rectangles)
    assert np.allclose(total["share_of_variance"], found.of(DEATHS)["total"])
    assert np.allclose(first["share_of_variance"], found.of(DEATHS)["first"])
    with pytest.raises(KeyError, match="was not asked for"):
        found.plot.bars(SMUGGLED)


def test_loops_stack_to_their_sums_above_and_below_zero():
    scores = np.array([[0.5, 0.0], [-0.2, 0.6], [0.2, -0.3], [0.1, 0.1]])
    plot = Dominance(np.array([2027.0, 2028.0]), tuple(catalogue().loops)[:4], scores).plot.loops(shown=2)
    areas = elements(plot, hv.Area)
    assert np.allclose(np.max([each["loop_share_high"] for each in areas], axis=0), [0.8, 0.7])
    assert np.allclose(np.min([each["loop_share_high"] for each in areas], axis=0), [-0.2, -0.3])


def test_a_scatter_has_a_dot_for_each_member_and_parallel_axes_the_better_end_up(scenario, comparison):
    both = compare(scenario, scenario.with_policy("punitive"), members=8, seed=1)
    dots = elements(both.plot.scatter(SMUGGLED, DEATHS, year=2035), hv.Points)[0]
    assert np.array_equal(dots[DEATHS], both.reference.at(DEATHS, 2035))
    heights = np.array([each["height"] for each in elements(comparison.plot.parallel([DEATHS, SMUGGLED]), hv.Curve)])
    values = np.array([[each.total(name)[0, -1] for name in (DEATHS, SMUGGLED)] for each in comparison.results])
    assert np.array_equal(heights.argmax(axis=0), values.argmin(axis=0))


def test_the_corner_of_a_surface_is_a_single_run(scenario):
    (surface,) = elements(plotting.response(scenario, BORDER, PERMITS, SMUGGLED, steps=2), hv.Image)
    for place in ((0, 0), (0, 1)):  # across, up
        settings = {name: catalogue().levers[name].range[at] for name, at in zip((BORDER, PERMITS), place, strict=True)}
        alone = run(scenario_at(scenario, settings)).total(SMUGGLED)[0, -1]
        assert surface.dimension_values(2, flat=False)[place[1], place[0]] == pytest.approx(alone, rel=1e-12)
        alone = run(scenario.with_settings([f"{name}={value!r}" for name, value in settings.items()])).total(SMUGGLED)
        assert surface.dimension_values(2, flat=False)[place[1], place[0]] == pytest.approx(alone[0, -1], rel=1e-12)


def test_sliders_run_the_scenario_as_they_are_set(scenario):
    what_if = plotting.what_if(scenario, BORDER, SMUGGLED, steps=3)
    strict = curves(what_if[4.0])
    alone = run(scenario.with_settings([f"{BORDER}=4"])).total(SMUGGLED)[0]
    assert np.array_equal(strict["As set"][SMUGGLED], alone[-len(strict["As set"]) :])
    today = curves(what_if[1.0])
    assert np.allclose(today["As set"][SMUGGLED], today["Scenario as it is"][SMUGGLED])


# Files --------------------------------------------------------------------------------------------------------------


def test_pictures_hold_title_and_unit_as_text(pairs, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        svg = plotting.save(pairs.plot.difference(DEATHS), tmp_path / "difference.svg").read_text("utf-8")
        pdf = plotting.save(pairs.plot.fan(DEATHS, language="fr"), tmp_path / "fan.pdf").read_bytes()
    for text in ("Deaths in transit: difference from the baseline", "difference, people a year", "24 simulations"):
        assert f"{text}" in svg
    assert pdf.startswith(b"%PDF") and b"/FontFile2" in pdf
    assert sorted(path.name for path in tmp_path.iterdir()) == ["difference.svg", "fan.pdf"]
    with pytest.raises(ValueError, match="a plot ends in .html, .svg, .pdf or .png"):
        plotting.save(pairs.plot.fan(DEATHS), tmp_path / "fan.doc")


@pytest.mark.parametrize("name", ["grid", "parallel", "scatter", "shares", "loops", "response"])
def test_every_kind_of_plot_is_drawn_by_both_backends(name, scenario, comparison, division):
    drawn = {
        "grid": lambda: comparison.plot.grid([DEATHS, SMUGGLED]),
        "parallel": comparison.plot.parallel,
        "scatter": lambda: comparison.plot.scatter(SMUGGLED, DEATHS),
        "shares": lambda: division.plot(DEATHS, language="fr"),
        "loops": lambda: Dominance(np.arange(2.0), ("network", "fee"), np.array([[0.4, 0.5], [-0.6, 0.5]])).plot(),
        "response": lambda: plotting.response(scenario, BORDER, PERMITS, SMUGGLED, steps=2),
    }
    plot = drawn[name]()
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        for backend in ("bokeh", "matplotlib"):
            assert hv.render(plot, backend=backend) is not None


def test_a_page_of_too_many_settings_is_refused_in_a_line(scenario, tmp_path):
    levers = [BORDER, PERMITS, "rescue_capacity", "court_capacity"]
    with pytest.raises(ValueError) as refused:
        plotting.what_if_page(scenario, levers, SMUGGLED, tmp_path / "page.html")
    assert "at most 2,000 settings; 9 x 9 x 9 x 9 are 6,561" in str(refused.value) and "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_importing_pushpull_and_running_it_brings_no_holoviews():
    code = (
        "import sys, pushpull; pushpull.run('g8_2001'); import pushpull.analysis, pushpull.plotting;"
        "print([name for name in ('holoviews', 'bokeh', 'panel', 'matplotlib') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_ranks_by_attitude_are_those_of_the_choice_and_harm_is_named(scenario, policy):
    choice = robust_choice(scenario.baseline(), {"Balanced": policy}, [DEATHS], members=4, seed=1)
    harm = dataclasses.replace(choice.harms["Balanced"][0], direction=1)
    choice = dataclasses.replace(choice, harms={**choice.harms, "Balanced": (harm,)})
    lines = elements(choice.plot.ranking(DEATHS), hv.Curve)
    assert [each.label for each in lines] == ["Baseline", "Balanced (raises a harm to people)"]
    for row, each in enumerate(lines):
        np.testing.assert_array_equal(each.dimension_values(1).round(), choice.metrics[DEATHS].ranks[:, row])
    french = choice.plot.ranking(DEATHS, language="fr")
    assert elements(french, hv.Curve)[1].label == "Balanced (aggrave un dommage aux personnes)"
    for backend in ("bokeh", "matplotlib"):
        hv.render(french, backend=backend)
