import json
import logging
import sys

from disbursement.commands import _json_lines


def test_a_line_of_the_log_is_one_json_object_with_its_traceback_inside():
    try:
        raise ValueError("two\nlines")  # noqa: TRY301
    except ValueError:
        record = logging.LogRecord(
            "disbursement", logging.WARNING, "f.py", 1, "payout %s", ("t-1",), sys.exc_info()
        )
    line = _json_lines().format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == (
        "WARNING",
        "disbursement",
        "payout t-1",
    )
    assert "ValueError: two\nlines" in told["exc_info"]
