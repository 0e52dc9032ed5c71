"""All that a room held as one file to take away: a ZIP with everything as JSON, the answers as a table, and as scenario
files the settings that its questions were about."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from string import ascii_uppercase
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.files.csv_text import Cell, spreadsheet_text

COLUMNS = ("group", "question", "title", "round", "kind", "settings", "phone", "role", "part", "answer", "hidden")

MOST_SETTINGS = 100


def packed(held: Mapping[str, Any], words: Language) -> bytes:
    """The file: `held` is what `presenter_calls.everything` gives; the table is in the words of a language."""
    settings = _settings(held, words)
    heads = [words.say(f"room.columns.{name}") for name in COLUMNS]
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("room.json", json.dumps(held, ensure_ascii=False, indent=1))
        for files in settings.values():
            for name, text in files.items():
                archive.writestr(name, text)
        named = {link: next(iter(files)) for link, files in settings.items()}
        table = spreadsheet_text([heads, *_rows(held, words, named)], words.signs["decimal"])
        archive.writestr(f"{words.say('room.answers_file')}.csv", table)
    return file.getvalue()


def _settings(held: Mapping[str, Any], words: Language) -> dict[str, dict[str, str]]:
    """Scenario files of what each link of a question shows, the first of its settings and the others of its options.

    A link that does not open as a whole here has none, nor have those beyond `MOST_SETTINGS`; all stand in the JSON.
    """
    links = dict.fromkeys(each["link"] for group in held["groups"] for each in group["slips"] if each["link"])
    found = {}
    for number, link in enumerate(islice(links, MOST_SETTINGS), 1):
        try:
            opened = open_link(link)
        except Refusal:
            continue
        if not opened.left_out:
            stem, state = f"{words.say('room.settings_folder')}/{number:02d}", opened.state
            files = {f"{stem}.yaml": state.to_yaml()}
            for letter, option in zip(ascii_uppercase, state.kept, strict=False):
                files[f"{stem}_{letter}.yaml"] = option.to_yaml()
            found[link] = files
    return found


def _rows(held: Mapping[str, Any], words: Language, settings: Mapping[str, str]) -> Iterator[list[Cell]]:
    """A line for each number, choice or text that a phone answered; `settings` names the file of each link."""
    for group in held["groups"]:
        titles = {
            name: title
            for asked in group["slips"]
            if asked["slip"]["kind"] == "proposal"
            for name, title in _titles(asked["slip"], words).items()
        }
        roles = {each["seat"]: titles.get(each["role"], each["role"]) for each in group["seats"]}
        for asked in group["slips"]:
            slip = asked["slip"]
            about = [group["group"], slip["id"], _told(slip.get("title"), words), slip["round"], slip["kind"]]
            about.append(settings.get(asked["link"]))
            for answer in asked["answers"]:
                seat, hidden = answer["seat"], words.say("room.yes") if answer["hidden"] else None
                for part, value in _parts(slip, answer["value"], words):
                    yield [*about, seat, roles.get(seat) or None, part, value, hidden]


def _parts(slip: Mapping[str, Any], value: Any, words: Language) -> Iterator[tuple[Cell, Cell]]:
    """What an answer says, piece by piece: the year, place or lever, and the number, choice or text."""
    titles = _titles(slip, words)
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


def _titles(slip: Mapping[str, Any], words: Language) -> dict[str, str]:
    """What the choices of a slip are called, by their names."""
    return {each["name"]: _told(each.get("title"), words) or each["name"] for each in slip.get("choices", [])}


def _told(text: Mapping[str, str] | None, words: Language) -> str:
    return (text or {}).get(words.code, "")
