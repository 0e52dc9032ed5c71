"""Plots of results with HoloViews: pure functions whose dimensions are those of the cards. `hv.extension("bokeh")`
shows them in a notebook, `hv.extension("matplotlib")` as pictures; `save` writes either.

from pushpull.plotting import line, save

save(line(result, "smuggler_fee", by_route=True), "fee.svg")     # .html by Bokeh; .svg, .pdf, .png by matplotlib
result.plot.line("smuggler_fee")                                 # the same as a method of what is drawn
result.plot.grid()                                               # six outcomes, harm to people first
compare(scenario, policy).plot.grid()                            # scenarios; .difference, .parallel, .scatter
paired(policy, scenario).plot.difference("deaths_in_transit")    # with the range of the difference; .fan
attribute(policy, scenario).plot.shares("deaths_in_transit")     # a waterfall
sensitivity(policy, "deaths_in_transit").plot.bars("deaths_in_transit")
robust_choice(scenario, packages).plot.ranking("deaths_in_transit")                  # rank by attitude, harm marked
response(scenario, "border_control", "legal_labour_slots", "smuggled_migrants")      # 441 runs
spots("many.zarr", "deaths_in_transit", "smuggled_migrants")     # 100,000 simulations, by datashader (extra `large`)
front_page(pareto(scenario, outcomes, levers), "front.html")     # one file: pictures of a Pareto front and its table
what_if(scenario, ["border_control"], ["smuggled_migrants"])                         # sliders in a notebook
what_if_page(scenario, ["border_control"], ["smuggled_migrants"], "what_if.html")    # one file, without a server

Every function takes `language="fr"`. HoloViews where a figure is made once and explored; where a lever moves it on a
page (`what_if_page`, the dashboard), plain Bokeh sources, which are repainted several times as fast.
"""

from typing import TYPE_CHECKING

from pushpull.first_use import fetched_on_first_use

if TYPE_CHECKING:
    from pushpull.plotting.bars import sensitivity_bars, shares
    from pushpull.plotting.fans import difference, fan
    from pushpull.plotting.fit_plots import record_fit
    from pushpull.plotting.front_page import front_page
    from pushpull.plotting.lines import grid, line
    from pushpull.plotting.loop_areas import loops
    from pushpull.plotting.many_outcomes import parallel, scatter
    from pushpull.plotting.plot_files import save
    from pushpull.plotting.rankings import ranking_by_attitude
    from pushpull.plotting.slider_page import what_if_page
    from pushpull.plotting.sliders import what_if
    from pushpull.plotting.spots_of_many import spots
    from pushpull.plotting.surfaces import response

__all__ = [
    "difference",
    "fan",
    "front_page",
    "grid",
    "line",
    "loops",
    "parallel",
    "ranking_by_attitude",
    "record_fit",
    "response",
    "save",
    "scatter",
    "sensitivity_bars",
    "shares",
    "spots",
    "what_if",
    "what_if_page",
]

# Each is fetched when it is first asked for, and HoloViews with it.
_HOMES = {
    "bars": ("sensitivity_bars", "shares"),
    "fans": ("difference", "fan"),
    "fit_plots": ("record_fit",),
    "front_page": ("front_page",),
    "lines": ("grid", "line"),
    "loop_areas": ("loops",),
    "many_outcomes": ("parallel", "scatter"),
    "plot_files": ("save",),
    "rankings": ("ranking_by_attitude",),
    "surfaces": ("response",),
    "sliders": ("what_if",),
    "spots_of_many": ("spots",),
    "slider_page": ("what_if_page",),
}

__getattr__, __dir__ = fetched_on_first_use(__name__, _HOMES)
