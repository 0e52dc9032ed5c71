"""Files that a user opens: the scenario of a text, or a policy package laid over a scenario."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.limits import LARGEST_UPLOAD
from pushpull.dashboard.storage import file_names
from pushpull.dashboard.storage.corridors import Homes, refuse_markup
from pushpull.scenario import Scenario, ScenarioFaults


def check_file(text: str, name: str) -> None:
    """Raise Refusal where the name of a file or its size is none that is taken."""
    fault = file_names.fault_of(name)
    if fault is not None:
        raise Refusal("file_name", why=fault)
    if len(text.encode("utf-8", "replace")) > LARGEST_UPLOAD:
        raise Refusal("file_size", name=name)


def is_package(text: str) -> bool:
    """Whether a text says that it is a policy package."""
    return re.search(r"^kind\s*:\s*[\"']?policy", text, re.MULTILINE) is not None


def scenario_of(text: str, name: str, homes: Homes) -> Scenario:
    """The scenario of a file; raises ScenarioFaults."""
    scenario = Scenario.from_text(text, name, homes=homes)
    refuse_markup(scenario)
    return scenario


def with_package_of(scenario: Scenario, text: str, name: str) -> Scenario:
    """A scenario with the policy package of a file in the place of its own policies; raises ScenarioFaults."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "package.yaml"
        path.write_text(text, encoding="utf-8", errors="replace")
        try:
            laid = replace(scenario.baseline(), notes=()).with_policy(path)
        except ScenarioFaults as found:
            raise ScenarioFaults([replace(each, file=name) for each in found.faults]) from None
    refuse_markup(laid)
    return replace(laid, notes=tuple(replace(each, file=name) for each in laid.notes))
