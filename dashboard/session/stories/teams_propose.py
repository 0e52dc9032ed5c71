"""What messages do with rounds in which teams of a room propose."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

from pushpull.dashboard.compute.stories import team_rounds
from pushpull.dashboard.session.effects import Host, effect
from pushpull.dashboard.session.stories.told_steps import tell_each
from pushpull.dashboard.state.messages import OtherKind, entries, flag, mapping, of_type, text, whole
from pushpull.dashboard.state.state import State
from pushpull.workshop import proposal_slip

WORK = "round"
MOST_PROPOSALS = 400


@effect(entries(begin_round=whole, seats=whole))
def begin_round(host: Host, number: int, seats: int) -> None:
    """Tell the form on which the teams of a room propose."""
    state = host.state

    def steps(stop: threading.Event) -> Iterator[dict]:
        yield {"round_slip": proposal_slip(team_rounds.teams_of(state, seats), max(number, 1))}

    tell_each(host, WORK, steps)


def _proposals(value: object) -> list[tuple[int, object]]:
    """What seats answered, each a pair of its number and its answer, as JSON: a whole room is more than a message may
    hold in parts."""
    try:
        given = json.loads(text(value))
    except (ValueError, RecursionError):
        raise OtherKind from None
    if len(of_type(list)(given)) > MOST_PROPOSALS:
        raise OtherKind
    return [entries(seat=whole, value=mapping)(mapping(each)) for each in given]


@effect(entries(sum_round=whole, seats=whole, proposals=_proposals))
def sum_round(host: Host, number: int, seats: int, proposals: list[tuple[int, object]]) -> None:
    """Tell what the proposals of a room come to."""
    state = host.state

    def steps(stop: threading.Event) -> Iterator[dict]:
        summed, refused = team_rounds.round_of(team_rounds.teams_of(state, seats), max(number, 1), proposals)
        yield {"round_sum": {"reveal": summed.reveal(), "refused": refused, "proposed": len(summed.proposals)}}

    tell_each(host, WORK, steps)


@effect(entries(keep_round=whole, seats=whole, proposals=_proposals, roles=flag))
def keep_round(host: Host, number: int, seats: int, proposals: list[tuple[int, object]], roles: bool) -> None:
    """Keep what a room proposed as options."""

    def change(state: State) -> State:
        summed, _ = team_rounds.round_of(team_rounds.teams_of(state, seats), max(number, 1), proposals)
        return team_rounds.kept(state, summed, roles).looking(page="compare", way="table", compared=())

    host.change_beside(WORK, change, lambda: None)
