"""The kernel in a browser, and in Node, gives the numbers of the kernel of this machine."""

import base64
import platform
from functools import cache

import numpy as np
import pytest
from playwright.sync_api import Error

from pushpull import Scenario
from pushpull.catalogue import catalogue
from pushpull.dashboard.components.bundle import bundled
from pushpull.dashboard.pocket.packing import packed
from pushpull.dashboard.pocket.stored_modules import module_of
from pushpull.engine.browser.browser_kernel import browser_module
from pushpull.engine.codegen.layout import SINGLE, WIDTH
from pushpull.engine.integrator import Integrator
from pushpull.engine.machine.kernels import load_kernel
from pushpull.engine.runs.block import SavedBlock
from pushpull.engine.runs.task import Broke
from pushpull.engine.stepping.halving import TOLD
from pushpull.exporting.browser_run import browser_run, changes
from pushpull.preparation import integrator, names_to_keep, task_of
from tests.conftest import local_page
from tests.corners import random_settings, scenario_with
from tests.node import node
from tests.page_modules import as_script

GIVEN = "Object.assign(window, {Kernel, Inputs, ...module_pocket_packing, ...module_pocket_runs});"
MODULES = ("pocket/inputs.js", "pocket/kernel.js")
BUNDLES = ("pocket/packing.js", "pocket/runs.js")
ROUNDS_AS_TOLD = platform.machine().lower() in ("x86_64", "amd64")
# Browsers round each product before it is added to; so does this machine where it is told to, and gives the same bits.
# As it usually works, it does not, and one rounding may decide whether a move is cut.
AGREE = 1e-8  # of a number
AGREE_IN_PIECES = 1e-5  # where moves were cut
BESIDE = 1e-6  # of a unit, where a number is next to nothing
APART = 0.05  # of the runs, at most, by more than AGREE: 6 of 200 in Europe, none elsewhere
OPEN = """async (packed) => {
  const {code, data_end, run} = unpacked(packed);
  window.runs = new Runs(await Kernel.of(await WebAssembly.compile(code), data_end, run), new Inputs(run));
}"""
RUN = """(changes) => {
  const {inputs, kernel} = runs, laid = inputs.laid(changes), whole = runs.run(laid)[0] !== null;
  const out = new Uint8Array(kernel.doubles("out").slice().buffer);
  let text = "";
  for (let at = 0; at < out.length; at += 32768) text += String.fromCharCode(...out.subarray(at, at + 32768));
  const [bounds, told] = [laid.bounds, kernel.integers("told")].map((each) => Array.from(each, Number));
  return {whole, out: btoa(text), bounds, told};
}"""


SCRIPT = "\n".join([*map(bundled, BUNDLES), *map(as_script, MODULES), GIVEN])


@pytest.fixture
def kernel_page(chromium):
    with local_page(chromium) as page:
        page.set_content("<!doctype html><title>kernel</title>")
        page.add_script_tag(content=SCRIPT)
        yield page


@pytest.fixture(params=["chromium", "node"])
def engine_of_scripts(request):
    """A page of Chromium, or Node: both evaluate a function."""
    if request.param == "chromium":
        yield request.getfixturevalue("kernel_page")
        return
    with node() as process:
        process.add(SCRIPT)
        yield process


def opened(page, corridor, made=None):
    scenario = Scenario.load(corridor)
    made = made or browser_module(integrator().kernel, task_of(scenario).extent, SINGLE)
    code = np.frombuffer(made.code, dtype=np.uint8)
    page.evaluate(OPEN, packed({"code": code, "data_end": made.data_end, "run": browser_run(scenario)}))


def scenarios(corridor, count):
    """The packages, which ramp, and random settings within their ranges."""
    plain, rng = Scenario.load(corridor), np.random.default_rng(7)
    packages = [plain, plain.with_policy("balanced"), plain.with_policy("punitive")]
    drawn = [random_settings(rng, corners=False) for _ in range(count - len(packages))]
    return packages + [scenario_with(corridor, plain.end, settings) for settings in drawn]


@cache
def rounding_each_product():
    """The model compiled to round as browsers do."""
    model = catalogue().model
    return Integrator(model, load_kernel(model, is_fused=False))


def run_here(engine, task):
    """What a run gives on this machine, and whether it came to its end."""
    block = SavedBlock(engine.selection(names_to_keep(None), task), task)
    try:
        engine.runner(task, SINGLE).run([task], block)
    except Broke:
        return block, False
    return block, True


def held_against_this_machine(page, scenario):
    """Whether a run gives nearly the numbers of this machine as it usually works; that it gives those of this machine
    where both round alike, to the bit, is asserted."""
    task = task_of(scenario)
    block, whole = run_here(integrator(), task)
    found = page.evaluate(RUN, changes(scenario))
    assert found["bounds"] == task.bounds.tolist()
    assert found["whole"] == whole
    if not whole:
        return True
    own, there = block.numbers, np.frombuffer(base64.b64decode(found["out"]))
    if ROUNDS_AS_TOLD:
        assert np.array_equal(run_here(rounding_each_product(), task)[0].numbers, there)
    cut = found["told"][TOLD.index("halved") * WIDTH] or block.told[0, TOLD.index("halved")]
    off = (np.abs(own - there) / np.maximum(np.abs(own), BESIDE)).max()
    assert off <= (AGREE_IN_PIECES if cut else AGREE)
    return off <= AGREE


