"""What the simulated SSP validator says it is, and its replies to single commands.

Packets marked "manual" are printed in the ITL SSP Protocol Manual GA138.
"""

import pytest

from hardware_sim.bill_acceptor.ssp.tables import Dataset
from ssp_host import SspHost, packet

OK, UNKNOWN, WRONG_COUNT, OUT_OF_RANGE, CANNOT, FAIL = "F0", "F2", "F3", "F4", "F5", "F8"


@pytest.fixture
def host():
    return SspHost()


def test_packets_of_the_manual(host):
    assert host.raw("7F 80 01 11 65 82") == "7F 80 01 F0 23 80"  # manual: sync
    assert host.raw("7F 80 02 06 09 06 14") == "7F 80 01 F0 23 80"  # the same sequence: repeated
    host.sync()
    for expected, command in [
        ("7F 80 01 F0 23 80", "06 08"),  # manual: protocol 8 is supported
        ("7F 80 01 F8 10 00", "06 09"),  # manual: protocol 9 is not
        ("7F 80 05 F0 00 1C 96 2C D4 97", "0C"),  # manual: serial number 1873452
        ("7F 80 11 F0 4E 56 30 32 30 30 34 31 34 31 34 39 38 30 30 30 DE 55", "20"),  # manual
        ("7F 80 01 F5 3D 80", "18"),  # manual: nothing to hold
        ("7F 80 01 F4 38 00", "4A 53 32 00 00 00 00 00 00"),  # a real device: 12883 is not prime
        ("7F 80 01 F0 23 80", "4A C5 05 8F 3A 00 00 00 00"),  # manual: generator 982451653
        ("7F 80 01 F0 23 80", "4B 8D A6 13 00 00 00 00 00"),  # manual: modulus 1287821
    ]:
        host.ask("0D")  # with sequence 0, so that the next one has the sequence that is printed
        host.ask(command)
        assert host.raw(packet(command, 0x80).hex()) == expected


def test_dataset_version_of_the_manual():
    host = SspHost("EUR")
    host.sync()
    host.ask("0D")
    assert host.raw("7F 80 01 21 C5 82") == "7F 80 09 F0 45 55 52 30 31 36 31 30 B8 2A"


def test_channel_values_of_the_manual(host):
    values = Dataset(b"EUR", (5, 10, 0, 20, 0, 50, 100)).channel_values(5)
    assert packet("F0" + values.hex(), 0x80).hex() == "7f8009f007050a0014003264bcda"


def test_setup_of_the_manual_but_for_its_real_multiplier(host):
    """It prints 40 00 00 where three bytes with the high one first are told to be 100."""
    setup = Dataset(b"GBP", (5, 10, 20), firmware=b"0100").setup(5)
    assert setup.hex(" ").upper() == (
        "00 30 31 30 30 47 42 50 00 00 01 03 05 0A 14 02 02 02 00 00 64 05"
    )


def test_setup_before_protocol_6(host):
    host.sync()
    setup = bytes.fromhex(host.ask("05"))
    assert setup[1:12] == b"\x00" + b"0414" + b"USD" + bytes([0, 0, 1])
    assert setup[12:20] == bytes([7, 1, 0, 5, 10, 20, 50, 100])
    assert setup[20:27] == bytes([2]) * 7
    assert setup[27:] == bytes([0, 0, 100, 5])


def test_setup_from_protocol_6(host):
    host.sync()
    before = bytes.fromhex(host.ask("05"))
    assert host.ask("06 06") == OK
    setup = bytes.fromhex(host.ask("05"))
    assert setup[: len(before) - 1] == before[:-1]
    assert setup[30] == 6
    assert setup[31:52] == b"USD" * 7
    values = [int.from_bytes(setup[at : at + 4], "little") for at in range(52, len(setup), 4)]
    assert values == [1, 0, 5, 10, 20, 50, 100]


def test_euro_values_need_the_multiplier():
    host = SspHost("EUR")
    host.sync()
    assert host.ask("0D") == "F0 00 30 34 31 34 45 55 52 00 00 05 05"
    assert host.ask("0E") == "F0 07 01 02 04 0A 14 28 64"
    assert host.ask("0F") == "F0 07 02 02 02 02 02 02 02"
    host.ask("06 08")
    values = bytes.fromhex(host.ask("0E"))
    assert values[-4:] == (500).to_bytes(4, "little")


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("03", OK),
        ("04", OK),
        ("54 FF 00 00 01", OK),
        ("4D 01 00", OK),
        ("4D 03 00", OUT_OF_RANGE),
        ("4F", "F0 00 14 00"),
        ("0C 00", "F0 00 1C 96 2C"),
        ("0C 01", OUT_OF_RANGE),
        ("17", "F0 00"),
        ("08", CANNOT),
        ("57", CANNOT),
        ("02", WRONG_COUNT),
        ("07 01", WRONG_COUNT),
        ("06", WRONG_COUNT),
        ("4A 01", WRONG_COUNT),
        ("4C 01 00 00 00 00 00 00 00", FAIL),  # without generator and modulus
        ("60 01 00 00 00 00 00 00 00", "FA"),  # must be encrypted
        ("7E" + "00" * 16, "FA"),  # there is no key
        ("33", UNKNOWN),
        ("25", UNKNOWN),
        ("99", UNKNOWN),
    ],
)
def test_replies(host, command, reply):
    host.sync()
    assert host.ask(command) == reply
