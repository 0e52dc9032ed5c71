"""`/javascript/DIGEST/NAME.js`: the page's own modules, which a browser may keep for ever."""

from __future__ import annotations

import gzip
from functools import cache

from tornado.web import RequestHandler

from pushpull.dashboard.components.base import DIGEST_OF_MODULES, JAVASCRIPT
from pushpull.dashboard.components.bundle import bundled_together
from pushpull.dashboard.components.parts import COMPONENTS
from pushpull.dashboard.server.scripts.compressed import LEVEL, Compressed, understands_gzip

SECONDS_TO_KEEP = 31_536_000
KEPT = f"public, max-age={SECONDS_TO_KEEP}, immutable"
TYPE = "text/javascript; charset=utf-8"


class Modules(Compressed):
    """One module; its address holds a digest of them all, so that what is kept is never out of date."""

    def set_extra_headers(self, path: str) -> None:
        """Say that the answer stays true."""
        self.set_header("Cache-Control", KEPT)

    def get_content_type(self) -> str:
        """Scripts, whatever the machine takes files of that name for."""
        return TYPE


class ScriptOfComponents(RequestHandler):
    """The modules of all components, and what these import, as one."""

    def get(self) -> None:
        """Send it, as gzip to whoever takes that."""
        text, packed = _script()
        is_packed = understands_gzip(self.request)
        self.set_header("Cache-Control", KEPT)
        self.set_header("Content-Type", TYPE)
        self.set_header("Vary", "Accept-Encoding")
        if is_packed:
            self.set_header("Content-Encoding", "gzip")
        self.finish(packed if is_packed else text)

    head = get

    def compute_etag(self) -> str:
        """Its version: that of all modules."""
        return f'W/"{DIGEST_OF_MODULES}"'


@cache
def _script() -> tuple[bytes, bytes]:
    """The script, and the same as gzip."""
    text = bundled_together({each.__name__: f"{each.script}.js" for each in COMPONENTS}).encode()
    return text, gzip.compress(text, LEVEL, mtime=0)


# Under another digest, of a process of another version beside this one, nothing is found: it would be kept for ever.
PATTERNS: list[tuple] = [
    (rf"/javascript/{DIGEST_OF_MODULES}/components\.js", ScriptOfComponents),
    (rf"/javascript/{DIGEST_OF_MODULES}/((?:[a-z_]+/)?[a-z_]+\.js)", Modules, {"path": str(JAVASCRIPT)}),
]
