"""The rules of the CF conventions 1.11 that apply to what Pushpull writes, each as a check of a file.

Sections are those of the conventions (cfconventions.org). What they say of cells, grids, projections, packing,
geometries and discrete sampling applies to none of these files. What they only recommend stands here where it is kept.
"""

from __future__ import annotations

import re

import netCDF4
import numpy as np

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
UNITS = re.compile(r"(1e-5 |1e-3 )?((year|month)(-?\d)?( (year|month)(-?\d)?)?)|1\Z")
KINDS = {*"iu", "f"}
GLOBAL = ("Conventions", "title", "history", "source", "comment")


def coordinates(file: netCDF4.Dataset) -> list[netCDF4.Variable]:
    """The coordinate variables: those that have the name of their dimension."""
    return [file[name] for name in file.dimensions if name in file.variables]


def is_text(variable: netCDF4.Variable) -> bool:
    return variable.dtype is str or variable.dtype.kind in "SU"


def numbers(file: netCDF4.Dataset) -> list[netCDF4.Variable]:
    return [each for each in file.variables.values() if not is_text(each)]


def labels(file: netCDF4.Dataset) -> set[str]:
    """The auxiliary coordinate variables that any variable names."""
    named = [each.coordinates for each in file.variables.values() if "coordinates" in each.ncattrs()]
    return set(" ".join([*named, getattr(file, "coordinates", "")]).split())


def the_name_ends_in_nc(file):  # 2.1
    return file.filepath().endswith(".nc")


def variables_are_of_types_that_are_allowed(file):  # 2.2
    return all(is_text(each) or each.dtype.kind in KINDS for each in file.variables.values())


def names_are_letters_digits_and_underscores(file):  # 2.3
    globals_ = file.ncattrs()
    attributes = [word for each in file.variables.values() for word in each.ncattrs() if word != "_FillValue"]
    return all(NAME.match(name) for name in (*file.variables, *file.dimensions, *globals_, *attributes))


def no_names_differ_by_case_alone(file):  # 2.3
    return len({name.lower() for name in file.variables}) == len(file.variables)


def no_dimension_comes_twice_in_a_variable(file):  # 2.4
    return all(len({*each.dimensions}) == len(each.dimensions) for each in file.variables.values())


def no_coordinate_variable_has_missing_values(file):  # 2.5.1
    whole = all("_FillValue" not in each.ncattrs() for each in coordinates(file))
    return whole and all(np.isfinite(each[:]).all() for each in coordinates(file) if not is_text(each))


def a_fill_value_has_the_type_of_its_variable(file):  # 2.5.1
    filled = [each for each in numbers(file) if "_FillValue" in each.ncattrs()]
    return all(np.asarray(each.getncattr("_FillValue")).dtype == each.dtype for each in filled)


def the_conventions_are_named(file):  # 2.6.1
    return file.Conventions == "CF-1.11"


def what_the_file_is_stands_in_texts(file):  # 2.6.2
    return all(isinstance(getattr(file, word, None), str) and getattr(file, word).strip() for word in GLOBAL)


def no_attribute_is_a_list_of_texts(file):  # 2.2
    every = (holder.getncattr(word) for holder in (file, *file.variables.values()) for word in holder.ncattrs())
    return not any(isinstance(each, list) for each in every)


def units_are_known_to_udunits(file):  # 3.1
    found = [each.units for each in numbers(file) if "units" in each.ncattrs()]
    return len(found) > 3 and all(UNITS.match(each) or " since " in each for each in found)


def every_variable_has_a_long_name(file):  # 3.2
    return all(each.long_name.strip() for each in file.variables.values())


def standard_names_are_those_of_the_table(file):  # 3.3
    return {each.standard_name for each in file.variables.values() if "standard_name" in each.ncattrs()} == {"time"}


def the_time_has_a_reference_and_a_calendar(file):  # 4.4
    date = file["date"]
    return date.units == "days since 1990-01-01" and date.calendar == "360_day" and date.dimensions == ("time",)


def coordinate_variables_are_numbers_in_order(file):  # 5
    steps = [np.diff(each[:]) for each in coordinates(file) if not is_text(each)]
    return len(steps) == len(coordinates(file)) and all((each > 0).all() or (each < 0).all() for each in steps)


def auxiliary_coordinates_are_named_and_lie_along_their_variables(file):  # 5
    for each in file.variables.values():
        for name in getattr(each, "coordinates", "").split():
            if not {*file[name].dimensions} <= {*each.dimensions}:
                return False
    return "date" in labels(file) and labels(file) <= {*file.variables}


def names_of_members_are_auxiliary_coordinates(file):  # 6.1
    texts = [name for name, each in file.variables.items() if is_text(each)]
    return bool(texts) and all(name in labels(file) and name not in file.dimensions for name in texts)


RULES = {
    "2.1": [the_name_ends_in_nc],
    "2.2": [variables_are_of_types_that_are_allowed, no_attribute_is_a_list_of_texts],
    "2.3": [names_are_letters_digits_and_underscores, no_names_differ_by_case_alone],
    "2.4": [no_dimension_comes_twice_in_a_variable],
    "2.5.1": [no_coordinate_variable_has_missing_values, a_fill_value_has_the_type_of_its_variable],
    "2.6.1": [the_conventions_are_named],
    "2.6.2": [what_the_file_is_stands_in_texts],
    "3.1": [units_are_known_to_udunits],
    "3.2": [every_variable_has_a_long_name],
    "3.3": [standard_names_are_those_of_the_table],
    "4.4": [the_time_has_a_reference_and_a_calendar],
    "5": [coordinate_variables_are_numbers_in_order, auxiliary_coordinates_are_named_and_lie_along_their_variables],
    "6.1": [names_of_members_are_auxiliary_coordinates],
}


def broken_rules(path) -> list[str]:
    """The rules that a file breaks, each by its section and what it says."""
    with netCDF4.Dataset(path) as file:
        rules = [(section, rule) for section, found in RULES.items() for rule in found]
        return [f"{section}: {rule.__name__.replace('_', ' ')}" for section, rule in rules if not rule(file)]
