"""Compare: any number of scenarios, in small multiples, differences, a table and trade-offs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup

from pushpull.analysis import Paired
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.compared import Entry, difference, entries
from pushpull.dashboard.compute.ensembles import MEMBERS, STAGES, cached_ensemble
from pushpull.dashboard.compute.indicators import shown_years
from pushpull.dashboard.compute.judging.outcome_verdicts import SAME, OutcomeVerdict, verdicts
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import levers_table, options_panel, overview_page, policy_or_assumption, sum_table
from pushpull.dashboard.pages.deciding import explore_view, robust_view, seek_view
from pushpull.dashboard.pages.figures import along, amount, figure, key, over_years
from pushpull.dashboard.pages.why_page import better_of
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import COMPUTED, PEOPLE, WAYS, outcomes_for_cards
from pushpull.svg import Band, Curve, curves, parallel, scatter
from pushpull.svg.curves import extent
from pushpull.wording.markup import buttons, choice, element, table

NOTHING_FOUND: Mapping[str, object] = {}


def fragment(
    language: Language,
    state: State,
    is_ready: bool = True,
    findings: Mapping[str, object] = NOTHING_FOUND,
    dark: bool = False,
) -> Markup:
    """The page: what is compared, how, and the comparison; where it `is_ready` not yet, that it is under way. The
    `findings` are what the background has worked out; pictures that are not of the page itself are `dark` or not."""
    ways = [(way, language.say(f"compare.ways.{way}")) for way in WAYS]
    return element(
        "div",
        options_panel.fragment(language, state),
        buttons(language.say("compare.how"), "way", ways, state.view.way),
        element("div", choice(language.say("compare.how"), "way", ways, state.view.way), class_="tools narrow"),
        _tools(language, state),
        _worked_out(language, state, findings, dark)
        if state.view.way in COMPUTED
        else _comparison(language, state)
        if is_ready
        else element("p", language.say("compare.running"), class_="lead", id="running"),
    )


def _worked_out(language: Language, state: State, findings: Mapping[str, object], dark: bool) -> Markup:
    """A comparison that runs simulations of its own."""
    match state.view.way:
        case "explore":
            return explore_view.fragment(language, state, findings, dark)
        case "robust":
            return robust_view.fragment(language, state, findings)
        case "seek":
            return seek_view.fragment(language, state, findings)
    return sum_table.fragment(language, state, findings.get("ranking"))


def _comparison(language: Language, state: State) -> Markup:
    draw = {
        "multiples": multiples,
        "difference": multiples,
        "table": outcome_table,
        "tradeoff": tradeoff,
        "parallel": parallel_axes,
        "levers": levers_table.fragment,
        "effects": policy_or_assumption.fragment,
    }[state.view.way]
    return draw(language, state, entries(language, state))


def _tools(language: Language, state: State) -> Markup | None:
    say, view = language.say, state.view
    names = [*PEOPLE, *(name for name in outcomes_for_cards() if name not in PEOPLE)]
    outcomes = [(name, language.title(name)) for name in names]
    years = [(year, year) for year in shown_years(state.scenario)]
    when = choice(say("overview.in_year"), "year", years, f"{state.year:g}")
    if view.way in ("multiples", "difference", "effects"):
        return element("div", choice(say("why.outcome"), "focus", outcomes, view.focus), class_="tools")
    if view.way in ("explore", "robust"):
        chosen = explore_view.tools(language, state) if view.way == "explore" else None
        return element("div", choice(say("why.outcome"), "focus", outcomes, view.focus), chosen, when, class_="tools")
    if view.way == "sum":
        outcome = choice(say("why.outcome"), "focus", outcomes, view.focus)
        return element("div", outcome, sum_table.sum_choice(language, state), when, class_="tools")
    if view.way == "tradeoff":
        axes = [
            choice(say(f"compare.axis_{axis}"), f"pair_{axis}", outcomes, name)
            for axis, name in zip(("across", "up"), view.pair, strict=True)
        ]
        return element("div", axes, when, class_="tools")
    return element("div", when, class_="tools") if view.way in ("table", "parallel") else None


# Small multiples -------------------------------------------------------------------------------------------


def multiples(language: Language, state: State, entries: Sequence[Entry]) -> Markup:
    """A panel for each scenario with the baseline behind it, on shared axes; or its difference to the baseline."""
    name = state.view.focus
    outcome, reference, others = catalogue().outcomes[name], entries[0], entries[1:]
    differs = state.view.way == "difference"
    lines: list[tuple[Entry, np.ndarray, list[Curve], list[Band]]] = []
    for entry in others:
        ensemble = cached_ensemble(entry.scenario)
        if differs:
            time, values = difference(entry, reference, name)
            drawn = [Curve(entry.title, values, entry.colour, (), 2.4)]
            pairs = _paired(entry, reference)
            most = pairs.of(name).difference.most if pairs is not None else None
        else:
            time, values = entry.result.time, entry.result.total(name)[0]
            base = np.interp(time, reference.result.time, reference.result.total(name)[0])
            drawn = [Curve(reference.title, base, "baseline"), Curve(entry.title, values, entry.colour, (), 2.4)]
            most = ensemble.paired.of(name).policy.most if ensemble is not None else None
        ranges = [Band(low=most[0], high=most[1], colour=entry.colour)] if most is not None else []
        lines.append((entry, time, drawn, ranges))
    if not lines:
        return element("p", language.say("compare.nothing"), class_="lead")
    span = extent(
        [line for _, _, drawn, _ in lines for line in drawn], [each for *_, ranges in lines for each in ranges]
    )
    panels = []
    for entry, time, drawn, ranges in lines:
        summary = outcome_summary(language, state, entry, reference, name)
        drawing = curves(
            language.numbers, entry.title, summary, time, drawn, outcome.unit, ranges, state.scenario.policy_start,
            span, name=f"{name}_{entry.key}".replace(":", "_"),
        )  # fmt: skip
        columns = [(line.title, line.values) for line in drawn]
        data = over_years(language, entry.title, time, columns, outcome.unit, state.scenario.policy_start)
        unit = language.numbers.unit_beside(outcome.unit)
        panels.append(
            figure(
                language, f"multiple-{entry.key.replace(':', '-')}", entry.title, unit, drawing, summary, data,
                subject=language.title(name),
            )
        )  # fmt: skip
    return element("div", panels, class_="grid thirds")


def outcome_summary(language: Language, state: State, entry: Entry, reference: Entry, name: str) -> str:
    """One sentence on an outcome of a scenario beside the baseline."""
    verdict = verdicts_on(state, entry, reference)[name]
    return language.say(
        "compare.told",
        year=language.numbers.year(state.year),
        value=language.numbers.amount(verdict.value, verdict.outcome.unit),
        change=overview_page.relative(language, verdict),
    )


def verdicts_on(state: State, entry: Entry, reference: Entry) -> dict[str, OutcomeVerdict]:
    """The verdicts on a scenario in the year that is shown: those that the overview comes to, where the reference is
    its own baseline and its simulations have been run."""
    found = indicators.changes(entry.result, reference.result, state.year)
    return verdicts(found, _paired(entry, reference), state.year, state.view.valued)


def _paired(entry: Entry, reference: Entry) -> Paired | None:
    """The simulations of a scenario, where they are paired with those of the reference."""
    ensemble = cached_ensemble(entry.scenario)
    is_own = ensemble is not None and entry.scenario.baseline().digest == reference.scenario.digest
    return ensemble.paired if ensemble is not None and is_own else None


# Table -----------------------------------------------------------------------------------------------------


def outcome_table(language: Language, state: State, entries: Sequence[Entry]) -> Markup:
    """Every outcome of every scenario: value, difference to the baseline, 90 percent range of the difference."""
    reference, numbers, rows = entries[0], language.numbers, []
    others = [verdicts_on(state, entry, reference) for entry in entries[1:]]
    plain = verdicts_on(state, reference, reference)
    for name in outcomes_for_cards():
        unit = catalogue().outcomes[name].unit
        cells: list[object] = [numbers.amount(plain[name].value, unit)]
        cells += [element("td", _cell(language, found[name])) for found in others]
        title = [language.title(name), element("small", numbers.unit_beside(unit))]
        rows.append([element("span", title), *cells])
    heads = [language.say("why.outcome"), *(_head(language, entry) for entry in entries)]
    caption = language.say("compare.table", year=numbers.year(state.year))
    body = along(heads, rows, caption)
    note = element("p", language.say("compare.table_hint", members=MEMBERS, most=STAGES[-1]), class_="hint")
    return element("figure", note, body, class_="chart wide matrix compact", id="figure-table", aria_label=caption)


def _head(language: Language, entry: Entry) -> Markup:
    look = f"background: var(--{entry.colour})"
    chip = element("span", style=look, class_="chip", aria_hidden="true")
    current = element("small", language.say("options.current")) if entry.is_current and entry.key != "yours" else None
    return element("span", chip, entry.title, current)


def _cell(language: Language, verdict: OutcomeVerdict) -> list[Markup | str | None]:
    """The value of an outcome, its difference with the verdict in a word, and the range of the difference."""
    unit, numbers, most = verdict.outcome.unit, language.numbers, None
    if not verdict.is_provisional and verdict.word != SAME:
        low, high = (numbers.difference(edge, unit) for edge in verdict.most)
        most = element("small", language.say("compare.range", low=low, high=high), class_="range")
    said = overview_page.relative(language, verdict)
    if verdict.tone in ("better", "worse"):
        said = f"{said} \u00b7 {language.say(f'overview.verdicts.{verdict.tone}')}"
    difference = element("small", said, class_=verdict.tone)
    return [numbers.amount(verdict.value, unit), difference, most]


# Trade-offs ------------------------------------------------------------------------------------------------


def tradeoff(language: Language, state: State, entries: Sequence[Entry]) -> Markup:
    """Two outcomes against each other: each scenario's run, and its simulations as small dots."""
    say, (across, up) = language.say, state.view.pair
    outcomes, numbers = catalogue().outcomes, language.numbers
    points, spreads, rows = [], [], []
    for entry in entries:
        x, y = (indicators.at(entry.result, entry.result.total(name)[0], state.year) for name in (across, up))
        points.append((entry.title, x, y, entry.colour))
        ensemble = cached_ensemble(entry.scenario)
        if ensemble is not None:
            spreads.append((entry.title, ensemble.at(across, state.year), ensemble.at(up, state.year), entry.colour))
        rows.append(
            [entry.title, *(amount(language, value, outcomes[name].unit) for name, value in ((across, x), (up, y)))]
        )
    titles = (language.title(across), language.title(up))
    title = say("compare.tradeoff", across=titles[0], up=language.inside(titles[1]), year=numbers.year(state.year))
    summary = say("compare.tradeoff_told", across=titles[0], up=language.inside(titles[1]))
    units = (outcomes[across].unit, outcomes[up].unit)
    drawing = scatter(language.numbers, title, summary, units, spreads, points)
    data = table([say("compare.scenario"), *titles], rows, title, class_="numbers")
    legend = key([(entry.title, entry.colour, ()) for entry in entries])
    return figure(language, "tradeoff", title, "", drawing, summary, data, legend, wide=True)


