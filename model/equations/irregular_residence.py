"""Irregular stay: work, debt and exploitation, going back, gaining a status."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, route, stock
from pushpull.engine.language.words import by_population, divide, maximum, minimum, pick, soft_minimum, total


@auxiliary("year", over=origin)
def fee_burden(expected_passage_cost, repayment_capacity, earnings_growth):
    """Years of saving that a passage costs; who earns more repays sooner. Source: koser2008: about two years."""
    return expected_passage_cost / (repayment_capacity * earnings_growth)


@auxiliary("1", over=origin)
def debt_bondage(fee_burden, reference_fee_burden, debt_sensitivity, protection_effect, victim_protection):
    """How debt, and too little protection, feed exploitation (1 at the start, without protection)."""
    return (fee_burden / reference_fee_burden) ** debt_sensitivity * (1 - protection_effect * victim_protection)


@auxiliary("1", over=(origin, route))
def exploitation_risk(exploitation_odds, debt_bondage, guided_share):
    """Chance that an arrival ends in forced labour or debt bondage; it grows with the debt.
    Source: iom2016, iom_survey2016."""
    return exploitation_odds * guided_share * debt_bondage / (1 + exploitation_odds * guided_share * debt_bondage)


@flow("person/year", over=(origin, population, route))
def arrivals_into_exploitation(irregular_arrivals, exploitation_risk):
    """Arrivals held by debt or force."""
    return irregular_arrivals * exploitation_risk


@flow("person/year", over=(origin, population, route))
def free_arrivals(irregular_arrivals, exploitation_risk):
    """Arrivals who are free to find their own way."""
    return irregular_arrivals * (1 - exploitation_risk)


@flow("person/year", over=(origin, population))
def pulled_into_exploitation(
    newcomers, workplace_exploitation_rate, integration_support, integration_effect, employer_compliance
):
    """Recent arrivals who fall under the control of an employer or a lender; insecure work leads to it."""
    return (
        newcomers
        * workplace_exploitation_rate
        * (1 - integration_effect * integration_support)
        * (1 - employer_compliance)
    )


@flow("person/year", over=(origin, population))
def debts_repaid(exploited, bondage_time, fee_burden, reference_fee_burden):
    """People who pay off their debt through work; larger debts take longer."""
    return exploited / bondage_time * (2 * reference_fee_burden / (reference_fee_burden + fee_burden))


@auxiliary("1/year")
def identification_rate(
    base_identification_rate,
    victim_protection,
    identification_gain,
    trained_share,
    training_gain_for_victims,
    data_in_use,
):
    """Chance a year that a victim is found and recognised as one. Source: tip2010: below one percent today."""
    return (
        base_identification_rate
        * (1 + identification_gain * victim_protection)
        * (1 + training_gain_for_victims * trained_share)
        * (1 + data_in_use)
    )


@flow("person/year", over=(origin, population))
def victims_found(exploited, identification_rate):
    """Victims identified, by population."""
    return exploited * identification_rate


@stock("person", over=(origin, population), initial="initial_exploited * initial_resident_share")
def exploited(arrivals_into_exploitation, pulled_into_exploitation, debts_repaid, victims_found):
    """People in forced labour, forced prostitution or debt bondage."""
    return total(arrivals_into_exploitation, over=route) + pulled_into_exploitation - debts_repaid - victims_found


@flow("person/year", over=origin)
def victims_settled(identified_victims, victim_support_time, victim_protection):
    """Identified victims who receive a lasting right to stay."""
    return identified_victims / victim_support_time * victim_protection


@flow("person/year", over=origin)
def victims_gone_home(identified_victims, victim_support_time, victim_protection):
    """Identified victims who go home."""
    return identified_victims / victim_support_time * (1 - victim_protection)


@stock("person", over=origin, initial="0")
def identified_victims(victims_found, victims_settled, victims_gone_home):
    """Victims identified and in care."""
    return total(victims_found, over=population) - victims_settled - victims_gone_home


@auxiliary("1", over=origin)
def reentry_hardness(
    expected_passage_cost,
    reference_passage_cost,
    interdiction_probability,
    initial_interdiction_probability,
    route_choice,
    initial_route_choice,
    earnings_growth,
):
    """How hard it would be to come back, in earnings and in tries, one at the start of the record."""
    return (
        expected_passage_cost
        / (reference_passage_cost * earnings_growth)
        * total(initial_route_choice * (1 - initial_interdiction_probability), over=route)
        / total(route_choice * (1 - interdiction_probability), over=route)
    )


@auxiliary("1", over=origin)
def freedom_to_return(
    reentry_hardness, lock_in_strength, informal_job_availability, reference_job_availability, job_return_sensitivity
):
    """Readiness to go home, one at the start: those who could not come back stay. Source: angelucci2012, massey2016.
    Assumption: where no jobs are left at all, they weigh as one in a thousand million, and nobody is more than a
    thousand times as ready."""
    return minimum(
        reentry_hardness**-lock_in_strength
        * (maximum(informal_job_availability, 1e-9) / reference_job_availability) ** -job_return_sensitivity,
        1000,
    )


@auxiliary("1/year", over=(origin, population))
def voluntary_return_rate(base_return_rate, freedom_to_return):
    """Chance a year that a newcomer goes home of their own accord."""
    return base_return_rate * freedom_to_return


@auxiliary("person/year", over=(origin, population))
def newcomer_returns(newcomers, voluntary_return_rate):
    """Newcomers who go home of their own accord."""
    return newcomers * voluntary_return_rate


@flow("person/year", over=origin)
def returns_to_try_again(newcomer_returns, circular_share):
    """Workers who go home for a while and mean to come again."""
    return pick(newcomer_returns, population="labour") * circular_share


@flow("person/year", over=(origin, population))
def returns_for_good(newcomer_returns, circular_share):
    """Newcomers who go home to stay."""
    return by_population(
        labour=pick(newcomer_returns, population="labour") * (1 - circular_share),
        protection=pick(newcomer_returns, population="protection"),
    )


@flow("person/year", over=(origin, population))
def settled_returns(settled_residents, rooted_return_rate, freedom_to_return):
    """Settled people who go home for good: few, with homes and children where they are."""
    return settled_residents * rooted_return_rate * freedom_to_return


@auxiliary("person/year", over=(origin, population))
def voluntary_returns(newcomer_returns, settled_returns):
    """Residents who go home of their own accord."""
    return newcomer_returns + settled_returns


@auxiliary("person/year")
def regularised(regularisation, residents_without_status, overstayers, regularisation_reach):
    """People without a right to stay who are given one by a programme. Assumption: a soft minimum of its places and of
    those whom it can reach in a year."""
    return soft_minimum(
        regularisation,
        total(total(residents_without_status, over=population) + overstayers, over=origin) * regularisation_reach,
    )


@auxiliary("1/year")
def regularised_share(regularised, residents_without_status, overstayers):
    """Chance a year to be given a right to stay by a programme."""
    return divide(regularised, total(total(residents_without_status, over=population) + overstayers, over=origin))


@flow("person/year", over=(origin, population))
def status_gained(newcomers, regularisation_rate, integration_support, integration_gain, regularised_share):
    """Newcomers who obtain lasting legal status, sooner with integration support, or are given it by a programme."""
    return newcomers * (regularisation_rate * (1 + integration_gain * integration_support) + regularised_share)


@flow("person/year", over=(origin, population))
def settled_status_gained(
    settled_residents, regularisation_rate, integration_support, integration_gain, regularised_share
):
    """Settled people who find a lasting legal footing, or are given one by a programme."""
    return settled_residents * (regularisation_rate * (1 + integration_gain * integration_support) + regularised_share)


@flow("person/year", over=origin)
def visitors_staying(visitor_overstays, document_security, document_effect, people_at_home, visitor_ceiling):
    """People who come as visitors, or with papers that are not theirs, and stay on: fewer where documents and
    departures are checked. Assumption: a soft minimum of them and of those who could travel."""
    return soft_minimum(visitor_overstays * (1 - document_effect * document_security), people_at_home * visitor_ceiling)


@flow("person/year", over=origin)
def visitors_planning_again(
    visitor_overstays, document_security, document_effect, people_at_home, visitor_ceiling, document_substitution
):
    """People kept from coming with a visa or with papers that are not theirs who plan to come another way."""
    return (
        soft_minimum(visitor_overstays * document_effect * document_security, people_at_home * visitor_ceiling)
        * document_substitution
    )


@flow("person/year", over=origin)
def overstayers_leaving(overstayers, overstayer_leaving_rate):
    """People who came as visitors and go home after all."""
    return overstayers * overstayer_leaving_rate


@flow("person/year", over=origin)
def overstayers_settled(overstayers, regularisation_rate, integration_support, integration_gain, regularised_share):
    """People who came as visitors and find a lasting legal footing, or are given one by a programme."""
    return overstayers * (regularisation_rate * (1 + integration_gain * integration_support) + regularised_share)


@flow("person/year", over=origin)
def overstayers_ordered(overstayers, order_rate):
    """People who came as visitors and receive a return decision."""
    return overstayers * order_rate


@stock("person", over=origin, initial="initial_overstayers * initial_resident_share")
def overstayers(visitors_staying, overstayers_leaving, overstayers_settled, overstayers_ordered):
    """People who came as visitors, or with papers that are not theirs, and live at destination without a right to stay.
    Assumption: whoever came so helps nobody on a smugglers' route."""
    return visitors_staying - overstayers_leaving - overstayers_settled - overstayers_ordered


