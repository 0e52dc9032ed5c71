"""The command line lists, explains and exports what the catalogue holds."""

from __future__ import annotations

import ast
import html
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.commands import explain
from pushpull.scenario import policy_names, scenario_names, schema_text

BORDER = "us_southwest_border"
KNOWN = catalogue()


# list ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "what, count",
    [
        ("levers", len(KNOWN.levers)),
        ("outcomes", len(KNOWN.outcomes)),
        ("context", len(KNOWN.context)),
        ("parameters", len(KNOWN.parameters)),
        ("corridors", len(scenario_names())),
        ("scenarios", len(scenario_names())),
        ("policies", len(policy_names())),
        ("loops", len(KNOWN.loops)),
    ],
)
@pytest.mark.parametrize("corridor", scenario_names())
def test_a_list_is_pure_json_with_the_promised_fields(pushpull, what, count, corridor):
    code, out, err = pushpull("list", what, "--corridor", corridor, "--json")
    assert (code, err) == (0, "")
    entries = json.loads(out)
    assert len(entries) == count == len({entry["id"] for entry in entries})
    for entry in entries:
        assert {"id", "title", "group", "unit", "range", "today", "source"} <= set(entry)
        assert entry["title"] and isinstance(entry["source"], str) and entry["source"]
        if what in ("corridors", "scenarios", "policies", "loops"):
            assert entry["today"] is None and entry["range"] is None
        else:
            assert isinstance(entry["today"], float)
            low, high = entry["range"]
            values = entry.get("today_by_route", entry.get("today_by_population", {"": entry["today"]}))
            assert all(low <= value <= high for value in values.values()) or what == "outcomes", entry["id"]


def test_a_routed_lever_shows_the_mean_and_each_route(pushpull):
    entries = {
        entry["id"]: entry for entry in json.loads(pushpull("list", "levers", "--corridor", "g8_2001", "--json")[1])
    }
    lever = entries["sentence_severity"]
    assert set(lever["today_by_route"]) == set(Scenario.load("g8_2001").routes)
    assert lever["today"] == pytest.approx(np.mean(list(lever["today_by_route"].values())))
    assert {"meaning", "over", "range_reason", "cost", "rights", "grade"} <= set(lever)


def test_outcomes_today_are_those_of_the_baseline_at_the_policy_start(pushpull):
    entries = {entry["id"]: entry for entry in json.loads(pushpull("list", "outcomes", "--json")[1])}
    scenario = Scenario.load(BORDER)
    result = run(scenario)
    place = int(np.flatnonzero(result.time == scenario.policy_start)[0])
    for name in KNOWN.outcomes:
        assert entries[name]["today"] == result.total(name)[0, place]


def test_lists_for_people_name_everything(pushpull):
    for what, names in (("levers", KNOWN.levers), ("loops", KNOWN.loops), ("scenarios", scenario_names())):
        code, out, _ = pushpull("list", what)
        assert code == 0 and all(name in out for name in names)


