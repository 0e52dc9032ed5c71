"""The journey: in transit, at the border, stopped, trying again, arriving, dying."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, rival, route, stock
from pushpull.engine.language.words import by_population, divide, minimum, pick, total

# How near a gateway is to people of an origin, as stated (see `route_nearness`).
NEARNESS = (
    "exp(-minimum(detour_aversion * route_detour"
    " + ((approach_longitude - gateway_longitude) / approach_reach) ** 2, 300))"
)
# Crossing attempts of an origin on a route at the start of the run, as stated (see `initial_route_choice`).
STATED_ATTEMPTS = (
    f"initial_attempts * initial_attempt_share * initial_route_share * {NEARNESS}"
    f" / total(initial_route_share * {NEARNESS}, over=route)"
)


@stock(
    "person",
    over=(origin, population, route),
    initial=f"{STATED_ATTEMPTS} * journey_time * first_attempt_share * population_mix",
    balanced=True,
)
def people_in_transit(departures, setting_out_again, reaching_border, turned_back_in_transit, held_in_transit):
    """People on the way to the border, past transit states."""
    return departures + setting_out_again - reaching_border - turned_back_in_transit - held_in_transit


@flow("person/year", over=(origin, population, route))
def trying_again(people_retrying, retry_time):
    """People who come to the border again."""
    return people_retrying / retry_time


@stock(
    "person",
    over=(origin, population, route),
    initial=f"{STATED_ATTEMPTS} * retry_time * (1 - first_attempt_share) * population_mix",
    balanced=True,
)
def people_retrying(stopped_and_retrying, trying_again):
    """People stopped before who prepare another attempt."""
    return stopped_and_retrying - trying_again


@stock(
    "person",
    over=(origin, population, route),
    initial=f"{STATED_ATTEMPTS} * crossing_time * population_mix",
    balanced=True,
)
def people_at_border(
    reaching_border,
    trying_again,
    free_arrivals,
    arrivals_into_exploitation,
    deaths_on_route,
    let_go,
    stopped_and_retrying,
    sent_home,
    waiting_in_vain,
    claims_in_need,
    other_claims,
    claims_to_offices,
):
    """People waiting for a chance to cross."""
    return (
        reaching_border
        + trying_again
        - free_arrivals
        - arrivals_into_exploitation
        - deaths_on_route
        - let_go
        - stopped_and_retrying
        - sent_home
        - waiting_in_vain
        - claims_in_need
        - other_claims
        - claims_to_offices
    )


@auxiliary("person/year", over=(origin, population, route))
def crossings_sought(people_at_border, crossing_time):
    """Attempts people would make a year if all found a passage."""
    return people_at_border / crossing_time


@auxiliary("person/year", over=(origin, population, route))
def crossing_attempts(crossings_sought, passage_availability):
    """Attempts to cross a year: nobody crosses without finding a passage."""
    return crossings_sought * passage_availability


@flow("person/year", over=(origin, population, route))
def waiting_in_vain(people_at_border, passage_availability, waiting_patience):
    """People who find no passage and turn back."""
    return people_at_border * (1 - passage_availability) / waiting_patience


@auxiliary("1", over=route)
def rescue_coverage(base_rescue_coverage, rescue_training_gain, trained_share, rescue_presence, rescue_capacity):
    """Share of people in distress whom somebody reaches: officials trained in humane treatment reach more, and ships of
    the record and rescue posts a part each of those whom nobody would have."""
    return 1 - (1 - base_rescue_coverage - rescue_training_gain * trained_share) * (1 - rescue_presence) * (
        1 - rescue_capacity
    )


@rival("unsafe_methods", "1", over=route, setting="rescue_effect", formula="no_pull_rodriguezsanchez2023")
def methods_without_rescue_effect(evasion_danger, evasion_capability_mean):
    """Danger added by smugglers' methods. Source: rodriguezsanchez2023: rescue does not change them."""
    return 1 + evasion_danger * evasion_capability_mean


