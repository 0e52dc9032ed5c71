"""Story files: read whole, with every fault at its line."""

from __future__ import annotations

import os
from pathlib import Path

from pushpull.files.faults import Fault, ScenarioFaults, listed, nearest, quote
from pushpull.files.tree import Node, decode, parse, read_tree
from pushpull.scenario import Scenario, corridor_in
from pushpull.scenario.file_kinds import STORY, misplaced
from pushpull.scenario.library import Refused, corridor_names, find_corridor, scenario_names, shipped_folder
from pushpull.stories.step_reader import StepReader
from pushpull.stories.story import Story
from pushpull.wording.phrases import Phrase

SCHEMA_VERSION = 1
KEYS = (
    "schema_version", "title", "corridor", "audience", "minutes", "claim", "year", "settings", "numbers", "steps",
)  # fmt: skip
MOST_STEPS = 40
MOST_MINUTES = 480


def story_names() -> list[str]:
    """The ids of the shipped stories."""
    return sorted(path.stem for path in story_folder().glob("*.yaml"))


def story_folder() -> Path:
    """The folder of the shipped stories."""
    return shipped_folder() / "stories"


def read_story(name: str | os.PathLike) -> Story:
    """A shipped story by its id, or a file; raises ScenarioFaults with every fault."""
    text = os.fspath(name)
    shipped = story_names()
    if text in shipped and not Path(text).is_file():
        path, shown = story_folder() / f"{text}.yaml", f"scenarios/stories/{text}.yaml"
    else:
        path, shown = Path(text), text
        if path.suffix not in (".yaml", ".yml") and not path.exists():
            allowed = listed([*shipped, Phrase("a path")])
            raise ScenarioFaults(
                [
                    Fault(
                        text,
                        None,
                        Phrase("no story is called {text}", text=quote(text)),
                        allowed,
                        nearest(text, shipped),
                    )
                ]
            )
    node, faults = read_tree(path, shown)
    return StoryReader(shown, faults, path.parent).story(node, path.stem)


def story_from_text(text: str, name: str = "story.yaml") -> Story:
    """A story from YAML text, such as an uploaded file; it may use only shipped corridors and packages."""
    node, faults = parse(decode(text.encode("utf-8", "surrogatepass"), name), name)
    return StoryReader(name, faults, None).story(node, Path(name).stem)


class StoryReader(StepReader):
    """Reads one story file."""

    def story(self, node: Node, name: str) -> Story:
        """The story; raises ScenarioFaults with every fault."""
        apart = misplaced(node, self.file, STORY, Phrase("a file with settings, numbers and steps"))
        if apart is not None:
            raise ScenarioFaults([apart])
        entries = self.mapping(node, Phrase("the story"), KEYS, KEYS)
        if "schema_version" in entries:
            self.whole(entries["schema_version"], "schema_version", SCHEMA_VERSION, SCHEMA_VERSION)
        corridor = self.corridor(entries["corridor"]) if "corridor" in entries else None
        minutes = self.whole(entries["minutes"], "minutes", 1, MOST_MINUTES) if "minutes" in entries else None
        year = self.moment(entries["year"], "year") if "year" in entries else None
        settings = self.named(entries.get("settings"), "settings", self.setting)
        self.known.settings, self.known.setting_names = settings, self.names_of_entries(entries.get("settings"))
        self.known.number_names = self.names_of_entries(entries.get("numbers"))
        self.known.numbers = self.named(entries.get("numbers"), "numbers", self.story_number)
        self.check_numbers(entries.get("numbers"))
        title, audience, claim = (
            self.bilingual(entries[key], key, numbers=False) if key in entries else None
            for key in ("title", "audience", "claim")
        )
        steps = []
        if "steps" in entries:
            items = self.items(entries["steps"], "steps", Phrase("steps"))
            if len(items) > MOST_STEPS:
                self.fault(
                    entries["steps"].line,
                    Phrase("the story has {count} steps", count=len(items)),
                    Phrase("at most {most}", most=MOST_STEPS),
                )
            steps = [self.step(item, place) for place, item in enumerate(items, 1)]
        whole = [step for step in steps if step is not None]
        self.check_known_before(whole, entries.get("steps"))
        base = self.known.base
        if self.faults or corridor is None or base is None or minutes is None or year is None:
            raise ScenarioFaults(self.faults)
        if title is None or audience is None or claim is None:
            raise ScenarioFaults(self.faults)
        return Story(
            id=name,
            title=title,
            corridor=corridor,
            audience=audience,
            minutes=minutes,
            claim=claim,
            year=year,
            settings=settings,
            numbers=self.known.numbers,
            steps=tuple(whole),
            base=base,
            shown=self.file,
        )

    def corridor(self, node: Node) -> str | None:
        """The corridor of the story, shipped or one's own beside the file; its scenario is what settings change."""
        if not isinstance(node.value, str):
            self.choice(node, "corridor", corridor_names(self.folder))
            return None
        try:
            if node.value in scenario_names():
                self.known.base = Scenario.load(node.value).baseline()
            else:
                homes = None if self.folder is not None else ()
                path, shown = find_corridor(node.value, self.folder, os.path.dirname(self.file), homes)
                self.known.base = Scenario.of_corridor(corridor_in(path, shown))
        except Refused as refused:
            self.faults.append(refused.at(self.file, node.line))
            return None
        except ScenarioFaults as faulty:
            self.faults += faulty.faults
            return None
        return node.value
