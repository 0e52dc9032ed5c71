"""The gallery of outcomes: a wall of miniatures under headings."""

from __future__ import annotations

from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import outcomes_for_cards
from pushpull.wording.markup import element, send

# Outcome groups (see the cards) under the headings of the gallery; a group not named goes under the last.
THEMES = {
    "people": ("protection", "harm"),
    "smuggling": ("smuggling", "routes", "justice"),
    "stay": ("residence", "legal", "labour", "return", "recorded"),
    "origin": ("origin", "opinion", "cost"),
}


def by_theme() -> dict[str, list[str]]:
    """The outcomes of the gallery under their headings."""
    placed: dict[str, list[str]] = {title: [] for title in THEMES}
    for name in outcomes_for_cards():
        group = catalogue().outcomes[name].group
        placed[next((title for title, groups in THEMES.items() if group in groups), "origin")].append(name)
    return placed


def fragment(language: Language, state: State) -> Markup:
    """A wall of miniatures; the one that is chosen is shown large beside them."""
    rows = []
    for title, names in by_theme().items():
        rows.append(element("h3", language.say(f"outcomes.themes.{title}")))
        rows.append(element("div", [_miniature(language, state, name) for name in names], class_="wall"))
    return element("nav", rows, aria_label=language.say("outcomes.gallery_name"))


def _miniature(language: Language, state: State, name: str) -> Markup:
    lines = [
        element("polyline", points="", style=f"stroke: var(--{colour})", fill="none", stroke_width="2")
        for colour in ("baseline", "yours")
    ]
    spark = element("svg", lines, viewBox="0 0 120 34", data_spark=name, aria_hidden="true", preserveAspectRatio="none")
    return element(
        "button",
        spark,
        element("span", language.title(name)),
        type="button",
        id=f"miniature-{name}",
        data_send=send(focus=name),
        aria_pressed=str(name == state.view.focus).lower(),
    )
