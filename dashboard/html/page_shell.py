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
from pushpull.dashboard.charts import theme
from pushpull.dashboard.charts.sources import FOCUS, PLACES
from pushpull.dashboard.components.base import IMPORT_MAP, Component
from pushpull.dashboard.i18n.texts import LANGUAGES, Language, language
from pushpull.dashboard.pages.figures import menu
from pushpull.dashboard.state.view import PAGES
from pushpull.wording import palette
from pushpull.wording.markup import element
from pushpull.wording.templates import render

FOLDER = Path(__file__).parent
STYLE = (FOLDER / "page.css").read_text(encoding="utf-8")

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
    return frozenset(map(frame_script, LANGUAGES))


@cache
def template(code: str) -> Template:
    """The page in a language, as a Jinja template with a root for each chart and for each component; read once.

    `page.html.j2` makes it: what its text holds is put in there, what Bokeh puts in is left open.
    """
    text = render(
        FOLDER,
        "page.html.j2",
        script=frame_script(code),
        import_map=IMPORT_MAP,
        style=palette.style_sheet() + STYLE,
        drawing=svg.STYLE,
        body=_body(language(code)),
    )
    return get_env().from_string(text)


class Page(pn.Template):
    """A page whose charts are plain roots of its document, all added at once.

    Panel adds root after root, and Bokeh goes through every model at each; that alone would take seconds.
    """

    def __init__(self, words: Language, components: Mapping[str, Component], charts: Mapping[str, Model]):
        super().__init__(template(words.code), items=dict(components))
        self._charts = charts
        self.title = words.say("page.title")

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
            for name, chart in self._charts.items():
                chart.name = root_name(name)
                document.add_root(chart)
        return document


def drop_foreign_sheets(root: Model) -> None:
    """Leave to a component its own style sheets only: Panel's are not needed, and may lie on another host."""
    for model in root.references():
        if isinstance(model, StyledElement) and model.stylesheets:
            model.stylesheets = [sheet for sheet in model.stylesheets if not isinstance(sheet, ImportedStyleSheet)]


def root_name(place: str) -> str:
    """The name of a chart's root in the template."""
    return f"chart_{place}"


def _embed(root: str) -> Markup:
    return Markup(f"{{{{ embed(roots.{root}) }}}}")


def _body(words: Language) -> Markup:
    say = words.say
    head = element(
        "header",
        element(
            "div",
            element("span", say("page.name"), class_="name"),
            element("h1", id="corridor-title"),
            element("span", say("page.illustrative"), class_="badge", id="illustrative", hidden=True,
                    title=say("page.illustrative_meaning")),
            class_="masthead",
        ),
        element("p", class_="question", id="question"),
        _embed("toolbar"),
        class_="top",
    )  # fmt: skip
    side = element(
        "aside",
        element("div", _embed("levers"), class_="panel"),
        element("div", _embed("context"), class_="panel context"),
        element("div", _fragment("assumptions"), class_="panel assumptions"),
        class_="side", id="levers", tabindex="-1", aria_label=say("levers.title"),
    )  # fmt: skip
    tabs = [
        element("button", say(f"page.pages.{name}"), type="button", role="tab", id=f"tab-{name}", data_page=name,
                aria_controls=f"panel-{name}", aria_selected="false")
        for name in PAGES
    ]  # fmt: skip
    panels = {
        "overview": [element("div", _embed("headlines"), class_="headline"), _over_time(words)],
        "outcomes": [
            _fragment("parts"),
            _gallery(words),
            *(_part(each) for each in ("routes", "factors", "recorded", "diagram")),
        ],
        "compare": _fragment("compare"),
        "why": _fragment("why"),
        "evidence": _fragment("evidence"),
    }
    main = element(
        "main",
        element("div", class_="notices", id="notices"),
        element("div", tabs, class_="tabs", role="tablist", aria_label=say("page.views")),
        [
            element("section", content, role="tabpanel", id=f"panel-{name}", aria_labelledby=f"tab-{name}", hidden=True)
            for name, content in panels.items()
        ],
        _embed("shell"),
    )
    skip = element("a", say("page.skip"), class_="skip", href="#levers")
    return Markup("").join([skip, *_connections(words), head, element("div", side, main, class_="shell")])


