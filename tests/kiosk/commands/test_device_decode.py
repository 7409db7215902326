import json

from click.testing import CliRunner

from kiosk.commands.device_decode import decode


def explained(text: str, *options: str) -> list[dict]:
    result = CliRunner().invoke(decode, ["--protocol", "id003", *options], input=text)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.output.splitlines()]


def test_a_frame_is_told_in_words_with_its_bytes():
    [told] = explained("fc 06 13 63 a2 d8\n")
    assert told == {
        "ok": True,
        "frame": {"type": "Reply", "code": 0x13, "data": "63"},
        "meaning": "ESCROW 63",
        "bytes": "fc061363a2d8",
        "error": None,
    }


def test_the_direction_decides_what_a_number_means():
    assert explained("fc05402b15\n")[0]["meaning"] == "POWER_UP"
    assert explained("fc05402b15\n", "--direction", "host")[0]["meaning"] == "RESET"


def test_a_frame_in_two_reads_and_two_frames_in_one():
    told = explained("fc 05 11\n27 56\nfc05112756fc05402b15\n")
    assert [each["ok"] for each in told] == [False, True, True, True]


def test_a_trace_says_who_spoke_itself():
    told = explained("2026-11-20T10:00:00.000+00:00 > fc 05 40 2b 15\n< fc 05 40 2b 15\n")
    assert [each["meaning"] for each in told] == ["RESET", "POWER_UP"]


def test_what_cannot_be_read_is_said_and_the_rest_goes_on():
    told = explained("zz\n\nfc 05 11 27 57\nfc 05 11 27 56\n")
    assert [each["ok"] for each in told] == [False, False, True]
    assert told[0]["error"] == "not hex: 'zz'"
    assert "good check" in told[1]["error"]
