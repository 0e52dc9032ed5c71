"""Why: from an outcome to the levers, along which path, through which loops, and one sentence with the numbers."""

from __future__ import annotations

import math

from markupsafe import Markup

from pushpull.analysis import Shares
from pushpull.analysis.dominance import Dominance
from pushpull.analysis.pathways import Path
from pushpull.analysis.players import Player
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.explanation import Reasons, ranked, reference_of
from pushpull.dashboard.compute.indicators import COUNTS_OF_MOVEMENT
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import figure, swatches
from pushpull.dashboard.pages.overview_page import years
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import PEOPLE, outcomes_for_cards
from pushpull.svg import WaterfallStep, stacked, waterfall
from pushpull.wording.markup import choice, element, send, table

PAIRS_SHOWN = 5
NOTABLE = 0.02  # of the change: less is left out of the sentence
LAYERS = 8
SAME_STEP = 0.02  # a link that passes a relative change on to within this is not worth a box


def leaf(language: Language, state: State, runs: Runs, reasons: Reasons | None) -> Markup:
    """The page."""
    found = reasons or Reasons()
    return element(
        "div",
        _tools(language, state),
        _levers(language, state, found),
        _paths(language, state, found),
        _loops(language, state, found.loops),
    )


def _tools(language: Language, state: State) -> Markup:
    names = [*PEOPLE, *(name for name in outcomes_for_cards() if name not in PEOPLE)]
    entries = [(name, language.title(name)) for name in names]
    when = [(year, year) for year in years(state.scenario)]
    return element(
        "div",
        choice(language.say("why.outcome"), "focus", entries, state.view.focus),
        choice(language.say("overview.in_year"), "year", when, f"{state.year:g}"),
        class_="tools",
    )


# Levers ----------------------------------------------------------------------------------------------------


def _levers(language: Language, state: State, found: Reasons) -> Markup:
    say, focus = language.say, state.view.focus
    if not state.scenario.policies and reference_of(state.scenario) == state.scenario:
        return element("p", say("why.nothing_moved"), class_="lead")
    if found.division is None:
        return element("p", say("page.working"), " \u2026", class_="lead", role="status")
    shares = found.division.of(focus, at=state.year)
    told = sentence(language, state, shares)
    outcome = catalogue().outcomes[focus]
    steps = [
        WaterfallStep(
            player_title(language, player),
            share,
            tone(share, better_of(focus)),
            language.numbers.difference(share, outcome.unit),
        )
        for player, share in ranked(shares)
    ]
    title = say("why.contributions", outcome=language.inside(language.title(focus)))
    assumed = reference_of(state.scenario) != state.scenario.baseline()
    ends = (say("untouched" if assumed else "baseline"), say("yours"))
    drawing = waterfall(language.numbers, title, told, shares.baseline, steps, ends, outcome.unit)
    return element(
        "div",
        element("p", told, class_="lead", id="why-sentence"),
        figure(
            language, "contributions", title, language.numbers.unit_beside(outcome.unit), drawing,
            say("why.exact", runs=2 ** len(shares.players), players=len(shares.players)),
            contributions(language, shares), wide=True,
        ),
        interactions(language, shares),
    )  # fmt: skip


def sentence(language: Language, state: State, shares: Shares) -> str:
    """What changed, what did most of it, what worked against it, and what worked together."""
    say, numbers, unit = language.say, language.numbers, shares.unit
    change = shares.change
    parts = [
        say(
            "why.sentence",
            year=numbers.year(state.year),
            outcome=language.title(shares.line.outcome),
            value=numbers.full(shares.policy, unit),
            change=numbers.difference(change, unit),
            percent=numbers.percent(change / abs(shares.baseline) if shares.baseline else math.nan) or "0",
            baseline=numbers.amount(shares.baseline, unit),
        )
    ]
    most = ranked(shares)
    with_it = [(player, share) for player, share in most if share * change > 0 and abs(share) > NOTABLE * abs(change)]
    against = [(player, share) for player, share in most if share * change < 0 and abs(share) > NOTABLE * abs(change)]
    for key, some in (("with", with_it[:3]), ("against", against[:2])):
        if some:
            told = [
                say(
                    "why.one",
                    lever=language.inside(player_title(language, player)),
                    amount=numbers.difference(share, unit),
                )
                for player, share in some
            ]
            parts.append(say(f"why.{key}", levers=language.join(told)))
    pair = shares.strongest
    if pair is not None and abs(pair[2]) > NOTABLE * abs(change):
        one, other, amount = pair
        parts.append(
            say(
                "why.together",
                one=language.inside(player_title(language, one)),
                other=language.inside(player_title(language, other)),
                amount=numbers.difference(amount, unit),
            )
        )
    return " ".join(parts)


