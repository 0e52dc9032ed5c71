"""What a tab may say by Bokeh's protocol: that it asks for its document, that it is ready, and what its user did.

Bokeh lets a browser do more: set any property of any model, make models, put another document in the place of its own,
and attach as many bytes as it likes. Our page does none of that, so nobody else may; what a message costs is seen
before it is opened.
"""

from __future__ import annotations

import json

from bokeh.protocol import Protocol
from bokeh.protocol.message import Message

from pushpull.dashboard.limits import LARGEST_MESSAGE

LONGEST_HEAD = 1_000  # letters of the two texts before what a message says
LONGEST_MIXED = 300_000  # letters of a message of any kind: a file to open, in which each letter may be written as two
MOST_SIGNS = 20_000  # of what takes time to open in a longer one: pictures are long, and hold few
MOST_NESTED = 30_000  # values in a message as Bokeh writes it, where each pair of a mapping is a list
EVENTS = ("document_ready", "data_event")
MARKED = ("map", "number")  # the kinds of values beside JSON's own that our page's messages hold
_SIGNS = '"\\[{,:'


class Foreign(ValueError):
    """What no page of ours says."""


class Incoming:
    """The messages of one connection, each of which comes as three texts."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._has_pulled = False

    def take(self, part: str | bytes, protocol: Protocol) -> Message | None:
        """The message that a text makes whole, None where more is to come; raises Foreign."""
        if not isinstance(part, str):
            raise Foreign("bytes")
        if len(self._parts) < 2:
            if len(part) > LONGEST_HEAD:
                raise Foreign("a long head")
            self._parts.append(part)
            return None
        (head, _), self._parts = self._parts, []
        if is_costly(part):
            raise Foreign("a costly message")
        try:
            return self._message(json.loads(head), json.loads(part), protocol)
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Foreign("no message") from None

    def _message(self, head: dict, content: dict, protocol: Protocol) -> Message:
        kind = head["msgtype"]
        plain = {"msgid": str(head["msgid"]), "msgtype": kind}
        if kind == "PULL-DOC-REQ" and not self._has_pulled:
            self._has_pulled = True
            return protocol.assemble(json.dumps(plain), "{}", "{}")
        if kind != "PATCH-DOC":
            raise Foreign("another kind of message")
        events = [each for each in content["events"] if _is_ours(each)]
        if not is_plain(events):
            raise Foreign("values of another kind")
        message = protocol.assemble(json.dumps(plain), "{}", '{"events":[]}')
        message.content = {"events": events}
        return message


def is_costly(text: str) -> bool:
    """Whether a JSON text would take long to open."""
    if len(text) <= LONGEST_MIXED:
        return False
    return len(text) > LARGEST_MESSAGE or sum(map(text.count, _SIGNS)) > MOST_SIGNS


def _is_ours(event: dict) -> bool:
    """Whether an event is one of those that do something; sizes of charts, which Bokeh tells too, are not needed."""
    return (
        event["kind"] == "MessageSent"
        and event["msg_type"] == "bokeh_event"
        and event["msg_data"]["type"] == "event"
        and event["msg_data"]["name"] in EVENTS
    )


def is_plain(events: list[dict]) -> bool:
    """Whether events hold plain values alone, and no more of them than a message may; looks at no more than that."""
    waiting: list[object] = [each["msg_data"].get("values", {}) for each in events]
    seen = len(waiting)
    while waiting and seen <= MOST_NESTED:
        value = waiting.pop()
        if isinstance(value, dict):
            if value.get("type", "map") not in MARKED:
                return False
            value = list(value.values())
        if isinstance(value, list):
            seen += len(value)
            if seen <= MOST_NESTED:
                waiting += value
    return seen <= MOST_NESTED
