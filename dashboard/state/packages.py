"""The policy packages that a state may begin with, what each says of itself and sets; and what scenarios are called.

A scenario's name is its title. One that only says which corridor and package it is was given by nobody: it gives way to
the words of the page, so that it stands there in the page's language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import cache

from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.storage import file_names
from pushpull.dashboard.storage.corridors import holds_markup
from pushpull.files.bounded_cache import MEGABYTE, Bounded
from pushpull.scenario import Heading, Scenario, ScenarioFaults, heading, policy_names

LONGEST_NAME = 80
LEVERS_NAMED = 2  # in the name of a scenario that nobody named

_POLICIES: Bounded[dict] = Bounded("policies of packages", 2 * MEGABYTE, lambda held: len(repr(held)))


@cache
def package_heading(name: str) -> Heading:
    """What a policy package says of itself."""
    return heading(name)


def policies_of(package: str | None, scenario: Scenario) -> dict:
    """The policies a package sets in a scenario; none where it cannot be laid over it."""
    if package is None:
        return {}
    key = (scenario.corridor.digest, scenario.policy_start, scenario.end, package)
    return _POLICIES.get_or_make(key, lambda: _laid(scenario.baseline(), package))


def _laid(baseline: Scenario, package: str) -> dict:
    try:
        return dict(baseline.with_policy(package).policies)
    except ScenarioFaults:
        return {}


# Names ----------------------------------------------------------------------------------------------------------


def cleaned(text: str) -> str:
    """A name as it is kept: in one line, without signs that nobody sees, cut where it is long.

    Any script is taken. Raises Refusal where a browser could take it for markup.
    """
    composed = unicodedata.normalize("NFC", text)
    seen = "".join(" " if file_names.is_unseen(mark) else mark for mark in composed)
    name = " ".join(seen.split())[:LONGEST_NAME].strip()
    if holds_markup(name):
        raise Refusal("name_markup")
    return name


def package_in_title(base: Scenario, title: str) -> str | None:
    """The package that a title names under that of the corridor, as laying one over it writes it; None where it names
    none."""
    return next((name for name in policy_names() if title == f"{base.title}: {package_heading(name).title}"), None)


def is_automatic(base: Scenario, title: str) -> bool:
    """Whether a title says no more than the corridor, or the corridor and a package."""
    return title == base.title or package_in_title(base, title) is not None


def shown_title(words: Language, base: Scenario, scenario: Scenario, corridor: str) -> str:
    """What a scenario is called on a page: the name it was given, or in the words of the page its package, the levers
    that it moves, or the `corridor`."""
    package = package_in_title(base, scenario.title)
    if package is not None:
        title = words.of("packages", package, package_heading(package).title)
        changed = dict(scenario.policies) != policies_of(package, scenario)
        return words.say("toolbar.changed", title=title) if changed else title
    if scenario.title != base.title:
        return scenario.title
    return after_its_levers(words, scenario) or words.of("corridors", corridor, base.corridor.title)


def after_its_levers(words: Language, scenario: Scenario) -> str:
    """A name for a scenario that nobody named: the levers it moves; empty where it moves none."""
    moved = list(scenario.policies)
    titles = [words.title(name) for name in moved[:LEVERS_NAMED]]
    titles[1:] = map(words.inside, titles[1:])
    if len(moved) > LEVERS_NAMED:
        titles.append(words.say("overview.and_others", count=len(moved) - LEVERS_NAMED))
    return words.join(titles) if titles else ""


def unlike(name: str, taken: Collection[str]) -> str:
    """A name that none of the others bears: the same one, numbered where it is taken."""
    number, found = 1, name[:LONGEST_NAME]
    while found in taken:
        number += 1
        ending = f" ({number})"
        found = name[: LONGEST_NAME - len(ending)].rstrip() + ending
    return found
