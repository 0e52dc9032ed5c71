"""A table of pandas as a file: CSV for machines, Excel, or Parquet (by the extra `parquet`)."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pushpull.files.atomic import write_whole
from pushpull.files.csv_text import plain_text

if TYPE_CHECKING:
    import pandas as pd

ROWS_OF_EXCEL, COLUMNS_OF_EXCEL = 1_048_576, 16_384
ENDINGS = (".csv", ".xlsx", ".parquet")


class CannotHold(ValueError):
    """A file of a kind that cannot hold a table, or that a package which is not there would write."""


def check_parquet() -> None:
    """Raise CannotHold where nothing writes Parquet."""
    if find_spec("pyarrow") is None:
        raise CannotHold("a .parquet file needs the package pyarrow, which the extra `parquet` brings")


def check_size(rows: int, columns: int) -> None:
    """Raise CannotHold for a sheet larger than those of Excel; `rows` with the head."""
    if rows > ROWS_OF_EXCEL or columns > COLUMNS_OF_EXCEL:
        limits = f"{ROWS_OF_EXCEL:,} rows and {COLUMNS_OF_EXCEL:,} columns"
        raise CannotHold(f"{rows:,} rows and {columns:,} columns are too many for a sheet of Excel; it holds {limits}")


def write_frame(frame: pd.DataFrame, path: Path | str, sheet: str = "table") -> Path:
    """Write a table by the ending of its name, whole or not at all; its index is left out.

    Raises:
        ValueError: for another ending.
        CannotHold: for a table too large for Excel, and for Parquet without pyarrow.
    """
    target = Path(path)
    if target.suffix == ".parquet":
        check_parquet()
        return write_whole(target, lambda part: frame.to_parquet(part, index=False, engine="pyarrow"))
    if target.suffix == ".xlsx":
        from pushpull.files.workbook import Sheet, workbook

        check_size(len(frame) + 1, len(frame.columns))
        rows = [list(frame.columns), *frame.astype(object).where(frame.notna(), None).values.tolist()]
        return write_whole(target, workbook([Sheet(sheet, rows)]))
    if target.suffix == ".csv":
        texts = {name: frame[name].map(_cell) for name in frame.columns if frame[name].dtype.kind not in "biuf"}
        return write_whole(target, frame.assign(**texts).to_csv(index=False, lineterminator="\n"))
    raise ValueError(f"{target.name}: a table ends in {', '.join(ENDINGS)}")


def _cell(value: object) -> object:
    return plain_text(value) if isinstance(value, str) else value
