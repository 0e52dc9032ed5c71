"""Documents to learn from: their commands and examples run, their numbers are computed, their links lead somewhere, and
both languages say the same."""

import json
import re
import subprocess
import sys
import textwrap
from html.parser import HTMLParser
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pushpull import Scenario, command_line
from pushpull.analysis import paired
from pushpull.catalogue import catalogue
from pushpull.dashboard.i18n.texts import language as page_words
from pushpull.documents.document_list import KINDS, LANGUAGES, REFERENCE, documents
from pushpull.documents.document_site import DocumentSite
from pushpull.documents.python_pages import DOORS, EXAMPLES, examples, public_names, python_reference
from pushpull.documents.stated_numbers import StatedNumbers
from pushpull.wording.typography import typeset
from tests.cases import failing
from tests.document_blocks import blocks, typed_out, with_few
from tests.test_glossary import BANS, plain
from tests.test_house import CDN_LINKS, ROOT
from tests.test_words import BANNED

# The site is made once for all of them.
pytestmark = pytest.mark.xdist_group("documents")
WRITTEN = [each for each in documents().values() if each.file is not None]
OWN = [each for each in WRITTEN if each.kind != REFERENCE]  # written in both languages
TESTED_ELSEWHERE = ("own_corridor",)  # word for word, by test_new_corridor.py
FIRST_HOURS = [each for each in OWN if each.kind == "tutorial"]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
MOST_BYTES_OF_WORDS = 600_000


@pytest.fixture(scope="module")
def site():
    return DocumentSite(command_line())


@pytest.fixture(scope="module")
def files(site):
    return dict(site.files())


class Markup(HTMLParser):
    """Reads a page and notes what is not as HTML is: elements left open or closed in a wrong order, ids twice."""

    def __init__(self, text):
        super().__init__()
        self.open, self.faults, self.ids, self.links, self.texts, self.codes = [], [], [], [], [], []
        self.feed(text)
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        self.links += [given[name] for name in ("href", "src") if name in given]
        if tag in ("p", "h1", "h2", "h3") and "p" in self.open:
            self.faults.append(f"<{tag}> in a paragraph")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> out of place")

    def handle_data(self, data):
        self.texts.append(data)


# What there is ----------------------------------------------------------------------------------------------------


def test_there_are_documents_of_all_four_kinds_and_a_first_hour_for_each_reader():
    assert {each.kind for each in documents().values()} == set(KINDS)
    assert {each.id.rpartition("_")[2] for each in FIRST_HOURS} == {"policy", "modeller", "presenter"}


def test_every_text_that_lies_there_is_a_document():
    folder = ROOT / "model" / "documents" / "texts"
    named = {each.path(language) for each in OWN for language in LANGUAGES} | {EXAMPLES}
    assert set(folder.glob("*")) <= named


@pytest.mark.parametrize("document", OWN, ids=lambda each: each.id)
def test_both_languages_have_the_same_parts_and_the_same_code(document):
    english, french = (document.path(language) for language in LANGUAGES)
    assert blocks(english) == blocks(french)
    assert list(typed_out(english)) == list(typed_out(french))

    def parts(path):
        text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        targets = [re.sub(r"\.(en|fr)\.md", ".md", each) for each in re.findall(r"\]\(([^)]+)\)", text)]
        heads = [len(each) for each in re.findall(r"^(#+) ", text, re.MULTILINE)]
        return heads, sorted(targets), text.count("\n|"), sorted(re.findall(r"\{\{.*?\}\}", text))

    assert parts(english) == parts(french)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_a_text_is_to_a_document_or_to_an_address(language):
    lost = [
        (document.id, target)
        for document in OWN
        for target in re.findall(r"\]\(([^)#\s]+)", document.path(language).read_text(encoding="utf-8"))
        if "://" not in target
        and not (document.path(language).parent / target).is_file()
        and target.removesuffix(".md") not in documents()
    ]
    assert lost == []


