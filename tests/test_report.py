"""The report: every section is there, its numbers are those of the fit, and it fetches nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from markupsafe import escape

from pushpull import Scenario, run
from pushpull.__main__ import main
from pushpull.calibration.fee import fee_shares
from pushpull.calibration.fit_scores import score_history
from pushpull.calibration.judged_sampler import JudgedSampler
from pushpull.calibration.judging_chains import ChainJudgement
from pushpull.calibration.plan import read_plan
from pushpull.calibration.simulate import Simulator
from pushpull.evaluation.judgement import chosen_rows
from pushpull.evaluation.knowledge import POLICIES
from pushpull.evaluation.stored import stored_evaluations
from pushpull.evidence.experiment_files import read_experiments
from pushpull.evidence.verdicts import score
from pushpull.files.faults import Fault
from pushpull.posterior import Posterior
from pushpull.reporting import judged_section, report_texts
from pushpull.reporting.findings import Fan, Findings, guided_share, read_forecast
from pushpull.reporting.fit_fields import fit_fields
from pushpull.reporting.report_page import page
from pushpull.reporting.report_sections import FIT_COLUMNS, sections
from pushpull.reporting.report_words import IN_ENGLISH, ReportWords
from pushpull.scenario import heading, policy_names
from pushpull.scenario.events import read_events
from pushpull.wording.phrases import Phrase
from tests.test_fit_judged import BESIDE, IN_RECORDS

# What is made once for all of them takes long, so they stay on one worker.
pytestmark = pytest.mark.xdist_group("report")

CORRIDOR = "us_southwest_border"
MAIN = "apprehensions_recorded"
ENGLISH_WORDS = re.compile(
    r"(?<![\w@-])(?:the|of|and|with|for|which|there|this|that|by|from|is|are|was|were|not|who|than|their|its|to|years?|"
    r"range|recorded|people|share|sign|assumption)(?![\w=:'-])",
    re.IGNORECASE,
)
# Names of laws and operations, and what a machine calls itself.
PROPER_NAMES = re.compile(
    "Immigration Reform and Control Act|Hold the Line|Circumvention of Lawful Pathways|Securing the Border|"
    "with fused multiply-add"
)
number, share = IN_ENGLISH.number, IN_ENGLISH.share
IDS = ("FEE02", "FLO05", "LEG05", "LEG09", "PUL01")
SECTIONS = (
    "short", "fitted", "record", "events", "fees", "forecast", "evaluation", "evidence", "packages", "parameters",
    "judged", "family", "unforeseen", "limits", "surprises", "sources",
)  # fmt: skip


@pytest.fixture(scope="module")
def findings():
    """Findings of a made-up posterior: a few draws of the prior, so that nothing depends on the stored fit."""
    scenario = Scenario.from_mapping({"schema_version": 3, "title": "border", "corridor": CORRIDOR})
    plan = read_plan(scenario)
    scores = np.random.default_rng(7).standard_normal((24, len(plan.names)))
    posterior = Posterior(
        parameters=plan.names,
        draws=Simulator(plan).draws(scores),
        weights=np.full(24, 1 / 24),
        reference=np.array([unknown.anchor for unknown in plan.unknowns]),
        scores=scores,
        records=(),
        errors=np.empty((24, 0)),
        provenance={"plan": plan.digest, "corridor": CORRIDOR, "until": plan.until, "seed": 5},
    )
    years = np.arange(2009.0, 2013.0)
    forecast = (Fan("smuggler_fee", "USD", years, np.outer([1.0, 2.0, 3.0, 4.0, 5.0], years)),)
    return Findings(
        scenario=scenario,
        plan=plan,
        posterior=posterior,
        current=True,
        fits=score_history(plan, posterior),
        guided=guided_share(scenario, 3, 1, int(plan.until)),
        fee=fee_shares(scenario, plan.until, 3),
        forecast=forecast,
        board=score(IDS, 3, 1),
        members=3,
        seed=1,
    )


@pytest.fixture(scope="module")
def text(findings):
    return page(findings)


@pytest.fixture(scope="module")
def french(findings):
    return page(replace(findings, evaluations=tuple(stored_evaluations(findings.scenario.corridor.folder))), "fr")


class Reader(HTMLParser):
    """Gathers tables by id, and every attribute of every element."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.attributes, self.tags, self.cell = {}, [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attributes]
        if tag == "table":
            self.rows = self.tables[dict(attributes)["id"]] = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = []

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append("".join(self.cell))
            self.cell = None


