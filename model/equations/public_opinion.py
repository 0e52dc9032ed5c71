"""Public opinion: slow attitudes, fast salience, and the concern that reaches politics."""

from pushpull.engine.language.declare import auxiliary, flow, stock
from pushpull.engine.language.words import divide


@auxiliary("1")
def visible_disorder(
    irregular_entries,
    apprehensions_recorded,
    reference_entries,
    asylum_cases_pending,
    reference_asylum_cases,
    entries_in_view,
    arrests_in_view,
    queues_in_view,
):
    """Disorder as the public sees it: entries, arrests in the news, queues. Assumption: weights of the parts."""
    return (
        entries_in_view * irregular_entries / reference_entries
        + arrests_in_view * apprehensions_recorded / reference_entries
        + queues_in_view * asylum_cases_pending / reference_asylum_cases
    )


@flow("1/year")
def salience_change(visible_disorder, disorder_half, political_leadership, leadership_calm, salience, salience_time):
    """Attention follows events and fades. Source: dennison2019."""
    return (
        visible_disorder / (visible_disorder + disorder_half) * (1 - leadership_calm * political_leadership) - salience
    ) / salience_time


@stock("1", initial="initial_salience")
def salience(salience_change):
    """How much migration is on people's minds, from 0 to 1."""
    return salience_change


@flow("1/year")
def attitude_change(
    base_hostility,
    control_effect,
    legal_admissions,
    irregular_entries,
    integration_calm,
    integration_support,
    political_leadership,
    leadership_trust,
    attitude,
    attitude_time,
):
    """Attitudes move over a generation: order and integration soften them. Source: harell2017 for perceived control."""
    return (
        base_hostility
        * (1 - control_effect * divide(legal_admissions, legal_admissions + irregular_entries))
        * (1 - integration_calm * integration_support)
        * (1 - leadership_trust * political_leadership)
        - attitude
    ) / attitude_time


@stock("1", initial="initial_attitude")
def attitude(attitude_change):
    """Hostility to immigration, from 0 to 1; it changes slowly. Source: dennison2019."""
    return attitude_change


@auxiliary("1")
def public_concern(salience, attitude):
    """Concern that weighs on political decisions: hostility combined with attention, from 0 to 1."""
    return (salience * attitude) ** 0.5
