"""How a ranking changes from the pessimist to the optimist: a line for each package over attitudes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pushpull.svg.frame import Frame, at, label, picture
from pushpull.wording.markup import element

WIDTH, ROW, TOP, FOOT = 720.0, 30.0, 18.0, 40.0
LEFT, RIGHT = 40.0, 270.0  # room for places, and for titles at the end of lines
LETTERS = 40  # of a title beside its line
APART = 7.0  # between lines that share a place


@dataclass(frozen=True)
class RankLine:
    """A package: its title, its place (1 the best) at each attitude, its colour, and whether it raises a harm."""

    title: str
    ranks: Sequence[int]
    colour: str
    is_harmful: bool


def rank_lines(
    title: str, summary: str, attitudes: Sequence[str], ends: tuple[str, str], lines: Sequence[RankLine]
) -> Markup:
    """Places over attitudes, the best on top; a package that raises a harm is dashed, with a cross at its end.

    `ends` are the words below the first and the last attitude.
    """
    last = max(len(attitudes) - 1, 1)
    height = TOP + ROW * len(lines) + FOOT
    frame = Frame(WIDTH, height, (0.0, float(last)), (0.0, 1.0), LEFT, RIGHT)

    def up(rank: float) -> float:
        return TOP + ROW * (rank - 0.5)

    bottom = TOP + ROW * len(lines)
    parts: list[Markup] = []
    for number, words in enumerate(attitudes):
        x = frame.across(number)
        parts.append(element("line", x1=at(x), x2=at(x), y1=at(TOP), y2=at(bottom), class_="grid"))
        parts.append(label(x, bottom + 15, words, "middle"))
    parts += [label(LEFT - 14, up(rank) + 4, str(rank), "end") for rank in range(1, len(lines) + 1)]
    parts.append(label(LEFT, bottom + 31, ends[0], "start", "note"))
    parts.append(label(frame.across(last), bottom + 31, ends[1], "end", "note"))
    placed = _places(lines, len(attitudes))
    for line, heights in zip(lines, placed, strict=True):
        points = [(frame.across(number), up(rank)) for number, rank in enumerate(heights)]
        dash = "6 4" if line.is_harmful else "none"
        parts.append(
            element(
                "polyline", element("title", line.title), points=" ".join(f"{at(x)},{at(y)}" for x, y in points),
                style=f"stroke: var(--{line.colour}); stroke-width: 2.6; stroke-dasharray: {dash}; fill: none",
            )
        )  # fmt: skip
        parts += [element("circle", cx=at(x), cy=at(y), r="4", style=f"fill: var(--{line.colour})") for x, y in points]
        x, y = points[-1]
        mark = "\u2715 " if line.is_harmful else ""
        words = line.title if len(line.title) <= LETTERS else f"{line.title[: LETTERS - 1]}\u2026"
        parts.append(label(x + 12, y + 4, f"{mark}{words}", "start", "name"))
    return picture(frame, title, summary, parts, "ranks")


def _places(lines: Sequence[RankLine], attitudes: int) -> list[list[float]]:
    """The height of each line at each attitude, in places; those that share one lie beside each other."""
    heights: list[list[float]] = [[] for _ in lines]
    for number in range(attitudes):
        for rank in {line.ranks[number] for line in lines}:
            alike = [place for place, line in enumerate(lines) if line.ranks[number] == rank]
            for order, place in enumerate(alike):
                heights[place].append(rank + order)
    return heights
