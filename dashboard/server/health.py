"""`/health`: what a proxy, a supervisor and a waiting tab ask; it makes no session and costs next to nothing."""

from __future__ import annotations

import json

from tornado.web import RequestHandler

from pushpull.dashboard.processes.capacity import PLACES
from pushpull.preparation import model_digest

SECONDS_TO_RETRY = 5


class Health(RequestHandler):
    """200 and a line of JSON while there is room for one more tab, 503 while there is none."""

    def get(self) -> None:
        """Answer."""
        full = PLACES.full()
        self.set_status(503 if full else 200)
        if full:
            self.set_header("Retry-After", str(SECONDS_TO_RETRY))
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        status = "full" if full else "ok"
        told = {"status": status, "sessions": PLACES.taken(), "most": PLACES.most, "model": model_digest()[:12]}
        self.write(json.dumps(told))

    head = get
