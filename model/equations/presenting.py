"""Presenting oneself at the border: who is let in to wait, word of it at home, those who follow, and the courts."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, route, stock
from pushpull.engine.language.words import by_population, divide, maximum, minimum, soft_minimum, total


@auxiliary("1", over=origin)
def released_share(release_share, detention_capacity, detention_reach):
    """Share of those asking for protection at the border who are not held: as rules and the places of the record had
    it, and fewer where there are more places. Assumption: the odds of being held go with the places, as far as places
    rather than rules keep people out; who may not be held is not."""
    return divide(
        release_share,
        release_share + (1 - release_share) * (1 - detention_reach + detention_reach * detention_capacity),
    )


@auxiliary("1", over=origin)
def let_in_share(released_share, asylum_access_granted):
    """Share of those asking for protection at the border who are let in to wait for a decision: as far as rules and
    room to hold people let them go, and as far as a procedure is open to them.
    Source: hatton2015 for access as a lever."""
    return released_share * asylum_access_granted


@auxiliary("1", over=origin)
def presenting_share(let_in_share, presenting_half, presenting_sharpness):
    """Share of those seeking protection who present themselves at the border rather than evade.
    Assumption: a bend around the chance of being let in at which half do."""
    return divide(
        let_in_share**presenting_sharpness,
        let_in_share**presenting_sharpness + presenting_half**presenting_sharpness,
    )


@auxiliary("1", over=(origin, population))
def evading_share(presenting_share):
    """Share of those at the border who try to get past the patrols."""
    return by_population(labour=1, protection=1 - presenting_share)


@auxiliary("1", over=origin)
def evaders_share(people_at_border, evading_share):
    """Share of people of an origin at the border who mean to get past the patrols, as those see it who set out."""
    # Of next to nobody a ratio of sums is no share.
    return maximum(
        minimum(
            divide(
                total(total(people_at_border * evading_share, over=population), over=route),
                total(total(people_at_border, over=population), over=route),
            ),
            1,
        ),
        0,
    )


@auxiliary("1/year", over=origin)
def release_rate(claims_when_stopped, port_arrivals, young_people):
    """People let in to wait a year, between ports or at one, for each young person at home: whom families at home hear
    of."""
    return divide(total(total(claims_when_stopped, over=population), over=route) + port_arrivals, young_people)


@flow("1/year/year", over=origin)
def word_spreads(release_rate, release_heard, word_time):
    """Word of those let in reaches home and is forgotten again. Assumption: one delay of first order for both."""
    return (release_rate - release_heard) / word_time


@stock("1/year", over=origin, initial="0")
def release_heard(word_spreads):
    """People let in to wait a year, for each young person at home, as families at home have heard of them."""
    return word_spreads


@auxiliary("1", over=origin)
def kin_help(diaspora, initial_diaspora, initial_resident_share, kin_sensitivity):
    """Help from relatives at destination, whatever their status, whom those who ask for protection join: one at the
    start of the record.
    Assumption: a power of how many of one's own origin live there."""
    return (diaspora / (initial_diaspora * initial_resident_share)) ** kin_sensitivity


@auxiliary("person/year", over=origin)
def drawn(
    release_heard,
    young_people,
    word_response,
    kin_help,
    labour_wish,
    wish_saturation,
    let_in_share,
    reference_let_in,
    drawn_ceiling,
    opening_pull,
    departures_left_over,
):
    """People who set out to ask for protection because others like them were let in: the more were, the more relatives
    they have there, the more open the way is and the better the odds still are; where life is no better there, nobody
    follows. Assumption: a soft minimum of that and of how many could leave in a year at most."""
    return soft_minimum(
        word_response
        * kin_help
        * labour_wish
        / (labour_wish + wish_saturation)
        * release_heard
        * young_people
        * let_in_share
        / reference_let_in
        * opening_pull
        * departures_left_over,
        drawn_ceiling * young_people,
    )


@flow("person/year", over=origin)
def families_drawn(drawn, people_at_home, people_at_origin):
    """People of all ages but the young who follow others who were let in."""
    return drawn * divide(people_at_home, people_at_origin)


@flow("person/year", over=origin)
def young_drawn(drawn, young_people, people_at_origin):
    """Young people who follow others who were let in."""
    return drawn * divide(young_people, people_at_origin)


@flow("person/year", over=origin)
def moving_on(
    displaced_abroad, people_at_home, onward_rate, let_in_share, reference_let_in, opening_pull, departures_left_over
):
    """People displaced to third countries who move on to ask for protection at the destination.
    Assumption: in proportion to how open the way is and to the chance of being let in, and a soft minimum with those
    whom the origin has."""
    return (
        soft_minimum(displaced_abroad, people_at_home)
        * onward_rate
        * let_in_share
        / reference_let_in
        * opening_pull
        * departures_left_over
    )