def rows_of(text, name):
    head, *rows = Reader(text).tables[name]
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    "language, told",
    [
        (
            "en",
            ("24 chains of 4,000 steps", "it is 1.37 at most, and above 1.05 for 9 of 292", "the chains have not met"),
        ),
        ("fr", ("24 chaînes de 4 000 pas", "il est ici de 1,37 au plus, et dépasse 1,05 pour 9 des 292")),
    ],
)
def test_whether_chains_have_met_is_told(findings, monkeypatch, language, told):
    judged = ChainJudgement("", "2026-01-01", 384, 292, 214, 24, 4000, 1.37, 9, ("a",), 31, 44, 290, 229, 228, -1, ())
    monkeypatch.setattr(judged_section, "read_judgement", lambda folder: judged)
    posterior = replace(findings.posterior, provenance={**findings.posterior.provenance, "chains": 24})
    text = page(replace(findings, posterior=posterior), language).replace("\u202f", " ").replace("\xa0", " ")
    assert all(each in text for each in told), [each for each in told if each not in text]
    assert "Pareto" not in text and "one search each" not in text and "une seule recherche" not in text


@pytest.mark.parametrize(
    "language, told",
    [
        ("en", ("4 chains of 400 steps", "for 1 of them", "Of 90 % ranges 90 %", "+1.00 ± 0.10", "have changed since")),
        ("fr", ("4 chaînes de 400 pas", "pour 1 d'entre eux", "le nombre vrai : 90 %", "+1,00 ± 0,10", "ont changé")),
    ],
)
def test_what_was_judged_of_the_sampler_is_told(findings, monkeypatch, language, told):
    judged = JudgedSampler(IN_RECORDS, BESIDE)
    monkeypatch.setattr(judged_section, "read_sampler", lambda folder: judged)
    text = page(findings, language).replace("\u202f", " ").replace("\xa0", " ").replace("’", "'")
    assert all(each in text for each in told), [each for each in told if each not in text]
    rows = rows_of(page(findings, language), "judged_records"), rows_of(page(findings, language), "judged_nested")
    assert [len(each) for each in rows] == [1, 1]


def test_every_section_stands_on_the_page_and_in_its_contents(text):
    assert tuple(re.findall(r'<section id="(\w+)">', text)) == SECTIONS
    assert tuple(re.findall(r'<li><a href="#(\w+)">', text)) == SECTIONS


def test_the_page_fetches_nothing(text):
    reader = Reader(text)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form"} & set(reader.tags)
    led = [value for _, name, value in reader.attributes if name in ("src", "href", "srcset", "action", "xlink:href")]
    assert led and all(value.startswith("#") for value in led)
    assert not any("http" in value for _, _, value in reader.attributes)
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style and "@import" not in style and "http" not in style


def test_addresses_stand_only_in_the_sources_as_text(text):
    assert "http" not in text[: text.index('<section id="sources">')]


def test_every_event_of_the_corridor_is_told_with_what_it_touches(findings, text):
    rows = rows_of(text, "events")
    assert [row["date"] for row in rows] == [event.date for event in read_events(findings.scenario.corridor)]
    [gatekeeper] = [row for row in rows if "Gatekeeper" in row["what"]]
    assert gatekeeper["where"] == "San Diego" and "Border control" in gatekeeper["touches"]
    assert "San Diego Union-Tribune" in gatekeeper["source"]


