"""The folder in which is kept what would take long to make again."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def cache_folder() -> Path:
    """`PUSHPULL_CACHE`, or the user's cache folder."""
    chosen = os.environ.get("PUSHPULL_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("pushpull"))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        file.write(content)
    os.replace(file.name, path)
