"""`pushpull dashboard`: start the app, which takes this command's place until it is ended."""

from __future__ import annotations

import dataclasses
import inspect
import os
import subprocess
import sys
from typing import Annotated

import typer

from pushpull import own_process
from pushpull.serve_options import ServeOptions, flag, public_fields

# Python's own allocator keeps what closed tabs leave free; that of Linux gives it back to the system.
ENVIRONMENT = {"PYTHONMALLOC": "malloc"} if sys.platform == "linux" else {}


def dashboard(**given: object) -> None:
    """Open the simulator in a browser."""
    options = ServeOptions(**{name: tuple(each) if isinstance(each, list) else each for name, each in given.items()})
    command = [*own_process.command("pushpull.dashboard"), *options.command_line()]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(sys.executable, command, own_process.environment(**ENVIRONMENT))
    raise typer.Exit(_wait_for(command))


def _parameter(field: dataclasses.Field) -> inspect.Parameter:
    """An option as Typer reads it."""
    of_many = isinstance(field.default, tuple)
    kind = list[str] if of_many else type(field.default)
    limits = {name: field.metadata[of] for name, of in (("help", "help"), ("min", "least"), ("max", "most"))}
    option = typer.Option(flag(field), metavar=field.metadata["metavar"] or None, **limits)
    default = [] if of_many else field.default
    return inspect.Parameter(
        field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option]
    )


dashboard.__signature__ = inspect.Signature([_parameter(field) for field in public_fields()])


def _wait_for(command: list[str]) -> int:
    """Run the app to its end; both hear a Ctrl-C, and the app is given the time to close."""
    server = subprocess.Popen(command, env=own_process.environment(**ENVIRONMENT))
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            continue
