"""Who wishes to leave, who has the means, and which way: home, legal channel, or a route with a smuggler."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, rival, route, stock
from pushpull.engine.language.words import divide, maximum, minimum, pick, total


@flow("person/year", over=origin, boundary="births less deaths")
def natural_growth(people_at_origin, population_growth):
    """Births minus deaths at origin. Source: wpp2024."""
    return people_at_origin * population_growth


@stock("person", over=origin, initial="0", signed=True)
def cumulative_natural_growth(natural_growth):
    """Births minus deaths since the start of the run: people added across the model's edge."""
    return natural_growth


@stock("person", over=origin, initial="initial_people_at_home")
def people_at_home(
    natural_growth,
    coming_of_age,
    young_grown_older,
    planners_grown_older,
    families_displaced,
    families_drawn,
    moving_on,
    need_ended,
    unmatched_admissions,
    visitors_staying,
    visitors_planning_again,
    overstayers_leaving,
    returns_for_good,
    settled_returns,
    seasonal_workers_home,
    other_permits_ended,
    permanent_returns,
    refugee_returns,
    reintegrations,
    deportees_settled,
    victims_gone_home,
    circular_ageing,
):
    """People at origin who are not of the age to leave for work, or came back for good, and need no protection; those
    displaced to third countries are counted among them."""
    return (
        natural_growth
        - coming_of_age
        + young_grown_older
        + planners_grown_older
        - families_displaced
        - families_drawn
        - moving_on
        + need_ended
        - unmatched_admissions
        - visitors_staying
        - visitors_planning_again
        + overstayers_leaving
        + total(returns_for_good, over=population)
        + total(settled_returns, over=population)
        + seasonal_workers_home
        + other_permits_ended
        + permanent_returns
        + refugee_returns
        + reintegrations
        + pick(deportees_settled, population="labour")
        + victims_gone_home
        + circular_ageing
    )


@auxiliary("person", over=origin)
def people_at_origin(people_at_home, young_people):
    """People at origin, of any age, who neither plan to leave nor need protection."""
    return people_at_home + young_people


@auxiliary("person", over=origin)
def diaspora(
    residents_without_status,
    exploited,
    return_cases_pending,
    identified_victims,
    asylum_cases,
    court_cases,
    temporary_workers,
    other_permit_holders,
    permanent_workers,
    recognised_refugees,
):
    """People from the corridor's origin who live at destination, whatever their status."""
    return (
        total(residents_without_status, over=population)
        + total(exploited, over=population)
        + total(return_cases_pending, over=population)
        + identified_victims
        + asylum_cases
        + court_cases
        + temporary_workers
        + other_permit_holders
        + permanent_workers
        + recognised_refugees
    )


@auxiliary("1", over=origin)
def network_help(newcomers, reference_newcomers, initial_resident_share, network_sensitivity):
    """Help from those of one's own origin who came to work lately and still have one foot at home: one at the
    reference, and never nothing, as half of it does not depend on them. It acts in equal parts on who plans to leave
    for work and on who leaves, and whole on how soon people set out who flee.
    Assumption: a power of that mean; those who settled long ago help their own alone."""
    return (
        0.5 + 0.5 * pick(newcomers, population="labour") / (reference_newcomers * initial_resident_share)
    ) ** network_sensitivity


@auxiliary("1", over=origin)
def crowding_of_entrants(relative_cohort, reference_relative_cohort, cohort_sensitivity):
    """How the size of the cohort that enters work at origin, beside those at work already, adds to the wish to leave.
    Assumption: in proportion to a power of their ratio; one at the reference."""
    return (relative_cohort / reference_relative_cohort) ** cohort_sensitivity


@auxiliary("1", over=origin)
def labour_wish(income_gap, reference_income_gap, wage_gap_sensitivity, crowding_of_entrants):
    """Wish to leave for work: 1 at the reference gap and cohort, and 0 where no gap is left.
    Source: hanson1999."""
    return (maximum(income_gap - 1, 0) / (reference_income_gap - 1)) ** wage_gap_sensitivity * crowding_of_entrants


