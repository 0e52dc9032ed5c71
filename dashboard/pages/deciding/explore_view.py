"""Explore the simulations: outcomes against each other and against what separates those that are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.dashboard.charts.number_formats import kind_of
from pushpull.dashboard.charts.simulation_plots import Axis, Panel, document_of
from pushpull.dashboard.compute.compared import scenarios
from pushpull.dashboard.compute.deciding.exploration import (
    MANY,
    Choice,
    Separated,
    choice_of,
    chosen_in,
    drawn,
    explored,
    held_of,
    inputs_shown,
    is_complete,
    outcomes_beside,
)
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.deciding.input_words import kind_of_input, title_of_input, value_of_input
from pushpull.dashboard.pages.figures import along, cell
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import CONDITIONS
from pushpull.discovery import ManyOutcomes
from pushpull.discovery.finding import FEWEST
from pushpull.wording.markup import choice, element
from pushpull.wording.numbers import is_share
from pushpull.wording.palette import palette_of

ROWS = 8
CHANCE = 0.001  # below which a chance is not given exactly


def tools(language: Language, state: State) -> list[Markup]:
    """Which scenario's simulations are looked into, and which of them are chosen."""
    say = language.say
    others = [(key, title) for key, title, _ in scenarios(language, state) if key != "baseline"]
    looked_at = explored(language, state)
    conditions = [(name, say(f"explore.conditions.{name}")) for name in CONDITIONS]
    chosen = choice(say("explore.choose"), "condition", conditions, state.view.condition)
    if looked_at is None:
        return [chosen]
    return [choice(say("explore.of"), "explored", others, looked_at[0]), chosen]


def fragment(language: Language, state: State, findings: Mapping[str, object], dark: bool) -> Markup:
    """What is known so far of the simulations that are chosen, and the places for their pictures."""
    say, looked_at = language.say, explored(language, state)
    if looked_at is None:
        return element("p", say("compare.nothing"), class_="lead")
    scenario = looked_at[2]
    held = held_of(scenario)
    if held is None:
        return element("p", say("explore.running"), class_="lead", id="running", role="status")
    asked = choice_of(scenario, state, held, findings.get("marked"))
    separated = findings.get("separated")
    found = separated if isinstance(separated, Separated) and separated.choice == asked else None
    shown = findings.get("pictured")
    pictured = shown if isinstance(shown, Separated) and is_pictured(shown, asked) else None
    progress = (
        None
        if is_complete(held)
        else say("explore.so_far", done=_count(language, held.asked), whole=_count(language, MANY))
    )
    return element(
        "div",
        element(
            "p",
            sentence(language, state, asked, found, is_complete(held)),
            class_="lead",
            id="explore-sentence",
            role="status",
        ),
        element("p", progress, class_="hint") if progress else None,
        _places(language, state, held, pictured, dark) if pictured is not None else None,
        _table(language, state, found) if found is not None and len(found.found.separation) else None,
        id="explore",
    )


def is_pictured(shown: Separated, asked: Choice) -> bool:
    """Whether a picture is of these simulations: marking some by hand leaves it as it is."""
    return shown.choice._replace(marked=()) == asked._replace(marked=())


def _count(language: Language, number: int) -> str:
    """A number of simulations with all its digits."""
    return language.numbers.figures(float(number), 9)


# In a sentence --------------------------------------------------------------------------------------------------


def sentence(
    language: Language, state: State, asked: Choice, separated: Separated | None, is_whole: bool = True
) -> str:
    """Few limits within which the chosen simulations are dense, with coverage and density; or why there are none.
    Unless these are the whole of them, more may show what these do not."""
    say, share = language.say, language.numbers.share
    what, marked = _condition(language, asked), "_marked" if asked.marked else ""
    if separated is None:
        return say(f"explore.separating{marked}", what=what)
    found = separated.found
    if not found.limits:
        few = min(found.chosen.sum(), (~found.chosen).sum()) < 2 * FEWEST
        if few and not is_whole:
            return say(f"explore.separating{marked}", what=what)
        counts = {"count": _count(language, found.chosen.sum()), "whole": _count(language, len(found.chosen))}
        return say(f"explore.{'too_few' if few else 'nothing'}{marked}", what=what, share=share(found.share), **counts)
    corridor = state.scenario.corridor
    limits = [
        say(
            f"explore.{'above' if each.above else 'below'}",
            title=language.inside(title_of_input(language, corridor, each.name)),
            value=value_of_input(language, each.name, each.value, each.unit),
        )
        for each in found.limits
    ]
    return say(
        f"explore.told{marked}",
        count=len(limits),
        coverage=share(found.coverage),
        density=share(found.density),
        share=share(found.share),
        what=what,
        limits=language.join(limits),
    )


