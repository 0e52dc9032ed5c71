"""What closed tabs leave behind, and what a session keeps of its runs."""

import numpy as np
from bokeh.document import Document

from pushpull import run
from pushpull.dashboard.compute.indicators import variables_shown
from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.processes.memory import MANY, Tidying
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State


def test_memory_is_given_back_when_nobody_is_there_or_many_have_left():
    still_open = [3]
    tidying = Tidying(lambda: still_open[0])
    assert not tidying.tidy()
    tidying.left()
    assert not tidying.tidy()
    for _ in range(MANY):
        tidying.left()
    assert tidying.tidy() and not tidying.tidy()
    tidying.left()
    still_open[0] = 0
    assert tidying.tidy()


def test_a_page_passes_the_checks_of_bokeh(caplog):
    for state in (State.opening(), State.opening("g8_2001").with_value("asylum_access", 0.9)):
        Session(state).page().server_doc(Document()).validate()
    assert caplog.records == []


def test_a_session_keeps_what_pages_show_and_finds_the_rest_when_asked():
    state = State.opening().with_value("asylum_access", 0.9)
    runs, whole = runs_of(state.scenario), run(state.scenario)
    for name in variables_shown():
        assert np.array_equal(runs.yours.array(name), whole.array(name)), name
    assert set(runs.whole.variables) == set(whole.variables) > set(runs.yours.variables)
