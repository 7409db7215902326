"""The real process, with its real workflow engine: it starts, pays, is killed, and pays once."""

import random
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

PAYOUTS = 12
KILLS = 4
DEADLINE_S = 60
ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"


@pytest.fixture
def paid(homes: Any, tmp_path: Path) -> Iterator[Any]:
    """What the practice wallet has paid so far."""
    engine = sa.create_engine(homes.url(tmp_path / "books"))

    def look() -> list[tuple[str, int]]:
        with engine.connect() as books:
            payments = sa.text("SELECT address, amount FROM practice_payments ORDER BY amount")
            return [(address, amount) for address, amount in books.execute(payments)]

    yield look
    engine.dispose()


def wait_until_confirmed(kiosk: Any, names: list[str]) -> None:
    give_up_s = time.monotonic() + DEADLINE_S
    states: dict[str, str] = {}
    while time.monotonic() < give_up_s:
        states = {name: kiosk.transfer(name).json()["state"] for name in names}
        if set(states.values()) == {"confirmed"}:
            return
        time.sleep(0.1)
    raise AssertionError(f"not all confirmed: {states}")


def sell(kiosk: Any, names: list[str]) -> None:
    """Each for another amount, so that a second payment of one could not hide behind another's."""
    for number, name in enumerate(names, start=1):
        assert kiosk.quote(name).status_code == 200
        assert kiosk.prepare(name).status_code == 200
        kiosk.credited(1_000 * number, name)
        kiosk.finalized(1_000 * number, name)


def test_it_says_loudly_what_it_is_and_stops_when_told(serve: Any, tmp_path: Path) -> None:
    central = serve()
    assert central.ready["event"] == "ready"
    health = central.client.get("/healthz").json()
    now_ms = health.pop("now_ms")
    assert health == {"ok": True, "network": "practice", "practice": True}
    assert abs(now_ms - time.time() * 1_000) < 60_000  # the kiosks set their records by it
    assert central.end(signal.SIGTERM) == 0
    assert (
        tmp_path / "central.log"
    ).read_text() == "PRACTICE WALLET: nothing is paid to anyone.\n"


def test_a_sale_over_the_wire_is_paid_and_told_in_words(serve: Any, paid: Any) -> None:
    central = serve()
    kiosk = central.kiosk()
    sell(kiosk, ["1"])
    assert kiosk.report().json() == {"through_seq": 2}
    wait_until_confirmed(kiosk, ["1"])
    assert len(paid()) == 1
    told = central.command("status")
    assert "confirmed" in told
    assert re.search(r"kiosk-1: seen \d+ s ago, 2 events", told)
    assert f"the last with hash {kiosk.events[1]['hash']}" in told


@pytest.mark.slow  # as the kill run does with a node
def test_killed_again_and_again_while_paying_it_pays_each_once(serve: Any, paid: Any) -> None:
    chance = random.Random(7)
    central = serve()
    kiosk = central.kiosk()
    names = [str(number) for number in range(PAYOUTS)]
    sell(kiosk, names)
    assert kiosk.report().json() == {"through_seq": 2 * PAYOUTS}
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.0, 0.4))  # at any moment: this is the blind stroke
        central.end(signal.SIGKILL)
        central = serve()
        kiosk.client = central.client
    wait_until_confirmed(kiosk, names)
    amounts = sorted(kiosk.transfer(name).json()["amount_base_units"] for name in names)
    assert paid() == [(ADDRESS, amount) for amount in amounts]
