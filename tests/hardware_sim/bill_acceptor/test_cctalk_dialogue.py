"""Whole dialogues with the simulated ccTalk bill validator, in bytes written from the protocol's facts.

Frames marked "spec" are printed in the ccTalk Generic Specification v4.7, Part 3, appendix 16.
"""

import pytest

from cctalk_host import POLL, CcTalkHost, CrcHost, frame
from simulator_bench import spell


@pytest.fixture
def host():
    return CcTalkHost("EUR")


def raw(host: CcTalkHost, request: str) -> str:
    return host.exchange(bytes.fromhex(request)).hex()


def test_who_it_is_as_the_specification_prints_it(host):
    host.idle_for(2)
    assert raw(host, "28 00 01 FE D9") == "01002800d7"  # simple poll: an ACK
    assert raw(host, "28 00 01 C0 17") == "010828005374616e646172649e"  # spec: "Standard"
    assert raw(host, "28 02 01 9C 45 55 9F") == "010328006400026e"  # spec: times 100, 2 decimals
    assert raw(host, "28 01 01 9D 05 34") == "010728004555303130304134"  # spec: EU0100A
    assert raw(host, "28 01 01 9D 06 33") == "010728004555303230304133"  # spec: EU0200A


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("F6", b"MCI"),
        ("F5", b"Bill Validator"),
        ("F4", b"Ardac6"),
        ("F1", b"AEN-F1-V4.44"),
        ("F2", bytes([0x45, 0x06, 0])),  # 1605, low byte first
        ("91 45 55", b"001"),
        ("9D 08", b"......."),  # not programmed
        ("9D 01", b"EU0005A"),
        ("9D 07", b"EU0500A"),
        ("9C 58 58", bytes(3)),  # a country that it does not know
        ("9B 45 55", b"\x7f\x00"),
        ("9B 58 58", b"\x00\x00"),
        ("04", bytes([1, 4, 7])),
        ("D8", bytes(5)),
        ("E8", b"\x00"),
    ],
)
def test_what_it_says_about_itself(host, header, text):
    host.idle_for(2)
    assert host.ask(header) == spell(b"\x00" + text)


def test_dollars():
    host = CcTalkHost("USD")
    ids = [bytes.fromhex(host.ask(f"9D 0{n}"))[1:] for n in range(1, 8)]
    assert ids == [
        b"US0001A",
        b"US0005A",
        b"US0010A",
        b"US0020A",
        b"US0050A",
        b"US0100A",
        b".......",
    ]
    assert host.ask("9C 55 53") == "00 64 00 02"


@pytest.mark.parametrize(
    "request_", ["03", "81", "8A 00", "FE 01", "9A", "9D", "E4 01 01", "E7 FF"]
)
def test_what_it_does_not_have_gets_no_reply(host, request_):
    host.idle_for(2)
    assert host.ask(request_) == ""


@pytest.mark.parametrize("request_", ["9D 00", "9D 11", "9A 07"])
def test_what_is_out_of_range_gets_a_nak(host, request_):
    assert host.ask(request_) == "05"


def test_a_bill_from_the_slot_to_the_stacker(host):
    host.start()
    assert host.exchange(POLL).hex() == "010b28000000000000000000000000cc"  # spec: reset
    host.hands.insert(20)
    host.idle_for(1.1)
    assert host.exchange(POLL).hex() == "010b28000103010000000000000000c7"  # spec: escrow, type 3
    assert host.exchange(frame("9A 01")).hex() == "01002800d7"
    assert host.read()[0] == 1
    host.idle_for(1.1)
    assert host.cashbox == {20: 1}
    assert host.exchange(POLL).hex() == "010b28000203000301000000000000c3"  # spec: credit
    assert host.named("credit_reported") == [20]
    assert host.named("credit_acknowledged") == []
    assert host.exchange(POLL).hex() == "010b28000203000301000000000000c3"
    assert host.named("credit_acknowledged") == [20]


def test_a_credit_stays_in_the_history_and_is_not_counted_again(host):
    host.start()
    host.escrow(20)
    host.ask("9A 01")
    assert host.fresh(5) == [(3, 0)]
    assert host.read() == (2, [(3, 0), (3, 1)])


def test_return_from_escrow(host):
    host.start()
    host.escrow(10)
    assert host.ask("9A 00") == "00"
    assert host.ask("9A 00") == "00 FE"  # nothing in escrow any more
    assert host.fresh(2) == [(0, 1)]
    assert host.named("returned") == [10]
    assert not host.cashbox


