"""What is owed is a balance: it holds whatever is reported, repeated, paid or settled, in any order."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disbursement.balances import open_balances, open_bills
from disbursement.matters import open_matters, settle
from disbursement.status import status_lines

IN = ("bill_credited", "bill_disputed", "bill_unattributed")
HOUR_MS = 3_600_000


def balances(central: Any) -> dict[str, tuple[int, int]]:
    """Amount and number of bills of each kind."""
    found = central.house.db.run(open_balances)
    return {balance.kind: (balance.amount_minor, balance.bills) for balance in found}


def start(kiosk: Any, name: str = "1") -> None:
    kiosk.happened("session_started", name, claim_code="ABCD-EFGH", language="en")
    assert kiosk.quote(name).status_code == 200
    assert kiosk.prepare(name).status_code == 200


def doubtful(kiosk: Any, kind: str, value_minor: int | None, name: str = "1") -> str:
    bill_id = f"bill-{len(kiosk.events):04}"
    more = {"reason": "to be stacked; jam"} if kind == "disputed" else {}
    body = {"bill_id": bill_id, "value_minor": value_minor, "currency": "USD"} | more
    kiosk.happened(f"bill_{kind}", name, **body)
    return bill_id


def settle_by_hand(central: Any, name: str) -> None:
    house = central.house
    house.db.run(lambda s: settle(house, s, name, "in cash"))


def test_credit_is_unpaid_until_it_is_broadcast(central: Any, kiosk: Any) -> None:
    start(kiosk)
    kiosk.credited(2_000)
    kiosk.credited(5_000)
    kiosk.report()
    assert balances(central) == {"unpaid credit": (7_000, 2)}
    kiosk.finalized(7_000)
    kiosk.report()
    assert balances(central) == {"unpaid credit": (7_000, 2)}
    central.work()
    assert balances(central) == {}


def test_credit_of_a_transfer_that_is_not_known_yet_is_not_forgotten(
    central: Any, kiosk: Any
) -> None:
    kiosk.credited(2_000)
    kiosk.report()
    assert balances(central) == {"unpaid credit": (2_000, 1)}


def test_what_comes_too_late_for_its_transfer_is_a_refund_of_its_own(
    central: Any, kiosk: Any
) -> None:
    start(kiosk)
    kiosk.credited(2_000)
    kiosk.finalized(2_000)
    kiosk.report()
    central.work()
    kiosk.credited(5_000)
    kiosk.report()
    assert balances(central) == {"refund due": (5_000, 1)}
    settle_by_hand(central, "kiosk-1/4")
    assert balances(central) == {}


def test_settled_by_hand_is_off_the_balance_for_good(central: Any, kiosk: Any) -> None:
    start(kiosk)
    doubtful(kiosk, "disputed", 10_000)
    kiosk.credited(2_000)
    kiosk.finalized(0)
    kiosk.report()
    assert balances(central) == {"disputed": (10_000, 1), "refund due": (2_000, 1)}
    settle_by_hand(central, "kiosk-1/2")
    settle_by_hand(central, "transfer-1")
    assert balances(central) == {}
    kiosk.report()
    kiosk.finalized(0)
    kiosk.report()
    assert balances(central) == {}
    kiosk.credited(5_000)  # other cash
    kiosk.report()
    assert balances(central) == {"refund due": (5_000, 1)}


def test_a_bill_of_unknown_value_is_counted_though_it_cannot_be_summed(
    central: Any, kiosk: Any
) -> None:
    doubtful(kiosk, "unattributed", None)
    doubtful(kiosk, "unattributed", 500)
    kiosk.report()
    assert balances(central) == {"unattributed": (500, 2)}
    lines = central.house.db.run(lambda s: status_lines(s, central.house.rules, central.clock()))
    told = (
        "kiosk-1  unattributed          5.00 USD  2 bills, 1 of unknown value, the oldest for 0 s"
    )
    assert f"  {told}" in lines


def test_an_age_counts_from_when_central_heard_of_it(central: Any, kiosk: Any) -> None:
    doubtful(kiosk, "disputed", 500)
    kiosk.report()
    central.clock.ms += 3 * HOUR_MS
    doubtful(kiosk, "disputed", 700)
    kiosk.report()
    [balance] = central.house.db.run(open_balances)
    assert central.clock() - balance.oldest_at_ms == 3 * HOUR_MS
    assert [bill.value_minor for bill in central.house.db.run(open_bills)] == [500, 700]


def test_each_kiosk_and_currency_has_its_own(central: Any, kiosk: Any) -> None:
    other = central.kiosk("kiosk-2")
    doubtful(kiosk, "disputed", 500)
    doubtful(other, "disputed", 700)
    other.happened("bill_unattributed", bill_id="bill-0009", value_minor=900, currency="MXN")
    kiosk.report()
    other.report()
    found = central.house.db.run(open_balances)
    assert [(b.kiosk_id, b.currency, b.amount_minor) for b in found] == [
        ("kiosk-1", "USD", 500),
        ("kiosk-2", "MXN", 900),
        ("kiosk-2", "USD", 700),
    ]


class Fleet:
    """One kiosk, and what must be owed to its customers by its own events."""

    def __init__(self, central: Any) -> None:
        self.central, self.kiosk = central, central.kiosk()
        self.settled_minor = 0
        for name in "12":
            start(self.kiosk, name)

    def happen(self, what: str, value_minor: int, name: str) -> None:
        kiosk = self.kiosk
        match what:
            case "credited":
                kiosk.credited(value_minor, name)
            case "disputed":
                doubtful(kiosk, "disputed", value_minor, name)
            case "unattributed":
                doubtful(kiosk, "unattributed", value_minor, name)
            case "found" | "returned":
                disputed = [e for e in kiosk.events if e["kind"] == "bill_disputed"]
                bill_id = json.loads(disputed[-1]["body"])["bill_id"] if disputed else "bill-none"
                kiosk.happened("fault_raised", name, code=f"disputed-bill-{what}", detail=bill_id)
            case "finalized":
                kiosk.finalized(sum(self._credits(f"transfer-{name}")), name)
            case "dismissed":
                kiosk.finalized(0, name)
            case "reported":
                assert kiosk.report().status_code == 200
            case "paid":
                self.central.work()
            case "settled":
                self._settle()
            case "sold":
                for step in ("credited", "finalized", "reported", "paid"):
                    self.happen(step, value_minor, name)

    def _settle(self) -> None:
        house = self.central.house
        matters = house.db.run(lambda s: open_matters(s, house.rules, self.central.clock()))
        name = next((matter.name for matter in matters if matter.by_hand), None)
        if name is None:
            return
        settle_by_hand(self.central, name)
        if name.startswith("transfer-"):
            self.settled_minor += sum(self._credits(name, through=self._processed()))
        else:
            event = self.kiosk.events[int(name.partition("/")[2]) - 1]
            if event["kind"] in IN:
                self.settled_minor += json.loads(event["body"])["value_minor"]

    def _processed(self) -> int:
        house = self.central.house
        lines = house.db.run(lambda s: status_lines(s, house.rules, self.central.clock()))
        return next(
            int(line.split(" events")[0].split()[-1]) for line in lines if " events" in line
        )

    def _credits(self, transfer_id: str, through: int | None = None) -> list[int]:
        bodies = [json.loads(e["body"]) for e in self.kiosk.events[:through] if e["kind"] == IN[0]]
        return [body["value_minor"] for body in bodies if body["transfer_id"] == transfer_id]

    def check(self) -> None:
        told = self.kiosk.events[: self._processed()]
        in_minor = sum(json.loads(e["body"])["value_minor"] for e in told if e["kind"] in IN)
        paid_minor = 0
        for name in "12":
            transfer = self.kiosk.transfer(name).json()
            if transfer["state"] in ("broadcast", "confirmed"):
                paid_minor += transfer["committed_minor"]
        owed_minor = sum(amount for amount, _ in balances(self.central).values())
        assert owed_minor == in_minor - paid_minor - self.settled_minor


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "credited",
                "credited",
                "disputed",
                "unattributed",
                "found",
                "returned",
                "finalized",
                "dismissed",
                "reported",
                "sold",
                "paid",
                "settled",
                "settled",
            ]
        ),
        st.sampled_from([100, 2_000, 5_000]),
        st.sampled_from("12"),
    ),
    max_size=25,
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_what_is_owed_is_what_went_in_less_what_was_paid_or_settled(
    open_central: Callable[[Path], Any],
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[str, int, str]],
) -> None:
    fleet = Fleet(open_central(tmp_path_factory.mktemp("books")))
    for step in [*steps, ("reported", 0, "1")]:
        fleet.happen(*step)
        fleet.check()
    fleet.central.house.db.close()
