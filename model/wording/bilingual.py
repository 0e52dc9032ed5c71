"""A text in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bilingual:
    """A text in both languages; in a story `{name}` in it stands for a number."""

    en: str
    fr: str

    def __str__(self) -> str:
        return self.en

    def into(self, language: str) -> str:
        """The text in a language."""
        return self.fr if language == "fr" else self.en

    def to_mapping(self) -> dict:
        """As a file writes it."""
        return {"en": self.en, "fr": self.fr}
