"""What messages do with links: go where the browser's history leads, and keep short ones."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from pushpull.dashboard.auth.shared_state import short_links
from pushpull.dashboard.auth.visitor import Visitor
from pushpull.dashboard.compute.made_with import made_now
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.notices import Notice, Refusal
from pushpull.dashboard.session.effects import Host, effect
from pushpull.dashboard.state.links import salvage
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.messages import entries, says, text
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.undo import History
from pushpull.dashboard.storage.short_links import KeptLink, LinksUnavailable, ShortLink, owner_of

MOST_AN_HOUR = 60
HOUR = 3600.0
MOST_COUNTED = 10_000
log = logging.getLogger(__name__)


@effect(entries(visit=text), replaces_page=True)
def visit(host: Host, link: str) -> None:
    """Go to the state of an address of this page, to which the browser went back or forth."""
    left_out: list[salvage.LeftOut] = []

    def seen(state: State) -> State:
        found = open_link(link, state.homes)
        left_out[:] = found.left_out
        return found.state.looking(language=state.view.language)

    def then() -> None:
        if left_out:
            host.tell(Notice(salvage.sentence(left_out, host.language)))

    host.change_beside("visit", seen, then, way=History.visiting)


class Allowance:
    """How many short links a visitor to a server for many may make within an hour, in this process."""

    def __init__(self, most: int = MOST_AN_HOUR, now: Callable[[], float] = time.monotonic):
        self._most, self._now = most, now
        self._made: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, visitor: Visitor) -> None:
        """Count one more; raises Refusal where that is too many."""
        if not visitor.among_many:
            return
        key, now = visitor.user or visitor.place, self._now()
        since, count = self._made.get(key, (now, 0))
        if now - since >= HOUR:
            since, count = now, 0
        if count >= self._most:
            raise Refusal("short_links_often", most=self._most)
        self._made[key] = (since, count + 1)
        self._made.move_to_end(key)
        while len(self._made) > MOST_COUNTED:
            self._made.popitem(last=False)


ALLOWANCE = Allowance()


def keep_short_link(state: State, visitor: Visitor, runs: Runs) -> KeptLink:
    """Keep a short link to a state, with what it comes to now; raises Refusal and LinksUnavailable."""
    link = state.link_with(made_now(state, runs))
    if link is None:
        raise Refusal("short_link_long")
    ALLOWANCE.take(visitor)
    return short_links().keep(link, owner_of(visitor.user))


def tell_removed(host: Host, removed: Sequence[ShortLink]) -> None:
    """Tell which links of the visitor's made room for a new one, if any did."""
    if removed:
        words = host.language
        lines = [words.say("short_links.was_removed", code=f"s/{each.code}", day=each.day) for each in removed]
        host.tell(Notice.shortened(words, words.say("short_links.made_room"), lines, good=True))


@effect(says(do="short_link"))
def make_short_link(host: Host) -> None:
    """Keep a short link to the page as it stands, and have the browser copy it."""
    state, visitor, words, runs = host.state, host.visitor, host.language, host.computation.runs

    def take(kept: KeptLink) -> None:
        host.send({"copy": f"s/{kept.code}"})
        tell_removed(host, kept.removed)

    def fail(fault: Exception) -> None:
        host.send({"copy": ""})
        if not isinstance(fault, LinksUnavailable):
            return host.refuse(fault)
        log.error("a short link cannot be kept: %s", fault)
        host.tell(Notice(words.say("short_links.not_kept")))

    if host.background is not None:
        host.background.start("short_link", lambda stop: iter([keep_short_link(state, visitor, runs)]), take, fail)
        return
    try:
        take(keep_short_link(state, visitor, runs))
    except (Refusal, LinksUnavailable) as fault:
        fail(fault)
