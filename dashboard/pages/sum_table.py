"""For a given sum: each lever as far as the sum takes it, the one that does most for an outcome first, with what it
does to people beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict
from pushpull.dashboard.compute.levers_for_a_sum import BESIDE, BETTER_SIGN, COST, BoughtMove, SumRanking, key_of
from pushpull.dashboard.i18n.shown_units import in_words, shown_unit
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.pages.figures import along
from pushpull.dashboard.state.levers import LeverValue, values_today
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import SUMS
from pushpull.scenario.counted_levers import count_of
from pushpull.wording.markup import choice, element, send

WHOLE = 9  # figures of a count


def sum_choice(language: Language, state: State) -> Markup:
    """The sum to choose."""
    entries = [(amount, language.numbers.full(float(amount), catalogue().outcomes[COST].unit)) for amount in SUMS]
    return choice(language.say("sum_table.choose"), "spend", entries, state.view.spend)


def fragment(language: Language, state: State, found: object) -> Markup:
    """The ranking of the sum, outcome and year that are chosen; where it is not there yet, that it is under way."""
    baseline, view = state.scenario.baseline(), state.view
    key = key_of(baseline, view.spend, view.focus, state.year, view.valued)
    if not isinstance(found, SumRanking) or found.key != key:
        return element("p", language.say("sum_table.running"), class_="lead", id="running", role="status")
    order = found.ranked()
    shown = tuple(dict.fromkeys((view.focus, *BESIDE)))
    rows = [_row(language, state, found, move, shown) for move in order]
    heads = [
        language.say("why.lever"),
        language.say("sum_table.setting"),
        element("span", language.say("sum_table.cost"), element("small", language.numbers.unit_beside("USD/year"))),
        *(_head(language, name) for name in shown),
        language.say("options.title"),
    ]
    caption = language.say("sum_table.caption", year=language.numbers.year(state.year))
    body = along(heads, rows, caption)
    return element(
        "div",
        element("p", sentence(language, state, found, order), class_="lead", id="sum-sentence"),
        element("p", language.say("sum_table.hint"), class_="hint"),
        element("figure", body, class_="chart wide matrix compact", id="figure-sum", aria_label=caption),
    )


def sentence(language: Language, state: State, found: SumRanking, order: Sequence[BoughtMove]) -> str:
    """Which lever does most for the outcome, what it costs and what rises with it; then which does most of those with
    which nothing else rises."""
    say, numbers, name = language.say, language.numbers, state.view.focus
    amount = numbers.full(float(state.view.spend), catalogue().outcomes[COST].unit)
    asked = {"outcome": language.inside(language.title(name)), "year": numbers.year(state.year), "amount": amount}
    wanted = BETTER_SIGN[catalogue().outcomes[name].better]
    better = [each for each in order if found.verdicts[each.lever][name].direction == wanted]
    if not better:
        return say("sum_table.none", **asked)
    first = better[0]
    most = say(f"sum_table.{'raises' if wanted > 0 else 'lowers'}", **asked, move=_said(language, state, found, first))
    risen = _risen(found, first, name)
    if not risen:
        return " ".join([most, say("sum_table.no_harm")])
    judged = found.verdicts[first.lever]
    changes = "; ".join(say("pair", name=language.title(each), value=_change(language, judged[each])) for each in risen)
    sentences = [most, say("sum_table.harm", changes=changes)]
    harmless = next((each for each in better if not _risen(found, each, name)), None)
    if harmless is not None:
        sentences.append(say("sum_table.harmless", move=_said(language, state, found, harmless)))
    return " ".join(sentences)


def _risen(found: SumRanking, move: BoughtMove, but: str) -> list[str]:
    """What else of that which is always shown rises with a move."""
    return [name for name in BESIDE if name != but and found.verdicts[move.lever][name].direction > 0]


def _said(language: Language, state: State, found: SumRanking, move: BoughtMove) -> str:
    """A move with its setting, what it does to the outcome, how sure that is, and its cost."""
    verdict = found.verdicts[move.lever][state.view.focus]
    return language.say(
        "sum_table.move",
        lever=language.title(move.lever),
        setting=_setting(language, state, move),
        change=_change(language, verdict),
        sure=_sure(language, verdict),
        cost=_cost(language, move.cost),
    )


def _row(language: Language, state: State, found: SumRanking, move: BoughtMove, shown: tuple[str, ...]) -> list[object]:
    judged = found.verdicts[move.lever]
    add = element(
        "button", language.say("sum_table.add"), type="button", class_="link", id=f"sum-option-{move.lever}",
        data_send=send(option_moves=moves_of(move)),
        aria_label=language.say("options.add_of", title=language.title(move.lever)),
    )  # fmt: skip
    end = element("small", language.say("sum_table.end")) if move.is_end else None
    return [
        language.title(move.lever),
        element("td", _setting(language, state, move), end),
        _cost(language, move.cost),
        *(element("td", overview_page.difference_cell(language, judged[name]), data_outcome=name) for name in shown),
        element("td", add),
    ]


def _head(language: Language, name: str) -> Markup:
    unit = language.numbers.unit_beside(catalogue().outcomes[name].unit)
    return element("span", language.title(name), element("small", unit))


def _change(language: Language, verdict: OutcomeVerdict) -> str:
    difference = language.numbers.difference(verdict.difference, verdict.outcome.unit)
    ratio = language.numbers.percent(verdict.ratio)
    return f"{difference} ({ratio})" if ratio else difference


def _sure(language: Language, verdict: OutcomeVerdict) -> str:
    if verdict.is_provisional:
        return language.say("overview.verdicts.so_far")
    way = "higher" if verdict.leaning > 0 else "lower"
    key = f"in_each_{way}" if verdict.chance == 1 else f"chance_{way}"
    return language.say(f"overview.{key}", chance=language.numbers.chance(verdict.chance), members=verdict.members)


def _cost(language: Language, cost: float) -> str:
    return language.numbers.difference(cost, catalogue().outcomes[COST].unit)


def _setting(language: Language, state: State, move: BoughtMove) -> str:
    """A lever from today's value to where the sum takes it; in agents or places where it counts them."""
    today = values_today(state.scenario.baseline())[move.lever]
    counts = count_of(state.scenario, move.lever)
    if counts is None:
        values = [_shown(language, move.lever, each) for each in (today, move.value)]
        return language.say("sum_table.from_to", today=values[0], value=values[1])
    unit = language.say(f"lever_scale.counted.{move.lever}")
    totals = [_counted(language, counts, each) for each in (today, move.value)]
    return f"{language.say('sum_table.from_to', today=totals[0], value=totals[1])} {unit}"


def _counted(language: Language, counts: tuple[float, ...], value: LeverValue) -> str:
    values = list(value.values()) if isinstance(value, Mapping) else [value] * len(counts)
    total = sum(count * each for count, each in zip(counts, values, strict=True))
    return language.numbers.figures(round(total), WHOLE)


def _shown(language: Language, lever: str, value: LeverValue) -> str:
    """A value in the unit of its control; the least and the most where routes differ."""
    card = catalogue().model.cards[lever]
    scale, _ = shown_unit(language, card)
    values = value.values() if isinstance(value, Mapping) else [value]
    low, high = scale * min(values), scale * max(values)
    if low == high:
        return in_words(language, card, low)
    return language.say("compare.range", low=language.numbers.number(low), high=in_words(language, card, high))


def moves_of(move: BoughtMove) -> list[dict]:
    values = move.value if isinstance(move.value, Mapping) else {None: move.value}
    return [{"id": move.lever, "route": route, "value": value} for route, value in values.items()]
