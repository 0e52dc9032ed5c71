"""`pushpull new corridor`: the folder that a corridor of one's own begins with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pushpull.commands.console import in_words
from pushpull.own_corridor.new_folder import FIRST, LAST, ORIGINS, ROUTES
from pushpull.wording.phrases import Phrase

new = typer.Typer(no_args_is_help=True, help="Begin something of your own: a corridor.")


@new.callback()
def _new() -> None:
    """Begin something of your own: a corridor."""


@new.command("corridor")
def new_corridor(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its id: lower-case words joined by _.")],
    routes: Annotated[str, typer.Option("--routes", metavar="A,B", help="Ids of its routes.")] = ",".join(ROUTES),
    origins: Annotated[str, typer.Option("--origins", metavar="X,Y", help="Ids of its origins.")] = ",".join(ORIGINS),
    first: Annotated[int, typer.Option("--from", metavar="YEAR", help="First year of the run.")] = FIRST,
    last: Annotated[int, typer.Option("--to", metavar="YEAR", help="Last year.")] = LAST,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What to call it.")] = "",
    place: Annotated[
        str | None,
        typer.Option(
            "--in",
            metavar="FOLDER",
            help="Where; else the folder that PUSHPULL_SCENARIOS names, else Pushpull among your documents.",
        ),
    ] = None,
) -> None:
    """Make a folder with a commented corridor that runs at once, on placeholders, for you to put your numbers in.

    Nothing that is there is overwritten.
    """
    from pushpull.own_corridor import new_folder
    from pushpull.scenario.library import place_of

    folder = new_folder.new_corridor(
        name, _names(routes), _names(origins), first, last, title, Path(place) if place else None
    )
    print(in_words(Phrase("made {folder}: {files}", folder=str(folder), files=", ".join(sorted(new_folder.FILES)))))
    print(in_words(Phrase("next: `pushpull doctor {place}`", place=place_of(folder))))


def _names(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())
