"""Robust choice: packages held against one another, simulation by simulation; harm is marked whatever the rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from pushpull.analysis import RobustChoice
from pushpull.analysis.stated_change import CLEAR, MAY_GET_WORSE
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.compared import OF_THE_PAGE, colour_of_option, scenarios
from pushpull.dashboard.compute.deciding.page_choice import PageChoice, key_of, packages_of
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.deciding import target_fields
from pushpull.dashboard.pages.figures import along, cell, figure
from pushpull.dashboard.state.state import State
from pushpull.svg import RankLine, rank_lines
from pushpull.wording.markup import element, table

BASELINE_ROW = 0
IN_UNIT = ("expected", "worst", "regret_p90", "largest_regret")  # columns of the table in the unit of the outcome


@dataclass(frozen=True)
class Shown:
    """A package as the page shows it."""

    title: str
    colour: str


def fragment(language: Language, state: State, findings: Mapping[str, object]) -> Markup:
    """The targets to set, and the choice as far as it has been worked out."""
    say = language.say
    baseline, packages, apart = packages_of(language, state)
    if not packages:
        return element("p", say("robust.no_package" if apart else "compare.nothing"), class_="lead")
    held = findings.get("robust")
    key = key_of(baseline, packages, state)
    is_there = isinstance(held, PageChoice) and held.key == key
    return element(
        "div",
        target_fields.fields(language, state),
        element("p", say("robust.apart", titles=language.join(apart)), class_="hint") if apart else None,
        _choice(language, state, held, len(packages))
        if isinstance(held, PageChoice) and is_there
        else element("p", say("robust.running"), class_="lead", id="running", role="status"),
    )


def _choice(language: Language, state: State, held: PageChoice, packages: int) -> Markup:
    say, name = language.say, state.view.focus
    shown = shown_packages(language, state, held.found)
    if name not in held.found.metrics:
        reason = say("robust.neither", outcome=language.title(name))
        return element("div", element("p", reason, class_="lead"), _targets(language, held.found, shown))
    return element(
        "div",
        element("p", sentence(language, state, held.found, shown), class_="lead", id="robust-sentence"),
        element("p", say("robust.hint", members=held.found.members), class_="hint"),
        _metrics(language, state, held.found, shown),
        _ranking(language, state, held.found, shown),
        _targets(language, held.found, shown),
        _dominated(language, held.found, shown),
        id="robust",
    )


def shown_packages(language: Language, state: State, found: RobustChoice) -> list[Shown]:
    """The packages of a choice in its order, as the comparison shows them: the baseline first."""
    shown, others = {}, 0
    for key, title, _ in scenarios(language, state):
        colour = key if key in OF_THE_PAGE else colour_of_option(others)
        others += key not in OF_THE_PAGE
        shown[key] = Shown(title, colour)
    return [shown["baseline"], *(shown[label] for label in found.labels[1:])]


# In words -------------------------------------------------------------------------------------------------------


def sentence(language: Language, state: State, found: RobustChoice, shown: list[Shown]) -> str:
    """Which package regrets least by the outcome that is looked at, whether attitude changes the ranking, and the harm
    that this package raises."""
    say, own = language.say, found.metrics[state.view.focus]
    least = own.least_regret
    unit = catalogue().outcomes[state.view.focus].unit
    said = [
        say(
            "robust.least_regret",
            package=shown[least].title,
            outcome=language.inside(language.title(state.view.focus)),
            year=language.numbers.year(state.year),
            regret=language.numbers.full(float(own.largest_regret[least]), unit),
        )
    ]
    firsts = [int(ranks.argmin()) for ranks in own.ranks]
    if firsts[0] != firsts[-1]:
        names = {"pessimist": shown[firsts[0]].title, "optimist": shown[firsts[-1]].title}
        said.append(say("robust.attitude_matters", **names))
    else:
        said.append(say("robust.attitude_same", package=shown[firsts[0]].title))
    if marked := marks(language, found, least):
        said.append(say("robust.but", package=shown[least].title, marks=language.join(marked)))
    return " ".join(said)


def marks(language: Language, found: RobustChoice, row: int) -> list[str]:
    """The harms to people that a package raises, and those that it may, in words."""
    label = found.labels[row]
    worse = [
        language.say("robust.raises", outcome=language.inside(language.title(each.outcome.id)))
        for each in found.raised(label)
    ]
    maybe = [
        language.say("robust.may_raise", outcome=language.inside(language.title(each.outcome.id)))
        for each in found.raised(label, MAY_GET_WORSE)
    ]
    return [*worse, *maybe]


def _mark_cell(language: Language, found: RobustChoice, row: int) -> Markup:
    if row == BASELINE_ROW:
        return element("td", "\u2013")
    if not (said := marks(language, found, row)):
        return element("td", language.say("robust.no_harm"))
    is_worse = bool(found.raised(found.labels[row]))
    return element("td", element("strong", "; ".join(said), class_="worse" if is_worse else "maybe"))


# In tables and a picture ----------------------------------------------------------------------------------------


def _head(shown: Shown) -> Markup:
    chip = element("span", style=f"background: var(--{shown.colour})", class_="chip", aria_hidden="true")
    return element("span", chip, shown.title)


def _metrics(language: Language, state: State, found: RobustChoice, shown: list[Shown]) -> Markup:
    """A row for each package, the least regret first."""
    say, own, numbers = language.say, found.metrics[state.view.focus], language.numbers
    unit = catalogue().outcomes[state.view.focus].unit
    rows = []
    for row in own.largest_regret.argsort(kind="stable"):
        values = [
            cell(numbers.amount(float(each[row]), unit), float(each[row]))
            for each in (own.expected, own.worst, own.regret_p90, own.largest_regret)
        ]
        share = cell(numbers.chance(float(own.share_best[row])), float(own.share_best[row]))
        rows.append([_head(shown[row]), *values, share, _mark_cell(language, found, int(row))])
    names = ("package", "expected", "worst", "regret_p90", "largest_regret", "best_in", "harm")
    caption = say(
        "robust.table",
        outcome=language.title(state.view.focus),
        year=numbers.year(state.year),
    )
    small = element("small", numbers.unit_beside(unit)) if numbers.unit_beside(unit) else None
    heads = [element("span", say(f"robust.heads.{each}"), small if each in IN_UNIT else None) for each in names]
    body = along(heads, rows, caption)
    return element("figure", body, class_="chart wide matrix compact", id="figure-robust", aria_label=caption)


def _ranking(language: Language, state: State, found: RobustChoice, shown: list[Shown]) -> Markup:
    """How the ranking changes from the pessimist to the optimist."""
    say, own = language.say, found.metrics[state.view.focus]
    title = say("robust.ranking", outcome=language.title(state.view.focus), year=language.numbers.year(state.year))
    attitudes = [language.numbers.share(each) for each in own.attitudes]
    lines = [
        RankLine(
            each.title,
            [int(rank) for rank in own.ranks[:, row]],
            each.colour,
            row != BASELINE_ROW and bool(found.raised(found.labels[row])),
        )
        for row, each in enumerate(shown)
    ]
    drawing = rank_lines(
        title, say("robust.ranking_told"), attitudes, (say("robust.pessimist"), say("robust.optimist")), lines
    )
    rows = [
        [line.title, *(cell(str(rank), float(rank)) for rank in line.ranks), "; ".join(marks(language, found, row))]
        for row, line in enumerate(lines)
    ]
    data = table([say("robust.heads.package"), *attitudes, say("robust.heads.harm")], rows, title, class_="numbers")
    return figure(language, "ranking", title, "", drawing, say("robust.ranking_told"), data, wide=True)


def _targets(language: Language, found: RobustChoice, shown: list[Shown]) -> Markup | None:
    """In what share of simulations each package meets the targets, the best first."""
    if not found.targets:
        return None
    say, numbers = language.say, language.numbers
    rows = []
    for row in (-found.all_met).argsort(kind="stable"):
        shares = [*map(float, found.met[row]), float(found.all_met[row])]
        met = [cell(numbers.chance(share), share) for share in shares]
        rows.append([_head(shown[row]), *met, _mark_cell(language, found, int(row))])
    names = [target_fields.written(language, each) for each in found.targets]
    heads = [say("robust.heads.package"), *names, say("robust.heads.all_met"), say("robust.heads.harm")]
    caption = say("robust.targets")
    body = along(heads, rows, caption)
    return element("figure", body, class_="chart wide matrix compact", id="figure-targets-met", aria_label=caption)


def _dominated(language: Language, found: RobustChoice, shown: list[Shown]) -> Markup | None:
    """Which package is no better than another by any of the outcomes, in a clear share of simulations."""
    said = []
    for row, label in enumerate(found.labels):
        for other in found.dominated_by(label, CLEAR):
            by = found.labels.index(other)
            share = language.numbers.chance(float(found.dominates[by, row]))
            said.append(language.say("robust.dominated", package=shown[row].title, other=shown[by].title, share=share))
    outcomes = language.join(language.inside(language.title(name)) for name in found.metrics)
    hint = language.say("robust.domination_hint", outcomes=outcomes)
    if not said:
        said = [language.say("robust.none_dominated")]
    return element("div", element("p", hint, class_="hint"), [element("p", each) for each in said], id="dominated")
