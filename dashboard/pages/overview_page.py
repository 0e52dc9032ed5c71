"""The overview: one sentence, advisories, and cards on which people come first."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from markupsafe import Markup

from pushpull.dashboard.compute.indicators import HARMS, shown_years
from pushpull.dashboard.compute.judging.advisories import Advisory, Claim
from pushpull.dashboard.compute.judging.outcome_verdicts import BETTER, HIGHER, LOWER, SAME, WORSE, OutcomeVerdict
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import JUDGED_BY_CHOICE, PEOPLE, outcomes_for_cards
from pushpull.wording.markup import element
from pushpull.wording.numbers import is_share

ARROWS = {1: "\u25b2", 0: "", -1: "\u25bc"}
FEW = 4


def headlines(
    language: Language, state: State, verdicts: Mapping[str, OutcomeVerdict], advisories: list[Advisory]
) -> dict:
    """The sentences, the advisories and the cards."""
    choices = [(name, language.title(name)) for name in outcomes_for_cards() if name not in PEOPLE]
    rows = (("people", PEOPLE), ("chosen", state.view.chosen))
    return {
        "moved": moved(language, state),
        "verdict": verdict_sentence(language, state, verdicts),
        "certainty": certainty(language, verdicts) if state.scenario.policies else "",
        "advisories": [advisory_in_words(language, each) for each in advisories],
        "rows": [
            [language.say(f"overview.{row}_row"), [card(language, state, verdicts[name]) for name in names]]
            for row, names in rows
        ],
        "years": shown_years(state.scenario),
        "year": f"{state.year:g}",
        "focus": state.view.focus,
        "choices": [list(each) for each in choices],
        "chosen": list(state.view.chosen),
        "judged": [[name, language.title(name)] for name in JUDGED_BY_CHOICE],
        "valued": list(state.view.valued),
    }


def moved(language: Language, state: State) -> str:
    """Which levers the package moves, in a phrase."""
    say, names = language.say, list(state.scenario.policies)
    if not names:
        return say("overview.only_context" if state.scenario.context else "overview.nothing_moved")
    titles = [language.inside(language.title(name)) for name in names[:FEW]]
    if len(names) > FEW:
        titles.append(say("overview.and_others", count=len(names) - FEW))
    start = language.numbers.year(state.scenario.policy_start)
    return say("overview.moves_one" if len(names) == 1 else "overview.moves", levers=language.join(titles), start=start)


def verdict_sentence(language: Language, state: State, verdicts: Mapping[str, OutcomeVerdict]) -> str:
    """One sentence on what the settings do."""
    if not state.scenario.policies:
        return ""
    if all(each.word == SAME for each in verdicts.values()):
        return language.say("overview.without_effect")
    key = "verdict_so_far" if _is_provisional(verdicts) else "verdict"
    return language.say(f"overview.{key}", year=language.numbers.year(state.year), changes=_changes(language, verdicts))


def context_sentence(language: Language, state: State, verdicts: Mapping[str, OutcomeVerdict]) -> str:
    """One sentence on what a changed context does by itself; `verdicts` are beside the current situation."""
    key = "context_effect.so_far" if _is_provisional(verdicts) else "context_effect.sentence"
    return language.say(key, year=language.numbers.year(state.year), changes=_changes(language, verdicts))


def _is_provisional(verdicts: Mapping[str, OutcomeVerdict]) -> bool:
    return verdicts[HARMS[0]].is_provisional


def _changes(language: Language, verdicts: Mapping[str, OutcomeVerdict]) -> str:
    """Harm to people first, then numbers, then cost; what shows no clear change stands at the end."""
    named = [verdicts[name] for name in (*HARMS, "smuggled_migrants", "irregular_residents", "public_cost")]
    titles = {each.outcome.id: language.inside(language.title(each.outcome.id)) for each in named}
    clear = [f"{titles[each.outcome.id]} {relative(language, each)}" for each in named if each.direction]
    unclear = [titles[each.outcome.id] for each in named if not each.direction]
    changes, so_far = language.join(clear), _is_provisional(verdicts)
    if unclear:
        rest = language.say(f"overview.{'hardly_in' if so_far else 'unclear_in'}", outcomes=language.join(unclear))
        changes = language.say("overview.changes_and_rest", changes=changes, rest=rest) if clear else rest
    return changes


def certainty(language: Language, verdicts: Mapping[str, OutcomeVerdict]) -> str:
    """In how many simulations harm to people moves as it does in most."""
    named = [verdicts[name] for name in HARMS if isfinite(verdicts[name].chance)]
    if not named:
        return ""
    phrases = [
        language.say(
            f"overview.certain_{_way(each)}",
            outcome=language.inside(language.title(each.outcome.id)),
            chance=language.numbers.chance(each.chance),
        )
        for each in named
    ]
    return language.say("overview.certainty", members=named[0].members, chances=language.join(phrases))


def relative(language: Language, verdict: OutcomeVerdict) -> str:
    """A change in percent, or as an amount where the baseline is zero; that there is none worth telling."""
    if not verdict.direction:
        return language.say(f"overview.{'unchanged' if verdict.word == SAME else _no_change(verdict)}")
    return language.numbers.percent(verdict.ratio) or language.numbers.difference(
        verdict.difference, verdict.outcome.unit
    )


def difference_cell(language: Language, verdict: OutcomeVerdict) -> list[Markup | str | None]:
    """The difference from the baseline as a cell of a table, its share in the colour of the verdict, and its range."""
    numbers, unit, most = language.numbers, verdict.outcome.unit, None
    if not verdict.is_provisional and verdict.word != SAME:
        low, high = (numbers.difference(edge, unit) for edge in verdict.most)
        most = element("small", language.say("compare.range", low=low, high=high), class_="range")
    change = relative(language, verdict)
    if verdict.word in (BETTER, WORSE):
        word = language.say(f"overview.verdicts.{verdict.word}")
        change = language.say("sum_table.judged", change=change, verdict=word)
    return [numbers.difference(verdict.difference, unit), element("small", change, class_=verdict.tone), most]


def card(language: Language, state: State, verdict: OutcomeVerdict) -> dict:
    """What a card says, in words, and the place of its range on a line through zero. `short` is the verdict in as few
    words as a card has room for."""
    say, numbers = language.say, language.numbers
    outcome, unit = verdict.outcome, verdict.outcome.unit
    judgement = _judgement(state, verdict)
    ratio = numbers.percent(verdict.ratio) if verdict.direction and not is_share(unit) else ""  # not of a percentage
    if verdict.direction:
        difference = numbers.difference(verdict.difference, unit)
    else:
        difference = say(f"overview.{_no_change(verdict)}")
    return {
        "id": outcome.id,
        "title": language.title(outcome.id),
        "value": numbers.amount(verdict.value, unit),
        "unit": numbers.amount_words(verdict.value, unit),
        "difference": difference,
        "ratio": f"({ratio})" if ratio else "",
        "short": say(f"overview.short_verdicts.{judgement}") if judgement else "",
        "arrow": ARROWS[verdict.direction],
        "tone": verdict.tone,
        "verdict": say(f"overview.verdicts.{judgement}") if judgement else "",
        "baseline": say("overview.baseline_is", amount=numbers.amount(verdict.baseline, unit)),
        "meaning": language.meaning(outcome.id),
        **_uncertain(language, verdict),
    }


def _no_change(verdict: OutcomeVerdict) -> str:
    """The key of the words for an outcome that does not change, or not so that it is clear."""
    if verdict.word == SAME:
        return "no_difference"
    return "hardly" if verdict.is_provisional else "no_clear_change"


def _judgement(state: State, verdict: OutcomeVerdict) -> str:
    """The key of the words for the verdict; nothing where the difference says it all."""
    if not verdict.direction:
        return ""
    if verdict.is_provisional:
        return "so_far" if state.view.ranges else "one_run"
    return "" if verdict.word in (HIGHER, LOWER) else verdict.word


def _way(verdict: OutcomeVerdict) -> str:
    return "higher" if verdict.leaning > 0 else "lower"


def _uncertain(language: Language, verdict: OutcomeVerdict) -> dict:
    """The range of the difference, the share of simulations that move as most do, and where the range lies on the
    card's line."""
    say, numbers, unit = language.say, language.numbers, verdict.outcome.unit
    if verdict.is_provisional:
        return {"range": "", "chance": "", "interval": None}
    if verdict.word == SAME:
        return {"range": say("overview.same_in_all"), "chance": "", "interval": None}
    low, high = verdict.most
    widest = max(abs(low), abs(high), abs(verdict.difference)) or 1.0
    chance = ""
    if isfinite(verdict.chance):
        key = f"in_each_{_way(verdict)}" if verdict.chance == 1 else f"chance_{_way(verdict)}"
        chance = say(f"overview.{key}", chance=numbers.chance(verdict.chance), members=verdict.members)
    return {
        "range": say("overview.range", low=numbers.difference(low, unit), high=numbers.difference(high, unit)),
        "chance": chance,
        "interval": [round(value / widest, 4) for value in (low, verdict.difference, high)],
    }


