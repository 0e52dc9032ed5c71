"""The modules of the pocket page that the package holds: of the present equations, and used where they are whole."""

from dataclasses import replace

import pytest

from pushpull import Scenario
from pushpull.dashboard.pocket import store_modules, stored_modules
from pushpull.engine.browser.browser_kernel import structure_digest
from pushpull.engine.codegen.layout import SINGLE
from pushpull.preparation import integrator, task_of


@pytest.fixture
def compiles(monkeypatch):
    """The names of what was compiled in place of a stored module."""
    asked = []
    monkeypatch.setattr(stored_modules, "browser_module", lambda *given: asked.append(given[1:3]))
    return asked


def test_the_package_holds_the_modules_of_the_present_equations_and_no_others():
    held = {file.name for file in stored_modules.FOLDER.iterdir()}
    assert held == {file.name for file in store_modules.wanted()}, "equations have changed; run: make modules"


def test_a_stored_module_is_used_and_nothing_compiled(compiles):
    made = stored_modules.module_of(Scenario.load("g8_2001"), SINGLE)
    assert made.code.startswith(b"\0asm") and compiles == []


def test_a_stored_module_serves_every_setting_and_every_fit():
    plain = Scenario.load("us_southwest_border")
    changed = plain.with_policy("balanced").with_changes(parameters={"fee_adjustment_time": 0.6})
    assert stored_modules.stored_file(changed, SINGLE) == stored_modules.stored_file(plain, SINGLE)


def test_other_equations_and_other_places_of_numbers_are_another_module():
    kernel, extent = integrator().kernel, task_of(Scenario.load("g8_2001")).extent
    moved = replace(kernel, layout=replace(kernel.layout, stocks=kernel.layout.stocks[::-1]))
    some = replace(kernel, model=replace(kernel.model, loops={}))
    assert len({structure_digest(each, extent, SINGLE) for each in (kernel, moved, some)}) == 3


@pytest.mark.parametrize("spoil", [lambda content: content[:1000], lambda _: b"", None], ids=["cut", "empty", "gone"])
def test_where_no_whole_module_is_stored_it_is_compiled(compiles, monkeypatch, tmp_path, spoil):
    scenario = Scenario.load("g8_2001")
    file = stored_modules.stored_file(scenario, SINGLE)
    if spoil is not None:
        (tmp_path / file.name).write_bytes(spoil(file.read_bytes()))
    monkeypatch.setattr(stored_modules, "FOLDER", tmp_path)
    stored_modules.module_of(scenario, SINGLE)
    assert compiles == [(task_of(scenario).extent, SINGLE)]


def test_what_is_stored_anew_is_what_is_wanted(monkeypatch, tmp_path):
    monkeypatch.setattr(store_modules, "object_code", lambda kernel, extent, lanes: b"code")
    (tmp_path / "2_2_3_1_0123456789abcdef.xz").write_bytes(b"of equations that are gone")
    store_modules.store(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in store_modules.wanted()}
