"""What visitors send neither fills the log nor forges a line of it.

Bokeh writes whole messages there when one is at fault, of many MB; and signs that steer a terminal may stand in a name
or an address.
"""

from __future__ import annotations

import logging

LONGEST = 500  # letters of a line
MOST_LINES = 60  # of a traceback
OF_VISITORS = (
    *("bokeh.server.views.ws", "bokeh.server.protocol_handler", "bokeh.server.contexts", "bokeh.protocol"),
    *("tornado.application", "tornado.access", "tornado.general"),
    *(
        "pushpull.dashboard.app",
        "pushpull.dashboard.server.sign_in",
        "pushpull.dashboard.server.connection",
        "pushpull.dashboard.session.opening",
        "pushpull.dashboard.session.complaints",
        "pushpull.dashboard.session.page_links",
    ),
)


def shorten(record: logging.LogRecord) -> bool:
    """Cut a line of the log that is too long, and keep it on one line; that of a traceback are set in."""
    text = record.getMessage()
    if len(text) > LONGEST or not text.isprintable():
        record.msg, record.args = _plain(text), ()
    if record.exc_info and record.exc_info[0] is not None and not record.exc_text:
        lines = logging.Formatter().formatException(record.exc_info).splitlines()
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES // 2], "...", *lines[-MOST_LINES // 2 :]]
        record.exc_text = "\n".join(f"  {_plain(line)}" for line in lines)
    return True


def _plain(text: str) -> str:
    cut = text[:LONGEST] + (f"... ({len(text)} letters)" if len(text) > LONGEST else "")
    return "".join(each if each.isprintable() else " " for each in cut)


def keep_short() -> None:
    """Let no visitor write more than a line into the log at a time."""
    for name in OF_VISITORS:
        logging.getLogger(name).addFilter(shorten)
