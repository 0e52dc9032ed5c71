"""The journey: in transit, at the border, stopped, trying again, arriving, dying."""

from pushpull.engine.language.declare import auxiliary, flow, population, rival, route, stock
from pushpull.engine.language.words import by_population, divide, total


@flow("person/year", over=(population, route))
def reaching_border(people_in_transit, journey_time):
    """People who come to the border for the first time."""
    return people_in_transit / journey_time


@stock(
    "person",
    over=(population, route),
    initial="initial_attempts * initial_route_share * journey_time * first_attempt_share * population_mix",
    balanced=True,
)
def people_in_transit(departures, reaching_border):
    """People on the way, on their first attempt."""
    return departures - reaching_border


@flow("person/year", over=(population, route))
def trying_again(people_retrying, retry_time):
    """People who come to the border again."""
    return people_retrying / retry_time


@stock(
    "person",
    over=(population, route),
    initial="initial_attempts * initial_route_share * retry_time * (1 - first_attempt_share) * population_mix",
    balanced=True,
)
def people_retrying(stopped_and_retrying, trying_again):
    """People stopped before who prepare another attempt."""
    return stopped_and_retrying - trying_again


@stock(
    "person",
    over=(population, route),
    initial="initial_attempts * initial_route_share * crossing_time * population_mix",
    balanced=True,
)
def people_at_border(
    reaching_border,
    trying_again,
    free_arrivals,
    arrivals_into_exploitation,
    deaths_on_route,
    stopped_and_retrying,
    sent_home,
    waiting_in_vain,
    claims_when_stopped,
):
    """People waiting for a chance to cross."""
    return (
        reaching_border
        + trying_again
        - free_arrivals
        - arrivals_into_exploitation
        - deaths_on_route
        - stopped_and_retrying
        - sent_home
        - waiting_in_vain
        - claims_when_stopped
    )


@auxiliary("person/year", over=(population, route))
def crossings_sought(people_at_border, crossing_time):
    """Attempts people would make a year if all found a passage."""
    return people_at_border / crossing_time


@auxiliary("person/year", over=(population, route))
def crossing_attempts(crossings_sought, passage_availability):
    """Attempts to cross a year: nobody crosses without finding a passage."""
    return crossings_sought * passage_availability


@flow("person/year", over=(population, route))
def waiting_in_vain(people_at_border, passage_availability, waiting_patience):
    """People who find no passage and turn back."""
    return people_at_border * (1 - passage_availability) / waiting_patience


@auxiliary("1")
def rescue_coverage(base_rescue_coverage, rescue_training_gain, trained_share):
    """Share of people in distress whom somebody reaches: officials trained in humane treatment reach more."""
    return base_rescue_coverage + rescue_training_gain * trained_share


@rival("unsafe_methods", "1", setting="rescue_effect", formula="no_pull_rodriguezsanchez2023")
def methods_without_rescue_effect(evasion_danger, evasion_capability_mean):
    """Danger added by smugglers' methods. Source: rodriguezsanchez2023: rescue does not change them."""
    return 1 + evasion_danger * evasion_capability_mean


@rival("unsafe_methods", "1", setting="rescue_effect", formula="pull_deiana2021")
def methods_with_rescue_effect(evasion_danger, evasion_capability_mean, rescue_coverage, unsafe_shift):
    """Danger added by smugglers' methods, which grow less safe where rescue is near. Source: deiana2021."""
    return (1 + evasion_danger * evasion_capability_mean) * (1 + unsafe_shift * rescue_coverage)


@auxiliary("1")
def evasion_capability_mean(evasion_capability, route_share):
    """Evasion over the routes taken."""
    return total(evasion_capability * route_share, over=route)


@auxiliary("1", over=route)
def danger(
    base_death_risk,
    danger_level,
    remoteness,
    initial_remoteness,
    remote_danger,
    unsafe_methods,
    rescue_coverage,
    rescue_effectiveness,
):
    """Odds to die on an attempt: remote ground, unsafe methods, and nobody near. Source: gao2006."""
    return (
        base_death_risk
        * danger_level
        * (1 + remote_danger * remoteness**2)
        / (1 + remote_danger * initial_remoteness**2)
        * unsafe_methods
        * (1 - rescue_effectiveness * rescue_coverage)
    )


@auxiliary("1", over=route)
def death_probability(danger):
    """Chance to die on an attempt, never more than certain."""
    return danger / (1 + danger)


@auxiliary("person/year", over=(population, route))
def survived_attempts(crossing_attempts, death_probability):
    """Attempts that do not end in death."""
    return crossing_attempts * (1 - death_probability)


@flow("person/year", over=(population, route))
def deaths_on_route(crossing_attempts, death_probability):
    """People who die on the way."""
    return crossing_attempts * death_probability


@auxiliary("person/year", over=(population, route))
def irregular_arrivals(survived_attempts, interdiction_probability):
    """People who get through without papers."""
    return survived_attempts * (1 - interdiction_probability)


@auxiliary("person/year", over=(population, route))
def interdictions(survived_attempts, interdiction_probability):
    """People stopped; one person may be stopped several times."""
    return survived_attempts * interdiction_probability


@auxiliary("1", over=population)
def claim_share(asylum_access, identification_quality):
    """Share of those stopped who are let into an asylum procedure. Source: hatton2015 for access as a lever."""
    return by_population(labour=0, protection=asylum_access * identification_quality)


@auxiliary("1", over=population)
def retry_share(retry_share_after_stop, return_deterrence):
    """Share of those sent back over the border who try again."""
    return retry_share_after_stop * return_deterrence


@flow("person/year", over=(population, route))
def claims_when_stopped(interdictions, claim_share):
    """People stopped at the border who enter an asylum procedure."""
    return interdictions * claim_share


@flow("person/year", over=(population, route))
def stopped_and_retrying(interdictions, claim_share, retry_share):
    """People stopped who will try again."""
    return interdictions * (1 - claim_share) * retry_share


@flow("person/year", over=(population, route))
def sent_home(interdictions, claim_share, retry_share):
    """People stopped who go back for now."""
    return interdictions * (1 - claim_share) * (1 - retry_share)


@auxiliary("person/year")
def deaths_in_transit(deaths_on_route):
    """People who die on the way a year."""
    return total(total(deaths_on_route, over=population), over=route)


@auxiliary("1")
def deaths_per_crossing(deaths_in_transit, traffic):
    """Deaths per crossing attempt."""
    return divide(deaths_in_transit, total(traffic, over=route))


@stock("person", initial="0")
def cumulative_deaths(deaths_on_route):
    """People who have died on the way since the start of the run."""
    return total(total(deaths_on_route, over=population), over=route)


@auxiliary("person/year")
def irregular_entries(irregular_arrivals):
    """People who get across the border without papers a year."""
    return total(total(irregular_arrivals, over=population), over=route)
