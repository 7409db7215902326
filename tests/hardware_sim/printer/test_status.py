import pytest

from hardware_sim.printer import status
from hardware_sim.printer.status import Condition

FINE = Condition()
LOW = Condition(paper_low=True)
OUT = Condition(paper_low=True, paper_out=True)
OPEN = Condition(cover_open=True)
JAM = Condition(cutter_error=True)
OFF = Condition(switched_offline=True)


@pytest.mark.parametrize(
    ("condition", "answers"),  # to DLE EOT 1, 2, 3, 4
    [
        (FINE, "12 12 12 12"),
        (LOW, "12 12 12 1e"),
        (OUT, "1a 32 12 7e"),
        (OPEN, "1a 16 12 12"),
        (JAM, "1a 52 1a 12"),
        (OFF, "1a 12 12 12"),
    ],
)
def test_real_time_status(condition, answers):
    given = b"".join(status.real_time(kind, condition) for kind in (1, 2, 3, 4))

    assert given == bytes.fromhex(answers)
    assert all(byte & 0x93 == 0x12 for byte in given)  # what marks an answer to DLE EOT


@pytest.mark.parametrize(
    ("condition", "four_bytes"),
    [
        (FINE, "10 00 00 00"),
        (LOW, "10 00 03 00"),
        (OUT, "18 00 0f 00"),
        (OPEN, "38 00 00 00"),
        (JAM, "18 08 00 00"),
        (OFF, "18 00 00 00"),
    ],
)
def test_automatic_status(condition, four_bytes):
    assert status.automatic(condition) == bytes.fromhex(four_bytes)
    assert status.automatic(condition)[0] & 0x93 == 0x10  # what marks it


def test_transmitted_paper_status_and_drawer():
    papers = [status.transmitted(1, condition).hex() for condition in (FINE, LOW, OUT)]

    assert papers == ["00", "03", "0f"]
    assert status.transmitted(2, FINE) == b"\x00"


def test_identity_is_a_text_between_5f_and_00():
    assert status.identity(67) == b"\x5fSIM-80\x00"
    assert len(status.identity(1)) == 1


def test_a_question_nobody_knows_has_no_answer():
    assert status.real_time(9, FINE) == status.transmitted(9, FINE) == b""
