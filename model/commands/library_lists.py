"""The lists of files: scenarios, corridors, policy packages and stories, shipped ones and those of one's own; and of
the dated events beside a corridor."""

from __future__ import annotations

from pushpull.commands import options
from pushpull.commands.console import say
from pushpull.files.faults import ScenarioFaults


def scenarios(corridor: str) -> list[dict]:
    """The shipped scenarios; each says its own corridor."""
    del corridor  # every scenario says its own
    from pushpull.scenario import Scenario, scenario_names

    entries = []
    for name in scenario_names():
        scenario = Scenario.load(name)
        entries.append(
            {
                "id": name,
                "title": scenario.title,
                "group": scenario.corridor.id,
                "unit": "",
                "range": None,
                "today": None,
                "source": f"scenarios/{name}.yaml",
                "horizon": {year: getattr(scenario, year) for year in ("start", "end", "policy_start")},
                "question": scenario.question,
                "illustrative": scenario.corridor.illustrative,
                "routes": list(scenario.routes),
            }
        )
    return entries


def corridors(corridor: str) -> list[dict]:
    """The shipped corridors, then those in folders of one's own; of one that is refused the first fault is said."""
    del corridor  # every corridor says its own
    from pushpull.scenario import load_corridor
    from pushpull.scenario.library import corridor_names, corridors_in, own_homes

    entries, shipped = [], corridor_names()
    for name in [*shipped, *sorted({each for home in own_homes() for each in corridors_in(home)} - set(shipped))]:
        try:
            loaded = load_corridor(name, homes=() if name in shipped else None)
        except ScenarioFaults as faults:
            say(str(faults).splitlines()[0])
            continue
        entries.append(
            {
                "id": name,
                "title": loaded.title,
                "group": "corridor" if name in shipped else "own corridor",
                "unit": "",
                "range": None,
                "today": None,
                "source": f"scenarios/corridors/{name}" if name in shipped else str(loaded.folder),
                "horizon": {year: getattr(loaded, year) for year in ("start", "end", "policy_start")},
                "question": loaded.question,
                "illustrative": loaded.illustrative,
                "routes": list(loaded.routes),
            }
        )
    return entries


def policies(corridor: str) -> list[dict]:
    """The shipped policy packages, which can be laid over any scenario."""
    del corridor  # a package applies to any
    from pushpull.scenario import heading, policy_names

    entries = []
    for name in policy_names():
        package = heading(name)
        entries.append(
            {
                "id": name,
                "title": package.title,
                "group": "policy",
                "unit": "",
                "range": None,
                "today": None,
                "source": f"scenarios/policies/{name}.yaml",
                "question": package.question,
            }
        )
    return entries


def stories(corridor: str) -> list[dict]:
    """The shipped stories; each says its own corridor."""
    del corridor  # every story says its own
    from pushpull.stories import read_story, story_names

    entries = []
    for name in story_names():
        story = read_story(name)
        entries.append(
            {
                "id": name,
                "title": story.title.en,
                "title_fr": story.title.fr,
                "group": story.corridor,
                "unit": "",
                "range": None,
                "today": None,
                "source": f"scenarios/stories/{name}.yaml",
                "claim": story.claim.en,
                "audience": story.audience.en,
                "minutes": story.minutes,
                "steps": len(story.steps),
                "questions": sum(step.question is not None for step in story.steps),
                "illustrative": story.base.corridor.illustrative,
            }
        )
    return entries


def events(corridor: str) -> list[dict]:
    """The dated events of a corridor, in order of time."""
    from pushpull.scenario.events import FILE, read_events

    scenario = options.base_scenario(corridor)
    entries: list[dict] = []
    for event in read_events(scenario.corridor, scenario.catalogue):
        entries.append(
            {
                "id": f"{FILE}:{event.line}",
                "date": event.date,
                "until": event.until or None,
                "title": event.title_en,
                "title_fr": event.title_fr or None,
                "group": event.kind,
                "place": event.place_en,
                "place_fr": event.place_fr or None,
                "routes": list(event.routes),
                "touches": list(event.touches),
                "unit": "",
                "range": None,
                "today": None,
                "source": event.source,
                "note": event.note,
                "corridor": scenario.corridor.id,
            }
        )
    if not entries:
        say(f"there is no {FILE} beside the corridor {scenario.corridor.id}, or nothing in it")
    return entries