def test_every_drawing_is_well_formed_and_stays_within_its_frame(text):
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawings) > 12
    for drawing in drawings:
        root = ElementTree.fromstring(drawing)
        _, _, width, height = map(float, root.get("viewBox").split())
        assert root.find("title").text and root.get("aria-label")
        for one in root.iter():
            for name in ("x1", "x2", "cx", "x"):
                assert 0 <= float(one.get(name, 0)) <= width, drawing
            for name in ("y1", "y2", "cy", "y"):
                assert 0 <= float(one.get(name, 0)) <= height, drawing


def test_every_series_is_in_the_table_of_its_group_and_has_a_plot(findings, text):
    for name, fitted in (("fit_fitted", True), ("fit_compared", False)):
        wanted = [record.label for record in findings.plan.records if record.fitted is fitted]
        assert [row["series"] for row in rows_of(text, name)] == wanted
    assert text.count('aria-label="') - text.count('role="region"') >= len(findings.plan.records)


def test_every_number_of_the_fit_tables_is_what_the_values_give(findings, text):
    labels = [fit.record.label for fit in findings.fits]
    known = dict(zip(labels, fit_fields(findings.posterior, findings.fits, True)["series"], strict=True))
    bounds = {record.label: (record.low, record.high) for record in findings.plan.records}
    inner = {fit.record.label: (fit.inner_low, fit.inner_high) for fit in findings.fits}
    for row in rows_of(text, "fit_fitted") + rows_of(text, "fit_compared"):
        assert set(row) == set(FIT_COLUMNS)
        each, (low, high) = known[row["series"]], bounds[row["series"]]
        median, recorded = np.array(each["median"]), np.array(each["recorded"])
        target = np.clip(median, low, high) if each["range"] else recorded
        off = 100 * np.abs(median - target) / target
        assert row["n"] == str(len(median))
        assert row["MAPE %"] == f"{off.mean():.1f}"
        assert row["RMSPE %"] == f"{np.sqrt((off**2).mean()):.1f}"
        assert row["allowed %"] == ("–" if each["tolerance"] is None else f"{each['tolerance']:g}")
        met = "–" if each["tolerance"] is None else "yes" if off.mean() <= each["tolerance"] else "NO"
        assert row["met"] == met
        held = [bottom <= top and under <= over for bottom, top, under, over in
                zip(low, each["high"], each["low"], high, strict=True)]  # fmt: skip
        assert row["in 90 % range"] == share(np.mean(held))
        by_draws = (low <= inner[row["series"]][1]) & (high >= inner[row["series"]][0])
        assert row["by draws alone"] == share(by_draws.mean())
        width = (np.array(each["high"]) - np.array(each["low"])) / median / 2
        assert row["half width %"] == f"{100 * width.mean():.0f}"
        if len(median) > 2:
            together = np.corrcoef(median, recorded)[0, 1]
            assert row["R²"] == f"{together**2:.2f}" + (" (opposed)" if together < 0 else "")
        square = ((median - target) ** 2).mean()
        if square:
            assert row["Theil bias"] == f"{(median.mean() - target.mean()) ** 2 / square:.2f}"
            assert row["Theil variation"] == f"{(median.std() - target.std()) ** 2 / square:.2f}"


def test_the_half_band_lies_within_the_whole_one(findings):
    for fit in findings.fits:
        assert np.all(fit.low <= fit.half_low) and np.all(fit.half_low <= fit.half_high)
        assert np.all(fit.half_high <= fit.high)


def test_every_tested_finding_has_a_row_and_every_other_its_reason(findings, text):
    verdicts = {each.experiment.id: each for each in findings.board.verdicts}
    tested = rows_of(text, "evidence_table")
    wanted = [(name, verdicts[name].verdict) for name in IDS if name != "LEG05"]
    assert [(row["id"], row["verdict"]) for row in tested] == wanted
    assert {row["use"] for row in tested} <= {"informed the structure", "only tested"}
    out = rows_of(text, "out_of_reach")
    assert {row["id"] for row in out} | {row["id"] for row in tested} == set(IDS) and out
    assert [row["reason"].split() for row in out] == [verdicts["LEG05"].experiment.not_representable.split()]


