"""The service stays up and tells the truth: see `tests.audit.soak`. Takes twenty minutes and needs nginx."""

import json
import os
import shutil

import pytest

from tests.audit.soak import soak
from tests.conftest import ROOT

MINUTES = float(os.environ.get("PUSHPULL_SOAK_MINUTES", "20"))


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx on this machine")
def test_nothing_is_lost_without_a_word_and_memory_stays():
    figures = soak(ROOT, MINUTES, kills=3, full=True)
    print(json.dumps(figures, indent=1))
    assert figures["silences"] == []
    assert figures["kills"] == 3 and figures["workers_at_the_end"] == 2 and figures["exit_code"] == 0
    assert figures["memory_last_mb"] <= 1.1 * figures["memory_first_mb"]
    assert figures["files"] > 0 and figures["told_and_not_there"] == [], "a save that was told is a file"
    assert figures["tracebacks_in_log"] == 0
