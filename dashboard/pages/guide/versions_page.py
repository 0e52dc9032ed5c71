"""What changed since a state of the model that one saw last: what was new, and how far results of packages moved."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import Change, at
from pushpull.dashboard.compute.runs import outcome_run
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import along
from pushpull.dashboard.state.packages import package_heading
from pushpull.dashboard.state.state import State
from pushpull.evidence.earlier_states import OUTCOMES, YEARS, EarlierState, states_of
from pushpull.wording.markup import choice, element


def fragment(language: Language, state: State) -> Markup:
    """The section of the evidence page."""
    say, known = language.say, states_of(state.opened)
    title = element("h2", say("versions.title"))
    if not known:
        return element("section", title, element("p", say("versions.none"), id="versions-sentence"), class_="sheet")
    since = next((each for each in known if each.made == state.view.since), known[0])
    later = [each for each in known if each.made > since.made]
    news = [element("li", element("b", day(language, each)), ". ", note(language, each)) for each in reversed(later)]
    dates = [(each.made, day(language, each)) for each in reversed(known)]
    return element(
        "section",
        title,
        element("p", say("versions.hint"), class_="hint"),
        element("div", choice(say("versions.since"), "since", dates, since.made), class_="tools"),
        element("p", say("versions.then", day=day(language, since), note=note(language, since))),
        element("ul", news, id="versions-news")
        if news
        else element("p", say("versions.nothing_later"), id="versions-news"),
        _moved(language, state, since),
        class_="sheet",
    )


def day(language: Language, state: EarlierState) -> str:
    """When a state was made, in words; the hour too, as there may be several a day."""
    made = datetime.fromisoformat(state.made)
    key, month = "brief.first" if made.day == 1 else "brief.day", language.say(f"months.m{made.month}")
    date = language.say(key, day=made.day, month=month, year=made.year)
    return language.say("versions.day", date=date, hour=f"{made:%H:%M}")


def note(language: Language, state: EarlierState) -> str:
    """What was new in a state."""
    return state.notes[language.code]


def moved_since(state: State, since: EarlierState) -> dict[str, dict[str, Change]]:
    """The outcomes of packages on the corridor of the page, now (`value`) and then (`baseline`), in the last year that
    is stored; of the package alone that is set, where it is one of them."""
    packages = since.packages(state.opened)
    own = state.package if not state.is_own and state.package in packages else None
    found = {}
    for package in [own] if own else packages:
        now = outcome_run(state.base.with_policy(package))
        found[package] = {
            name: Change(
                catalogue().outcomes[name],
                at(now, now.total(name)[0], YEARS[-1]),
                since.values[state.opened, package, name][-1],
            )
            for name in OUTCOMES
        }
    return found


def _moved(language: Language, state: State, since: EarlierState) -> Markup:
    say, moved = language.say, moved_since(state, since)
    rows = []
    for name in OUTCOMES:
        unit = language.numbers.unit_beside(catalogue().outcomes[name].unit)
        cells = [element("td", _cell(language, changes[name])) for changes in moved.values()]
        rows.append([element("span", language.title(name), element("small", unit)), *cells])
    heads = [say("why.outcome"), *(language.of("packages", name, package_heading(name).title) for name in moved)]
    caption = say("versions.caption", year=language.numbers.year(YEARS[-1]))
    body = along(heads, rows, caption)
    return element("figure", body, class_="chart wide matrix compact", id="figure-versions", aria_label=caption)


def _cell(language: Language, change: Change) -> list[Markup | str]:
    numbers, unit = language.numbers, change.outcome.unit
    then, now = (numbers.amount(value, unit) for value in (change.baseline, change.value))
    ratio = numbers.percent(change.ratio) or language.say("overview.unchanged")
    return [language.say("sum_table.from_to", today=then, value=now), element("small", ratio)]
