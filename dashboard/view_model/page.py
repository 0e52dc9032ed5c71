"""What stands on the page around the components: titles, notices, places of charts, the pieces of the open page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from markupsafe import Markup

from pushpull.catalogue import catalogue
from pushpull.dashboard.charts.sources import DIFFERENCE, FOCUS, MAIN, PLACES
from pushpull.dashboard.compute import indicators
from pushpull.dashboard.compute.ensembles import STAGES
from pushpull.dashboard.compute.explanation import Reasons
from pushpull.dashboard.compute.judging.outcome_verdicts import OutcomeVerdict
from pushpull.dashboard.compute.trust import Trust
from pushpull.dashboard.i18n.texts import LANGUAGES, Language
from pushpull.dashboard.i18n.texts import language as language_of
from pushpull.dashboard.pages import (
    assumptions_page,
    compare_page,
    evidence_page,
    overview_page,
    why_page,
)
from pushpull.dashboard.pages.guide import first_visit
from pushpull.dashboard.pages.outcomes import outcomes_page
from pushpull.dashboard.state.packages import package_heading
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import LEVELS, PEOPLE, outcomes_for_cards
from pushpull.dashboard.view_model.snapshot import PageSnapshot
from pushpull.scenario import policy_names
from pushpull.wording.numbers import is_share


def words(language: Language) -> dict:
    """The fixed texts."""
    known = catalogue().outcomes.values()
    say = language.say
    return {
        **language.texts("page"),
        "signs": language.signs,
        "pair": say("pair"),
        "exports": language.texts("exports") | {"record": say("charts.legend_history")},
        "lines": {name: say(name) for name in ("yours", "baseline", "untouched")} | language.texts("exports.lines"),
        "baseline": say("baseline"),
        "yours": say("yours"),
        "as_recorded": language.inside(say("charts.legend_recorded")),
        "found": search_entries(language),
        "side": language.texts("side"),
        "tour": language.section("guide.steps"),
        "main_chart": language.texts("main_chart"),
        "stage": language.section("stage"),
        "ask": language.section("ask"),
        "player": {
            **language.texts("player"),
            "simulations": say("player.simulations", most=STAGES[-1]),
            "both_why": _in_each("player.why"),
        },
        "story_editor": _to_write_with(language),
        "quick": {**language.texts("quick"), "kinds": language.texts("quick.kinds")},
        "rounds": language.texts("rounds"),
        "code": language.code,
        "pages": language.texts("page.pages"),
        "room": {**language.texts("room"), "refused": language.texts("room.refused")},
        "twins": {outcome.id: outcome.observed_as for outcome in known if outcome.observed_as},
    }


def _in_each(key: str) -> dict[str, str]:
    """A text in every language, for phones, each of which has its own."""
    return {code: language_of(code).say(key) for code in LANGUAGES}


def shown(language: Language, snapshot: PageSnapshot) -> dict:
    """All that changes but for summaries and pieces."""
    state, corridor = snapshot.state, snapshot.state.scenario.corridor
    return {
        "page": state.view.page,
        "part": state.view.part,
        "title": language.of("corridors", state.opened, corridor.title),
        "question": question(language, state),
        "name": state.name,
        "yours": state.shown_name(language),
        "illustrative": corridor.illustrative,
        "dark": snapshot.dark,
        "notices": [asdict(each) for each in snapshot.notices],
        "untouched": snapshot.runs.untouched is not None,
        "history": bool(corridor.recorded),
        "ranges": snapshot.ensemble is not None,
        "wants_ranges": state.view.ranges,
        "replaying": snapshot.replaying,
        "places": _charts(language, state),
        "focus": state.view.focus,
        "chart": state.view.drawn if state.scenario.policies else LEVELS,
        "moved": bool(state.scenario.policies),
        "year": state.year,
        "moved_levers": [*state.scenario.policies],
    }


def chart_outcomes(state: State) -> dict[str, str | None]:
    """Which outcome each place for a chart shows: the cards' first nine, and that looked at closely."""
    names = [*PEOPLE, *state.view.chosen][:PLACES]
    given = {str(place): names[place] if place < len(names) else None for place in range(PLACES)}
    return given | {MAIN: state.view.focus, FOCUS: state.view.focus}


