"""One second at speed 1 is 150 mm of paper, so 1200 dots."""

from hardware_sim.printer.model import Happening

CUT = b"\x1dVB\x00"  # feeds the 12 mm between head and blade, then cuts
ROLL_STATUS = b"\x10\x04\x04"
OFFLINE_CAUSE = b"\x10\x04\x02"
ERROR_CAUSE = b"\x10\x04\x03"


def lines(count):
    """So many lines of 30 dots."""
    return b"".join(f"line {number}\n".encode() for number in range(count))


def text(count):
    return lines(count).decode()


def test_printing_takes_time(bench):
    bench.send(lines(80) + CUT)  # 2400 dots, and 96 to the blade: 2.08 s
    bench.wait(2.07)
    assert bench.receipts == []
    bench.wait(0.02)
    assert [receipt.text for receipt in bench.receipts] == [text(80)]


def test_an_idle_head_saves_no_time(bench):
    bench.wait(60)
    bench.send(lines(10) + CUT)
    bench.wait(0.1)
    assert bench.receipts == []


def test_it_stops_where_the_paper_ends_and_goes_on_at_that_dot(bench, print_receipt):
    bench.printer.load_paper(30)  # 240 dots: eight lines
    bench.send(lines(20) + CUT)
    bench.wait(60)
    assert bench.receipts == []
    assert bench.ask(ROLL_STATUS) == b"\x7e"
    assert bench.ask(OFFLINE_CAUSE) == b"\x32"

    bench.printer.load_paper()
    bench.wait(60)

    assert bench.receipts[0].text == text(20)
    assert bench.receipts[0].dots.tobytes() == print_receipt(lines(20)).dots.tobytes()


def test_the_paper_may_end_within_a_line(bench, print_receipt):
    bench.printer.load_paper(1)  # 8 of the 24 dots of a character
    bench.send(b"Half\n" + CUT)
    bench.wait(60)
    bench.printer.load_paper()
    bench.wait(60)

    assert bench.receipts[0].text == "Half\n"
    assert bench.receipts[0].dots.tobytes() == print_receipt(b"Half\n").dots.tobytes()


def test_near_the_end_it_still_prints(bench):
    bench.printer.load_paper(3_000)
    assert bench.ask(ROLL_STATUS) == b"\x1e"
    bench.send(lines(2) + CUT)
    bench.wait(1)
    assert len(bench.receipts) == 1


def test_an_open_cover_interrupts(bench):
    bench.send(lines(40) + CUT)
    bench.wait(0.5)
    bench.printer.set_cover(is_open=True)
    bench.wait(60)
    assert bench.receipts == []
    assert bench.ask(OFFLINE_CAUSE) == b"\x16"

    bench.printer.set_cover(is_open=False)
    bench.wait(60)
    assert [receipt.text for receipt in bench.receipts] == [text(40)]


def test_offline_by_its_own_switch_it_keeps_the_data(bench):
    bench.printer.switch_offline(offline=True)
    bench.send(lines(1) + CUT)
    bench.wait(60)
    assert bench.receipts == []
    assert bench.ask(b"\x10\x04\x01") == b"\x1a"

    bench.printer.switch_offline(offline=False)
    bench.wait(1)
    assert len(bench.receipts) == 1


def jammed_with_a_receipt(bench):
    bench.printer.jam_cutter()
    assert bench.ask(ERROR_CAUSE) == b"\x12"  # found out at the cut, not before
    bench.send(lines(1) + CUT + b"next\n" + CUT)
    bench.wait(5)
    assert bench.receipts == []
    assert bench.ask(ERROR_CAUSE) == b"\x1a"


def test_a_freed_cutter_cuts_what_waits(bench):
    jammed_with_a_receipt(bench)

    bench.printer.clear_cutter()
    bench.wait(5)

    assert [receipt.text for receipt in bench.receipts] == ["line 0\n", "next\n"]


def test_recovering_while_it_is_stuck_fails_again(bench):
    jammed_with_a_receipt(bench)

    bench.send(b"\x10\x05\x01")
    bench.wait(5)

    assert bench.receipts == []
    assert bench.ask(ERROR_CAUSE) == b"\x1a"


def test_recovering_by_clearing_forgets_what_was_not_printed(bench):
    jammed_with_a_receipt(bench)
    bench.send(b"\x10\x05\x02")
    bench.wait(5)
    assert bench.ask(ERROR_CAUSE) == b"\x12"

    bench.printer.clear_cutter()
    bench.send(b"fresh\n" + CUT)
    bench.wait(5)

    assert [receipt.text for receipt in bench.receipts] == ["line 0\nfresh\n"]


def test_a_stuck_blade_is_found_at_power_on(bench):
    bench.printer.jam_cutter()
    bench.printer.switch_power(on=False)
    bench.printer.switch_power(on=True)

    assert bench.ask(ERROR_CAUSE) == b"\x1a"


def test_without_power_it_is_deaf_and_dumb_and_forgets(bench):
    bench.send(lines(40) + CUT)
    bench.wait(0.5)  # 20 lines
    bench.printer.switch_power(on=False)
    assert bench.ask(ROLL_STATUS) == b""
    bench.printer.switch_power(on=True)
    bench.wait(60)
    assert bench.receipts == []

    bench.send(CUT)
    bench.wait(5)
    assert bench.receipts[0].text == text(20)  # the paper does not forget


def test_muted_it_obeys_but_never_says_what_it_would_have_said(bench):
    bench.printer.mute(bench.now_s + 10)
    assert bench.ask(ROLL_STATUS) == b""
    bench.wait(11)
    assert bench.printer.take_answers() == b""
    assert bench.ask(ROLL_STATUS) == b"\x12"


def test_real_time_status_overtakes_what_waits(bench):
    bench.send(lines(500))
    assert bench.ask(ROLL_STATUS) == b"\x12"
    assert bench.printer.busy


def test_real_time_status_in_pieces(bench):
    bench.send(b"\x10")
    bench.send(b"\x04")
    assert bench.ask(b"\x04") == b"\x12"
    assert bench.ask(b"") == b""


def test_gs_r_waits_its_turn(bench):
    bench.send(lines(40))
    assert bench.ask(b"\x1dr\x01") == b""
    bench.wait(2)
    assert bench.printer.take_answers() == b"\x00"


def test_status_comes_by_itself_when_switched_on(bench):
    assert bench.ask(b"\x1da\xff") == bytes.fromhex("10000000")

    bench.printer.set_cover(is_open=True)
    bench.wait(0)
    assert bench.printer.take_answers() == bytes.fromhex("38000000")

    bench.printer.set_cover(is_open=False)
    assert bench.ask(b"\x1da\x00") == bytes.fromhex("10000000")  # the change, before it is off
    bench.printer.set_cover(is_open=True)
    bench.wait(0)
    assert bench.printer.take_answers() == b""


def test_a_full_receive_buffer_takes_no_more_until_it_drains(bench):
    bench.printer.switch_offline(offline=True)
    bench.send(b"\x1dv0\x00\x48\x00\x90\x03" + bytes(72 * 0x390))  # a picture of 65,664 bytes
    assert not bench.printer.accepts_bytes
    bench.printer.switch_offline(offline=False)
    bench.wait(0)
    assert bench.printer.accepts_bytes


def test_it_tells_what_it_did_not_do(bench):
    bench.send(b"\x1bp\x00\x19\xfa\x1b\x01")
    bench.wait(0)

    assert bench.happenings == [
        Happening("ignored", {"command": "ESC p"}),
        Happening("unknown", {"bytes": "1B 01"}),
    ]
