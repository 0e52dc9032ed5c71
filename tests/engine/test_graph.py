"""Equations that do not make a model are refused, in words that say where and why."""

from __future__ import annotations

import pytest

from pushpull.engine.language.declare import Loop, auxiliary, flow, rival, stock
from pushpull.engine.language.graph import ModelFault
from pushpull.engine.language.indices import extent
from pushpull.engine.machine.kernels import kernel_text
from tests.engine.trials import small_model


@auxiliary("1")
def hens(eggs):
    """Hens come from eggs."""
    return 2 * eggs


@auxiliary("1")
def eggs(chicks):
    """Eggs come from chicks that grew up."""
    return chicks / 2


@auxiliary("1")
def chicks(hens):
    """Chicks come from hens."""
    return hens + 1


@flow("1/year")
def laying(flock, laying_rate):
    """Eggs laid."""
    return flock * laying_rate


@stock("1", initial="10")
def flock(laying):
    """Hens, kept from year to year."""
    return laying


def test_a_loop_that_no_stock_cuts_is_printed():
    with pytest.raises(ModelFault) as fault:
        small_model(hens, eggs, chicks)
    message = str(fault.value)
    assert message.startswith("a loop that no stock cuts: ")
    chain = message.partition(": ")[2].split(" -> ")
    assert chain[0] == chain[-1] and set(chain) == {"hens", "eggs", "chicks"}
    assert {*zip(chain, chain[1:], strict=False)} == {
        ("hens", "chicks"),
        ("chicks", "eggs"),
        ("eggs", "hens"),
    }


def test_a_loop_through_a_stock_is_fine():
    model = small_model(laying, flock, cards={"laying_rate": 0.1})
    assert model.order == ("laying",)


def test_an_unknown_argument_is_answered_with_the_nearest_name():
    with pytest.raises(ModelFault, match=r"laying needs 'laying_rate'.*Did you mean \"laying_rates\"\?"):
        small_model(laying, flock, cards={"laying_rates": 0.1})


def test_a_card_that_no_equation_uses_is_named():
    with pytest.raises(ModelFault, match="cards that no equation uses: colour"):
        small_model(laying, flock, cards={"laying_rate": 0.1, "colour": 1.0})


def test_a_name_given_to_a_card_and_a_variable_is_refused():
    with pytest.raises(ModelFault, match="'flock' is given twice"):
        small_model(laying, flock, cards={"laying_rate": 0.1, "flock": 1.0})


@pytest.mark.parametrize(
    ("loop", "message"),
    [
        (
            Loop("growth", "Growth", "R", "flocks", "laying", (), ""),
            "no variable 'flocks'. Did you mean \"flock\"",
        ),
        (Loop("growth", "Growth", "R", "laying", "laying", (), ""), "laying is no cause of laying"),
    ],
)
def test_a_loop_is_cut_at_a_link_that_exists(loop, message):
    with pytest.raises(ModelFault, match=message):
        small_model(laying, flock, cards={"laying_rate": 0.1}, loops=[loop])


def test_rivals_share_unit_and_setting():
    @rival("feed", "1", setting="diet", formula="grain")
    def grain(flock):
        """Grain."""
        return flock

    @rival("feed", "1/year", setting="diet", formula="grass")
    def grass(flock):
        """Grass."""
        return 2 * flock

    with pytest.raises(ModelFault, match="the rival formulas of 'feed' differ"):
        small_model(laying, flock, grain, grass, cards={"laying_rate": 0.1})


def test_a_body_outside_the_language_is_refused():
    @auxiliary("1")
    def hungry(flock):
        """Whether there are too many."""
        return 1 if flock > 5 else 0

    model = small_model(laying, flock, hungry, cards={"laying_rate": 0.1})
    with pytest.raises(ModelFault, match="hungry: .* is not in the language of equations"):
        kernel_text(model, extent(route=2))


def test_a_body_is_one_expression():
    @auxiliary("1")
    def spread(flock):
        """Two statements."""
        half = flock / 2
        return half

    with pytest.raises(ModelFault, match="spread: a body is one `return` of one expression"):
        kernel_text(small_model(laying, flock, spread, cards={"laying_rate": 0.1}), extent(route=2))