def better_of(outcome: str) -> str:
    """Which way an outcome is better for people by itself; a count of those who move is so neither way."""
    return "neither" if outcome in COUNTS_OF_MOVEMENT else catalogue().outcomes[outcome].better


def tone(share: float, better: str) -> str:
    """Whether a contribution is good for people; harmful ones stay visible."""
    if better == "neither" or share == 0:
        return "neither"
    return "better" if (share > 0) == (better == "higher") else "worse"


def player_title(language: Language, player: Player) -> str:
    """What a player is called on screen."""
    known = catalogue()
    if len(player.names) == 1:
        name = player.names[0]
        settings, loops = language.section("assumptions.settings"), known.loops
        if player.kind == "formula":
            return settings.get(name, name)
        if name in loops:
            return language.say("why.loop_off", loop=language.title(name))
        return language.title(name) if name in known.model.cards else player.title
    groups = {known.levers[name].group for name in player.names if name in known.levers}
    if player.kind == "lever" and len(groups) == 1:
        return language.say("why.group", group=language.section("levers.groups")[groups.pop()]["title"])
    return language.section("why.kinds").get(player.kind, player.title)


def contributions(language: Language, shares: Shares) -> Markup:
    """The contributions as a table; they add up to the change exactly."""
    say, numbers = language.say, language.numbers
    rows = [
        [
            player_title(language, player),
            say("why.policy" if player.is_policy else "why.assumption"),
            numbers.difference(share, shares.unit),
            numbers.percent(share / abs(shares.change)) if shares.change else "",
        ]
        for player, share in ranked(shares)
    ]
    rows.append([element("b", say("why.sum")), "", element("b", numbers.difference(shares.change, shares.unit)), ""])
    heads = [say("why.lever"), say("why.kind"), say("why.contribution"), say("why.of_change")]
    return table(heads, rows, say("why.table"), class_="numbers")


def interactions(language: Language, shares: Shares) -> Markup | None:
    """The pairs that do more, or less, together than one by one."""
    count = len(shares.players)
    if count < 2:
        return None
    say, numbers = language.say, language.numbers
    pairs = [(one, other) for one in range(count) for other in range(one + 1, count)]
    pairs.sort(key=lambda pair: -abs(shares.interactions[pair]))
    better = better_of(shares.line.outcome)
    rows = []
    for one, other in pairs[:PAIRS_SHOWN]:
        value = float(shares.interactions[one, other])
        titles = [player_title(language, shares.players[place]) for place in (one, other)]
        kind = {"better": "synergy", "worse": "overlap"}.get(tone(value, better), "neither")
        rows.append([language.join(titles), numbers.difference(value, shares.unit), say(f"why.pairs.{kind}")])
    heads = [say("why.pair"), say("why.extra"), say("why.means")]
    return element(
        "section",
        element("h2", say("why.interactions"), class_="row-title"),
        element("p", say("why.interactions_hint"), class_="hint"),
        table(heads, rows, say("why.interactions"), class_="numbers"),
        class_="sheet",
    )


# Paths -----------------------------------------------------------------------------------------------------


def _paths(language: Language, state: State, found: Reasons) -> Markup | None:
    if not found.paths or (found.focus, found.year) != (state.view.focus, state.year):
        return None
    say = language.say
    chains = []
    for path in found.paths:
        boxes = [_box(language, path, place) for place in worth_a_box(path)]
        chains.append(element("ol", boxes, class_="path", aria_label=language.title(path.names[0])))
    return element(
        "section",
        element("h2", say("why.paths"), class_="row-title"),
        element("p", say("why.paths_hint"), class_="hint"),
        chains,
        class_="sheet",
    )


