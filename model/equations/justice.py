"""From investigation to custody: a pipeline with limited capacity, and what smugglers believe of it."""

from pushpull.engine.language.declare import auxiliary, flow, route, stock
from pushpull.engine.language.words import divide, highest, soft_minimum, total


@flow("official/year")
def officials_trained(justice_training, officials, trained_officials):
    """Border guards, police and judges trained to recognise smuggling and to treat people humanely."""
    return justice_training * (officials - trained_officials)


@flow("official/year")
def training_faded(trained_officials, training_memory):
    """Trained officials who leave or forget."""
    return trained_officials / training_memory


@stock("official", initial="officials * justice_training * training_memory / (1 + justice_training * training_memory)")
def trained_officials(officials_trained, training_faded):
    """Officials trained to tell smugglers, refugees and victims apart."""
    return officials_trained - training_faded


@auxiliary("1")
def trained_share(trained_officials, officials):
    """Share of officials who are trained."""
    return trained_officials / officials


@flow("1/year")
def law_harmonised(penalty_harmonisation, harmonised_law, legislation_time):
    """Parliaments adopt a common law slowly. Assumption: first-order delay."""
    return (penalty_harmonisation - harmonised_law) / legislation_time


@stock("1", initial="penalty_harmonisation")
def harmonised_law(law_harmonised):
    """How far a common law on smuggling is in force, from 0 to 1."""
    return law_harmonised


@auxiliary("year", over=route)
def effective_sentence(sentence_severity, harmonised_law):
    """Custody a convicted smuggler faces at a gateway; a common law lifts it to the strictest."""
    return sentence_severity + harmonised_law * (highest(sentence_severity, over=route) - sentence_severity)


@auxiliary("1", over=route)
def zeal(prosecution_zeal, harmonised_law, international_cooperation):
    """How seriously a gateway pursues smugglers; a common law and co-operation close the gap."""
    return prosecution_zeal + harmonised_law * (1 - prosecution_zeal) * international_cooperation


@auxiliary("1")
def visibility(smugglers, smuggler_cover):
    """Chance that a line of inquiry finds a network: the more smugglers, the more leads."""
    return total(smugglers, over=route) / (total(smugglers, over=route) + smuggler_cover)


@flow("case/year")
def investigations_opened(
    smuggling_investigation,
    cases_per_investigator,
    visibility,
    training_gain,
    trained_share,
    data_gain,
    data_in_use,
    cooperation_gain,
    international_cooperation,
    evasion_blindness,
    evasion_capability_mean,
):
    """Inquiries begun; training, common data and partners abroad raise the yield, evasion lowers it."""
    return (
        smuggling_investigation
        * cases_per_investigator
        * visibility
        * (1 + training_gain * trained_share)
        * (1 + data_gain * data_in_use)
        * (1 + cooperation_gain * international_cooperation)
        * (1 - evasion_blindness * evasion_capability_mean)
    )


@flow("case/year")
def cases_charged(open_investigations, investigation_time, charge_share):
    """Inquiries that end in a charge."""
    return open_investigations / investigation_time * charge_share


@flow("case/year")
def investigations_closed(open_investigations, investigation_time, charge_share):
    """Inquiries that end without a charge."""
    return open_investigations / investigation_time * (1 - charge_share)


@stock("case", initial="initial_open_investigations")
def open_investigations(investigations_opened, cases_charged, investigations_closed):
    """Inquiries under way."""
    return investigations_opened - cases_charged - investigations_closed


@auxiliary("case/year")
def trials_ready(cases_on_trial, minimum_trial_time):
    """Verdicts a year if courts had no limit."""
    return cases_on_trial / minimum_trial_time


@flow("case/year")
def verdicts(trials_ready, court_capacity):
    """Verdicts, held back by cases ready or by the courts. Assumption: a soft minimum."""
    return soft_minimum(trials_ready, court_capacity)


@flow("case/year")
def cases_lapsed(cases_on_trial, lapse_time):
    """Cases that fall because witnesses left or time ran out while they waited."""
    return cases_on_trial / lapse_time


@stock("case", initial="initial_cases_on_trial")
def cases_on_trial(cases_charged, verdicts, cases_lapsed):
    """Cases before the courts."""
    return cases_charged - verdicts - cases_lapsed


@auxiliary("case/year")
def smuggler_convictions(verdicts, conviction_share, law_gain, harmonised_law, evidence_gain, data_in_use):
    """Convictions of smugglers a year; a common law leaves fewer gaps, common data make better evidence."""
    return verdicts * conviction_share * (1 + law_gain * harmonised_law) * (1 + evidence_gain * data_in_use)


@auxiliary("offender/year", over=route)
def convictions_by_route(smuggler_convictions, offenders_per_case, smugglers, zeal):
    """Smugglers convicted, by the route they worked."""
    return smuggler_convictions * offenders_per_case * divide(smugglers * zeal, total(smugglers * zeal, over=route))


@flow("offender/year")
def imprisoned(smuggler_convictions, offenders_per_case, custody_share):
    """Convicted smugglers who go to prison. Source: ussc_quickfacts2023 for the share."""
    return smuggler_convictions * offenders_per_case * custody_share


@auxiliary("year")
def mean_sentence(effective_sentence, smugglers, smuggler_floor, zeal):
    """Mean custody over those convicted."""
    return total(effective_sentence * (smugglers + smuggler_floor) * zeal, over=route) / total(
        (smugglers + smuggler_floor) * zeal, over=route
    )


@flow("offender/year")
def released(smugglers_in_custody, mean_sentence, shortest_custody):
    """Smugglers who have served their time."""
    return smugglers_in_custody / (mean_sentence + shortest_custody)


@stock("offender", initial="initial_smugglers_in_custody")
def smugglers_in_custody(imprisoned, released):
    """Convicted smugglers in prison."""
    return imprisoned - released


@auxiliary("1/year", over=route)
def conviction_risk(convictions_by_route, smugglers, smuggler_floor, conviction_rate_ceiling):
    """Chance a year that a smuggler on this route is convicted."""
    return (
        conviction_rate_ceiling
        * convictions_by_route
        / (convictions_by_route + conviction_rate_ceiling * (smugglers + smuggler_floor))
    )


@auxiliary("1/year", over=route)
def visible_conviction_risk(convictions_by_route, reference_smugglers, initial_route_share):
    """Convictions a year that smugglers hear of, for each smuggler there was at the start of the record.
    Assumption: word spreads of how many were convicted, not of how many in a hundred."""
    return convictions_by_route / (reference_smugglers * initial_route_share)


@flow("1/year/year", over=route)
def conviction_learning(visible_conviction_risk, perceived_conviction_risk, conviction_learning_time):
    """Word of convictions spreads slowly. Assumption: first-order delay; no source measures it."""
    return (visible_conviction_risk - perceived_conviction_risk) / conviction_learning_time


@stock("1/year", over=route, initial="initial_conviction_risk")
def perceived_conviction_risk(conviction_learning):
    """Risk of conviction as smugglers on a route see it."""
    return conviction_learning
