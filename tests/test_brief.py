"""The brief: its sentences come from runs, its options are in the data, and Word says what the page says."""

import base64
import csv
import io
import json
import threading
import zipfile
from datetime import date
from functools import cache

import pytest
from docx import Document
from docx.oxml.ns import qn

from pushpull import Scenario, run
from pushpull.catalogue import catalogue
from pushpull.dashboard.auth.visitor import Visitor
from pushpull.dashboard.compute import option_facts
from pushpull.dashboard.compute.compared import options_of
from pushpull.dashboard.compute.ensembles import STAGES, cached_ensemble
from pushpull.dashboard.compute.indicators import HARMS, changes
from pushpull.dashboard.compute.judging.outcome_verdicts import CLEAR, SAME, UNCLEAR, verdicts
from pushpull.dashboard.compute.runs import runs_of
from pushpull.dashboard.export import brief_content as contents
from pushpull.dashboard.export.brief_content import brief_content
from pushpull.dashboard.export.brief_word import CHIP
from pushpull.dashboard.export.evidence_pack import packing
from pushpull.dashboard.i18n.notices import Refusal
from pushpull.dashboard.i18n.texts import LANGUAGES, language
from pushpull.dashboard.pages import overview_page
from pushpull.dashboard.session import taking
from pushpull.dashboard.session.session import Session
from pushpull.dashboard.state import policy_options
from pushpull.dashboard.state.links.opened_link import open_link
from pushpull.dashboard.state.packages import package_heading
from pushpull.dashboard.state.state import State
from pushpull.dashboard.state.view import outcomes_for_cards
from pushpull.dashboard.storage.short_links import KeptLink, LinksUnavailable

KNOWN = catalogue()
DAY = date(2026, 11, 1)
PAGE = "https://models.example.org/pushpull/"
# The smallest PNG there is: one pixel.
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def three(code="en", corridor="g8_2001"):
    state = State.opening(corridor).looking(language=code)
    for name in ("punitive", "balanced"):
        state = policy_options.with_package(state, name)
    state = policy_options.renamed(state.with_value("asylum_access", 0.9), -1, "Portes ouvertes : =1+1 & « C »")
    return state.keeping(state.named())


def made(state, kind="pack", link=None):
    words = language(state.view.language, state.scenario.corridor.currency)
    (found,) = packing(words, state, runs_of(state.scenario), None, threading.Event(), kind, PAGE, link, DAY)
    return found


@cache
def word_of(code):
    """The brief on three options for a word processor, its charts yet to come."""
    return made(three(code), "word")


def content_of(state):
    words = language(state.view.language, state.scenario.corridor.currency)
    return brief_content(words, state, runs_of(state.scenario), None, threading.Event(), DAY, state.address(PAGE))


def judged(state, option):
    """The verdicts on an option, as the cards would show it."""
    paired = cached_ensemble(option).paired
    return verdicts(changes(run(option), run(option.baseline()), state.year), paired, state.year, state.view.valued)


@pytest.fixture(scope="module", params=LANGUAGES)
def content(request):
    return content_of(three(request.param))


@pytest.fixture(scope="module")
def pack():
    found = made(three())
    finished = found.finished(dict.fromkeys(found.drawings, DOT))
    return zipfile.ZipFile(io.BytesIO(base64.b64decode(finished)))


# What it says ----------------------------------------------------------------------------------------------------


def test_the_options_stand_side_by_side_with_ranges_and_chances(content):
    words = language(content.code, "USD")
    assert [each[:1] for each in content.names] == ["A", "B", "C"]
    assert len(content.rows) == contents.OUTCOMES + 1 and content.rows[-1].title == words.title("public_cost")
    for row in content.rows:
        assert len(row.cells) == 3
        assert all(cell.range and cell.chance for cell in row.cells if cell.tone != "same")
    assert words.numbers.number(STAGES[-1]) in content.table_hint


def test_the_brief_says_what_the_cards_say(content):
    state, words = three(content.code), language(content.code, "USD")
    for place, option in enumerate(state.kept):
        found = judged(state, option)
        for row, name in zip(content.rows, (*contents.outcomes_of(state), contents.COST), strict=True):
            told, card = row.cells[place], overview_page.card(words, state, found[name])
            assert (told.value, told.tone) == (card["value"], card["tone"])
            assert told.change in f"{card['difference']} {card['ratio']}" or found[name].word == SAME
            assert row.baseline == words.numbers.amount(found[name].baseline, KNOWN.outcomes[name].unit)
            assert words.numbers.difference(found[name].most[0], KNOWN.outcomes[name].unit) in told.range


