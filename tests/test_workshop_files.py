"""Files of a workshop: roles of one's own, forms typed into a CSV file, and the command that prints and reads them."""

import csv
import io
import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from pushpull import Scenario
from pushpull.__main__ import main
from pushpull.catalogue import catalogue
from pushpull.files.faults import ScenarioFaults
from pushpull.workshop import read_workshop, teams_on, workshop_from_text
from pushpull.workshop.roles_reader import roles_file
from pushpull.workshop.roles_schema import roles_schema, roles_schema_text
from pushpull.workshop.typed_forms import COLUMNS, blank_forms, proposals_from

SCHEMA = Path(__file__).parent.parent / "scenarios" / "schema" / "workshop.schema.json"
ROLES = roles_file().read_text(encoding="utf-8")
LINES = ROLES.splitlines()


def line_of(text):
    (found,) = [number for number, line in enumerate(LINES, 1) if text in line]
    return found


def changed(old, new):
    assert ROLES.count(old) == 1, old
    return ROLES.replace(old, new)


def role_of(name):
    return next(number for number, line in enumerate(LINES, 1) if line == f"  {name}:")


# Roles ---------------------------------------------------------------------------------------------------------

TITLE = "title: {en: Smugglers, fr: Passeurs}"
SLOTS = "levers: [legal_labour_slots, "
RESCUE = "levers: [rescue_capacity, "
MERGE = "{role: aid_agencies, with: origin_ministry}"
PRESENTER = "presenter: [smugglers, people_on_the_move]"
REVENUE = "{outcome: smuggler_revenue, direction: higher}"

