"""`pushpull validate`: every fault of every file at once."""

from __future__ import annotations

from typing import Annotated

import typer

from model.commands.choosing import located
from model.commands.saying import CommandFault, say


def validate(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Scenarios, policy packages or corridor files.")
    ],
) -> None:
    """Check files: every fault with its line, what is allowed, and the name that was perhaps meant."""
    from model.scenario import check, notes

    faults = []
    for name in files:
        found = check(located(name))
        faults += map(str, found)
        if not found:
            print(f"{name}: fine", flush=True)
            for note in notes(located(name)):
                say(str(note))
    if faults:
        raise CommandFault(*faults)
