"""All that a room held as one file to take away: a ZIP with everything as JSON, and the answers as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from pushpull.dashboard.i18n.texts import Language
from pushpull.files.csv_text import Cell, spreadsheet_text

COLUMNS = ("group", "question", "title", "round", "kind", "phone", "role", "part", "answer", "hidden")


def packed(held: Mapping[str, Any], words: Language) -> bytes:
    """The file: `held` is what `presenter_calls.everything` gives; the table is in the words of a language."""
    heads = [words.say(f"room.columns.{name}") for name in COLUMNS]
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("room.json", json.dumps(held, ensure_ascii=False, indent=1))
        table = spreadsheet_text([heads, *_rows(held, words)], words.signs["decimal"])
        archive.writestr(f"{words.say('room.answers_file')}.csv", table)
    return file.getvalue()


def _rows(held: Mapping[str, Any], words: Language) -> Iterator[list[Cell]]:
    """A line for each number, choice or text that a phone answered."""
    for group in held["groups"]:
        roles = {each["seat"]: each["role"] for each in group["seats"]}
        for asked in group["slips"]:
            slip = asked["slip"]
            about = [group["group"], slip["id"], _told(slip.get("title"), words), slip["round"], slip["kind"]]
            for answer in asked["answers"]:
                seat, hidden = answer["seat"], words.say("room.yes") if answer["hidden"] else None
                for part, value in _parts(slip, answer["value"], words):
                    yield [*about, seat, roles.get(seat) or None, part, value, hidden]


def _parts(slip: Mapping[str, Any], value: Any, words: Language) -> Iterator[tuple[Cell, Cell]]:
    """What an answer says, piece by piece: the year, place or lever, and the number, choice or text."""
    titles = {each["name"]: _told(each.get("title"), words) or each["name"] for each in slip.get("choices", [])}
    match slip["kind"]:
        case "line":
            yield from ((str(year), number) for year, number in zip(slip["time"], value, strict=True))
        case "rank":
            yield from ((str(place), titles[name]) for place, name in enumerate(value, 1))
        case "proposal":
            levers = {each["name"]: _told(each.get("title"), words) for each in slip["levers"].get(value["role"], [])}
            yield from ((levers.get(name) or name, number) for name, number in value["values"].items())
            if value["why"]:
                yield words.say("room.why"), value["why"]
        case _:
            yield None, titles.get(value, value)


def _told(text: Mapping[str, str] | None, words: Language) -> str:
    return (text or {}).get(words.code, "")
