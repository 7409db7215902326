"""The bench's instruments, before anyone trusts a figure of theirs."""

import os
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hardware_sim.link import PtyLink
from stater_demo.bench import main
from stater_demo.bench_bill import Figures, bare_commits
from stater_demo.serial_tap import SerialTap

VEND_VALID = b"\xfc\x05\x15\x00\x00"  # LNG counts SYNC and CRC; the tap does not check the CRC
STACKING = b"\xfc\x05\x14\x00\x00"


def test_quantiles_are_latencies_that_happened() -> None:
    figures = Figures.of([each / 1_000 for each in range(1, 101)])
    assert (figures.count, figures.p50_ms, figures.p99_ms, figures.most_ms) == (100, 51, 100, 100)


def test_one_measurement_is_all_its_quantiles() -> None:
    figures = Figures.of([0.25])
    assert (figures.p50_ms, figures.p99_ms, figures.most_ms) == (250, 250, 250)


def test_bare_commits_are_counted_one_by_one(tmp_path: Path) -> None:
    taken = list(bare_commits(tmp_path / "bare.db", 5))
    assert len(taken) == 5
    assert all(each > 0 for each in taken)


def test_without_a_name_the_benches_are_listed() -> None:
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 0
    assert "bill" in result.output


@pytest.fixture
def device(tmp_path: Path) -> Iterator[PtyLink]:
    with PtyLink(tmp_path / "device.tty") as link:
        yield link


@pytest.fixture
def tap(device: PtyLink, tmp_path: Path) -> Iterator[SerialTap]:
    tap = SerialTap(tmp_path / "device.tty", tmp_path / "tapped.tty")
    yield tap
    tap.close()


@pytest.fixture
def host(tap: SerialTap, tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path / "tapped.tty", os.O_RDWR | os.O_NOCTTY)
    tty.setraw(descriptor)
    yield descriptor
    os.close(descriptor)


def test_the_tap_passes_every_byte_both_ways(device: PtyLink, host: int) -> None:
    device.write(STACKING)
    assert os.read(host, 100) == STACKING
    os.write(host, b"\xfc\x05\x11")
    give_up_s = time.monotonic() + 5
    heard = b""
    while len(heard) < 3 and time.monotonic() < give_up_s:
        heard += device.read()
        time.sleep(0.001)
    assert heard == b"\xfc\x05\x11"


def _read(host: int, count: int) -> bytes:
    heard = b""
    while len(heard) < count:
        heard += os.read(host, count - len(heard))
    return heard


def test_the_tap_times_the_first_vend_valid_though_it_is_repeated(
    device: PtyLink, tap: SerialTap, host: int
) -> None:
    tap.arm()
    before_s = time.perf_counter()
    device.write(STACKING + VEND_VALID[:2])  # a frame may come in pieces
    _read(host, len(STACKING) + 2)
    assert tap.first_vend_valid_s(0) is None
    device.write(VEND_VALID[2:])
    first_s = tap.first_vend_valid_s(5)
    assert first_s is not None
    assert before_s < first_s < time.perf_counter()
    device.write(VEND_VALID)
    _read(host, 2 * len(VEND_VALID) - 2)
    assert tap.first_vend_valid_s(0) == first_s
    tap.arm()
    assert tap.first_vend_valid_s(0) is None
