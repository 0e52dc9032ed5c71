"""Root causes at origin: incomes, conflict, political climate, environment, and programmes that act on them."""

from pushpull.engine.language.declare import auxiliary, flow, origin, stock


@flow("USD/person/year/year", over=origin)
def origin_income_growth(origin_income, origin_growth):
    """Yearly change of income per head at origin. Source: wdi."""
    return origin_income * origin_growth


@stock("USD/person/year", over=origin, initial="initial_origin_income")
def origin_income(origin_income_growth):
    """Income per head at origin before remittances and programmes, purchasing-power adjusted. Source: wdi."""
    return origin_income_growth


@flow("USD/person/year/year")
def destination_income_growth(destination_income, destination_growth):
    """Yearly change of income per head at destination. Source: wdi."""
    return destination_income * destination_growth


@stock("USD/person/year", initial="initial_destination_income")
def destination_income(destination_income_growth):
    """Income per head at destination, purchasing-power adjusted. Source: wdi."""
    return destination_income_growth


@auxiliary("1")
def earnings_growth(destination_income, initial_destination_income):
    """Earnings at destination against those at the start of the record."""
    return destination_income / initial_destination_income


@auxiliary("1")
def programme_yield(data_in_use, data_gain_for_programmes):
    """How much more preventive spending achieves when common data show where the causes lie.
    Assumption: linear in data."""
    return 1 + data_gain_for_programmes * data_in_use


@flow("1/year")
def conflict_prevention_build_up(
    conflict_prevention, conflict_prevention_in_place, conflict_prevention_time, programme_yield
):
    """Mediation and policing programmes take years to be in place. Assumption: first-order delay."""
    return (conflict_prevention * programme_yield - conflict_prevention_in_place) / conflict_prevention_time


@stock("1", initial="conflict_prevention")
def conflict_prevention_in_place(conflict_prevention_build_up):
    """Conflict prevention that works on the ground, beyond what the record already contains."""
    return conflict_prevention_build_up


@flow("1/year")
def governance_build_up(governance_support, governance_in_place, governance_time, programme_yield):
    """Institutions change slowly. Assumption: first-order delay."""
    return (governance_support * programme_yield - governance_in_place) / governance_time


@stock("1", initial="governance_support")
def governance_in_place(governance_build_up):
    """Governance support that has taken hold, beyond what the record already contains."""
    return governance_build_up


@flow("1/year")
def adaptation_build_up(environmental_adaptation, adaptation_in_place, adaptation_time, programme_yield):
    """Water, soil and housing works take years. Assumption: first-order delay."""
    return (environmental_adaptation * programme_yield - adaptation_in_place) / adaptation_time


@stock("1", initial="environmental_adaptation")
def adaptation_in_place(adaptation_build_up):
    """Adaptation that protects livelihoods, beyond what the record already contains."""
    return adaptation_build_up


@flow("1/year", over=origin)
def conflict_felt_change(
    conflict_intensity,
    conflict_prevention_in_place,
    conflict_prevention_strength,
    programme_coverage,
    reference_conflict_intensity,
    felt_conflict,
    conflict_felt_time,
):
    """People respond to violence within months. Source: weber2016; Assumption: programmes divide the violence."""
    return (
        conflict_intensity
        / reference_conflict_intensity
        / (1 + conflict_prevention_strength * programme_coverage * conflict_prevention_in_place)
        - felt_conflict
    ) / conflict_felt_time


@stock("1", over=origin, initial="conflict_intensity / reference_conflict_intensity")
def felt_conflict(conflict_felt_change):
    """Violence as people live with it, relative to the reference year."""
    return conflict_felt_change


@flow("1/year", over=origin)
def repression_felt_change(
    political_climate,
    governance_in_place,
    governance_strength,
    programme_coverage,
    felt_repression,
    repression_felt_time,
):
    """A repressive climate is felt after about a year. Assumption: governance support offsets a fixed amount."""
    return (
        political_climate - governance_strength * programme_coverage * governance_in_place - felt_repression
    ) / repression_felt_time


@stock("1", over=origin, initial="political_climate", signed=True)
def felt_repression(repression_felt_change):
    """Political and social climate as felt, in standard deviations from the world's mean; higher is more repressive."""
    return repression_felt_change


@flow("1/year", over=origin)
def environmental_stress_felt_change(
    environmental_stress,
    adaptation_in_place,
    adaptation_strength,
    programme_coverage,
    reference_environmental_stress,
    felt_environmental_stress,
    environment_felt_time,
):
    """Failing harvests and floods wear livelihoods down over seasons. Assumption: first-order delay."""
    return (
        environmental_stress
        / reference_environmental_stress
        / (1 + adaptation_strength * programme_coverage * adaptation_in_place)
        - felt_environmental_stress
    ) / environment_felt_time


