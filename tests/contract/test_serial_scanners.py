"""Every kind of serial engine: the driver against the simulator, in memory, on a clock moved by hand."""

import pytest

from drivers.scanner.engines import serial_scanner
from drivers.scanner.engines.kinds import ENGINES
from drivers.scanner.events import (
    CodeSeen,
    CodeUnreadable,
    ScannerLost,
    StartScanning,
    StopScanning,
)
from hardware_sim.link import LineFaults
from hardware_sim.scanner.simulator import KINDS
from scanner_bench import READY, ScannerBench

WALLET = "bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080?amount=0.001"
OTHER = "bitcoin:bcrt1qwf52dt9y2sv0f7fwkcpmtfjf74d4np2saeljt6"
TOLD = sorted(set(ENGINES) - {"text"})  # these can be told to read or not to
every_kind = pytest.mark.parametrize("kind", sorted(ENGINES))
every_told_kind = pytest.mark.parametrize("kind", TOLD)


@pytest.fixture(autouse=True)
def no_real_waiting(monkeypatch):
    monkeypatch.setattr(serial_scanner, "REOPEN_S", 0.0)


def test_each_kind_has_a_simulator():
    assert set(ENGINES) == set(KINDS)


@every_kind
def test_a_code_is_said_once_while_it_stays_and_again_when_it_comes_back(kind):
    bench = ScannerBench(kind)
    bench.ready_to_scan()
    bench.optics.show(WALLET)
    bench.run(10.0)
    assert bench.events == [CodeSeen(WALLET)]
    bench.optics.hide()
    bench.run(3.0)
    bench.optics.show(WALLET)
    bench.run(3.0)
    assert bench.events == [CodeSeen(WALLET)] * 2


@every_kind
def test_one_code_after_another(kind):
    bench = ScannerBench(kind)
    bench.ready_to_scan()
    bench.optics.show(WALLET)
    bench.run(1.5)
    bench.optics.show(OTHER)
    bench.run(1.5)
    assert bench.texts == [WALLET, OTHER]


@every_kind
def test_a_start_delivers_nothing_that_was_shown_before_it(kind):
    bench = ScannerBench(kind)
    bench.until(lambda: READY in bench.events)
    bench.optics.show(WALLET)
    bench.run(5.0)
    bench.optics.hide()
    bench.send(StartScanning())
    bench.run(10.0)
    assert bench.texts == []


@every_kind
def test_a_stop_ends_it_and_a_start_says_again_what_is_in_view(kind):
    bench = ScannerBench(kind)
    bench.ready_to_scan()
    bench.optics.show(WALLET)
    bench.run(2.0)
    bench.send(StopScanning())
    bench.run(2.0)
    bench.optics.show(OTHER)
    bench.run(5.0)
    assert bench.texts == [WALLET]
    bench.send(StartScanning())
    bench.run(2.0)
    assert bench.texts == [WALLET, OTHER]


@every_told_kind
def test_while_nobody_scans_the_engine_does_not_look(kind):
    bench = ScannerBench(kind)
    bench.until(lambda: READY in bench.events)
    bench.run(0.5)
    bench.told.clear()
    bench.optics.show(WALLET)
    bench.run(10.0)
    assert bench.told == ["shown"]


@every_told_kind
def test_what_is_no_qr_code_is_not_delivered(kind):
    bench = ScannerBench(kind)
    bench.ready_to_scan()
    bench.optics.show("4006381333931", is_qr=False)
    bench.run(5.0)
    assert bench.events == []
    bench.optics.show(WALLET)
    bench.run(3.0)
    assert bench.events == [CodeSeen(WALLET)]


@every_told_kind
def test_the_flash_is_never_written(kind):
    bench = ScannerBench(kind)
    bench.ready_to_scan()
    bench.run(30.0)
    bench.send(StopScanning())
    bench.run(30.0)
    assert "flash_written" not in bench.told


@every_kind
def test_a_power_cut_is_outlived_and_what_the_engine_forgot_is_said_again(kind):
    bench = ScannerBench(kind)
    bench.ready_to_scan()
    bench.engine.cut_power()
    bench.optics.show(WALLET)
    bench.until(lambda: WALLET in bench.texts)
    bench.optics.hide()
    bench.run(10.0)
    bench.optics.show(OTHER)
    bench.run(3.0)
    assert bench.texts == [WALLET, OTHER]


@every_kind
def test_an_unplugged_engine_is_lost_once_and_comes_back_scanning(kind):
    bench = ScannerBench(kind)
    bench.ready_to_scan()
    bench.cable.unplug()
    bench.run(10.0)
    lost = [event for event in bench.events if isinstance(event, ScannerLost)]
    assert len(lost) <= 2  # it was unplugged; it is not there
    assert bench.events == lost != []
    bench.cable.plug()
    bench.optics.show(WALLET)
    bench.until(lambda: WALLET in bench.texts)
    assert bench.events[len(lost) :] == [READY, CodeSeen(WALLET)]


