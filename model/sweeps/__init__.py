"""Many points of levers, drivers and parameters, each a run or an ensemble, in one file that goes on where it stopped.

from pushpull import sweep
from pushpull.sweeps import grid, latin_hypercube, listed, open_sweep, read_sweep_design

found = sweep("us_southwest_border", {"border_control": [0.5, 1, 2], "asylum_access": [0.3, 0.6]}, "sweep.zarr")
found["deaths_in_transit"].sel(point=3)                       # (time, route); with simulations=20 (member, time, route)
design = latin_hypercube(scenario, {"scarcity_elasticity": (0.1, 0.6)}, points=200, seed=1)
sweep(scenario, design, "many.zarr", simulations=20)          # the same call goes on where it was stopped
"""

from typing import TYPE_CHECKING

from pushpull.first_use import fetched_on_first_use

if TYPE_CHECKING:
    from pushpull.sweeps.design_reader import read_sweep_design
    from pushpull.sweeps.designs import SweepDesign, grid, latin_hypercube, listed
    from pushpull.sweeps.sweep_store import finished_points, open_sweep
    from pushpull.sweeps.sweeping import sweep
    from pushpull.sweeps.varied import VariedInput, varied_input

__all__ = [
    "SweepDesign",
    "VariedInput",
    "finished_points",
    "grid",
    "latin_hypercube",
    "listed",
    "open_sweep",
    "read_sweep_design",
    "sweep",
    "varied_input",
]

_HOMES = {
    "design_reader": ("read_sweep_design",),
    "designs": ("SweepDesign", "grid", "latin_hypercube", "listed"),
    "sweep_store": ("finished_points", "open_sweep"),
    "sweeping": ("sweep",),
    "varied": ("VariedInput", "varied_input"),
}

__getattr__, __dir__ = fetched_on_first_use(__name__, _HOMES)
