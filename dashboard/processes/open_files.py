"""How many files and connections this process may hold open: each phone of a room holds one or more."""

from __future__ import annotations

from contextlib import suppress

MOST = 10_000  # which every system allows that has a limit to raise


def allow_many() -> None:
    """Raise the limit of this process as far as the system lets it, where it has one: some begin with 256."""
    try:
        import resource
    except ImportError:  # as on Windows, where there is none
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(MOST, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
