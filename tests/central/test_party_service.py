"""A party beside the real service: opened by commands, asked over a socket, and ended in the middle."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from disbursement.accounts.protocol.inbox import receive
from disbursement.accounts.protocol.messages import ConfigureAccount
from disbursement.accounts.protocol.order import moment
from disbursement.database import Database
from disbursement.house import system_now_ms
from party import Party

PATIENCE_S = 20


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def configure(creditor_id: int, seqnum: int, limit: int = 0) -> ConfigureAccount:
    return ConfigureAccount(
        debtor_id=7,
        creditor_id=creditor_id,
        negligible_amount=limit,
        config_flags=0,
        config_data="",
        ts=moment(system_now_ms()),
        seqnum=seqnum,
    )


def heard(party: Party, seqnum: int) -> dict[str, Any]:
    """The update that answers this configuration."""
    give_up_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_s:
        for told in party.read()["messages"]:
            if told["message"].get("last_config_seqnum") == seqnum:
                return told["message"]
        time.sleep(0.05)
    raise AssertionError(f"no answer to {seqnum}")


def test_what_a_killed_service_received_the_next_one_works_off(
    serve: Callable[..., Any], homes: Any, tmp_path: Path, key: Ed25519PrivateKey
) -> None:
    central = serve()
    central.command("debtor", "open", "7", "--interest", "2.5", "--demurrage", "-1")
    central.command("debtor", "terms", "7", "--note-bytes", "500", "--commit-days", "40")
    assert "interest 2.5 % a year, never below -1 %, commits within 40 days" in central.command(
        "debtor", "list"
    )
    raw = key.public_key().public_bytes_raw().hex()
    central.command(
        "party", "add", "bank", raw, "--debtor", "7", "--creditor", "4294967297..4294967299"
    )
    assert "bank  speaks for debtor 7 and creditor 4294967297..4294967299" in central.command(
        "party", "list"
    )
    party = Party(central.client, "bank", key, system_now_ms)
    assert party.post("/messages", [configure(0, 1, 500).model_dump(mode="json")]) == {
        "received": 1
    }
    assert heard(party, 1)["commit_period"] == 40 * 24 * 3600
    central.end(signal.SIGKILL)
    db = Database(homes.url(tmp_path / "books"))
    db.run(lambda session: receive(session, [configure(2**32 + 1, 2)]))  # and no time to do it
    db.close()
    party.client = serve().client
    assert heard(party, 2)["creditor_id"] == 2**32 + 1