def _connections(words: Language) -> list[Markup]:
    """What is said of a connection that never came about, and of one that is lost."""
    say = words.say
    ways = [
        element("a", say("page.again"), href="", class_="button"),
        element("a", say("page.unconnected_plain"), href=f"?language={words.code}", class_="button", data_plain=True),
    ]
    told = [element("p", content) for content in (say("page.unconnected"), ways, say("page.unconnected_why"))]
    never = element(
        "div", element("div", told),
        class_="notice unconnected", id="unconnected", role="alert", hidden=True,
    )  # fmt: skip
    return [never, element("div", class_="connection", id="connection", role="alert", hidden=True)]


def _fragment(name: str) -> Markup:
    return element("div", data_fragment=name)


def _part(name: str) -> Markup:
    return element("div", _fragment(name), data_part=name, hidden=True)


def _over_time(words: Language) -> Markup:
    return element(
        "section",
        element("h2", words.say("overview.charts"), class_="row-title"),
        legend(words),
        _switch(words),
        element("div", [_chart(words, str(place)) for place in range(PLACES)], class_="grid thirds"),
        aria_label=words.say("overview.charts"),
    )


def _gallery(words: Language) -> Markup:
    large = element("div", legend(words), _switch(words), _chart(words, FOCUS), class_="large")
    return element("div", large, _fragment("gallery"), data_part="gallery", class_="gallery", hidden=True)


def _switch(words: Language) -> Markup:
    """Whether ensembles are run, for ranges and chances."""
    box = element("input", type="checkbox", data_choose="ranges", checked=True)
    return element("label", box, words.say("charts.ranges"), class_="switch")


def _chart(words: Language, place: str) -> Markup:
    """A place for a chart: the shell fills in which outcome it shows."""
    said = f"summary-{place}"
    return element(
        "figure",
        element("figcaption", element("h3")),
        menu(words, words.say("overview.charts")),
        element("div", _embed(root_name(place)), class_="plot", aria_hidden="true"),
        element("p", class_="summary", id=said),
        element(
            "details",
            element("summary", words.say("page.data")),
            element("div", class_="table", tabindex="0"),
            class_="data",
        ),
        class_="chart", id=f"figure-{place}", data_place=place, aria_describedby=said,
    )  # fmt: skip


_KEYS = {
    "yours": ("yours", theme.SOLID, 2.4),
    "baseline": ("baseline", theme.SOLID, 2),
    "untouched": ("baseline", theme.AS_THINGS_STAND, 1.5),
    "recorded": ("yours", theme.AS_RECORDED, 1.2),
}


def legend(words: Language) -> Markup:
    """What the lines, the dots and the ranges of the charts stand for."""
    say = words.say
    entries = [
        _key("yours", say("yours"), data_legend_yours=True),
        _key("range", say("charts.legend_range"), data_legend_range=True),
        _key("baseline", say("baseline")),
        _key("untouched", say("untouched"), data_legend_untouched=True),
        _key("recorded", say("charts.legend_recorded")),
        _key("history", say("charts.legend_history"), data_legend_history=True),
        _key("mark", say("charts.legend_mark")),
    ]
    return element("ul", entries, class_="legend")


def _key(kind: str, words: str, **attributes: object) -> Markup:
    if kind == "history":
        drawn = element("circle", cx="14", cy="5", r="3", style="fill: var(--history)")
    elif kind == "range":
        drawn = element("rect", x="0", y="0", width="28", height="10", style="fill: var(--yours); fill-opacity: 0.25")
    elif kind == "mark":
        drawn = element("line", x1="14", x2="14", y1="0", y2="10", style="stroke: var(--muted); stroke-dasharray: 3 3")
    else:
        colour, dash, width = _KEYS[kind]
        pattern = " ".join(map(str, dash)) or "none"
        look = f"stroke: var(--{colour}); stroke-width: {width}; stroke-dasharray: {pattern}"
        drawn = element("line", x1="0", x2="28", y1="5", y2="5", style=look)
    return element("li", element("svg", drawn, width="28", height="10", aria_hidden="true"), words, **attributes)
