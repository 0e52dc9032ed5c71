"""A room full of phones as HTTP clients, in a thread of their own, with the moments at which each sent and heard; and
what a hand does on a phone's page."""

import asyncio
import random
import threading
import time
from concurrent.futures import Future

from tests.room_visitors import Phone

# How a hand answers a question of each kind on a phone's page.
BY_HAND = {
    "direction": lambda phone: phone.locator(".ask label").first.click(),
    "rank": lambda phone: phone.locator(".ask .order button:enabled").first.click(),
    "count": lambda phone: phone.locator(".ask input[type=range]").press("ArrowRight"),
    "amount": lambda phone: phone.locator(".ask input[type=range]").press("ArrowRight"),
    "line": lambda phone: phone.locator(".ask svg[role=slider]").press("ArrowUp"),
    "why": lambda phone: phone.locator(".ask textarea").fill("They go round it"),
}


def an_answer(slip: dict) -> object:
    """An answer to a question of any kind, made by chance."""
    names = [each["name"] for each in slip.get("choices", [])]
    if slip["kind"] in ("direction", "lever"):
        return random.choice(names)
    if slip["kind"] == "rank":
        return random.sample(names, len(names))
    if slip["kind"] == "count":
        return random.randint(0, 20)
    if slip["kind"] == "why":
        return "They go round it"
    low, high = slip["low"], slip["high"]
    return random.uniform(low, high) if slip["kind"] == "amount" else [random.uniform(low, high) for _ in slip["time"]]


class Crowd:
    """Phones that listen, and answer when told to."""

    def __init__(self, address: str, code: str):
        self.address, self.code = address, code
        self.phones: list[Phone] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def _do(self, work) -> Future:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def come(self, count: int) -> list[float]:
        """Let so many more phones join at once and listen; the seconds that each waited for its seat."""
        return self._do(self._come(count)).result(120)

    async def _come(self, count: int) -> list[float]:
        async def one() -> float:
            begun = time.time()
            phone = await Phone.seated(self.address, self.code)
            spent = time.time() - begun
            assert await phone.hear() == 200
            self.phones.append(phone)
            return spent

        return await asyncio.gather(*(one() for _ in range(count)))

    def answer(self, slip: dict, within: float) -> Future:
        """Let all answer within some seconds; gives, by seat, when each sent and how many seconds it waited."""

        async def one(phone: Phone) -> tuple[int, tuple[float, float]]:
            await asyncio.sleep(random.random() * within)
            begun = time.time()
            status, told = await phone.answer(an_answer(slip), slip)
            assert status == 200, (status, told)
            return phone.seat, (begun, time.time() - begun)

        async def everybody() -> dict[int, tuple[float, float]]:
            return dict(await asyncio.gather(*map(one, self.phones)))

        return self._do(everybody())

    def heard(self, slip: dict, phase: str) -> list[float]:
        """When each heard of a phase of a slip."""

        async def everybody() -> list[float]:
            def wanted(name, told):
                return name == "table" and told["phase"] == phase and (told["slip"] or {}).get("id") == slip["id"]

            return [(await phone.until(wanted, 20))[1] for phone in self.phones]

        return self._do(everybody()).result(60)

    def flood(self, seconds: float) -> Future:
        """Send answers and join as fast as it goes from eight connections; the statuses that came back."""

        async def one(end: float) -> dict[int, int]:
            mine, found = await Phone.seated(self.address, self.code), {}
            while time.time() < end:
                joins = random.random() < 0.5
                status = (await (mine.post(f"/room/{self.code}/join") if joins else mine.answer("up")))[0]
                found[status] = found.get(status, 0) + 1
            return found

        async def all_of_them() -> dict[int, int]:
            total: dict[int, int] = {}
            for each in await asyncio.gather(*(one(time.time() + seconds) for _ in range(8))):
                for status, count in each.items():
                    total[status] = total.get(status, 0) + count
            return total

        return self._do(all_of_them())

    def go(self) -> None:
        """Let all leave."""
        for phone in self.phones:
            self._loop.call_soon_threadsafe(phone.leave)
        time.sleep(0.5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
