"""A chart as files and for the clipboard: its picture, and its numbers as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pushpull.dashboard.export.origin import Origin
from pushpull.files.csv_text import Cell, digits, plain_text, spreadsheet_text
from pushpull.files.workbook import Sheet, workbook
from pushpull.svg import Caption, standing_alone
from pushpull.wording.markup import element, table

FIGURES = 5  # of the numbers of a table


@dataclass(frozen=True)
class ChartContent:
    """What a chart shows, wherever it stands on the page: the words around it, its drawing, and its numbers, of which
    the first row are the heads."""

    name: str
    title: str
    unit: str
    rows: Sequence[Sequence[Cell]]
    drawing: Markup | None = None
    legend: Sequence[tuple[Markup, str]] = ()
    others: Sequence[tuple[Markup, str]] = ()  # what the legend says besides lines and areas

    def svg(self, origin: Origin) -> str:
        """The picture; of a chart without a drawing none can be made."""
        if self.drawing is None:
            raise ValueError(f"{self.name} has no drawing")
        return standing_alone(self.drawing, Caption(self.title, self.unit, self.legend, self.others, origin.notes))

    def csv(self, origin: Origin) -> str:
        """The numbers for the spreadsheets of the language."""
        return spreadsheet_text(self.rows, origin.decimal)

    def xlsx(self, origin: Origin, about: str) -> bytes:
        """The numbers as a workbook, with a sheet that says where they come from."""
        told = [(self.title, self.unit), *origin.rows]
        return workbook([Sheet(self.title, self.rows), Sheet(about, told, is_headed=False)])

    def html(self, origin: Origin) -> str:
        """The numbers as a table of HTML."""
        heads, *rows = [[self._shown(cell, origin) for cell in row] for row in self.rows]
        return str(table(heads, rows, self.title) + element("p", " \u00b7 ".join(origin.notes)))

    def tabbed(self, origin: Origin) -> str:
        """The numbers with tabs between them, as spreadsheets take them from the clipboard."""
        rows = ([" ".join(self._shown(cell, origin).split()) for cell in row] for row in self.rows)
        return "".join("\t".join(row) + "\n" for row in rows)

    @staticmethod
    def _shown(cell: Cell, origin: Origin) -> str:
        if cell is None:
            return ""
        return plain_text(cell) if isinstance(cell, str) else digits(cell, origin.decimal)


def rounded(value: float) -> float | None:
    """A number of a table, to as many figures as make sense; None for what is no number."""
    return float(f"{value:.{FIGURES}g}") if math.isfinite(value) else None
