"""The sampler judged by records of a model's own: right where it is right, and wrong where it is spoiled."""

import numpy as np
import pytest

from pushpull.calibration import chains
from pushpull.calibration.few_unknowns import FewUnknowns, most_moved
from pushpull.calibration.synthetic_records import RanksInRecords, judged_ranks, rank_in_records
from tests.test_judging import Toy, bent, linear

SHORT = {"draws": 8, "steps": 160, "chains": 4}


def few(toy):
    toy.values = lambda predictions: predictions
    return FewUnknowns(toy, np.arange(toy.unknowns), np.zeros(toy.unknowns))


def judged(toy, records=60):
    target = few(toy)
    return judged_ranks(rank_in_records(target, records, **SHORT), tuple(map(str, range(target.unknowns))))


def held(unknowns):
    return np.mean([each.held for each in unknowns])


def with_the_step_back_taken_for_the_step_there(move):
    def moved(*given):
        scores, way = move(*given)
        return scores, lambda there: -way(there)

    return moved


@pytest.mark.parametrize("toy", [linear(unknowns=4, values=1), bent(0.4)], ids=["linear", "bent"])
def test_a_right_sampler_gives_true_numbers_every_rank(toy):
    told = judged(toy)
    assert not any(each.outside for each in told)
    assert held(told) == pytest.approx(0.9, abs=0.06)


def test_a_sampler_that_takes_the_step_back_for_the_step_there_is_found_out(monkeypatch):
    monkeypatch.setattr(
        chains,
        "MOVES",
        tuple((with_the_step_back_taken_for_the_step_there(move), *rest) for move, *rest in chains.MOVES),
    )
    told = judged(linear(unknowns=4, values=1))
    assert any(each.outside for each in told) and held(told) < 0.83


def test_ranks_at_the_ends_or_on_one_side_leave_the_envelope():
    even = np.arange(100) % 21
    ends, low = np.where(even < 10, even // 3, 20 - (20 - even) // 3), even // 2
    told = judged_ranks(RanksInRecords(np.stack([even, ends, low], axis=1), 20, 0), ("even", "ends", "low"))
    assert [each.outside for each in told] == [False, True, True]
    assert told[1].held < 0.9 and told[2].place < 0.3 and told[1].chance < 0.01 < told[0].chance


def test_numbers_whose_runs_break_are_not_of_the_prior_and_are_counted():
    toy = Toy(lambda points: np.where(points > 0.5, np.nan, points), 1, 1)
    found = rank_in_records(few(toy), 12, **SHORT)
    assert found.redrawn > 0 and found.ranks.shape == (12, 1)
    toy = Toy(lambda points: np.full_like(points, np.nan), 1, 1)
    with pytest.raises(ArithmeticError, match="break"):
        rank_in_records(few(toy), 1, **SHORT)


def test_records_that_were_stopped_go_on_to_the_same_ranks(tmp_path):
    target, partial = few(linear()), tmp_path / "sampler.partial"
    whole = rank_in_records(target, 4, **SHORT).ranks

    def stop(done, records):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rank_in_records(target, 4, partial=partial, key="one", progress=stop, **SHORT)
    told = []
    resumed = rank_in_records(target, 4, partial=partial, key="one", progress=lambda *at: told.append(at), **SHORT)
    assert told == [(2, 4), (3, 4), (4, 4)]
    np.testing.assert_array_equal(resumed.ranks, whole)
    rank_in_records(target, 1, partial=partial, key="another", progress=lambda *at: told.append(at), **SHORT)
    assert told[-2:] == [(0, 1), (1, 1)]


def test_a_few_unknowns_are_free_and_all_others_held():
    whole = linear(unknowns=4, values=3)
    whole.values = lambda predictions: predictions
    target = FewUnknowns(whole, np.array([2, 0]), np.array([1.0, 2.0, 3.0, 4.0]))
    found = target.predictions(np.array([[0.5, -0.5]]))
    np.testing.assert_array_equal(found, whole.simulator.predictions(np.array([[-0.5, 2.0, 0.5, 4.0]])))
    np.testing.assert_array_equal(target.deviations(found), whole.deviations(found))
    np.testing.assert_array_equal(target.held_against(found[0]).deviations(found), 0)


def test_the_unknowns_that_a_fit_moved_or_narrowed_most_come_first():
    rng = np.random.default_rng(1)
    scores = rng.standard_normal((400, 4)) * [1, 0.1, 1, 0.7] + [0, 0, 3, 0]
    assert list(most_moved(scores, 3)) == [2, 1, 3]