def test_everything_is_in_the_language_of_the_page(content):
    words = language(content.code)
    assert content.corridor == words.of("corridors", "g8_2001", State.opening("g8_2001").base.corridor.title)
    assert content.question == words.of("questions", "g8_2001", State.opening("g8_2001").base.question)
    assert content.names[0].endswith(words.of("packages", "punitive", package_heading("punitive").title))
    assert content.made == {"en": "Made on 1 November 2026", "fr": "Établi le 1er novembre 2026"}[content.code]


def test_it_leads_back_to_the_page_as_it_stands():
    state = three()
    html = made(state, "brief").text
    assert f'href="{state.address(PAGE)}"' in html and "<script" not in html
    assert open_link(state.address(PAGE).partition("?state=")[2]).state == state
    short = PAGE + "s/bcdfghjkmn"
    html = made(state, "brief", short).text
    assert f'<a href="{short}">{short}</a>' in html and "?state=" not in html
    assert "?state=" in made(state, "pack", short).files["data/metadata.json"]


def test_who_is_harmed_is_the_harm_that_grows_most_and_the_way_begins_at_a_lever_of_the_option():
    state = three(corridor="us_southwest_border")
    options = options_of(language("en"), state)
    found = contents.judged(options, state, contents.simulated(options, state, None, threading.Event()))
    for entry in options:
        harm = option_facts.harm_of(entry.scenario, found[entry.key], state.year)
        stated = [found[entry.key][name] for name in HARMS if found[entry.key][name].direction]
        if any(each.direction > 0 for each in stated):
            assert harm.rises and harm.verdict == max(stated, key=lambda each: each.ratio)
        else:
            assert not harm.rises and harm.verdict == min(stated, key=lambda each: each.ratio)
        assert harm.path.names[0] == harm.lever in entry.scenario.policies
        assert harm.path.names[-1] == harm.verdict.outcome.id
        alone = entry.scenario.baseline().with_changes(policies={harm.lever: entry.scenario.policies[harm.lever]})
        moved = option_facts.change_of(alone, harm.verdict.outcome.id, state.year)
        assert moved.difference * harm.verdict.difference > 0


def test_an_option_that_changes_nothing_harms_nobody():
    scenario = State.opening("g8_2001").scenario
    unchanged = verdicts(changes(run(scenario), run(scenario), 2045.0), None, 2045.0)
    assert option_facts.harm_of(scenario, unchanged, 2045.0) is None


def test_what_turns_the_answer_turns_it_in_runs():
    """A temporary sign: growth at origin raises emigration first under one formula, and lowers it under the other."""
    state = State.opening("g8_2001").with_value("origin_job_creation", 0.02)
    state = state.in_year(state.scenario.policy_start + 5)
    outcomes = ("smuggled_migrants", *HARMS)
    found = list(option_facts.turns_of(options_of(language("en"), state), outcomes, state.year))
    assert ("development_effect", "decline_berthiaume2021", "smuggled_migrants") in {
        (turn.setting, turn.formula, turn.outcome) for turn in found
    }
    told = " ".join(sentence for section in content_of(state).sections for sentence in section.sentences)
    assert language("en").texts("assumptions.formulas")["decline_berthiaume2021"] in told
    for turn in found:
        rival = turn.first.scenario.with_changes(formulas={turn.setting: turn.formula})
        before, after = (
            run(each).total(turn.outcome)[0][run(each).moment(state.year)]
            - run(each.baseline()).total(turn.outcome)[0][run(each).moment(state.year)]
            for each in (turn.first.scenario, rival)
        )
        assert before * after < 0
        assert (before, after) == (turn.before.difference, turn.after.difference)