def hold(page, corridor, count):
    opened(page, corridor)
    same = [held_against_this_machine(page, scenario) for scenario in scenarios(corridor, count)]
    assert same.count(False) <= APART * count


def test_a_run_in_the_browser_gives_the_numbers_of_this_machine(engine_of_scripts):
    hold(engine_of_scripts, "g8_2001", 12)


@pytest.mark.parametrize("year", [None, 2010.0])
def test_a_run_that_goes_on_from_where_policy_starts_is_the_run_from_the_start(kernel_page, year):
    """Bit by bit; where a lever moves before, nothing is gone on from."""
    opened(kernel_page, "g8_2001", module_of(Scenario.load("g8_2001"), SINGLE))
    moved = changes(Scenario.load("g8_2001").with_policy("balanced"))
    if year is not None:
        moved[0]["span"] |= {"start": year, "times": [year], "values": moved[0]["span"]["values"][:1]}
    found = kernel_page.evaluate(
        """(changes) => {
          const {inputs, kernel} = runs, laid = inputs.laid(changes), marched = [], march = kernel.march.bind(kernel);
          kernel.march = (first, last) => { marched.push([first, last]); return march(first, last); };
          runs.run(inputs.laid([]));
          marched.length = 0;
          const written = ([run]) => JSON.stringify(Object.entries(run).map(([name, of]) => [name, Array.from(of)]));
          const on = written(runs.run(laid)), parts = marched.splice(0);
          const whole = new Runs(kernel, inputs).run(laid);
          const out = Array.from(kernel.doubles("out"));
          kernel.begin();
          kernel.march(0, laid.moves);
          const same = out.every((value, place) => Object.is(value, kernel.doubles("out")[place]));
          return {same, alike: on === written(whole), first: laid.first, moves: laid.moves, parts};
        }""",
        moved,
    )
    assert found["same"] and found["alike"]
    rest = [found["first"], found["moves"]]
    assert found["first"] > 0
    assert found["parts"] == ([rest] if year is None else [[0, found["first"]], rest])


@pytest.mark.audit
@pytest.mark.parametrize("corridor", ["g8_2001", "us_southwest_border", "eu_external_border"])
def test_two_hundred_runs_in_the_browser_give_the_numbers_of_this_machine(engine_of_scripts, corridor):
    hold(engine_of_scripts, corridor, 200)


def test_what_is_packed_is_there_in_the_browser(kernel_page):
    """Arrays and texts of many kinds: empty, the same again and again, from far back, and of no order at all."""
    rng = np.random.default_rng(1)
    some = rng.integers(0, 256, 40_000, dtype=np.uint8)
    held = {
        "nothing": some[:0],
        "same": np.zeros(70_000),
        "far": np.concatenate([some, np.arange(300_000) % 251, some]).astype(np.uint8),
        "few": rng.integers(0, 3, 9_000).astype(np.int8),
        "whole": rng.integers(-(2**62), 2**62, 500),
        "doubles": rng.normal(size=(7, 11)),
        "texts": ["déjà vu \u2212 1\u202f000 " * 40, "", None, True, {"deeper": [1.5, {"at": some[3:8]}]}],
    }
    found = kernel_page.evaluate(
        """(packed) => {
          const plain = (value) => Array.isArray(value) ? value.map(plain)
            : ArrayBuffer.isView(value) ? {kind: value.constructor.name, values: Array.from(value, String)}
            : value && typeof value === "object"
              ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)])) : value;
          return plain(unpacked(packed));
        }""",
        packed(held),
    )
    kinds = {"nothing": "Uint8", "same": "Float64", "far": "Uint8", "few": "Int8", "whole": "BigInt64"}
    kinds |= {"doubles": "Float64"}
    assert {name: found[name]["kind"] for name in kinds} == {name: f"{kind}Array" for name, kind in kinds.items()}
    for name in kinds:
        assert np.array_equal(np.array(found[name]["values"], held[name].dtype), held[name].ravel())
    *texts, last = found["texts"]
    assert texts == held["texts"][:-1]
    assert last == {"deeper": [1.5, {"at": {"kind": "Uint8Array", "values": [str(each) for each in some[3:8]]}}]}


def test_bytes_that_are_damaged_break_in_a_word(kernel_page):
    made = packed({"values": np.arange(1000)})
    for damaged in ({**made, "bytes": made["bytes"][: len(made["bytes"]) // 8 * 4]}, {**made, "size": 10**7}):
        with pytest.raises(Error, match="damaged"):
            kernel_page.evaluate("(packed) => { unpacked(packed); }", damaged)


def hold_the_stored_module(page, corridor, count):
    found = []
    for made in (None, module_of(Scenario.load(corridor), SINGLE)):
        opened(page, corridor, made)
        outs = [page.evaluate(RUN, changes(scenario))["out"] for scenario in scenarios(corridor, count)]
        found.append([np.frombuffer(base64.b64decode(out)) for out in outs])
    np.testing.assert_allclose(*found, rtol=AGREE, atol=0)


def test_the_smallest_stored_module_gives_the_numbers_of_one_compiled_anew(kernel_page):
    hold_the_stored_module(kernel_page, "g8_2001", 5)


@pytest.mark.audit
@pytest.mark.parametrize("corridor", ["us_southwest_border", "eu_external_border"])
def test_every_stored_module_gives_the_numbers_of_one_compiled_anew(kernel_page, corridor):
    hold_the_stored_module(kernel_page, corridor, 20)
