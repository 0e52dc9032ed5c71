"""The exported XMILE keeps to the standard, and other simulators find in it the numbers we find."""

from __future__ import annotations

import ast
import re
from functools import cache

import numpy as np
import pytest

from pushpull import Scenario
from pushpull.__main__ import main
from pushpull.catalogue import catalogue
from pushpull.engine.language.graph import ModelFault
from pushpull.engine.stepping.methods import STEPS_PER_YEAR
from pushpull.exporting.expressions import Position, Writer, number
from pushpull.exporting.graphical_functions import points
from pushpull.exporting.scalar_entries import ScenarioNumbers
from pushpull.exporting.xmile import NAMESPACE, NotExpressible, xmile_text
from pushpull.scenario.library import shipped_folder
from tests.cases import each_in_turn
from tests.xmile_judges import NAMES, PySD, Simlin, drawn, euler, of_outcomes, ours, parsed, variables

CORRIDORS = ("us_southwest_border", "g8_2001")
PACKAGES = ("balanced", "preventive", "punitive", "remedial", "one_gateway_crackdown")
# The most levers, and one route alone; simlin judges them all.
FOR_PYSD = {"balanced": [], "one_gateway_crackdown": [pytest.mark.audit]}
# PySD takes half a minute to read a corridor of several origins.
READ_SLOWLY = {"us_southwest_border": [pytest.mark.audit], "g8_2001": [], "eu_external_border": [pytest.mark.audit]}
AGREEMENT = 1e-6  # PySD itself rounds the points of graphical functions to eight digits
LOOPS = tuple(catalogue().loops)
RIVALS = [(setting, name) for setting, names in catalogue().formulas.items() for name in names[1:]]


@cache
def text_of(corridor: str, policy: str | None = None) -> str:
    return xmile_text(euler(corridor, policy))


def assert_agree(found, expected: np.ndarray, name: str) -> None:
    """At every time to six digits; what has shrunk to nothing, to six digits of a millionth of its largest size."""
    size = np.abs(expected).max()
    np.testing.assert_allclose(found, expected, rtol=AGREEMENT, atol=AGREEMENT * 1e-6 * size, err_msg=name)


# the judges ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "corridor"), each_in_turn(PACKAGES, CORRIDORS))
def test_simlin_finds_our_outcomes_and_nothing_to_complain_of(corridor, policy, tmp_path):
    times, expected = ours(euler(corridor, policy))
    judge = Simlin(text_of(corridor, policy), tmp_path)
    for name in of_outcomes(expected):
        assert_agree(judge.series(times, name), expected[name], name)
    assert judge.complaints == []


@pytest.mark.parametrize(
    "policy", ["balanced", *(pytest.param(each, marks=pytest.mark.audit) for each in PACKAGES[1:-1])]
)
def test_simlin_finds_our_outcomes_on_the_ways_to_europe(policy, tmp_path):
    test_simlin_finds_our_outcomes_and_nothing_to_complain_of("eu_external_border", policy, tmp_path)


@pytest.fixture(scope="module")
def pysd_models(tmp_path_factory):
    """Each corridor read into PySD once, under the first package."""
    return cache(lambda corridor: PySD(text_of(corridor, PACKAGES[0]), tmp_path_factory.mktemp("pysd")))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("corridor", "policy"),
    [
        pytest.param(corridor, policy, marks=[pytest.mark.xdist_group(f"pysd_{corridor}"), *marks, *more])
        for corridor, marks in READ_SLOWLY.items()
        for policy, more in FOR_PYSD.items()
    ],
)
def test_pysd_finds_our_outcomes(pysd_models, corridor, policy):
    times, expected = ours(euler(corridor, policy))
    names = of_outcomes(expected)
    found = pysd_models(corridor).run(text_of(corridor, policy), times, names)
    for name in names:
        assert_agree(found[name].to_numpy(), expected[name], name)


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_simlin_finds_every_variable(corridor, tmp_path):
    times, expected = ours(euler(corridor))
    judge = Simlin(text_of(corridor), tmp_path)
    assert len(expected) > len(catalogue().model.variables)
    for name, series in expected.items():
        atol = AGREEMENT * np.abs(series).max()
        np.testing.assert_allclose(judge.series(times, name), series, rtol=0, atol=atol, err_msg=name)


@pytest.mark.parametrize(("setting", "formula"), RIVALS)
def test_a_rival_formula_is_the_one_in_the_file(setting, formula, tmp_path):
    scenario = euler("g8_2001", "balanced", formulas={setting: formula})
    assert_same_outcomes(scenario, tmp_path)
    assert xmile_text(scenario) != text_of("g8_2001", "balanced")


