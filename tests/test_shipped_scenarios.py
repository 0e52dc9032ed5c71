"""The scenarios that are shipped: they load, fit the published schema and mean what their titles say."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from ruamel.yaml import YAML

from pushpull.catalogue import catalogue
from pushpull.scenario import (
    Scenario,
    check,
    corridor_names,
    heading,
    policy_names,
    scenario_names,
    scenario_schema,
    schema_text,
)

SHIPPED = Path(__file__).parent.parent / "scenarios"
SCHEMA_FILE = SHIPPED / "schema" / "scenario.schema.json"
FILES = sorted([*SHIPPED.glob("*.yaml"), *SHIPPED.glob("policies/*.yaml")])
TRADE_OFFS = ("seasonal_share",)  # neither more nor less of it is more of a policy


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_file_fits_the_schema_and_has_no_fault(path):
    assert not [str(fault) for fault in check(path)]
    plain = json.loads(json.dumps(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))))
    faults = jsonschema.Draft202012Validator(scenario_schema(catalogue())).iter_errors(plain)
    assert not [f"{list(fault.path)}: {fault.message[:200]}" for fault in faults]


def test_the_published_schema_is_up_to_date():
    told = "stale: pushpull export schema -o scenarios/schema/scenario.schema.json"
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(catalogue()), told


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_asks_a_question_of_a_shipped_corridor(name):
    scenario = Scenario.load(name)
    assert scenario.corridor.id in corridor_names()
    assert scenario.question.endswith("?") and scenario.title
    assert scenario.policies == {}, "a base scenario changes nothing"


@pytest.mark.parametrize("name", scenario_names())
def test_every_lever_and_driver_has_a_finite_path_and_todays_value_in_its_range(name):
    scenario = Scenario.load(name)
    cards = {**catalogue().levers, **catalogue().context}
    for each, card in cards.items():
        today = scenario.today(each)
        for value in today.values() if isinstance(today, dict) else [today]:
            assert card.low <= value <= card.high, f"{each} is {value} today"
    scalars = tuple(each for each, card in cards.items() if card.over is None)
    routed = tuple(each for each, card in cards.items() if card.over == "route")
    assert np.isfinite(scenario.resolve_inputs(scalars, routed, 16).whole).all()
    assert np.isfinite(scenario.resolve_parameters(tuple(catalogue().parameters))).all()


@pytest.mark.parametrize("corridor", scenario_names())
@pytest.mark.parametrize("name", policy_names())
def test_a_package_applies_to_every_corridor_and_takes_nothing_away(name, corridor):
    base = Scenario.load(corridor)
    run = base.with_policy(name)
    assert heading(name).question.endswith("?")
    for lever in run.policies:
        before, after = base.value_at(lever, base.end - 1), run.value_at(lever, base.end - 1)
        pairs = [(before[key], after[key]) for key in before] if isinstance(before, dict) else [(before, after)]
        assert any(old != new for old, new in pairs), f"{lever} is left as it is"
        if lever not in TRADE_OFFS:
            assert all(new >= old for old, new in pairs), f"{lever} falls from {before} to {after}"


@pytest.mark.parametrize("corridor", scenario_names())
def test_the_crackdown_strikes_one_gateway_only(corridor):
    base = Scenario.load(corridor)
    run = base.with_policy("one_gateway_crackdown")
    before, after = base.value_at("border_control", 2030), run.value_at("border_control", 2030)
    assert [route for route in before if before[route] != after[route]] == [base.corridor.busiest]
