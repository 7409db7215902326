"""One desk of real processes for the whole folder: a sale leaves it as it found it, idle."""

import contextlib
from collections.abc import Iterator

import pytest

from kiosk_flow import Flow
from stater_demo.desk import Desk


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with Desk(folder, print, acceptor_speed=3.0, deadlines_s={"paying": 5.0}) as desk:
        yield desk


@pytest.fixture
def flow(desk: Desk) -> Iterator[Flow]:
    with contextlib.closing(Flow(desk)) as flow:
        yield flow