def parallel_axes(language: Language, state: State, entries: Sequence[Entry]) -> Markup:
    """One axis for each outcome of the cards, its better end up; a line for each scenario."""
    say, numbers, outcomes = language.say, language.numbers, catalogue().outcomes
    names = [*PEOPLE, *state.view.chosen]
    values = {
        name: np.array([indicators.at(entry.result, entry.result.total(name)[0], state.year) for entry in entries])
        for name in names
    }
    axes, places = [], []
    for name in names:
        low, high = float(values[name].min()), float(values[name].max())
        part = (values[name] - low) / (high - low) if high > low else np.full(len(entries), 0.5)
        down = better_of(name, state.view.valued) == "lower"
        foot, head = (high, low) if down else (low, high)
        ends = (numbers.short(foot, outcomes[name].unit), numbers.short(head, outcomes[name].unit))
        axes.append((language.title(name), *ends))
        places.append(1 - part if down else part)
    lines = [
        (entry.title, [float(part[number]) for part in places], entry.colour) for number, entry in enumerate(entries)
    ]
    title = say("compare.parallel", year=numbers.year(state.year))
    drawing = parallel(title, say("compare.parallel_hint"), axes, lines, say("compare.better_up"))
    rows = [
        [entry.title, *(amount(language, float(values[name][number]), outcomes[name].unit) for name in names)]
        for number, entry in enumerate(entries)
    ]
    data = table([say("compare.scenario"), *map(language.title, names)], rows, title, class_="numbers")
    legend = key([(entry.title, entry.colour, ()) for entry in entries])
    return figure(language, "parallel", title, "", drawing, say("compare.parallel_hint"), data, legend, wide=True)
