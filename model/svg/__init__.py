"""Charts drawn as SVG on the server: they need no program and no network, print well, and can be tested as text.

The one writer for page, report and files. Colours are the custom properties of `pushpull.wording.palette`, so that a
theme reaches them; `standing_alone` makes a file of a drawing, with plain colours and a caption.
"""

from pushpull.svg.curves import Band, Curve, Recorded, curves
from pushpull.svg.frame import STYLE, Frame, picture
from pushpull.svg.intervals import Interval, interval_rows, share_bars
from pushpull.svg.parallel_axes import parallel
from pushpull.svg.pictures import WaterfallStep, scatter, stacked, waterfall
from pushpull.svg.rank_lines import RankLine, rank_lines
from pushpull.svg.standing import Caption, standing_alone

__all__ = [
    "STYLE",
    "Band",
    "Caption",
    "Curve",
    "Frame",
    "Interval",
    "RankLine",
    "Recorded",
    "WaterfallStep",
    "curves",
    "interval_rows",
    "parallel",
    "picture",
    "rank_lines",
    "scatter",
    "share_bars",
    "stacked",
    "standing_alone",
    "waterfall",
]
