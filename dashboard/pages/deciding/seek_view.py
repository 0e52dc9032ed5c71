"""Find a package for this: targets, levers that may move, the search, and what it has found with the harm beside it."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from pushpull.analysis.goal_seek import PROTECTED, Sought
from pushpull.analysis.lever_space import LeverMove
from pushpull.analysis.stated_change import GETS_WORSE, MAY_GET_WORSE, NO_CHANGE, StatedChange
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.deciding.package_search import (
    MEMBERS,
    MOST_LEVERS,
    PackageQuestion,
    Search,
    question_of,
)
from pushpull.dashboard.i18n.shown_units import in_words, shown_unit
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.limits import MOST_KEPT_BESIDE
from pushpull.dashboard.pages.deciding import target_fields
from pushpull.dashboard.pages.figures import along, cell
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import MET_IN
from pushpull.wording.markup import choice, element, send

TONES = {GETS_WORSE: "worse", MAY_GET_WORSE: "maybe"}


def fragment(language: Language, state: State, findings: Mapping[str, object]) -> Markup:
    """What is asked for, and how far the search for it is, or what it has found."""
    asked, held = question_of(state), findings.get("search")
    search = held if isinstance(held, Search) and held.question == asked else None
    return element(
        "div",
        target_fields.fields(language, state),
        _levers(language, state),
        _begin(language, state, asked, search),
        _answer(language, state, search) if search is not None and search.found is not None else None,
        id="seek",
    )


def _levers(language: Language, state: State) -> Markup:
    """Which levers may move; where none is ticked, those that help most by themselves."""
    say, levers = language.say, catalogue().levers
    is_full = len(state.view.sought) >= MOST_LEVERS
    boxes = [
        element(
            "label",
            element(
                "input", type="checkbox", value=name, checked=name in state.view.sought, data_choose="sought",
                id=f"sought-{name}", disabled=is_full and name not in state.view.sought,
            ),
            language.title(name),
        )
        for name in sorted(levers, key=lambda each: language.in_order(language.title(each)))
    ]  # fmt: skip
    titles = [language.title(name) for name in state.view.sought]
    chosen = language.join(map(language.inside, titles)) if titles else say("seek.helpful")
    return element(
        "details",
        element("summary", say("seek.levers", levers=chosen)),
        element("p", say("seek.levers_hint", most=MOST_LEVERS), class_="hint"),
        element("div", boxes, class_="boxes", data_group=True),
        id="seek-levers",
    )


def _begin(language: Language, state: State, asked: PackageQuestion, search: Search | None) -> Markup:
    say = language.say
    shares = [(each, language.numbers.share(float(each))) for each in MET_IN]
    is_running = search is not None and search.is_running
    begin = element(
        "button", say("seek.begin"), type="button", class_="button", id="seek-begin", data_send=send(seek=True),
        disabled=not asked.targets or is_running,
    )  # fmt: skip
    parts = [choice(say("seek.share"), "share", shares, state.view.share), begin]
    if is_running and search is not None:
        done, whole = search.tried
        counts = {name: language.numbers.figures(float(each), 9) for name, each in (("done", done), ("whole", whole))}
        parts += [
            element("button", say("seek.stop"), type="button", class_="button", id="seek-stop",
                    data_send=send(seek=False)),
            element("progress", value=str(done), max=str(whole), aria_label=say("seek.progress")),
            element("span", say("seek.so_far", **counts), role="status", id="seek-progress"),
        ]  # fmt: skip
    elif search is not None and search.stopped:
        parts.append(element("span", say("seek.stopped"), role="status"))
    elif not asked.targets:
        parts.append(element("span", say("seek.no_target"), class_="hint"))
    elif search is None:
        parts.append(element("span", say("seek.takes", members=MEMBERS), class_="hint"))
    return element("div", parts, class_="tools")


# What was found -------------------------------------------------------------------------------------------------


def _answer(language: Language, state: State, search: Search) -> Markup | None:
    found, say = search.found, language.say
    if found is None:
        return None
    keep = element(
        "button", say("seek.keep"), type="button", class_="button", id="seek-keep", data_send=send(keep_sought=True),
        disabled=len(state.kept) >= MOST_KEPT_BESIDE or not found.moves,
    )  # fmt: skip
    return element(
        "div",
        element("p", sentence(language, search), class_="lead", id="seek-sentence", role="status"),
        element("div", keep, element("span", name_of(language, search), class_="hint"), class_="tools"),
        _moves(language, found) if found.moves else None,
        _met(language, search),
        _changes(language, found),
    )


def name_of(language: Language, search: Search) -> str:
    """What the package is called as an option."""
    targets = "; ".join(target_fields.written(language, each) for each in search.question.targets)
    key = "attained" if search.found is not None and search.found.is_attained else "nearest"
    return language.say(f"seek.names.{key}", targets=targets)[:120]


def sentence(language: Language, search: Search) -> str:
    """What the search has found; a harm that gets worse, and fewer people asking for protection, are never left out."""
    found, say = search.found, language.say
    assert found is not None
    share = language.numbers.chance
    if found.is_attained:
        said = [say("seek.attained" if found.moves else "seek.attained_already", share=share(found.all_met))]
    else:
        obstacles = "; ".join(_obstacles(language, search, found))
        said = [say("seek.not_attained", wanted=share(found.share), share=share(found.all_met), obstacles=obstacles)]
    if found.fewer_asking:
        said.append(say("seek.fewer_asking", share=share(found.fewer_asking)))
    if found.worse:
        said.append(say("seek.worse", harms="; ".join(_harm(language, each) for each in found.worse)))
    elif found.may_be_worse:
        said.append(say("seek.may_be_worse", harms="; ".join(_harm(language, each) for each in found.may_be_worse)))
    elif found.moves:
        said.append(say("seek.no_harm"))
    return " ".join(said)


def _obstacles(language: Language, search: Search, found: Sought) -> list[str]:
    said = []
    for name in found.forbidding:
        row = found.names.index(name)
        target = _named(language, search, row, name)
        missed = language.numbers.percent(float(found.least[row])).lstrip("+")
        key = "seek.missed" if found.least[row] > 0 else "seek.not_together"
        said.append(language.say(key, target=target, missed=missed))
    return said


def _named(language: Language, search: Search, row: int, name: str) -> str:
    if row < len(search.question.targets):
        return target_fields.written(language, search.question.targets[row])
    return language.say("seek.protected", outcome=language.title(name.removeprefix(PROTECTED)))


def _harm(language: Language, each: StatedChange) -> str:
    ratio = language.numbers.percent(each.ratio)
    change = ratio or language.numbers.difference(each.difference, each.outcome.unit)
    return language.say(
        "seek.harm", outcome=language.title(each.outcome.id), change=change, share=language.numbers.chance(each.rises)
    )


def _moves(language: Language, found: Sought) -> Markup:
    rows = [
        [language.title(move.label.partition("@")[0]), *_from_to(language, move), _part(language, move)]
        for move in found.moves
    ]
    heads = [language.say(f"seek.heads.{each}") for each in ("lever", "today", "after", "part")]
    caption = language.say("seek.moves")
    body = along(heads, rows, caption)
    return element("figure", body, class_="chart wide matrix compact", id="figure-moves", aria_label=caption)


def _from_to(language: Language, move: LeverMove) -> list[Markup]:
    card = catalogue().model.cards[move.label.partition("@")[0]]
    scale, _ = shown_unit(language, card)
    return [cell(in_words(language, card, scale * value), value) for value in (move.before, move.after)]


def _part(language: Language, move: LeverMove) -> Markup:
    return cell(language.numbers.percent(move.part), move.part)


def _met(language: Language, search: Search) -> Markup:
    found, say = search.found, language.say
    assert found is not None
    numbers = language.numbers
    rows = [
        [
            _named(language, search, row, name),
            *(cell(numbers.chance(float(each[row])), float(each[row])) for each in (found.before, found.met)),
        ]
        for row, name in enumerate(found.names)
    ]
    both = [cell(numbers.chance(each), each) for each in (found.all_before, found.all_met)]
    rows.append([say("robust.heads.all_met"), *both])
    caption = say("robust.targets")
    heads = [say("seek.heads.target"), say("baseline"), say("seek.heads.with_these")]
    body = along(heads, rows, caption)
    return element("figure", body, class_="chart wide matrix compact", id="figure-met", aria_label=caption)


def _changes(language: Language, found: Sought) -> Markup:
    """What the package does to people, whatever was asked for, to what was asked for, and all that gets worse."""
    say, numbers = language.say, language.numbers
    asked = {name.split("<")[0].split(">")[0] for name in found.names}
    shown = [
        each for each in found.changes if each.outcome.people or each.outcome.id in asked or each.word == GETS_WORSE
    ]
    rows = []
    for each in shown:
        ratio = numbers.percent(each.ratio)
        change = numbers.difference(each.difference, each.outcome.unit)
        word = (
            ""
            if each.word == NO_CHANGE
            else say(f"seek.words.{'better' if each.word not in TONES else TONES[each.word]}")
        )
        unit = numbers.unit_beside(each.outcome.unit)
        rows.append(
            [
                element("span", language.title(each.outcome.id), element("small", unit) if unit else None),
                cell(numbers.amount(each.baseline, each.outcome.unit), each.baseline),
                cell(f"{change} ({ratio})" if ratio else change, each.difference),
                cell(numbers.chance(each.rises), each.rises),
                element("td", element("strong", word, class_=TONES.get(each.word, "better")) if word else ""),
            ]
        )
    heads = [say(f"seek.heads.{each}") for each in ("outcome", "before", "change", "rises", "word")]
    caption = say("seek.changes")
    body = along(heads, rows, caption)
    return element("figure", body, class_="chart wide matrix compact", id="figure-sought-changes", aria_label=caption)
