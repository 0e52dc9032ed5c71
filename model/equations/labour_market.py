"""Unfilled labour demand where local workers are not found, and who fills it."""

from pushpull.engine.language.declare import auxiliary, flow, population, route, stock
from pushpull.engine.language.words import exp, total


@flow("job/year")
def vacancies_opened(
    reference_openings, labour_demand, reference_labour_demand, destination_growth, reference_growth, growth_sensitivity
):
    """Jobs that fall vacant in sectors that rely on migrants. Assumption: these sectors, building above all, follow
    the growth of the economy as well as its size, after the principle of the accelerator."""
    return (
        reference_openings
        * labour_demand
        / reference_labour_demand
        * exp(growth_sensitivity * (destination_growth - reference_growth))
    )


@flow("job/year")
def vacancies_reopened(voluntary_returns, effective_returns, informal_job_availability, jobs_per_migrant):
    """Jobs that fall vacant because a migrant worker left; a seasonal job ends with the season."""
    return (
        (total(voluntary_returns, over=population) + effective_returns) * informal_job_availability * jobs_per_migrant
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
    """Vacancies filled through matched legal slots; where none is left, the admitted find no job."""
    return matched_admissions * jobs_per_migrant * legal_hiring


@flow("job/year")
def vacancies_filled_irregularly(irregular_arrivals, informal_job_availability, jobs_per_migrant):
    """Vacancies filled by people without papers."""
    return total(total(irregular_arrivals, over=population), over=route) * informal_job_availability * jobs_per_migrant


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
    vacancies_withdrawn,
):
    """Jobs for which nobody has been found."""
    return (
        vacancies_opened
        + vacancies_reopened
        - vacancies_filled_locally
        - vacancies_filled_legally
        - vacancies_filled_irregularly
        - vacancies_withdrawn
    )


@auxiliary("1")
def employer_compliance(
    employer_sanctions, inspection_half, compliance_ceiling, compliance_without_legal_workers, legal_odds
):
    """Share of employers who hire nobody without papers: inspections bite where legal workers can be had.
    Source: orrenius2020 for the ceiling; Assumption: complementary to legal slots, after auriol2016."""
    return (
        compliance_ceiling
        * employer_sanctions
        / (employer_sanctions + inspection_half)
        * (compliance_without_legal_workers + (1 - compliance_without_legal_workers) * legal_odds)
    )


@auxiliary("1")
def informal_job_availability(vacancies, informal_half, employer_compliance):
    """Chance that a person without papers finds work."""
    return vacancies / (vacancies + informal_half) * (1 - employer_compliance)


@auxiliary("job")
def unfilled_vacancies(vacancies):
    """Unfilled labour demand in sectors that rely on migrants."""
    return 1 * vacancies
