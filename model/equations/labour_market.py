"""Unfilled labour demand where local workers are not found, and who fills it."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, stock
from pushpull.engine.language.words import total


@flow("per_1000/year/year")
def building_felt_change(building_activity, felt_building_activity, building_time):
    """A home begun takes workers over the months it is built. Assumption: first-order delay."""
    return (building_activity - felt_building_activity) / building_time


@stock("per_1000/year", initial="building_activity")
def felt_building_activity(building_felt_change):
    """Homes under way, as homes begun a year for each 1,000 people of the labour force."""
    return building_felt_change


@flow("job/year")
def vacancies_opened(
    reference_openings,
    labour_demand,
    reference_labour_demand,
    felt_building_activity,
    reference_building_activity,
    building_share,
    demand_elasticity,
):
    """Jobs that fall vacant in sectors that rely on migrants: building, which follows homes begun, and farms and
    services, which follow vacancies in general. Both are levels, so no growth of the economy, however lasting, adds to
    them by itself. Assumption: the two add up."""
    return (
        reference_openings
        * (
            building_share * felt_building_activity / reference_building_activity
            + (1 - building_share) * labour_demand / reference_labour_demand
        )
        ** demand_elasticity
    )


@flow("job/year")
def vacancies_reopened(voluntary_returns, effective_returns, informal_job_availability, jobs_per_migrant):
    """Jobs that fall vacant because a migrant worker left; a seasonal job ends with the season."""
    return (
        (total(total(voluntary_returns, over=population), over=origin) + effective_returns)
        * informal_job_availability
        * jobs_per_migrant
    )


@flow("job/year")
def vacancies_filled_locally(
    vacancies, local_fill_rate, destination_unemployment, reference_unemployment, unemployment_sensitivity
):
    """Vacancies taken by local workers, more so when many look for work.
    Source: chassamboulli2015 for the structure."""
    return vacancies * local_fill_rate * (destination_unemployment / reference_unemployment) ** unemployment_sensitivity


@flow("job/year")
def vacancies_filled_legally(matched_admissions, jobs_per_migrant, legal_hiring):
    """Vacancies filled through matched work permits; where none is left, those admitted find no job."""
    return total(matched_admissions, over=origin) * jobs_per_migrant * legal_hiring


@flow("job/year")
def vacancies_filled_irregularly(irregular_entries, informal_job_availability, jobs_per_migrant):
    """Vacancies filled by people without a permit to work."""
    return irregular_entries * informal_job_availability * jobs_per_migrant


@flow("1/year")
def resident_work_change(informal_job_availability, resident_work, resident_work_time):
    """Those present lose work, or find it again, within months. Assumption: first-order delay."""
    return (informal_job_availability - resident_work) / resident_work_time


@stock("1", initial="initial_vacancies / (initial_vacancies + informal_half)")
def resident_work(resident_work_change):
    """Chance of work without a permit as those present have come to live with it."""
    return resident_work_change


@auxiliary("1/year")
def resident_work_found(resident_work_change, usual_work_turnover):
    """Work that those present find in a year, for each whose work comes and goes: little in a slump, the usual turnover
    when the chance of work stands still, all that returns in a recovery.
    Assumption: a smooth bend, never below zero."""
    return resident_work_change / 2 + ((resident_work_change / 2) ** 2 + usual_work_turnover**2) ** 0.5


@flow("job/year")
def vacancies_filled_by_residents(
    resident_work_found, informal_job_availability, residents_without_status, loose_work_share, jobs_per_migrant
):
    """Vacancies taken by people without a permit who are there already, as far as there are any: when work returns,
    they are nearest to it. Assumption: a job lost in a slump is no vacancy."""
    return (
        resident_work_found
        * informal_job_availability
        * total(total(residents_without_status, over=population), over=origin)
        * loose_work_share
        * jobs_per_migrant
    )


@flow("job/year")
def vacancies_withdrawn(vacancies, employer_patience):
    """Vacancies that employers give up: work is not done, or machines do it."""
    return vacancies / employer_patience


@stock("job", initial="initial_vacancies")
def vacancies(
    vacancies_opened,
    vacancies_reopened,
    vacancies_filled_locally,
    vacancies_filled_legally,
    vacancies_filled_irregularly,
    vacancies_filled_by_residents,
    vacancies_withdrawn,
):
    """Jobs for which nobody has been found."""
    return (
        vacancies_opened
        + vacancies_reopened
        - vacancies_filled_locally
        - vacancies_filled_legally
        - vacancies_filled_irregularly
        - vacancies_filled_by_residents
        - vacancies_withdrawn
    )


@auxiliary("1")
def employer_compliance(
    employer_sanctions, inspection_half, compliance_ceiling, compliance_without_legal_workers, legal_odds
):
    """Share of employers who hire nobody without a permit: inspections work where legal workers are available.
    Source: orrenius2020 for the ceiling; Assumption: complementary to work permits, after auriol2016."""
    return (
        compliance_ceiling
        * employer_sanctions
        / (employer_sanctions + inspection_half)
        * (compliance_without_legal_workers + (1 - compliance_without_legal_workers) * legal_odds)
    )


@auxiliary("1")
def informal_job_availability(vacancies, informal_half, employer_compliance):
    """Chance that a person without a permit finds work."""
    return vacancies / (vacancies + informal_half) * (1 - employer_compliance)


@auxiliary("job")
def unfilled_vacancies(vacancies):
    """Unfilled labour demand in sectors that rely on migrants."""
    return 1 * vacancies