# Levers of each package leap at the policy start.
@pytest.mark.parametrize(("policy", "corridor"), each_in_turn(["balanced", "punitive", "remedial"], CORRIDORS))
def test_all_loops_are_switched_off_as_in_our_run(corridor, policy, tmp_path):
    assert_same_outcomes(euler(corridor, policy, loops_off=LOOPS), tmp_path)


@pytest.mark.parametrize("loop", LOOPS)
def test_each_loop_is_switched_off_as_in_our_run(loop, tmp_path):
    scenario = euler("g8_2001", "balanced", loops_off=(loop,), end=2030)
    with_loop = ours(euler("g8_2001", "balanced", end=2030))[1]
    without = ours(scenario)[1]
    assert any((with_loop[name] != without[name]).any() for name in without)
    assert_same_outcomes(scenario, tmp_path)


@pytest.mark.audit  # simlin knows in every run
def test_pysd_knows_how_loops_are_switched_off(tmp_path):
    scenario = euler("g8_2001", "balanced", loops_off=LOOPS, end=2030)
    times, expected = ours(scenario)
    names, text = of_outcomes(expected), xmile_text(scenario)
    found = PySD(text, tmp_path).run(text, times, names)
    for name in names:
        assert_agree(found[name].to_numpy(), expected[name], name)


def assert_same_outcomes(scenario: Scenario, folder) -> None:
    times, expected = ours(scenario)
    judge = Simlin(xmile_text(scenario), folder)
    for name in of_outcomes(expected):
        assert_agree(judge.series(times, name), expected[name], name)
    assert judge.complaints == []


def test_the_default_method_is_written_as_the_classical_one_and_found_again_where_nothing_leaps(tmp_path):
    scenario = Scenario.load("g8_2001")
    assert 'sim_specs method="rk4"' in xmile_text(scenario) and scenario.method not in ("rk4", "euler")
    assert_same_outcomes(scenario, tmp_path)


def test_with_steps_by_runge_and_kutta_only_leaps_are_read_differently(tmp_path):
    without_leaps = Scenario.load("g8_2001").with_changes(method="rk4")
    with_leaps = Scenario.load("us_southwest_border").with_policy("balanced").with_changes(method="rk4")
    assert_same_outcomes(without_leaps, tmp_path)
    times, expected = ours(with_leaps)
    judge = Simlin(xmile_text(with_leaps), tmp_path)
    for name in of_outcomes(expected):
        size = np.maximum(np.abs(expected[name]), 1e-9 * np.abs(expected[name]).max() + 1e-300)
        apart = np.abs(judge.series(times, name) - expected[name]) / size
        assert np.mean(apart < 2e-3) > 0.8 and apart.max() < 0.1, name


def test_simlin_would_complain_of_a_unit_that_is_wrong(tmp_path):
    right = "<units>person/year</units>"
    text = text_of("g8_2001")
    at = text.index(right, text.index('name="natural_growth_near"'))
    assert Simlin(text[:at] + "<units>USD</units>" + text[at + len(right) :], tmp_path).complaints


# the standard ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", [None, "balanced"])
@pytest.mark.parametrize("corridor", CORRIDORS)
def test_a_file_has_the_parts_of_the_standard_in_their_order(corridor, policy):
    root = parsed(text_of(corridor, policy))
    assert root.tag == f"{{{NAMESPACE}}}xmile" and root.get("version") == "1.0"
    assert [plain(tag) for tag in root] == ["header", "sim_specs", "model"]
    assert {"vendor", "product", "options"} <= {plain(tag) for tag in root.find("header", NAMES)}
    assert root.find("header/product", NAMES).get("version")
    specs = root.find("sim_specs", NAMES)
    assert specs.attrib == {"method": "euler", "time_units": "year"}
    told = [(plain(tag), tag.text) for tag in specs]
    assert told == [("start", "1990"), ("stop", "2045"), ("dt", str(STEPS_PER_YEAR))]
    assert specs.find("dt", NAMES).get("reciprocal") == "true"
    model = root.find("model", NAMES)
    assert model.attrib == {} and [plain(tag) for tag in model] == ["variables", "views"]
    assert [plain(tag) for tag in root.find("header/options", NAMES)] == ["has_model_views"]


