"""The page around the components: plain HTML with landmarks and headings, that holds components and charts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

import panel as pn
from bokeh.document import Document
from bokeh.model import Model

from dashboard import text, theme, views
from dashboard.components import Component
from model.catalogue import Outcome, catalogue

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")

# Before anything is drawn: the theme chosen last, or the one the system asks for.
_THEME_SCRIPT = """
(() => {
  const chosen = /(?:^|; )pushpull_theme=(dark|light)/.exec(document.cookie)?.[1];
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = chosen ?? system;
})();
"""

_FRAME = """
{{% extends base %}}
{{% block postamble %}}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<script>{script}</script>
<style>{variables}{style}</style>
{{% endblock %}}
{{% block contents %}}
<a class="skip" href="#levers">{skip}</a>
<header class="top">
  <div class="masthead">
    <span class="name">{name}</span>
    <h1 id="corridor-title"></h1>
    <span class="badge" id="illustrative" title="{illustrative_meaning}" hidden>{illustrative}</span>
  </div>
  <p class="question" id="question"></p>
  {{{{ embed(roots.toolbar) }}}}
</header>
<div class="shell">
  <aside class="side" id="levers" tabindex="-1" aria-label="{levers}">
    <div class="panel">{{{{ embed(roots.levers) }}}}</div>
    <div class="panel context">{{{{ embed(roots.context) }}}}</div>
  </aside>
  <main>
    <div class="notices" id="notices"></div>
    <div class="headline">{{{{ embed(roots.headlines) }}}}</div>
    <div class="tabs" role="tablist" aria-label="{views}">{tabs}</div>
    <div class="views">{panels}{{{{ embed(roots.bridge) }}}}</div>
  </main>
</div>
{{% endblock %}}
"""


@cache
def template() -> str:
    """The page as a Jinja template with a root for each chart and for each component."""
    panels = {"outcomes": _outcomes(), "routes": _routes(), "recorded": _recorded()}
    return _FRAME.format(
        script=_THEME_SCRIPT,
        variables=theme.style_sheet(),
        style=STYLE,
        skip=escape(text.SKIP),
        name=escape(text.NAME),
        illustrative=escape(text.ILLUSTRATIVE),
        illustrative_meaning=escape(text.ILLUSTRATIVE_MEANING),
        levers=escape(text.LEVERS),
        views=escape(text.VIEWS),
        tabs="".join(_tab(name) for name in text.TABS),
        panels="".join(_panel(name, content) for name, content in panels.items()),
    )


class Page(pn.Template):
    """A page whose charts are plain roots of its document, all added at once.

    Panel adds root after root, and Bokeh goes through every model at each; that alone would take seconds.
    """

    def __init__(self, components: Mapping[str, Component], charts: Mapping[str, Model]):
        super().__init__(template(), items=dict(components))
        self._charts = charts
        self.title = text.TITLE

    def server_doc(self, doc: Document | None = None, title: str | None = None, location=True) -> Document:
        """Put the page into a document."""
        document = doc or pn.state.curdoc
        with document.models.freeze():
            super().server_doc(document, title, location)
            for name, chart in self._charts.items():
                chart.name = root_name(name)
                document.add_root(chart)
        return document


def root_name(chart: str) -> str:
    """The name of a chart's root in the template."""
    return "chart_" + chart.replace(":", "_")


def _tab(name: str) -> str:
    return (
        f'<button type="button" role="tab" id="tab-{name}" data-tab="{name}" aria-controls="panel-{name}" '
        f'aria-selected="false">{escape(text.TABS[name])}</button>'
    )


def _panel(name: str, content: str) -> str:
    return f'<section role="tabpanel" id="panel-{name}" aria-labelledby="tab-{name}" hidden>{content}</section>'


def _plot(chart: str) -> str:
    return f'<div class="plot" aria-hidden="true">{{{{ embed(roots.{root_name(chart)}) }}}}</div>'


def _outcomes() -> str:
    known = catalogue().outcomes
    placed: dict[str, list[Outcome]] = {title: [] for title, _ in text.THEMES}
    for outcome in known.values():
        last = text.THEMES[-1][0]
        placed[next((title for title, groups in text.THEMES if outcome.group in groups), last)].append(outcome)
    parts = [
        '<ul class="legend">',
        _key("yours", text.YOURS),
        _key("baseline", text.BASELINE),
        _key("untouched", text.UNTOUCHED, "data-legend-untouched hidden"),
        _key("recorded", text.AS_RECORDED),
        _key("history", text.RECORDED, "data-legend-history hidden"),
        _key("mark", text.POLICY_MARK),
        "</ul>",
    ]
    for title, outcomes in placed.items():
        if outcomes:
            parts += [
                f'<h3 class="theme">{escape(title)}</h3><div class="grid">',
                *map(_outcome, outcomes),
                "</div>",
            ]
    return "".join(parts)


