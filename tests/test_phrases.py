"""Faults of files in every language: each phrase of the code has its French, and what a user wrote is never touched."""

import ast
import pickle
import re
import string
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pushpull.__main__ import main
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State
from pushpull.files.faults import Fault, quote
from pushpull.wording.phrases import Phrase, in_language, phrases_of
from tests.scenario_fakes import write_corridor
from tests.test_scenario_faults import CASES, SCENARIO, faults_of
from tests.test_words import BANNED

ROOT = Path(__file__).parent.parent
SITE = ROOT / "model" / "documents"  # its words stand beside it
SAID = re.compile(r'say\("([^"]+)"')
FRENCH = phrases_of("fr")
BUILT = {"route", "origin", "population"}  # indices of the model, which stand in fields of cards
ENGLISH_WORDS = re.compile(r"(?<![\w@-])(?:the|is|are|of|and|with|for|which|there|this|that|an|by)(?![\w=:])")


def templates():
    """The template of every phrase in the code, and where it stands."""
    found = {}
    for path in (*(ROOT / "model").rglob("*.py"), *(ROOT / "dashboard").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Phrase" and node.args:
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
                        found.setdefault(part.value, f"{path.name}:{part.lineno}")
    for path in (ROOT / "model").rglob("*.j2"):
        if not path.is_relative_to(SITE):
            found |= dict.fromkeys(SAID.findall(path.read_text("utf-8")), path.name)
    return found


def fields(template):
    return sorted({(name, spec) for _, name, spec, _ in string.Formatter().parse(template) if name is not None})


def test_every_phrase_has_its_french_and_no_french_is_left_over():
    found = templates()
    assert {key: found[key] for key in found if key not in FRENCH} == {}
    assert [key for key in FRENCH if key not in found and key not in BUILT] == []
    assert [key for key in found if fields(key) != fields(FRENCH[key])] == []


def test_every_word_of_the_site_of_documents_has_its_french():
    said = {word for path in SITE.rglob("*.j2") for word in SAID.findall(path.read_text("utf-8"))}
    french = YAML(typ="safe").load(SITE / "site_words.fr.yaml")
    assert len(said) > 3 and said <= set(french)


def test_french_phrases_use_the_words_of_the_field_and_signs_of_print():
    everything = "\n".join(FRENCH.values())
    for word in BANNED["fr"]:
        assert not re.search(rf"\b{word}\b", everything, re.IGNORECASE), word
    assert not re.search(r"[^\W\d_]'[^\W\d_]", everything), "a straight apostrophe between letters"
    assert not re.search(r" [;!?»]|« ", everything), "a line could break before the sign"


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_in_french_throughout(case, tmp_path):
    text, _, _ = CASES[case]
    write_corridor(tmp_path)
    for fault in faults_of(tmp_path, SCENARIO + text + "\n"):
        assert all(isinstance(part, Phrase) for part in (fault.what, fault.remedy) if part), fault
        line = fault.in_language("fr").removeprefix(fault.file)
        ours = re.sub(r"«[^»]*»|`[^`]*`|\{[^}]*\}|[a-z]+_\w+", "", line)
        assert not ENGLISH_WORDS.search(ours), line
        assert line.startswith(f":{fault.line}\u00a0: ") and line != str(fault)


def test_what_a_user_wrote_stays_as_it_is():
    fault = Fault("a list", 3, Phrase("{what} is {kind}", what=quote("a list"), kind=Phrase("a list")))
    assert str(fault) == 'a list:3: "a list" is a list'
    assert fault.in_language("fr") == "a list:3\u00a0: «\u00a0a list\u00a0»\u00a0: valeur donnée, une liste"
    assert in_language("a list", "fr") == "a list" and in_language(Phrase("{{kept}}"), "fr") == "{kept}"


def test_thousands_are_parted_as_in_the_language_and_other_numbers_stay_those_of_the_file():
    assert in_language(Phrase("at most {most:,}", most=16000), "fr") == "au plus 16\u202f000"
    assert in_language(Phrase("an end after {start:g}", start=2026.5), "fr") == "une fin postérieure à 2026.5"
    assert in_language(Phrase("{ratio:.2f} times with {policy}", ratio=1.5, policy="x"), "fr") == "1,50 fois avec x"


def test_a_phrase_goes_from_process_to_process():
    phrase = Phrase("{what} is {kind}", what="title", kind=Phrase("a list"))
    again = pickle.loads(pickle.dumps(phrase))
    assert again == phrase and in_language(again, "fr") == in_language(phrase, "fr") != phrase


@pytest.mark.parametrize("order", [("--language", "fr", "validate"), ("validate", "--language=fr")])
def test_the_command_line_tells_faults_in_french_where_it_is_asked_to(order, tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text(SCENARIO.replace("two_gates", "g8_2001") + "horizon: {end: 1800}\n", encoding="utf-8")
    assert main([*order, str(path)]) == 2
    assert f"{path}:4\u00a0: end (horizon)\u00a0: valeur donnée, 1800" in capsys.readouterr().err
    assert main(["validate", str(path)]) == 2
    assert "end of the horizon is 1800; allowed: a year from 1900 to 2200" in capsys.readouterr().err


def test_the_french_page_tells_the_faults_of_a_dropped_file_in_french():
    session = Session(State.opening().looking(language="fr"))
    text = SCENARIO.replace("two_gates", "g8_2001") + "policies: {border_contrl: 2}\n"
    session.receive({"file": {"name": "mien.yaml", "text": text}})
    (notice,) = session.notices
    assert notice.quoted == () and len(notice.lines) == 1
    assert notice.lines[0].startswith("mien.yaml:4\u00a0: aucun levier ne s\u2019appelle «\u00a0border_contrl\u00a0»")
    assert "vouliez-vous écrire «\u00a0border_control\u00a0»\u202f?" in notice.lines[0]
