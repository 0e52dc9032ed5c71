"""Return: orders, screening of exceptional cases, assisted and enforced return, and whether anyone believes in it."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, stock
from pushpull.engine.language.words import by_population, divide, soft_minimum, total


@auxiliary("person/year")
def returns_possible_inland(enforced_return, inland_return_share, detention_capacity, detention_places, detention_time):
    """Returns a year that can be enforced among people who live inland; the other places serve the border.
    Assumption: a soft minimum of the staff for it and of the places in which people are held until they are flown
    out."""
    return soft_minimum(enforced_return * inland_return_share, detention_capacity * detention_places / detention_time)


@auxiliary("person/year")
def border_removals(stops_refused, enforced_return, inland_return_share, readmission_factor):
    """People stopped at the border who are sent back under a formal order. They stay among those who were stopped, and
    the order changes nothing for whether they try again. Assumption: a soft minimum of stops and capacity; no effect on
    trying again, after amuedodorantes2014 on prosecution at the border."""
    return soft_minimum(
        stops_refused,
        enforced_return * (1 - inland_return_share) * readmission_factor,
    )


@auxiliary("1/year")
def order_rate(
    residents_without_status,
    overstayers,
    returns_possible_inland,
    orders_per_place,
    order_half_stock,
    employer_sanctions,
    inspection_orders,
):
    """Chance a year to receive a return decision inland: it follows the capacity to enforce and inspections at work."""
    return (
        returns_possible_inland
        * orders_per_place
        / (total(total(residents_without_status, over=population) + overstayers, over=origin) + order_half_stock)
        + inspection_orders * employer_sanctions
    )


@flow("person/year", over=(origin, population))
def return_orders(newcomers, order_rate):
    """Newcomers who receive a return decision."""
    return newcomers * order_rate


@flow("person/year", over=(origin, population))
def settled_return_orders(settled_residents, order_rate):
    """Settled people who receive a return decision."""
    return settled_residents * order_rate


@auxiliary("1")
def readmission_factor(
    readmission_floor, readmission_cooperation, reference_readmission, readmission_gain, international_cooperation
):
    """How much of the return capacity can be used, given whom origin countries take back and how states co-operate."""
    return (
        (readmission_floor + (1 - readmission_floor) * readmission_cooperation)
        / (readmission_floor + (1 - readmission_floor) * reference_readmission)
        * (1 + readmission_gain * international_cooperation)
    )


@auxiliary("person/year", over=(origin, population))
def returns_ready(return_cases_pending, return_case_time):
    """Cases that could be carried out a year if capacity were no limit."""
    return return_cases_pending / return_case_time


@flow("person/year", over=(origin, population))
def enforced_returns(returns_ready, returns_possible_inland, readmission_factor):
    """People deported from inland. Assumption: a soft minimum of cases and capacity, shared by cases."""
    return divide(returns_ready, total(total(returns_ready, over=population), over=origin)) * soft_minimum(
        total(total(returns_ready, over=population), over=origin), returns_possible_inland * readmission_factor
    )


@auxiliary("1", over=origin)
def assistance_take_up(take_up, perceived_return_risk, take_up_half_risk):
    """Share who accept help to go home; more when return is credible. Assumption: saturating."""
    return take_up * (0.5 + perceived_return_risk / (perceived_return_risk + take_up_half_risk))


@flow("person/year", over=(origin, population))
def assisted_returns(return_cases_pending, assistance_time, voluntary_return_assistance, assistance_take_up):
    """People who go home with help. Assumption: the chance grows with the offer."""
    return return_cases_pending / assistance_time * voluntary_return_assistance * assistance_take_up


@auxiliary("1", over=population)
def exceptional_share(refugee_share_among_cases, grave_case_share):
    """Share of return cases who must not be returned: refugees, victims, unaccompanied children, grave
    humanitarian cases."""
    return by_population(labour=grave_case_share, protection=grave_case_share + refugee_share_among_cases)


@flow("person/year", over=(origin, population))
def exceptional_cases(
    return_cases_pending,
    screening_time,
    exceptional_case_screening,
    exceptional_share,
    identification_quality,
    false_exception_share,
):
    """People screened out of the return flow, rightly or wrongly."""
    return (
        return_cases_pending
        / screening_time
        * exceptional_case_screening
        * (exceptional_share * identification_quality + (1 - exceptional_share) * false_exception_share)
    )


@auxiliary("person/year")
def wrongly_excepted(
    return_cases_pending, screening_time, exceptional_case_screening, exceptional_share, false_exception_share
):
    """People wrongly taken out of the return procedure: the other error of screening."""
    return total(
        total(return_cases_pending, over=origin)
        / screening_time
        * exceptional_case_screening
        * (1 - exceptional_share)
        * false_exception_share,
        over=population,
    )


@auxiliary("person/year")
def wrongly_returned(enforced_returns, exceptional_share, exceptional_case_screening, identification_quality):
    """People deported from inland who should have been protected."""
    return total(total(enforced_returns, over=origin) * exceptional_share, over=population) * (
        1 - exceptional_case_screening * identification_quality
    )


@flow("person/year", over=(origin, population))
def absconding(return_cases_pending, abscond_rate):
    """People under a return order who go into hiding."""
    return return_cases_pending * abscond_rate


@stock("person", over=(origin, population), initial="initial_return_cases * initial_resident_share")
def return_cases_pending(
    return_orders,
    settled_return_orders,
    overstayers_ordered,
    refusals,
    wrong_court_refusals,
    other_court_refusals,
    enforced_returns,
    assisted_returns,
    exceptional_cases,
    absconding,
):
    """People under a return order."""
    return (
        return_orders
        + settled_return_orders
        + by_population(labour=overstayers_ordered, protection=0)
        + by_population(labour=0, protection=refusals + wrong_court_refusals + other_court_refusals)
        - enforced_returns
        - assisted_returns
        - exceptional_cases
        - absconding
    )


@flow("person/year", over=origin)
def reintegrations(assisted_returnees, reintegration_time, assisted_remigration_share):
    """Assisted returnees who have re-established themselves at home."""
    return assisted_returnees / reintegration_time * (1 - assisted_remigration_share)


@flow("person/year", over=origin)
def assisted_remigration(assisted_returnees, reintegration_time, assisted_remigration_share):
    """Assisted returnees who plan to leave again. Source: oecd2024: about 18 percent."""
    return assisted_returnees / reintegration_time * assisted_remigration_share


@stock("person", over=origin, initial="0")
def assisted_returnees(assisted_returns, reintegrations, assisted_remigration):
    """People who went home with help, in their first years back."""
    return total(assisted_returns, over=population) - reintegrations - assisted_remigration


@auxiliary("1", over=(origin, population))
def deportees_coming_back(deportee_remigration_share, return_deterrence):
    """Share of deported people who plan to come back: most, and fewer where they must expect to be deported once more.
    Assumption: the same fear lowers, once they plan, the choice of the irregular way, as for everybody.
    Source: wong2019 for those with ties at destination; amuedodorantes2014 for the sign of what lowers it."""
    return deportee_remigration_share * return_deterrence


@flow("person/year", over=(origin, population))
def deportee_remigration(deported_people, deportee_time, deportees_coming_back):
    """Deported people who plan again to come."""
    return deported_people / deportee_time * deportees_coming_back


@flow("person/year", over=(origin, population))
def deportees_settled(deported_people, deportee_time, deportees_coming_back):
    """Deported people who stay."""
    return deported_people / deportee_time * (1 - deportees_coming_back)


@stock("person", over=(origin, population), initial="0")
def deported_people(enforced_returns, deportee_remigration, deportees_settled):
    """People deported not long ago."""
    return enforced_returns - deportee_remigration - deportees_settled


@auxiliary("person/year", over=origin)
def returns_by_origin(enforced_returns, assisted_returns):
    """People of an origin who lived inland under a return order and actually went, by force or with help."""
    return total(enforced_returns, over=population) + total(assisted_returns, over=population)


@auxiliary("person/year")
def effective_returns(returns_by_origin):
    """People who lived inland under a return order and actually went, by force or with help."""
    return total(returns_by_origin, over=origin)


@auxiliary("1")
def voluntary_return_share(assisted_returns, effective_returns):
    """Share of effective returns that were assisted and voluntary."""
    return divide(total(total(assisted_returns, over=population), over=origin), effective_returns)


@auxiliary("1/year", over=origin)
def visible_return_rate(returns_by_origin, potential_labour_migrants):
    """Returns that people planning to move hear of: how many of their own people for each of them."""
    return divide(returns_by_origin, potential_labour_migrants)


@auxiliary("1/year")
def announced_return_rate(return_publicity, publicity_reach):
    """Risk of return that publicity announces."""
    return return_publicity * publicity_reach


@flow("1/year", over=origin)
def credibility_change(
    visible_return_rate, announced_return_rate, message_credibility, credibility_time, reference_return_rate
):
    """A message is believed as long as returns bear it out. Assumption: first-order delay."""
    return (
        (visible_return_rate + reference_return_rate)
        / (visible_return_rate + announced_return_rate + reference_return_rate)
        - message_credibility
    ) / credibility_time


@stock("1", over=origin, initial="1")
def message_credibility(credibility_change):
    """How far people believe what is announced about return."""
    return credibility_change


@flow("1/year/year", over=origin)
def return_risk_learning(
    visible_return_rate,
    announced_return_rate,
    message_credibility,
    perceived_return_risk,
    return_learning_time,
    publicity_speed,
    return_publicity,
):
    """Belief in return follows what is seen and what is announced and believed; publicity speeds it up."""
    return (
        (visible_return_rate + announced_return_rate * message_credibility**2 - perceived_return_risk)
        / return_learning_time
        * (1 + publicity_speed * return_publicity)
    )


@stock("1/year", over=origin, initial="initial_return_risk")
def perceived_return_risk(return_risk_learning):
    """Risk of being returned as people who plan to move see it."""
    return return_risk_learning