@auxiliary("1", over=origin)
def climate_push(felt_repression, repression_sensitivity):
    """How a repressive climate adds to the wish to leave. Source: hatton2015 for the sign."""
    return 1 + repression_sensitivity * felt_repression


@flow("person/year", over=origin)
def coming_of_age(people_at_home, young_share, youth_time):
    """People who turn 15, the age from which they may leave for work. Source: wpp2024 for the share of the young."""
    return people_at_home * young_share / (1 - young_share) / youth_time


@flow("person/year", over=origin)
def young_grown_older(young_people, youth_time):
    """People who turn 30 at origin without a plan to leave. Assumption: first-order ageing."""
    return young_people / youth_time


@stock("person", over=origin, initial="initial_young_people")
def young_people(
    coming_of_age,
    young_grown_older,
    wish_formed,
    wish_dropped,
    young_displaced,
    young_drawn,
    sent_home,
    turned_back_in_transit,
    waiting_in_vain,
):
    """People of 15 to 29 at origin who have no plan to leave. Who has left is gone from them: only a new generation
    takes their place."""
    return (
        coming_of_age
        - young_grown_older
        - wish_formed
        + wish_dropped
        - young_displaced
        - young_drawn
        + total(pick(sent_home, population="labour"), over=route)
        + total(pick(turned_back_in_transit, population="labour"), over=route)
        + total(pick(waiting_in_vain, population="labour"), over=route)
    )


@flow("person/year", over=origin)
def wish_formed(
    young_people,
    wish_formation_rate,
    labour_wish,
    wish_saturation,
    climate_push,
    network_help,
    perceived_prospects,
    prospects_sensitivity,
):
    """Young people who begin to plan a move for work: most who ever leave do so first when young; prospects at home
    hold them back.
    Source: gallup2012 for the funnel, gallup2011_connections for help abroad."""
    return (
        young_people
        * wish_formation_rate
        * labour_wish
        / (labour_wish + wish_saturation)
        * climate_push
        * network_help**0.5
        / (1 + prospects_sensitivity * perceived_prospects)
    )


@flow("person/year", over=origin)
def wish_dropped(potential_labour_migrants, wish_duration):
    """People who give up the plan; while they are young they may form another."""
    return potential_labour_migrants / wish_duration


@flow("person/year", over=origin)
def planners_grown_older(potential_labour_migrants, youth_time):
    """People who have grown older with a plan they never carried out. Assumption: first-order ageing."""
    return potential_labour_migrants / youth_time


@stock("person", over=origin, initial="initial_potential_labour_migrants * initial_attempt_share")
def potential_labour_migrants(
    wish_formed,
    wish_dropped,
    planners_grown_older,
    departures,
    legal_applications,
    applications_withdrawn,
    visitors_planning_again,
    circular_departures,
    seasonal_workers_planning_again,
    assisted_remigration,
    deportee_remigration,
):
    """People at origin who plan to move for work."""
    return (
        wish_formed
        - wish_dropped
        - planners_grown_older
        - total(pick(departures, population="labour"), over=route)
        - legal_applications
        + applications_withdrawn
        + visitors_planning_again
        + circular_departures
        + seasonal_workers_planning_again
        + assisted_remigration
        + pick(deportee_remigration, population="labour")
    )


@auxiliary("USD/person", over=origin)
def expected_passage_cost(route_choice, smuggler_fee, fee_distance, guided_share):
    """What the journey is expected to cost, over the routes taken."""
    return total(route_choice * smuggler_fee * guided_share, over=route) * fee_distance


@auxiliary("USD/person", over=origin)
def reference_passage_cost(initial_route_choice, reference_fee, fee_distance, initial_guided_share):
    """What the journey was expected to cost at the start of the record, over the routes taken."""
    return total(initial_route_choice * reference_fee * initial_guided_share, over=route) * fee_distance


@rival("means_to_leave", "1", over=origin, setting="development_effect", formula="hump_clemens2020")
def means_to_leave_hump(
    household_income,
    means_half_income,
    means_steepness,
    expected_passage_cost,
    reference_passage_cost,
    fee_affordability,
):
    """Share of those who wish to go who can pay: income first raises the means. Source: clemens2020."""
    return 1 / (
        1
        + (means_half_income / household_income) ** means_steepness
        * (expected_passage_cost / reference_passage_cost) ** fee_affordability
    )


