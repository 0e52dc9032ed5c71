"""What the room proposed as a table of a page: each lever, today, min, median and max, and which roles moved it."""

from __future__ import annotations

from markupsafe import Markup

from pushpull.wording.markup import element, table, together
from pushpull.wording.typography import typeset
from pushpull.workshop.rounds import LeverSpread, Round
from pushpull.workshop.shown_values import figure
from pushpull.workshop.workshop_words import word

HEADS = ("lever", "today", "low", "middle", "high", "touched")


def rows_of(given: Round, language: str) -> list[list[str]]:
    """The cells of the table, a row for each lever that anybody moved."""
    return [_row(spread, language) for spread in given.spreads]


def heads(language: str) -> list[str]:
    """What stands above the columns."""
    return [word(language, key) for key in HEADS]


def spread_table(given: Round, language: str) -> Markup:
    """The table as HTML, with the rule by which it is made; a sentence where nobody moved a lever."""
    rule = element("p", word(language, "median_rule"), class_="small")
    said = element("p", given.cost_sentences.into(language))
    if not given.spreads:
        return together([said])
    caption = word(language, "round", number=given.number)
    made = table(heads(language), rows_of(given, language), caption, class_="proposals")
    return together([made, said, rule])


def _row(spread: LeverSpread, language: str) -> list[str]:
    lever = spread.lever
    values = [figure(each, language) for each in (lever.today, spread.low, spread.middle, spread.high)]
    touched = [
        typeset(each.role.title.into(language), language)
        if each.seats == 1
        else word(
            language, "touched_text", role=typeset(each.role.title.into(language), language), moved=each.moved,
            seats=each.seats,
        )
        for each in spread.touched
    ]  # fmt: skip
    title = (
        f"{lever.title.into(language)} ({lever.unit.into(language)})" if lever.unit.en else lever.title.into(language)
    )
    return [title, *values, "; ".join(touched) if language == "en" else typeset(" ; ".join(touched), language)]