def _condition(language: Language, asked: Choice) -> str:
    """What is so in the chosen simulations."""
    if asked.marked:
        return ""
    return language.say(
        f"explore.is.{asked.condition}",
        outcome=language.inside(language.title(asked.outcome)),
        year=language.numbers.year(asked.year),
    )


# In pictures ----------------------------------------------------------------------------------------------------


def _axes(language: Language, state: State, held: ManyOutcomes, separated: Separated) -> list[tuple[str, str, Axis]]:
    """What the outcome is drawn against: of each its title, the words of its unit, and its axis."""
    asked, cases = separated.choice, separated.found.cases
    outcomes = [
        (language.title(name), _unit_of_change(language, name), change_axis(held, name, asked))
        for name in outcomes_beside(asked.outcome)
    ]
    inputs = [
        (
            title_of_input(language, state.scenario.corridor, name),
            "" if cases.units[name] == "1" else language.numbers.unit_beside(cases.units[name]),
            Axis(name, cases.inputs[name].to_numpy(), kind_of_input(name), False),
        )
        for name in inputs_shown(separated)
    ]
    return [*outcomes, *inputs]


def change_axis(held: ManyOutcomes, name: str, asked: Choice) -> Axis:
    """The change of an outcome by policy."""
    unit = catalogue().outcomes[name].unit
    return Axis(f"change_{name}", held.change_in(name, asked.year)[: asked.drawn], kind_of(unit), True)


def _unit_of_change(language: Language, name: str) -> str:
    unit = catalogue().outcomes[name].unit
    return language.say("main_chart.points") if is_share(unit) else language.numbers.unit_beside(unit)


def key_of_picture(language: Language, separated: Separated, dark: bool) -> str:
    """What a picture depends on, as a short text."""
    rests_on = (*separated.choice, *inputs_shown(separated), dark, language.tag, language.numbers.currency)
    return sha256(repr(rests_on).encode()).hexdigest()[:16]


def picture_of(language: Language, state: State, separated: Separated, dark: bool) -> dict | None:
    """The plots as the browser draws them, with their key; None where the simulations are held no more."""
    looked_at = explored(language, state)
    held = held_of(looked_at[2]) if looked_at is not None else None
    if held is None:
        return None
    up = change_axis(held, separated.choice.outcome, separated.choice)
    axes = _axes(language, state, held, separated)
    panels = [Panel(f"simulations-{place}", across, up) for place, (_, _, across) in enumerate(axes)]
    chosen = chosen_in(held, separated.choice)
    drawn_as = document_of(language, panels, chosen, palette_of(dark))
    return {"key": key_of_picture(language, separated, dark), **drawn_as}


def _places(language: Language, state: State, held: ManyOutcomes, separated: Separated, dark: bool) -> Markup:
    """A place for each plot, under the title of what stands along its horizontal axis."""
    say, asked = language.say, separated.choice
    places = [
        element(
            "figure",
            element("figcaption", element("h3", title, element("small", unit) if unit else None)),
            element("div", class_="brushed", id=f"simulations-{place}", data_live=True, aria_hidden="true"),
            class_="chart", id=f"figure-simulations-{place}", aria_label=title,
        )
        for place, (title, unit, _) in enumerate(_axes(language, state, held, separated))
    ]  # fmt: skip
    values = {
        "outcome": language.inside(language.title(asked.outcome)),
        "unit": _unit_of_change(language, asked.outcome),
        "year": language.numbers.year(asked.year),
        "count": _count(language, drawn(held)),
    }
    return element(
        "div",
        element("p", say("explore.hint", **values), class_="hint"),
        element("div", places, class_="grid thirds"),
        id="explore-pictures", data_simulations=key_of_picture(language, separated, dark),
    )  # fmt: skip


def _table(language: Language, state: State, separated: Separated) -> Markup:
    """What separates the chosen simulations most: medians in them and elsewhere, and how far apart they lie."""
    say, cases, rows = language.say, separated.found.cases, []
    for row in separated.found.separation.head(ROWS).itertuples():
        name, unit = str(row.input), cases.units[str(row.input)]
        medians = [
            cell(value_of_input(language, name, float(value), unit), float(value))
            for value in (row.median_chosen, row.median_others)
        ]
        chance = say("explore.rarely", share=language.numbers.amount(CHANCE, "1")) if row.chance < CHANCE else (
            language.numbers.chance(float(row.chance))
        )  # fmt: skip
        title = title_of_input(language, state.scenario.corridor, name)
        rows.append(
            [title, *medians, cell(language.numbers.figures(float(row.distance), 2), float(row.distance)), chance]
        )
    heads = [say(f"explore.heads.{each}") for each in ("what", "chosen", "others", "distance", "chance")]
    caption = say("explore.table")
    body = along(heads, rows, caption)
    return element("figure", body, class_="chart wide matrix compact", id="figure-separation", aria_label=caption)
