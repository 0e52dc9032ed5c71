"""Units: every equation returns what it declares, and planted errors are caught."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from pushpull.catalogue import catalogue
from pushpull.engine.language import words as language
from pushpull.engine.language.declare import route
from pushpull.engine.language.graph import Equation, Model
from pushpull.engine.language.units import check_units, registry, unit_language

exp, soft_minimum, total = language.exp, language.soft_minimum, language.total
by_population = language.by_population


def with_body(name: str, function) -> Model:
    """The model with another body for one variable."""
    model = catalogue().model
    variable = model.variables[name]
    equation = Equation(dataclasses.replace(variable.declaration, function=function))
    changed = dataclasses.replace(variable, equations=(equation,))
    return dataclasses.replace(model, variables={**model.variables, name: changed})


def faults_of(name: str, function) -> list[str]:
    return [str(fault) for fault in check_units(with_body(name, function))]


def test_every_equation_returns_what_it_declares():
    assert not [str(fault) for fault in check_units(catalogue().model)]


def test_a_missing_division_by_time_is_caught():
    def season_without_length(temporary_workers, overstay_share):
        return temporary_workers * (1 - overstay_share)

    (fault,) = faults_of("seasonal_returns", season_without_length)
    assert fault.startswith("seasonal_returns: found person, declared person/year")


def test_people_do_not_cancel_against_jobs():
    def officials_by_jobs(trained_officials, vacancies):
        return trained_officials / vacancies

    (fault,) = faults_of("trained_share", officials_by_jobs)
    assert fault.startswith("trained_share: found official/job, declared 1")


def test_a_number_added_to_people_is_caught():
    def one_too_many(irregular_residents):
        return irregular_residents + 1

    (fault,) = faults_of("unfilled_vacancies", one_too_many)
    assert "person" in fault and "dimensionless" in fault


def test_an_amount_in_an_exponent_is_caught():
    def burden_in_the_exponent(fee_burden, repression_sensitivity):
        return exp(fee_burden * repression_sensitivity)

    (fault,) = faults_of("climate_push", burden_in_the_exponent)
    assert "exp of a number in year" in fault


def test_a_smaller_of_two_unlike_amounts_is_caught():
    def cases_against_verdicts(cases_on_trial, court_capacity):
        return soft_minimum(cases_on_trial, court_capacity)

    (fault,) = faults_of("verdicts", cases_against_verdicts)
    assert "soft_minimum of case and case/year" in fault


def test_a_rate_per_hundred_thousand_is_no_plain_number():
    def unrelated_to_a_reference(conflict_felt_change, conflict_intensity):
        return conflict_felt_change + conflict_intensity

    (fault,) = faults_of("felt_conflict", unrelated_to_a_reference)
    assert "hidden factor" in fault


def test_a_stock_changes_by_its_own_unit_a_year():
    def stock_of_stocks(newcomers):
        return newcomers

    (fault,) = faults_of("exploited", stock_of_stocks)
    assert fault.startswith("exploited: found person, declared person/year")


def test_initial_levels_have_the_stock_s_unit():
    model = catalogue().model
    stock = model.variables["people_at_home"]
    declaration = dataclasses.replace(stock.declaration, initial="initial_people_at_home / journey_time")
    changed = dataclasses.replace(stock, equations=(Equation(declaration),))
    broken = dataclasses.replace(model, variables={**model.variables, stock.name: changed})
    (fault,) = check_units(broken)
    assert str(fault).startswith("initial level of people_at_home: found person/year, declared person;")


def test_an_unknown_unit_is_named():
    model = catalogue().model
    card = dataclasses.replace(model.parameters["journey_time"], unit="fortnight")
    broken = dataclasses.replace(model, parameters={**model.parameters, card.id: card})
    (fault,) = check_units(broken)
    assert "fortnight" in str(fault) and "year" in str(fault)


def test_zero_has_any_unit():
    def nothing_for_some(free_arrivals, overstays):
        return total(free_arrivals, over=route) + by_population(labour=overstays, protection=0 * overstays)

    assert not faults_of("newcomers", nothing_for_some)


def test_the_language_gives_quantities_the_plain_numbers():
    words, quantity = unit_language(), registry().Quantity
    people, jobs = quantity([[3.0, 0.0]], "person"), quantity([[4.0, 0.0]], "job")
    assert words["divide"](people, jobs).units == registry().Unit("person/job")
    assert words["divide"](people, jobs).magnitude.tolist() == [[0.75, 0.0]]
    assert words["highest"](people, over=route).magnitude.tolist() == [[3.0]]


@pytest.mark.parametrize("module", ["pushpull.simulation", "pushpull.engine.language.units"])
def test_a_run_does_not_load_the_unit_library(module):
    code = f"import sys, {module}; sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
