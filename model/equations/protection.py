"""People in need of protection: flight, orderly ways, claims, decisions, recognition, and those denied."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, route, stock
from pushpull.engine.language.words import divide, exp, minimum, pick, soft_minimum, total


@auxiliary("1/year", over=origin)
def displacement_rate(
    base_displacement_rate,
    felt_conflict,
    conflict_exponent,
    felt_repression,
    persecution_sensitivity,
    felt_environmental_stress,
    environment_displacement,
    people_in_need_of_protection,
    people_at_origin,
    displacement_saturation,
):
    """Chance a year to be driven out by violence; repression and a failing environment make it worse, and where many
    have been driven out from where the violence is, fewer are left there. Assumption: in proportion to how many.
    Source: hatton2015, clemens2017."""
    return (
        base_displacement_rate
        * felt_conflict**conflict_exponent
        * exp(minimum(persecution_sensitivity * felt_repression, 300))
        * (1 + environment_displacement * felt_environmental_stress**2)
        / (
            1
            + displacement_saturation
            * divide(people_in_need_of_protection, people_in_need_of_protection + people_at_origin)
        )
    )


@flow("person/year", over=origin)
def families_displaced(people_at_home, displacement_rate):
    """People whom violence drives out, of all ages but the young."""
    return people_at_home * displacement_rate


@flow("person/year", over=origin)
def young_displaced(young_people, displacement_rate):
    """Young people whom violence drives out."""
    return young_people * displacement_rate


@auxiliary("person/year", over=origin)
def displacement(families_displaced, young_displaced):
    """People whom violence drives out, of any age."""
    return families_displaced + young_displaced


@flow("person/year", over=origin)
def need_ended(people_in_need_of_protection, need_duration, felt_conflict):
    """People who can go back home because the danger has passed."""
    return people_in_need_of_protection / need_duration / (0.5 + 0.5 * felt_conflict)


@stock("person", over=origin, initial="initial_people_in_need")
def people_in_need_of_protection(
    families_drawn,
    young_drawn,
    moving_on,
    families_displaced,
    young_displaced,
    need_ended,
    departures,
    orderly_asylum_arrivals,
    port_arrivals_in_need,
    other_port_arrivals,
    paroled_arrivals,
    resettlement,
    sent_home,
    turned_back_in_transit,
    waiting_in_vain,
    deportees_settled,
    deportee_remigration,
):
    """People driven from their homes, now or before, and those who follow others who were let in, without a safe
    place."""
    return (
        families_drawn
        + young_drawn
        + moving_on
        + families_displaced
        + young_displaced
        - need_ended
        - total(pick(departures, population="protection"), over=route)
        - orderly_asylum_arrivals
        - port_arrivals_in_need
        - other_port_arrivals
        - paroled_arrivals
        - resettlement
        + total(pick(sent_home, population="protection"), over=route)
        + total(pick(turned_back_in_transit, population="protection"), over=route)
        + total(pick(waiting_in_vain, population="protection"), over=route)
        + pick(deportees_settled, population="protection")
        + pick(deportee_remigration, population="protection")
    )


@auxiliary("1")
def orderly_share(asylum_access_granted, orderly_ceiling):
    """Share of those fleeing who can present themselves in an orderly way instead of crossing with smugglers."""
    return asylum_access_granted * orderly_ceiling


@flow("person/year", over=origin)
def orderly_asylum_arrivals(flights, orderly_share):
    """People who ask for asylum without a smuggler."""
    return flights * orderly_share


@auxiliary("person/year", over=origin)
def resettlement_ready(people_in_need_of_protection, resettlement_time):
    """People who could be resettled a year if places were no limit."""
    return people_in_need_of_protection / resettlement_time


@flow("person/year", over=origin)
def resettlement(resettlement_ready, resettlement_places):
    """People brought to safety from the region of origin. Assumption: a soft minimum of need and places, shared by
    need."""
    return divide(resettlement_ready, total(resettlement_ready, over=origin)) * soft_minimum(
        total(resettlement_ready, over=origin), resettlement_places
    )


@auxiliary("1")
def identification_quality(base_identification_quality, training_gain_for_refugees, trained_share):
    """Chance that a person in need is recognised as one, wherever officials decide."""
    return base_identification_quality + training_gain_for_refugees * trained_share


@flow("person/year", over=origin)
def late_claims(newcomers, late_claim_rate, asylum_access_granted, identification_quality):
    """People in need living in irregular stay who claim asylum, as far as the procedure is open and likely
    to succeed.
    Source: hatton2015 for access and the odds of recognition as what moves claims."""
    return pick(newcomers, population="protection") * late_claim_rate * asylum_access_granted * identification_quality


@auxiliary("person/year")
def decisions_ready(asylum_cases_pending, minimum_decision_time):
    """Decisions a year if the offices had no limit."""
    return asylum_cases_pending / minimum_decision_time


@auxiliary("person/year")
def asylum_decisions(decisions_ready, asylum_decision_capacity, asylum_offices):
    """Decisions of asylum offices a year, with the staff they are given: where more claims come in, cases wait.
    Assumption: a soft minimum of cases and capacity."""
    return soft_minimum(decisions_ready, asylum_decision_capacity * asylum_offices)


@auxiliary("person/year", over=origin)
def decisions_by_origin(asylum_decisions, asylum_cases, asylum_cases_pending):
    """Asylum decisions a year on people of an origin, shared by cases."""
    return asylum_decisions * divide(asylum_cases, asylum_cases_pending)


@flow("person/year", over=origin)
def recognitions(decisions_by_origin, need_share, identification_quality):
    """People granted protection."""
    return decisions_by_origin * need_share * identification_quality


@flow("person/year", over=origin)
def refusals(decisions_by_origin, need_share, identification_quality):
    """Claims refused, some of them wrongly."""
    return decisions_by_origin * (1 - need_share * identification_quality)


@stock("person", over=origin, initial="initial_asylum_cases * initial_resident_share")
def asylum_cases(orderly_asylum_arrivals, paroled_arrivals, late_claims, claims_to_offices, recognitions, refusals):
    """People of an origin waiting for an asylum decision."""
    return (
        orderly_asylum_arrivals
        + paroled_arrivals
        + late_claims
        + total(total(claims_to_offices, over=population), over=route)
        - recognitions
        - refusals
    )


@auxiliary("person")
def asylum_cases_pending(asylum_cases):
    """People waiting for an asylum decision."""
    return total(asylum_cases, over=origin)


@flow("person/year", over=origin)
def refugee_returns(recognised_refugees, refugee_return_rate):
    """Refugees who go home by choice."""
    return recognised_refugees * refugee_return_rate


@flow("person/year", over=origin)
def refugees_settled(recognised_refugees, refugee_settlement_time):
    """Refugees who receive a lasting right to stay."""
    return recognised_refugees / refugee_settlement_time


@stock("person", over=origin, initial="initial_refugees * initial_resident_share")
def recognised_refugees(
    recognitions, court_recognitions, resettlement, exceptional_cases, refugee_returns, refugees_settled
):
    """People living at destination under recognised protection."""
    return (
        recognitions
        + court_recognitions
        + resettlement
        + pick(exceptional_cases, population="protection")
        - refugee_returns
        - refugees_settled
    )


@auxiliary("person/year")
def wrong_refusals(decisions_by_origin, need_share, identification_quality, wrong_court_refusals):
    """People in need of protection whose claim is refused."""
    return total(decisions_by_origin * need_share * (1 - identification_quality) + wrong_court_refusals, over=origin)


@auxiliary("person/year")
def protection_gap(
    interdictions,
    denied_share,
    stopped_by_agreement,
    wrong_refusals,
    wrongly_returned,
    irregular_arrivals,
    asylum_access_granted,
    need_share,
):
    """Denials of protection to people in need a year: at the border, on arrival, on the way where new effort has a
    transit state stop them, by a wrong decision or return. A person denied twice counts twice."""
    return (
        total(
            need_share
            * (
                total(pick(interdictions, population="protection"), over=route) * denied_share
                + total(pick(irregular_arrivals, population="protection"), over=route) * (1 - asylum_access_granted)
                + pick(stopped_by_agreement, population="protection")
            ),
            over=origin,
        )
        + wrong_refusals
        + wrongly_returned
    )
