"""What is taken along from the page, opened in the programs of an office: rsvg-convert and LibreOffice."""

import base64
import csv
import io
import shutil
import subprocess

import matplotlib.image
import numpy as np
import openpyxl
import pytest

from pushpull import Scenario, run
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state.state import State
from pushpull.wording import palette
from tests.test_brief import made, three

RSVG, OFFICE = shutil.which("rsvg-convert"), shutil.which("soffice") or shutil.which("libreoffice")
needs_rsvg = pytest.mark.skipif(RSVG is None, reason="no rsvg-convert on this machine (librsvg2-bin)")
needs_office = pytest.mark.skipif(OFFICE is None, reason="no LibreOffice on this machine")
needs_paper = pytest.mark.skipif(
    not (RSVG and OFFICE and shutil.which("pdftotext")),
    reason="no LibreOffice, rsvg-convert or pdftotext on this machine (poppler-utils)",
)
TITLE = "=1+1; Élan, naïveté"
# Filters of LibreOffice: separator, quotation mark, UTF-8, first line, columns, language of the numbers.
FRENCH_CSV = "CSV:59,34,76,1,,1036,false,true"
ENGLISH_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,false"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of some charts of the French page, by name."""
    folder, session, heard = tmp_path_factory.mktemp("taken"), None, []
    state = State.opening().with_value("border_control", 2.0).looking(language="fr")
    session = Session(state.with_scenario(state.scenario.with_changes(title=TITLE)))
    session.send = heard.append
    session.receive({"page": "outcomes", "part": "routes"})
    asked = [("1", kind) for kind in ("svg", "csv", "xlsx")] + [("figure-corridor", "svg")]
    for key, kind in asked:
        session.receive({"take": kind, "chart": key, "asked": 1})
        save = heard.pop()["save"]
        content = base64.b64decode(save["base64"]) if "base64" in save else save["text"].encode()
        (folder / f"{key}.{kind}").write_bytes(content)
    return folder


def converted(folder, name, to, *options):
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [OFFICE, "--headless", profile, *options, "--convert-to", to, "--outdir", folder / "out", folder / name]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "out" / f"{name.rpartition('.')[0]}.{to.partition(':')[0]}"


def share_of(pixels, colour):
    """The share of pixels of a colour, edges left out."""
    wanted = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)])
    return float((np.abs(255 * pixels[:, :, :3] - wanted).max(axis=2) < 12).mean())


def check_colours(path):
    pixels = matplotlib.image.imread(path)
    assert share_of(pixels, palette.LIGHT.surface) > 0.7, "the ground is white"
    assert share_of(pixels, palette.LIGHT.yours) > 0.0005, "a line is blue"
    assert share_of(pixels, palette.LIGHT.line) > 0.001, "the grid is there"
    assert share_of(pixels, "#000000") < 0.001, "nothing is filled with black"


@needs_rsvg
def test_rsvg_shows_lines_grid_and_ground_in_their_colours(files):
    subprocess.run([RSVG, files / "1.svg", "-o", files / "1_rsvg.png"], check=True)
    check_colours(files / "1_rsvg.png")
    subprocess.run([RSVG, files / "figure-corridor.svg", "-o", files / "corridor.png"], check=True)
    pixels = matplotlib.image.imread(files / "corridor.png")
    assert share_of(pixels, "#000000") < 0.001 and share_of(pixels, palette.LIGHT.worse) > 0.0005


@needs_office
def test_libreoffice_draws_the_picture_and_reads_the_tables(files):
    check_colours(converted(files, "1.svg", "png"))
    heads, *rows = csv.reader(
        io.StringIO(converted(files, "1.csv", ENGLISH_CSV, f"--infilter={FRENCH_CSV}").read_text("utf-8"))
    )
    assert heads[0] == "Année" and heads[1].startswith("Référence")
    fractions = [float(row[0]) for row in rows if "." in row[0]]
    assert fractions and all(float(row[1]) >= 0 for row in rows if row[1]), "French commas were read as numbers"
    of_book = list(csv.reader(io.StringIO(converted(files, "1.xlsx", ENGLISH_CSV).read_text("utf-8"))))
    assert heads[2].startswith("'=") and of_book[0] == [head.removeprefix("'") for head in heads]
    assert [row[0] for row in of_book[1:]] == [row[0] for row in rows]
    again = openpyxl.load_workbook(converted(files, "1.xlsx", "xlsx")).worksheets[1]
    cells = [cell for row in again.iter_rows() for cell in row]
    assert any(cell.value == TITLE and cell.data_type == "s" for cell in cells), "a title like a formula stays text"


@needs_office
def test_libreoffice_reads_a_run_that_was_saved_for_excel(tmp_path):
    result = run(Scenario.load("g8_2001").with_changes(start=2008, end=2010), keep=["public_cost", "smuggler_fee"])
    result.save(tmp_path / "run.xlsx")
    heads, units, *rows = csv.reader(io.StringIO(converted(tmp_path, "run.xlsx", ENGLISH_CSV).read_text("utf-8")))
    column = heads.index("public_cost")
    assert len(rows) == len(result.time) and units[column] == "USD/year"
    shown = [float(row[column].replace(",", "")) for row in rows]  # as the sheet shows them, in whole dollars
    np.testing.assert_allclose(shown, result.total("public_cost")[0], rtol=0, atol=0.5)
    again = openpyxl.load_workbook(converted(tmp_path, "run.xlsx", "xlsx"))
    assert again.sheetnames == ["values", "variables", "provenance"]


@needs_paper
@pytest.mark.parametrize("corridor", ["us_southwest_border", "eu_external_border"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_the_brief_in_word_is_one_page_and_an_annex(code, corridor, tmp_path):
    word, say, pictures = made(three(code, corridor), "word"), language(code).say, {}
    for name, drawing in word.drawings.items():
        (tmp_path / "chart.svg").write_text(drawing, encoding="utf-8")
        drawn = subprocess.run([RSVG, "-w", "1400", tmp_path / "chart.svg"], check=True, capture_output=True).stdout
        pictures[name] = base64.b64encode(drawn).decode()
    (tmp_path / "brief.docx").write_bytes(base64.b64decode(word.finished(pictures)))
    paper = converted(tmp_path, "brief.docx", "pdf")
    text = subprocess.run(["pdftotext", "-layout", paper, "-"], check=True, capture_output=True).stdout.decode()
    first, annex, *_ = text.split("\f")
    for section in word.brief.sections:
        assert section.title in first
    assert word.brief.made in first and annex.lstrip().startswith(say("brief.annex"))
    for row in word.brief.rows:
        assert " ".join(row.baseline.split()) in " ".join(first.split())