def test_every_parameter_has_a_row_with_what_the_record_explains(findings, text):
    rows = {row["parameter"]: row for row in rows_of(text, "parameter_table")}
    assert set(rows) == set(findings.posterior.parameters)
    for unknown in findings.plan.unknowns:
        low, high = unknown.prior.prior
        assert rows[unknown.name]["prior range"] == f"{number(low)} to {number(high)}"
        card = findings.scenario.catalogue.parameters[unknown.prior.id]
        assert rows[unknown.name]["unit"] == ("times" if unknown.times else card.unit)
    assert rows["reference_fee"]["unit"] == "times" and rows["training_gain_for_victims"]["unit"] != "times"
    for place, name in enumerate(findings.posterior.parameters):
        explained, shift = 1 - findings.posterior.scores[:, place].var(), findings.posterior.scores[:, place].mean()
        assert rows[name]["explained"] == share(explained)
        assert rows[name]["at its prior"] == ("stays" if explained < 0.82 and abs(shift) < 0.76 else "")


def test_how_far_the_draws_can_be_trusted_and_a_stale_fit_are_told_at_the_top(findings):
    stale = next(part for part in sections(replace(findings, current=False)) if part.id == "short").body
    assert "randomised maximum likelihood" in stale and "out of date" in stale
    assert "out of date" not in sections(findings)[0].body


def test_a_missing_forecast_is_said_to_be_missing(findings, tmp_path):
    assert read_forecast(tmp_path / "forecast.csv") is None
    body = next(part for part in sections(replace(findings, forecast=None)) if part.id == "forecast").body
    assert "no forecast" in body and "<svg" not in body


def test_forecasts_from_past_years_are_told_as_they_are_stored(findings):
    evaluations = tuple(stored_evaluations(findings.scenario.corridor.folder))
    tables = Reader(page(replace(findings, evaluations=evaluations))).tables
    latest = evaluations[-1]
    measures = dict.fromkeys(row["measure"] for row in latest["rows"])
    assert len(measures) > 4
    for measure in measures:
        rows = [row for row in latest["rows"] if row["measure"] == measure]
        stored = [row for policy in POLICIES for row in rows if row["policy"] == policy]
        _, *cells = tables[f"evaluation_{measure}"]
        assert len(cells) == len(stored)
        for shown, row in zip(cells, stored, strict=True):
            assert shown[1] == f"{row['years'][0]} to {row['years'][1]}" and shown[3] == share(row["mape"])
            assert shown[9:] == [share(row["coverage_50"]), share(row["coverage_90"])]
    left_out = [row[1] for row in tables.get("ablations", [])[1:]]
    assert left_out == [share(row["fit_mape"]) for row in latest["ablations"]]
    heads = [[row["name"], row["made"], row["what_changed"]] for row in evaluations]
    assert [row[:3] for row in tables["evaluations"][1:]] == heads


def test_the_worst_forecasts_are_told_in_a_sentence_and_no_evaluation_or_a_damaged_one_too(findings):
    evaluations = tuple(stored_evaluations(findings.scenario.corridor.folder))
    told = " ".join(page(replace(findings, evaluations=evaluations)).split())
    far = chosen_rows(evaluations[-1], "apprehensions_recorded", "known", "6-11")
    worst = max(far, key=lambda row: row["mape"])
    first, last = worst["years"]
    error = " ".join(share(worst["mape"]).split())
    assert f"the forecast made in {worst['origin_year']} missed {first} to {last} by {error} on average." in told
    assert "pushpull evaluate us_southwest_border" in " ".join(page(findings).split())
    damaged = page(replace(findings, evaluations_fault=Fault("evaluation.json", None, Phrase("this is no JSON"))))
    assert "cannot be shown: evaluation.json: this is no JSON" in damaged


