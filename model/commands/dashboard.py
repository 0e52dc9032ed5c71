"""`pushpull dashboard`: start the app, which takes this command's place until it is ended."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer

from pushpull import own_process

# Python's own allocator keeps what closed tabs leave free; that of Linux gives it back to the system.
ENVIRONMENT = {"PYTHONMALLOC": "malloc"} if sys.platform == "linux" else {}


def dashboard(
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 5006,
    address: Annotated[
        str,
        typer.Option(
            "--address", metavar="ADDRESS", help="Address to listen on: this machine alone; 0.0.0.0 is every network."
        ),
    ] = "127.0.0.1",
    no_show: Annotated[bool, typer.Option("--no-show", help="Open no browser.")] = False,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, max=64, help="Processes, at this port and those after it.")
    ] = 1,
    sessions: Annotated[
        int, typer.Option("--sessions", metavar="N", min=1, max=10_000, help="Open tabs a process takes at most.")
    ] = 200,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option("--allow-origin", metavar="HOST[:PORT]", help="Name under which browsers reach the server."),
    ] = None,
    prefix: Annotated[
        str, typer.Option("--prefix", metavar="/PATH", help="Path under which a proxy serves the app.")
    ] = "",
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Take the visitor's address from a proxy's headers.")
    ] = False,
    password_file: Annotated[
        str | None,
        typer.Option("--password-file", metavar="FILE", help="Ask users to sign in, by a file of `pushpull password`."),
    ] = None,
) -> None:
    """Open the simulator in a browser."""
    command = [*own_process.command("pushpull.dashboard"), "--port", str(port), "--address", address]
    command += ["--workers", str(workers), "--sessions", str(sessions)]
    command += [part for host in allow_origin or () for part in ("--allow-origin", host)]
    command += ["--prefix", prefix] if prefix else []
    command += ["--password-file", password_file] if password_file else []
    command += ["--behind-proxy"] if behind_proxy else []
    command += ["--no-show"] if no_show else []
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(sys.executable, command, own_process.environment(**ENVIRONMENT))
    raise typer.Exit(_wait_for(command))


def _wait_for(command: list[str]) -> int:
    """Run the app to its end; both hear a Ctrl-C, and the app is given the time to close."""
    server = subprocess.Popen(command, env=own_process.environment(**ENVIRONMENT))
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            continue
