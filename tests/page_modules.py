"""The page's modules of JavaScript, as the tests take them apart."""

import re

from pushpull.dashboard.components.base import JAVASCRIPT

IMPORTED = re.compile(r"""^import \{[^}]*\} from "\./([a-z_]+\.js)";$""", re.MULTILINE)


def modules():
    """Each module's text by its name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(JAVASCRIPT.glob("*.js"))}


def as_script(name):
    """A module that imports nothing, as plain text that can stand before other text."""
    text = (JAVASCRIPT / name).read_text(encoding="utf-8")
    assert not IMPORTED.findall(text), f"{name} imports others"
    return re.sub(r"^export ", "", text, flags=re.MULTILINE)
