"""Why: from an outcome to the levers, along which path, through which loops, and one sentence with the numbers."""

from __future__ import annotations

import math
from collections.abc import Collection

from markupsafe import Markup

from pushpull.analysis import Shares
from pushpull.analysis.players import Player
from pushpull.analysis.stated_change import COUNTS_OF_MOVEMENT
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.explanation import Reasons, ranked, reference_of
from pushpull.dashboard.compute.indicators import shown_years
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import cell, figure, how
from pushpull.dashboard.pages.why_paths import loops, paths
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import JUDGED_BY_CHOICE, PEOPLE, outcomes_for_cards
from pushpull.svg import WaterfallStep, waterfall
from pushpull.wording.markup import choice, element, table

PAIRS_SHOWN = 5
NOTABLE = 0.02  # of the change: less is left out of the sentence


def fragment(language: Language, state: State, runs: Runs, reasons: Reasons | None) -> Markup:
    """The page."""
    reasons = reasons or Reasons()
    return element(
        "div",
        _tools(language, state),
        _levers(language, state, reasons),
        paths(language, state, reasons),
        loops(language, state, reasons.loops),
    )


def _tools(language: Language, state: State) -> Markup:
    names = [*PEOPLE, *(name for name in outcomes_for_cards() if name not in PEOPLE)]
    entries = [(name, language.title(name)) for name in names]
    when = [(year, year) for year in shown_years(state.scenario)]
    return element(
        "div",
        choice(language.say("why.outcome"), "focus", entries, state.view.focus),
        choice(language.say("overview.in_year"), "year", when, f"{state.year:g}"),
        class_="tools",
    )


# Levers ----------------------------------------------------------------------------------------------------


def _levers(language: Language, state: State, reasons: Reasons) -> Markup:
    say, focus = language.say, state.view.focus
    if not state.scenario.policies and reference_of(state.scenario) == state.scenario:
        return element("p", say("why.nothing_moved"), class_="lead")
    if reasons.division is None:
        return element("p", say("page.working"), "\u2026", class_="lead", role="status")
    shares = reasons.division.of(focus, at=state.year)
    summary = sentence(language, state, shares)
    outcome = catalogue().outcomes[focus]
    steps = [
        WaterfallStep(
            player_title(language, player),
            share,
            tone_of_share(share, better_of(focus, state.view.valued)),
            language.numbers.difference(share, outcome.unit),
        )
        for player, share in ranked(shares)
    ]
    title = say("why.contributions", outcome=language.inside(language.title(focus)))
    assumed = reference_of(state.scenario) != state.scenario.baseline()
    ends = (say("untouched" if assumed else "baseline"), say("yours"))
    drawing = waterfall(language.numbers, title, summary, shares.baseline, steps, ends, outcome.unit)
    return element(
        "div",
        element("p", summary, class_="lead", id="why-sentence"),
        figure(
            language, "contributions", title, language.numbers.unit_beside(outcome.unit), drawing,
            say("why.exact"), contributions(language, shares), wide=True,
        ),
        how(language, element("p", say("why.exact_how", runs=2 ** len(shares.players), players=len(shares.players)))),
        interactions(language, state, shares),
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
            phrases = [
                say(
                    "why.one",
                    lever=language.inside(player_title(language, player)),
                    amount=numbers.difference(share, unit),
                )
                for player, share in some
            ]
            parts.append(say(f"why.{key}", count=len(some), levers=language.join(phrases)))
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


def better_of(outcome: str, valued: Collection[str] = JUDGED_BY_CHOICE) -> str:
    """Which way an outcome is better for people by itself; a count of those who move is so neither way, nor is what
    nobody chose to judge (`valued` names what is judged by choice)."""
    is_judged = outcome in valued or outcome not in JUDGED_BY_CHOICE
    return catalogue().outcomes[outcome].better if is_judged and outcome not in COUNTS_OF_MOVEMENT else "neither"


def tone_of_share(share: float, better: str) -> str:
    """Whether a contribution is good for people; harmful ones stay visible."""
    if better == "neither" or share == 0:
        return "neither"
    return "better" if (share > 0) == (better == "higher") else "worse"


def player_title(language: Language, player: Player) -> str:
    """What a player is called on screen."""
    known = catalogue()
    if len(player.names) == 1:
        name = player.names[0]
        settings, loops = language.texts("assumptions.settings"), known.loops
        if player.kind == "formula":
            return settings.get(name, name)
        if name in loops:
            return language.say("why.loop_off", loop=language.loop_title(name))
        return language.title(name) if name in known.model.cards else player.title
    groups = {known.levers[name].group for name in player.names if name in known.levers}
    if player.kind == "lever" and len(groups) == 1:
        return language.say("why.group", group=language.say(f"levers.groups.{groups.pop()}.title"))
    return language.texts("why.kinds").get(player.kind, player.title)


def contributions(language: Language, shares: Shares) -> Markup:
    """The contributions as a table; they add up to the change exactly."""
    say, numbers = language.say, language.numbers
    rows = [
        [
            player_title(language, player),
            say("why.policy" if player.is_policy else "why.assumption"),
            cell(numbers.difference(share, shares.unit), share),
            cell(numbers.percent(share / abs(shares.change)), 100 * share / abs(shares.change))
            if shares.change
            else "",
        ]
        for player, share in ranked(shares)
    ]
    rows.append(
        [element("b", say("why.sum")), "", cell(numbers.difference(shares.change, shares.unit), shares.change), ""]
    )
    heads = [say("why.lever"), say("why.kind"), say("why.contribution"), say("why.of_change")]
    return table(heads, rows, say("why.table"), class_="numbers")


def interactions(language: Language, state: State, shares: Shares) -> Markup | None:
    """The pairs that do more, or less, together than one by one."""
    count = len(shares.players)
    if count < 2:
        return None
    say, numbers = language.say, language.numbers
    pairs = [(one, other) for one in range(count) for other in range(one + 1, count)]
    pairs.sort(key=lambda pair: -abs(shares.interactions[pair]))
    better = better_of(shares.line.outcome, state.view.valued)
    rows = []
    for one, other in pairs[:PAIRS_SHOWN]:
        value = float(shares.interactions[one, other])
        titles = [player_title(language, shares.players[index]) for index in (one, other)]
        kind = {"better": "synergy", "worse": "overlap"}.get(tone_of_share(value, better), "neither")
        rows.append([language.join(titles), numbers.difference(value, shares.unit), say(f"why.pairs.{kind}")])
    heads = [say("why.pair"), say("why.extra"), say("why.means")]
    return element(
        "section",
        element("h2", say("why.interactions"), class_="row-title"),
        element("p", say("why.interactions_hint"), class_="hint"),
        element("div", table(heads, rows, say("why.interactions"), class_="numbers"), class_="scroll", tabindex="0"),
        class_="sheet",
    )
