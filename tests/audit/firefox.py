"""Firefox without a screen, driven by WebDriver BiDi, which it speaks by itself."""

import asyncio
import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tornado.websocket import WebSocketClientConnection, websocket_connect

PROGRAMS = ("firefox", "firefox-esr")
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
LARGEST = 64 << 20  # bytes of a message: a picture of a page is some
PATIENCE = 120  # seconds for whatever is waited for
EVENTS = ["log.entryAdded", "network.beforeRequestSent"]
# No network at all, and no page of its own.
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "browser.aboutwelcome.enabled": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
}


def program() -> str | None:
    """Where Firefox is; None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Firefox:
    """One page of it; `events` are what it logged and what it asked of a network."""

    def __init__(self, connection: WebSocketClientConnection):
        self.connection, self.number, self.events, self.page = connection, 0, [], ""

    async def do(self, method: str, **given) -> dict:
        self.number += 1
        await self.connection.write_message(json.dumps({"id": self.number, "method": method, "params": given}))
        while True:
            heard = json.loads(await asyncio.wait_for(self.connection.read_message(), PATIENCE))
            if heard["type"] == "event":
                self.events.append(heard)
            elif heard.get("id") == self.number:
                assert heard["type"] == "success", heard
                return heard["result"]

    async def evaluate(self, expression: str):
        """What a JavaScript expression, or the promise it is, comes to."""
        wrapped = f"(async () => JSON.stringify(await ({expression})))()"
        found = await self.do("script.evaluate", expression=wrapped, target={"context": self.page}, awaitPromise=True)
        assert found["type"] == "success", found
        text = found["result"].get("value")
        return None if text is None else json.loads(text)

    async def until(self, expression: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await self.evaluate(expression):
                await asyncio.sleep(0.1)

    async def picture(self) -> bytes:
        return base64.b64decode((await self.do("browsingContext.captureScreenshot", context=self.page))["data"])


@asynccontextmanager
async def firefox(folder: Path, width: int, height: int) -> AsyncIterator[Firefox]:
    """A browser of its own with an empty page of that size; `folder` takes its profile."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (folder / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [program(), "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", "0"]
    log = folder / "said.txt"
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, "HOME": str(folder)})
    try:
        async with asyncio.timeout(PATIENCE):
            while not (listens := LISTENS.search(log.read_text(encoding="utf-8", errors="replace"))):
                await asyncio.sleep(0.1)
        connection = await websocket_connect(f"{listens[1]}/session", max_message_size=LARGEST)
        browser = Firefox(connection)
        await browser.do("session.new", capabilities={})
        browser.page = (await browser.do("browsingContext.create", type="tab"))["context"]
        await browser.do(
            "browsingContext.setViewport", context=browser.page, viewport={"width": width, "height": height}
        )
        await browser.do("session.subscribe", events=EVENTS, contexts=[browser.page])
        yield browser
    finally:
        process.terminate()
        process.wait(PATIENCE)
