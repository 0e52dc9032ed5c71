"""A room behind a real nginx that is set up as the README says, word for word, with two workers: phones of one address
are at both, and each hears the reveal when it is made."""

import json
import time

import pytest

from tests.audit.crowd import Crowd
from tests.audit.nginx import NGINX, proxied, upstreams
from tests.audit.test_proxy import in_a_loop, workers
from tests.audit.test_room import ANSWERS_CAME, p95, put, room, slip
from tests.browser.test_room import code
from tests.conftest import free_port, local_page
from tests.room_visitors import QUESTION, Phone

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="no nginx on this machine: the proxy block of the README is not tried"),
    pytest.mark.browser,
    pytest.mark.slow,
]
PHONES = 40
REVEAL = {"choice": "up", "text": QUESTION["title"]}


def test_a_room_behind_one_address_is_at_both_workers_and_hears_the_reveal_at_once(chromium, tmp_path):
    port, folder = free_port(), tmp_path / "nginx"
    kept = {"PUSHPULL_SCENARIOS": str(tmp_path / "scenarios"), "PUSHPULL_STATE": str(tmp_path / "state")}
    with workers(tmp_path / "log.txt", f"127.0.0.1:{port}", **kept) as (_, ports):
        with proxied(ports, folder, port) as address, room(chromium, address, ANSWERS_CAME) as page:
            crowd = Crowd(address, code(page))
            figures = {"seat, p95 s": p95(crowd.come(PHONES))}
            joined = [port for port, status, path in upstreams(folder) if path.endswith("/join") and status == 200]
            assert len(joined) == PHONES
            assert min(joined.count(each) for each in ports) >= PHONES // 5, joined
            with local_page(chromium, 360, is_mobile=True) as phone:
                phone.goto(f"{address}/room/{code(page)}")
                phone.get_by_text("You are in.").wait_for()
                put(page, slip=slip(1), phase="open")
                phone.locator(".ask label").first.click()
                phone.get_by_role("button", name="Send", exact=True).click()
                answered = crowd.answer(slip(1), within=2.0).result(60)
                page.wait_for_function("(count) => window.room.answers.length === count", arg=PHONES + 1)
                came = page.evaluate("window.came['story/1']")
                figures["answer to the presenter's count, p95 s"] = p95(
                    came[str(seat)] - begun for seat, (begun, _) in answered.items()
                )
                begun = time.time()
                put(page, slip=slip(1), phase="revealed", reveal=REVEAL)
                figures["reveal to the phones, p95 s"] = p95(crowd.heard(slip(1), "revealed")) - begun
                phone.locator("#reveal > *").first.wait_for()
            put(page, slip=slip(2), phase="open")
            seats = in_a_loop(at_either_worker(crowd.phones[0], slip(2)))
            crowd.go()
    print(json.dumps(figures, indent=1))
    assert len(set(seats)) == 1
    assert figures["answer to the presenter's count, p95 s"] <= 1
    assert figures["reveal to the phones, p95 s"] <= 1


async def at_either_worker(phone: Phone, question: dict) -> list[int]:
    """The seat of a phone as either worker knows it: its cookie for the proxy is another each time."""
    seats = []
    for number in range(8):
        phone.cookies["pushpull_worker"] = str(number)
        seats.append((await phone.join())[1]["seat"])
        assert (await phone.answer("up", question))[0] == 200
    return seats
