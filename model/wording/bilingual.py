"""A text in both languages."""

from __future__ import annotations

from dataclasses import dataclass

ENGLISH, FRENCH = "en", "fr"


@dataclass(frozen=True)
class Bilingual:
    """A text in both languages, or in one of them where the other is empty; in a story `{name}` in it stands for a
    number."""

    en: str = ""
    fr: str = ""

    def __str__(self) -> str:
        return self.into(ENGLISH)

    def into(self, language: str) -> str:
        """The text in a language; in the other one where it has none in that."""
        return self.fr if self.spoken(language) == FRENCH else self.en

    def spoken(self, language: str) -> str:
        """The language in which the text is read where that one is asked for."""
        if language == FRENCH:
            return FRENCH if self.fr else ENGLISH
        return ENGLISH if self.en or not self.fr else FRENCH

    def to_mapping(self) -> dict:
        """As a file writes it."""
        return {code: text for code, text in ((ENGLISH, self.en), (FRENCH, self.fr)) if text}
