"""Whether a stored fit is still one of today's model, corridor and plan."""

from __future__ import annotations

from pushpull.calibration.plan import Plan
from pushpull.posterior import Posterior
from pushpull.scenario.fitted_numbers import parts


def is_current(plan: Plan, posterior: Posterior) -> bool:
    """Whether a posterior belongs to a plan as it stands.

    Bytes that differ without a difference in any number, such as a note in corridor.yaml, do not make a fit old; the
    published effects that a fit respects must be the same.
    """
    if posterior.digest == plan.digest:
        return True
    then = posterior.provenance.get("made_from")
    return then is not None and dict(then) == made_from(plan)


def made_from(plan: Plan) -> dict[str, str]:
    """A short hash of each thing that a fit by this plan is made from."""
    return {**parts(plan.scenario.corridor, plan.scenario.catalogue), "effects": plan.effects_digest}
