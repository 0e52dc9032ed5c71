"""Checks a modeller can write: read check files, run them, say where one fails."""

from .reading import check_files, read_checks
from .running import Laboratory, Verdict, judge

__all__ = ["Laboratory", "Verdict", "check_files", "judge", "read_checks"]
