"""The page around the components: five pages under one head, places for charts and for fragments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import panel as pn
from bokeh.document import Document
from bokeh.model import Model
from bokeh.models import ImportedStyleSheet
from bokeh.models.ui.ui_element import StyledElement
from jinja2 import Template
from markupsafe import Markup
from panel.io.location import Location
from panel.io.resources import get_env

from pushpull import svg
from pushpull.dashboard.components.base import SCRIPT_OF_COMPONENTS, Component
from pushpull.dashboard.html.chart_places import embed, gallery_chart, main_chart, small_charts
from pushpull.dashboard.i18n.texts import LANGUAGES, VARIANTS, Language, language
from pushpull.dashboard.pages.guide import first_visit, glossary
from pushpull.dashboard.state.view import PAGES, PARTS
from pushpull.wording import palette
from pushpull.wording.markup import element
from pushpull.wording.templates import render

FOLDER = Path(__file__).parent
STYLE = "".join(
    (FOLDER / name).read_text(encoding="utf-8")
    for name in (
        "page.css",
        "../pages/deciding/deciding.css",
        "guide.css",
        "stage.css",
        "ask.css",
        "room.css",
        "picture.css",
        "story_editor.css",
        "narrow.css",
        "forced.css",
    )
)

# Before anything is drawn: the theme chosen last, or the one the system asks for.
THEME_SCRIPT = """
(() => {
  const chosen = /(?:^|; )pushpull_theme=(dark|light)/.exec(document.cookie)?.[1];
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = chosen ?? system;
  document.documentElement.lang = LANGUAGE;
})();
"""


def theme_script(code: str) -> str:
    """The script of any page in a language."""
    return THEME_SCRIPT.replace("LANGUAGE", repr(code))


# What comes before the components, and where they never come: see the file.
ARRIVAL_SCRIPT = (FOLDER / "arrival.js").read_text(encoding="utf-8")


def frame_script(code: str) -> str:
    """The script of the simulator's page, and of one that waits for it, in a language."""
    return theme_script(code) + ARRIVAL_SCRIPT


@cache
def frame_scripts() -> frozenset[str]:
    """The script of the simulator's page in each language."""
    return frozenset(map(frame_script, (*LANGUAGES, *VARIANTS)))


@cache
def template(code: str) -> Template:
    """The page in a language, as a Jinja template with a root for each component; read once.

    `page.html.j2` makes it: what its text holds is put in there, what Bokeh puts in is left open.
    """
    text = render(
        FOLDER,
        "page.html.j2",
        script=frame_script(code),
        module=SCRIPT_OF_COMPONENTS,
        style=palette.style_sheet() + STYLE,
        drawing=svg.STYLE,
        body=_body(language(code)),
    )
    return get_env().from_string(text)


class Page(pn.Template):
    """A page whose charts hang on its shell, which builds each in the browser where it is to be seen.

    Panel adds root after root, and Bokeh goes through every model at each: here all are added at once.
    """

    def __init__(self, words: Language, components: Mapping[str, Component], charts: Mapping[str, Model]):
        super().__init__(template(words.tag), items=dict(components))
        self._charts = charts
        self.title = words.say("page.title")

    def __repr__(self) -> str:
        """Its kind alone: Panel writes a page out with each callback, and all models of all its roots would be told."""
        return type(self).__name__

    def server_doc(
        self, doc: Document | None = None, title: str | None = None, location: bool | Location = True
    ) -> Document:
        """Put the page into a document; raises ValueError where there is none."""
        document = doc or pn.state.curdoc
        if document is None:
            raise ValueError("there is no document to put the page into")
        with document.models.freeze():
            super().server_doc(document, title, location)
            for root in document.roots:
                drop_foreign_sheets(root)
            (shell,) = (root for root in document.roots if root.name == "shell")
            shell.tags = [*self._charts.values()]
        return document


def drop_foreign_sheets(root: Model) -> None:
    """Leave to a component its own style sheets only: Panel's are not needed, and may lie on another host."""
    for model in root.references():
        if isinstance(model, StyledElement) and model.stylesheets:
            model.stylesheets = [sheet for sheet in model.stylesheets if not isinstance(sheet, ImportedStyleSheet)]