@pytest.mark.parametrize("route", ["00", "01", "FF"])
def test_nothing_to_route(host, route):
    host.start()
    assert host.ask(f"9A {route}") == "00 FE"


def test_a_second_bill_keeps_it_from_routing(host):
    host.start()
    host.escrow(10)
    host.hands.insert(20)
    assert host.ask("9A 01") == "00 FF"
    assert host.fresh(3) == []
    assert host.ask("9A 01") == "00"


def test_escrow_lasts_about_thirty_seconds(host):
    host.start()
    host.escrow(10)
    assert host.fresh(28) == []
    assert host.fresh(4) == [(0, 1)]
    assert host.named("returned") == [10]


def test_escrow_can_be_extended(host):
    host.start()
    host.escrow(10)
    host.fresh(25)
    assert host.ask("9A FF") == "00"
    assert host.fresh(29) == []
    assert host.ask("9A 01") == "00"


def test_without_the_escrow_mode_a_bill_goes_straight_down(host):
    host.start(mode="01")
    host.hands.insert(50)
    assert host.fresh(3) == [(4, 0)]
    assert host.cashbox == {50: 1}


def test_settings_are_read_back(host):
    host.idle_for(2)
    assert host.ask("E6") == "00 00 00"
    assert host.ask("E3") == "00 00"
    host.start()
    assert host.ask("E6") == "00 7F 00"
    assert host.ask("E3") == "00 01"
    assert host.ask("98") == "00 03"
    assert host.ask("E7 04 00") == "00"
    assert host.ask("E6") == "00 04 00"


def test_an_inhibited_bill_is_rejected(host):
    host.start()
    host.ask("E7 01 00")
    host.hands.insert(20)
    assert host.fresh(3) == [(0, 4), (0, 1)]
    assert host.named("returned") == [20]


@pytest.mark.parametrize(("code", "event"), [("", 2), ("03", 3), ("05", 5), ("12", 18)])
def test_a_rejected_bill_says_why_and_comes_back(host, code, event):
    host.start()
    host.hands.refuse_next(code or "unrecognised")
    host.hands.insert(20)
    assert host.fresh(3) == [(0, event), (0, 1)]


def test_nobody_polls(host):
    """The reject, its return and then the watchdog: the history that the specification prints."""
    host.start()
    host.hands.refuse_next("unrecognised")
    host.hands.insert(20)
    host.fresh(3)
    host.idle_for(5.2)
    assert host.exchange(POLL).hex() == "010b28000300000001000200000000c6"  # spec
    assert host.ask("E3") == "00 00"
    host.fresh(2)
    host.hands.insert(20)
    assert host.named("not_taken") == [20]  # polling alone does not lift it
    assert host.ask("E4 01") == "00"
    host.escrow(20)


def test_a_host_that_comes_late_may_open_before_it_polls(host):
    host.start()
    host.idle_for(20)
    assert host.ask("E4 01") == "00"
    host.idle_for(1)
    assert host.ask("E3") == "00 01"


def test_five_events_are_kept(host):
    host.start()
    for _ in range(4):
        host.hands.refuse_next("03")
        host.hands.insert(20)
        host.idle_for(2.5)
        host.ask("9F")
    assert host.read() == (8, [(0, 1), (0, 3), (0, 1), (0, 3), (0, 1)])


def test_the_counter_skips_zero_when_it_wraps(host):
    host.start()
    host.simulator.acceptor.timing = host.simulator.acceptor.timing.sped_up(100)
    host.simulator.hands.refuse_next("03")
    for _ in range(127):
        host.hands.refuse_next("03")
        host.hands.insert(20)
        host.idle_for(0.5)
        host.ask("9F")
    assert bytes.fromhex(host.ask("9F"))[1] == 254
    host.hands.refuse_next("03")
    host.hands.insert(20)
    host.idle_for(0.5)
    assert bytes.fromhex(host.ask("9F"))[1] == 1


def test_counts(host):
    host.start()
    host.escrow(20)
    host.ask("9A 01")
    host.fresh(2)
    host.escrow(10)
    host.ask("9A 00")
    host.fresh(2)
    assert host.ask("E2") == "00 02 00 00"
    assert host.ask("E1") == "00 01 00 00"


def test_with_a_crc():
    host = CrcHost("EUR")
    host.idle_for(2)
    assert host.exchange(bytes.fromhex("28025fe7ffffdf")).hex() == "0100300037"
    assert host.exchange(bytes.fromhex("2801eae40149")).hex() == "0100300037"
    assert host.exchange(bytes.fromhex("28008fe6b2")).hex()[6:12] == "007f00"
    assert host.exchange(POLL) == b""
