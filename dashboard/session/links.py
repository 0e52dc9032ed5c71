"""What messages do with links: go where the browser's history leads."""

from __future__ import annotations

from pushpull.dashboard.i18n.notices import Notice
from pushpull.dashboard.session.effects import Host, effect
from pushpull.dashboard.state import salvage
from pushpull.dashboard.state.messages import entries, text
from pushpull.dashboard.state.opened_link import open_link
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.undo import History


@effect(entries(visit=text))
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
