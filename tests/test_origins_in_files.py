"""Origins in a corridor's file: read, refused where they are at fault, and given numbers of their own."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.exporting.xmile import xmile_text
from pushpull.files.faults import ScenarioFaults
from pushpull.scenario.schema import scenario_schema
from tests import strait

ORIGINS = """\
origins:
  upland: {title: The upland, note: "Farms without water"}
  lowland: {title: The lowland}
parameters:
"""


PEOPLE = {"initial_people_at_home": 7.2e7, "initial_young_people": 2.84e7, "initial_people_in_need": 900000}


@pytest.fixture
def file(tmp_path):
    """A scenario of a corridor of one's own whose people are of two origins, half of them each."""
    file = strait.make(tmp_path)
    strait.edit(file, "corridor.yaml", "parameters:\n", ORIGINS)
    for name, count in PEOPLE.items():
        half = f"{name}: {{upland: {count / 2:g}, lowland: {count / 2:g}}}\n"
        strait.edit(file, "corridor.yaml", f"{name}: {count:g}\n", half)
    half = "visitor_overstays: {upland: 10000, lowland: 10000}\n"
    strait.edit(file, "corridor.yaml", "visitor_overstays: 20000\n", half)
    return file


def by_origin(*names: str):
    """The catalogue with some cards that vary over origins."""

    def changed(cards):
        over = dict.fromkeys(names, "origin")
        return {name: dataclasses.replace(card, over=over.get(name, card.over)) for name, card in cards.items()}

    model = catalogue().model
    model = dataclasses.replace(model, context=changed(model.context), parameters=changed(model.parameters))
    return dataclasses.replace(catalogue(), model=model)


def test_a_corridor_names_its_origins(file):
    origins = Scenario.load(file).corridor.origins
    assert [(each.id, each.title, each.note) for each in origins.values()] == [
        ("upland", "The upland", "Farms without water"), ("lowland", "The lowland", ""),
    ]  # fmt: skip
    assert list(Scenario.load("g8_2001").corridor.origins) == ["near", "far"]


def test_two_origins_that_are_alike_give_the_numbers_of_one(file, tmp_path_factory):
    several, alone = (run(Scenario.load(each)) for each in (file, strait.make(tmp_path_factory.mktemp("alone"))))
    assert several.origins == ("upland", "lowland") and alone.origins == ("all",)
    for name in catalogue().outcomes:
        first, second = several.total(name), alone.total(name)
        assert np.allclose(first, second, rtol=1e-9, atol=1e-9 * np.abs(second).max()), name
    for name in ("apprehensions_by_origin", "residents_by_origin"):
        halves = several.by_origin(name)[0]
        assert np.allclose(halves[:, 0], halves[:, 1], rtol=1e-12) and np.all(halves[-1] > 0)
    assert list(several.dataset["origin"].values) == ["upland", "lowland"]
    assert "origin" not in alone.dataset.coords


def test_a_number_and_a_path_are_given_by_origin(file):
    names = ("wish_duration", "conflict_intensity")
    strait.edit(file, "corridor.yaml", 'note: "Farms without water"', "note: dry")
    text = file.read_text(encoding="utf-8")
    more = """
parameters:
  wish_duration: {upland: 2, lowland: 3}
context:
  conflict_intensity:
    upland: {step: {year: 2016, value: 40}}
"""
    file.write_text(text.rstrip() + more, encoding="utf-8")
    scenario = Scenario.load(file, by_origin(*names))
    assert scenario.resolve_parameters(("wish_duration",))[0].reshape(2, 2, -1)[:, 0, 0].tolist() == [2, 3]
    block = scenario.resolve_inputs((), ("conflict_intensity",), 16).whole
    assert block.shape[2] == 2 and block[-1, 2, 0] == 40 != block[-1, 2, 1]
    assert set(scenario.today("conflict_intensity")) == {"upland", "lowland"}
    assert scenario.value_at("conflict_intensity", 2017) == {
        "upland": 40, "lowland": scenario.today("conflict_intensity")["lowland"],
    }  # fmt: skip


def test_an_origin_that_a_corridor_has_not_is_named_with_those_it_has(file):
    file.write_text(
        file.read_text(encoding="utf-8").rstrip() + "\nparameters:\n  wish_duration: {lowlands: 2}\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioFaults) as raised:
        Scenario.load(file, by_origin("wish_duration"))
    (fault,) = raised.value.faults
    assert 'wish_duration has no origin "lowlands"' in str(fault) and "upland" in str(fault) and "lowland" in str(fault)


FAULTS = [
    ("{title: The lowland}", "{note: by the sea}", "title"),
    ("  lowland:", "  Lowland!:", "cannot name an origin"),
    ("  lowland:", "  labour:", "a word of these files"),
    ("  lowland:", "  harbour:", "a route of this corridor"),
    ("origins:\n  upland: {title: The upland, note: \"Farms without water\"}\n  lowland: {title: The lowland}\n",
     "origins: []\n", "at least one named origin"),
    ("  lowland: {title: The lowland}\n", "".join(f"  o{n}: {{title: O}}\n" for n in range(12)), "at most 12"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), FAULTS, ids=[message for *_, message in FAULTS])
def test_a_fault_of_an_origin_is_told_with_its_place(file, old, new, message):
    strait.edit(file, "corridor.yaml", old, new)
    with pytest.raises(ScenarioFaults) as raised:
        Scenario.load(file)
    assert len(raised.value.faults) == 1 and message in str(raised.value) and "corridor.yaml:" in str(raised.value)


def test_the_schema_lets_a_number_be_given_by_origin():
    schema = scenario_schema(by_origin("wish_duration", "conflict_intensity"))
    text = str(schema)
    assert "One setting for each origin named." in text


def test_one_number_for_the_people_of_several_origins_is_refused(file):
    text = file.read_text(encoding="utf-8").rstrip()
    file.write_text(f"{text}\nparameters:\n  initial_young_people: 3.0e+6\n", encoding="utf-8")
    with pytest.raises(ScenarioFaults) as raised:
        Scenario.load(file)
    assert "initial_young_people is one number, and counts the people of each origin" in str(raised.value)
    file.write_text(f"{text}\nparameters:\n  initial_young_people: {{times_today: 2}}\n", encoding="utf-8")
    assert Scenario.load(file).resolve_parameters(("initial_young_people",))[0, 0] == 2.84e7


def test_an_exported_file_has_the_people_of_each_origin(file):
    text = xmile_text(Scenario.load(file))
    assert 'name="people_at_home_upland"' in text and 'name="people_at_home_lowland"' in text
