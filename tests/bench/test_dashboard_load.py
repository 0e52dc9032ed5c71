"""What the dashboard costs a server with many visitors.

    python -m pytest tests/bench/test_dashboard_load.py -s

Figures are printed, and milliseconds kept; none is asserted. What two quiet cores should reach: round trip with 30
visitors p95 150 ms, 0.35 s of processor time and 6 MB a session, memory back within 10 percent once all are gone.
"""

import asyncio
import json
import time
import urllib.request

import pytest

from pushpull.dashboard.processes.memory import MILLISECONDS
from pushpull.dashboard.state.state import State
from tests.bench.dashboard_client import Visitor

SESSIONS, SECONDS = 30, 20
OPENED, OPENED_BEFORE = 200, 20
WITHOUT_BANDS = f"?state={State.opening().looking(ranges=False).link}"
TIDIED = 3e-3 * MILLISECONDS  # seconds until what closed tabs held is given back, with time to spare
LOST = 200  # seconds after which a session of a closed tab must be gone


@pytest.mark.parametrize("bands", ["without bands", "with bands"])
def test_visitors_who_each_move_a_lever_once_a_second(server, tell, bands):
    address, _ = server
    query = WITHOUT_BANDS if bands == "without bands" else ""
    tell(f"dashboard, round trip of {SESSIONS} visitors {bands}", asyncio.run(_together(address, query)))


async def _together(address, query):
    """Milliseconds of every move of visitors who start one after the other within a second."""
    visitors = [await Visitor.arrive(address, query) for _ in range(SESSIONS)]

    async def move(number, visitor):
        found = []
        await asyncio.sleep(number / SESSIONS)
        for second in range(SECONDS):
            spent = await visitor.move(0.3 + 0.4 * second / SECONDS + 0.001 * number)
            found.append(1e3 * spent)
            await asyncio.sleep(max(0.0, 1 - spent))
        return found

    try:
        moved = await asyncio.gather(*(move(number, each) for number, each in enumerate(visitors)))
    finally:
        for visitor in visitors:
            visitor.leave()
    return [each for one in moved for each in one]


def test_opening_and_closing_sessions(server, keep):
    address, process = server
    asyncio.run(_open_and_close(address, OPENED_BEFORE, lambda: None))
    _wait_until_empty(address)
    time.sleep(TIDIED)
    before, spent = process.memory_info().rss, sum(process.cpu_times()[:2])
    most = []
    asyncio.run(_open_and_close(address, OPENED, lambda: most.append(process.memory_info().rss)))
    spent = 1e3 * (sum(process.cpu_times()[:2]) - spent) / OPENED
    _wait_until_empty(address)
    time.sleep(TIDIED)
    after = process.memory_info().rss
    keep("dashboard, processor time of opening a session", spent, spent)
    print(f"memory: {before / 1e6:.0f} MB before, {(most[0] - before) / OPENED / 1e6:.2f} MB a session")
    print(f"memory once all {OPENED} are closed: {after / before - 1:+.1%}")


async def _open_and_close(address, count, at_most):
    """Open so many sessions that each see one move, call `at_most` while all are open, and close them."""
    visitors = []
    try:
        for number in range(count):
            visitors.append(await Visitor.arrive(address, WITHOUT_BANDS))
            await visitors[-1].move(0.2 + 0.003 * number)
        at_most()
    finally:
        for visitor in visitors:
            visitor.leave()


def _wait_until_empty(address):
    """Until the server has let go of every session; raises TimeoutError."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + LOST
    while time.monotonic() < deadline:
        with opener.open(f"{address}/health", timeout=LOST) as answer:
            if json.load(answer)["sessions"] == 0:
                return
        time.sleep(2)
    raise TimeoutError(f"the server still holds sessions {LOST} s after the last tab was closed")