def plain(tag) -> str:
    return tag.tag.removeprefix(f"{{{NAMESPACE}}}")


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_every_variable_is_whole(corridor):
    found = variables(parsed(xmile_text(euler(corridor, "balanced", loops_off=LOOPS))))
    own = {"stock": {"inflow", "outflow"}, "flow": set(), "aux": {"gf", "range"}}
    for name, tag in found.items():
        assert re.fullmatch(r"[a-z](?:_?[a-z0-9])*", name), name
        parts = [plain(part) for part in tag]
        assert all(parts.count(part) == 1 for part in ("doc", "eqn", "units")), name
        assert set(parts) <= {"doc", "eqn", "units"} | own[plain(tag)], name
        for part in tag.iter():
            assert "\n" not in (part.text or "").strip(), name
    known = {*found, "TIME", "IF", "THEN", "ELSE", "AND", "MIN", "MAX", "EXP", "LN"}
    for name, tag in found.items():
        assert set(re.findall(r"\b[A-Za-z_]\w*", tag.findtext("eqn", namespaces=NAMES))) <= known, name


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_a_flow_leaves_one_stock_and_enters_one(corridor):
    found = variables(parsed(text_of(corridor)))
    for side in ("inflow", "outflow"):
        flows = [part.text for tag in found.values() for part in tag.findall(side, NAMES)]
        assert len(flows) == len(set(flows)) and all(plain(found[flow]) == "flow" for flow in flows)
    assert not any(tag.findall("non_negative", NAMES) for tag in found.values())


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_what_may_be_set_has_the_range_of_its_card(corridor):
    found, cards = variables(parsed(text_of(corridor))), catalogue().model.cards
    ranges = {name: tag.find("range", NAMES) for name, tag in found.items() if tag.find("range", NAMES) is not None}
    assert len(ranges) > 300
    for name, tag in ranges.items():
        card = cards[max((each for each in cards if name == each or name.startswith(f"{each}_")), key=len)]
        assert (float(tag.get("min")), float(tag.get("max"))) == card.range, name


# What the schema of version 1.1 (System-Dynamics-Society-Inc/xmile-spec, spec/schema/xmile.xsd.xml) knows of what
# is written: of each element its attributes and its children.
SCHEMA = {
    "xmile": ({"version"}, {"header", "sim_specs", "model"}),
    "header": (set(), {"vendor", "product", "name", "caption", "options"}),
    "vendor": (set(), set()),
    "product": ({"version", "lang"}, set()),
    "caption": (set(), set()),
    "name": (set(), set()),
    "options": ({"namespace"}, {"has_model_views"}),
    "has_model_views": (set(), set()),
    "sim_specs": ({"time_units", "method", "pause"}, {"start", "stop", "dt"}),
    "start": (set(), set()),
    "stop": (set(), set()),
    "dt": ({"reciprocal"}, set()),
    "model": ({"name"}, {"variables", "views"}),
    "variables": (set(), {"stock", "flow", "aux"}),
    "variables/stock": ({"name"}, {"doc", "eqn", "inflow", "outflow", "units", "range"}),
    "variables/flow": ({"name"}, {"doc", "eqn", "units", "range"}),
    "variables/aux": ({"name"}, {"doc", "eqn", "gf", "units", "range"}),
    **dict.fromkeys(("doc", "eqn", "inflow", "outflow", "units", "from", "to"), (set(), set())),
    "range": ({"min", "max"}, set()),
    "gf": ({"name", "type"}, {"xpts", "ypts"}),
    "xpts": ({"sep"}, set()),
    "ypts": ({"sep"}, set()),
    "views": (set(), {"view"}),
    "view": ({"type", "background"}, {"stock", "flow", "aux", "connector"}),
    "view/stock": ({"name", "x", "y", "width", "height", "label_side"}, set()),
    "view/flow": ({"name", "x", "y", "width", "height", "label_side"}, {"pts"}),
    "view/aux": ({"name", "x", "y", "width", "height", "label_side"}, set()),
    "pts": (set(), {"pt"}),
    "pt": ({"x", "y"}, set()),
    "connector": ({"uid", "x", "y", "angle"}, {"from", "to"}),
}


