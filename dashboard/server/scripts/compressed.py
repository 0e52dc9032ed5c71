"""Files that are the same for everybody go out compressed, so that a page over a slow line weighs a third."""

from __future__ import annotations

import gzip
from pathlib import Path

from tornado.httputil import HTTPServerRequest
from tornado.web import StaticFileHandler

from pushpull.files.bounded_cache import MEGABYTE, Bounded

SMALLEST = 1000  # bytes, below which it is not worth while
LEVEL = 6
TEXTS = ("text/", "application/javascript", "application/json", "image/svg")

_kept: Bounded[bytes] = Bounded("compressed scripts", 8 * MEGABYTE, len)


def compressed(path: str, modified: object) -> bytes:
    """A file as gzip; it is made once for each time that the file changes."""
    return _kept.get_or_make((path, modified), lambda: gzip.compress(Path(path).read_bytes(), LEVEL, mtime=0))


def understands_gzip(request: HTTPServerRequest) -> bool:
    """Whether whoever asks takes gzip."""
    words = [each.replace(" ", "").lower() for each in request.headers.get("Accept-Encoding", "").split(",")]
    return any(each.partition(";")[0] == "gzip" and not each.endswith(";q=0") for each in words)


class Compressed(StaticFileHandler):
    """Before a handler of files: whoever understands it is sent text as gzip, unless a part of a file is asked for."""

    _whole: bytes | None = None  # what is sent in place of the file

    def set_headers(self) -> None:
        """Say how the answer is packed, and that this depends on who asks."""
        if self.get_content_type().startswith(TEXTS) and super().get_content_size() >= SMALLEST:
            self.set_header("Vary", "Accept-Encoding")
            if understands_gzip(self.request) and "Range" not in self.request.headers:
                self._whole = compressed(str(self.absolute_path), self.modified)
                self.set_header("Content-Encoding", "gzip")
                self.__dict__["get_content"] = lambda *_: (
                    self._whole
                )  # of this answer alone: versions are counted from the file
        super().set_headers()

    def compute_etag(self) -> str | None:
        """The version of the file; a weak one where other bytes stand for it."""
        plain = super().compute_etag()
        return f"W/{plain}" if plain and self._whole is not None else plain

    def get_content_size(self) -> int:
        """Bytes of the answer."""
        return super().get_content_size() if self._whole is None else len(self._whole)
