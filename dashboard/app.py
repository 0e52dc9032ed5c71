"""Opening a session for a visitor, and doing once what the first visitor would wait for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

import panel as pn
from bokeh.document import Document

from dashboard import corridors, known, salvage, shelf, worlds
from dashboard.background import pool
from dashboard.corridors import shipped
from dashboard.language import language
from dashboard.looking import LANGUAGES, View
from dashboard.memory import Tidying
from dashboard.places import PLACES
from dashboard.runs import kept_run
from dashboard.session import Session
from dashboard.state import FIRST, OTHER_FILES, Refused, State
from dashboard.visitor import visitor_of
from model.engine.integrate import RunBroke
from model.scenario import scenario_names

MILLISECONDS = 1000  # between looks at an open file


def open_session() -> pn.Template:
    """The page a visitor gets: the state of the link if there is one, else the first corridor as it stands."""
    visitor = visitor_of(pn.state.curdoc)
    given = _argument("state")
    document = pn.state.curdoc
    homes = corridors.homes(shelf.folder(visitor.user))
    state, notices = State.opening(homes=homes), []
    wished = _argument("language")[:2]  # whatever a mail puts behind it
    if wished in LANGUAGES:
        state = state.looking(language=wished)
    words = language(state.view.language)
    if given:
        try:
            state, changed, left_out = State.open_link(given, homes)
            words = language(state.view.language)
            lines, quoted = [words.say(f"migrated.{key}") for key in changed], state.renewals
            if lines or quoted:
                summary = words.say("migrated.summary")
                if changed == [OTHER_FILES] and not quoted:
                    summary, lines = lines[0], []
                notices = [{"summary": summary, "lines": lines, "good": True, "quoted": quoted}]
            if left_out:
                notices.append({"summary": salvage.sentence(left_out, words), "lines": [], "good": False})
            notices += _of_corridor(state)
        except Refused as refused:
            told = f"{refused.told(words)} {words.say('notices.link_falls_back')}"
            notices = [{"summary": told, "lines": list(refused.lines), "good": False}]
    try:
        session = Session(state, visitor, notices, document)
    except RunBroke as broke:
        lines = str(broke).splitlines()[:1]
        notices = [{"summary": words.say("notices.run_broke"), "lines": lines, "good": False}]
        # The corridor itself runs, if it is shipped; one of the user's own may be what broke.
        plain = state.reset() if corridors.is_shipped(state.base) else State.opening(homes=homes)
        session = Session(replace(plain, view=View(language=words.code)), visitor, notices, document)
    if document is not None:
        PLACES.take(session, document.session_context)
        document.on_session_destroyed(lambda _: _leave(session))
        document.add_periodic_callback(session.look_at_file, MILLISECONDS)
    return session.page()


def _of_corridor(state: State) -> list[dict]:
    """What is to be known of one's own corridor, as a notice."""
    words = language(state.view.language)
    lines, quoted = corridors.told(state.base, words)
    summary = words.say("notices.loaded", name=state.base.corridor.title)
    return [{"summary": summary, "lines": lines, "good": True, "quoted": quoted}] if lines or quoted else []


def _leave(session: Session) -> None:
    """Forget a session whose tab is gone."""
    PLACES.leave(session)
    session.close()
    TIDYING.left()


def _argument(name: str) -> str:
    """What the address says under a name: of the page, or of a connection that is made anew with it.

    The request at hand tells; the session's token holds no arguments, as it goes through a header with its limits.
    """
    context = pn.state.curdoc.session_context if pn.state.curdoc is not None else None
    query = getattr(getattr(context, "request", None), "query", None) or ""
    return parse_qs(query, errors="replace").get(name, [""])[0]


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
