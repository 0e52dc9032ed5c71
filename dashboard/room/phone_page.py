"""The page of a phone: plain HTML with the words of every language, and a few small modules."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from pushpull.dashboard.components.base import DIGEST_OF_MODULES
from pushpull.dashboard.html.page_shell import theme_script
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.room.codes import LENGTH
from pushpull.wording import palette
from pushpull.wording.templates import render

FOLDER = Path(__file__).parent
STYLES = (FOLDER.parent / "html" / "ask.css", FOLDER / "phone.css")
MODULES = (
    "phone/phone",
    "phone/connection",
    "phone/propose",
    "phone/revealed",
    "room/ask",
    "room/browser_storage",
    "room/numbers_written",
    "dom",
)
GROUPS = {"phone": "room.phone", "refused": "room.refused", "ask": "ask"}


def words_of(code: str) -> dict[str, object]:
    """The words of the page in a language, by group."""
    return {group: language(code).section(key) for group, key in GROUPS.items()}


@cache
def page(prefix: str, code: str) -> tuple[str, str]:
    """The page below a prefix, in a language to begin with, and the script in it."""
    script = theme_script(code)
    text = render(
        FOLDER,
        "phone_page.html.j2",
        language=language(code),
        script=script,
        style=palette.style_sheet() + "".join(path.read_text(encoding="utf-8") for path in STYLES),
        words=json.dumps({each: words_of(each) for each in LANGUAGES}, ensure_ascii=False).replace("<", "\\u003c"),
        base=f"{prefix}/room/",
        length=LENGTH,
        modules=[f"{prefix}/javascript/{DIGEST_OF_MODULES}/{name}.js" for name in MODULES],
    )
    return text, script
