"""Opening a session for a visitor, and doing once what the first visitor would wait for."""

from __future__ import annotations

import logging
from collections.abc import Callable

import panel as pn
from bokeh.document import Document

from dashboard import known, opening, worlds
from dashboard.background import pool
from dashboard.corridors import shipped
from dashboard.memory import Tidying
from dashboard.places import PLACES
from dashboard.runs import kept_run
from dashboard.session import Session
from dashboard.state import FIRST, State
from dashboard.visitor import visitor_of
from model.scenario import scenario_names

MILLISECONDS = 1000  # between looks at an open file
log = logging.getLogger(__name__)


def open_session() -> pn.Template:
    """The page a visitor gets: the state of the link if there is one, else the first corridor as it stands."""
    document = pn.state.curdoc
    session = _session(opening.opening_for(document), document)
    if document is not None:
        PLACES.take(session, document.session_context)
        document.on_session_destroyed(lambda _: _leave(session))
        document.add_periodic_callback(session.look_at_file, MILLISECONDS)
    return session.page()


def _session(made: opening.Opening, document: Document | None) -> Session:
    """The session of an opening; where nobody thought of what it holds, that of a page as it stands."""
    visitor = visitor_of(document)
    try:
        return Session(made.state, visitor, made.notices, document, made.runs)
    except Exception:
        log.exception("a page could not be shown as its link has it")
        made = opening.fallen_back(made.state.view.language, visitor.user)
        return Session(made.state, visitor, made.notices, document, made.runs)


def _leave(session: Session) -> None:
    """Forget a session whose tab is gone."""
    PLACES.leave(session)
    session.close()
    TIDYING.left()


def warm(say: Callable[[str], None]) -> None:
    """Compile the model, run every corridor, build a page, and run the first worlds of the first corridor."""
    from model.running import integrator

    integrator(say)
    for name in scenario_names():
        kept_run(shipped(name).baseline())
    Session(State.opening()).page().server_doc(Document()).to_json()
    worlds.members_of(shipped(FIRST).baseline()).grow(worlds.STAGES[0])


def prepare() -> None:
    """Begin, in each process, what only some pages need: no thread may run before the processes part."""
    pool().submit(known.experiments)


# The sessions of this process ---------------------------------------------------------------------------------


def open_sessions() -> int:
    """How many sessions there are."""
    return len(PLACES.sessions())


TIDYING = Tidying(open_sessions)


def close_all() -> None:
    """Drop what is under way in every session, so that the process can end."""
    try:
        for session in PLACES.sessions():
            session.close()
    finally:
        pool().shutdown(wait=False, cancel_futures=True)
        opening.close()
