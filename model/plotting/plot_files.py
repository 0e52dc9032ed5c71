"""Plots as files: pages by Bokeh, pictures by matplotlib."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import holoviews as hv
from bokeh.embed import components
from bokeh.models import Model
from bokeh.resources import Resources
from markupsafe import Markup

from pushpull.files.atomic import write_whole
from pushpull.wording.markup import element
from pushpull.wording.phrases import ENGLISH

PICTURES = (".svg", ".pdf", ".png")
DOTS_PER_INCH = 144  # of a .png
# Letters stay letters, so that a picture can be searched and its words changed.
LETTERS: Any = {"svg.fonttype": "none", "pdf.fonttype": 42}


def save(plot: Any, path: Path | str) -> Path:
    """Write a plot, whole or not at all: `.html` by Bokeh, with all its scripts inside; `.svg`, `.pdf` or `.png` by
    matplotlib.

    Raises:
        ValueError: for another ending.
        ModuleNotFoundError: for a picture where matplotlib is not installed.
    """
    target = Path(path)
    if target.suffix == ".html":
        return write_whole(target, html_page(hv.render(plot, backend="bokeh"), target.stem))
    if target.suffix not in PICTURES:
        raise ValueError(f"{target.name}: a plot ends in .html, {', '.join(PICTURES[:-1])} or {PICTURES[-1]}")
    if find_spec("matplotlib") is None:
        raise ModuleNotFoundError(f"{target.name}: pictures are drawn by matplotlib, which is not installed")
    import matplotlib

    with matplotlib.rc_context(LETTERS):
        return write_whole(target, lambda part: _draw(plot, part, target.suffix.removeprefix(".")))


def html_page(
    model: Model, title: str, language: str = ENGLISH, has_widgets: bool = False, has_tables: bool = False
) -> str:
    """A page that holds a model of Bokeh and its scripts, and asks nothing of the internet."""
    needed: Any = ["bokeh", *(["bokeh-widgets"] if has_widgets else []), *(["bokeh-tables"] if has_tables else [])]
    scripts = [Markup(f"<script>{each}</script>") for each in Resources(mode="inline", components=needed).js_raw]
    script, place = (Markup(each) for each in components(model))
    head = element("head", Markup('<meta charset="utf-8">'), element("title", title), *scripts)
    return f"<!DOCTYPE html>\n{element('html', head, element('body', place, script), lang=language)}\n"


def _draw(plot: Any, part: Path, form: str) -> None:
    import matplotlib.pyplot

    figure = hv.render(plot, backend="matplotlib")
    figure.savefig(part, format=form, bbox_inches="tight", dpi=DOTS_PER_INCH)
    matplotlib.pyplot.close(figure)
