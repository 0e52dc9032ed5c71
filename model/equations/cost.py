"""What it costs the public purse, in real dollars, by policy."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, route, stock
from pushpull.engine.language.words import total


@auxiliary("USD/year")
def border_cost(
    border_capacity,
    cost_per_agent,
    detection_technology,
    technology_cost,
    initial_patrol_agents,
    stops_refused,
    border_consequences,
    cost_per_sanction,
    document_security,
    document_budget,
):
    """Patrols, technology, sanctions and checks of documents.
    Source: howmuch_border_patrol and cbp_staffing for the cost of an agent."""
    return (
        total(border_capacity, over=route) * cost_per_agent
        + detection_technology * technology_cost * total(initial_patrol_agents, over=route)
        + stops_refused * border_consequences * cost_per_sanction
        + document_security * document_budget
    )


@auxiliary("USD/year")
def justice_cost(
    smuggling_investigation,
    cost_per_investigator,
    verdicts,
    cost_per_trial,
    smugglers_in_custody,
    cost_per_prisoner,
    officials_trained,
    cost_per_training,
):
    """Investigators, courts, prisons and training. Assumption: unit costs."""
    return (
        smuggling_investigation * cost_per_investigator
        + verdicts * cost_per_trial
        + smugglers_in_custody * cost_per_prisoner
        + officials_trained * cost_per_training
    )


@auxiliary("USD/year")
def return_cost(
    enforced_returns,
    border_removals,
    cost_per_enforced_return,
    assisted_returns,
    assisted_cost_ratio,
    return_publicity,
    publicity_cost,
    potential_labour_migrants,
    exceptional_case_screening,
    return_cases_pending,
    screening_cost,
    detention_capacity,
    detention_places,
    cost_per_detention_place,
):
    """Deportation, detention, assisted return, publicity, screening.
    Source: ice_removal_cost2016; eprs2021 for the ratio."""
    return (
        (total(total(enforced_returns, over=population), over=origin) + border_removals) * cost_per_enforced_return
        + total(total(assisted_returns, over=population), over=origin) * cost_per_enforced_return * assisted_cost_ratio
        + return_publicity * publicity_cost * total(potential_labour_migrants, over=origin)
        + exceptional_case_screening * screening_cost * total(total(return_cases_pending, over=population), over=origin)
        + detention_capacity * detention_places * cost_per_detention_place
    )


@auxiliary("USD/year")
def protection_cost(
    asylum_cases_pending,
    claims_pending_courts,
    port_places,
    cost_per_appointment,
    rescue_capacity,
    initial_route_share,
    rescue_budget,
    cost_per_asylum_case,
    resettlement,
    cost_per_resettlement,
    identified_victims,
    cost_per_victim,
    victim_protection,
):
    """Asylum, appointments at ports, resettlement, rescue, care for victims. Assumption: unit costs, and
    rescue posts as large as the traffic on a route was at the start."""
    return (
        (asylum_cases_pending + claims_pending_courts) * cost_per_asylum_case
        + port_places * cost_per_appointment
        + total(rescue_capacity * initial_route_share, over=route) * rescue_budget
        + total(resettlement, over=origin) * cost_per_resettlement
        + total(identified_victims, over=origin) * cost_per_victim * victim_protection
    )


@auxiliary("USD/year")
def prevention_cost(
    jobs_started,
    cost_per_job,
    conflict_prevention,
    governance_support,
    environmental_adaptation,
    programme_cost_per_head,
    people_at_origin,
    programme_coverage,
    information_campaigns,
    campaign_cost,
    potential_labour_migrants,
):
    """Programmes at origin and campaigns. Assumption: unit costs."""
    return (
        total(jobs_started, over=origin) * cost_per_job
        + (conflict_prevention + governance_support + environmental_adaptation)
        * programme_cost_per_head
        * total(programme_coverage * people_at_origin, over=origin)
        + information_campaigns * campaign_cost * total(programme_coverage * potential_labour_migrants, over=origin)
    )


@auxiliary("USD/year")
def integration_cost(
    regularised,
    cost_per_regularisation,
    integration_support,
    cost_of_integration,
    permanent_workers,
    recognised_refugees,
    residents_without_status,
    matched_admissions,
    cost_per_slot,
    employer_sanctions,
    inspection_cost,
):
    """Language, advice, recognition of skills; giving a status; issuing permits; inspections at work.
    Assumption: unit costs."""
    return (
        regularised * cost_per_regularisation
        + integration_support
        * cost_of_integration
        * total(permanent_workers + recognised_refugees + total(residents_without_status, over=population), over=origin)
        + total(matched_admissions, over=origin) * cost_per_slot
        + employer_sanctions * inspection_cost
    )


@auxiliary("USD/year")
def enabling_cost(
    international_cooperation,
    data_harmonisation,
    political_leadership,
    penalty_harmonisation,
    enabling_budget,
    stopped_by_agreement,
    cost_per_transit_stop,
):
    """Liaison officers, statistics, public information, legislation, agreements with transit states.
    Assumption: one budget at full effort, and so much for each person stopped in transit."""
    return (
        international_cooperation + data_harmonisation + political_leadership + penalty_harmonisation
    ) * enabling_budget + total(total(stopped_by_agreement, over=population), over=origin) * cost_per_transit_stop


@flow("USD/year")
def public_cost(
    border_cost, justice_cost, return_cost, protection_cost, prevention_cost, integration_cost, enabling_cost
):
    """Public money spent a year on all levers together."""
    return (
        border_cost + justice_cost + return_cost + protection_cost + prevention_cost + integration_cost + enabling_cost
    )


@stock("USD", initial="0")
def cumulative_public_cost(public_cost):
    """Public money spent since the start of the run."""
    return public_cost
