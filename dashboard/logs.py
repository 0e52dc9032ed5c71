"""What visitors send does not fill the log: Bokeh writes whole messages there, of up to 20 MB, when one is at fault."""

from __future__ import annotations

import logging

LONGEST = 500  # letters of a line
OF_VISITORS = ("bokeh.server.views.ws", "bokeh.server.protocol_handler", "bokeh.protocol", "tornado.application")


def shorten(record: logging.LogRecord) -> bool:
    """Cut a line of the log that is too long, and keep it on one line."""
    text = record.getMessage()
    if len(text) > LONGEST or not text.isprintable():
        cut = text[:LONGEST] + (f"... ({len(text)} letters)" if len(text) > LONGEST else "")
        record.msg, record.args = "".join(each if each.isprintable() else " " for each in cut), ()
    return True


def keep_short() -> None:
    """Let no visitor write more than a line into the log at a time."""
    for name in OF_VISITORS:
        logging.getLogger(name).addFilter(shorten)
