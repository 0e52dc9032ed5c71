"""What the pocket page knows beside its corridors: outcomes, thresholds, and the words of every language."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version

from pushpull.analysis import stated_change
from pushpull.catalogue import catalogue
from pushpull.dashboard.compute.indicators import HARMS
from pushpull.dashboard.compute.judging import advisory_rules
from pushpull.dashboard.i18n.texts import LANGUAGES, Language, language
from pushpull.dashboard.limits import MOST_KEPT_BESIDE
from pushpull.dashboard.pocket.story_content import stage_words
from pushpull.dashboard.state.links import permalink
from pushpull.dashboard.state.packages import LONGEST_NAME
from pushpull.dashboard.state.view import CHOSEN, JUDGED_BY_CHOICE, PEOPLE, outcomes_for_cards
from pushpull.wording.numbers import is_count, signs_of

# What the full simulator has and this page has not, in the order in which it is told; what comes to the page goes here.
LEFT_OUT = (
    *("why", "asking", "evidence", "routes", "context", "assumptions"),
    *("deciding", "stories", "rooms", "files", "own_corridors"),
)
# The words of the page that are taken along, each section whole, or one entry of it.
SECTIONS = (
    *("overview", "charts", "main_chart", "schedule", "not_in_link", "options", "pocket", "toolbar.languages"),
    *("advisories", "claims"),
)
ENTRIES = (
    *("and", "pair", "yours", "baseline", "side.sheet", "side.close", "levers.title", "guide.trust"),
    *("page.name", "page.illustrative", "page.illustrative_meaning", "page.skip", "page.year", "page.data"),
    *("page.dismiss", "page.working", "compare.table", "compare.range", "compare.remove", "migrated.later_version"),
    *(f"toolbar.{word}" for word in ("corridor", "package", "language", "theme", "theme_hint", "links", "link")),
    *(f"toolbar.{word}" for word in ("link_hint", "copied", "by_hand", "keep", "changed")),
    *("refused.link_because", *(f"refused.because_{word}" for word in ("damaged", "other_version", "no_state"))),
    *("refused.because_corridor", "stage.present", "stage.buttons.stories"),
    *("notices.run_broke", "notices.ensemble_broke"),
)


def page_content(members: int, codes: tuple[str, ...] = LANGUAGES) -> dict:
    """Plain values, with what is said of so many simulations; the corridors are put to them under `corridors`."""
    known = catalogue()
    return {
        "members": members,
        "made": version("pushpull-migration"),
        "version": permalink.VERSION,
        "most_kept": MOST_KEPT_BESIDE,
        "longest_name": LONGEST_NAME,
        "left_out": list(LEFT_OUT),
        "rules": rules(),
        "advisories": {
            "rules": [asdict(rule) for rule in advisory_rules.RULES],
            "claims": {key: list(claim) for key, claim in advisory_rules.CLAIMS.items()},
            "order": list(advisory_rules.ORDER),
            "notable": advisory_rules.NOTABLE,
            "at_the_edge": advisory_rules.AT_THE_EDGE,
            "many_at_the_edge": advisory_rules.MANY_AT_THE_EDGE,
        },
        "outcomes": [
            {
                "id": name,
                "unit": known.outcomes[name].unit,
                "better": known.outcomes[name].better,
                "is_count": is_count(known.outcomes[name].unit),
                "observed_as": known.outcomes[name].observed_as,
            }
            for name in _people_first()
        ],
        "languages": {code: _of_language(language(code), members) for code in codes},
    }


def rules() -> dict:
    """When a change is stated and what it is called: the thresholds of `stated_change`, and lists of outcomes."""
    return {
        "material": stated_change.MATERIAL,
        "of_spread": stated_change.OF_SPREAD,
        "clear": stated_change.CLEAR,
        "least_count": stated_change.LEAST_COUNT,
        "counts_of_movement": list(stated_change.COUNTS_OF_MOVEMENT),
        "harms": list(HARMS),
        "people": list(PEOPLE),
        "chosen": list(CHOSEN),
        "by_choice": list(JUDGED_BY_CHOICE),
    }


def _people_first() -> list[str]:
    names = list(outcomes_for_cards())
    return [*PEOPLE, *(name for name in names if name not in PEOPLE)]


def _of_language(words: Language, members: int) -> dict:
    known = catalogue()
    named = (*known.outcomes, *known.levers, *known.context)
    taken: dict = {}
    for key in (*SECTIONS, *ENTRIES):
        *above, last = key.split(".")
        block = taken
        for part in above:
            block = block.setdefault(part, {})
        block[last] = words.section(key) if key in SECTIONS else words.say(key)
    return {
        "code": words.code,
        "words": taken,
        "card_words": {**words.section("overview"), **words.section("strip")},
        "staged": stage_words(words, members),
        "signs": dict(signs_of(words.code)),
        "titles": {name: words.title(name) for name in named} | {name: words.loop_title(name) for name in known.loops},
        "meanings": {name: words.meaning(name) for name in known.outcomes},
    }