def summaries(language: Language, snapshot: PageSnapshot, verdicts: Mapping[str, OutcomeVerdict]) -> dict[str, str]:
    """One sentence for each place of a chart that is looked at."""
    state, runs = snapshot.state, snapshot.runs
    start, sentences = state.scenario.policy_start, {}
    visible = {"overview": (MAIN, *map(str, range(PLACES))), "outcomes": (FOCUS,)}.get(state.view.page, ())
    for place, name in chart_outcomes(state).items():
        if name is not None and place in visible:
            today = indicators.at(runs.baseline, runs.baseline.total(name)[0], start)
            sentences[place] = overview_page.summary(language, verdicts[name], today, start, state.year)
    if MAIN in sentences:
        sentences[DIFFERENCE] = sentences[MAIN]
    return sentences


def pieces(language: Language, snapshot: PageSnapshot) -> dict[str, Markup]:
    """The pieces of the open page, and those that stand on all."""
    state, runs, findings = snapshot.state, snapshot.runs, snapshot.findings
    made = {"assumptions": assumptions_page.fragment(language, state)}
    trust = findings.get("trust")
    if isinstance(trust, Trust) and trust.corridor == state.base.corridor.digest:
        made |= first_visit.fragments(language, trust)
    match state.view.page:
        case "outcomes":
            made |= outcomes_page.fragments(language, state, runs, snapshot.ensemble)
        case "why":
            reasons = findings.get("reasons")
            made["why"] = why_page.fragment(language, state, runs, reasons if isinstance(reasons, Reasons) else None)
        case "compare":
            made["compare"] = compare_page.fragment(
                language, state, snapshot.comparison_is_ready, findings, snapshot.dark
            )
        case "evidence":
            made["evidence"] = evidence_page.fragment(language, state, runs, findings)
    return made


def question(language: Language, state: State) -> str:
    """The scenario's question; that of a shipped scenario or package in the language of the page."""
    question = state.scenario.question or state.scenario.corridor.question
    for name, shipped_question in (
        (state.opened, state.base.question),
        *((name, package_heading(name).question) for name in policy_names()),
    ):
        if question == shipped_question:
            return language.of("questions", name, question)
    return question


def _charts(language: Language, state: State) -> dict:
    outcomes = catalogue().outcomes
    told = {
        place: name
        and {
            "outcome": name,
            "title": language.title(name),
            "unit": language.numbers.unit_beside(outcomes[name].unit),
            "meaning": language.meaning(name),
        }
        for place, name in chart_outcomes(state).items()
    }
    return told | {DIFFERENCE: _difference(language, state.view.focus)}


def _difference(language: Language, name: str) -> dict:
    """What the chart of the difference is called."""
    unit = catalogue().outcomes[name].unit
    return {
        "outcome": name,
        "title": language.say("main_chart.title", outcome=language.title(name)),
        "unit": language.say("main_chart.points") if is_share(unit) else language.numbers.unit_beside(unit),
        "meaning": language.meaning(name),
    }


def _to_write_with(language: Language) -> dict:
    """Words of the editor of stories, and what stories are about: titles of packages by their ids, and for each outcome
    its id, title, unit, and whether it is a share."""
    outcomes = catalogue().outcomes
    named = [
        [name, language.title(name), language.numbers.unit_beside(outcomes[name].unit), is_share(outcomes[name].unit)]
        for name in outcomes_for_cards()
    ]
    titles = {name: language.of("packages", name, package_heading(name).title) for name in policy_names()}
    outcomes_by_title = sorted(named, key=lambda each: language.in_order(str(each[1])))
    return language.section("story_editor") | {"outcomes": outcomes_by_title, "packages": titles}


def search_entries(language: Language) -> list[list[str]]:
    """What the search box finds: for each lever, driver and outcome its kind, id, title, kind in words and meaning."""
    known = catalogue()
    kinds = (("lever", known.levers), ("driver", known.context), ("outcome", known.outcomes))
    cards = set(outcomes_for_cards())
    return [
        [kind, name, language.title(name), language.say(f"side.kinds.{kind}"), language.meaning(name)]
        for kind, entries in kinds
        for name in entries
        if kind != "outcome" or name in cards
    ]
