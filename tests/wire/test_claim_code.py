"""What a person may have meant by the code that was typed."""

import pytest

from kiosk_wire.claim_code import ALPHABET, Meant, meant_by, mint_claim_code


def test_a_minted_code_is_read_as_it_is():
    code = mint_claim_code()
    assert len(code) == 9
    assert set(code.replace("-", "")) <= set(ALPHABET)
    assert meant_by(code, [code]).code == code


@pytest.mark.parametrize(
    "typed", ["7k3q9mxl", " 7K3Q 9MXL", "7K3Q-9MX1", "7K3O-9MXI", "7k30_9mx1"]
)
def test_slips_of_hand_and_eye_are_forgiven(typed):
    assert meant_by(typed, ["7K3Q-9MXL", "2222-2222"]).code == "7K3Q-9MXL"


def test_look_alikes_that_may_be_several_are_not_chosen_among():
    assert meant_by("7K30-9MXL", ["7K3Q-9MXL", "7K3D-9MXL"]) == Meant(
        None, ["7K3D-9MXL", "7K3Q-9MXL"]
    )


def test_the_exact_code_beats_one_that_looks_alike():
    assert meant_by("7K3Q-9MXB", ["7K3Q-9MXB", "7K3Q-9MX8"]).code == "7K3Q-9MXB"


def test_a_wrong_letter_is_a_near_miss_and_no_more():
    meant = meant_by("7K3Q-9MXA", ["7K3Q-9MXL", "2222-2222"])
    assert (meant.code, str(meant)) == (None, "; did you mean 7K3Q-9MXL?")
    assert str(meant_by("nonsense", ["7K3Q-9MXL"])) == ""
