"""Scenario files: what they mean on the grid, how they change, and that they come back as they were."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pushpull.scenario import (
    Scenario,
    ScenarioFaults,
    check,
    heading,
    load_corridor,
    policy_names,
    scenario_names,
    scenario_schema,
)
from pushpull.scenario.schedules import breakpoints
from tests.scenario_fakes import CORRIDOR, ROUTED, SCENARIO, SERIES, fake_catalogue, write_corridor

CATALOGUE = fake_catalogue()
SCALARS = tuple(name for name in {**CATALOGUE.levers, **CATALOGUE.context} if name not in ROUTED)
BY_ROUTE = ("border_control", "sentence_severity")
STEPS = 16
SHIPPED = Path(__file__).parent.parent / "scenarios"


@pytest.fixture
def folder(tmp_path):
    write_corridor(tmp_path)
    return tmp_path


@pytest.fixture
def base(folder) -> Scenario:
    return load(folder, SCENARIO)


def load(folder: Path, text: str, name: str = "test.yaml") -> Scenario:
    (folder / name).write_text(text, encoding="utf-8")
    return Scenario.load(folder / name, CATALOGUE)


def inputs(scenario: Scenario) -> np.ndarray:
    return scenario.resolve_inputs(SCALARS, BY_ROUTE, STEPS).whole


def column(scenario: Scenario, name: str, route: str | None = None) -> np.ndarray:
    place = SCALARS.index(name) if route is None else len(SCALARS) + 2 * BY_ROUTE.index(name)
    return inputs(scenario)[:, :, place + (scenario.routes.index(route) if route else 0)]


def at(scenario: Scenario, name: str, year: float, route: str | None = None) -> float:
    """The value just after a step boundary."""
    return column(scenario, name, route)[round((year - 1990) * STEPS), 0]


def policies(base: Scenario, **forms) -> Scenario:
    return base.with_changes(policies=forms)


# What a file means ----------------------------------------


def test_series_are_linear_between_points_and_held_outside(base):
    assert at(base, "enforced_return", 1990) == 100_000
    assert at(base, "enforced_return", 2002.75) == pytest.approx(250_000)
    assert at(base, "enforced_return", 2044) == 400_000


def test_routes_are_divided_by_their_own_last_value(base):
    assert base.today("border_control") == {"north": 1.0, "south": 1.0}
    assert at(base, "border_control", 1990, "north") == 0.25
    assert at(base, "border_control", 1990, "south") == 0.5


def test_growth_is_constant_between_points_and_zero_outside(base):
    growth = column(base, "origin_growth")
    first, second = round(0.5 * STEPS), round(5.5 * STEPS)
    rate = np.log(1.2) / 5
    assert (growth[:first] == 0).all()
    assert growth[first:second] == pytest.approx(rate)
    assert growth[second - 1, 2] == pytest.approx(rate), "just before the leap the old rate holds"
    assert growth[second, 0] == pytest.approx(np.log(110 / 120) / 5), "just after it the new one"
    assert (growth[round(10.5 * STEPS) :] == 0).all()


def test_what_the_corridor_leaves_out_has_its_cards_value(base):
    assert base.today("legal_labour_slots") == 60_000
    assert (column(base, "legal_labour_slots") == 60_000).all()


def test_a_constant_acts_from_the_policy_start(base):
    run = policies(base, court_capacity=7000)
    start = 36 * STEPS
    assert (column(run, "court_capacity")[:start] == 5000).all()
    assert (column(run, "court_capacity")[start:] == 7000).all()


def test_times_today_multiplies_the_value_at_the_policy_start(base):
    run = policies(base, enforced_return={"times_today": 1.5}, sentence_severity={"times_today": 2})
    assert at(run, "enforced_return", 2026) == 600_000
    assert at(run, "sentence_severity", 2026, "north") == 4
    assert at(run, "sentence_severity", 2026, "south") == 2.5


def test_one_route_changes_and_the_others_keep_todays_value(base):
    run = policies(base, sentence_severity={"south": 3})
    assert at(run, "sentence_severity", 2030, "south") == 3
    assert at(run, "sentence_severity", 2030, "north") == 2


def test_the_busiest_route_is_the_corridors(base):
    run = policies(base, border_control={"busiest_route": 2})
    assert run.to_mapping()["policies"] == {"border_control": {"north": 2.0}}


def test_a_ramp_climbs_from_todays_value(base):
    run = policies(base, court_capacity={"ramp": {"from": 2028, "to": 2032, "value": 9000}})
    years = (2026, 2028, 2029, 2032, 2040)
    assert [at(run, "court_capacity", year) for year in years] == [5000, 5000, 6000, 9000, 9000]
    middle = column(run, "court_capacity")[38 * STEPS, 1]
    assert middle == pytest.approx(5000 + 1000 / (2 * STEPS))


def test_a_pulse_goes_back_to_todays_value(base):
    run = policies(base, court_capacity={"pulse": {"from": 2027, "to": 2029.5, "value": 9000}})
    values = column(run, "court_capacity")
    last = round(39.5 * STEPS)
    assert values[37 * STEPS - 1, 2] == 5000 and values[37 * STEPS, 0] == 9000
    assert values[last - 1, 2] == 9000 and values[last, 0] == 5000


def test_a_table_is_linear_between_its_years(base):
    run = policies(base, resettlement_places={"table": {2028: 5000, 2030: {"times_today": 5}}})
    years = (2027, 2028, 2029, 2030, 2044)
    assert [at(run, "resettlement_places", year) for year in years] == [4000, 5000, 12500, 20000, 20000]


def test_a_jump_between_steps_lands_on_the_nearest_boundary(base):
    run = policies(base, court_capacity={"step": {"year": 2028.02, "value": 9000}})
    values = column(run, "court_capacity")
    leap = np.flatnonzero(values[:, 0] != 5000)[0]
    assert leap == round(38.02 * STEPS)
    assert values[leap - 1].tolist() == [5000] * 3 and values[leap].tolist() == [9000] * 3


def test_context_moves_from_the_policy_start_and_parameters_for_the_whole_run(base):
    run = base.with_changes(context={"conflict_intensity": 60}, parameters={"fee_elasticity": 0.9})
    assert at(run, "conflict_intensity", 2025.9375) == 30 and at(run, "conflict_intensity", 2026) == 60
    assert (run.resolve_parameters(("fee_elasticity",)) == 0.9).all()


def test_parameters_stand_population_by_population_and_route_by_route(base):
    names = ("reference_agents", "urge_to_leave", "fee_adjustment_time")
    assert base.resolve_parameters(names).tolist() == [[2000, 600, 2000, 600], [2, 2, 1, 1], [0.5] * 4]
    run = base.with_changes(
        parameters={"reference_agents": {"south": {"times_today": 2}}, "urge_to_leave": {"protection": 3}}
    )
    assert run.resolve_parameters(names[:2]).tolist() == [[2000, 1200, 2000, 1200], [2, 2, 3, 3]]
    doubled = base.with_changes(parameters={"urge_to_leave": {"times_today": 2}})
    assert doubled.resolve_parameters(names[1:2]).tolist() == [[4, 4, 2, 2]]


def test_the_grid_agrees_with_the_schedule_shown(base):
    run = base.with_policy("balanced")
    for name in ("court_capacity", "origin_growth", "seasonal_share"):
        times, values = breakpoints(run.path(name), run.corridor.start, run.end)
        grid = column(run, name)
        middles = 1990 + (np.arange(len(grid)) + 0.5) / STEPS
        assert grid[:, 1] == pytest.approx(np.interp(middles, times, values), rel=1e-12)
    assert run.value_at("border_control", 2044) == {"north": 1.2, "south": 1.2}


def test_no_change_is_exactly_the_baseline(base):
    run = policies(base, court_capacity={"times_today": 1}, border_control={"times_today": 1})
    assert inputs(run).tobytes() == inputs(base).tobytes()
    assert inputs(run.baseline()).tobytes() == inputs(base).tobytes()


def test_the_run_begins_with_the_corridor_whatever_is_reported(base):
    late = base.with_changes(start=2020, end=2030)
    assert len(inputs(late)) == 40 * STEPS
    assert late.start == 2020
    whole = inputs(base)[: 40 * STEPS]
    assert inputs(late).tobytes() == np.ascontiguousarray(whole).tobytes()


def test_recorded_history_keeps_units_and_sources(base):
    (shown,) = base.corridor.recorded["apprehensions_recorded"]
    assert shown.values.tolist() == [2000, 2200] and shown.times.tolist() == [1991.25, 1992.25]
    assert (shown.unit, shown.source, shown.quality, shown.route) == ("event/year", "made_up", "A", None)
    assert base.corridor.sources == ("made_up", "other")
    assert base.corridor.illustrative and base.corridor.busiest == "north"


# Laying over ----------------------------------------


def test_a_file_extends_another(folder):
    load(
        folder,
        SCENARIO + "policies: {court_capacity: 7000, border_control: 2}\nensemble: {members: 50}\n",
        "a.yaml",
    )
    child = "schema_version: 4\nextends: a.yaml\ntitle: Child\npolicies: {border_control: {south: 3}}\n"
    run = load(folder, child + "ensemble: {seed: 7}\n", "b.yaml")
    assert run.title == "Child" and (run.members, run.seed) == (50, 7)
    assert run.value_at("border_control", 2030) == {"north": 2, "south": 3}
    assert run.value_at("court_capacity", 2030) == 7000


def test_a_later_package_wins_by_lever_and_route(base):
    run = base.with_policy("one_gateway_crackdown")
    assert run.value_at("border_control", 2030) == {"north": 2, "south": 1}
    run = run.with_policy({"policies": {"border_control": {"south": 1.5}}})
    assert run.value_at("border_control", 2030) == {"north": 2, "south": 1.5}
    assert run.with_policy("punitive").value_at("border_control", 2040) == {"north": 1.5, "south": 1.5}


def test_settings_take_levers_context_and_parameters(base):
    run = base.with_settings(["border_control@south=2", "fee_elasticity=0.3", "conflict_intensity=1.5x"])
    assert run.value_at("border_control", 2030) == {"north": 1, "south": 2}
    assert run.value_at("conflict_intensity", 2030) == 45
    assert run.resolve_parameters(("fee_elasticity",))[0, 0] == 0.3


def test_a_baseline_drops_policies_and_nothing_else(base):
    run = base.with_changes(
        policies={"court_capacity": 7000},
        context={"labour_demand": 0.05},
        parameters={"fee_elasticity": 0.5},
        formulas={"development_response": "decline"},
        loops_off=["debt"],
        end=2040,
    )
    kept = run.baseline()
    assert kept.policies == {}
    for word in ("context", "parameters", "formulas", "loops_off", "end"):
        assert getattr(kept, word) == getattr(run, word)


def test_none_unsets_a_name(base):
    run = policies(base, court_capacity=7000, border_control=2)
    assert policies(run, court_capacity=None).to_mapping()["policies"] == {"border_control": 2.0}


def test_changes_leave_the_scenario_as_it_was(base):
    digest, before = base.digest, inputs(base)
    policies(base, border_control={"south": 2}).with_policy("punitive")
    base.with_settings(["fee_elasticity=0.1"])
    assert base.policies == {} and base.parameters == {}
    assert Scenario.load(base.source_path, CATALOGUE).digest == digest
    assert inputs(base).tobytes() == before.tobytes()


def test_a_result_handed_out_may_be_altered(base):
    inputs(base)[:] = 0
    base.resolve_parameters(("fee_elasticity",))[:] = 0
    assert inputs(base).any() and base.resolve_parameters(("fee_elasticity",)).all()


# Writing and digest ----------------------------------------


def test_the_digest_follows_every_number_and_the_corridors_files(folder, base):
    others = [
        policies(base, court_capacity=7000),
        base.with_changes(end=2044),
        base.with_changes(seed=2),
        base.with_changes(loops_off=["debt"]),
        base.with_changes(formulas={"development_response": "decline"}),
        base.with_changes(steps_per_year=32),
    ]
    write_corridor(folder, CORRIDOR, SERIES.replace("north,500", "north,501"))
    others.append(Scenario.load(folder / "test.yaml", CATALOGUE))
    write_corridor(folder, CORRIDOR.replace("5000", "5001"))
    others.append(Scenario.load(folder / "test.yaml", CATALOGUE))
    digests = {base.digest, *(each.digest for each in others)}
    assert len(digests) == len(others) + 1
    assert base.with_changes(title="Another").digest == base.digest


def test_saving_writes_the_whole_file_or_nothing(base, folder, monkeypatch):
    path = folder / "saved.yaml"
    assert base.save(path) == path
    before = path.read_text()
    assert Scenario.load(path, CATALOGUE) == base
    monkeypatch.setattr("os.replace", lambda *names: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError):
        policies(base, border_control=2).save(path)
    assert path.read_text() == before
    assert sorted(each.name for each in folder.iterdir()) == ["corridors", "saved.yaml", "test.yaml"]


def test_a_scenario_survives_pickling(base):
    run = base.with_policy("balanced")
    again = pickle.loads(pickle.dumps(run))
    assert again == run and hash(again) == hash(run)


def test_a_fault_list_survives_pickling(base):
    with pytest.raises(ScenarioFaults) as found:
        base.with_settings(["nothing=1", "fee_elasticity=9"])
    assert pickle.loads(pickle.dumps(found.value)).faults == found.value.faults


def amounts(card):
    numbers = st.floats(card.low, card.high, allow_nan=False).map(float)
    with_unit = numbers.map(lambda value: {"value": value, "unit": card.unit})
    return numbers | st.floats(0, 1).map(lambda value: {"times_today": value}) | with_unit


def forms(card):
    years = st.floats(2026, 2060, allow_nan=False)
    pair = st.tuples(years, st.floats(0.1, 20)).map(lambda two: {"from": two[0], "to": two[0] + two[1]})
    amount = amounts(card)
    table = st.lists(st.tuples(years, amount), min_size=1, max_size=5, unique_by=lambda row: row[0])
    return (
        amount
        | st.tuples(years, amount).map(lambda two: {"step": {"year": two[0], "value": two[1]}})
        | st.tuples(pair, amount).map(lambda two: {"ramp": {**two[0], "value": two[1]}})
        | st.tuples(pair, amount).map(lambda two: {"pulse": {**two[0], "value": two[1]}})
        | table.map(lambda rows: {"table": dict(sorted(rows, key=lambda row: row[0]))})
    )


def some_of(cards, make):
    def setting(name):
        card = cards[name]
        keys = {"route": ("north", "south"), "population": ("labour", "protection")}.get(card.over)
        plain = make(card)
        if keys is None:
            return plain
        return plain | st.dictionaries(st.sampled_from(keys), make(card), min_size=1)

    names = st.lists(st.sampled_from(sorted(cards)), unique=True, max_size=6)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: setting(name) for name in chosen}))


CHANGES = st.fixed_dictionaries(
    {
        "title": st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(str.strip),
        "policies": some_of(CATALOGUE.levers, forms),
        "context": some_of(CATALOGUE.context, forms),
        "parameters": some_of(CATALOGUE.parameters, amounts),
        "formulas": st.just({}) | st.just({"development_response": "decline"}),
        "loops_off": st.lists(st.sampled_from(sorted(CATALOGUE.loops)), unique=True),
        "seed": st.integers(0, 2**53),
        "end": st.floats(2030, 2060),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_a_scenario_comes_back_from_its_file_bit_for_bit(changes, folder, base):
    try:
        run = base.with_changes(**changes)
    except ScenarioFaults as found:  # a low bound above zero forbids some multiples of today
        assert all("times today's" in fault.what for fault in found.faults)
        return
    (folder / "round.yaml").write_text(run.to_yaml(), encoding="utf-8")
    again = Scenario.load(folder / "round.yaml", CATALOGUE)
    assert again == run and again.digest == run.digest
    assert inputs(again).tobytes() == inputs(run).tobytes()
    names = tuple(CATALOGUE.parameters)
    assert again.resolve_parameters(names).tobytes() == run.resolve_parameters(names).tobytes()
    assert again.to_yaml() == run.to_yaml()
    plain = YAML(typ="safe", pure=True).load(run.to_yaml())
    assert plain["policies" if run.policies else "title"] is not None
    schema_fits(json.loads(json.dumps(plain)))


# Shipped files ----------------------------------------

SCHEMA = jsonschema.Draft202012Validator(scenario_schema(CATALOGUE))


def schema_fits(mapping) -> None:
    faults = [f"{list(fault.path)}: {fault.message[:200]}" for fault in SCHEMA.iter_errors(mapping)]
    assert not faults, faults


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(scenario_schema(CATALOGUE))


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("policies/*.yaml")) + sorted(SHIPPED.glob("*.yaml")), ids=str)
def test_every_shipped_file_fits_the_schema(path):
    schema_fits(json.loads(json.dumps(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))))


@pytest.mark.parametrize(
    "text",
    [
        "{schema_version: 4, title: T}",
        "{schema_version: 4, title: T, corridor: a, extends: b}",
        "{schema_version: 5, title: T, corridor: a}",
        "{schema_version: 4, title: T, corridor: a, polices: {}}",
        "{schema_version: 4, title: T, corridor: a, policies: {border_contrl: 1}}",
        "{schema_version: 4, title: T, corridor: a, policies: {border_control: 9}}",
        "{schema_version: 4, title: T, corridor: a, policies: {court_capacity: {north: 9}}}",
        "{schema_version: 4, title: T, corridor: a, policies: {border_control: {step: {year: 2030}}}}",
        "{schema_version: 4, title: T, corridor: a, parameters: {fee_elasticity: {value: 1, unit: euro}}}",
        "{schema_version: 4, title: T, corridor: a, loops_off: [loop]}",
        "{schema_version: 4, kind: policy, title: T, context: {}}",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(text):
    assert list(SCHEMA.iter_errors(YAML(typ="safe", pure=True).load(text)))


@pytest.mark.parametrize("name", policy_names())
def test_every_shipped_package_applies_to_any_corridor(name, base):
    assert not check(SHIPPED / "policies" / f"{name}.yaml", CATALOGUE)
    run = base.with_policy(name)
    assert run.policies and run.context == {} and run.parameters == {}
    assert inputs(run).tobytes() != inputs(base).tobytes()
    told = heading(name)
    assert told.kind == "policy" and told.title and told.question.endswith("?")


def test_the_packages_and_base_scenarios_that_were_promised_are_shipped():
    assert set(policy_names()) >= {
        "preventive",
        "punitive",
        "remedial",
        "balanced",
        "one_gateway_crackdown",
        "slots_without_enforcement",
        "enforcement_without_slots",
        "publicity_only",
    }
    assert set(scenario_names()) >= {"us_southwest_border", "g8_2001"}


def test_a_corridor_is_not_read_twice(folder, base):
    assert load_corridor("two_gates", CATALOGUE, folder, str(folder)) is base.corridor