# What is said -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_figure_of_a_result_is_typed(language):
    """Digits stand in steps, years, names of files and code; a share in percent or a count of people is filled in."""
    for document in OWN:
        text = document.path(language).read_text(encoding="utf-8")
        text = re.sub(r"^```.*?^```$|`[^`\n]*`|\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.MULTILINE | re.DOTALL)
        found = re.findall(r"\d[\d,.\u202f]* ?(?:%|percent|pour cent|people|personnes|deaths|décès|million)", text)
        usual = {"90 %", "15 percent", "15 %"}  # ranges of that width, and an error that the reader sets
        assert set(found) <= usual, (document.id, found)


def test_numbers_are_those_of_the_model_and_of_what_is_stored():
    stated = StatedNumbers("en")
    assert stated.names["levers"] == len(catalogue().levers) and stated.names["outcomes"] == len(catalogue().outcomes)
    assert stated.names["assumed"] < stated.names["parameters"] == len(catalogue().parameters)
    counts = stated.effects()
    assert counts["within"] + counts["wrong"] < counts["tested"]
    found = stated.forecasts("us_southwest_border")
    assert int(found["beaten"]) <= int(found["judged"]) and found["held"].endswith("%")


def test_a_change_is_that_of_the_simulations():
    stated = StatedNumbers("en")
    baseline = Scenario.load("g8_2001").baseline()
    found = paired(baseline.with_policy("balanced"), baseline, stated.names["members"], seed=1)
    pair, at = found.of("deaths_in_transit"), abs(found.time - 2035).argmin()
    said = [getattr(stated, name)("g8_2001", "balanced", "deaths_in_transit", 2035) for name in ("change", "chance")]
    ratio = float(pair.difference.median[at] / pair.baseline.median[at])
    assert said == [stated.numbers.percent(ratio), stated.numbers.chance(float(pair.chance[at]))]
    assert catalogue().outcomes["irregular_residents"].better == "neither"
    assert stated.chance("g8_2001", "balanced", "irregular_residents", 2035) == "–"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_first_hour_says_is_on_the_screen_is_there(language):
    words = page_words(language)
    shown = {text for _, text in plain(words.words)} | {words.title(name) for name in catalogue().levers}
    shown = {" ".join(text.split()) for text in shown}
    for document in map(documents().get, ("first_hour_policy", "first_hour_presenter", "choose_a_package")):
        text = document.path(language).read_text(encoding="utf-8")
        text = re.sub(r'\{\{ title\("(\w+)"\) \}\}', lambda found: words.title(found[1]), text)
        bold = re.findall(r"\*\*(.+?)\*\*", typeset(text, language), re.DOTALL)
        about_bold = 1 if document.kind == "tutorial" else 0  # a tutorial says first what stands in bold
        assert bold and [each for each in bold[about_bold:] if " ".join(each.split()) not in shown] == [], document.id


def running_text(path):
    return re.sub(r"^```.*?^```$|`[^`\n]*`|\{\{.*?\}\}|\{%.*?%\}|\]\(.*?\)", " ", path.read_text(encoding="utf-8"),
                  flags=re.MULTILINE | re.DOTALL)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_documents_say_what_people_of_the_field_say(language):
    banned = [*BANNED[language], *(word for word, rooms in BANS if "texts" in rooms and language == "en")]
    said = [
        (document.id, word)
        for document in OWN
        for word in banned
        if re.search(rf"(?<![\w-]){word}(?![\w-])", running_text(document.path(language)), re.IGNORECASE)
    ]
    assert said == []


# What is done -----------------------------------------------------------------------------------------------------


def run_block(block, folder, pushpull):
    for words in map(with_few, block.commands):
        if "--help" in words:  # ends in its own way
            continue
        code, out, err = pushpull(*words)
        assert code == 0, (words, err)
        assert out or "wrote" in err, words


def walk(document, folder, pushpull, kinds):
    """Do what a document says, in a folder of one's own: its files are written, its commands run, in their order."""
    for block in blocks(document.path("en")):
        if block.language == "yaml" and block.word:
            (folder / block.word).write_text(block.text, encoding="utf-8")
        elif block.language == "sh" and block.word in kinds:
            run_block(block, folder, pushpull)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUSHPULL_SCENARIOS", str(tmp_path / "mine"))
    return tmp_path


WALKED = [each for each in OWN if each.id not in TESTED_ELSEWHERE]


@pytest.mark.parametrize("document", WALKED, ids=lambda each: each.id)
def test_every_command_of_a_document_does_what_is_said(document, folder, pushpull):
    walk(document, folder, pushpull, ("",))


@pytest.mark.audit
@pytest.mark.parametrize("document", WALKED, ids=lambda each: each.id)
def test_what_takes_long_in_a_document_ends_well(document, folder, pushpull):
    walk(document, folder, pushpull, ("", "long"))


def test_commands_that_serve_or_need_what_is_not_there_are_understood():
    """They are read as the command line reads them, and not carried out."""
    asked = [words for document in OWN for words in typed_out(document.path("en"))]
    asked += [words for document in OWN for each in blocks(document.path("en")) if each.word for words in
              (each.commands if each.language == "sh" else ())]  # fmt: skip
    assert len(asked) > 12
    group = command_line()
    for name, *rest in asked:
        command = group.commands[name]
        while hasattr(command, "commands"):
            command, rest = command.commands[rest[0]], rest[1:]
        command.make_context(name, [word for word in rest if word not in ("--language", "fr")], resilient_parsing=False)


def python_of(path):
    return [each.text for each in blocks(path) if each.language == "python"]


def in_a_function(index, code):
    """Code in a function of its own, so that one example leaves nothing to the next; with few simulations."""
    code = re.sub(r"\bmembers=\d+", "members=10", re.sub(r"\bsimulations=\d+", "simulations=40", code))
    return f"def part_{index}():\n{textwrap.indent(code, '    ')}\npart_{index}()\n"


@pytest.mark.slow
def test_every_example_in_python_runs(folder):
    """Those of a document one after the other, as one types them; those of the reference each by itself."""
    first, *_ = python_of(EXAMPLES)
    parts = ["\n".join(python_of(document.path("en"))) for document in OWN if document.id != "own_equation"]
    parts += [
        first + code for text in examples().values() for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    ]
    code = "\n".join(in_a_function(index, part) for index, part in enumerate(parts) if part)
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert {"fee.html", "what_if.html", "many.zarr"} <= {path.name for path in folder.iterdir()}


def test_the_equation_of_the_guide_is_one():
    [code] = python_of(documents()["own_equation"].path("en"))
    names = {}
    exec(code, names)
    assert names["waiting_share"] is not None


def test_the_plan_of_the_guide_is_the_one_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [plan] = [each.text for each in blocks(documents()["own_fit"].path("en")) if each.language == "yaml"]
    known = [YAML(typ="safe").load(text) for text in re.findall(r"^```yaml\n(.*?)^```$", readme, re.M | re.S)]
    assert YAML(typ="safe").load(plan) in known


def test_examples_are_of_names_that_there_are_and_stand_below_them():
    known = {f"{door}.{name}" for door in DOORS for name in public_names(door)}
    assert set(examples()) <= known and {f"pushpull.{name}" for name in public_names("pushpull")} <= set(examples())
    text = python_reference()
    for name in examples():
        assert text.index(f"### {name}\n") < text.index(examples()[name])


# The site ---------------------------------------------------------------------------------------------------------


def test_every_page_is_whole_html_and_fetches_nothing_from_elsewhere(files):
    pages = {path: text for path, text in files.items() if path.endswith(".html")}
    assert len(pages) == 1 + len(LANGUAGES) * (1 + len(documents()))
    assert failing(whole, pages.items(), lambda each: each[0]) == []


def whole(entry):
    path, text = entry
    found = Markup(text)
    assert found.faults == []
    assert len(set(found.ids)) == len(found.ids), [each for each in found.ids if found.ids.count(each) > 1]
    assert not re.search(r"<script[^>]+src=.(?:https?:)?//|<link[^>]+href=.(?:https?:)?//", text)
    assert "{{" not in text and not CDN_LINKS.search(text) or "sources" in path


def test_every_link_of_the_site_leads_to_a_page_and_a_place_on_it(files):
    read = {path: Markup(text) for path, text in files.items() if path.endswith(".html")}
    lost = []
    for path, page in read.items():
        for target in page.links:
            if "://" in target or target.startswith(("data:", "mailto:")):
                continue
            address, _, anchor = target.partition("#")
            whole_path = path if not address else str((Path(path).parent / address).as_posix())
            whole_path = whole_path.replace("en/../", "").replace("fr/../", "")
            if whole_path not in files or (anchor and anchor not in read[whole_path].ids):
                lost.append((path, target))
    assert lost == [] and sum(len(page.links) for page in read.values()) > 5000


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_found_leads_to_its_place_and_the_index_is_small(files, language):
    text = files[f"{language}/words.js"]
    assert len(text.encode()) < MOST_BYTES_OF_WORDS
    entries = json.loads(text.removeprefix("window.pushpullWords = ").rstrip(";\n"))
    ids = {page: set(Markup(files[f"{language}/{page}"]).ids) for page in {each[0].split("#")[0] for each in entries}}
    for address, _, title, _ in entries:
        page, _, anchor = address.partition("#")
        assert title and anchor in ids[page], address
    assert "deaths_in_transit" in {address.rpartition("#")[2] for address, *_ in entries}


def test_every_name_and_every_command_stands_in_the_reference(files):
    text = files["en/equations.html"] + files["en/levers.html"]
    for name in (*catalogue().model.variables, *catalogue().model.cards):
        assert f'id="{name}"' in text, name
    commands = files["en/command_line.html"]
    assert [name for name in command_line().commands if f"pushpull {name}" not in commands] == []


def test_the_site_is_written_into_a_folder_and_nowhere_else(folder, pushpull, monkeypatch):
    monkeypatch.setattr(DocumentSite, "files", lambda self: iter([("index.html", "a"), ("en/index.html", "b")]))
    code, out, err = pushpull("export", "docs", "-o", "site")
    assert (code, out) == (0, "") and "wrote" in err
    assert (folder / "site" / "en" / "index.html").read_text() == "b"
    code, _, err = pushpull("export", "docs")
    assert code == 2 and "name a folder with -o" in err
    (folder / "taken").write_text("")
    assert pushpull("export", "docs", "-o", "taken")[0] == 2
    assert pushpull("export", "docs", "-o", "site", "--members", "5")[0] == 2