def _outcome(outcome: Outcome) -> str:
    extra = '<ul class="legend" data-legend="routes"></ul>' if outcome.id == "route_share" else ""
    return _chart(f"outcome:{outcome.id}", outcome.title, views.words_of(outcome), outcome.meaning, extra=extra)


def _chart(name: str, title: str, unit: str, meaning: str, extra: str = "", plots: str = "") -> str:
    said = f"summary-{name}"
    return (
        f'<figure class="chart" role="group" id="{name}" aria-label="{escape(title)}" '
        f'aria-describedby="{said}">'
        f'<figcaption><h4 title="{escape(meaning)}">{escape(title)}<small>{escape(unit)}</small></h4>'
        f"</figcaption>{extra}{plots or _plot(name)}"
        f'<p class="summary" id="{said}"></p><details data-table="{name}"><summary>{escape(text.DATA)}</summary>'
        '<div class="table" tabindex="0"></div></details></figure>'
    )


def _routes() -> str:
    variables = catalogue().model.variables
    charts = []
    for name, title in text.ROUTE_CHARTS.items():
        plots = "".join(
            f"<div><h5>{escape(words)}</h5>{_plot(f'route:{name}:{whose}')}</div>"
            for whose, words in (("baseline", text.BASELINE), ("yours", text.YOURS))
        )
        unit = views.unit_of(variables[name].unit)
        plots = f'<div class="side-by-side">{plots}</div>'
        charts.append(_chart(f"route:{name}", title, unit, title, plots=plots))
    return (
        f'<p class="hint">{escape(text.ROUTES_HINT)}</p>'
        '<div class="gateways" id="gateways" tabindex="0"></div>'
        '<ul class="legend" data-legend="routes"></ul>'
        f'<div class="grid pairs">{"".join(charts)}</div>'
    )


def _recorded() -> str:
    variables = catalogue().model.variables
    charts = [
        _chart(
            f"recorded:{true}",
            text.PAIRS[true][0],
            views.unit_of(variables[true].unit),
            text.PAIRS[true][1],
            extra=f'<p class="summary">{escape(text.PAIRS[true][1])}</p>',
        )
        for true, _ in views.PAIRS
    ]
    keys = (
        _key("yours", f"{text.YOURS}: {text.TRUE.lower()}"),
        _key("yours-recorded", f"{text.YOURS}: {text.AS_RECORDED.lower()}"),
        _key("baseline", f"{text.BASELINE}: {text.TRUE.lower()}"),
        _key("baseline-recorded", f"{text.BASELINE}: {text.AS_RECORDED.lower()}"),
        _key("history", text.RECORDED, "data-legend-history hidden"),
    )
    return (
        f'<p class="hint">{escape(text.RECORDED_HINT)}</p><ul class="legend">{"".join(keys)}</ul>'
        f'<div class="grid pairs">{"".join(charts)}</div>'
    )


_KEYS = {
    "yours": ("yours", theme.SOLID, 2.4),
    "baseline": ("baseline", theme.SOLID, 2),
    "untouched": ("baseline", theme.AS_THINGS_STAND, 1.5),
    "recorded": ("yours", theme.AS_RECORDED, 1.2),
    "yours-recorded": ("yours", theme.AS_RECORDED, 2.4),
    "baseline-recorded": ("baseline", theme.AS_RECORDED, 1.6),
}


def _key(kind: str, words: str, attributes: str = "") -> str:
    if kind == "history":
        drawn = (
            '<svg width="12" height="8" aria-hidden="true">'
            '<circle cx="6" cy="4" r="3" style="fill: var(--history)"/></svg>'
        )
    elif kind == "mark":
        drawn = (
            '<svg width="8" height="14" aria-hidden="true"><line x1="4" x2="4" y1="0" y2="14" '
            'style="stroke: var(--muted); stroke-dasharray: 3 3"/></svg>'
        )
    else:
        colour, dash, width = _KEYS[kind]
        pattern = " ".join(map(str, dash)) or "none"
        drawn = (
            '<svg width="28" height="8" aria-hidden="true"><line x1="0" x2="28" y1="4" y2="4" '
            f'style="stroke: var(--{colour}); stroke-width: {width}; stroke-dasharray: {pattern}"/></svg>'
        )
    return f"<li {attributes}>{drawn}{escape(words)}</li>"
