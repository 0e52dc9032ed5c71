"""`pushpull password`: the file of those who may sign in to `pushpull dashboard --password-file`."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from pushpull import own_process
from pushpull.commands.console import CommandFault


def password(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Password file; it is made where there is none.")],
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Who gets a new password.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the name instead.")] = False,
    hash_all: Annotated[
        bool, typer.Option("--hash-all", help="Hash the plain passwords that a file of earlier versions holds.")
    ] = False,
) -> None:
    """Set the password of somebody who signs in to the simulator.

    The password is asked for twice and not shown; where the input is no terminal, it is its first line.
    """
    if hash_all == (name is not None):
        raise CommandFault("password: a NAME is wanted, or --hash-all without one")
    if remove and hash_all:
        raise CommandFault("password: --remove wants a NAME and no --hash-all")
    command = [*own_process.command("pushpull.dashboard.auth.passwords"), file]
    command += ["--hash-all"] if hash_all else [name or ""]
    command += ["--remove"] if remove else []
    sys.stdout.flush()
    raise typer.Exit(subprocess.run(command).returncode)
