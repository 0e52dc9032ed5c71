"""What messages ask of exploring and of the search for a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pushpull.dashboard.compute.deciding.exploration import Separated
from pushpull.dashboard.compute.deciding.package_search import Search
from pushpull.dashboard.i18n.notices import Notice
from pushpull.dashboard.pages.deciding.explore_view import key_of_picture, picture_of
from pushpull.dashboard.pages.deciding.seek_view import name_of
from pushpull.dashboard.session.deciding.work import MARKED, PICTURED, SEARCH, begin_search, separate, stop_search
from pushpull.dashboard.session.effects import Host, effect
from pushpull.dashboard.state.messages import OtherKind, entries, flag, says, text
from pushpull.dashboard.state.state import State


@effect(entries(simulations=text), at_once=True)
def draw_simulations(host: Host, key: str) -> None:
    """Hand over the plots of simulations for which the page has a place."""
    pictured = _pictured(host, key)
    if pictured is not None:
        drawn = picture_of(host.language, host.state, pictured, host.dark)
        if drawn is not None:
            host.screen.shell.send({"simulations": drawn})


def _marked(said: Mapping) -> tuple[tuple[int, ...], str]:
    """The places of the simulations that are marked, and the key of the picture in which they are."""
    places, key = said.get("marked"), said.get("of")
    if not isinstance(places, list) or not isinstance(key, str):
        raise OtherKind
    if not all(isinstance(each, int) and not isinstance(each, bool) and each >= 0 for each in places):
        raise OtherKind
    return tuple(sorted(set(places))), key


@effect(_marked, at_once=True)
def mark_simulations(host: Host, places: tuple[int, ...], key: str) -> None:
    """Choose the simulations that were marked by hand in a picture; none is the choice of the menus again."""
    pictured = _pictured(host, key)
    if pictured is None:
        return
    inside = tuple(each for each in places if each < pictured.choice.drawn)
    host.computation.learn(MARKED, pictured.choice._replace(marked=inside))
    separate(host.computation, host.state)


def _pictured(host: Host, key: str) -> Separated | None:
    """What the picture of that key shows, where the page shows it still."""
    held = host.computation.findings.get(PICTURED)
    is_it = isinstance(held, Separated) and key_of_picture(host.language, held, host.dark) == key
    return held if isinstance(held, Separated) and is_it else None


@effect(entries(seek=flag))
def seek_package(host: Host, on: bool) -> None:
    """Look for a package that meets the targets, or stop looking."""
    if on:
        begin_search(host.computation, host.state)
    else:
        stop_search(host.computation)


@effect(says(keep_sought=True))
def keep_sought(host: Host) -> None:
    """Keep the package that a search has found as one more option, with a name."""
    held = host.computation.findings.get(SEARCH)
    if not isinstance(held, Search) or held.found is None:
        return
    option = replace(held.found.scenario, title=name_of(host.language, held))

    def keeping(state: State) -> State:
        return state.keeping(option)

    host.change_beside(
        "keep",
        keeping,
        lambda: host.tell(Notice(host.language.say("notices.kept", title=option.title), good=True, passing=True)),
    )
