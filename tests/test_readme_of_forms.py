"""What the README says of the forms of a policy is what they do."""

import re
from pathlib import Path

import pytest

from pushpull import Scenario
from pushpull.files.tree import parse
from pushpull.scenario.schedules import MEANINGS, value_at

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\{?[^`]+)` \| (.+) \|$", README, re.MULTILINE))
FORMS = [form for form in ROWS if form.startswith("{") or form[0].isdigit()]


def path_under(form):
    text = f"schema_version: 4\ntitle: T\ncorridor: us_southwest_border\npolicies: {{asylum_access: {form}}}\n"
    scenario = Scenario.from_text(text)
    return scenario.today("asylum_access"), lambda year: value_at(scenario.path("asylum_access"), year)


def test_every_form_stands_in_the_readme():
    words = {re.match(r"\{(\w+)", form)[1] for form in FORMS if form.startswith("{")}
    assert words == set(MEANINGS) - {"number"}
    for form in FORMS:
        parse(form, "README.md")


@pytest.mark.parametrize("form", FORMS)
def test_until_it_begins_a_form_leaves_today(form):
    today, value = path_under(form)
    begun = min(map(int, re.findall(r"20\d\d", form)), default=2027)
    assert value(begun - 0.01) == today


def test_the_forms_do_what_the_readme_says():
    found = {re.match(r"\{?(\w+)", form)[1]: path_under(form) for form in FORMS}
    today, number = found["0"]
    assert number(2027) == number(2045) == 0.8
    _, times = found["times_today"]
    assert times(2027) == times(2045) == 1.5 * today
    _, step = found["step"]
    assert (step(2029.9), step(2030), step(2045)) == (today, 0.8, 0.8)
    _, ramp = found["ramp"]
    assert ramp(2027) == today and ramp(2029) == pytest.approx((today + 0.8) / 2) and ramp(2045) == 0.8
    _, pulse = found["pulse"]
    assert (pulse(2027.9), pulse(2029), pulse(2030.1)) == (today, 0.8, today)
    _, table = found["table"]
    assert table(2027) == 0.5 and table(2031.5) == pytest.approx(0.65) and table(2045) == 0.8
