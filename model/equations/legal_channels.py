"""Legal work: permits, how well they match demand, waiting, seasonal and permanent workers."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, stock
from pushpull.engine.language.words import divide, maximum, pick, soft_minimum, total


@auxiliary("1")
def slots_kept(public_concern, concern_tolerance):
    """Share of work permits that politicians keep when the public is worried. Assumption: a soft threshold."""
    return 1 / (1 + (public_concern / concern_tolerance) ** 6)


@auxiliary("person/year")
def open_slots(legal_labour_slots, slots_kept):
    """Work permits on offer a year."""
    return legal_labour_slots * slots_kept


@auxiliary("person/year")
def matched_slots(open_slots, slot_demand_match):
    """Permits for the places, trades and seasons where employers look for people."""
    return open_slots * slot_demand_match


@auxiliary("1")
def legal_hiring(vacancies, vacancies_for_hiring):
    """How readily employers use work permits: nobody hires through one where no vacancy is."""
    return maximum(vacancies, 0) / (maximum(vacancies, 0) + vacancies_for_hiring)


@auxiliary("1")
def legal_odds(matched_slots, legal_hiring, potential_labour_migrants, permit_access, slot_rivalry):
    """Chance of a legal job where permits are open, from 0 to 1: better, the more permits
    there are for each person planning to move."""
    return divide(
        matched_slots * legal_hiring,
        matched_slots * legal_hiring + slot_rivalry * total(permit_access * potential_labour_migrants, over=origin),
    )


@auxiliary("1", over=origin)
def permit_odds(legal_odds, permit_access):
    """Chance of a legal job as people of an origin who plan to move see it."""
    return legal_odds * permit_access


@flow("person/year", over=origin)
def legal_applications(potential_labour_migrants, application_rate, permit_odds):
    """People who apply for a work permit."""
    return potential_labour_migrants * application_rate * permit_odds


@flow("person/year", over=origin)
def applications_withdrawn(legal_applicants_waiting, application_patience):
    """People who stop waiting."""
    return legal_applicants_waiting / application_patience


@auxiliary("person/year", over=origin)
def applications_ready(legal_applicants_waiting, application_time):
    """Applications that could be granted a year if permits were no limit."""
    return legal_applicants_waiting / application_time


@auxiliary("person/year", over=origin)
def matched_admissions(applications_ready, matched_slots, legal_hiring):
    """People admitted to a job that was waiting for them. Assumption: a soft minimum of permits and applications,
    shared by applications."""
    return divide(applications_ready, total(applications_ready, over=origin)) * soft_minimum(
        total(applications_ready, over=origin), matched_slots * legal_hiring
    )


@stock("person", over=origin, initial="initial_legal_applicants * initial_attempt_share")
def legal_applicants_waiting(legal_applications, applications_withdrawn, seasonal_admissions, permanent_admissions):
    """People waiting for a work permit."""
    return legal_applications - applications_withdrawn - seasonal_admissions - permanent_admissions


@flow("person/year", over=origin)
def seasonal_admissions(matched_admissions, seasonal_share):
    """Matched admissions for a season."""
    return matched_admissions * seasonal_share


@flow("person/year", over=origin)
def permanent_admissions(matched_admissions, seasonal_share):
    """Matched admissions for good."""
    return matched_admissions * (1 - seasonal_share)


@flow("person/year", over=origin)
def unmatched_admissions(open_slots, slot_demand_match, unmatched_use, people_at_home, permit_access, unmatched_supply):
    """People admitted on permits where no vacancy waits, who would not have gone irregularly."""
    return divide(permit_access * people_at_home, total(permit_access * people_at_home, over=origin)) * soft_minimum(
        open_slots * (1 - slot_demand_match) * unmatched_use,
        total(permit_access * people_at_home, over=origin) * unmatched_supply,
    )


@auxiliary("person/year", over=origin)
def seasonal_returns(temporary_workers, season_length, overstay_share):
    """Seasonal workers who go home."""
    return temporary_workers / season_length * (1 - overstay_share)


@flow("person/year", over=origin)
def seasonal_workers_home(seasonal_returns, seasonal_circular_share):
    """Seasonal workers who are home to stay for now."""
    return seasonal_returns * (1 - seasonal_circular_share)


@flow("person/year", over=origin)
def seasonal_workers_planning_again(seasonal_returns, seasonal_circular_share):
    """Seasonal workers who plan to come again."""
    return seasonal_returns * seasonal_circular_share


@flow("person/year", over=origin)
def overstays(temporary_workers, season_length, overstay_share):
    """Seasonal workers who overstay."""
    return temporary_workers / season_length * overstay_share


@stock("person", over=origin, initial="initial_temporary_workers * initial_resident_share")
def temporary_workers(seasonal_admissions, seasonal_workers_home, seasonal_workers_planning_again, overstays):
    """People working on a seasonal or temporary permit."""
    return seasonal_admissions - seasonal_workers_home - seasonal_workers_planning_again - overstays


@flow("person/year", over=origin)
def other_permits_ended(other_permit_holders, season_length):
    """People who go home when a permit outside the sectors that rely on migrants ends."""
    return other_permit_holders / season_length


@stock("person", over=origin, initial="initial_other_permit_holders * initial_resident_share")
def other_permit_holders(unmatched_admissions, other_permits_ended):
    """People on a permit outside the sectors that rely on migrants."""
    return unmatched_admissions - other_permits_ended


@flow("person/year", over=origin)
def permanent_returns(permanent_workers, settled_return_rate):
    """Settled workers who move back."""
    return permanent_workers * settled_return_rate


@stock("person", over=origin, initial="initial_permanent_workers * initial_resident_share")
def permanent_workers(
    permanent_admissions,
    status_gained,
    settled_status_gained,
    overstayers_settled,
    exceptional_cases,
    victims_settled,
    refugees_settled,
    permanent_returns,
):
    """People with a lasting right to stay and work."""
    return (
        permanent_admissions
        + total(status_gained, over=population)
        + total(settled_status_gained, over=population)
        + overstayers_settled
        + pick(exceptional_cases, population="labour")
        + victims_settled
        + refugees_settled
        - permanent_returns
    )


@auxiliary("person/year")
def legal_admissions(matched_admissions, unmatched_admissions, resettlement):
    """People admitted legally a year: to work, or resettled from need of protection."""
    return total(matched_admissions + unmatched_admissions + resettlement, over=origin)
