"""Each simulated engine alone, held against the bytes of the vendors' documents."""

import pytest

from hardware_sim.scanner.optics import BOOT_S, SAME_CODE_S
from hardware_sim.scanner.ssi import ANSWER_S, SLEEPS_AFTER_S

WALLET = "bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
ACK = bytes.fromhex("04D00400FF28")
SSI_ACK = bytes.fromhex("04D00000FF2C")
SSI_START = bytes.fromhex("04E40400FF14")
SSI_DISABLE = bytes.fromhex("04EA0400FF0E")
SSI_HOST_TRIGGER = bytes.fromhex("07C60400FF8A08FD9E")
SSI_PACKETED = bytes.fromhex("07C60400FFEE01FD41")
SSI_NAK_RESEND = bytes.fromhex("05D1040001FF25")


@pytest.fixture
def honeywell(host):
    host = host("honeywell")
    assert host.ask(b"\x16M\rTRGMOD0;SUFBK2990D!") == b"TRGMOD0\x06;SUFBK2990D\x06!"
    return host


@pytest.fixture
def newland(host):
    host = host("newland")
    answer = b"\x02\x010000#SCNMOD0\x06;TSUENA1\x06;TSUSET0D\x06;\x03"
    assert host.ask(b"~\x010000#SCNMOD0;TSUENA1;TSUSET0D;\x03") == answer
    return host


@pytest.fixture
def ssi(host):
    host = host("ssi")
    assert host.ask(SSI_HOST_TRIGGER) == SSI_ACK
    assert host.ask(SSI_PACKETED) == SSI_ACK
    return host


def test_honeywell_reads_once_for_a_trigger(honeywell):
    honeywell.optics.show(WALLET)
    assert honeywell.hear(2.0) == b""
    assert honeywell.ask(b"\x16T\r", 2.0) == WALLET.encode() + b"\r"
    assert honeywell.hear(2.0) == b""


def test_honeywell_stops_when_told(honeywell):
    honeywell.say(b"\x16T\r\x16U\r")
    honeywell.hear()
    honeywell.optics.show(WALLET)
    assert honeywell.hear(2.0) == b""


def test_honeywell_names_what_it_does_not_know_and_what_does_not_fit(honeywell):
    answer = honeywell.ask(b"\x16M\rXYZABC1;TRGMOD9;QRCENA1!")
    assert answer == b"XYZABC1\x05;TRGMOD9\x15;QRCENA1\x06!"


def test_newland_reads_once_for_a_trigger(newland):
    newland.optics.show(WALLET)
    assert newland.hear(2.0) == b""
    answer = b"\x02\x010000#SCNTRG1\x06;\x03"
    assert newland.ask(b"~\x010000#SCNTRG1;\x03", 2.0) == answer + WALLET.encode() + b"\r"
    assert newland.hear(2.0) == b""


@pytest.mark.parametrize(
    ("kind", "for_ever"),
    [
        ("honeywell", b"\x16M\rTRGMOD0."),
        ("newland", b"~\x010000@SCNMOD0;\x03"),
        ("ssi", bytes.fromhex("07C60408008A04FE99")),
    ],
)
def test_a_write_to_the_flash_is_told(host, kind, for_ever):
    host = host(kind)
    host.ask(for_ever)
    assert "flash_written" in host.told


@pytest.mark.parametrize("kind", ["honeywell", "newland", "text"])
def test_as_delivered_it_reads_by_itself_again_and_again(host, kind):
    host = host(kind)
    host.optics.show(WALLET)
    assert host.hear(3 * SAME_CODE_S).count(WALLET.encode()) == 3


def test_a_text_is_ended_by_cr_lf_and_damaged_once_when_the_line_is_bad(host):
    host = host("text")
    host.optics.show(WALLET, spoils=True)
    first, second, _ = host.hear(1.5 * SAME_CODE_S).split(b"\r\n")
    assert (first != WALLET.encode(), second) == (True, WALLET.encode())


def test_a_power_cut_forgets_the_settings(honeywell):
    honeywell.engine.cut_power()
    assert honeywell.ask(b"\x16M\rQRCENA1!", BOOT_S) == b""
    honeywell.optics.show(WALLET)
    assert WALLET.encode() in honeywell.hear(1.0)  # by itself, as delivered


def test_ssi_sends_a_packet_three_times_and_gives_up(ssi):
    ssi.optics.show(WALLET)
    heard = ssi.ask(SSI_START, 4 * ANSWER_S)
    body = bytes([5 + len(WALLET), 0xF3, 0x00, 0x00, 0x1C]) + WALLET.encode()
    again = body[:3] + b"\x01" + body[4:]
    packets = [each + (-sum(each) & 0xFFFF).to_bytes(2, "big") for each in (body, again, again)]
    assert heard == SSI_ACK + b"".join(packets)
    assert ssi.told[-1] == "transmit_error"


def test_ssi_is_content_with_an_acknowledgement(ssi):
    ssi.optics.show(WALLET)
    assert WALLET.encode() in ssi.ask(SSI_START, 0.5)
    assert ssi.ask(ACK, 4 * ANSWER_S) == b""
    assert ssi.told[-1] == "acknowledged"


def test_ssi_sends_again_when_asked(ssi):
    ssi.optics.show(WALLET, spoils=True)
    first = ssi.ask(SSI_START, 0.5).removeprefix(SSI_ACK)
    assert sum(first[:-2]) + int.from_bytes(first[-2:], "big") != 0x10000
    second = ssi.ask(SSI_NAK_RESEND, 0.5)
    assert sum(second[:-2]) + int.from_bytes(second[-2:], "big") == 0x10000
    assert second[3] == 0x01  # retransmitted


def test_ssi_does_not_look_while_disabled(ssi):
    assert ssi.ask(SSI_DISABLE) == SSI_ACK
    ssi.optics.show(WALLET)
    assert ssi.ask(SSI_START, 2.0) == SSI_ACK
    assert "looking" not in ssi.told


def test_ssi_refuses_a_trigger_that_is_not_its_hosts(host):
    assert host("ssi").ask(SSI_START) == bytes.fromhex("05D1000006FF24")


def test_ssi_asks_for_a_damaged_request_again(ssi):
    assert ssi.ask(SSI_START[:-1] + b"\x15") == bytes.fromhex("05D1000001FF29")


def test_ssi_asleep_loses_what_wakes_it(ssi):
    ssi.hear(2 * SLEEPS_AFTER_S)
    assert ssi.ask(SSI_DISABLE) == b""
    ssi.hear(2 * SLEEPS_AFTER_S)
    ssi.ask(b"\x00", 0.02)
    assert ssi.ask(SSI_DISABLE) == SSI_ACK


@pytest.mark.parametrize("kind", ["honeywell", "newland", "ssi", "text"])
def test_nonsense_is_borne(host, kind):
    host = host(kind)
    host.ask(bytes(range(256)) * 20, 1.0)
    host.optics.show(WALLET)
    host.hear(1.0)
