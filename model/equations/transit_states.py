"""Transit states: whom they let pass, whom they send back, who is held there, and the way on from a gateway."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, route, stock
from pushpull.engine.language.words import total


@auxiliary("1", over=(origin, route))
def route_passing(beyond_transit, route_pass_share, transit_interception):
    """Share of those on the way whom the transit states of a route do not stop. Assumption: new effort stops as large a
    part of those who would still have passed, whatever was in place."""
    return 1 - beyond_transit * (1 - route_pass_share * (1 - transit_interception))


@auxiliary("1", over=(origin, route))
def passing_share(transit_pass_share, route_passing):
    """Share of those on the way whom no transit state stops, on the way to every route or on one."""
    return transit_pass_share * route_passing


@auxiliary("1", over=(origin, route))
def route_opening(route_passing, transit_retry_share, way_on):
    """Chance to pass the transit states of a route in the end, trying again, and to go on from where one comes in."""
    return route_passing / (1 - transit_retry_share * (1 - route_passing)) * way_on


@auxiliary("1", over=(origin, route))
def initial_route_opening(beyond_transit, initial_route_pass_share, transit_retry_share, initial_way_on):
    """The same at the start of the record."""
    return (
        (1 - beyond_transit * (1 - initial_route_pass_share))
        / (1 - transit_retry_share * beyond_transit * (1 - initial_route_pass_share))
        * initial_way_on
    )


@auxiliary("1", over=origin)
def opening_seen(route_choice, route_opening):
    """Chance to pass transit states and to go on, over the routes that people of an origin take."""
    return total(route_choice * route_opening, over=route)


@auxiliary("1", over=origin)
def opening_pull(opening_seen, opening_sensitivity, undeterred_share):
    """How an open way draws those who seek protection: who flees goes where there is a way, and stays near home or in
    the state of first refuge where there is none; a few go whatever the way is like. Assumption: a power of that
    chance."""
    return undeterred_share + (1 - undeterred_share) * opening_seen**opening_sensitivity


@auxiliary("person/year", over=(origin, population, route))
def coming_to_transit(people_in_transit, journey_time):
    """People who come to a transit state's coast or border, or where there is none to the destination's."""
    return people_in_transit / journey_time


@auxiliary("person/year", over=(origin, population))
def stopped_by_agreement(coming_to_transit, transit_pass_share, beyond_transit, route_pass_share, transit_interception):
    """People stopped in transit states beyond those who would be without new effort."""
    return (
        total(coming_to_transit * route_pass_share * transit_interception, over=route)
        * transit_pass_share
        * beyond_transit
    )


@flow("person/year", over=(origin, population, route))
def reaching_border(coming_to_transit, passing_share):
    """People who come to the border for the first time, or for the first time since a transit state held them."""
    return coming_to_transit * passing_share


@flow("person/year", over=(origin, population, route))
def turned_back_in_transit(coming_to_transit, passing_share, transit_retry_share):
    """People whom a transit state stops and sends home."""
    return coming_to_transit * (1 - passing_share) * (1 - transit_retry_share)


@flow("person/year", over=(origin, population, route))
def held_in_transit(coming_to_transit, passing_share, transit_retry_share):
    """People whom a transit state stops, who stay there and will try again."""
    return coming_to_transit * (1 - passing_share) * transit_retry_share


@flow("person/year", over=(origin, population, route))
def setting_out_again(people_held_in_transit, transit_hold_time):
    """People once stopped in a transit state who set out again."""
    return people_held_in_transit / transit_hold_time


@stock("person", over=(origin, population, route), initial="0")
def people_held_in_transit(held_in_transit, setting_out_again):
    """People stopped in a transit state who are held there or wait for another chance."""
    return held_in_transit - setting_out_again


@flow("person/year/year")
def going_on_change(arrivals_by_route, feeds_onward, way_on, going_on, onward_time):
    """People who came in on one route and go on by a further leg of the way. Assumption: first-order delay."""
    return (total(arrivals_by_route * feeds_onward * way_on, over=route) - going_on) / onward_time


@stock("person/year", initial="0")
def going_on(going_on_change):
    """People a year who came in on one route and are on a further leg of the way: they have arrived, and count once."""
    return going_on_change


@auxiliary("person/year", over=route)
def onward_detections(going_on, onward_share):
    """People a year who came in on one route and are detected once more on another."""
    return going_on * onward_share


@auxiliary("person")
def people_waiting_in_transit(people_in_transit, people_at_border, people_retrying, people_held_in_transit):
    """People on the way, held in transit states, at the border waiting for a chance to cross, or stopped and waiting
    for another."""
    return total(
        total(
            total(people_in_transit + people_at_border + people_retrying + people_held_in_transit, over=population),
            over=origin,
        ),
        over=route,
    )
