"""Users' folders of earlier versions, which were named by what was left of a name without its accents and signs.

Such a folder could be that of several users: `anna.k` and `anna_k` had one, and so had all whose names hold no Latin
letter. So only that of a single user of the password file is moved, once and for all; whatever else is found stays
where it is, for those who keep the server to look at, and nobody sees it on the page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from pushpull.dashboard.storage.user_folder import folder_name

MOVED = ".users-have-folders-of-their-own"  # an empty file that says that it has been done


def old_name(user: str) -> str:
    """The name that earlier versions gave a user's folder."""
    return re.sub(r"[^A-Za-z0-9]+", "_", user)[:60].strip("_") or "user"


def move_old_folders(home: Path, users: Iterable[str]) -> list[str]:
    """Move the folders whose user is beyond doubt, unless that has been done; what was done and left, a line each.

    Raises OSError where the place cannot be written.
    """
    if not home.is_dir() or (home / MOVED).exists():
        return []
    sharing: dict[str, list[str]] = defaultdict(list)
    for user in users:
        sharing[old_name(user).casefold()].append(user)
    told = []
    for folder in sorted(each for each in home.iterdir() if each.is_dir() and not each.is_symlink()):
        owners = sharing.get(folder.name.casefold(), [])
        if not owners:
            continue
        places = [home / folder_name(owner) for owner in owners]
        if len(owners) == 1 and folder.name == old_name(owners[0]) and not places[0].exists():
            try:
                folder.rename(places[0])
            except FileNotFoundError:  # another worker was faster
                continue
            told.append(f"{folder} is now {places[0]}, the folder of {owners[0]!r}")
        else:
            whose = " and ".join(f"{owner!r} ({place.name})" for owner, place in zip(owners, places, strict=True))
            told.append(f"{folder} is left as it is, as it may hold files of {whose}; move each file by hand")
    (home / MOVED).touch()
    return told
