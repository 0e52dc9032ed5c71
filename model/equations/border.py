"""The border: patrols, technology, the chance of being stopped, and the one to get through in the end."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, route, stock
from pushpull.engine.language.words import minimum, pick, total


@flow("agent/year", over=route)
def patrol_hiring(reference_patrol_agents, border_control_ordered, border_capacity, hiring_time):
    """Agents hired or leaving, towards the ordered strength."""
    return (reference_patrol_agents * border_control_ordered - border_capacity) / hiring_time


@stock("agent", over=route, initial="reference_patrol_agents * border_control")
def border_capacity(patrol_hiring):
    """Agents on duty at a route's gateway."""
    return patrol_hiring


@auxiliary("agent", over=route)
def own_patrol(border_capacity, technology_gain, detection_technology, training_gain_at_border, trained_share):
    """Patrol strength with technology and training, counted in agents."""
    return (
        border_capacity * (1 + technology_gain * detection_technology) * (1 + training_gain_at_border * trained_share)
    )


@auxiliary("agent", over=route)
def effective_patrol(
    own_patrol, cooperation_gain_at_border, international_cooperation, forward_gain, forward_deployment
):
    """Patrol strength as it meets the traffic; what partners share tells it where to look, and agents who stand on the
    line stop more than those who search behind it."""
    return (
        own_patrol
        * (1 + cooperation_gain_at_border * international_cooperation)
        * (1 + forward_gain * forward_deployment)
    )


@auxiliary("1", over=route)
def patrol_density(border_capacity, initial_patrol_agents):
    """Agents on the ground, relative to the start of the record; information from partners adds none."""
    return border_capacity / initial_patrol_agents


@auxiliary("1", over=route)
def remoteness(patrol_density, remote_half_density):
    """Share of crossings pushed into remote ground. Source: gao2006 for the mechanism."""
    return patrol_density / (patrol_density + remote_half_density)


@auxiliary("1", over=route)
def initial_remoteness(remote_half_density):
    """Share of crossings pushed into remote ground at the start of the record."""
    return 1 / (1 + remote_half_density)


@auxiliary("person/year", over=(origin, route))
def traffic(crossing_attempts):
    """Crossing attempts of an origin on a route."""
    return total(crossing_attempts, over=population)


@auxiliary("person/year", over=route)
def border_load(crossings_sought, evading_share, care_load):
    """Crossings that people at the border would attempt a year: what patrols have to watch, or to care for. People who
    present themselves evade nobody, and take agents' time. Assumption: part of the time that one who evades takes."""
    return total(
        total(crossings_sought * (evading_share + (1 - evading_share) * care_load), over=population), over=origin
    )


@auxiliary("1", over=route)
def initial_patrol_pressure(initial_interdiction_probability, interdiction_ceiling, evenness_of_ground):
    """Encounters with patrols that one attempt could expect at the start of the record.
    Assumption: no start lies nearer to the ceiling than a hundredth of it."""
    return evenness_of_ground * (
        (1 - minimum(initial_interdiction_probability / interdiction_ceiling, 0.99)) ** (-1 / evenness_of_ground) - 1
    )


@auxiliary("person/year", over=route)
def initial_load(initial_attempts, initial_attempt_share, initial_route_choice):
    """Crossings attempted a year at the start of the record."""
    return initial_attempts * total(initial_attempt_share * initial_route_choice, over=origin)


@auxiliary("1", over=route)
def crowding(border_load, traffic_floor, initial_load, crowding_strength):
    """How many attempts at once keep patrols busy, one at the start of the record.
    Assumption: a power, since most of the search does not depend on how many come."""
    return ((border_load + traffic_floor) / initial_load) ** crowding_strength


@auxiliary("1", over=route)
def patrol_pressure(
    initial_patrol_pressure,
    effective_patrol,
    initial_patrol_agents,
    initial_patrol_support,
    patrol_returns,
    crowding,
    evasion_shield,
    evasion_capability,
    initial_evasion,
):
    """Encounters with patrols that one attempt must expect: more agents, less crowding, less evasion.
    Assumption: a power of the agents below one, since the best posts are manned first and more agents overlap."""
    return (
        initial_patrol_pressure
        * (effective_patrol / (initial_patrol_agents * initial_patrol_support)) ** patrol_returns
        / crowding
        * (1 - evasion_shield * evasion_capability)
        / (1 - evasion_shield * initial_evasion)
    )


@auxiliary("1", over=route)
def interdiction_probability(interdiction_ceiling, patrol_pressure, evenness_of_ground):
    """Chance of being stopped on an attempt; no border is ever sealed. Assumption: patrols search at random on ground
    of which some is easily watched and some hardly, so that more meet ever fewer of those who still slip past."""
    return interdiction_ceiling * (1 - (1 + patrol_pressure / evenness_of_ground) ** -evenness_of_ground)


@auxiliary("1", over=route)
def initial_chance_of_arrival(initial_interdiction_probability, let_go_share, tries_before_giving_up):
    """Chance to arrive in the end on a route at the start of the record."""
    return 1 - (initial_interdiction_probability * (1 - let_go_share)) ** tries_before_giving_up


@auxiliary("1", over=route)
def chance_of_arrival(
    interdiction_probability, let_go_share, tries_before_giving_up, death_probability, passage_availability
):
    """Chance to arrive in the end on a route, trying as often as people use to, if a passage can be had at all."""
    return (
        (1 - (interdiction_probability * (1 - let_go_share)) ** tries_before_giving_up)
        * (1 - death_probability)
        * passage_availability
    )


@auxiliary("1", over=(origin, route))
def chance_to_get_through(interdiction_probability, let_go_share, retry_share, death_probability, passage_availability):
    """Chance to arrive in the end, trying again after each stop as those do who leave for work, if a passage can be had
    at all: the fewer try again once stopped, and the fewer are let go with an order to leave, the lower it is.
    Source: bazzi2021 for what sanctions do to trying again."""
    return (
        (1 - interdiction_probability + interdiction_probability * let_go_share)
        / (1 - pick(retry_share, population="labour") * interdiction_probability * (1 - let_go_share))
        * (1 - death_probability)
        * passage_availability
    )


@auxiliary("1", over=route)
def strictness(interdiction_probability, effective_sentence, conviction_risk, penalty_weight):
    """How strict a gateway is, in control and in penalties together."""
    return interdiction_probability + penalty_weight * conviction_risk * effective_sentence


@auxiliary("1", over=route, across="sum")
def weakness(strictness):
    """Weight of a route as the weak link: the least strict has most of it. Assumption: a soft minimum."""
    return (1 / (0.02 + strictness)) ** 8


@auxiliary("1")
def weak_link_share(route_share, weakness):
    """Share of the traffic that takes the least strict route."""
    return total(route_share * weakness, over=route) / total(weakness, over=route)
