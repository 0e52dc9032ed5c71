"""A thousand random states go to a link and to a file, and what runs at the other end gives the same bits."""

import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import typer

from pushpull import run
from pushpull.__main__ import main
from pushpull.catalogue import catalogue
from pushpull.commands.application import app
from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.state.state import Refused, State
from pushpull.dashboard.state.view import CHOSEN, LANGUAGES, PAGES, PARTS, WAYS
from tests.test_dashboard_state import moved

KNOWN = catalogue()
PARTS_OF_THE_TEST, STATES_A_PART = 20, 50
YEARS_WRITTEN = 1  # of the file of results, which holds every variable; the run itself goes from the first year on


def anything(seed):
    """A state with levers, context, schedules, formulas, loops, years, scenarios beside it, and a view."""
    chance = random.Random(seed)
    state = moved(seed)
    if chance.random() < 0.3:
        state = state.with_horizon(end=float(chance.choice([2040, 2050, 2060])))
    if chance.random() < 0.3:
        start = state.scenario.policy_start
        card = chance.choice([card for card in KNOWN.levers.values() if card.over is None])
        form = {"from": start + chance.randint(0, 3), "to": start + chance.randint(4, 9) + chance.choice([0, 0.5])}
        kind = chance.choice(["ramp", "pulse"])
        state = state.with_schedule(card.id, {kind: {**form, "value": chance.uniform(card.low, card.high)}})
    if chance.random() < 0.3:
        setting, rivals = chance.choice(list(KNOWN.formulas.items()))
        state = state.with_formula(setting, chance.choice(rivals))
    if chance.random() < 0.3:
        state = state.with_loop(chance.choice(list(KNOWN.loops)), False)
    if chance.random() < 0.3:
        state = state.keeping(state.named())
    view = {"page": chance.choice(PAGES), "part": chance.choice(PARTS), "way": chance.choice(WAYS)}
    view["bands"] = chance.random() < 0.5
    return state.looking(chosen=CHOSEN[:2], language=chance.choice(LANGUAGES), **view).in_year(2035)


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


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS_OF_THE_TEST))
def test_a_thousand_random_states_survive_the_link_and_the_file_and_the_command_line(part, tmp_path):
    command = typer.main.get_command(app)
    scenario, results = tmp_path / "scenario.yaml", tmp_path / "results.json"
    for seed in range(part * STATES_A_PART, (part + 1) * STATES_A_PART):
        state = anything(seed)
        back = State.from_link(state.link)
        assert back == state, seed
        assert back.scenario.digest == state.scenario.digest, seed
        scenario.write_text(state.to_yaml(), encoding="utf-8")
        first = state.scenario.end - YEARS_WRITTEN
        command.main(["run", str(scenario), "--start", f"{first:g}", "-o", str(results)], standalone_mode=False)
        told = json.loads(results.read_text(encoding="utf-8"))
        assert same_bits(told, run(back.scenario, keep=None)), seed


@pytest.mark.parametrize("seed", [4, 11])
def test_the_command_as_a_process_of_its_own_gives_the_same_bits(seed, tmp_path):
    state = anything(seed)
    scenario, results = tmp_path / state.file_name, tmp_path / "results.json"
    scenario.write_text(state.to_yaml(), encoding="utf-8")
    command = [sys.executable, "-m", "pushpull", "run", str(scenario), "--output", str(results)]
    subprocess.run(command, cwd=Path(__file__).parent.parent, check=True, capture_output=True)
    result = run(state.scenario)
    told = json.loads(results.read_text(encoding="utf-8"))
    assert len(told["time"]) == len(result.time)
    assert same_bits(told, result)


@pytest.mark.parametrize("version", ["0", "3", "99", "'2'", "1.0", "null", "one"])
def test_a_file_of_another_schema_is_refused_in_one_line_that_says_which_is_read(version, tmp_path, capsys):
    text = State.opening().to_yaml().replace("schema_version: 2\n", f"schema_version: {version}\n")
    with pytest.raises(Refused) as caught:
        State.opening().with_file(text, "mine.yaml")
    (line,) = caught.value.lines
    assert line.startswith("mine.yaml:") and "schema_version is" in line and "allowed: the number 2, or 1" in line
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    for command in ("run", "validate"):
        assert main([command, str(tmp_path / "mine.yaml")]) == 2
        told = [line for line in capsys.readouterr().err.splitlines() if "schema_version" in line]
        assert len(told) == 1 and "allowed: the number 2, or 1" in told[0]


@pytest.mark.parametrize("version", ["0", "4", "99", "x", "1.0"])
def test_a_link_of_a_version_that_is_not_read_is_refused_and_says_so(version):
    body = State.opening().link.partition(".")[2]
    with pytest.raises(Refused) as caught:
        State.from_link(f"{version}.{body}")
    told = {code: caught.value.told(language(code)) for code in LANGUAGES}
    assert len(set(told.values())) == len(LANGUAGES)
    assert "another version of Pushpull" in told["en"] or "damaged" in told["en"]
