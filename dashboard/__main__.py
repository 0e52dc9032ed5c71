"""Serve the simulator: `python -m pushpull.dashboard --port P --address A [--workers N] [--no-show]`."""

from __future__ import annotations

import argparse
import re
import sys
import webbrowser
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from pushpull.dashboard.auth import passwords
from pushpull.dashboard.server import ports, workers
from pushpull.dashboard.server.hosts import EVERYWHERE, parted

PORT = 5006


class CommandLine(argparse.ArgumentParser):
    """A command line whose faults are told in one line."""

    def error(self, message: str) -> NoReturn:
        """Tell a fault and end with 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    reader = CommandLine(prog="python -m pushpull.dashboard", description="Open the simulator in a browser.")
    reader.add_argument("--port", type=int, default=PORT, help=f"port to serve at (default {PORT})")
    reader.add_argument("--address", default="127.0.0.1", help="address to serve at (default this machine only)")
    reader.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="HOST[:PORT]",
        help="name under which browsers reach the server, when that is another; may be repeated",
    )
    reader.add_argument("--no-show", action="store_true", help="do not open a browser")
    reader.add_argument("--workers", type=int, default=1, help="processes, each at a port of its own (default 1)")
    reader.add_argument("--sessions", type=int, default=200, help="open tabs a process takes at most (default 200)")
    reader.add_argument("--prefix", default="", metavar="/PATH", help="path under which a proxy serves the app")
    reader.add_argument(
        "--behind-proxy", action="store_true", help="take the visitor's address and scheme from a proxy's headers"
    )
    reader.add_argument(
        "--password-file",
        metavar="FILE",
        help="ask users to sign in: a file of names and hashes of passwords, made by `pushpull password FILE NAME`",
    )
    reader.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)
    chosen = reader.parse_args(given)
    if not 0 <= chosen.port <= ports.LAST:
        reader.error(f"--port is {chosen.port}; allowed: 0 to {ports.LAST}")
    for name, least, most in (("workers", 1, 64), ("sessions", 1, 10_000)):
        if not least <= getattr(chosen, name) <= most:
            reader.error(f"--{name} is {getattr(chosen, name)}; allowed: {least} to {most}")
    if chosen.port + chosen.workers - 1 > ports.LAST:
        last = ports.LAST - chosen.workers + 1
        reader.error(
            f"--port {chosen.port} with --workers {chosen.workers} would need ports above {ports.LAST}; "
            f"allowed: a --port up to {last}, or 0 for free ones"
        )
    if chosen.prefix and not re.fullmatch(r"(/[A-Za-z0-9_-]+)+", chosen.prefix):
        reader.error(f"--prefix is {chosen.prefix!r}; allowed: a path such as /simulator")
    for host in chosen.allow_origin:
        if parted(host) is None:
            reader.error(f"--allow-origin is {host!r}; allowed: a name, with a port if need be{_meant(host)}")
    if chosen.password_file and not Path(chosen.password_file).is_file():
        reader.error(f"--password-file: there is no file {chosen.password_file!r}")
    chosen.for_many = (
        chosen.workers > 1 or bool(chosen.password_file) or chosen.address not in ("127.0.0.1", "localhost")
    )
    return chosen


def _meant(host: str) -> str:
    """What somebody meant who gave a whole address where a name is wanted."""
    name = urlsplit(host).netloc if "://" in host else host.partition("/")[0]
    return f"; did you mean {name}?" if name != host and parted(name) else ""


def main(given: list[str] | None = None) -> int:
    """Serve until stopped; 0 when stopped by the user, 2 when the port cannot be had."""
    chosen = arguments(given)
    if chosen.password_file:
        try:
            passwords.read(Path(chosen.password_file))
        except passwords.PasswordFault as fault:
            print(f"--password-file: {fault}", file=sys.stderr)
            return 2
    if chosen.workers > 1:
        return workers.run(chosen)
    if chosen.supervised:
        workers.end_with_supervisor()
    try:
        (port,) = ports.free(chosen.address, chosen.port, 1)
    except ports.NoPort as fault:
        print(fault, file=sys.stderr)
        return 2
    print("Preparing the simulator ...", flush=True)

    import panel as pn

    from pushpull.dashboard import app
    from pushpull.dashboard.server import serve

    pn.extension()
    app.warm(lambda words: print(words, file=sys.stderr, flush=True))
    try:
        server = serve.server_of(chosen, port)
    except serve.Unprepared as fault:
        print(fault, file=sys.stderr)
        return 2
    app.prepare()
    host = "localhost" if chosen.address in EVERYWHERE else chosen.address
    link = f"http://{f'[{host}]' if ':' in host else host}:{port}{chosen.prefix}/"
    print(f"Pushpull is at {link}  (Ctrl-C stops it)", flush=True)
    if not chosen.no_show:
        webbrowser.open(link)
    serve.run_until_told(server)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