def test_another_option_comes_first_where_runs_say_so(monkeypatch):
    """Two options whose order a rival formula turns; the runs are made up, the comparison is not."""
    first, second = options_of(language("en"), three())[:2]
    values = {(first.key, "in force"): 90.0, (second.key, "in force"): 95.0,
              (first.key, "rival"): 97.0, (second.key, "rival"): 91.0}  # fmt: skip
    outcome = KNOWN.outcomes["deaths_in_transit"]

    def changes(options, chosen, outcomes, year):
        under = "in force" if chosen is None or chosen[0] != "rescue_effect" else "rival"
        return {
            each.key: (each, {outcome.id: option_facts.Change(outcome, values[each.key, under], 100.0)})
            for each in options
        }

    monkeypatch.setattr(option_facts, "changes_under", changes)
    found = list(option_facts.turns_of([first, second], [outcome.id], 2045.0))
    assert {(turn.setting, turn.first.key, turn.then.key) for turn in found} == {
        ("rescue_effect", first.key, second.key)
    }
    assert all(turn.is_order for turn in found)


def test_an_unclear_direction_is_told_and_a_clear_one_is_not(content):
    state = three(content.code)
    words = language(content.code, state.scenario.corridor.currency)
    told = " ".join(sentence for section in content.sections for sentence in section.sentences)
    for entry in options_of(words, state):
        found = judged(state, entry.scenario)
        open_ones = [
            words.inside(words.title(name))
            for name in (*contents.outcomes_of(state), contents.COST)
            if found[name].word == UNCLEAR and found[name].chance < CLEAR
        ]
        sentence = words.say("brief.unclear", option=entry.title, outcomes=words.join(open_ones),
                             least=words.numbers.share(CLEAR))  # fmt: skip
        assert (sentence in told) == bool(open_ones)


def test_more_options_than_the_page_holds_stand_in_the_annex_and_the_page_says_so():
    state = three()
    state = policy_options.editing(policy_options.with_package(state, "remedial"), 3)
    found = content_of(state)
    assert len(found.names) == 3 and len(found.all_names) == 4
    assert found.names[0].startswith("D: ")  # the one that the page shows
    assert found.all_names[3] in found.others
    assert all(len(row.cells) == 3 for row in found.rows) and all(len(row.cells) == 4 for row in found.all_rows)


# What is taken along ---------------------------------------------------------------------------------------------


def test_the_data_hold_every_option(pack):
    state = three()
    rows = list(csv.DictReader(io.StringIO(pack.read("data/options.csv").decode())))
    assert [*dict.fromkeys(row["option"] for row in rows)] == ["A", "B", "C"]
    names = [*dict.fromkeys(row["name"] for row in rows)]
    assert names == [state.title_of(language("en"), each) for each in state.kept]
    for place, option in enumerate(state.kept):
        mine = [row for row in rows if row["option"] == "ABC"[place] and not row["route"]]
        told = [float(row["value"]) for row in mine if row["variable"] == "deaths_in_transit"]
        assert told == run(option).total("deaths_in_transit")[0].tolist()
    metadata = json.loads(pack.read("data/metadata.json"))
    assert metadata["options"] == dict(zip("ABC", names, strict=True))
    assert metadata["link"] == state.address(PAGE)


def test_the_data_of_a_french_pack_say_in_french_what_their_columns_are():
    files, words = made(three("fr")).files, language("fr")
    metadata = json.loads(files["data/metadata.json"])
    assert metadata["outcomes"]["deaths_in_transit"]["title"] == words.title("deaths_in_transit")
    assert metadata["outcomes"]["deaths_in_transit"]["meaning"] == words.meaning("deaths_in_transit")
    assert metadata["time"].startswith("année décimale") and "année décimale" in files["README.txt"]
    heads = files["data/yours.csv"].splitlines()[0].split(",")
    assert all(f"{head} (" in files["README.txt"] for head in heads)


def test_the_options_of_the_pack_are_files_that_run_again(pack, tmp_path):
    state = three()
    files = sorted(name for name in pack.namelist() if name.startswith("options/"))
    assert len(files) == 3
    for name, option in zip(files, state.kept, strict=True):
        path = tmp_path / name.removeprefix("options/")
        path.write_bytes(pack.read(name))
        assert Scenario.load(path).digest == option.digest and Scenario.load(path).title == state.title_of(
            language("en"), option
        )


