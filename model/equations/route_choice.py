"""Which route those who set out take: what is told of each, how near it is, and how it compares with before."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, rival, route, stock
from pushpull.engine.language.words import by_population, exp, highest, maximum, minimum, total


@flow("1/year", over=route)
def success_learning(chance_of_arrival, perceived_success, success_perception_time):
    """News of who got through travels within months. Assumption: first-order delay."""
    return (chance_of_arrival - perceived_success) / success_perception_time


@stock("1", over=route, initial="1 - (initial_interdiction_probability * (1 - let_go_share)) ** tries_before_giving_up")
def perceived_success(success_learning):
    """Chance to arrive in the end on a route, as those see it who choose between routes."""
    return success_learning


@rival("danger_told", "1", over=route, setting="rescue_effect", formula="no_pull_rodriguezsanchez2023")
def danger_told_without_rescue(danger, rescue_coverage, rescue_effectiveness):
    """Danger of a route as it is told: word of who is rescued does not travel. Source: rodriguezsanchez2023."""
    return danger / (1 - rescue_effectiveness * rescue_coverage + danger)


@rival("danger_told", "1", over=route, setting="rescue_effect", formula="pull_deiana2021")
def danger_told_with_rescue(danger):
    """Danger of a route as it is told: where rescue is near, it sounds safer. Source: deiana2021."""
    return danger / (1 + danger)


@flow("1/year", over=route)
def danger_learning(danger_told, perceived_danger, success_perception_time):
    """News of the dead travels as fast as news of those who got through. Assumption: first-order delay."""
    return (danger_told - perceived_danger) / success_perception_time


@stock("1", over=route, initial="base_death_risk * danger_level")
def perceived_danger(danger_learning):
    """Danger of death on a route, as people at origin see it."""
    return danger_learning


@auxiliary("1", over=(origin, route))
def route_nearness(route_detour, detour_aversion, approach_longitude, gateway_longitude, approach_reach):
    """How near a gateway is to people of an origin, beside others. Assumption: exponential in how much longer the way
    to it is, and a bell around the longitude at which they come near the destination."""
    return exp(
        -minimum(detour_aversion * route_detour + ((approach_longitude - gateway_longitude) / approach_reach) ** 2, 300)
    )


@auxiliary("1", over=(origin, route))
def initial_route_choice(initial_route_share, route_nearness):
    """Share of those of an origin who took a route at the start of the record: people from far away keep to the
    gateways that are nearest to them."""
    return initial_route_share * route_nearness / total(initial_route_share * route_nearness, over=route)


@auxiliary("1", over=(origin, route))
def route_utility(
    route_opening,
    initial_route_opening,
    evaders_share,
    perceived_success,
    initial_chance_of_arrival,
    initial_interdiction_probability,
    success_weight,
    smuggler_fee,
    reference_fee,
    fee_weight,
    interdiction_probability,
    hardship_weight,
    perceived_danger,
    base_death_risk,
    danger_level,
    danger_weight,
):
    """How a route compares with what it was at the start: whether transit states let people pass and they can go on
    from it, the fee, and for those who mean to get past the patrols success, being caught on the way, and danger. Who
    looks for a patrol finds one anywhere.
    Source: mcfadden1974."""
    return (
        evaders_share
        * (
            success_weight * (perceived_success - initial_chance_of_arrival)
            - hardship_weight * (interdiction_probability - initial_interdiction_probability)
            - danger_weight * (perceived_danger - base_death_risk * danger_level)
        )
        - fee_weight * (1 - reference_fee / smuggler_fee)
        + success_weight * (route_opening - initial_route_opening)
    )


@auxiliary("1", over=(origin, route))
def route_weight(initial_route_choice, route_utility, displacement_drag, international_cooperation):
    """Weight of a route in the choice of those setting out; partners who share what they know close the ways round.
    Source: mcfadden1974; Assumption: co-operation dampens the choice."""
    # Only how routes compare counts: where fees all but vanish, all are seen from the best, or a power of e would leave
    # the range of numbers; and that difference is rounded.
    return initial_route_choice * exp(
        minimum(
            route_utility
            - (highest(route_utility, over=route) - minimum(maximum(highest(route_utility, over=route), -600), 600)),
            600,
        )
        * (1 - displacement_drag * international_cooperation)
    )


@auxiliary("1", over=(origin, route))
def route_choice(route_weight):
    """Share of those of an origin setting out who take a route. Source: mcfadden1974."""
    return route_weight / total(route_weight, over=route)


@auxiliary("person/year", over=origin)
def setting_out(labour_departures, protection_departures, traffic_floor):
    """People of an origin who set out on a smugglers' route, and a millionth of what a border always sees, so that
    there are shares of nobody."""
    return labour_departures + protection_departures + traffic_floor / 1e6


@auxiliary("1", over=route, across="sum")
def route_share(route_choice, setting_out):
    """Share of all those setting out who take a route."""
    return total(route_choice * setting_out, over=origin) / total(setting_out, over=origin)


@flow("person/year", over=(origin, population, route))
def departures(labour_departures, protection_departures, route_choice):
    """People who set out on a smugglers' route."""
    return by_population(labour=labour_departures, protection=protection_departures) * route_choice
