"""Fitting a corridor to its record: plan, simulation, sampling, posterior, and how well it fits."""

from .fitting import fit
from .plan import Plan, read_plan
from .posterior import Posterior, posterior_of
from .scoring import SeriesFit, score_history

__all__ = ["Plan", "Posterior", "SeriesFit", "fit", "posterior_of", "read_plan", "score_history"]