@rival("means_to_leave", "1", over=origin, setting="development_effect", formula="decline_berthiaume2021")
def means_to_leave_without_hump(means_without_hump, expected_passage_cost, reference_passage_cost, fee_affordability):
    """Share who can pay, whatever the income: development then only lowers the wish. Source: berthiaume2021."""
    return 1 / (
        1 + (1 / means_without_hump - 1) * (expected_passage_cost / reference_passage_cost) ** fee_affordability
    )


@flow("1/year", over=(origin, route))
def chance_learning(chance_to_get_through, perceived_chance, success_perception_time):
    """News of who got through, and of who gave up, travels within months. Assumption: first-order delay."""
    return (chance_to_get_through - perceived_chance) / success_perception_time


@stock(
    "1",
    over=(origin, route),
    initial="(1 - initial_interdiction_probability + initial_interdiction_probability * let_go_share)"
    " / (1 - pick(retry_share_after_stop, population='labour')"
    " * initial_interdiction_probability * (1 - let_go_share))",
)
def perceived_chance(chance_learning):
    """Chance to arrive in the end, as people at origin see it who think of leaving."""
    return chance_learning


@flow("1/year")
def awareness_change(information_campaigns, risk_awareness, awareness_time):
    """Campaigns inform quickly and are forgotten quickly. Source: iom_gmdac2019 for three months."""
    return (information_campaigns - risk_awareness) / awareness_time


@stock("1", initial="information_campaigns")
def risk_awareness(awareness_change):
    """Share of people planning to move who have heard a credible warning of the journey's risks."""
    return awareness_change


@auxiliary("1", over=origin)
def return_deterrence(perceived_return_risk, return_sensitivity):
    """How the risk of being returned holds people back. Source: amuedodorantes2014 for the sign."""
    return 1 / (1 + return_sensitivity * perceived_return_risk)


@auxiliary("1")
def job_pull(informal_job_availability, reference_job_availability, job_pull_sensitivity):
    """How jobs that can be had without a permit draw people: news of them hastens departures.
    One at the reference. Assumption: where no jobs are left at all, they weigh as one in a thousand million."""
    return (maximum(informal_job_availability, 1e-9) / reference_job_availability) ** job_pull_sensitivity


@auxiliary("1", over=origin)
def chance_seen(route_choice, perceived_chance, route_opening, transit_pass_share):
    """Chance to arrive in the end as people of an origin see it, over the routes they take: past transit states, past
    the patrols, and on from where they come in."""
    return total(route_choice * perceived_chance * route_opening, over=route) * transit_pass_share


@auxiliary("1", over=origin)
def irregular_appeal(
    chance_seen,
    reference_success,
    success_sensitivity,
    return_deterrence,
    campaign_effect,
    risk_awareness,
    rescue_pull,
):
    """How attractive leaving irregularly is: 1 at the reference. Assumption: the parts multiply."""
    return (
        (chance_seen / reference_success) ** success_sensitivity
        * return_deterrence
        * (1 - campaign_effect * risk_awareness)
        * rescue_pull
    )


@rival("rescue_pull", "1", over=origin, setting="rescue_effect", formula="no_pull_rodriguezsanchez2023")
def rescue_without_pull():
    """Rescue does not draw people onto the route. Source: rodriguezsanchez2023."""
    return 1


@rival("rescue_pull", "1", over=origin, setting="rescue_effect", formula="pull_deiana2021")
def rescue_with_pull(route_choice, rescue_coverage, rescue_pull_strength):
    """Rescue makes the route look safer and draws more people. Source: deiana2021."""
    return 1 + rescue_pull_strength * total(route_choice * rescue_coverage, over=route)


@auxiliary("1", over=origin)
def irregular_weight(irregular_appeal, choice_sharpness):
    """Weight of leaving irregularly beside waiting for a legal job. Source: mcfadden1974."""
    return irregular_appeal**choice_sharpness


@auxiliary("1", over=origin)
def legal_weight(permit_odds, legal_preference, choice_sharpness):
    """Weight of waiting for a legal job: much better, if only the odds were good. Source: mcfadden1974."""
    return (legal_preference * permit_odds) ** choice_sharpness


