"""The pocket page in Firefox, from a file and without a network: silent, asking nothing, and right."""

import asyncio

import numpy as np
import pytest

from pushpull import run
from pushpull.dashboard.pocket.pocket_file import CORRIDORS, pocket_page
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import outcomes_for_cards
from tests.audit.firefox import firefox, program
from tests.pocket_cases import SETTLED

PACKAGE = "balanced"
SIZES = ((1280, 800), (360, 740))
pytestmark = [pytest.mark.audit, pytest.mark.skipif(program() is None, reason="there is no Firefox here")]
RUN = """(async () => {
  const {engine} = await pushpull.page._calculator(), {settings, policies} = pushpull.page;
  const {values} = await engine.run(settings.changes(policies));
  return Object.fromEntries(Object.entries(values).map(([name, row]) => [name, Array.from(row)]));
})()"""


async def gone_through(folder, corridor, size):
    """Open the file, take a package, move a lever, play the start of a story."""
    path = folder / "pushpull.html"
    path.write_text(pocket_page([corridor]), encoding="utf-8")
    (folder / "profile").mkdir()
    async with firefox(folder / "profile", *size) as browser:
        await browser.do("browsingContext.navigate", context=browser.page, url=path.as_uri(), wait="complete")
        await browser.until(f"({SETTLED})()")
        await browser.evaluate(f"pushpull.page.receive({{package: '{PACKAGE}'}})")
        values = await browser.evaluate(RUN)
        before = await browser.evaluate("document.querySelector('.plot .line.yours').getAttribute('d')")
        await browser.evaluate("pushpull.page.receive({moves: [{id: 'asylum_access', route: null, value: 0.9}]})")
        await browser.until(f"document.querySelector('.plot .line.yours').getAttribute('d') !== {before!r}")
        await browser.until(f"({SETTLED})() && document.querySelectorAll('.plot .range').length === 2")
        picture = await browser.picture()
        await browser.evaluate("void document.querySelector('.tells').click()")
        await browser.evaluate("void document.querySelector('.story-list .story').click()")
        await browser.until("document.querySelector('.story-column')?.textContent.length > 40")
        return values, browser.events, picture, await browser.picture()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("corridor", CORRIDORS)
def test_it_runs_without_a_word_or_a_request(tmp_path, corridor, size):
    values, events, *pictures = asyncio.run(gone_through(tmp_path, corridor, size))
    for name, picture in zip(("page", "story"), pictures, strict=True):
        (tmp_path / f"{corridor}_{size[0]}_{name}.png").write_bytes(picture)
    asked = [event["params"]["request"]["url"] for event in events if event["method"] == "network.beforeRequestSent"]
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []
    assert [event["params"] for event in events if event["method"] == "log.entryAdded"] == []
    result = run(State.opening(corridor).with_package(PACKAGE).scenario)
    for name in outcomes_for_cards():
        assert np.allclose(values[name], result.total(name)[0], rtol=1e-8), name
