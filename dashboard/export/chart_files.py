"""A chart as files and for the clipboard: its picture, and its numbers as a table."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pushpull.dashboard.export.colophon import Colophon
from pushpull.files.csv_text import Cell, digits, plain_text, spreadsheet_text
from pushpull.files.workbook import Sheet, workbook
from pushpull.svg import Caption, standing_alone
from pushpull.wording.markup import element, table

FIGURES = 5  # of the numbers of a table
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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

    def svg(self, colophon: Colophon) -> str:
        """The picture; of a chart without a drawing none can be made."""
        if self.drawing is None:
            raise ValueError(f"{self.name} has no drawing")
        return standing_alone(self.drawing, Caption(self.title, self.unit, self.legend, self.others, colophon.notes))

    def csv(self, colophon: Colophon) -> str:
        """The numbers for the spreadsheets of the language."""
        return spreadsheet_text(self.rows, colophon.decimal)

    def xlsx(self, colophon: Colophon, about: str) -> bytes:
        """The numbers as a workbook, with a sheet that says where they come from."""
        told = [(self.title, self.unit), *colophon.rows]
        return workbook([Sheet(self.title, self.rows), Sheet(about, told, is_headed=False)])

    def html(self, colophon: Colophon) -> str:
        """The numbers as a table of HTML."""
        heads, *rows = [[self._shown(cell, colophon) for cell in row] for row in self.rows]
        return str(table(heads, rows, self.title) + element("p", " \u00b7 ".join(colophon.notes)))

    def tabbed(self, colophon: Colophon) -> str:
        """The numbers with tabs between them, as spreadsheets take them from the clipboard."""
        rows = ([" ".join(self._shown(cell, colophon).split()) for cell in row] for row in self.rows)
        return "".join("\t".join(row) + "\n" for row in rows)

    @staticmethod
    def _shown(cell: Cell, colophon: Colophon) -> str:
        if cell is None:
            return ""
        return plain_text(cell) if isinstance(cell, str) else digits(cell, colophon.decimal)


def taken(chart: ChartContent, kind: str, colophon: Colophon, about: str) -> dict:
    """A chart for the browser: a file to `save`, or what it draws or copies; nothing where there is none of that
    kind."""
    name = f"{colophon.stem}_{chart.name}.{kind}"
    has_picture, has_numbers = chart.drawing is not None, bool(chart.rows)
    match kind:
        case "svg" if has_picture:
            return {"save": {"name": name, "text": chart.svg(colophon), "type": "image/svg+xml"}}
        case "png" | "copy_picture" if has_picture:
            return {"name": name, "svg": chart.svg(colophon)}
        case "csv" if has_numbers:
            return {"save": {"name": name, "text": chart.csv(colophon), "type": "text/csv"}}
        case "xlsx" if has_numbers:
            return {"save": saved_workbook(name, chart.xlsx(colophon, about))}
        case "copy_table" if has_numbers:
            return {"html": chart.html(colophon), "text": chart.tabbed(colophon)}
        case _:
            return {}


def saved_workbook(name: str, content: bytes) -> dict[str, str]:
    """A workbook as a file for the browser to save."""
    return {"name": name, "base64": base64.b64encode(content).decode(), "type": XLSX}


def rounded(value: float) -> float | None:
    """A number of a table, to as many figures as make sense; None for what is no number."""
    return float(f"{value:.{FIGURES}g}") if math.isfinite(value) else None