def test_a_forecast_file_is_read_into_fans(tmp_path):
    file = tmp_path / "forecast.csv"
    rows = ("2009,a,1,2,3,4,5,x", "2010,a,2,3,4,5,6,x", "2009,b,0,0,0,0,1,y")
    file.write_text("\n".join(["fiscal_year,variable,p5,p25,p50,p75,p95,unit", *rows, ""]))
    first, second = read_forecast(file)
    assert (first.name, first.unit, second.name) == ("a", "x", "b")
    np.testing.assert_array_equal(first.percentiles, [[1, 2], [2, 3], [3, 4], [4, 5], [5, 6]])


def test_the_readme_tells_the_same_limits_as_the_report(text):
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert report_texts.LIMITS.read_text(encoding="utf-8").strip() in readme
    assert len(report_texts.limits()) == report_texts.LIMITS.read_text(encoding="utf-8").count("\n- **") + 1
    body = text[text.index('<section id="limits">') : text.index('<section id="surprises">')]
    assert body.count("<li>") == len(report_texts.limits())


def test_what_bounds_the_model_stands_in_the_french_report_with_the_same_numbers(french):
    assert report_texts.limits("fr")[0][0] == "Combien." and len(report_texts.limits("fr")[0][1]) > 300
    body = " ".join(french.split())
    for read in (report_texts.limits, report_texts.unforeseen):
        assert all(" ".join(str(escape(heading)).split()) in body for heading, _ in read("fr"))
        for (_, before), (_, after) in zip(read(), read("fr"), strict=True):
            assert sorted(re.findall(r"\d{4,}", before)) == sorted(re.findall(r"\d{4,}", after)), after
            assert not re.search(r"[^\W\d_]'[^\W\d_]", after)


class ReadInFrench(HTMLParser):
    """Gathers what a page in French says, labels among it, without what it quotes: English elements and code."""

    def __init__(self, text):
        super().__init__()
        self.told, self.left_out = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if self.left_out or (given.get("lang") == "en" and tag != "html") or tag in ("code", "style"):
            self.left_out.append(tag)
        else:
            self.told += [given[name] for name in ("aria-label", "data-label") if given.get(name)]

    def handle_endtag(self, tag):
        if self.left_out and self.left_out[-1] == tag:
            self.left_out.pop()

    def handle_data(self, data):
        if not self.left_out:
            self.told.append(" ".join(data.split()))


def english_in(text):
    return {told for told in ReadInFrench(text).told if ENGLISH_WORDS.search(PROPER_NAMES.sub("", told))}


def test_the_french_report_says_nothing_in_english_but_what_it_quotes(french, text):
    assert '<html lang="fr">' in french and "Ce que le modèle ne peut pas dire</h2>" in french
    assert english_in(french) == set()
    assert len(english_in(text)) > 100, "else the search finds nothing"
    quoted = set(re.findall(r'<span lang="en">(.*?)</span>', french))
    assert any("Congressional Research Service" in each for each in quoted)
    assert 'lang="en">' not in text.replace('<html lang="en">', "")


def test_the_french_report_holds_the_numbers_of_the_english_one_as_french_writes_them(french, text):
    def numbers_in(told):
        return re.findall(r"\d+(?:\.\d+)?", told.replace(",", ".").replace("\u202f", "").replace("\u00a0", ""))

    for name in ("fit_fitted", "packages", "packages_apart", "parameter_table", "evidence_table"):
        ours, theirs = Reader(french).tables[name][1:], Reader(text.replace(",", "")).tables[name][1:]
        ends = slice(-3, None) if name != "evidence_table" else slice(5, 6)
        assert [numbers_in("".join(row[ends])) for row in ours] == [numbers_in("".join(row[ends])) for row in theirs]
        assert len(ours) > 3 and not any(re.search(r"\d\.\d", cell) for row in ours for cell in row[ends])