@auxiliary("1", over=origin)
def going_weight(irregular_weight, legal_weight, choice_sharpness, leaving_sharpness):
    """Weight of going one way or the other beside staying. Assumption: the two ways are compared with each other more
    sharply than going is with staying, as in a nested logit."""
    return (irregular_weight + legal_weight) ** (leaving_sharpness / choice_sharpness)


@auxiliary("1", over=origin)
def irregular_choice(irregular_weight, legal_weight, going_weight, stay_weight):
    """Share of those ready to go who leave irregularly rather than wait for a permit or stay. Source: mcfadden1974."""
    return going_weight / (going_weight + stay_weight) * irregular_weight / (irregular_weight + legal_weight)


@auxiliary("person/year", over=origin)
def first_departures(
    potential_labour_migrants,
    departure_rate,
    labour_wish,
    means_to_leave,
    network_help,
    job_pull,
    irregular_choice,
    departures_left_over,
):
    """People who plan to go and set out irregularly for work: if they can pay, if they choose to, sooner when jobs
    attract them, and when those who came lately help them."""
    return (
        potential_labour_migrants
        * departure_rate
        * labour_wish
        * means_to_leave
        * network_help**0.5
        * job_pull
        * irregular_choice
        * departures_left_over
    )


@flow("person/year", over=origin)
def circular_departures(
    circular_migrants,
    circular_departure_rate,
    labour_wish,
    job_pull,
    return_deterrence,
    chance_seen,
    departures_left_over,
):
    """People home from a stay who set out again: while they earn more there, when jobs attract them and when they can
    get through, unless they fear return. Assumption: they know the way and the price, weigh neither against a legal
    job, answer wages and jobs half as strongly as others, and never go more than fifty times as soon as usual."""
    return (
        circular_migrants
        * circular_departure_rate
        * minimum((labour_wish * job_pull) ** 0.5 * return_deterrence * chance_seen * departures_left_over, 50)
    )


@flow("person/year", over=origin)
def circular_ageing(circular_migrants, circular_time):
    """People home from a stay who stay for good: they grow older, or find work."""
    return circular_migrants / circular_time


@stock("person", over=origin, initial="initial_circular_migrants * initial_attempt_share")
def circular_migrants(returns_to_try_again, circular_departures, circular_ageing):
    """People home from a stay at destination who would go again. Fewer return where coming back is hard, and then fewer
    set out anew."""
    return returns_to_try_again - circular_departures - circular_ageing


@auxiliary("person/year", over=origin)
def willing_departures(first_departures, circular_departures):
    """People who would set out irregularly for work if nobody in their trade were let in."""
    return first_departures + circular_departures


@auxiliary("person/year", over=origin)
def labour_departures(willing_departures, matched_admissions, permit_substitution):
    """People who set out irregularly for work: each permit to work takes at most a part of a person off them, at any
    odds, and less as permits come near those who would go. Assumption: so that never more are taken off than would
    go."""
    return willing_departures * divide(
        willing_departures, willing_departures + permit_substitution * matched_admissions
    )


@auxiliary("1/year", over=origin)
def flight_rate(
    base_flight_rate, network_help, chance_seen, reference_success, flight_success_sensitivity, departures_left_over
):
    """How soon people in need of protection set out: enforcement hardly deters them. Source: hatton2015."""
    return (
        base_flight_rate
        * network_help
        * (chance_seen / reference_success) ** flight_success_sensitivity
        * departures_left_over
    )


@auxiliary("person/year", over=origin)
def flights(people_in_need_of_protection, flight_rate, displacement, direct_flight_share, opening_pull):
    """People in need of protection who set out: some at once when they are driven out, the rest in time, as far as
    there is a way.
    Source: weber2016 for how soon claims follow violence."""
    return (people_in_need_of_protection * flight_rate + displacement * direct_flight_share) * opening_pull


@auxiliary("person/year", over=origin)
def protection_departures(protection_sought, port_arrivals, paroled_arrivals):
    """People in need of protection who set out on smugglers' routes because no orderly way is open, or because others
    were let in at the border."""
    return protection_sought - port_arrivals - paroled_arrivals
