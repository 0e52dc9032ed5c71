"""Opening a session for a visitor, and doing once what the first visitor would wait for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module

import panel as pn
from bokeh.document import Document

from pushpull.dashboard.auth.visitor import visitor_of
from pushpull.dashboard.compute import ensembles, shared
from pushpull.dashboard.compute.runs import cached_run
from pushpull.dashboard.processes.capacity import PLACES
from pushpull.dashboard.processes.memory import Tidying
from pushpull.dashboard.session import opening
from pushpull.dashboard.session.jobs import pool
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.shipped import FIRST, shipped
from pushpull.dashboard.state.state import State
from pushpull.scenario import scenario_names

log = logging.getLogger(__name__)


def open_session() -> pn.Template:
    """The page a visitor gets: the state of the link if there is one, else the first corridor as it stands."""
    document = pn.state.curdoc
    session = _session(opening.opening_for(document), document)
    if document is not None:
        PLACES.take(session, document.session_context)
        document.on_session_destroyed(lambda _: leave(session))
    return session.page()


def _session(made: opening.Opening, document: Document | None) -> Session:
    """The session of an opening; where nobody thought of what it holds, that of a page as it stands."""
    visitor = visitor_of(document)
    try:
        return Session(made.state, visitor, made.notices, document, made.runs)
    except Exception:
        log.exception("a page could not be shown as its link has it")
        made = opening.fallen_back(made.state.view.language, visitor)
        return Session(made.state, visitor, made.notices, document, made.runs)


def leave(session: Session) -> None:
    """Forget a session whose tab is gone."""
    PLACES.leave(session)
    session.close()
    TIDYING.left()


def warm(say: Callable[[str], None]) -> None:
    """Compile the model, run every corridor and build a page."""
    from pushpull.preparation import integrator

    integrator(say)
    for name in scenario_names():
        cached_run(shipped(name).baseline())
    Session(State.opening()).page().server_doc(Document()).to_json()


def prepare() -> None:
    """Begin, in each process, what only some pages need, or need later."""
    pool().submit(ensembles.members_of(shipped(FIRST).baseline()).grow, ensembles.STAGES[0])
    pool().submit(import_module, "networkx")  # for loops and pathways
    pool().submit(shared.experiments)


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