@pytest.mark.parametrize("name", [CORRIDOR, "eu_external_border"])
def test_what_the_files_of_a_corridor_say_has_its_french(name):
    scenario = Scenario.load(name)
    plan, evaluations = read_plan(scenario), stored_evaluations(scenario.corridor.folder)
    told = {each.why for each in (*plan.unknowns, *plan.records)} | {record.unit for record in plan.records}
    told |= {event.note for event in read_events(scenario.corridor)}
    told |= {note for each in evaluations[-1:] for note in each["notes"]}
    told |= {each["what_changed"] for each in evaluations} | {row["title"] for row in evaluations[-1]["ablations"]}
    words = ReportWords("fr")
    assert {each for each in told if each and not words.has(each)} == set()
    titles = {words.record(record) for record in plan.records} | {words.name(each.name) for each in plan.unknowns}
    assert not {title for title in titles if "_" in title or title.isascii() and ENGLISH_WORDS.search(title)}
    assert not {unit for each in plan.unknowns if "/" in (unit := words.unit(each.prior.unit, "EUR"))}


def test_every_published_effect_has_its_french():
    words = ReportWords("fr")
    for each in read_experiments():
        assert words.finding(each) != each.title
        assert not each.not_representable or words.out_of_reach(each) != each.not_representable
    measured = {each.measured_in for each in read_experiments() if each.measured_in}
    assert {unit for unit in measured if not words.has(unit)} == set()


def test_what_no_file_says_in_french_is_marked_as_english():
    words = ReportWords("fr")
    assert words.text("a note of one's own") == '<span lang="en">a note of one&#39;s own</span>'
    assert words.text("not recorded") == "aucune donnée" and IN_ENGLISH.text("not recorded") == "not recorded"
    assert words.accepted(None, 1.5) == "au plus 1,5" and words.accepted(0.25, None) == "au moins 0,25"
    assert words.name("departure_rate@mexico").endswith(", Mexique")


def test_what_each_package_does_and_costs_is_worked_out(findings, text):
    baseline = findings.scenario.baseline()
    rows = {row["package"]: row for row in rows_of(text, "packages")}
    assert set(rows) == {heading(name).title for name in policy_names()}

    def mean(scenario, name):
        result = run(scenario)
        since = result.time >= baseline.policy_start
        return np.trapezoid(result.total(name)[0, since], result.time[since]) / np.ptp(result.time[since])

    before, course = mean(baseline, "public_cost"), mean(baseline, "deaths_in_transit")
    for name in ("balanced", "slots_without_enforcement"):
        row, package = rows[heading(name).title], baseline.with_policy(name)
        assert row["billion dollars a year"] == number((mean(package, "public_cost") - before) / 1e9)
        assert row["Public cost"] == share(mean(package, "public_cost") / before - 1)
        assert row["Deaths in transit"] == share(mean(package, "deaths_in_transit") / course - 1)
    assert f"which costs {number(before / 1e9)} billion" in " ".join(text.split())


def test_a_package_of_several_kinds_is_taken_apart(findings, text):
    rows = {row["levers"]: row for row in rows_of(text, "packages_apart") if row["package"] == "Balanced"}
    kinds = ["preventive", "punitive", "remedial", "enabling"]
    assert list(rows) == [*(f"{kind} alone" for kind in kinds), "if each acted by itself", "all together"]
    whole = next(row for row in rows_of(text, "packages") if row["package"] == "Balanced")
    for title in list(whole)[3:]:
        assert rows["all together"][title] == whole[title]
        *alone, expected = (
            float(rows[words][title].replace("\N{MINUS SIGN}", "-").split("\N{NO-BREAK SPACE}")[0]) / 100
            for words in [*(f"{kind} alone" for kind in kinds), "if each acted by itself"]
        )
        if title == "Public cost":
            assert sum(alone) == pytest.approx(expected, abs=0.025)  # of five rounded numbers
        else:
            assert np.prod(1 + np.array(alone)) - 1 == pytest.approx(expected, abs=0.03)


