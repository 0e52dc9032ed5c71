"""The listener for phones: of one address it takes so many connections and no more, so that nobody holds them all."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tornado.http1connection import HTTP1ServerConnection
from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

MOST_CONNECTIONS = 1_000  # of an address: a school behind one, with two or three of each phone


class PhoneServer(HTTPServer):
    """An HTTP server that closes at once what is more than its share."""

    def initialize(self, *given: Any, **named: Any) -> None:
        """Begin without connections."""
        self._of: Counter[str] = Counter()
        super().initialize(*given, **named)

    def handle_stream(self, stream: IOStream, address: tuple) -> None:
        """Serve a connection, or close it."""
        if self._of[address[0]] >= MOST_CONNECTIONS:
            stream.close()
            return
        self._of[address[0]] += 1
        super().handle_stream(stream, address)

    def on_close(self, server_conn: object) -> None:
        """Forget a connection that ended."""
        super().on_close(server_conn)
        if isinstance(server_conn, HTTP1ServerConnection):
            address = getattr(server_conn.context, "address", ("",))[0]
            self._of[address] -= 1
            if not self._of[address]:
                del self._of[address]
