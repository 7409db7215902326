"""The wires of the simulators, tried with a real pyserial at the other end."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from hardware_sim.link import LineFaults, MemoryLink, PtyLink, memory_links


class HandClock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def link(tmp_path: Path) -> Iterator[PtyLink]:
    with PtyLink(tmp_path / "acceptor") as link:
        yield link


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "acceptor")


def test_carries_every_byte_value_both_ways(link: PtyLink, path: str) -> None:
    every = bytes(range(256))
    with serial.Serial(path, 9600, timeout=2) as host:
        host.write(every)
        host.flush()
        assert link.read() == every
        link.write(every)
        assert host.read(256) == every


def test_reads_nothing_without_waiting(link: PtyLink) -> None:
    assert link.read() == b""


def test_survives_a_host_that_closes_and_comes_again(link: PtyLink, path: str) -> None:
    for word in (b"one", b"two", b"three"):
        with serial.Serial(path, 9600, timeout=2) as host:
            host.write(word)
            host.flush()
            assert link.read() == word


def test_a_host_may_open_with_parity_more_than_once(link: PtyLink, path: str) -> None:
    for _ in range(3):
        with serial.Serial(path, 9600, parity=serial.PARITY_EVEN, timeout=2) as host:
            link.read()
            host.timeout = 1
        link.read()


def test_unplug_fails_the_host_and_removes_the_path(link: PtyLink, path: str) -> None:
    with serial.Serial(path, 9600, timeout=2) as host:
        link.unplug()
        assert not os.path.lexists(path)
        with pytest.raises(serial.SerialException):
            host.read(1)
    assert link.read() == b""
    link.write(b"into the void")
    with pytest.raises(OSError, match="unplugged"):
        link.fileno()


def test_plug_brings_the_path_back_on_a_working_terminal(link: PtyLink, path: str) -> None:
    link.unplug()
    link.plug()
    assert str(Path(path).readlink()) == link.pty
    with serial.Serial(path, 9600, timeout=2) as host:
        host.write(b"again")
        host.flush()
        assert link.read() == b"again"


def test_plug_replaces_the_link_a_killed_simulator_left(tmp_path: Path) -> None:
    stale = tmp_path / "acceptor"
    stale.symlink_to("/dev/pts/no-longer-there")
    with PtyLink(stale) as link:
        assert str(stale.readlink()) == link.pty


def test_plug_never_overwrites_a_real_file(tmp_path: Path) -> None:
    kept = tmp_path / "ledger"
    kept.write_text("money")
    with pytest.raises(FileExistsError):
        PtyLink(kept)
    assert kept.read_text() == "money"


def test_a_host_that_reads_nothing_does_not_block_the_device(link: PtyLink) -> None:
    for _ in range(100):
        link.write(b"x" * 1000)


def exchange(faults: LineFaults, seed: int) -> tuple[list[bytes], HandClock, MemoryLink]:
    clock = HandClock()
    device, host = memory_links(clock, faults, seed)
    received = []
    for number in range(50):
        host.write(bytes([number] * 4))
        received.append(device.read())
    return received, clock, device


def test_memory_carries_whole_writes_when_the_line_is_good() -> None:
    received, _, _ = exchange(LineFaults(), seed=1)
    assert received == [bytes([number] * 4) for number in range(50)]


def test_memory_loses_writes_the_same_way_for_the_same_seed() -> None:
    first, _, _ = exchange(LineFaults(lose=0.5), seed=7)
    again, _, _ = exchange(LineFaults(lose=0.5), seed=7)
    other, _, _ = exchange(LineFaults(lose=0.5), seed=8)
    assert first == again != other
    assert set(map(len, first)) == {0, 4}


def test_memory_flips_exactly_one_bit() -> None:
    received, _, _ = exchange(LineFaults(corrupt=1.0), seed=3)
    for number, got in enumerate(received):
        sent = int.from_bytes(bytes([number] * 4), "big")
        assert (int.from_bytes(got, "big") ^ sent).bit_count() == 1


def test_memory_splits_and_the_rest_comes_after_the_gap() -> None:
    clock = HandClock()
    device, host = memory_links(clock, LineFaults(split=1.0, gap_s=0.2), seed=5)
    host.write(b"frame")
    first = device.read()
    assert b"frame".startswith(first)
    assert 0 < len(first) < 5
    clock.now_s = 0.19
    assert device.read() == b""
    clock.now_s = 0.21
    assert first + device.read() == b"frame"


def test_memory_delays_but_keeps_the_order() -> None:
    received, clock, device = exchange(LineFaults(delay_s=1.0), seed=2)
    clock.now_s = 1.1
    everything = b"".join(received) + device.read()
    assert everything == b"".join(bytes([number] * 4) for number in range(50))
