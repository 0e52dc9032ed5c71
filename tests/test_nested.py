"""Nested sampling beside chains, on posteriors that are known, and how it is stored."""

import numpy as np
import pytest

from pushpull.calibration.judged_sampler import (
    JudgedBesideNested,
    JudgedInRecords,
    JudgedSampler,
    read_sampler,
    save_sampler,
)
from pushpull.calibration.nested import RunTogether, UnknownBesideNested, nested_moments
from pushpull.calibration.synthetic_records import UnknownInRecords
from tests.test_judging import linear


def test_nested_sampling_finds_the_known_posterior():
    toy = linear()
    ends, slopes = toy.simulator.predictions(np.zeros((1, 4)))[0], toy.simulator.predictions(np.eye(4))
    slopes = slopes - ends
    covariance = np.linalg.inv(np.eye(4) + slopes @ slopes.T)
    told = []
    found, runs = nested_moments(toy, 1, live=100, progress=lambda *at: told.append(at))
    spread = np.sqrt(np.diag(covariance))
    assert np.all(np.abs(found.mean + covariance @ slopes @ ends) < 4 * found.mean_error)
    assert np.all(np.abs(found.spread - spread) < 4 * found.spread_error)
    assert np.all(found.mean_error < 0.1 * spread) and runs > 1000 and told[0][0] == "nested sampling"


def test_runs_asked_for_by_threads_are_made_together_and_a_fault_in_them_is_told():
    sizes = []

    def work(points):
        sizes.append(len(points))
        if np.any(points < 0):
            raise ArithmeticError("below zero")
        return points[:, 0] ** 2

    together = RunTogether(work)
    found = together.map(lambda number: [together(np.array([float(number + more)])) for more in range(3)], range(10))
    assert found == [[float((number + more) ** 2) for more in range(3)] for number in range(10)]
    assert sum(sizes) == 30 and len(sizes) < 30
    with pytest.raises(ArithmeticError, match="below zero"):
        together.map(lambda number: together(np.array([-1.0])), range(4))


@pytest.mark.parametrize(
    "chains, agrees", [((1.05, 0.5), True), ((1.1, 0.5), False), ((1, 0.55), True), ((1, 0.6), False)]
)
def test_means_and_spreads_may_lie_so_far_apart(chains, agrees):
    assert UnknownBesideNested("a", chains, (0.1, 0.1), (1.0, 0.5), (0.1, 0.1)).agrees is agrees


def test_what_was_judged_of_the_sampler_is_read_as_it_was_written(tmp_path):
    assert read_sampler(tmp_path) == JudgedSampler()
    rows = (UnknownInRecords("a", (1, 2), 0.9, True, 0.5, 0.2), UnknownInRecords("b", (0, 4), 0.8, False, 0.5, 0.3))
    in_records = JudgedInRecords("2026-11-30", "plan", 2, 0, 4, 400, 40, rows)
    saved = JudgedSampler(in_records)
    save_sampler(saved, tmp_path)
    assert read_sampler(tmp_path) == saved and in_records.outside == ("a",) and in_records.held == pytest.approx(0.85)
    unknown = UnknownBesideNested("a", (1.0, 0.5), (0.1, 0.1), (0.9, 0.5), (0.1, 0.1))
    beside = JudgedBesideNested("2026-11-30", "plan", 24, 800, 480, 250, 9000, (unknown,))
    save_sampler(JudgedSampler(in_records, beside), tmp_path)
    assert read_sampler(tmp_path) == JudgedSampler(in_records, beside) and beside.apart == ("a",)
    (tmp_path / "sampler_judged.json").write_text('{"in_records": 3}')
    assert read_sampler(tmp_path) == JudgedSampler()
