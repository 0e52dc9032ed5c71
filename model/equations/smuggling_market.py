"""Smugglers: demand, capacity, fees, evasion, and how they answer to risk."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, route, stock
from pushpull.engine.language.words import divide, maximum, total


@auxiliary("1", over=route)
def guided_share(independent_share, interdiction_probability, remoteness):
    """Share of crossings with a smuggler: the harder the way, the fewer go alone. Source: nrc2011 for the range."""
    return 1 - independent_share * (1 - interdiction_probability) * (1 - remoteness)


@auxiliary("person/year", over=route)
def smuggling_demand(crossings_sought, guided_share):
    """Crossings for which people look for a smuggler."""
    return total(total(crossings_sought, over=population), over=origin) * guided_share


@auxiliary("1", over=route)
def spare_capacity(smuggler_capacity, capacity_slack, smuggling_demand):
    """Passages smugglers could offer at full stretch, relative to demand."""
    return divide(smuggler_capacity * capacity_slack, smuggling_demand)


@auxiliary("1", over=route)
def service(spare_capacity):
    """Share of the demand that smugglers can serve; zero without smugglers. Assumption: a soft minimum."""
    return spare_capacity / (1 + spare_capacity**4) ** 0.25


@auxiliary("1", over=route)
def initial_guided_share(independent_share, initial_interdiction_probability, initial_remoteness):
    """Share of crossings with a smuggler at the start of the record."""
    return 1 - independent_share * (1 - initial_interdiction_probability) * (1 - initial_remoteness)


@auxiliary("1", over=route)
def passage_availability(guided_share, service):
    """Chance to find a passage, with or without a guide."""
    return 1 - guided_share * (1 - service)


@auxiliary("1", over=route)
def scarcity(smuggling_demand, smuggler_capacity):
    """Demand against capacity: one when they are equal, at most two."""
    return maximum(2 * divide(smuggling_demand, smuggling_demand + smuggler_capacity), 0)


@auxiliary("1", over=route)
def hardship(
    remoteness,
    initial_remoteness,
    remoteness_cost,
    interdiction_probability,
    initial_interdiction_probability,
    risk_pass_through,
):
    """How much more a harder journey costs to provide. Source: gathmann2008 for the small size of the risk part."""
    return (
        (1 + remoteness_cost * remoteness)
        / (1 + remoteness_cost * initial_remoteness)
        * ((1 - initial_interdiction_probability) / (1 - interdiction_probability)) ** risk_pass_through
    )


@auxiliary("1")
def smuggling_wage(earnings_growth, wage_pass_through):
    """Pay that guides and helpers ask for, as incomes at destination rise. Assumption: partial pass-through."""
    return earnings_growth**wage_pass_through


@auxiliary("person")
def initial_diaspora(
    initial_residents,
    initial_exploited,
    initial_return_cases,
    initial_temporary_workers,
    initial_other_permit_holders,
    initial_permanent_workers,
    initial_refugees,
    initial_asylum_cases,
    initial_court_cases,
):
    """People from the corridor's origin who lived at destination at the start of the record."""
    return (
        total(initial_residents, over=population)
        + total(initial_exploited, over=population)
        + total(initial_return_cases, over=population)
        + initial_temporary_workers
        + initial_other_permit_holders
        + initial_permanent_workers
        + initial_refugees
        + initial_asylum_cases
        + initial_court_cases
    )


@auxiliary("1")
def debt_capacity(diaspora, initial_diaspora, debt_capacity_elasticity):
    """How much more a family can raise for a passage: relatives abroad lend and pay.
    Assumption: a power of how many are abroad."""
    return (total(diaspora, over=origin) / initial_diaspora) ** debt_capacity_elasticity


@auxiliary("1", over=route)
def deterrence(
    perceived_conviction_risk, effective_sentence, reference_sentence, severity_elasticity, deterrence_strength
):
    """How the risk of conviction weighs on smugglers: certainty counts in full, severity hardly. Source: nagin2013."""
    return (
        deterrence_strength
        * perceived_conviction_risk
        * (effective_sentence / reference_sentence) ** severity_elasticity
    )


@auxiliary("USD/person", over=route)
def indicated_fee(
    reference_fee, scarcity, scarcity_elasticity, hardship, smuggling_wage, debt_capacity, deterrence, risk_premium
):
    """Fee that scarcity, hardship, wages, what families can raise, and the risk of conviction call for."""
    return (
        reference_fee
        * scarcity**scarcity_elasticity
        * hardship
        * smuggling_wage
        * debt_capacity
        * (1 + risk_premium * deterrence)
    )


@flow("USD/person/year", over=route)
def fee_adjustment(indicated_fee, smuggler_fee, fee_adjustment_time):
    """The market closes the gap to the indicated fee. Source: sterman2000 for the form."""
    return (indicated_fee - smuggler_fee) / fee_adjustment_time


@stock("USD/person", over=route, initial="reference_fee")
def smuggler_fee(fee_adjustment):
    """Going price of a passage."""
    return fee_adjustment


@auxiliary("USD/person", over=route)
def passage_cost(reference_fee, hardship, smuggling_wage, debt_capacity, cost_share):
    """What a passage costs the smuggler: guides, transport, forgers, bribes. Source: koser2008 for the share.
    Assumption: those who must be paid on the way ask for their share of what clients can raise."""
    return reference_fee * cost_share * hardship * smuggling_wage * debt_capacity


