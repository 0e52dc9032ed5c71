"""Parallel axes: many outcomes of a few scenarios in one picture."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from pushpull.svg.frame import Frame, at, breakable, label, picture
from pushpull.wording.markup import element

# Of the titles of parallel axes, in units of the drawing: the first row, its distance to the next, the width of a
# letter, and the least gap between two axes.
FIRST_ROW, ROW, LETTER, LEAST_GAP = 30.0, 13.0, 7.6, 108.0


def parallel(
    title: str,
    summary: str,
    axes: Sequence[tuple[str, str, str]],
    lines: Sequence[tuple[str, Sequence[float], str]],
    better_up: str,
) -> Markup:
    """One vertical axis for each outcome (title, words at its foot, words at its head), a line for each scenario.

    Heights are from 0 at the foot to 1 at the head; the head is the better end.
    """
    last = max(len(axes) - 1, 1) + 0.4
    width = max(900.0, 72.0 + LEAST_GAP * last)
    letters = int(min((width - 72.0) / last, 2 * 60.0) / LETTER)  # the first axis stands 60 from the edge
    titles = [_wrapped(name, letters) for name, _, _ in axes]
    top = FIRST_ROW + ROW * max(map(len, titles), default=1) + ROW  # one row for the words at the head
    height = max(340.0, top + 274.0)
    frame = Frame(width, height, (0.0, last), (0.0, 1.0), 60.0)
    bottom = height - 30.0

    def up(share: float) -> float:
        return bottom - share * (bottom - top)

    parts = [label(12, 14, better_up, "start", "note")]
    for number, (_, foot, head) in enumerate(axes):
        x = frame.across(number)
        parts.append(element("line", x1=at(x), x2=at(x), y1=at(top), y2=at(bottom), class_="axis"))
        parts += [label(x, FIRST_ROW + ROW * row, each, "middle", "name") for row, each in enumerate(titles[number])]
        parts += [label(x, bottom + 16, foot, "middle"), label(x, top - 6, head, "middle")]
    for name, heights, colour in lines:
        points = " ".join(f"{at(frame.across(number))},{at(up(share))}" for number, share in enumerate(heights))
        parts.append(
            element(
                "polyline", element("title", name), points=points, style=f"stroke: var(--{colour}); stroke-width: 2.6"
            )
        )
    return picture(frame, title, summary, parts, "parallel")


def _wrapped(words: str, most: int) -> list[str]:
    """The words in rows of at most `most` letters; a longer word has a row of its own."""
    rows = [""]
    for word in breakable(words):
        if rows[-1] and len(rows[-1]) + len(word) + 1 > most:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return rows
