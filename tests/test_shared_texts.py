"""What all corridors share (cards, equations, words of the page, packages, limits) names no agency of one country."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pushpull.catalogue import catalogue
from pushpull.descriptions import docstring_of
from pushpull.reporting.report_texts import limits

ROOT = Path(__file__).parents[1]
# Agencies and bodies of one country or one union, in full and in short. What is written for one corridor (its own file,
# sources, events, published effects) may name them.
AGENCIES = (
    "CBP", "ICE", "INS", "DHS", "USCIS", "EOIR", "ORR", "HHS", "OHSS", "BORTAC", "CDC", "USBP", "OFO",
    "Border Patrol", "Customs and Border Protection", "Immigration and Customs Enforcement", "Homeland Security",
    "National Guard", "Garde nationale", "Department of Justice", "State Department",
    "Frontex", "Europol", "Eurojust", "EASO", "EUAA", "EUNAVFOR", "BAMF", "OFPRA", "OFII", "Bundespolizei", "BKA",
    "Guardia Civil", "Guardia di Finanza", "Carabinieri", "Home Office", "UK Border Force", "CBSA", "IRCC", "DGMM",
)  # fmt: skip
NAMED = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, AGENCIES))})(?![\w-])")
KEYS = ("source",)  # keys of the references, which are names of publications


def texts_of(node, path=""):
    """Every text of a YAML document with the way to it, but for keys of references."""
    if isinstance(node, dict):
        for key, child in node.items():
            if key not in KEYS:
                yield from texts_of(child, f"{path}.{key}")
    elif isinstance(node, list):
        for number, child in enumerate(node):
            yield from texts_of(child, f"{path}[{number}]")
    elif isinstance(node, str):
        yield path, node


def named_in(path):
    document = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return [(where, NAMED.search(text)[0]) for where, text in texts_of(document) if NAMED.search(text)]


CARDS = sorted(
    set((ROOT / "model" / "parameters").glob("*.yaml")) - {ROOT / "model" / "parameters" / "references.yaml"}
)
WORDING = ROOT / "model" / "wording"
WORDS = sorted(
    {*(ROOT / "dashboard" / "locales").rglob("*.yaml"), WORDING / "variables.fr.yaml", WORDING / "parameters.fr.yaml"}
)
SHARED = [
    *CARDS,
    *WORDS,
    WORDING / "model.fr.yaml",
    *sorted((ROOT / "scenarios" / "policies").glob("*.yaml")),
]


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_shared_files_name_no_agency_of_one_country(path):
    assert named_in(path) == []


def test_equations_name_no_agency_of_one_country():
    told = {variable.name: docstring_of(variable).meaning for variable in catalogue().model.variables.values()}
    assert len(told) > 300
    assert not {name: NAMED.search(text)[0] for name, text in told.items() if NAMED.search(text)}


def test_limits_of_every_report_name_no_agency_of_one_country():
    assert limits() and not [heading for heading, text in limits() if NAMED.search(f"{heading} {text}")]


def test_the_search_finds_what_it_looks_for(tmp_path):
    """Else the tests above could not fail."""
    path = tmp_path / "cards.yaml"
    path.write_text(
        'a: {meaning: "Agents of the Border Patrol", source: cbp_staffing}\nb: [{note: "by ICE"}]\nc: PRICE\n'
    )
    assert named_in(path) == [(".a.meaning", "Border Patrol"), (".b[0].note", "ICE")]
    assert named_in(WORDING / "findings.fr.yaml")
    assert not NAMED.search("cbp_encounters, price, Twice, INSIDE, CBP-like")
