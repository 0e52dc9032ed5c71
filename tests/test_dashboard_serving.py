"""How the simulator is served."""

from panel.io.server import WSHandler

from dashboard.__main__ import arguments
from dashboard.serving import server_of


def test_what_is_said_to_a_tab_goes_out_at_once(monkeypatch):
    """Without, every move of a lever waits 40 ms for an acknowledgement."""
    server = server_of(arguments(["--no-show"]), 0)
    try:
        rules = server._tornado.wildcard_router.rules
        (connection,) = (rule.target for rule in rules if rule.matcher.regex.pattern.endswith("/ws$"))
        done = []
        monkeypatch.setattr(connection, "set_nodelay", lambda self, value: done.append(("no delay", value)))
        monkeypatch.setattr(WSHandler, "open", lambda self: done.append("open"))
        connection.open(object.__new__(connection))
        assert done == [("no delay", True), "open"]
    finally:
        server.stop(wait=False)
