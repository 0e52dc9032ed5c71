"""What all components share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

FOLDER = Path(__file__).parent
STYLE = (FOLDER.parent / "controls.css").read_text(encoding="utf-8")


def script(name: str) -> str:
    """A component's script, after what all scripts share."""
    return "\n".join((FOLDER / each).read_text(encoding="utf-8") for each in ("shared.js", name))


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
