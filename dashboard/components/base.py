"""What all components share."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import param
from bokeh.document import Document
from panel.custom import JSComponent
from panel.models.esm import ReactiveESM

FOLDER = Path(__file__).parent
STYLE = (FOLDER / "controls.css").read_text(encoding="utf-8")


# The page's own modules are served at an address that changes whenever one of them does; so a browser keeps them for
# ever, and a session need not send them. Modules import each other by `./name.js`. Those of the components go out as
# one (`bundle.py`, of what `parts.py` names): thirty small files cost a browser, and the server, more than they hold.
JAVASCRIPT = (FOLDER.parent / "javascript").resolve()
_OF_MODULES = (FOLDER / "bundle.py", FOLDER / "parts.py", *sorted(JAVASCRIPT.rglob("*.js")))
DIGEST_OF_MODULES = sha256(b"".join(path.read_bytes() for path in _OF_MODULES)).hexdigest()[:12]

# Where the page finds them: beside its own address, whatever the path under which it is served.
MODULES = f"./javascript/{DIGEST_OF_MODULES}/"
SCRIPT_OF_COMPONENTS = f"{MODULES}components.js"


# Every browser that shows the page reads modules by itself (`importShim` in `html/arrival.js`): Panel's reader of them,
# which each visit would have to load and run, stays away.
ReactiveESM.__javascript_raw__ = []


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

    `words` are its fixed texts; both are plain values. `script` is the module in `dashboard/javascript` whose `render`
    draws it.
    """

    script: ClassVar[str]

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

    # In the browser a component is the part of its name of one module, which the page asks for as it begins.
    _bundle_path = None

    @classmethod
    def _render_esm(cls, compiled: Any = True, server: bool = False) -> str:
        return SCRIPT_OF_COMPONENTS

    def _get_properties(self, doc: Document | None) -> dict[str, Any]:
        return {**super()._get_properties(doc), "bundle": "url"}

    def _handle_msg(self, data: Any) -> None:
        if self._on_message is not None and isinstance(data, dict):
            self._on_message(data)