@stock("1", over=origin, initial="environmental_stress / reference_environmental_stress")
def felt_environmental_stress(environmental_stress_felt_change):
    """Environmental stress on livelihoods, relative to the reference year."""
    return environmental_stress_felt_change


@auxiliary("1", over=origin)
def livelihood_lost_to_environment(felt_environmental_stress, environmental_damage):
    """Share of income at origin lost to a degraded environment; it rises faster and faster at first.
    Source: missirian2017."""
    return (
        environmental_damage * felt_environmental_stress**2 / (1 + environmental_damage * felt_environmental_stress**2)
    )


@auxiliary("job", over=origin)
def origin_labour_force(people_at_origin, origin_labour_participation):
    """Jobs that the people at home need."""
    return people_at_origin * origin_labour_participation


@flow("job/year", over=origin)
def jobs_started(origin_job_creation, origin_labour_force, programme_coverage, programme_yield):
    """Supported jobs on which work begins."""
    return origin_job_creation * origin_labour_force * programme_coverage * programme_yield


@flow("job/year", over=origin)
def jobs_opened(jobs_in_preparation, job_preparation_time):
    """Supported jobs that begin to provide a living income."""
    return jobs_in_preparation / job_preparation_time


@stock("job", over=origin, initial="0")
def jobs_in_preparation(jobs_started, jobs_opened):
    """Jobs being prepared: training, sites, credit; they pay stipends already."""
    return jobs_started - jobs_opened


@flow("job/year", over=origin)
def jobs_lost(supported_livelihoods, job_lifetime):
    """Supported jobs that end."""
    return supported_livelihoods / job_lifetime


@stock("job", over=origin, initial="0")
def supported_livelihoods(jobs_opened, jobs_lost):
    """Livelihoods at origin that exist because a programme made them."""
    return jobs_opened - jobs_lost


@auxiliary("1", over=origin)
def livelihood_support_share(supported_livelihoods, origin_labour_force):
    """Supported livelihoods as a share of the jobs people need."""
    return supported_livelihoods / origin_labour_force


@auxiliary("1", over=origin)
def programme_pay(supported_livelihoods, jobs_in_preparation, stipend_share, origin_labour_force):
    """Programme wages and stipends as a share of jobs; they reach families before anyone's prospects look different."""
    return (supported_livelihoods + stipend_share * jobs_in_preparation) / origin_labour_force


@flow("1/year", over=origin)
def prospects_change(livelihood_support_share, perceived_prospects, prospects_time):
    """Belief in a future at home follows what people have seen for years. Assumption: first-order delay."""
    return (livelihood_support_share - perceived_prospects) / prospects_time


@stock("1", over=origin, initial="0")
def perceived_prospects(prospects_change):
    """Share of families who believe that a livelihood at home will last."""
    return prospects_change


@auxiliary("USD/year", over=origin)
def remittances(diaspora, remittance_per_person):
    """Money sent home by migrants of any status.
    Source: wdi for the order of magnitude; Assumption: constant per head."""
    return diaspora * remittance_per_person


@auxiliary("USD/person/year", over=origin)
def remittance_income(remittances, people_at_origin, purchasing_power):
    """Remittances per head at origin, in the purchasing power of the place."""
    return remittances * purchasing_power / people_at_origin


@auxiliary("USD/person/year", over=origin)
def household_income(origin_income, remittance_income, programme_pay, job_income_gain, livelihood_lost_to_environment):
    """What a family at origin lives on, per head. Assumption: the parts multiply."""
    return (origin_income * (1 + job_income_gain * programme_pay) + remittance_income) * (
        1 - livelihood_lost_to_environment
    )


@auxiliary("1", over=origin)
def income_gap(destination_income, household_income):
    """How many times more a person earns at destination."""
    return destination_income / household_income


@auxiliary("1", over=origin)
def viable_livelihood_share(household_income, subsistence_income, felt_conflict, conflict_disruption):
    """Share of jobs at origin a family can live on. Assumption: half at the subsistence income, less under violence."""
    return household_income / (household_income + subsistence_income) / (1 + conflict_disruption * felt_conflict)


@auxiliary("job", over=origin)
def origin_livelihoods(origin_labour_force, programme_coverage, viable_livelihood_share, supported_livelihoods):
    """Livelihoods that give people a viable option to stay, at origins where programmes work."""
    return origin_labour_force * programme_coverage * viable_livelihood_share + supported_livelihoods * (
        1 - viable_livelihood_share
    )
