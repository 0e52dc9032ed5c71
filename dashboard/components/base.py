"""What all components share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent
from panel.models.esm import ReactiveESM

FOLDER = Path(__file__).parent
STYLE = (FOLDER / "controls.css").read_text(encoding="utf-8")


# The page's own modules are served as files, at an address that changes whenever one of them does; so a browser keeps
# them for ever, and a session need not send them. Modules import each other by `./name.js`.
JAVASCRIPT = (FOLDER.parent / "javascript").resolve()
DIGEST_OF_MODULES = sha256(b"".join(path.read_bytes() for path in sorted(JAVASCRIPT.rglob("*.js")))).hexdigest()[:12]

# Where the page finds them: beside its own address, whatever the path under which it is served.
MODULES = f"./javascript/{DIGEST_OF_MODULES}/"
_IMPORTED = re.compile(r'^import .*? from "([\w./]+)";', re.MULTILINE)


# Every browser that shows the page reads modules by itself (`importShim` in `html/arrival.js`): Panel's reader of them,
# which each visit would have to load and run, stays away.
ReactiveESM.__javascript_raw__ = []


def script(name: str) -> str:
    """The script of a component: the `render` of one of the page's modules, which the page asks for as it begins."""
    return f'const {{render}} = await window.pushpull.part("{name}");\nexport {{render}};'


def addresses_of(*names: str) -> list[str]:
    """Where the modules of these names lie, and all that they import, each once."""
    reached: dict[Path, None] = {}
    waiting = [JAVASCRIPT / f"{name}.js" for name in names]
    while waiting:
        path = waiting.pop(0)
        if path not in reached:
            reached[path] = None
            waiting += [(path.parent / each).resolve() for each in _IMPORTED.findall(path.read_text(encoding="utf-8"))]
    return [MODULES + path.relative_to(JAVASCRIPT).as_posix() for path in reached]


class Plain:
    """Plain values of a component: mappings, lists, texts and numbers.

    The browser gets them as one JSON text, the parameter of the same name that ends in `_text`: Bokeh goes through a
    tree of values several times at every change, and through a text not at all.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._text = f"{name}_text"

    def __get__(self, component: Component | None, owner: type) -> Any:
        return self if component is None else json.loads(getattr(component, self._text))

    def __set__(self, component: Component, values: Any) -> None:
        setattr(component, self._text, json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


class Component(JSComponent):
    """A component that shows `shown` and hands messages to `on_message`.

    `words` are its fixed texts; both are plain values.
    """

    words_text = param.String(default="{}", doc="`words` as JSON")
    shown_text = param.String(default="{}", doc="`shown` as JSON")

    words = Plain()
    shown = Plain()

    _stylesheets = [STYLE]

    __abstract = True

    def __init__(self, on_message: Callable[[dict], Any] | None = None, words: dict | None = None):
        super().__init__(sizing_mode="stretch_width", margin=0)
        self._on_message = on_message
        self.words = words or {}

    def send(self, message: dict) -> None:
        """Hand a message to the browser's side."""
        self._send_msg(message)

    def _handle_msg(self, data: Any) -> None:
        if self._on_message is not None and isinstance(data, dict):
            self._on_message(data)
