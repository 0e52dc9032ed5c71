"""What the timings share."""

import statistics

import psutil
import pytest

from tests.bench.timing import Keeper
from tests.conftest import serving


@pytest.fixture(scope="module")
def keep():
    """Print a figure and add it to the history."""
    keeper = Keeper()
    yield keeper
    keeper.write()


@pytest.fixture
def tell(keep):
    """Keep the middle of some milliseconds, and the one that one in twenty exceeds."""

    def spread(what, spent):
        keep(what, statistics.median(spent), min(spent))
        keep(f"{what}, p95", statistics.quantiles(spent, n=20)[-1], min(spent))

    return spread


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a dashboard, and its process."""
    log = tmp_path_factory.mktemp("bench") / "log.txt"
    with serving("-m", "pushpull", "dashboard", "--sessions", "400", log=log) as address:
        port = address.rsplit(":", 1)[1]
        children = psutil.Process().children(recursive=True)
        yield address, next(each for each in children if port in each.cmdline())
