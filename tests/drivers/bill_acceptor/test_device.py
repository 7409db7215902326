"""The device around a protocol: port, clock, mailbox, silence, coming back, crashing."""

import os
import pty
import queue
import threading
import tty

import pytest

from drivers.bill_acceptor.commands import Enable, Stack
from drivers.bill_acceptor.device import MAILBOX_MAX, AcceptorConfig, BillAcceptor
from drivers.bill_acceptor.events import AcceptorLost, AcceptorReady, BillEscrowed
from drivers.clock import SystemClock
from drivers.errors import LinkLost
from drivers.faults import FaultCode
from drivers.port import Line

CONFIG = AcceptorConfig("id003", "/dev/acceptor", "USD")


class HandClock:
    def __init__(self):
        self.now_s = 50.0

    def monotonic_s(self):
        return self.now_s

    def now_ms(self):
        return 0


class HandPort:
    """A port whose other end is a test. Waiting moves the clock."""

    def __init__(self, clock, answer):
        self.clock, self.answer = clock, answer
        self.waiting = b""
        self.written = []
        self.is_open = True
        self.is_gone = False

    def read(self, timeout_s):
        if self.is_gone:
            raise LinkLost("bill acceptor", "unplugged")
        data, self.waiting = self.waiting, b""
        self.clock.now_s += 0.01 if data else timeout_s
        return data

    def write(self, data):
        if self.is_gone:
            raise LinkLost("bill acceptor", "unplugged")
        self.written.append(data)
        self.waiting += self.answer(data)

    def close(self):
        self.is_open = False


class Desk:
    """A BillAcceptor turned by hand."""

    def __init__(self, framed, config=CONFIG):
        self.clock = HandClock()
        self.framed = framed
        self.status = "1A"
        self.events = []
        self.crashes = []
        self.ports = []
        self.opened = []
        self.is_there = True
        self.noise = b""
        self.acceptor = BillAcceptor(
            config,
            self.clock,
            self.events.append,
            on_crash=self.crashes.append,
            open_port=self.open,
        )

    def open(self, device, path, line):
        self.opened.append((device, path, line))
        if not self.is_there:
            raise LinkLost(device, f"cannot open {path}: it is not there")
        self.ports.append(HandPort(self.clock, self.answer))
        return self.ports[-1]

    def answer(self, request):
        if self.noise or self.status == "mute":
            return self.noise
        code = request[2]
        if code == 0x11:
            return self.framed(self.status)
        if code == 0x8A:
            return self.framed("8A 65 01 14 00")
        return self.framed("50") if code < 0x50 else self.framed(request[2:-2].hex())

    def turn(self, seconds):
        end_s = self.clock.now_s + seconds
        while self.clock.now_s < end_s:
            if self.acceptor._port is None:
                self.clock.now_s = max(self.clock.now_s, self.acceptor._reopen_at_s)
            self.acceptor.turn()
        return self.events


@pytest.fixture
def desk(framed):
    return Desk(framed)


def test_it_opens_by_the_name_it_was_given_with_the_protocols_line(desk):
    assert isinstance(desk.turn(1.0)[0], AcceptorReady)
    assert desk.opened == [("bill acceptor", "/dev/acceptor", Line(9600, 8, "even", 1))]


def test_parity_can_be_chosen(framed):
    desk = Desk(framed, AcceptorConfig("id003", "/dev/pts/7", "USD", parity="none"))
    desk.turn(0.2)
    assert desk.opened[0][2] == Line(9600, 8, "none", 1)


def test_an_unknown_protocol_is_refused_at_once(framed):
    with pytest.raises(KeyError, match="id004"):
        Desk(framed, AcceptorConfig("id004", "/dev/acceptor", "USD"))


def test_a_missing_port_is_said_once_and_tried_for_ever_with_back_off(desk):
    desk.is_there = False
    started_s = desk.clock.now_s
    desk.turn(60.0)
    assert desk.events == [
        AcceptorLost(
            FaultCode.ACCEPTOR_MISSING,
            "bill acceptor: cannot open /dev/acceptor: it is not there",
        )
    ]
    slow = (desk.clock.now_s - started_s) / 2.0  # every two seconds, once it has backed off
    assert slow <= len(desk.opened) <= slow + 4
    desk.is_there = True
    desk.turn(4.0)
    assert isinstance(desk.events[-1], AcceptorReady)


def test_unplugged_and_plugged_in_again(desk):
    desk.turn(1.0)
    desk.acceptor.send(Enable())
    desk.turn(0.5)
    desk.ports[0].is_gone = True
    desk.turn(2.0)
    assert [type(event) for event in desk.events] == [AcceptorReady, AcceptorLost, AcceptorReady]
    assert not desk.ports[0].is_open
    assert desk.framed("C3 00") in desk.ports[1].written  # Enable stays in force