@auxiliary("1", over=route)
def profit_ratio(smuggler_fee, passage_cost, cost_share):
    """What the fee leaves above the cost of a passage, one at the start of the record."""
    return maximum(smuggler_fee - passage_cost, 0) / passage_cost * cost_share / (1 - cost_share)


@auxiliary("person/year", over=route)
def indicated_capacity(smuggling_demand, profit_ratio, profit_sensitivity, deterrence, reference_deterrence):
    """Passages a year that smugglers would offer at this profit and this risk."""
    return (
        smuggling_demand
        * (1 - profit_sensitivity + profit_sensitivity * profit_ratio)
        * (1 + reference_deterrence)
        / (1 + deterrence)
    )


@flow("person/year/year", over=route)
def capacity_entry(indicated_capacity, smuggler_capacity, smuggler_exit_time):
    """New smugglers; entry is much faster than exit. Source: bbc_niger_repeal for the asymmetry."""
    return (
        indicated_capacity
        / smuggler_exit_time
        * (2 * divide(indicated_capacity, indicated_capacity + smuggler_capacity)) ** 2
    )


@flow("person/year/year", over=route)
def capacity_exit(smuggler_capacity, smuggler_exit_time):
    """Smugglers who leave the trade by themselves."""
    return smuggler_capacity / smuggler_exit_time


@flow("person/year/year", over=route)
def capacity_lost_to_convictions(smuggler_capacity, conviction_risk):
    """Passages that convicted smugglers no longer offer; small units, quickly replaced. Source: campana2018."""
    return smuggler_capacity * conviction_risk


@flow("person/year/year", over=route)
def capacity_moves(smuggler_capacity, smuggling_demand, relocation_time, relocation_drag, international_cooperation):
    """Networks follow the traffic to other routes; co-operation slows them. Source: osw2015 for the speed."""
    return (
        (
            divide(smuggling_demand, total(smuggling_demand, over=route)) * total(smuggler_capacity, over=route)
            - smuggler_capacity
        )
        / relocation_time
        * (1 - relocation_drag * international_cooperation)
    )


@stock(
    "person/year",
    over=route,
    initial="initial_route_share * initial_attempts * (1 - independent_share * (1 - initial_interdiction_probability)"
    " * remote_half_density / (1 + remote_half_density))",
)
def smuggler_capacity(capacity_entry, capacity_exit, capacity_lost_to_convictions, capacity_moves):
    """Passages a year that smugglers can offer."""
    return capacity_entry - capacity_exit - capacity_lost_to_convictions + capacity_moves


@auxiliary("offender", over=route)
def smugglers(smuggler_capacity, passages_per_smuggler):
    """People active as smugglers on a route."""
    return smuggler_capacity / passages_per_smuggler


@auxiliary("1", over=route)
def enforcement_encounters(
    patrol_density, perceived_conviction_risk, conviction_learning_time, smuggling_demand, evasion_traffic
):
    """How often smugglers meet enforcement: more patrols, more convictions, more traffic."""
    return (
        (patrol_density + conviction_learning_time * perceived_conviction_risk)
        * smuggling_demand
        / (smuggling_demand + evasion_traffic)
    )


@flow("1/year", over=route)
def evasion_learnt(enforcement_encounters, evasion_capability, evasion_learning_rate):
    """Enforcement teaches smugglers new methods. Source: reuters2014 for the sequence."""
    return evasion_learning_rate * enforcement_encounters * (1 - evasion_capability)


@flow("1/year", over=route)
def evasion_outdated(evasion_capability, evasion_memory, detection_technology, technology_against_evasion):
    """Methods become known, the faster the better the detection."""
    return evasion_capability / evasion_memory * (1 + technology_against_evasion * detection_technology)


@stock("1", over=route, initial="initial_evasion")
def evasion_capability(evasion_learnt, evasion_outdated):
    """How well smugglers evade controls: false papers, spotters, tunnels, remote paths; from 0 to 1."""
    return evasion_learnt - evasion_outdated


@auxiliary("person/year")
def smuggled_migrants(guided_arrivals):
    """People brought across by smugglers a year."""
    return total(total(guided_arrivals, over=origin), over=route)


@auxiliary("person/year", over=(origin, route))
def guided_arrivals(
    irregular_arrivals, let_go, claims_when_stopped, guided_to_officials, guided_share, service, passage_availability
):
    """Arrivals with a smuggler's help; where the way itself ends with officials, theirs too who are met by them."""
    return total(irregular_arrivals + guided_to_officials * (let_go + claims_when_stopped), over=population) * divide(
        guided_share * service, passage_availability
    )


@flow("USD/year")
def smuggler_revenue(guided_arrivals, smuggler_fee, fee_distance):
    """Money smugglers take a year. Assumption: the fee is due on arrival."""
    return total(total(guided_arrivals * fee_distance, over=origin) * smuggler_fee, over=route)


@stock("USD", initial="0")
def cumulative_smuggler_revenue(smuggler_revenue):
    """Money smugglers have taken since the start of the run."""
    return smuggler_revenue