def worth_a_box(path: Path) -> list[int]:
    """The places of a path that say something new: its ends, stocks, and where the relative change differs."""
    variables, kept = catalogue().model.variables, [0]
    for place in range(1, len(path.names) - 1):
        before, now = path.changes[kept[-1]], path.changes[place]
        same = (
            math.isfinite(now) and math.isfinite(before) and abs(now - before) < SAME_STEP * max(abs(now), abs(before))
        )
        stock = variables[path.names[place]].kind == "stock"
        if not same and (stock or not math.isfinite(now) or abs(now) > 1e-4) and not _is_flow(path.names[place]):
            kept.append(place)
    return [*kept, len(path.names) - 1]


def _is_flow(name: str) -> bool:
    return catalogue().model.variables[name].kind == "flow"


def _box(language: Language, path: Path, place: int) -> Markup:
    name, change = path.names[place], path.changes[place]
    told = language.numbers.percent(change) if math.isfinite(change) else language.say("why.from_nought")
    button = element(
        "button", language.title(name), type="button", data_send=send(page="outcomes", part="diagram", node=name),
        lang=language.stays("titles", name),
    )  # fmt: skip
    shown = button if name in catalogue().model.variables else element("b", language.title(name))
    return element("li", shown, element("small", told or language.say("overview.unchanged")))


# Loops -----------------------------------------------------------------------------------------------------


def _loops(language: Language, state: State, found: Dominance | None) -> Markup:
    say = language.say
    if found is None:
        return element("p", say("page.working"), " \u2026", role="status", class_="hint")
    loops = catalogue().loops
    means = found.over(state.scenario.policy_start, state.year)
    strongest = [name for name in list(means)[:LAYERS] if abs(means[name]) > 0.005]
    layers = []
    for kind, colour in (("B", "balancing"), ("R", "reinforcing")):
        some = [name for name in strongest if loops[name].kind == kind]
        for place, name in enumerate(some):
            opacity = 0.85 - 0.6 * place / max(len(some), 1)
            row = found.scores[found.loops.index(name)]
            layers.append((language.title(name), row, f"fill: var(--{colour}); fill-opacity: {opacity:.2f}"))
    title = say("why.dominance")
    told = loop_sentence(language, state, found)
    drawing = stacked(language.numbers, title, told, found.time, layers, state.scenario.policy_start)
    legend = swatches([(name, look) for name, _, look in layers])
    rows = [
        [
            element("button", language.title(name), type="button", class_="link",
                    data_send=send(page="outcomes", part="diagram", node=loops[name].effect)),
            say("assumptions.reinforcing" if loops[name].kind == "R" else "assumptions.balancing"),
            *(language.numbers.chance(abs(part.get(name, 0.0))) for part in _periods(state, found).values()),
            language.story(name),
        ]
        for name in means
    ]  # fmt: skip
    heads = [say("why.loop"), say("why.kind"), *_periods(state, found), say("why.story")]
    return element(
        "section",
        element("h2", title, class_="row-title"),
        element("p", told, class_="told", id="loop-sentence"),
        element("p", say("why.dominance_hint"), class_="hint"),
        figure(
            language,
            "dominance",
            title,
            "",
            drawing,
            "",
            table(heads, rows, title, class_="numbers"),
            legend,
            wide=True,
        ),
    )


def _periods(state: State, found: Dominance) -> dict[str, dict[str, float]]:
    """Before the policy, its first ten years, and after, as far as the run goes."""
    start, end, first = state.scenario.policy_start, state.scenario.end, float(found.time[0])
    middle = min(start + 10, end)
    spans = [(first, start), (start, middle), (middle, end)]
    return {f"{one:.0f}\u2013{other:.0f}": found.over(one, other) for one, other in spans if other > one}


def loop_sentence(language: Language, state: State, found: Dominance) -> str:
    """Which loops lead, before the policy and after."""
    start, end = (
        state.scenario.policy_start,
        state.year if state.year > state.scenario.policy_start else state.scenario.end,
    )
    told = []
    for key, first, last in (("before", float(found.time[0]), start), ("after", start, end)):
        names, means = found.leading(first, last), found.over(first, last)
        whole = sum(map(abs, means.values()))
        if not names:
            continue
        share = sum(abs(means[name]) for name in names) / whole
        loops = language.join(f"{language.inside(language.title(name))}" for name in names)
        years_ = (language.numbers.year(round(first)), language.numbers.year(last))
        told.append(
            language.say(
                f"why.lead_{key}", loops=loops, share=language.numbers.chance(share), first=years_[0], last=years_[1]
            )
        )
    return " ".join(told) or language.say("why.all_still")