@pytest.mark.parametrize("policy", [None, "balanced"])
@pytest.mark.parametrize("corridor", CORRIDORS)
def test_every_element_and_attribute_is_one_of_the_schema(corridor, policy):
    def check(tag, above: str) -> None:
        name = plain(tag)
        attributes, children = SCHEMA.get(f"{above}/{name}", SCHEMA.get(name))
        assert set(tag.attrib) <= attributes, (name, tag.attrib)
        assert {plain(child) for child in tag} <= children, name
        for child in tag:
            check(child, name)

    check(parsed(text_of(corridor, policy)), "")


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_nothing_covers_anything_in_the_diagram(corridor):
    root = parsed(text_of(corridor))
    view = root.find("model/views/view", NAMES)
    shown = {each.get("name"): each for each in view if plain(each) != "connector"}
    assert list(sorted(shown)) == sorted(variables(root))
    boxes = []
    for tag in shown.values():
        width, height = (float(tag.get(side, usual)) for side, usual in (("width", 40), ("height", 40)))
        x, y = float(tag.get("x")), float(tag.get("y"))
        boxes.append((x - width / 2, x + width / 2, y - height / 2, y + height / 2))
    left, right, top, bottom = np.array(boxes).T
    across = (left[:, None] < right) & (left < right[:, None]) & (top[:, None] < bottom) & (top < bottom[:, None])
    assert (across == np.eye(len(boxes), dtype=bool)).all()
    assert left.min() >= 0 and top.min() >= 0


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_pipes_go_from_stock_to_stock_and_connectors_from_cause_to_reader(corridor):
    root = parsed(text_of(corridor))
    found, view = variables(root), root.find("model/views/view", NAMES)
    stocks = {each.get("name"): each for each in view.findall("stock", NAMES)}
    into, out_of = (
        {part.text: name for name, tag in found.items() for part in tag.findall(side, NAMES)}
        for side in ("inflow", "outflow")
    )
    for flow in view.findall("flow", NAMES):
        points = [(float(each.get("x")), float(each.get("y"))) for each in flow.findall("pts/pt", NAMES)]
        assert all(one[0] == other[0] or one[1] == other[1] for one, other in zip(points, points[1:], strict=False))
        assert float(flow.get("y")) == points[0][1] and min(points)[0] < float(flow.get("x")) < max(points)[0]
        for stock, (x, y) in ((out_of, points[0]), (into, points[-1])):
            if flow.get("name") in stock:
                box = stocks[stock[flow.get("name")]]
                assert abs(x - float(box.get("x"))) == float(box.get("width")) / 2
                assert abs(y - float(box.get("y"))) < float(box.get("height")) / 2
    links = [(each.findtext("from", namespaces=NAMES), each.findtext("to", namespaces=NAMES))
             for each in view.findall("connector", NAMES)]  # fmt: skip
    assert len(links) == len(set(links)) > 3000
    for cause, reader in links[::50]:
        assert re.search(rf"\b{cause}\b", found[reader].findtext("eqn", namespaces=NAMES))


@pytest.mark.parametrize(("policy", "corridor"), each_in_turn(PACKAGES, CORRIDORS))
def test_graphs_give_back_what_a_run_reads(corridor, policy):
    scenario = euler(corridor, policy)
    found = variables(parsed(text_of(corridor, policy)))
    numbers = ScenarioNumbers.of(scenario)
    starts = numbers.start + np.arange(numbers.steps) / numbers.steps_per_year
    for name, block in numbers.inputs.items():
        times, values = drawn(found[name])
        assert len(times) == len(values) and (np.diff(times) > 0).all()
        size = np.abs(block).max()
        for position, late in ((0, 0), (1, 0.5)):
            read = np.interp(starts + late / numbers.steps_per_year, times, values)
            np.testing.assert_allclose(read, block[:, position], rtol=0, atol=1e-10 * size, err_msg=name)
        assert np.interp(numbers.stop, times, values) == pytest.approx(block[-1, 2], rel=1e-12)


def test_a_leap_is_over_before_the_step_it_belongs_to():
    inputs = np.repeat([[1.0], [1.0], [3.0], [3.0]], 3, axis=1)
    assert points(inputs, 2000.0, 4) == ((2000.0, 2000.375, 2000.4375, 2001.0), (1.0, 1.0, 3.0, 3.0))


def test_the_file_is_small_and_the_same_each_time():
    for corridor in CORRIDORS:
        for policy in PACKAGES:
            assert len(text_of(corridor, policy)) < 5_000_000
    assert xmile_text(euler(*CORRIDORS[:1], PACKAGES[0])) == text_of(CORRIDORS[0], PACKAGES[0])


def test_a_made_up_corridor_says_so_and_a_real_one_does_not():
    assert "ILLUSTRATIVE" in text_of("g8_2001") and "ILLUSTRATIVE" not in text_of("us_southwest_border")


# expressions -----------------------------------------------------------------------------------------------


