"""Charts drawn as SVG on the server: they need no program and no network, print well, and can be tested as text.

Colours are the custom properties of the page, so a theme reaches them; `standing.py` gives a picture its own.
"""

from pushpull.svg.curves import Band, Curve, curves
from pushpull.svg.frame import Frame, picture
from pushpull.svg.pictures import Step, parallel, scatter, stacked, waterfall

__all__ = ["Band", "Curve", "Frame", "Step", "curves", "parallel", "picture", "scatter", "stacked", "waterfall"]
