"""Messages to the page that are worked out one by one, beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from pushpull.dashboard.session import complaints
from pushpull.dashboard.session.effects import Host


def tell_each(host: Host, work: str, steps: Callable[[threading.Event], Iterator[dict]]) -> None:
    """Send what each step yields, in place of what was under way of that `work`; a fault as a message `WORK_fault`."""

    def fail(fault: Exception) -> None:
        notice = complaints.of_change(fault, host.language)
        host.screen.shell.send({f"{work}_fault": [notice.summary, *notice.lines, *notice.quoted]})

    if host.background is not None:
        host.background.start(work, steps, host.screen.shell.send, fail)
