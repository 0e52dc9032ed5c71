"""`pushpull export`: the JSON schema of scenario files, and the reference of the whole model."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from model.commands.run import STDOUT, check_output, writing
from model.commands.saying import say


class What(StrEnum):
    """What can be exported."""

    schema = "schema"
    reference = "reference"


def export(
    what: Annotated[What, typer.Argument(metavar="|".join(what.value for what in What), show_default=False)],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write: schema to .json, reference to .html or .md; - is stdout.",
        ),
    ] = STDOUT,
) -> None:
    """Export the schema of scenario files, or a reference of every equation, card, loop and source."""
    endings, write = EXPORTS[what]
    if output == STDOUT:
        sys.stdout.write(write(endings[-1]))
        return
    check_output(output, endings)
    text = write(Path(output).suffix)
    with writing(output):
        write_whole(Path(output), text)
    say(f"wrote {output}")


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _schema(ending: str) -> str:
    del ending
    from model.catalogue import catalogue
    from model.scenario import schema_text

    return schema_text(catalogue())


def _reference(ending: str) -> str:
    from model.catalogue import catalogue
    from model.commands.reference import pages

    return pages(catalogue(), html=ending == ".html")


EXPORTS: dict[What, tuple[tuple[str, ...], Callable[[str], str]]] = {
    What.schema: ((".json",), _schema),
    What.reference: ((".html", ".md"), _reference),
}