@flow("person/year", over=(origin, population))
def settling(newcomers, settling_time):
    """Newcomers who put down roots. Source: oecd2008 for the years in which most of those who leave have left."""
    return newcomers / settling_time


@stock(
    "person",
    over=(origin, population),
    initial="initial_residents * initial_resident_share * (1 - initial_settled_share)",
)
def newcomers(
    free_arrivals,
    let_go,
    overstays,
    debts_repaid,
    absconding,
    pulled_into_exploitation,
    returns_to_try_again,
    returns_for_good,
    return_orders,
    status_gained,
    late_claims,
    settling,
):
    """People without a right to stay in their first years at destination, when many come and go."""
    return (
        total(free_arrivals, over=route)
        + total(let_go, over=route)
        + by_population(labour=overstays, protection=0)
        + debts_repaid
        + absconding
        - pulled_into_exploitation
        - by_population(labour=returns_to_try_again, protection=0)
        - returns_for_good
        - return_orders
        - status_gained
        - by_population(labour=0, protection=late_claims)
        - settling
    )


@stock(
    "person", over=(origin, population), initial="initial_residents * initial_resident_share * initial_settled_share"
)
def settled_residents(settling, settled_returns, settled_return_orders, settled_status_gained):
    """People without a right to stay who have put down roots."""
    return settling - settled_returns - settled_return_orders - settled_status_gained


@auxiliary("person", over=(origin, population))
def residents_without_status(newcomers, settled_residents):
    """People who live at destination without a right to stay, free to work where they can."""
    return newcomers + settled_residents


@auxiliary("person")
def people_exploited(exploited):
    """People in exploitation at a time."""
    return total(total(exploited, over=population), over=origin)


@auxiliary("person/year")
def victims_identified(victims_found):
    """Victims of exploitation identified a year."""
    return total(total(victims_found, over=population), over=origin)


@auxiliary("person", over=origin)
def residents_by_origin(residents_without_status, overstayers, exploited, return_cases_pending):
    """People of an origin living at destination without a right to stay."""
    return (
        total(residents_without_status, over=population)
        + overstayers
        + total(exploited, over=population)
        + total(return_cases_pending, over=population)
    )


@auxiliary("person")
def irregular_residents(residents_by_origin):
    """People living at destination without a right to stay."""
    return total(residents_by_origin, over=origin)
