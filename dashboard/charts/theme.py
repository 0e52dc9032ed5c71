"""How lines of charts are dashed, since no meaning rests on colour alone; colours: `pushpull.wording.palette`."""

from __future__ import annotations

SOLID: tuple[int, ...] = ()
AS_RECORDED = (5, 3)
AS_THINGS_STAND = (1, 3)
ROUTE_DASHES: tuple[tuple[int, ...], ...] = (SOLID, (7, 3), (2, 3), (8, 3, 2, 3), (12, 4), (4, 2, 1, 2))
