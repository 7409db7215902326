"""Codes through a real gateway over HTTP: tried a few times, under one name, and said to nobody else."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from disbursement.config import SmsSection, load_config
from disbursement.customers import sms
from disbursement.customers.desk import open_desk
from disbursement.customers.sms import SmsGateway
from disbursement.errors import InvalidSetup
from phones import Gateway, gateway

PHONE = "+12025550123"
CUSTOMERS = """
[customers]
region = "US"
anonymous = { day_minor = 0, month_minor = 0 }
phone = { day_minor = 100_000, month_minor = 1_050_000 }
reviewed = { day_minor = 1_000_000, month_minor = 5_000_000 }

[customers.sms]
"""


@pytest.fixture
def phone_net(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setattr(sms, "PAUSE_S", 0)
    with gateway() as running:
        yield running


def section(phone_net: Gateway, **changes: Any) -> SmsSection:
    given = {
        "url": phone_net.url,
        "body": {"to": "{phone}", "parts": ["{text}"], "ttl": 300, "from": "COINS"},
        "text": "Your code: {code}",
        "key_file": "unused",
    }
    return SmsSection.model_validate(given | changes)


def test_the_body_is_filled_in_and_the_header_sent(phone_net: Gateway) -> None:
    assert SmsGateway(section(phone_net), "Bearer secret").send("enrolment-1-1", PHONE, "012345")
    [(headers, body)] = phone_net.asked
    assert headers["authorization"] == "Bearer secret"
    assert headers["idempotency-key"] == "enrolment-1-1"
    assert body == {
        "to": PHONE,
        "parts": ["Your code: 012345"],
        "ttl": 300,
        "from": "COINS",
    }


def test_what_may_pass_is_tried_again_as_the_same_message(
    phone_net: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="disbursement")
    for status in (500, 503, 429):
        phone_net.answers.append(status)
        assert SmsGateway(section(phone_net), None).send(f"code-{status}", PHONE, "012345")
    assert [headers["idempotency-key"] for headers, _ in phone_net.asked] == [
        name for status in (500, 503, 429) for name in [f"code-{status}"] * 2
    ]
    assert len(phone_net.delivered()) == 3
    assert "status 503" in caplog.text
    assert "012345" not in caplog.text
    assert PHONE[2:] not in caplog.text


def test_a_no_is_final_and_trouble_has_its_bound(phone_net: Gateway) -> None:
    phone_net.answers += [400]
    assert not SmsGateway(section(phone_net), None).send("one", PHONE, "012345")
    assert len(phone_net.asked) == 1
    phone_net.answers += [500] * 9
    assert not SmsGateway(section(phone_net), None).send("two", PHONE, "012345")
    assert len(phone_net.asked) == 1 + sms.TRIES


def test_a_gateway_that_is_away_is_no_error_of_ours(
    phone_net: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise httpx2.ConnectError("[Errno 111] Connection refused")

    monkeypatch.setattr(httpx2, "post", away)
    assert not SmsGateway(section(phone_net), None).send("one", PHONE, "012345")


def test_the_configuration_names_what_is_wrong(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("ab" * 32 + "\n")
    good = f"""url = "http://127.0.0.1:9/"
body = {{ to = "{{phone}}", text = "{{text}}" }}
key_file = "{key}"
"""

    def mistake(text: str) -> str:
        (tmp_path / "central.toml").write_text(text)
        with pytest.raises(InvalidSetup) as told:
            open_desk(load_config(tmp_path / "central.toml").customers)
        return str(told.value)

    (tmp_path / "central.toml").write_text(CUSTOMERS + good)
    desk = open_desk(load_config(tmp_path / "central.toml").customers)
    assert desk is not None
    assert desk.codes is not None
    assert desk.codes.key == b"ab" * 32

    assert "customers.sms.ulr; did you mean url?" in mistake(CUSTOMERS + good + 'ulr = "x"')
    assert "{phone} and {text}" in mistake(CUSTOMERS + good.replace("{text}", "hello"))
    assert "must say {code}" in mistake(CUSTOMERS + good + 'text = "Your code is in the post"')
    assert "customers.phone: must allow no less" in mistake(
        CUSTOMERS.replace("day_minor = 0", "day_minor = 200_000") + good
    )
    assert "no country" in mistake(CUSTOMERS.replace('"US"', '"USA"') + good)
    assert "customers.code_valid_s: must be 600 or less" in mistake(
        CUSTOMERS.replace("[customers.sms]", "code_valid_s = 601\n[customers.sms]") + good
    )
    key.write_text("short")
    assert "openssl rand" in mistake(CUSTOMERS + good)
    key.unlink()
    assert "cannot be read (customers.sms.key_file)" in mistake(CUSTOMERS + good)
