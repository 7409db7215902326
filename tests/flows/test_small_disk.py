"""The disk fills up, of the kiosk or of central, and is made free again: no cash is lost, none is paid twice.

A small file system is mounted for it. Who is not root does it in a namespace, where every user may.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.core.assembly import _only_core as only_core
from kiosk.errors import StorageError
from kiosk.journal.store import Store
from kiosk.screen_link.intents import DismissRequested
from kiosk.screen_link.snapshot import ScreenState
from kiosk_flow import HOME, ONWARD
from reckoning import paid, reckon
from stater_demo.customer import Customer
from stater_demo.desk import Desk
from stater_demo.problem import DemoProblem
from supervised import Supervised

S = ScreenState
DISK_BYTES = (
    6_000_000  # the books, their WAL and the engine's take two: it must be full by our doing alone
)
WAYS = ONWARD | HOME | {S.QUEUED: DismissRequested()}
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts: see the last test here")


class SmallDisk:
    """A file system of its own; `fill` leaves not one block free."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ballast = folder / "ballast"
        folder.mkdir(parents=True)
        mount = ("mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder))
        subprocess.run(mount, check=True)

    def fill(self) -> None:
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(4_096))

    def make_room(self) -> None:
        self._ballast.unlink()

    def forbid_writing(self) -> None:
        """As the system does when a disk has failed."""
        subprocess.run(("mount", "-o", "remount,ro", str(self._folder)), check=True)

    def close(self) -> None:
        subprocess.run(("umount", "--lazy", str(self._folder)), check=True)


@dataclass(frozen=True)
class Small:
    """A desk whose kiosk and whose central write to a small disk each."""

    kiosk: Supervised
    kiosks_disk: SmallDisk
    centrals_disk: SmallDisk


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    folder = tmp_path_factory.mktemp("small")
    with (
        contextlib.closing(SmallDisk(folder / "kiosk")) as kiosks_disk,
        contextlib.closing(SmallDisk(folder / "central")) as centrals_disk,
        Desk(folder, print, acceptor_speed=3.0, deadlines_s={"paying": 5.0}) as desk,
        contextlib.closing(Supervised(desk)) as kiosk,
    ):
        kiosk.wait_for(S.IDLE)
        yield Small(kiosk, kiosks_disk, centrals_disk)


def come_to_the_slot(kiosk: Supervised) -> Customer:
    kiosk.wait_for(S.IDLE)
    assert kiosk.screen is not None
    customer = Customer(kiosk.desk, kiosk.screen, print)
    customer.come_to_the_slot()
    return customer


def restart(kiosk: Supervised) -> None:
    """Without waiting for its pause to be over."""
    kiosk.close()
    kiosk.desk.cut_power()


def finish(kiosk: Supervised) -> None:
    kiosk.bring_to(S.IDLE, WAYS)


@needs_root
def test_the_kiosks_disk_is_full_when_a_bill_comes(small: Small) -> None:
    kiosk, acceptor = small.kiosk, small.kiosk.desk.parts["bill-acceptor"]
    paid_before = paid(kiosk.desk)
    come_to_the_slot(kiosk).push_into_slot(20)
    acceptor.wait_for("stacked", timeout_s=10)
    kiosk.wait("the credit", lambda s: s.cash.credited_minor == 2_000)
    small.kiosks_disk.fill()
    acceptor.tell("insert 50")
    shown = kiosk.wait_for(S.OUT_OF_SERVICE)
    assert (shown.service.reasons, shown.cash.credited_minor) == (("storage",), 2_000)
    acceptor.wait_for("returned", timeout_s=10)
    restart(kiosk)
    again = kiosk.wait("the same reason", lambda s: s.service.reasons == ("storage",))
    assert (again.claim_code, again.cash.credited_minor) == (shown.claim_code, 2_000)
    assert shown.claim_code
    small.kiosks_disk.make_room()
    assert kiosk.wait_for(S.REVIEWING).cash.credited_minor == 2_000
    finish(kiosk)
    assert reckon(kiosk.desk).paid == paid_before + 1
    assert "the disk is full; free some space" in kiosk.desk.parts["kiosk-core"].log.read_text()


@needs_root
@pytest.mark.slow
def test_the_kiosks_disk_is_full_when_a_bill_is_in_the_stacker(small: Small) -> None:
    """It was credited nowhere when the core ended; the acceptor says again where it is."""
    kiosk = small.kiosk
    paid_before = paid(kiosk.desk)
    come_to_the_slot(kiosk).push_into_slot(20)
    kiosk.wait_for(S.STACKING)
    small.kiosks_disk.fill()
    assert kiosk.wait_for(S.OUT_OF_SERVICE).service.reasons == ("storage",)
    small.kiosks_disk.make_room()
    was_stacked = kiosk.wait_for(S.REVIEWING, S.CANCELLED).state is S.REVIEWING
    finish(kiosk)
    assert reckon(kiosk.desk).paid == paid_before + was_stacked


@needs_root
@pytest.mark.slow
def test_centrals_disk_is_full_from_the_first_bill_on(small: Small) -> None:
    kiosk = small.kiosk
    paid_before = paid(kiosk.desk)
    customer = come_to_the_slot(kiosk)
    small.centrals_disk.fill()
    customer.push_into_slot(20)
    kiosk.wait("the credit", lambda s: s.cash.credited_minor == 2_000)
    kiosk.bring_to(S.QUEUED, WAYS)
    small.centrals_disk.make_room()
    finish(kiosk)
    assert reckon(kiosk.desk).paid == paid_before + 1


@needs_root
@pytest.mark.slow
def test_centrals_disk_is_full_before_a_sale(small: Small) -> None:
    """It locks nothing, so no cash is asked for."""
    kiosk = small.kiosk
    kiosk.wait_for(S.IDLE)
    small.centrals_disk.fill()
    try:
        with pytest.raises(DemoProblem):
            come_to_the_slot(kiosk)
        assert kiosk.wait_for(S.CANCELLED).cash.limit_minor == 0
    finally:
        small.centrals_disk.make_room()
    finish(kiosk)
    reckon(kiosk.desk)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """With the database of a kiosk that was ended in order, which leaves nothing beside it."""
    with contextlib.closing(SmallDisk(tmp_path / "data")) as disk:
        Store(tmp_path / "data" / "kiosk.db").close()
        with only_core(tmp_path / "data"):
            pass
        yield disk


@needs_root
def test_a_disk_that_is_full_at_the_start_is_called_full(disk: SmallDisk, tmp_path: Path) -> None:
    disk.fill()
    with (
        only_core(tmp_path / "data"),
        pytest.raises(StorageError, match="the disk is full; free some space"),
    ):
        Store(tmp_path / "data" / "kiosk.db")


@needs_root
def test_a_disk_that_became_read_only_is_called_so(disk: SmallDisk, tmp_path: Path) -> None:
    disk.forbid_writing()
    with (
        only_core(tmp_path / "data"),
        pytest.raises(StorageError, match="its disk is not read-only"),
    ):
        Store(tmp_path / "data" / "kiosk.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root has run all of it above")
def test_all_of_it_in_a_namespace():
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", __file__]
    try:
        done = subprocess.run(["unshare", "-Urm", *command], timeout=300, check=False)
    except FileNotFoundError:
        pytest.skip("neither root nor unshare: nothing here was tested")
    assert done.returncode == 0
