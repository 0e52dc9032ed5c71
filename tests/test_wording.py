"""What is said of the model and how: templates that escape, one palette, one formatter of numbers."""

import jinja2
import pytest
from markupsafe import Markup

from pushpull.wording import palette, templates


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