@auxiliary("person/year", over=origin)
def protection_sought(flights, orderly_share, drawn, moving_on):
    """People who seek protection and have no orderly way from home."""
    return flights * (1 - orderly_share) + drawn + moving_on


@flow("person/year/year")
def port_places_change(ports_of_entry_places, port_places, port_opening_time):
    """Ports take up places, or give them up, within months. Assumption: first-order delay."""
    return (ports_of_entry_places - port_places) / port_opening_time


@stock("person/year", initial="ports_of_entry_places")
def port_places(port_places_change):
    """Appointments a year at ports of entry that are kept."""
    return port_places_change


@auxiliary("person/year", over=origin)
def port_arrivals(protection_sought, port_places, port_ceiling):
    """People who come to a port of entry with an appointment and are let in to wait for a decision.
    Assumption: the more places there are for those who would wait for one, the more of them get it."""
    return (
        protection_sought
        * port_ceiling
        * divide(port_places, port_places + total(protection_sought, over=origin) * port_ceiling)
    )


@flow("person/year", over=origin)
def paroled_arrivals(protection_sought, port_arrivals, parole_places):
    """People who are let in under a rule that gives lawful places to an origin, and ask an office for asylum.
    Assumption: a soft minimum of places and of those who seek protection and have no appointment at a port; they are
    no news at home of what happens at the border."""
    return soft_minimum(protection_sought - port_arrivals, parole_places)


@auxiliary("person/year")
def claim_decisions(
    claims_pending_courts, minimum_decision_time, claim_court_capacity, claim_court_share, decisions_left_over
):
    """Decisions a year on claims made at the border. Assumption: a soft minimum of cases and what judges can do beside
    other cases."""
    return soft_minimum(
        claims_pending_courts / minimum_decision_time, claim_court_capacity * claim_court_share * decisions_left_over
    )


@auxiliary("person/year", over=origin)
def claim_decisions_by_origin(claim_decisions, court_cases, claims_pending_courts):
    """Decisions a year on claims made at the border by people of an origin, shared by cases."""
    return claim_decisions * divide(court_cases, claims_pending_courts)


@auxiliary("1", over=origin)
def court_need_share(court_cases_in_need, court_cases):
    """Share of people in need of protection among those who wait for a court."""
    return divide(court_cases_in_need, court_cases)


@flow("person/year", over=origin)
def court_recognitions(claim_decisions_by_origin, court_need_share, identification_quality):
    """People in need whose claim made at the border is granted."""
    return claim_decisions_by_origin * court_need_share * identification_quality


@flow("person/year", over=origin)
def wrong_court_refusals(claim_decisions_by_origin, court_need_share, identification_quality):
    """People in need whose claim made at the border is refused."""
    return claim_decisions_by_origin * court_need_share * (1 - identification_quality)


@flow("person/year", over=origin)
def other_court_refusals(claim_decisions_by_origin, court_need_share):
    """People not in need whose claim made at the border is refused."""
    return claim_decisions_by_origin * (1 - court_need_share)


@flow("person/year", over=origin)
def port_arrivals_in_need(port_arrivals, need_share):
    """People in need of protection who come to a port of entry with an appointment."""
    return port_arrivals * need_share


@flow("person/year", over=origin)
def other_port_arrivals(port_arrivals, need_share):
    """People not in need of protection who come to a port of entry with an appointment."""
    return port_arrivals * (1 - need_share)


@stock("person", over=origin, initial="initial_court_cases * initial_resident_share * need_share")
def court_cases_in_need(claims_in_need, port_arrivals_in_need, court_recognitions, wrong_court_refusals):
    """People of an origin in need of protection, let in at the border, who wait for a court to decide."""
    return (
        total(total(claims_in_need, over=population), over=route)
        + port_arrivals_in_need
        - court_recognitions
        - wrong_court_refusals
    )


@stock("person", over=origin, initial="initial_court_cases * initial_resident_share * (1 - need_share)")
def court_cases_not_in_need(other_claims, other_port_arrivals, other_court_refusals):
    """People of an origin not in need of protection, let in at the border, who wait for a court to decide."""
    return total(total(other_claims, over=population), over=route) + other_port_arrivals - other_court_refusals


@auxiliary("person", over=origin)
def court_cases(court_cases_in_need, court_cases_not_in_need):
    """People of an origin let in at the border who wait for a court to decide."""
    return court_cases_in_need + court_cases_not_in_need


@auxiliary("person")
def claims_pending_courts(court_cases):
    """People let in at the border who wait for a court to decide."""
    return total(court_cases, over=origin)
