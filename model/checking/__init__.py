"""Checks a modeller can write: read check files, run them, say where one fails."""

from pushpull.checking.check_files import check_files, checks_folder, read_checks
from pushpull.checking.check_runs import CheckResult, Laboratory, judge

__all__ = ["Laboratory", "CheckResult", "check_files", "checks_folder", "judge", "read_checks"]
