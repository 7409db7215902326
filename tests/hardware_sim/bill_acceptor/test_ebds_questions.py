"""What an EBDS host asks of the simulated acceptor, and the extended messages it can switch on."""

import pytest


@pytest.mark.parametrize(
    ("sub_type", "reply"),
    [
        ("04", "53 43 36 36 30 33 20 53 49 4D 55 4C 41 54 45 44 00 00 00 00"),
        ("05", "30 30 30 30 30 30 30 30 30 30 30 31 00 00 00 00 00 00 00 00"),
        ("06", "32 38 36 31 30 30 31 30 33"),
        ("07", "32 38 36 31 30 31 31 30 33"),
        ("08", "55 53 44" + " 00" * 29),
        ("09", "34 39 30 30 30 33 31 30 31"),
        ("0E", "32 38 36 31 30 31 31 30 33"),
        ("0F", "34 39 30 30 30 33 31 30 31"),
        ("00", "0C 0A 05 0E 00 00"),
    ],
)
def test_auxiliary_questions(ebds, sub_type, reply):
    assert ebds.ask(6, f"00 00 {sub_type}") == f"6: {reply}"


def note_of(bench, index):
    data = bytes.fromhex(bench.ask(7, f"02 00 00 00 {index:02X}")[3:])
    assert data[0] == 0x02
    assert len(data) == 1 + 6 + 18
    return data[7:]


def test_note_specifications(ebds):
    # kybarg: the reply of a real device to the question for note 1
    assert note_of(ebds, 1) == bytes.fromhex(
        "01 55 53 44 30 30 31 2B 30 30 00 43 41 44 42 00 00 00"
    )
    assert note_of(ebds, 4) == b"\x04USD002+01\x00CADB\x00\x00\x00"
    values = [note_of(ebds, index) for index in range(1, 7)]
    assert [int(each[4:7]) * 10 ** int(each[7:10]) for each in values] == [1, 5, 10, 20, 50, 100]
    assert {each[1:4] for each in values} == {b"USD"}
    assert [each[0] for each in values] == [1, 2, 3, 4, 5, 6]
    assert note_of(ebds, 7) == b"\x07" + bytes(17)  # behind the end of the table


def test_the_table_of_values_has_a_gap_where_the_device_knows_no_bill(ebds):
    data = bytes.fromhex(ebds.ask(7, "06 00 00 00")[3:])
    assert data[7:].startswith(b"\x01USD001+00" + b"\x02" + bytes(9) + b"\x03USD005+00")
    assert len(data) == 1 + 6 + 70  # with its frame 82 bytes, as in decapod-atm/ebds


def test_extended_reports_in_escrow_and_when_stacked(ebds):
    ebds.settings = ebds.EXTENDED
    ebds.start()
    twenty = " 00 55 53 44 30 30 32 2B 30 31 00 43 41 44 42 00 00 00"
    assert ebds.escrow(20) == "04 10 00 00" + twenty
    assert ebds.poll("7F 3C 14") == "08 10 00 00"
    ebds.idle_for(1.1)
    assert ebds.poll() == "11 10 00 00" + twenty
    assert ebds.poll() == "01 10 00 00"
    assert ebds.named("credit_acknowledged") == [20]


def test_an_extended_report_says_which_way_round(ebds):
    ebds.settings = ebds.EXTENDED
    ebds.start()
    for way_round in ("00", "01", "02", "03", "00"):
        assert ebds.escrow(5)[42:44] == way_round
        ebds.poll("7F 5C 14")
        ebds.poll_until("01 10 00 00")


def test_extended_inhibits(ebds):
    ebds.settings = ebds.EXTENDED
    ebds.start()
    only_20 = "08" + " 00" * 7  # note 4 of the extended table
    assert ebds.ask(7, f"03 00 00 00 {only_20}") == "2: 01 10 00 00 01 0A"
    ebds.hands.insert(5)
    ebds.idle_for(1.1)
    assert ebds.poll() == "20 10 00 00"
    ebds.poll_until("01 10 00 00")
    assert ebds.escrow(20)


def test_extended_inhibits_of_the_larger_table(ebds):
    ebds.settings = ebds.EXTENDED
    ebds.start()
    assert ebds.ask(7, "03 00 00 00 7F" + " 00" * 18).startswith("2:")
    assert ebds.escrow(100)


def test_note_retrieved(ebds):
    ebds.start()
    assert ebds.ask(7, "0B 00 00 00 01") == "7: 0B 01 10 00 00 01 0A 01"
    ebds.escrow(20)
    ebds.poll(ebds.RETURN)
    ebds.idle_for(2)
    assert ebds.ask(1, ebds.ENABLE) == "2: 41 10 00 00 01 0A"
    assert ebds.ask(1, ebds.ENABLE) == "7: 0B 01 10 00 00 01 0A 7F"
    assert ebds.ask(1, ebds.ENABLE) == "2: 01 10 00 00 01 0A"
    assert ebds.ask(7, "0B 00 00 00 00") == "7: 0B 01 10 00 00 01 0A 01"
    ebds.escrow(20)
    ebds.poll(ebds.RETURN)
    assert "7F" not in " ".join(ebds.poll_for(3))