def test_a_name_is_no_formula_for_the_spreadsheet_that_opens_the_data():
    state = State.opening("g8_2001").with_value("asylum_access", 0.9)
    state = policy_options.renamed(state, -1, "=HYPERLINK(0)")
    text = dict(made(state.keeping(state.named())).files)["data/options.csv"]
    assert ",'=HYPERLINK(0)," in text and ",=HYPERLINK" not in text


@pytest.mark.parametrize("code", LANGUAGES)
def test_word_says_what_the_page_says(code):
    word = word_of(code)
    file = Document(io.BytesIO(base64.b64decode(word.finished(dict.fromkeys(word.drawings, DOT)))))
    content = word.brief
    texts = [each.text for each in file.paragraphs]
    assert content.title in texts and content.question in texts
    for section in content.sections:
        assert section.title in texts and set(section.sentences) <= set(texts)
    grid = file.tables[0]
    assert [cell.text for cell in grid.rows[0].cells][2:] == [f"{name} {CHIP}" for name in content.names]
    for line, row in zip(grid.rows[1:], content.rows, strict=True):
        cells = [cell.text for cell in line.cells]
        assert cells[0] == f"{row.title}\n{row.unit}" and cells[1] == row.baseline
        for told, cell in zip(cells[2:], row.cells, strict=True):
            assert told.startswith(f"{cell.value} \u00b7 {cell.change}") and cell.range in told and cell.chance in told
    assert len(file.inline_shapes) == len(content.charts) == 3
    pictures = file.element.body.findall(".//" + qn("wp:docPr"))
    assert [each.get("descr") for each in pictures] == [title for _, title in content.charts]
    heads = file.element.body.findall(".//" + qn("w:tblHeader"))
    assert len(heads) == len(file.tables) - 1, "each table but that of the charts has a row that is read out as heads"
    (link,) = file.element.body.findall(".//" + qn("w:hyperlink"))
    assert file.part.rels[link.get(qn("r:id"))].target_ref == content.link
    assert file.core_properties.language[:2] == code
    assert len(Document(io.BytesIO(base64.b64decode(word.finished({})))).inline_shapes) == 0


@pytest.mark.parametrize("rest", [b"", b"\0\0\0\x0dIHDR", b"\0\0\0\x04IEND" + bytes(8), b"\xff" * 40])
def test_a_damaged_picture_is_refused(rest):
    word = word_of("en")
    damaged = base64.b64encode(b"\x89PNG\r\n\x1a\n" + rest).decode()
    with pytest.raises(Refusal) as refused:
        word.finished(dict.fromkeys(word.drawings, damaged))
    assert refused.value.key == "pictures"


def test_the_pack_holds_the_brief_twice(pack):
    assert {"brief.html", "brief.docx"} <= set(pack.namelist())
    assert Document(io.BytesIO(pack.read("brief.docx"))).core_properties.title == content_of(three()).title
    assert {f"charts/{name}.svg" for name in outcomes_for_cards()} <= set(pack.namelist())


def test_files_are_called_by_the_name_that_was_given():
    state = policy_options.renamed(State.opening("g8_2001").with_value("asylum_access", 0.9), -1, "Double visas")
    assert made(state, "brief").name == "Double visas brief.html"
    assert made(state, "word").name == "Double visas brief.docx"
    assert made(state).name == "Double visas_evidence.zip"


# The link back ---------------------------------------------------------------------------------------------------


class AtOnce:
    """Work in the background that is done at once."""

    def start(self, kind, steps, take, fail):
        for found in steps(threading.Event()):
            take(found)


@pytest.mark.parametrize("fault", [None, Refusal("short_link_long"), LinksUnavailable("no room")])
def test_the_brief_bears_a_short_link_or_where_none_can_be_kept_the_full_address(fault, monkeypatch):
    def keep(state, visitor, runs):
        if fault is not None:
            raise fault
        return KeptLink("bcdfghjkmn")

    monkeypatch.setattr(taking, "keep_short_link", keep)
    session, sent = Session(State.opening("g8_2001"), Visitor(site=PAGE)), []
    session.background, session.screen.toolbar.send = AtOnce(), sent.append
    session.receive({"do": "brief"})
    (answer,) = sent
    link = session.state.address(PAGE) if fault else PAGE + "s/bcdfghjkmn"
    assert f'href="{link}"' in answer["save"]["text"] and answer["packed"]
