"""What is said of the model and how: templates that escape, one palette, one formatter of numbers."""

import jinja2
import pytest
from markupsafe import Markup

from pushpull.commands import console
from pushpull.wording import palette, templates
from pushpull.wording.docstrings import docstring
from pushpull.wording.numbers import numbers_of
from tests.test_house import ROOT


@pytest.fixture
def folder(tmp_path):
    text = "<p>{{ title }}</p>\n{% for each in rows %}\n<i>{{ each }}</i>\n{% endfor %}"
    (tmp_path / "page.html.j2").write_text(text)
    (tmp_path / "page.md.j2").write_text("# {{ title }}\n")
    return tmp_path


def test_a_document_escapes_what_is_not_markup(folder):
    text = templates.render(folder, "page.html.j2", title="<script>", rows=["a & b", Markup("<b>c</b>")])
    assert text == "<p>&lt;script&gt;</p>\n<i>a &amp; b</i>\n<i><b>c</b></i>\n"


def test_markdown_is_not_escaped(folder):
    assert templates.render(folder, "page.md.j2", title="a < b") == "# a < b\n"


def test_a_name_that_is_not_given_is_an_error(folder):
    with pytest.raises(jinja2.UndefinedError, match="rows"):
        templates.render(folder, "page.html.j2", title="")


def test_both_themes_name_the_same_properties():
    light, dark = (
        [pair.split(":")[0] for pair in palette.variables(colours).split("; ")]
        for colours in (palette.palette_of(False), palette.palette_of(True))
    )
    assert light == dark and "--yours" in light and "--route-0" in light
    assert palette.palette_of(True) is palette.DARK


@pytest.mark.parametrize(
    "value, number, given",
    [
        (0, "0", "0"),
        (14_321.0, "14,300", "14,321"),
        (407_095, "407,000", "407,095"),
        (1_234_567, "1.23 million", "1.23457 million"),
        (-2e9, "-2 billion", "-2 billion"),
        (0.0123456, "0.0123", "0.0123"),
        (1.2e-7, "1.20e-07", "1.20e-07"),
        (None, "\u2013", "\u2013"),
        (float("nan"), "\u2013", "\u2013"),
    ],
)
def test_a_number_on_the_command_line(value, number, given):
    assert console.number(value) == number
    assert console.given(value) == given


@pytest.mark.parametrize(
    "value, change, percent",
    [
        (0, "0", "0 %"),
        (-0.0512, "-0.0512", "-5.1 %"),
        (0.536, "+0.536", "+54 %"),
        (1e-4, "+0.0001", "up by less than 0.1 %"),
        (float("inf"), "\u2013", "\u2013"),
    ],
)
def test_a_difference_on_the_command_line(value, change, percent):
    assert console.change(value) == change
    assert console.percent(value) == percent


@pytest.mark.parametrize(
    "share, text", [(0.456, "46 %"), (-0.034, "-3 %"), (0.0, "0 %"), (-0.001, "0 %"), (1.2, "120 %")]
)
def test_a_share_on_the_command_line(share, text):
    assert console.share(share) == text


@pytest.mark.parametrize("value", [0, 1.5, -14_321, 2.5e6, -3.4e9, 1e-5])
@pytest.mark.parametrize("unit", ["1", "person/year", "USD/year"])
def test_the_command_line_writes_numbers_as_the_page_does_but_for_two_signs(value, unit):
    page, terminal = numbers_of("en"), numbers_of("en", plain=True)
    for write in (page.amount, page.full, page.difference):
        other = getattr(terminal, write.__name__)(value, unit)
        assert write(value, unit).replace("\u2212", "-").replace("\u00a0", " ") == other


@pytest.mark.parametrize(
    "text, meaning, source",
    [
        ("Fees paid.", "Fees paid.", ""),
        ("Fees paid. Source: gathmann_2008, page 3.", "Fees paid.", "gathmann_2008, page 3"),
        ("Fees paid. Assumption: linear.", "Fees paid.", "Assumption: linear"),
        ("Sources of income. Source: a; b.", "Sources of income.", "a; b"),
    ],
)
def test_a_docstring_comes_apart_into_meaning_and_source(text, meaning, source):
    assert (docstring(text).meaning, docstring(text).source) == (meaning, source)


TEMPLATES = [path for folder in ("model", "dashboard") for path in (ROOT / folder).rglob("*.j2")]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_can_be_read(path):
    assert templates.environment(path.parent).get_template(path.name)
