"""Work behind the page gives way to levers, those of other visitors too."""

import pytest
from bokeh.document import Document

from dashboard import background
from dashboard.background import JUST, QUIET, Background, quiet_for


@pytest.fixture
def clock(monkeypatch):
    """A clock that is put on by hand."""
    now = [1000.0]
    monkeypatch.setattr(background.time, "monotonic", lambda: now[0])
    return now


def test_bands_wait_longer_the_more_visitors_move_levers_and_no_longer_for_their_own(clock):
    own, *others = (Background(Document()) for _ in range(5))
    assert [quiet_for(own) for _ in range(3)] == [QUIET] * 3
    for other in others:
        quiet_for(other)
    assert quiet_for(own) == QUIET * 5
    others[0].close()
    assert quiet_for(own) == QUIET * 4
    clock[0] += JUST
    assert quiet_for(own) == QUIET
