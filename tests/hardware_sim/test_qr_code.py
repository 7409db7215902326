"""Against the standard's own table."""

import pytest

from hardware_sim.qr_code import repaired_share


@pytest.mark.parametrize(
    ("version", "level", "wrong", "codewords"),
    [(5, "M", 2 * 12, 134), (5, "H", 2 * 11 + 2 * 11, 134), (10, "L", 4 * 9, 346)],
)
def test_what_a_code_repairs_is_as_in_table_9_of_iso_18004(version, level, wrong, codewords):
    assert repaired_share(version, level) == pytest.approx(wrong / codewords)