def _body(words: Language) -> Markup:
    say = words.say
    head = element(
        "header",
        element("span", say("page.name"), class_="name"),
        element("button", "?", type="button", id="open-help", class_="round", aria_label=say("guide.help"),
                title=say("guide.help"), aria_haspopup="dialog"),
        element("h1", id="corridor-title", class_="unseen"),
        element("span", say("page.illustrative"), class_="badge", id="illustrative", hidden=True,
                title=say("page.illustrative_meaning")),
        embed("toolbar"),
        class_="top", id="head",
    )  # fmt: skip
    side = element(
        "aside",
        _search(words),
        element("div", embed("levers"), class_="panel"),
        element("div", embed("context"), class_="panel context"),
        element("div", _fragment("assumptions"), class_="panel assumptions"),
        class_="side", id="levers", tabindex="-1", aria_label=say("levers.title"),
    )  # fmt: skip
    sheet = element("button", say("side.sheet"), type="button", id="sheet", class_="button", aria_controls="levers",
                    aria_expanded="false")  # fmt: skip
    tabs = [
        element("button", say(f"page.pages.{name}"), type="button", role="tab", id=f"tab-{name}", data_page=name,
                aria_controls=f"panel-{name}", aria_selected="false")
        for name in PAGES
    ]  # fmt: skip
    panels = {
        "overview": [element("div", embed("headlines"), class_="headline"), main_chart(words), small_charts(words)],
        "outcomes": [
            _fragment("parts"),
            element(
                "div", gallery_chart(words), _fragment("gallery"), data_part="gallery", class_="gallery", hidden=True
            ),
            *(_part(each) for each in PARTS if each != "gallery"),
        ],
        "compare": _fragment("compare"),
        "why": _fragment("why"),
        "evidence": _fragment("evidence"),
    }
    main = element(
        "main",
        element(
            "div",
            element("div", tabs, class_="tabs", role="tablist", aria_label=say("page.views")),
            element("p", class_="question", id="question"),
            class_="place",
        ),
        first_visit.frame(words),
        element("div", class_="notices", id="notices"),
        [
            element("section", content, role="tabpanel", id=f"panel-{name}", aria_labelledby=f"tab-{name}", hidden=True)
            for name, content in panels.items()
        ],
        embed("shell"),
        glossary.meanings(words),
    )
    skip = element("a", say("page.skip"), class_="skip", href="#levers")
    stage = element("section", id="stage", tabindex="-1", hidden=True, aria_label=say("stage.title"))
    writing = element("aside", id="story-editor", hidden=True, aria_label=say("story_editor.title"))
    shell = element("div", side, main, writing, class_="shell")
    return Markup("").join([skip, *_connections(words), head, shell, stage, sheet])


def _search(words: Language) -> Markup:
    """The box that finds a lever or an outcome by any word."""
    box = element("input", type="search", id="find", placeholder=words.say("side.find"), autocomplete="off",
                  aria_label=words.say("side.find"), aria_controls="found", maxlength="80")  # fmt: skip
    return element(
        "div", box, element("ul", id="found", hidden=True, aria_label=words.say("side.found")), class_="finder"
    )


def _connections(words: Language) -> list[Markup]:
    """What is said until the page is there, of a connection that never came about, and of one that is lost."""
    say = words.say
    ways = [
        element("a", say("page.again"), href="", class_="button"),
        element("a", say("page.unconnected_plain"), href=f"?language={words.tag}", class_="button", data_plain=True),
    ]
    told = [element("p", content) for content in (say("page.unconnected"), ways, say("page.unconnected_why"))]
    never = element(
        "div", element("div", told),
        class_="notice unconnected", id="unconnected", role="alert", hidden=True,
    )  # fmt: skip
    coming = element("p", say("page.loading"), class_="loading", role="status")
    return [never, coming, element("div", class_="connection", id="connection", role="alert", hidden=True)]


def _fragment(name: str) -> Markup:
    return element("div", data_fragment=name)


def _part(name: str) -> Markup:
    return element("div", _fragment(name), data_part=name, hidden=True)
