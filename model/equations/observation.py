"""What is recorded, beside what is true: detection, definition and coverage."""

from pushpull.engine.language.declare import auxiliary, flow, origin, population, route, stock
from pushpull.engine.language.words import total


@flow("1/year")
def data_taken_up(data_harmonisation, data_in_use, data_time):
    """Offices adopt common definitions over years. Assumption: first-order delay."""
    return (data_harmonisation - data_in_use) / data_time


@stock("1", initial="data_harmonisation")
def data_in_use(data_taken_up):
    """How far common definitions and shared data are in use, from 0 to 1."""
    return data_taken_up


@auxiliary("1")
def smuggling_coverage(base_smuggling_coverage, harmonised_coverage, data_in_use):
    """Share of true smuggling that statistics capture; common definitions close the gap."""
    return base_smuggling_coverage + (1 - base_smuggling_coverage) * harmonised_coverage * data_in_use


@auxiliary("person/year")
def smuggling_recorded(smuggled_migrants, smuggling_coverage):
    """Smuggled migrants as official statistics show them."""
    return smuggled_migrants * smuggling_coverage


@auxiliary("1")
def apprehension_coverage(base_apprehension_coverage, data_in_use):
    """Share of stops at the border that enter the record."""
    return base_apprehension_coverage + (1 - base_apprehension_coverage) * data_in_use


@auxiliary("person/year", over=origin)
def apprehensions_by_origin(interdictions, apprehension_coverage):
    """Recorded apprehensions of people of each origin."""
    return total(total(interdictions, over=population), over=route) * apprehension_coverage


@auxiliary("person/year")
def apprehensions_presenting(survived_attempts, evading_share, apprehension_coverage):
    """Recorded apprehensions of people who present themselves at the border."""
    return (
        total(total(total(survived_attempts * (1 - evading_share), over=population), over=origin), over=route)
        * apprehension_coverage
    )


@auxiliary("person/year")
def apprehensions_evading(apprehensions_recorded, apprehensions_presenting):
    """Recorded apprehensions of people who tried to get past the patrols."""
    return apprehensions_recorded - apprehensions_presenting


@auxiliary("person/year")
def apprehensions_recorded(apprehensions_by_origin):
    """Apprehensions as recorded: events, so one person may count several times."""
    return total(apprehensions_by_origin, over=origin)


@auxiliary("person/year", over=route)
def apprehensions_by_route(interdictions, apprehension_coverage):
    """Recorded apprehensions on each route."""
    return total(total(interdictions, over=population), over=origin) * apprehension_coverage


@auxiliary("person/year", over=route)
def detections_by_route(apprehensions_by_route, onward_detections, apprehension_coverage):
    """Detections of people who cross, as border agencies count them: whoever goes on by a further leg counts twice."""
    return apprehensions_by_route + onward_detections * apprehension_coverage


@auxiliary("person/year")
def claims_recorded(
    claims_when_stopped, port_arrivals, orderly_asylum_arrivals, paroled_arrivals, late_claims, claims_elsewhere
):
    """Claims for protection made in a year as recorded: they count people who came by other ways."""
    return (
        total(
            total(total(claims_when_stopped, over=population), over=route)
            + port_arrivals
            + orderly_asylum_arrivals
            + paroled_arrivals
            + late_claims,
            over=origin,
        )
        + claims_elsewhere
    )


@auxiliary("person/year")
def deaths_recorded(deaths_in_transit, death_coverage, harmonised_coverage, data_in_use):
    """Deaths as recorded: only bodies found by officials."""
    return deaths_in_transit * (death_coverage + (1 - death_coverage) * harmonised_coverage * data_in_use)


@auxiliary("person/year")
def removals_recorded(enforced_returns, border_removals):
    """Removals as recorded: people deported from inland and people sent back from the border under an order."""
    return total(total(enforced_returns, over=population), over=origin) + border_removals


@auxiliary("person")
def residents_recorded(
    irregular_residents,
    asylum_cases_pending,
    claims_pending_courts,
    resident_coverage,
    corridor_share_of_estimate,
):
    """Estimate of residents without a lasting status: it misses some, counts people who came by other ways, and those
    who wait for an office or a court to decide. Source: pew2025 for whom such estimates count."""
    return (
        (irregular_residents + asylum_cases_pending + claims_pending_courts)
        * resident_coverage
        / corridor_share_of_estimate
    )
