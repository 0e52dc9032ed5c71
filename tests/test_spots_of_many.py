"""Spots of very many simulations: what is drawn is what the folder holds, and each fault has its line."""

import builtins
import shutil

import holoviews as hv
import numpy as np
import pytest
import zarr

from pushpull import Scenario, run_ensemble
from pushpull.analysis import StoreFault, blocks, save_ensemble, store
from pushpull.analysis.store import stored_members
from pushpull.plotting import save, spots
from pushpull.plotting.spots_of_many import NoRasteriser

pytestmark = pytest.mark.xdist_group("plotting")  # one worker imports the two backends

DEATHS, SMUGGLED, FEE = "deaths_in_transit", "smuggled_migrants", "smuggler_fee"
MEMBERS = 40


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("g8_2001").with_policy("balanced").with_changes(start=2000, end=2010)


@pytest.fixture(scope="module")
def folder(scenario, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "MEMBERS_IN_A_BLOCK", 16)
        patch.setattr(store, "MEMBERS_IN_A_BLOCK", 16)
        return save_ensemble(
            scenario, tmp_path_factory.mktemp("many") / "many.zarr", MEMBERS, keep=[DEATHS, SMUGGLED, FEE]
        )


@pytest.fixture
def copied(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "many.zarr")


def counts(drawn):
    (image,) = drawn.traverse(lambda each: each, [hv.Image])
    return image, np.nan_to_num(image.dimension_values(2, flat=False))


def test_every_simulation_is_counted_where_it_lies(scenario, folder):
    result = run_ensemble(scenario.with_changes(members=MEMBERS), keep=[DEATHS, SMUGGLED])
    across, up = result.at(SMUGGLED, 2005), result.at(DEATHS, 2005)
    drawn = spots(folder, SMUGGLED, DEATHS, year=2005)
    image, found = counts(drawn)
    left, bottom, right, top = image.bounds.lbrt()
    wanted, _, _ = np.histogram2d(up, across, found.shape, ((bottom, top), (left, right)))
    assert found.sum() == MEMBERS and (found == wanted).all()
    (cross,) = drawn.traverse(lambda each: each, [hv.Points])
    assert cross.array()[0] == pytest.approx([np.median(across), np.median(up)], rel=1e-12)


def test_both_backends_write_it_in_either_language(folder, tmp_path):
    drawn = spots(folder, SMUGGLED, DEATHS, language="fr")
    for name in ("many.html", "many.svg"):
        save(drawn, tmp_path / name)
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert f"{MEMBERS} simulations" in text.replace("\\u00a0", " ").replace("\u00a0", " "), name


def test_what_is_finished_is_drawn_while_the_rest_is_on_its_way(copied):
    zarr.open_group(str(copied), mode="r+")["finished"][16:32] = False
    _, found = counts(spots(copied, SMUGGLED, DEATHS))
    assert found.sum() == MEMBERS - 16
    zarr.open_group(str(copied), mode="r+")["finished"][:] = False
    with pytest.raises(ValueError, match="no member is finished yet"):
        spots(copied, SMUGGLED, DEATHS)


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_what_is_damaged_is_told_and_not_drawn(copied, damage):
    part = sorted(each for each in (copied / DEATHS / "c").rglob("*") if each.is_file())[1]
    if damage == "gone":
        part.unlink()
    else:
        part.write_bytes(part.read_bytes()[:-9])
    with pytest.raises(StoreFault, match="members 0 to 39 are damaged"):
        spots(copied, SMUGGLED, DEATHS)


def test_each_fault_has_its_line(folder, tmp_path, monkeypatch):
    with pytest.raises(KeyError, match="did you mean 'deaths_in_transit'"):
        spots(folder, SMUGGLED, "deaths_in_transt")
    with pytest.raises(KeyError, match="holds no 'public_cost'"):
        spots(folder, SMUGGLED, "public_cost")
    with pytest.raises(ValueError, match="smuggler_fee is not one number at a time"):
        stored_members(folder, [FEE])
    with pytest.raises(ValueError, match="the year is 1990; allowed: 2000 to 2010"):
        spots(folder, SMUGGLED, DEATHS, year=1990)
    with pytest.raises(StoreFault, match="no folder of an ensemble"):
        spots(tmp_path, SMUGGLED, DEATHS)
    real = builtins.__import__

    def without(name, *given, **named):
        if name == "datashader":
            raise ImportError(name)
        return real(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NoRasteriser, match="install the extra `large`"):
        spots(folder, SMUGGLED, DEATHS)
