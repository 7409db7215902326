"""The dialogue, with an engine whose every byte the test says."""

import pytest

from drivers.scanner.engines.dialogue import ANSWER_S, CHECK_S, TRIES, TRIGGER_S, Dialogue
from drivers.scanner.engines.newland.language import Newland
from drivers.scanner.engines.ssi.language import Ssi
from drivers.scanner.engines.ssi.packets import DECODER, Opcode, Packet, encode
from drivers.scanner.engines.text.language import Text
from drivers.scanner.events import CodeSeen, ScannerReady, StartScanning, StopScanning

SETUP = Newland.setup[0].data
TRIGGER = Newland.start[0].data
RELEASE = Newland.stop[0].data
ACK = b"\x02\x010000#SCNMOD0\x06;\x03"


@pytest.fixture
def newland():
    """Connected, set up, and not scanning."""
    dialogue = Dialogue(Newland(), "port")
    assert dialogue.connected(0.0).send == SETUP
    assert dialogue.received(ACK, 0.1).send == RELEASE
    assert dialogue.received(ACK, 0.2).events == (ScannerReady("port"),)
    return dialogue


def test_the_answer_to_the_settings_parts_what_was_read_before_the_start_from_what_is_read_now(
    newland,
):
    assert newland.commanded(StartScanning(), 1.0).send == SETUP
    early = newland.received(b"the one before\r" + ACK, 1.1)
    assert (early.send, early.events) == (TRIGGER, ())
    assert newland.received(ACK + b"mine\r", 1.2).events == (CodeSeen("mine"),)


def test_an_answer_to_what_was_asked_before_the_start_does_not_part_them(newland):
    assert newland.ticked(0.2 + CHECK_S).send == SETUP
    assert newland.commanded(StartScanning(), 3.3).send == b""
    assert newland.received(b"before\r" + ACK + b"the one before\r", 3.4).send == SETUP
    assert newland.received(ACK, 3.5).send == TRIGGER
    assert newland.received(b"mine\r", 3.6).events == (CodeSeen("mine"),)


def test_the_trigger_is_pulled_again_after_a_code(newland):
    newland.commanded(StartScanning(), 1.0)
    newland.received(ACK, 1.1)
    newland.received(ACK, 1.2)
    decision = newland.received(b"mine\r", 1.3)
    assert decision.wake_at_s == pytest.approx(1.3 + TRIGGER_S)
    assert newland.ticked(decision.wake_at_s).send == TRIGGER


def test_after_a_stop_nothing_counts_and_the_trigger_is_let_go(newland):
    newland.commanded(StartScanning(), 1.0)
    newland.received(ACK, 1.1)
    newland.received(ACK, 1.2)
    assert newland.commanded(StopScanning(), 2.0).send == SETUP
    decision = newland.received(ACK + b"late\r", 2.1)
    assert (decision.send, decision.events) == (RELEASE, ())


def test_what_is_not_answered_is_asked_again_and_then_given_up(newland):
    now_s = 0.2 + CHECK_S
    assert newland.ticked(now_s).send == SETUP
    for _ in range(TRIES - 1):
        now_s += ANSWER_S
        decision = newland.ticked(now_s)
        assert (decision.send, decision.lost) == (SETUP, "")
    lost = newland.ticked(now_s + ANSWER_S).lost
    assert "no answer on port" in lost


def test_a_time_to_wake_is_never_past(newland):
    """Else the thread would spin."""
    now_s = 0.3
    decision = newland.commanded(StartScanning(), now_s)
    for data in (ACK, ACK, b"mine\r", b"ha", b"lf", b"", b"", ACK, b"", b"", b"", b""):
        assert decision.wake_at_s > now_s
        now_s = decision.wake_at_s
        decision = newland.received(data, now_s) if data else newland.ticked(now_s)


def test_an_ssi_engine_is_woken_before_it_is_asked_and_asked_again_with_the_bit_set():
    dialogue = Dialogue(Ssi(), "port")
    [wake] = Ssi.wake
    [setup] = Ssi.setup
    assert dialogue.connected(0.0).send == wake.data
    assert dialogue.ticked(wake.pause_s).send == setup.data
    asked_s = wake.pause_s + ANSWER_S
    assert dialogue.ticked(asked_s).send == wake.data
    assert dialogue.ticked(asked_s + wake.pause_s).send == setup.again != setup.data


def test_an_engine_that_pleads_for_ever_is_given_up():
    dialogue = Dialogue(Ssi(), "port")
    plea = encode(Packet(Opcode.CMD_NAK, b"\x01", source=DECODER))
    decision, now_s, turns = dialogue.connected(0.0), 0.0, 0
    while not decision.lost:
        now_s = decision.wake_at_s
        decision = dialogue.received(plea, now_s) if turns % 2 else dialogue.ticked(now_s)
        turns += 1
        assert turns < 50
    assert "but no answer" in decision.lost


def test_an_engine_that_is_told_nothing_is_ready_when_its_port_is_there():
    dialogue = Dialogue(Text(), "port")
    decision = dialogue.connected(0.0)
    assert dialogue.ticked(decision.wake_at_s).events == (ScannerReady("port"),)
    assert dialogue.received(b"before\r", 1.0).events == ()
    dialogue.commanded(StartScanning(), 1.1)
    assert dialogue.received(b"mine\r", 1.2).events == (CodeSeen("mine"),)
    assert dialogue.farewell() == b""