def advisory_in_words(language: Language, advisory: Advisory) -> dict:
    """An advisory in words: what, why, and what it is about."""
    about = [language.title(name) for name in (*advisory.levers, *advisory.outcomes)]
    key = f"advisories.{advisory.key}"
    claim = [] if advisory.claim is None else [claim_in_words(language, advisory.claim)]
    why = language.say(f"{key}.why")
    if advisory.share is not None and round(100 * advisory.share) < 100:
        why = language.say(f"{key}.why_part", share=language.numbers.share(advisory.share))
    return {
        "kind": advisory.kind,
        "label": language.say(f"advisories.kinds.{advisory.kind}"),
        "what": language.say(f"{key}.what"),
        "why": " ".join([why, *claim]),
        "about": about[:6],
    }


def claim_in_words(language: Language, claim: Claim) -> str:
    """What the package does to the outcome of an advisory, as its card says it, and which levers do which half."""
    way = {1: "higher", -1: "lower", 0: "unclear"}[claim.direction]
    sentences = [language.say(f"claims.{way}", outcome=language.title(claim.outcome))]
    if claim.left_out:
        halves = [
            language.say(
                "claims.left_out",
                lever=language.title(lever),
                change=language.numbers.percent(ratio) or language.say("overview.unchanged"),
            )
            for lever, ratio in claim.left_out
        ]
        sentences.append(language.say("claims.halves", halves=language.join(halves)))
    return " ".join(sentences)


def summary(language: Language, verdict: OutcomeVerdict, today: float, start: float, year: float) -> str:
    """One sentence that says what a chart of an outcome shows."""
    numbers, unit = language.numbers, verdict.outcome.unit
    key = "differs" if verdict.direction else "same" if verdict.word == SAME else "unclear"
    return language.say(
        f"charts.{key}",
        value=numbers.full(verdict.value, unit),
        year=numbers.year(year),
        relative=relative(language, verdict),
        baseline=numbers.amount(verdict.baseline, unit),
        start=numbers.year(start),
        today=numbers.amount(today, unit),
    )
