"""The pocket page as one file: the model of some corridors, with its page, that asks nothing of anybody."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from pushpull.dashboard.components.base import STYLE
from pushpull.dashboard.components.bundle import bundled
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pocket.corridor_content import corridor_content
from pushpull.dashboard.pocket.packed_numbers import MEMBERS, packed_corridor
from pushpull.dashboard.pocket.packing import packed
from pushpull.dashboard.pocket.page_content import page_content
from pushpull.dashboard.pocket.story_content import stories_content
from pushpull.dashboard.state.state import State
from pushpull.wording import palette
from pushpull.wording.templates import render

FOLDER = Path(__file__).parent / "html"
OF_PAGE = ("page.css", "narrow.css", "forced.css", "stage.css", "ask.css", "picture.css")
STYLES = [*(FOLDER.parents[1] / "html" / name for name in OF_PAGE), FOLDER / "pocket.css", FOLDER / "pocket_stage.css"]
OF_CARDS = "pocket_parts.css"
CORRIDORS = ("us_southwest_border", "eu_external_border", "g8_2001")
NO_ROOM = "pocket_page/in_place/no_room.js"
IN_PLACE = {
    "model.js": "pocket_page/in_place/local_model.js",
    "room/drawn_large.js": "pocket_page/in_place/drawn_here.js",
    "room/link_now.js": "pocket_page/in_place/link_here.js",
    **{f"room/{name}.js": NO_ROOM for name in ("live", "quick", "rounds")},
}

# Before anything is drawn: the theme chosen last, or the one the system asks for.
THEME_SCRIPT = """
let chosen = null;
try { chosen = localStorage.getItem("pushpull_theme"); } catch { /* a browser that keeps nothing */ }
const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.theme = ["dark", "light"].includes(chosen) ? chosen : system;
"""


def pocket_page(
    corridors: Iterable[str] = CORRIDORS, members: int = MEMBERS, say: Callable[[str], None] | None = None
) -> str:
    """The HTML of the page with these shipped corridors, the first of which it opens with; `say` is told what is done.

    Raises:
        Refusal: for a corridor there is not.
    """
    corridors = list(dict.fromkeys(corridors))
    content = page_content(members)
    content |= {
        "style": STYLE + (FOLDER / OF_CARDS).read_text(encoding="utf-8"),
        "worker": bundled("pocket/worker.js"),
        "corridors": {},
    }
    engines: dict[str, dict] = {}
    for name in corridors:
        if say is not None:
            say(f"packing {name}")
        content["corridors"][name] = corridor_content(name, LANGUAGES)
        engines[name] = packed_corridor(State.opening(name).scenario, members, say)
    content["stories"] = stories_content(corridors)
    scripts = {"theme": f"(() => {{{THEME_SCRIPT}}})();", "page": bundled("pocket_page/start.js", IN_PLACE)}
    return render(
        FOLDER,
        "pocket_page.html.j2",
        language=language(LANGUAGES[0]),
        scripts=scripts,
        policy=content_policy(scripts.values()),
        style=palette.style_sheet() + "".join(path.read_text(encoding="utf-8") for path in STYLES),
        data=json.dumps({"content": packed(content), "engines": engines}),
    )


def content_policy(scripts: Iterable[str]) -> str:
    """What the file may load: nothing from elsewhere, these scripts, WebAssembly, and threads that it makes itself."""
    hashes = (base64.b64encode(sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{each}'" for each in hashes)
    return (
        f"default-src 'none'; script-src {allowed} 'wasm-unsafe-eval'; worker-src blob:; "
        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