def test_listing_levers_loads_nothing_heavy():
    heavy = ("numba", "pandas", "xarray", "scipy", "panel", "bokeh", "holoviews", "matplotlib")
    code = (
        "import sys; from pushpull.__main__ import main; main(['list', 'levers', '--json']); "
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


# explain ---------------------------------------------------------------------------------------------------


def explained(pushpull, name):
    code, out, err = pushpull("explain", name, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def is_plain(variable):
    """An auxiliary by route that needs no sum and no population: its function works on values by route."""
    causes = {index for cause in variable.arguments for index in KNOWN.model.over(cause)}
    calls = any(isinstance(node, ast.Call) for node in ast.walk(variable.equations[0].expression))
    routed = KNOWN.model.over(variable.name) == ("route",)
    return variable.kind == "auxiliary" and routed and "population" not in causes and not calls


def test_a_variable_is_explained_with_equation_causes_effects_and_value(pushpull):
    variable = next(one for one in KNOWN.model.variables.values() if is_plain(one) and not one.setting)
    found = explained(pushpull, variable.name)
    assert found["equation"] == f"{variable.name} = {ast.unparse(variable.equations[0].expression)}"
    assert [cause["id"] for cause in found["causes"]] == list(variable.arguments)
    assert [effect["id"] for effect in found["effects"]] == list(KNOWN.model.effects[variable.name])
    routes = found["today_by_route"]
    causes = [
        np.array([cause.get("today_by_route", {}).get(route, cause["today"]) for route in routes])
        for cause in found["causes"]
    ]
    assert variable.declaration.function(*causes) == pytest.approx(list(routes.values()))


def test_a_source_is_cited_in_full(pushpull):
    name = next(name for name, card in KNOWN.parameters.items() if card.source in KNOWN.references)
    found, key = explained(pushpull, name), KNOWN.parameters[name].source
    assert found["card"]["source"] == key
    assert found["references"][0] == {"key": key, **KNOWN.references[key]}
    assert KNOWN.references[key]["citation"] in pushpull("explain", name)[1]


def test_a_stock_is_explained_as_its_net_flow(pushpull):
    stock = KNOWN.model.stocks[0]
    found = explained(pushpull, stock.name)
    assert found["equation"].startswith(f"d({stock.name})/dt = ")
    assert found["initial"] == stock.declaration.initial


def test_a_lever_is_explained_with_its_range_cost_and_rights(pushpull):
    found = explained(pushpull, "border_control")
    assert found["kind"] == "lever" and found["range"] == [0, 4] and found["today"] == 1
    assert found["cost"] and found["rights"] and found["effects"]
    card = KNOWN.parameters["cost_per_agent"]
    cost = {"id": card.id, "today": card.value, "unit": card.unit, "meaning": card.meaning}
    assert found["unit_costs"] == [{**cost, "source": "howmuch_border_patrol (grade C)", "at_par": False}]
    assert "cost_per_job 6,000 USD/job; assumption. " in pushpull("explain", "origin_job_creation")[1]


def test_a_corridor_with_a_unit_cost_of_its_own_says_where_it_is_from(pushpull):
    entries = {
        each["id"]: each for each in json.loads(pushpull("list", "levers", "--corridor", "g8_2001", "--json")[1])
    }
    found = {name: entries[name]["unit_costs"][0] for name in ("enforced_return", "employer_sanctions")}
    assert found["enforced_return"]["today"] == 3414 and "eprs2021" in found["enforced_return"]["source"]
    assert found["employer_sanctions"]["today"] == 8e8 and found["employer_sanctions"]["source"] == "assumption"


@pytest.mark.parametrize("room", ["loops", "formulas", "levers", "context", "outcomes"])
def test_anything_with_a_name_is_explained(pushpull, room):
    for name in list(getattr(KNOWN, room))[:8]:
        assert explained(pushpull, name)["id"] == name
        code, out, _ = pushpull("explain", name)
        assert code == 0 and out.startswith(f"{name}: ")


def test_no_variable_or_parameter_is_beyond_explanation():
    scenario = Scenario.load(BORDER)
    result = run(scenario)
    for name in KNOWN.model.variables:
        found = explain.variable_fields(KNOWN, scenario, result, name)
        assert found["meaning"] and found["equation"], name
    for name in KNOWN.model.cards:
        assert explain.card_fields(KNOWN, scenario, result, name)["effects"] is not None


# export ----------------------------------------------------------------------------------------------------


def test_the_schema_is_exported_as_published(pushpull, tmp_path):
    path = tmp_path / "schema.json"
    assert pushpull("export", "schema", "-o", path)[0] == 0
    assert path.read_text() == schema_text(KNOWN) == pushpull("export", "schema")[1]


@pytest.mark.parametrize("ending", ["html", "md"])
def test_the_reference_holds_every_name_and_asks_nothing_of_the_internet(pushpull, tmp_path, ending):
    path = tmp_path / f"reference.{ending}"
    assert pushpull("export", "reference", "-o", path)[0] == 0
    text = path.read_text()
    names = [*KNOWN.model.variables, *KNOWN.model.cards, *(f"source_{key}" for key in KNOWN.references)]
    names += [f"loop_{name}" for name in KNOWN.loops]
    assert [name for name in names if f'id="{name}"' not in text] == []
    assert not any(mark in text for mark in ("src=", "<link", "<script", "@import", "url("))
    plain = html.unescape(re.sub("<[^>]+>", "", text)) if ending == "html" else text
    for variable in KNOWN.model.variables.values():
        assert all(ast.unparse(equation.expression) in plain for equation in variable.equations), variable.name


def test_every_link_of_the_reference_leads_somewhere(pushpull, tmp_path):
    for ending, link, place in (
        ("html", r'href="#(\w+)"', r'id="?(\w+)'),
        ("md", r"\(#(\w+)\)", r'id="(\w+)"'),
    ):
        path = tmp_path / f"reference.{ending}"
        assert pushpull("export", "reference", "-o", path)[0] == 0
        links, places = (set(re.findall(pattern, path.read_text())) for pattern in (link, place))
        assert links and links <= places


def test_what_is_exported_without_a_name_goes_to_stdout(pushpull):
    assert pushpull("export", "schema") == (0, schema_text(KNOWN), "")
    assert pushpull("export", "reference", "-o", "-")[1].startswith("# Pushpull")
