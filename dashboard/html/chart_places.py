"""Places for charts on the page: the main one with its switch, the small ones, and what their lines stand for."""

from __future__ import annotations

from markupsafe import Markup

from pushpull.dashboard.charts import theme
from pushpull.dashboard.charts.sources import DIFFERENCE, FOCUS, MAIN, PLACES
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import menu
from pushpull.dashboard.pages.guide.glossary import term
from pushpull.dashboard.state.view import CHARTS
from pushpull.wording.markup import element


def embed(root: str) -> Markup:
    """Where Bokeh puts a root."""
    return Markup(f"{{{{ embed(roots.{root}) }}}}")


def main_chart(words: Language) -> Markup:
    """The chart of the outcome looked at closely: its difference, its levels, or both where there is room."""
    say = words.say
    switch = element(
        "div",
        [
            element("button", say(f"main_chart.show_{name}"), type="button", data_chart=name, aria_pressed="false")
            for name in CHARTS
        ],
        class_="segments", role="group", aria_label=say("main_chart.name"),
    )  # fmt: skip
    why = element("button", words.say("main_chart.why"), type="button", class_="button", data_why=True)
    present = element("button", say("stage.present"), type="button", class_="button", data_present=True,
                      title=f"{say('stage.keys.present')} (F)")  # fmt: skip
    stories = element("button", say("player.stories"), type="button", class_="button", data_stories=True,
                      title=f"{say('stage.keys.stories')} (F, S)")  # fmt: skip
    phones = element("button", say("stage.buttons.room"), type="button", class_="button", data_phones=True,
                     title=f"{say('room.name')} (F, J)")  # fmt: skip
    write = element("button", say("story_editor.write"), type="button", class_="button", data_write_story=True,
                    title=say("story_editor.hint"))  # fmt: skip
    tools = element("div", switch, why, _switch(words), present, stories, phones, write, class_="tools")
    nothing = element("p", words.say("main_chart.nothing"), class_="nothing")
    key = element("span", say("main_chart.key"), class_="key", data_legend_range=True, title=say("main_chart.key"))
    charts = element("div", _chart(words, DIFFERENCE, key, nothing), _chart(words, MAIN), class_="both")
    return element("section", tools, charts, class_="main-chart", aria_label=words.say("main_chart.name"))


def small_charts(words: Language) -> Markup:
    """The charts of the outcomes on the cards, one beside the other."""
    return element(
        "section",
        element("h2", words.say("overview.charts"), class_="row-title"),
        legend(words),
        element("div", [_chart(words, str(place)) for place in range(PLACES)], class_="grid thirds"),
        aria_label=words.say("overview.charts"),
    )


def gallery_chart(words: Language) -> Markup:
    """The large chart of the page of outcomes."""
    return element("div", legend(words), _switch(words), _chart(words, FOCUS), class_="large")


def _switch(words: Language) -> Markup:
    """Whether ensembles are run, for ranges and chances."""
    box = element("input", type="checkbox", data_choose="ranges", checked=True)
    return element("label", box, words.say("charts.ranges"), class_="switch", title=words.say("charts.ranges"))


def _chart(words: Language, place: str, key: Markup | None = None, extra: Markup | None = None) -> Markup:
    """A place for a chart, of which the shell fills in the outcome; `key` stands beside its title, `extra` over it."""
    said = f"summary-{place}"
    return element(
        "figure",
        element("figcaption", element("h3"), key),
        menu(words, words.say("overview.charts")),
        element("div", class_="plot", aria_hidden="true"),
        extra,
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
        _key("range", term("range", say("charts.legend_range")), data_legend_range=True),
        _key("baseline", term("baseline", say("baseline"))),
        _key("untouched", term("as_things_stand", say("untouched")), data_legend_untouched=True),
        _key("recorded", term("recorded", say("charts.legend_recorded"))),
        _key("history", term("on_record", say("charts.legend_history")), data_legend_history=True),
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
