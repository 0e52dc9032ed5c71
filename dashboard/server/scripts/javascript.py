"""`/javascript/DIGEST/NAME.js`: the page's own modules, which a browser may keep for ever."""

from __future__ import annotations

from pushpull.dashboard.components.base import DIGEST_OF_MODULES, JAVASCRIPT
from pushpull.dashboard.server.scripts.compressed import Compressed

SECONDS_TO_KEEP = 31_536_000


class Modules(Compressed):
    """One module; its address holds a digest of them all, so that what is kept is never out of date."""

    def set_extra_headers(self, path: str) -> None:
        """Say that the answer stays true."""
        self.set_header("Cache-Control", f"public, max-age={SECONDS_TO_KEEP}, immutable")

    def get_content_type(self) -> str:
        """Scripts, whatever the machine takes files of that name for."""
        return "text/javascript; charset=utf-8"


# Under another digest, of a process of another version beside this one, nothing is found: it would be kept for ever.
PATTERN = (rf"/javascript/{DIGEST_OF_MODULES}/((?:[a-z_]+/)?[a-z_]+\.js)", Modules, {"path": str(JAVASCRIPT)})
