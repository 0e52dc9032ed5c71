"""What all components share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

STYLE = (Path(__file__).parent.parent / "controls.css").read_text(encoding="utf-8")

# Elements are made with their text as text, so that nothing a file or a link says can become markup.
SHARED = """
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "style") element.style.cssText = value;
    else if (name in element && !name.startsWith("aria-")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
"""


class Component(JSComponent):
    """A component that shows `shown` and hands messages to `on_message`."""

    words = param.Dict(default={}, doc="Fixed texts")
    shown = param.Dict(default={}, doc="What is shown now")

    _stylesheets = [STYLE]

    __abstract = True

    def __init__(self, on_message: Callable[[dict], Any] | None = None, **parameters):
        super().__init__(sizing_mode="stretch_width", margin=0, **parameters)
        self._on_message = on_message

    def send(self, message: dict) -> None:
        """Hand a message to the browser's side."""
        self._send_msg(message)

    def _handle_msg(self, data: Any) -> None:
        if self._on_message is not None and isinstance(data, dict):
            self._on_message(data)
