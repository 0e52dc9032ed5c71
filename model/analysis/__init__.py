"""What is not known, and what did it: paired uncertainty, targets, attribution, sensitivity, large ensembles.

from pushpull.analysis import Members, paired, stream

baseline = Members(scenario.baseline(), seed=1)      # keeps its members from one call to the next
for found in stream(policy, baseline, members=1600, targets=["deaths_in_transit<=300 in 2035"]):
    pair = found.of("deaths_in_transit")             # ranges of baseline, policy and difference over found.time
    pair.difference.median, pair.difference.half, pair.difference.most, pair.chance
    found.settled, found.message, found.chances      # more members needed? how likely is the target?

division = attribute(policy, scenario.baseline())    # 2^n runs, for up to ten players
shares = division.of("deaths_in_transit", at=2040)   # or mean=(2030, 2040), total=(2030, 2040)
division.players, shares.shares, shares.change, shares.interactions, division.series("deaths_in_transit")

robust_choice(scenario.baseline(), {"balanced": policy}).table      # regret, worst case, ranks; harms are marked
seek(scenario.baseline(), ["deaths_in_transit<=500 in 2035"], ["rescue_capacity"]).scenario     # the least change
pareto(scenario.baseline(), ["deaths_in_transit", "public_cost"], ["rescue_capacity"]).table    # needs pymoo
sensitivity(policy, "deaths_in_transit", baseline=scenario).of("deaths_in_transit")     # Sobol indices
save_ensemble(policy, "many.zarr", members=100_000, cluster="tcp://scheduler:8786")     # resumes if it was stopped
gather(policy, members=2_000, cluster="tcp://scheduler:8786")                           # run_ensemble, elsewhere
"""

from typing import TYPE_CHECKING

from pushpull.first_use import fetched_on_first_use

if TYPE_CHECKING:
    from pushpull.analysis.attribution import Attribution, Shares, attribute
    from pushpull.analysis.blocks import ClusterFault, gather
    from pushpull.analysis.engine_calls import Line, Stopped
    from pushpull.analysis.goal_seek import Sought, seek
    from pushpull.analysis.members import Members
    from pushpull.analysis.package_choice import RobustChoice, robust_choice
    from pushpull.analysis.pairing import Pair, Paired, paired, stream
    from pushpull.analysis.pareto_front import Front, pareto
    from pushpull.analysis.players import Player
    from pushpull.analysis.quantile_ranges import QUANTILES, Ranges
    from pushpull.analysis.sobol import Sensitivity, sensitivity
    from pushpull.analysis.store import StoreFault, finished_members, save_ensemble
    from pushpull.analysis.targets import Chance, Target

__all__ = [
    "QUANTILES",
    "Attribution",
    "Ranges",
    "RobustChoice",
    "Chance",
    "ClusterFault",
    "Front",
    "Line",
    "Members",
    "Pair",
    "Paired",
    "Player",
    "Sensitivity",
    "Shares",
    "Sought",
    "Stopped",
    "StoreFault",
    "Target",
    "attribute",
    "finished_members",
    "gather",
    "paired",
    "pareto",
    "robust_choice",
    "save_ensemble",
    "seek",
    "sensitivity",
    "stream",
]

# Each is fetched when it is first asked for, so that a command that needs one does not wait for the rest.
_HOMES = {
    "attribution": ("Attribution", "Shares", "attribute"),
    "quantile_ranges": ("QUANTILES", "Ranges"),
    "engine_calls": ("Line", "Stopped"),
    "blocks": ("ClusterFault", "gather"),
    "members": ("Members",),
    "pairing": ("Pair", "Paired", "paired", "stream"),
    "players": ("Player",),
    "package_choice": ("RobustChoice", "robust_choice"),
    "goal_seek": ("Sought", "seek"),
    "pareto_front": ("Front", "pareto"),
    "sobol": ("Sensitivity", "sensitivity"),
    "store": ("StoreFault", "finished_members", "save_ensemble"),
    "targets": ("Chance", "Target"),
}

__getattr__, __dir__ = fetched_on_first_use(__name__, _HOMES)
