"""Which documents there are: each of one of four kinds, in order, with its Markdown in every language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pushpull.documents.site_words import say
from pushpull.scenario.library import shipped_folder
from pushpull.wording.bilingual import ENGLISH, FRENCH
from pushpull.wording.typography import typeset

LANGUAGES = (ENGLISH, FRENCH)
TUTORIAL, GUIDE, REFERENCE, EXPLANATION = KINDS = ("tutorial", "guide", "reference", "explanation")
TITLES_OF_KINDS = dict(zip(KINDS, ("Tutorials", "How-to guides", "Reference", "Explanation"), strict=True))
OF_NAMES = {
    "outcomes": "Outcomes",
    "levers": "Levers and context",
    "equations": "Equations and parameters",
    "sources": "Sources",
}
TITLES_FROM_CODE = {
    "scenario_files": "Scenario files",
    "python": "Python",
    "command_line": "Command line",
    "story_files": "Story files",
    "workshop_files": "Files of roles",
    "sweep_files": "Designs of sweeps",
    "check_files": "Files of checks",
    "evidence_files": "Published effects",
}
TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Document:
    """One document: its id, which names its page, its kind, and the file of its English text.

    Without a file it is made from the code. `in_english` are those that no other language has.
    """

    id: str
    kind: str
    file: Path | None = None
    in_english: bool = False

    def path(self, language: str) -> Path:
        """The file of its text in a language; raises ValueError for one that is made from the code."""
        if self.file is None:
            raise ValueError(f"{self.id} is made from the code")
        if language == ENGLISH or self.in_english:
            return self.file
        bare = self.file.name.removesuffix(".md").removesuffix(f".{ENGLISH}")
        return self.file.with_name(f"{bare}.{language}.md")


def _written(kind: str, *names: str) -> tuple[Document, ...]:
    return tuple(Document(name, kind, TEXTS / f"{name}.{ENGLISH}.md") for name in names)


def _beside_files(name: str, folder: str, kind: str = REFERENCE, in_english: bool = True) -> Document:
    """What stands beside the files that it is about."""
    return Document(name, kind, shipped_folder() / folder / "README.md", in_english)


@cache
def documents() -> dict[str, Document]:
    """Every document by its id, in the order in which they are listed."""
    every = (
        *_written(TUTORIAL, "first_hour_policy", "first_hour_modeller", "first_hour_presenter"),
        _beside_files("own_corridor", "corridors", GUIDE, in_english=False),
        *_written(GUIDE, "own_equation", "own_fit", "choose_a_package", "serve_many", "hold_a_workshop"),
        *(Document(name, REFERENCE) for name in ("outcomes", "levers", "equations", "sources")),
        *(Document(name, REFERENCE) for name in ("scenario_files", "python", "command_line")),
        *(_beside_files(f"{name}_files", folder) for name, folder in _FILES.items()),
        *_written(EXPLANATION, "what_the_model_says", "how_it_is_fitted", "how_far_to_trust_it"),
    )
    return {each.id: each for each in every}


_FILES = {"story": "stories", "workshop": "workshop", "check": "checks", "evidence": "evidence", "sweep": "sweeps"}


@cache
def title_of(document: Document, language: str) -> str:
    """The title of a document in lists: its first line, or, in the reference, a short one."""
    if document.kind == REFERENCE:
        return say({**OF_NAMES, **TITLES_FROM_CODE}[document.id], language)
    first, _, _ = document.path(language).read_text(encoding="utf-8").partition("\n")
    return typeset(first.removeprefix("# "), language)