def test_each_loss_is_said(desk):
    for port in range(3):
        desk.turn(3.0)
        desk.ports[port].is_gone = True
    desk.turn(3.0)
    assert [type(event) for event in desk.events] == [AcceptorReady, AcceptorLost] * 3 + [
        AcceptorReady
    ]


def test_a_decision_given_while_the_port_is_away_is_not_carried_out_later(desk):
    desk.turn(1.0)
    desk.status = "13 65"
    desk.turn(0.5)
    desk.is_there, desk.ports[0].is_gone = False, True
    desk.turn(1.0)
    desk.acceptor.send(Stack())
    desk.turn(1.0)
    desk.is_there = True
    desk.turn(4.0)
    kinds = [type(event) for event in desk.events]
    assert kinds == [AcceptorReady, BillEscrowed, AcceptorLost, BillEscrowed]
    assert desk.framed("41") not in desk.ports[1].written


def test_a_command_given_while_the_port_is_away_is_kept(desk):
    desk.is_there = False
    desk.turn(1.0)
    desk.acceptor.send(Enable())
    desk.turn(1.0)
    desk.is_there = True
    desk.turn(4.0)
    assert desk.framed("C3 00") in desk.ports[0].written


def test_silence_is_said_once_and_the_port_opened_anew(desk):
    desk.turn(1.0)
    desk.status = "mute"
    desk.turn(30.0)
    _ready, lost = desk.events
    assert lost == AcceptorLost(
        FaultCode.ACCEPTOR_SILENT, "bill acceptor: no answer on /dev/acceptor for 5 s"
    )
    assert len(desk.opened) > 3
    assert sum(port.is_open for port in desk.ports) <= 1
    desk.status = "1A"
    desk.turn(8.0)
    assert isinstance(desk.events[-1], AcceptorReady)


def test_silent_then_missing_are_two_losses(desk):
    desk.status = "mute"
    desk.turn(6.0)
    desk.is_there = False
    desk.turn(30.0)
    assert [event.code for event in desk.events] == [
        FaultCode.ACCEPTOR_SILENT,
        FaultCode.ACCEPTOR_MISSING,
    ]


def test_bytes_that_are_no_frames_are_silence_with_a_hint(desk):
    desk.noise = b"\x7f\x80\x01"
    desk.turn(6.0)
    (lost,) = desk.events
    assert lost.code is FaultCode.ACCEPTOR_SILENT
    assert "none of them a frame: wrong protocol, speed or parity?" in lost.detail


def test_what_was_learnt_is_told_even_when_the_answer_cannot_be_written(desk):
    desk.turn(1.0)
    desk.ports[0].waiting = desk.framed("13 65")
    write = desk.ports[0].write

    def write_and_vanish(data):
        desk.ports[0].is_gone = True
        write(data)

    desk.ports[0].write = write_and_vanish
    desk.turn(0.15)
    assert [type(event) for event in desk.events[1:]] == [BillEscrowed, AcceptorLost]


def test_last_turn_is_the_watchdogs_pulse(desk):
    desk.turn(1.0)
    assert desk.clock.now_s - desk.acceptor.last_turn_s <= 0.3


def test_a_full_mailbox_is_a_bug_that_shows(desk):
    for _ in range(MAILBOX_MAX):
        desk.acceptor.send(Stack())
    with pytest.raises(queue.Full):
        desk.acceptor.send(Stack())


@pytest.fixture
def terminal():
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(master)
    os.close(slave)


def test_a_crash_on_the_thread_is_handed_over(terminal):
    _, path = terminal
    crashed = threading.Event()
    crashes = []

    def on_crash(error):
        crashes.append(error)
        crashed.set()

    def deliver(event):
        raise RuntimeError("a bug in the core's inbox")

    config = AcceptorConfig("id003", path + "-gone", "USD", "none")
    acceptor = BillAcceptor(config, SystemClock(), deliver, on_crash=on_crash)
    acceptor.start()
    assert crashed.wait(5.0)
    assert str(crashes[0]) == "a bug in the core's inbox"
    acceptor.stop()


def test_stopping_inhibits_the_device_and_frees_the_port(terminal, framed):
    master, path = terminal
    config = AcceptorConfig("id003", path, "USD", "none")
    crashes = []
    acceptor = BillAcceptor(config, SystemClock(), lambda event: None, on_crash=crashes.append)
    acceptor.start()
    assert os.read(master, 5) == framed("11")  # blocks until the first poll
    acceptor.stop()
    heard = b""
    while not heard.endswith(framed("C3 01")):
        heard += os.read(master, 100)
    assert crashes == []
    again = BillAcceptor(config, SystemClock(), lambda event: None, on_crash=crashes.append)
    again.turn()
    assert again._port is not None
    again._close()
