"""Any state goes to a link and to a file, and what runs at the other end gives the same bits."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushpull import run
from pushpull.__main__ import main
from pushpull.catalogue import catalogue
from pushpull.commands.application import app
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import CHOSEN, LANGUAGES, PAGES, PARTS, WAYS
from pushpull.scenario import policy_names, scenario_names
from tests.test_dashboard_state import moved

KNOWN = catalogue()
SOMETIMES = st.sampled_from([False, False, True])
YEARS_WRITTEN = 1  # of the file of results, which holds every variable; the run itself goes from the first year on


@st.composite
def states(draw):
    """A state with levers, context, schedules, formulas, loops, years, scenarios beside it, and a view."""
    state = State.opening(draw(st.sampled_from(scenario_names())))
    state = state.with_package(draw(st.none() | st.sampled_from(policy_names())))
    routes = list(state.scenario.corridor.routes)
    cards = [*KNOWN.levers.values(), *KNOWN.context.values()]
    for card in draw(st.lists(st.sampled_from(cards), min_size=1, max_size=12, unique_by=lambda card: card.id)):
        route = draw(st.none() | st.sampled_from(routes)) if card.over == "route" else None
        state = state.with_value(card.id, draw(st.floats(card.low, card.high)), route)
    if draw(SOMETIMES):
        state = state.with_horizon(end=draw(st.sampled_from([2040.0, 2050.0, 2060.0])))
    if draw(SOMETIMES):
        state = state.with_schedule(*draw(schedules(state.scenario.policy_start)))
    if draw(SOMETIMES):
        setting = draw(st.sampled_from(list(KNOWN.formulas)))
        state = state.with_formula(setting, draw(st.sampled_from(KNOWN.formulas[setting])))
    if draw(SOMETIMES):
        state = state.with_loop(draw(st.sampled_from(list(KNOWN.loops))), False)
    if draw(SOMETIMES):
        state = state.keeping(state.named())
    view = {"page": PAGES, "part": PARTS, "way": WAYS, "language": LANGUAGES, "ranges": (True, False)}
    view = {name: draw(st.sampled_from(choices)) for name, choices in view.items()}
    return state.looking(chosen=CHOSEN[:2], **view).in_year(2035)


@st.composite
def schedules(draw, start):
    """A lever without routes, and a ramp or a pulse of it that begins in one of the first years of policy."""
    card = draw(st.sampled_from([card for card in KNOWN.levers.values() if card.over is None]))
    years = {"from": start + draw(st.integers(0, 3)), "to": start + draw(st.sampled_from([4, 6.5, 9]))}
    kind = draw(st.sampled_from(["ramp", "pulse"]))
    return card.id, {kind: {**years, "value": draw(st.floats(card.low, card.high))}}


def same_bits(told, result):
    """Whether a file of results holds the end of a run, bit for bit: every outcome and its routes."""
    count = len(told["time"])
    assert told["time"] == result.time[-count:].tolist()
    for name in KNOWN.outcomes:
        written = told["variables"][name]
        assert np.array_equal(written["total"], result.total(name)[:, -count:]), name
        if "by_route" in written:
            assert np.array_equal(written["by_route"], result.by_route(name)[:, -count:]), name
    return True


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=states())
def test_a_state_survives_the_link_and_the_file_and_the_command_line(state, tmp_path):
    command = typer.main.get_command(app)
    scenario, results = tmp_path / "scenario.yaml", tmp_path / "results.json"
    back = open_link(state.link).state
    assert back == state
    assert back.scenario.digest == state.scenario.digest
    scenario.write_text(state.to_yaml(), encoding="utf-8")
    first = state.scenario.end - YEARS_WRITTEN
    command.main(["run", str(scenario), "--start", f"{first:g}", "-o", str(results)], standalone_mode=False)
    assert same_bits(json.loads(results.read_text(encoding="utf-8")), run(back.scenario, keep=None))


@pytest.mark.parametrize("seed", [4, 11])
def test_the_command_as_a_process_of_its_own_gives_the_same_bits(seed, tmp_path):
    state = moved(seed)
    scenario, results = tmp_path / state.file_name, tmp_path / "results.json"
    scenario.write_text(state.to_yaml(), encoding="utf-8")
    command = [sys.executable, "-m", "pushpull", "run", str(scenario), "--output", str(results)]
    subprocess.run(command, cwd=Path(__file__).parent.parent, check=True, capture_output=True)
    result = run(state.scenario)
    told = json.loads(results.read_text(encoding="utf-8"))
    assert len(told["time"]) == len(result.time)
    assert same_bits(told, result)


@pytest.mark.parametrize("version", ["0", "5", "99", "'4'", "1.0", "null", "one"])
def test_a_file_of_another_schema_is_refused_in_one_line_that_says_which_is_read(version, tmp_path, capsys):
    text = State.opening().to_yaml().replace("schema_version: 4\n", f"schema_version: {version}\n")
    with pytest.raises(Refusal) as caught:
        State.opening().with_file(text, "mine.yaml")
    (line,) = map(str, caught.value.faults)
    assert line.startswith("mine.yaml:") and "schema_version is" in line
    assert "allowed: the number 4, or 1, or 2, or 3" in line
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    for command in ("run", "validate"):
        assert main([command, str(tmp_path / "mine.yaml")]) == 2
        told = [line for line in capsys.readouterr().err.splitlines() if "schema_version" in line]
        assert len(told) == 1 and "allowed: the number 4, or 1, or 2, or 3" in told[0]


@pytest.mark.parametrize("version", ["0", "1000", "x", "1.0"])
def test_a_link_of_a_version_that_is_not_read_is_refused_and_says_so(version):
    body = State.opening().link.partition(".")[2]
    with pytest.raises(Refusal) as caught:
        open_link(f"{version}.{body}")
    told = {code: caught.value.told(language(code)) for code in LANGUAGES}
    assert len(set(told.values())) == len(LANGUAGES)
    why = "it is damaged or was cut short" if "." in version else "it was made by another version of Pushpull"
    assert told["en"].startswith(f"The link cannot be opened: {why}")