@every_told_kind
def test_an_engine_that_does_not_answer_is_lost_and_found_again(kind):
    bench = ScannerBench(kind)
    bench.ready_to_scan()
    bench.cable.pump = lambda: None
    bench.run(60.0)
    [lost] = bench.events
    assert isinstance(lost, ScannerLost)
    assert "no answer on memory" in lost.detail
    bench.cable.pump = bench.engine.pump
    bench.until(lambda: READY in bench.events)
    bench.optics.show(WALLET)
    bench.until(lambda: WALLET in bench.texts)


@every_told_kind
def test_a_stranger_on_the_port_is_said(kind):
    """Another kind of device, or another speed: bytes come, and none of them answers."""
    stranger = ScannerBench("text")
    bench = ScannerBench(kind)
    bench.cable.pump = lambda: None
    bench.cable.near = stranger.cable.near
    stranger.optics.show("~" * 300)
    bench.clock = stranger.clock
    bench.cable.clock = stranger.clock
    bench.scanner._clock = stranger.clock
    bench.cable.pump = stranger.engine.pump
    bench.until(lambda: bench.events != [])
    [lost] = bench.events
    assert "bytes come from memory, but no answer" in lost.detail


@every_kind
def test_an_engine_that_speaks_byte_by_byte_is_understood(kind):
    bench = ScannerBench(kind)
    bench.cable.split = True
    bench.ready_to_scan()
    bench.optics.show(WALLET)
    bench.run(5.0)
    assert bench.texts == [WALLET]


@every_kind
def test_a_computer_that_is_slow_is_forgiven(kind):
    bench = ScannerBench(kind)
    bench.cable.lump_s = 0.4
    bench.ready_to_scan()
    bench.optics.show(WALLET)
    bench.run(8.0)
    assert bench.texts == [WALLET]


@every_kind
@pytest.mark.parametrize("seed", range(5))
def test_a_line_in_pieces_delivers_whole_texts_or_none(kind, seed):
    """Pieces come up to 0.15 s apart, and one write in ten is lost."""
    faults = LineFaults(split=0.5, gap_s=0.15, lose=0.1, delay_s=0.02)
    bench = ScannerBench(kind, faults, seed)
    bench.send(StartScanning())
    bench.run(10.0)
    for wanted in (WALLET, OTHER):
        bench.optics.show(wanted)
        bench.until(lambda wanted=wanted: wanted in bench.texts)
        bench.optics.hide()
        bench.run(5.0)
    assert set(bench.texts) == {WALLET, OTHER}


@pytest.mark.parametrize("seed", range(20))
def test_a_line_that_damages_what_it_carries_delivers_true_texts_where_there_is_a_checksum(seed):
    faults = LineFaults(corrupt=0.3, lose=0.1, split=0.3)
    bench = ScannerBench("ssi", faults, seed)
    bench.send(StartScanning())
    for wanted in (WALLET, OTHER):
        bench.optics.show(wanted)
        bench.until(lambda wanted=wanted: wanted in bench.texts, patience_s=300.0)
        bench.optics.hide()
        bench.run(10.0)
    assert set(bench.texts) == {WALLET, OTHER}


@every_kind
def test_a_text_that_came_damaged_is_not_delivered_but_the_next_reading_is(kind):
    bench = ScannerBench(kind)
    bench.ready_to_scan()
    bench.optics.show(WALLET, spoils=True)
    bench.until(lambda: WALLET in bench.texts)
    damaged = [] if kind == "ssi" else [CodeUnreadable()]  # a checksum, and it is sent again
    assert bench.events == [*damaged, CodeSeen(WALLET)]


def test_a_lost_acknowledgement_does_not_deliver_twice():
    bench = ScannerBench("ssi")
    bench.ready_to_scan()
    carry = bench.cable.write
    bench.cable.write = lambda _data: None  # the driver's
    bench.optics.show(WALLET)
    bench.run(2.5)  # the decoder sends it a second time
    bench.optics.hide()
    bench.cable.write = carry
    bench.run(10.0)
    assert bench.events == [CodeSeen(WALLET)]
    assert "acknowledged" in bench.told


def test_a_long_code_comes_in_several_packets_and_is_joined():
    long = "bitcoin:" + "0123456789" * 120
    bench = ScannerBench("ssi")
    bench.ready_to_scan()
    bench.optics.show(long, spoils=True)
    bench.run(8.0)
    assert bench.texts == [long]


def test_a_packet_under_way_when_the_next_customer_starts_is_not_theirs():
    """The decoder could not get rid of it while the line was cut, and tries again after the start."""
    bench = ScannerBench("ssi")
    bench.ready_to_scan()
    bench.cable.pump = lambda: None
    bench.engine.optics.show(WALLET)
    deaf = bench.cable.near.read
    bench.run(0.2)
    bench.engine.pump()  # read, and sent into nothing
    bench.clock.now_s += 0.1
    deaf()
    bench.optics.hide()
    bench.cable.pump = bench.engine.pump
    bench.send(StopScanning())
    bench.run(0.3)
    bench.send(StartScanning())
    bench.run(10.0)
    assert bench.texts == []
