"""How politics answers: concern that rises tightens the border and access to asylum, where that formula is chosen."""

from pushpull.engine.language.declare import flow, rival, route, stock
from pushpull.engine.language.words import maximum


@rival("concern_heeded", "1", setting="policy_reaction", formula="none")
def concern_heeded_not_at_all(usual_concern):
    """Concern that politics heeds: none beyond what it is used to, so that levers stay as they are set.
    Assumption: politics does not react."""
    return usual_concern


@rival("concern_heeded", "1", setting="policy_reaction", formula="concern")
def concern_heeded_in_full(public_concern):
    """Concern that politics heeds: that of the public, zero to one. Source: jepp_thermostat2022 for the sign."""
    return public_concern


@flow("1/year")
def usual_concern_change(concern_heeded, usual_concern, policy_reaction_active, usual_concern_time):
    """Politics is used to the concern of the last months before policy start; from then on that stays its measure.
    Assumption: a short mean, first-order."""
    return (1 - policy_reaction_active) * (concern_heeded - usual_concern) / usual_concern_time


@stock("1", initial="(initial_salience * initial_attitude) ** 0.5")
def usual_concern(usual_concern_change):
    """Concern that politics is used to at policy start, zero to one: what lies above it is a rise."""
    return usual_concern_change


@flow("1/year")
def political_pressure_change(policy_reaction_active, concern_heeded, usual_concern, political_pressure, reaction_time):
    """Pressure on politics follows a rise in concern, and fades with it. Assumption: first-order, as fast both ways;
    concern below the usual loosens nothing, and before policy start policy is what the record says."""
    return (policy_reaction_active * maximum(concern_heeded - usual_concern, 0) - political_pressure) / reaction_time


@stock("1", initial="0")
def political_pressure(political_pressure_change):
    """The rise in concern that politics is answering, zero to one."""
    return political_pressure_change


@rival("border_control_ordered", "1", over=route, setting="policy_reaction", formula="none")
def border_control_as_set(border_control):
    """Patrol staff ordered at a gateway as a multiple of today's: the lever, as it is set.
    Assumption: politics does not react."""
    return border_control


@rival("border_control_ordered", "1", over=route, setting="policy_reaction", formula="concern")
def border_control_under_pressure(border_control, control_reaction, political_pressure):
    """Patrol staff ordered at a gateway as a multiple of today's: the lever, and what concern adds to it.
    Assumption: in proportion to the pressure, so that it never comes to more than one plus the whole reaction.
    Source: jepp_thermostat2022 for the sign."""
    return border_control * (1 + control_reaction * political_pressure)


@rival("asylum_access_granted", "1", setting="policy_reaction", formula="none")
def asylum_access_as_set(asylum_access):
    """Share of people asking for protection who are let into a procedure: the lever, as it is set.
    Assumption: politics does not react."""
    return asylum_access


@rival("asylum_access_granted", "1", setting="policy_reaction", formula="concern")
def asylum_access_under_pressure(asylum_access, access_reaction, political_pressure):
    """Share of people asking for protection who are let into a procedure: the lever, less what concern takes from it.
    Assumption: the lever is divided, so that it never comes to more than the lever or to less than zero.
    Source: jepp_thermostat2022 for the sign."""
    return asylum_access / (1 + access_reaction * political_pressure)