@rival("unsafe_methods", "1", over=route, setting="rescue_effect", formula="pull_deiana2021")
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
    danger_floor,
    unsafe_methods,
    rescue_coverage,
    rescue_effectiveness,
):
    """Odds of dying on an attempt: heat, water and distance whatever patrols do, remote ground, unsafe methods, and
    no help nearby. Source: gao2006."""
    return (
        base_death_risk
        * danger_level
        * (
            danger_floor
            + (1 - danger_floor) * (1 + remote_danger * remoteness**2) / (1 + remote_danger * initial_remoteness**2)
        )
        * unsafe_methods
        * (1 - rescue_effectiveness * rescue_coverage)
    )


@auxiliary("1", over=route)
def death_probability(danger):
    """Chance of dying on an attempt, at most 1."""
    return danger / (1 + danger)


@auxiliary("person/year", over=(origin, population, route))
def survived_attempts(crossing_attempts, deaths_on_route):
    """Attempts that do not end in death."""
    return crossing_attempts - deaths_on_route


@flow("person/year", over=(origin, population, route))
def deaths_on_route(
    crossing_attempts,
    death_probability,
    evading_share,
    presenting_danger,
    danger_before_stop,
    stopped_early,
    passing_share,
):
    """People who die on the way; those who look for a patrol rather than for a way past it run less of a risk. Beside
    those who reach the border there are those whom a transit state stops, at sea or in a desert: they are in danger
    until then. Assumption: who dies before a stop is counted among those who would have passed, the earlier people are
    stopped the fewer pass, and never more die than try."""
    return crossing_attempts * minimum(
        death_probability
        * (evading_share + (1 - evading_share) * presenting_danger)
        * (1 + danger_before_stop * (1 - passing_share) / (passing_share + stopped_early)),
        1,
    )


@auxiliary("person/year", over=(origin, population, route))
def irregular_arrivals(survived_attempts, evading_share, interdiction_probability):
    """People who get past the patrols and enter irregularly."""
    return survived_attempts * evading_share * (1 - interdiction_probability)


@auxiliary("person/year", over=(origin, population, route))
def interdictions(survived_attempts, evading_share, interdiction_probability):
    """People stopped, or who present themselves; one person may be stopped several times."""
    return survived_attempts * (1 - evading_share * (1 - interdiction_probability))


@auxiliary("1", over=origin)
def heard_share(asylum_access_granted, released_share, identification_quality):
    """Share of people in need stopped at the border who are let in to wait for a decision: where a procedure is open,
    those who are not held, and of those held the ones who are seen to be in need."""
    return asylum_access_granted * (released_share + (1 - released_share) * identification_quality)


@auxiliary("1", over=origin)
def denied_share(heard_share):
    """Share of people in need stopped at the border for whom no procedure is open, or who are held and not seen to be
    in need."""
    return 1 - heard_share


@auxiliary("1", over=(origin, population))
def retry_share(retry_share_after_stop, near_return, border_consequences, sanction_deterrence, return_deterrence):
    """Share of those stopped and refused who try again: whoever is flown home is far from the border.
    Assumption: who is not put back just over the border does not try again soon.
    Source: bazzi2021 for what sanctions do."""
    return retry_share_after_stop * near_return * (1 - sanction_deterrence * border_consequences) * return_deterrence


@auxiliary("person/year", over=(origin, population, route))
def let_in_in_need(interdictions, need_share, heard_share):
    """People in need of protection, stopped at the border, who are let in to wait for a decision."""
    return by_population(labour=0, protection=pick(interdictions, population="protection") * need_share * heard_share)


@auxiliary("person/year", over=(origin, population, route))
def let_in_not_in_need(interdictions, need_share, let_in_share, labour_claim_share):
    """People not in need of protection, stopped at the border, who are let in to wait for a decision; where a claim
    keeps people from being sent back, some of those make one who came for work."""
    return by_population(
        labour=pick(interdictions, population="labour") * labour_claim_share * let_in_share,
        protection=pick(interdictions, population="protection") * (1 - need_share) * let_in_share,
    )


