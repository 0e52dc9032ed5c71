"""Presenting oneself at the border: who is let in to wait, word of it at home, those who follow, and the courts."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, route, stock
from pushpull.engine.language.words import by_population, divide, soft_minimum, total


@auxiliary("1", over=origin)
def let_in_share(release_share, asylum_access):
    """Share of those asking for protection at the border who are let in to wait for a decision: as far as rules and
    room to hold people let them go, and as far as a procedure is open to them.
    Source: hatton2015 for access as a lever."""
    return release_share * asylum_access


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


@auxiliary("1/year", over=origin)
def release_rate(claims_when_stopped, young_people):
    """People let in to wait a year, for each young person at home: whom families at home hear of."""
    return divide(total(total(claims_when_stopped, over=population), over=route), young_people)


@flow("1/year/year", over=origin)
def word_spreads(release_rate, release_heard, word_time):
    """Word of those let in reaches home and is forgotten again. Assumption: one delay of first order for both."""
    return (release_rate - release_heard) / word_time


@stock("1/year", over=origin, initial="0")
def release_heard(word_spreads):
    """People let in to wait a year, for each young person at home, as families at home have heard of them."""
    return word_spreads


@auxiliary("person/year", over=origin)
def drawn(release_heard, young_people, word_response, let_in_share, reference_let_in, drawn_ceiling):
    """People who set out to ask for protection because others like them were let in: the more were, and the better the
    odds still are. Assumption: a soft minimum of that and of how many could leave in a year at most."""
    return soft_minimum(
        word_response * release_heard * young_people * let_in_share / reference_let_in, drawn_ceiling * young_people
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
def moving_on(displaced_abroad, people_at_home, onward_rate, let_in_share, reference_let_in):
    """People displaced to third countries who move on to ask for protection at the destination.
    Assumption: in proportion to the chance of being let in, and a soft minimum with those whom the origin has."""
    return soft_minimum(displaced_abroad, people_at_home) * onward_rate * let_in_share / reference_let_in


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


@flow("person/year", over=origin)
def port_arrivals(protection_sought, port_places, port_ceiling):
    """People who come to a port of entry with an appointment and are let in to wait for a decision.
    Assumption: the more places there are for those who would wait for one, the more of them get it."""
    return (
        protection_sought
        * port_ceiling
        * divide(port_places, port_places + total(protection_sought, over=origin) * port_ceiling)
    )


@auxiliary("person/year")
def claim_decisions(court_cases, minimum_decision_time, claim_court_capacity):
    """Decisions a year on claims made at the border. Assumption: a soft minimum of cases and what judges can do."""
    return soft_minimum(total(court_cases, over=origin) / minimum_decision_time, claim_court_capacity)


@auxiliary("person/year", over=origin)
def claim_decisions_by_origin(claim_decisions, court_cases, claims_pending_courts):
    """Decisions a year on claims made at the border by people of an origin, shared by cases."""
    return claim_decisions * divide(court_cases, claims_pending_courts)


@flow("person/year", over=origin)
def court_recognitions(claim_decisions_by_origin, need_share, identification_quality):
    """People whose claim made at the border is granted."""
    return claim_decisions_by_origin * need_share * identification_quality


@flow("person/year", over=origin)
def court_refusals(claim_decisions_by_origin, need_share, identification_quality):
    """Claims made at the border that are refused, some of them wrongly."""
    return claim_decisions_by_origin * (1 - need_share * identification_quality)


@stock("person", over=origin, initial="initial_court_cases * initial_resident_share")
def court_cases(claims_when_stopped, port_arrivals, court_recognitions, court_refusals):
    """People of an origin let in at the border who wait for a court to decide."""
    return (
        total(total(claims_when_stopped, over=population), over=route)
        + port_arrivals
        - court_recognitions
        - court_refusals
    )


@auxiliary("person")
def claims_pending_courts(court_cases):
    """People let in at the border who wait for a court to decide."""
    return total(court_cases, over=origin)
