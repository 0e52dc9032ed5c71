"""The names under which a browser may reach the server.

A page of another site can have its own name point at this machine (DNS rebinding) and then counts as the same site;
only the name that the browser sends in `Host` gives it away. So every request must name this server, by one rule of
ours.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from tornado.httputil import HTTPHeaders

from pushpull.serve_options import split_host

EVERYWHERE = ("0.0.0.0", "::", "")
DEFAULT_PORTS = {"": 80, "http": 80, "ws": 80, "https": 443, "wss": 443}


def is_address(name: str) -> bool:
    """Whether a name is the number of an address, which nobody can have point elsewhere."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class Hosts:
    """Which names are this server's.

    Those of the loopback address and of the address served; any number of an address where it serves at all of them,
    beside the machine's own names; and what `--allow-origin` names. A port counts in the origin of a connection only:
    tunnels and proxies change it, and a stranger cannot make use of it.
    """

    def __init__(self, address: str, port: int, more: Iterable[str], behind_proxy: bool = False):
        self.behind_proxy = behind_proxy
        self.everywhere = address in EVERYWHERE
        own = {socket.gethostname(), socket.getfqdn()} if self.everywhere else {address}
        own = {name.lower() for name in own if name}
        self.names = {"localhost", *own, *(f"{name}.local" for name in own if "." not in name)}
        self.more = {found for found in map(split_host, more) if found is not None}

    def named(self, headers: HTTPHeaders) -> str:
        """The name that the browser used: behind a proxy what the proxy says it was."""
        if self.behind_proxy and headers.get("X-Forwarded-Host"):
            return headers["X-Forwarded-Host"].split(",")[-1].strip()
        return headers.get("Host", "localhost")  # no browser leaves it out, but some monitors do

    def admits(self, host: str) -> bool:
        """Whether a name is one of this server's."""
        found = split_host(host)
        if found is None:
            return False
        name, _ = found
        if is_address(name):
            address = ip_address(name)
            if self.everywhere or address.is_loopback:
                return True
        return name in self.names or any(name == other for other, _ in self.more)

    def admits_origin(self, origin: str, host: str) -> bool:
        """Whether a page of that origin may open a connection: it is this server's own, or one that is allowed."""
        try:
            there = urlsplit(origin)
        except ValueError:
            return False
        from_, to = split_host(there.netloc), split_host(host)
        if from_ is None or there.scheme not in ("http", "https"):
            return False
        port = from_[1] or DEFAULT_PORTS[there.scheme]
        for name, other in [*([to] if to and self.admits(host) else []), *self.more]:
            if from_[0] == name and port in ({other} if other else {80, 443}):
                return True
        return False