def written(text: str, population: str | None = None, route: str | None = None) -> str:
    writer = Writer(catalogue().model, ("north", "south"))
    node = ast.parse(text, mode="eval").body
    return str(writer.write(node, "trial", Position(population, route)))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("salience - (attitude - 1)", "salience - (attitude - 1)"),
        ("salience - attitude - 1.5", "salience - attitude - 1.5"),
        ("salience / (attitude * 2)", "salience / (attitude * 2)"),
        ("-salience ** 2", "-(salience^2)"),
        ("(-salience) ** -attitude", "(-salience)^(-attitude)"),
        ("salience ** attitude ** 2", "salience^(attitude^2)"),
        ("(salience ** 2) ** 0.25", "(salience^2)^0.25"),
        ("exp(log(salience))", "EXP(LN(salience))"),
        ("2 * maximum(salience, -attitude)", "2 * MAX(salience, (-attitude))"),
        ("1 + divide(salience, attitude)", "1 + (IF attitude > 0 THEN salience / attitude ELSE 0)"),
        ("total(smuggler_fee, over=route)", "smuggler_fee_north + smuggler_fee_south"),
        ("2 * total(smuggler_fee, over=route)", "2 * (smuggler_fee_north + smuggler_fee_south)"),
        ("highest(smuggler_fee, over=route)", "MAX(smuggler_fee_north, smuggler_fee_south)"),
        ("pick(newcomers, population='labour')", "newcomers_labour"),
        (
            "total(total(departures, over=population), over=route)",
            "departures_labour_north + departures_protection_north + "
            "(departures_labour_south + departures_protection_south)",
        ),
    ],
)
def test_what_is_written_means_what_the_body_says(body, expected):
    assert written(body) == expected


def test_a_soft_minimum_is_safe_from_division_by_zero():
    assert written("soft_minimum(salience, attitude)") == (
        "IF attitude > 0 THEN salience / (1 + (salience / attitude)^4)^0.25 ELSE 0"
    )


def test_each_population_has_its_own_part():
    assert written("by_population(labour=salience, protection=2)", "protection") == "2"


@pytest.mark.parametrize("body", ["salience if attitude else 1", "salience % 2", "sorted(salience)", "True"])
def test_what_is_not_in_the_language_is_refused(body):
    with pytest.raises(ModelFault, match="cannot be written in XMILE"):
        written(body)


def test_numbers_keep_every_digit():
    shown = [str(number(value)) for value in (1.0, -0.5, 0.1 + 0.2, 1e-7)]
    assert shown == ["1", "-0.5", "0.30000000000000004", "1e-07"]
    with pytest.raises(ValueError, match="not a number XMILE can hold"):
        number(float("inf"))


# what is refused, and the command --------------------------------------------------------------------------


def test_loops_off_under_another_method_are_refused():
    with pytest.raises(NotExpressible, match="loops_off: fee: .* integration: {method: euler}"):
        xmile_text(Scenario.load("g8_2001").with_changes(loops_off=["fee"]))


@pytest.mark.parametrize(("north", "south"), [("a_b", "a__b"), ("north_", "south")])
def test_routes_that_xmile_cannot_name_are_refused(north, south, tmp_path):
    text = (shipped_folder() / "corridors" / "g8_2001" / "corridor.yaml").read_text(encoding="utf-8")
    for old, new in (("north", north), ("south", south), ("g8_2001", "made_up")):
        text = re.sub(rf"\b{old}\b", new, text)
    home = tmp_path / "corridors" / "made_up"
    home.mkdir(parents=True)
    (home / "corridor.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text("schema_version: 4\ntitle: Mine\ncorridor: made_up\n", encoding="utf-8")
    with pytest.raises(NotExpressible, match="give the route or origin another id"):
        xmile_text(Scenario.load(tmp_path / "mine.yaml"))


def test_the_command_writes_the_file(tmp_path, capsys):
    path = tmp_path / "out.xmile"
    command = ["export", "xmile", "g8_2001", "--policy", "balanced", "--set", "border_control@south=2", "-o", str(path)]
    assert main(command) == 0
    scenario = Scenario.load("g8_2001").with_policy("balanced").with_settings(["border_control@south=2"])
    assert path.read_text(encoding="utf-8") == xmile_text(scenario)
    assert capsys.readouterr() == ("", f"wrote {path}\n")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["xmile", "--members", "5"], "--members: only a report takes this"),
        (["schema", "g8_2001"], "SCENARIO: only xmile takes this"),
        (["reference", "--policy", "balanced"], "--policy: only xmile takes this"),
        (["xmile", "nowhere"], 'there is no scenario "nowhere"'),
        (["xmile", "-o", "model.txt"], "allowed: a name that ends in .xmile"),
        (["xmile", "loops.yaml"], "XMILE can hold a link only in steps by Euler's method"),
    ],
)
def test_what_cannot_be_exported_is_one_line_and_exit_code_two(arguments, line, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loops.yaml").write_text("schema_version: 4\ntitle: T\ncorridor: g8_2001\nloops_off: [fee]\n")
    assert main(["export", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and line in err and len(err.splitlines()) == 1