def test_the_readme_tells_what_no_forecast_can_foresee_as_the_report_does(findings, text):
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert report_texts.UNFORESEEN.read_text(encoding="utf-8").strip() in readme
    entries = report_texts.unforeseen()
    assert len(entries) == report_texts.UNFORESEEN.read_text(encoding="utf-8").count("\n- **") + 1
    body = text[text.index('<section id="unforeseen">') : text.index('<section id="limits">')]
    assert body.count("<li>") == len(entries) and "SWP Research Paper 11/2023" in body and "QuantMig" in body
    assert "*" not in body and "`" not in body
    elsewhere = replace(findings, scenario=Scenario.load("g8_2001"))
    unforeseen = next(part for part in sections(elsewhere) if part.id == "unforeseen").body
    assert unforeseen.count("<li>") == len(entries) - 1 and "Title 42" not in unforeseen


def test_what_knowing_policy_is_worth_is_worked_out_from_the_latest_evaluation(findings):
    evaluations = tuple(stored_evaluations(findings.scenario.corridor.folder))
    rows = {
        policy: {row["origin_year"]: row["mape"] for row in chosen_rows(evaluations[-1], MAIN, policy, "1-5")}
        for policy in POLICIES
    }
    expected = [
        np.exp(np.mean([np.log(rows[policy][year] / rows["known"][year]) for year in rows["known"]]))
        for policy in POLICIES[1:]
    ]
    told = next(part for part in sections(replace(findings, evaluations=evaluations)) if part.id == "unforeseen").body
    assert [float(each) for each in re.findall(r"([\d.]+) times with", told)] == pytest.approx(expected, abs=0.005)
    bare = next(part for part in sections(findings) if part.id == "unforeseen").body
    assert "What knowing policy is worth" not in bare


def test_there_are_five_surprises_whose_numbers_are_worked_out(findings):
    found = report_texts.surprises(findings)
    assert len(found) == 5 and all(one.title and one.what and one.why and one.how for one in found)
    assert not any("{" in one.what + one.why for one in found)
    values = report_texts.values_for_texts(findings)
    assert values["fee"]["enforcement"] in found[0].what


def test_a_surprise_whose_verdict_has_changed_says_so(findings):
    verdicts = [
        replace(each, verdict="wrong sign") if each.experiment.id == "FLO05" else each
        for each in findings.board.verdicts
    ]
    changed = replace(findings, board=replace(findings.board, verdicts=tuple(verdicts)))
    assert any("FLO05 is now: wrong sign" in one.changed for one in report_texts.surprises(changed))


def test_the_command_writes_the_page_and_leaves_an_older_file_where_it_fails(findings, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("pushpull.posterior.posterior_of", lambda corridor: findings.posterior)
    monkeypatch.setattr("pushpull.reporting.findings.gather", lambda *given: findings)
    file = tmp_path / "report.html"
    assert main(["export", "report", "-o", str(file), "--members", "3"]) == 0
    whole = file.read_text(encoding="utf-8")
    assert whole == page(findings)

    def broken(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr("pushpull.reporting.findings.gather", broken)
    assert main(["export", "report", "-o", str(file)]) == 130
    assert file.read_text(encoding="utf-8") == whole and list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["report", "--corridor", "g8_2001"], '"g8_2001" has not been fitted'),
        (["report", "--members", "1"], "--members: at least 2 draws"),
        (["report", "--seed", "-1"], "--seed: a whole number"),
        (["schema", "--members", "5"], "--members: only a report takes this"),
    ],
)
def test_what_cannot_be_reported_is_one_line_and_exit_code_two(capsys, tmp_path, arguments, line):
    file = tmp_path / "report.html"
    target = ["-o", str(file)] if arguments[0] == "report" else []
    assert main(["export", *arguments, *target]) == 2
    out, err = capsys.readouterr()
    assert out == "" and line in err and len(err.strip().splitlines()) == 1 and not file.exists()
