"""Ports to serve at, seen to be free before anything is started."""

from __future__ import annotations

import errno
import socket
from contextlib import ExitStack

SECONDS_TO_ANSWER = 3.0


class NoPort(Exception):
    """A port that cannot be had; the message says which, where and why, in one line."""


def free(address: str, first: int, count: int) -> list[int]:
    """So many ports in a row from the first, or any for 0, all free at the same time; raises NoPort."""
    wanted = range(first, first + count) if first else [0] * count
    with ExitStack() as held:
        return [_held(address, port, held) for port in wanted]


def _held(address: str, port: int, held: ExitStack) -> int:
    """The port, kept from others until the stack is closed."""
    try:
        probe = held.enter_context(socket.socket(_family(address)))
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((address, port))
        # Two may bind a port where nobody listens yet, so that only listening shows whether it is free.
        probe.listen(1)
    except (OSError, OverflowError) as fault:
        if getattr(fault, "errno", None) == errno.EADDRINUSE:
            raise NoPort(f"--port {port} at {address} is in use; try another --port") from None
        why = getattr(fault, "strerror", None) or fault
        raise NoPort(f"--port {port} at {address} cannot be had ({why}); try another --port") from None
    return probe.getsockname()[1]


def answers(address: str, port: int, path: str, seconds: float = SECONDS_TO_ANSWER) -> bool:
    """Whether somebody answers a request there, be it with a refusal; a process that hangs takes connections alone."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(address, address)
    try:
        with socket.create_connection((host, port), seconds) as asking:
            asking.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
            return bool(asking.recv(1))
    except OSError:
        return False


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def spoken(ports: list[int]) -> str:
    """Ports as one says them: 5006, 5006 to 5009, or 40001 and 40777."""
    if len(ports) > 2 and ports == list(range(ports[0], ports[-1] + 1)):
        return f"{ports[0]} to {ports[-1]}"
    *most, last = map(str, ports)
    return f"{', '.join(most)} and {last}" if most else last
