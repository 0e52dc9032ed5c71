"""Who is returned: by force and with help, by what they came for and by origin, baseline beside yours."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from pushpull import Result
from pushpull.dashboard.compute.runs import Runs
from pushpull.dashboard.i18n.texts import Language
from pushpull.dashboard.pages.figures import along
from pushpull.dashboard.state.state import State
from pushpull.engine.language.declare import population
from pushpull.wording.markup import element

WAYS = ("enforced_returns", "assisted_returns")
WRONGLY, AT_BORDER = "wrongly_returned", "border_removals"
UNIT = "person/year"


def fragment(language: Language, state: State, runs: Runs) -> Markup:
    """Sentences on the sums, and the table."""
    say, baseline, yours = language.say, runs.baseline, runs.whole
    origins = state.scenario.corridor.origins
    groups: list[tuple[str, dict[str, str]]] = [(say("returned.everybody"), {})]
    groups += [(say(f"returned.came_for.{part}"), {"part": part}) for part in population.labels]
    if len(origins) > 1:
        groups += [(language.of("origins", each.id, each.title), {"origin": each.id}) for each in origins.values()]
    rows = []
    for title, who in groups:
        pairs = [(_at(baseline, state, name, who), _at(yours, state, name, who)) for name in WAYS]
        rows.append([title, *(cell for before, after in pairs for cell in _cells(language, before, after))])
    heads = [say("returned.who")]
    for name in WAYS:
        title = language.title(name)
        heads += [say("pair", name=title, value=say("baseline")), title, say("pack.difference")]
    year = language.numbers.year(state.year)
    caption = say("returned.caption", year=year, unit=language.numbers.unit(UNIT))
    return element(
        "div",
        element("p", say("returned.hint"), class_="hint"),
        element("p", sentence(language, state, baseline, yours), class_="lead", id="returned-sentence"),
        along(heads, rows, caption),
        class_="matrix compact sheet", id="returned",
    )  # fmt: skip


def sentence(language: Language, state: State, baseline: Result, yours: Result) -> str:
    """How many are returned, and how many of them should have been protected."""
    said = []
    for name in (*WAYS, AT_BORDER, WRONGLY):
        before, after = (language.numbers.amount(_at(run, state, name, {}), UNIT) for run in (baseline, yours))
        said.append(language.say("returned.one", what=language.title(name), yours=after, baseline=before))
    return language.say("returned.sentence", year=language.numbers.year(state.year), sums="; ".join(said))


def _at(result: Result, state: State, name: str, who: dict[str, str]) -> float:
    return float(result.at(name, state.year, **who)[0])


def _cells(language: Language, before: float, after: float) -> Sequence[str]:
    numbers = language.numbers
    return numbers.amount(before, UNIT), numbers.amount(after, UNIT), numbers.difference(after - before, UNIT)
