"""What it costs the public purse, in real dollars, by policy."""

from pushpull.engine.language.declare import auxiliary, flow, population, route, stock
from pushpull.engine.language.words import total


@auxiliary("USD/year")
def border_cost(border_capacity, cost_per_agent, detection_technology, technology_cost, initial_patrol_agents):
    """Patrols and technology. Source: howmuch_border_patrol and cbp_staffing for the cost of an agent."""
    return total(border_capacity, over=route) * cost_per_agent + detection_technology * technology_cost * total(
        initial_patrol_agents, over=route
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
):
    """Deportation, assisted return, publicity, screening. Source: ice_removal_cost2016; eprs2021 for the ratio."""
    return (
        (total(enforced_returns, over=population) + border_removals) * cost_per_enforced_return
        + total(assisted_returns, over=population) * cost_per_enforced_return * assisted_cost_ratio
        + return_publicity * publicity_cost * potential_labour_migrants
        + exceptional_case_screening * screening_cost * total(return_cases_pending, over=population)
    )


@auxiliary("USD/year")
def protection_cost(
    asylum_cases_pending,
    cost_per_asylum_case,
    resettlement,
    cost_per_resettlement,
    identified_victims,
    cost_per_victim,
    victim_protection,
):
    """Asylum, resettlement, care for victims. Assumption: unit costs."""
    return (
        asylum_cases_pending * cost_per_asylum_case
        + resettlement * cost_per_resettlement
        + identified_victims * cost_per_victim * victim_protection
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
    information_campaigns,
    campaign_cost,
    potential_labour_migrants,
):
    """Programmes at origin and campaigns. Assumption: unit costs."""
    return (
        jobs_started * cost_per_job
        + (conflict_prevention + governance_support + environmental_adaptation)
        * programme_cost_per_head
        * people_at_origin
        + information_campaigns * campaign_cost * potential_labour_migrants
    )


@auxiliary("USD/year")
def integration_cost(
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
    """Language, advice, recognition of skills; issuing slots; inspections at work. Assumption: unit costs."""
    return (
        integration_support
        * cost_of_integration
        * (permanent_workers + recognised_refugees + total(residents_without_status, over=population))
        + matched_admissions * cost_per_slot
        + employer_sanctions * inspection_cost
    )


@auxiliary("USD/year")
def enabling_cost(
    international_cooperation, data_harmonisation, political_leadership, penalty_harmonisation, enabling_budget
):
    """Liaison officers, statistics, public information, legislation. Assumption: one budget at full effort."""
    return (
        international_cooperation + data_harmonisation + political_leadership + penalty_harmonisation
    ) * enabling_budget


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
