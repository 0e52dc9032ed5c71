"""`/health`: what a proxy, a supervisor and a waiting tab ask; it makes no session and costs next to nothing."""

from __future__ import annotations

import json

from tornado.web import RequestHandler

from pushpull.dashboard.processes.capacity import PLACES
from pushpull.dashboard.session.opening import QUEUE
from pushpull.preparation import model_digest

SECONDS_TO_RETRY = 5
CODES = {"ok": 200, "full": 503, "signed_out": 401}


class Health(RequestHandler):
    """200 and a line of JSON while there is room for one more tab, 503 while there is none.

    A tab that waits asks with `?enter`: with 200 a place is held for it, and with 401 it must sign in first.
    """

    def get(self) -> None:
        """Answer."""
        cross_site = self.request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
        if "enter" in self.request.arguments and not cross_site:
            status = self._of_entering()
        else:
            status = "full" if PLACES.full() else "ok"
        self.set_status(CODES[status])
        if status == "full":
            self.set_header("Retry-After", str(SECONDS_TO_RETRY))
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        told = {"status": status, "sessions": PLACES.taken(), "most": PLACES.most, "model": model_digest()[:12]}
        self.write(json.dumps(told))

    head = get

    def _of_entering(self) -> str:
        users = self.settings["rules"].users
        if users is not None and users.user_of(self) is None:
            return "signed_out"
        return "ok" if not QUEUE.full() and PLACES.promise() else "full"