@flow("person/year", over=(origin, population, route))
def claims_in_need(let_in_in_need, office_claim_share):
    """People in need of protection, let in at the border, on whom a court is to decide."""
    return let_in_in_need * (1 - office_claim_share)


@flow("person/year", over=(origin, population, route))
def other_claims(let_in_not_in_need, office_claim_share):
    """People not in need of protection, let in at the border, on whom a court is to decide."""
    return let_in_not_in_need * (1 - office_claim_share)


@flow("person/year", over=(origin, population, route))
def claims_to_offices(let_in_in_need, let_in_not_in_need, office_claim_share):
    """People let in at the border on whom an asylum office is to decide."""
    return (let_in_in_need + let_in_not_in_need) * office_claim_share


@auxiliary("person/year", over=(origin, population, route))
def claims_when_stopped(claims_in_need, other_claims, claims_to_offices):
    """People stopped at the border who are let in to wait for a decision."""
    return claims_in_need + other_claims + claims_to_offices


@auxiliary("person/year", over=(origin, population, route))
def refused_when_stopped(interdictions, claims_when_stopped):
    """Stops at the border that do not end with being let in."""
    return interdictions - claims_when_stopped


@flow("person/year", over=(origin, population, route))
def let_go(refused_when_stopped, let_go_share):
    """People stopped who are let go with an order to leave, and stay."""
    return refused_when_stopped * let_go_share


@flow("person/year", over=(origin, population, route))
def stopped_and_retrying(refused_when_stopped, let_go_share, retry_share):
    """People stopped who will try again."""
    return refused_when_stopped * (1 - let_go_share) * retry_share


@flow("person/year", over=(origin, population, route))
def sent_home(refused_when_stopped, let_go_share, retry_share):
    """People stopped who go back for now."""
    return refused_when_stopped * (1 - let_go_share) * (1 - retry_share)


@auxiliary("1")
def recidivism(
    stopped_and_retrying,
    evading_share,
    interdiction_probability,
    interdictions,
    retry_time,
    crossing_time,
    counting_period,
):
    """Share of people stopped who are stopped again within the year, as border agencies count it. Assumption: each time
    with the same chance; whoever was stopped late in a year is stopped again in the next one."""
    return (1 - (retry_time + crossing_time) / counting_period) * divide(
        total(
            total(
                total(stopped_and_retrying * (1 - evading_share * (1 - interdiction_probability)), over=population),
                over=origin,
            ),
            over=route,
        ),
        total(total(total(interdictions, over=population), over=origin), over=route),
    )


@auxiliary("person/year")
def stops_refused(refused_when_stopped, let_go):
    """Stops at the border that end neither with being let in nor with an order to leave alone."""
    return total(total(total(refused_when_stopped - let_go, over=population), over=origin), over=route)


@auxiliary("person/year", over=route)
def deaths_by_route(deaths_on_route):
    """People who die on each route a year."""
    return total(total(deaths_on_route, over=population), over=origin)


@auxiliary("person/year", over=route)
def arrivals_by_route(irregular_arrivals, let_go, claims_when_stopped):
    """People who come in on each route a year: past the patrols, let in to wait for a decision, or let go with an order
    to leave."""
    return total(total(irregular_arrivals + let_go + claims_when_stopped, over=population), over=origin)


@auxiliary("person/year")
def deaths_in_transit(deaths_by_route):
    """People who die on the way a year."""
    return total(deaths_by_route, over=route)


@auxiliary("1")
def deaths_per_crossing(deaths_in_transit, traffic):
    """Deaths per crossing attempt."""
    return divide(deaths_in_transit, total(total(traffic, over=origin), over=route))


@stock("person", initial="0")
def cumulative_deaths(deaths_on_route):
    """People who have died on the way since the start of the run."""
    return total(total(total(deaths_on_route, over=population), over=origin), over=route)


@auxiliary("person/year")
def irregular_entries(irregular_arrivals, let_go):
    """People who cross the border irregularly, a year, or are let go with an order to leave."""
    return total(total(total(irregular_arrivals + let_go, over=population), over=origin), over=route)