# Each case: what is changed, into what, a text of the line that is at fault (or none), and words that the fault says.
CASES = {
    "a version there is not": ("schema_version: 1", "schema_version: 2", "schema_version: 1", "a whole number from 1"),
    "a title in one language": (TITLE, "title: {en: Smugglers}", TITLE, 'title of the role smugglers lacks "fr"'),
    "a word there is not": (TITLE, f"titel: x\n    {TITLE}", TITLE, 'did you mean "title"?'),
    "a title too long": (TITLE, f"title: {{en: {'x' * 61}, fr: Passeurs}}", TITLE, "at most 60 characters"),
    "a number in a brief": (
        "You sell passages.", "You sell 500 passages.", "You sell passages.", "holds the number 500"),
    "a lever there is not": (SLOTS, "levers: [legal_labor_slots, ", SLOTS, 'did you mean "legal_labour_slots"?'),
    "a lever twice": (SLOTS, f"{SLOTS}legal_labour_slots, ", SLOTS, "names legal_labour_slots more than once"),
    "a lever of nobody": (RESCUE, "levers: [", "  origin_ministry:", "no role moves rescue_capacity"),
    "a lever left out and moved": (
        "left_out: {}", "left_out: {rescue_capacity: {en: No, fr: Non}}", "  origin_ministry:",
        "rescue_capacity is left out, and a role moves it"),
    "a reason for no lever": (
        "left_out: {}", "left_out: {rescue_capacit: {en: No, fr: Non}}", "left_out: {}", 'mean "rescue_capacity"?'),
    "an outcome there is not": (
        REVENUE, "{outcome: smuggler_revenues, direction: higher}", REVENUE, 'mean "smuggler_revenue"?'),
    "a direction there is not": (REVENUE, "{outcome: smuggler_revenue, direction: up}", REVENUE, "higher, lower"),
    "a merge with one that is gone": (
        MERGE, "{role: aid_agencies, with: transit_country}", MERGE, 'with is "transit_country"'),
    "a merge with itself": (MERGE, "{role: aid_agencies, with: aid_agencies}", MERGE, 'with is "aid_agencies"'),
    "too few merges": (f"    - {MERGE}\n", "", "seating:", "seating leaves 3 roles"),
    "a role twice with the presenter": (
        PRESENTER, "presenter: [smugglers, smugglers]", "seating:", "names smugglers more than once"),
    "a role there is not": (PRESENTER, "presenter: [smuggler, people_on_the_move]", PRESENTER, 'mean "smugglers"?'),
    "a name of a role that is none": ("  smugglers:\n", "  Smugglers 2:\n", "  smugglers:", "is no name of a role"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_fault_of_roles_names_its_line_and_what_to_do(case):
    old, new, place, said = CASES[case]
    with pytest.raises(ScenarioFaults) as found:
        workshop_from_text(changed(old, new), "own.yaml")
    faults = [fault for fault in found.value.faults if said in str(fault)]
    assert faults, str(found.value)
    assert all(fault.file == "own.yaml" and fault.in_language("fr") != str(fault) for fault in faults)
    first = role_of("origin_ministry") if place == "  origin_ministry:" else line_of(place)
    assert abs((faults[0].line or 0) - first) <= 1


BUDGET = "readmission_cooperation]\n    budget_share: 0.1\n"


@pytest.mark.parametrize(
    "own, said",
    [
        ("readmission_cooperation]\n", 'the role origin_ministry lacks "budget_share"'),
        ("readmission_cooperation]\n    budget_share: 7\n", "budget_share of the role origin_ministry is 7"),
        (f"{BUDGET}    words_only: {{en: No, fr: Non}}\n", "both or neither of levers and words_only"),
    ],
)
def test_levers_go_with_a_budget_and_with_nothing_else(own, said):
    assert ROLES.count(BUDGET) == 1
    with pytest.raises(ScenarioFaults, match=said):
        workshop_from_text(ROLES.replace(BUDGET, own))


def test_a_role_without_levers_says_why():
    with pytest.raises(ScenarioFaults, match="the role smugglers has both or neither of levers and words_only"):
        workshop_from_text(ROLES[: ROLES.rindex("    words_only:")])


def test_a_file_of_another_kind_is_told_for_what_it_is():
    with pytest.raises(ScenarioFaults, match="this is a policy package, not the roles of a workshop"):
        workshop_from_text("schema_version: 4\nkind: policy\ntitle: x\npolicies: {}\n")


def test_the_published_schema_is_up_to_date_and_takes_what_is_shipped():
    stale = "stale: pushpull export workshop-schema -o scenarios/schema/workshop.schema.json"
    assert SCHEMA.read_text(encoding="utf-8") == roles_schema_text(catalogue()), stale
    validator = jsonschema.Draft202012Validator(roles_schema(catalogue()))
    content = json.loads(json.dumps(YAML(typ="safe", pure=True).load(ROLES)))
    assert list(validator.iter_errors(content)) == []
    content["roles"]["smugglers"]["levers"] = ["asylum_access"]
    assert list(validator.iter_errors(content)) != []


def test_validate_reads_roles_and_tells_faults_in_both_languages(tmp_path, capsys):
    own = tmp_path / "own_roles.yaml"
    own.write_text(changed(SLOTS, "levers: [legal_labor_slots, "), encoding="utf-8")
    assert main(["validate", "scenarios/workshop/roles.yaml"]) == 0
    assert "fine" in capsys.readouterr().out
    assert main(["validate", str(own), "--language", "fr"]) == 2
    assert f"{own}:{line_of(SLOTS)}\u00a0: " in capsys.readouterr().err


# Forms ---------------------------------------------------------------------------------------------------------


@cache
def teams():
    return teams_on(read_workshop(), Scenario.load("g8_2001"), 2037)


def rounds_of(*rows):
    return proposals_from("\n".join((",".join(COLUMNS), *rows)).encode(), "typed.csv", teams())


ROWS = (
    "1,3,interior_ministry,asylum_access,60,We hear claims",
    "1,3,interior_ministry,border_control,1.1,",
    "1,6,aid_agencies,asylum_access,90,",
    "1,8,smugglers,,,We go by the south",
    "2,6,aid_agencies,rescue_capacity,,",
    "2,9,observer,,,Nothing will come of it",
)


def test_typed_forms_become_rounds():
    first, second = rounds_of(*ROWS)
    assert [each.seat for each in first.proposals] == [3, 6, 8] and first.number == 1
    assert first.proposals[0].values == {"asylum_access": 60.0, "border_control": 1.1}
    assert [(role.id, why) for role, why in first.reasons] == [
        ("interior_ministry", "We hear claims"), ("smugglers", "We go by the south")]  # fmt: skip
    assert second.spreads == () and second.number == 2


def test_a_blank_file_names_every_lever_of_every_seat_and_is_read():
    rows = list(csv.DictReader(io.StringIO(blank_forms(teams()))))
    assert {(row["role"], row["lever"]) for row in rows if row["lever"]} == {
        (role.id, lever) for role in teams().roles for lever in role.levers
    }
    (only,) = proposals_from(blank_forms(teams()).encode(), "blank.csv", teams())
    assert len(only.proposals) == len(teams().seats) and only.spreads == ()


BAD = {
    "no number": ("1,6,aid_agencies,asylum_access,60 %,", 'value of asylum_access is "60 %"'),
    "a comma": ('1,6,aid_agencies,asylum_access,"60,5",', "did you mean"),
    "not finite": ("1,6,aid_agencies,asylum_access,nan,", "seat 6: Access to asylum is no number"),
    "out of range": ("1,6,aid_agencies,asylum_access,160,", "seat 6: Access to asylum lies outside 0 to 100"),
    "too dear": ("1,6,aid_agencies,resettlement_places,300000,", "a year over the budget of"),
    "no lever of the role": ("1,6,aid_agencies,border_control,1,", "which this role does not move"),
    "a lever mistyped": ("1,6,aid_agencies,asylum_acess,60,", 'did you mean "asylum_access"?'),
    "no role": ("1,6,aid_agency,asylum_access,60,", 'did you mean "aid_agencies"?'),
    "no round": ("0,6,aid_agencies,asylum_access,60,", "a whole number from 1 to 20"),
    "no seat": ("1,six,aid_agencies,asylum_access,60,", "a whole number from 1 to 200"),
    "a value without a lever": ("1,6,aid_agencies,,60,", "stands without a lever"),
    "too few cells": ("1,6,aid_agencies,asylum_access,60", "the row has 5 cells"),
    "another role": (
        "1,3,aid_agencies,asylum_access,60,",
        "seat 3 plays interior_ministry in this round, from line 2 on",
    ),
    "a lever again": ("1,3,interior_ministry,asylum_access,70,", "a second time for this seat and round"),
    "too much why": (f"1,6,aid_agencies,asylum_access,60,{'x' * 141}", "at most 140 characters"),
}


@pytest.mark.parametrize("case", BAD)
def test_each_fault_of_typed_forms_names_its_line(case):
    row, said = BAD[case]
    with pytest.raises(ScenarioFaults) as found:
        rounds_of(ROWS[0], row)
    (fault,) = found.value.faults
    assert said in str(fault) and (fault.file, fault.line) == ("typed.csv", 3)
    assert fault.in_language("fr") != str(fault)


def test_semicolons_are_told():
    with pytest.raises(ScenarioFaults, match="separated by semicolons"):
        proposals_from(";".join(COLUMNS).encode(), "typed.csv", teams())


# The command ---------------------------------------------------------------------------------------------------


def test_the_command_prints_pages_and_reads_proposals_into_scenarios(tmp_path, capsys):
    folder = tmp_path / "sheets"
    assert main(["workshop", "g8_2001", "--language", "fr", "-o", str(folder)]) == 0
    assert sorted(each.name for each in folder.iterdir()) == [
        "cards.html",
        "forms.html",
        "proposals.csv",
        "results.html",
    ]
    assert '<html lang="fr">' in (folder / "cards.html").read_text(encoding="utf-8")
    typed = tmp_path / "typed.csv"
    typed.write_text("\n".join((",".join(COLUMNS), *ROWS)), encoding="utf-8")
    capsys.readouterr()
    assert main(["workshop", "g8_2001", "--proposals", str(typed), "-o", str(tmp_path / "made")]) == 0
    out = capsys.readouterr().out
    assert "Access to asylum (%)" in out and "Nobody moved a lever." in out and "Smugglers: We go by the south" in out
    made = {each.stem: Scenario.load(each) for each in (tmp_path / "made").iterdir()}
    assert set(made) == {"round_1", "round_1_interior_ministry", "round_1_aid_agencies", "round_2"}
    assert made["round_1"].title == "Round 1" and made["round_1"].policies["asylum_access"].amounts[0].value == 0.75
    assert not made["round_2"].policies
    names = [str(tmp_path / "made" / f"{name}.yaml") for name in ("round_2", "round_1", "round_1_aid_agencies")]
    assert main(["compare", *names]) == 0
    assert "against: Round 1" in capsys.readouterr().out


@pytest.mark.parametrize("options, said", [
    (("--seats", "1"), "--seats"), (("--seats", "201"), "--seats"), (("--rounds", "0"), "--rounds"),
    (("--year", "2027.5"), "--year"), (("--year", "2046"), "--year"), (("-o", "x.pdf"), "x.pdf"),
    (("--roles", "none.yaml"), "none.yaml"), (("--proposals", "none.csv"), "none.csv"),
])  # fmt: skip
def test_what_the_command_cannot_use_is_told_and_nothing_is_written(tmp_path, monkeypatch, capsys, options, said):
    monkeypatch.chdir(tmp_path)
    assert main(["workshop", "g8_2001", *options]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
