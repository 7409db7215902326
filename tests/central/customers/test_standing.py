"""No more is sold than the tier allows, whatever comes at once and in whatever order."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from disbursement.customers import register
from disbursement.customers.models import Buyer, CustomerChange
from disbursement.customers.register import Person
from disbursement.customers.sanctions import books
from disbursement.customers.sanctions.party import ListedName, Party, SanctionsList
from disbursement.sales.models import TransferRow

ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
PHONE, OTHER = "+12025550123", "+12025550124"
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


NAMES = itertools.count(10)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")


def other_address(number: int) -> str:
    return "bcrt1q" + f"{number:032}".replace("1", "q")


@dataclass
class Sales:
    """Of one kiosk, each in a session of its own unless told otherwise."""

    kiosk: Any

    def prepare(self, name: str, most: int, session: str | None = None, **asked: Any) -> Any:
        session = session or name
        assert self.kiosk.quote(name, session_id=f"session-{session}").status_code == 200
        asked = {"session_id": f"session-{session}", "max_amount_minor": most, **asked}
        return self.kiosk.prepare(name, **asked)

    def finalize(self, name: str, cash: int) -> None:
        told = [self.kiosk.credited(cash, name)] if cash else []
        self.kiosk.report(*told, self.kiosk.finalized(cash, name))

    def standing(self, session: str = "1", **asked: Any) -> Any:
        return self.kiosk.post("/v1/standings", {"session_id": f"session-{session}", **asked})


@pytest.fixture
def sales(kiosk: Any) -> Sales:
    return Sales(kiosk)


def test_without_a_desk_all_is_as_before(open_central: Any, tmp_path: Any) -> None:
    (tmp_path / "plain").mkdir()
    sales = Sales(open_central(tmp_path / "plain").kiosk())
    assert sales.prepare("1", 500_000).status_code == 200
    told = sales.standing().json()
    assert (told["tier"], told["day_left_minor"]) == ("anonymous", 1_000_000)
    assert refusal(sales.prepare("2", 1_000, customer_id="f" * 32)) == (422, "bad_request")


def test_who_has_shown_nothing_is_told_the_next_step(sales: Sales, central: Any) -> None:
    refused = sales.prepare("1", 10_001)
    assert refusal(refused) == (409, "identity_needed")
    assert refused.json()["detail"] == (
        "at most 100.00 USD in a day and 200.00 USD in 30 days so far: to buy more, prove a phone number"
    )
    assert central.all(TransferRow) == central.all(Buyer) == []
    assert sales.prepare("1", 10_000).status_code == 200
    assert refusal(sales.prepare("2", 1_000)) == (409, "identity_needed")
    assert sales.prepare("3", 1_000, address=other_address(3)).status_code == 200


def test_a_phone_allows_more_and_a_person_still_more(
    sales: Sales, counter: Any, central: Any
) -> None:
    customer = counter.enrol()
    sell = partial(sales.prepare, session="1", customer_id=customer)
    assert sell("1", 50_000).status_code == 200
    refused = sell("2", 1_000, address=other_address(2))
    assert refusal(refused) == (409, "identity_needed")
    assert "be reviewed by the operator" in refused.json()["detail"]
    db = central.house.db
    db.run(lambda session: _name(session, customer))
    db.run(lambda session: register.review(session, customer, "seen", 0))
    assert sell("2", 1_000, address=other_address(2)).status_code == 409  # held against no list
    listed = Party(uid="1", kind="individual", names=(ListedName(text="Ivan PRIMEROV"),))
    found = SanctionsList("advanced", date(2026, 11, 1), "00" * 32, (listed,))
    db.run(lambda session: books.replace(session, found, 0))
    assert sell("2", 50_000, address=other_address(2)).status_code == 200
    refused = sell("3", 1_000, address=other_address(3))
    assert refusal(refused) == (409, "limit_reached")
    assert "come later" in refused.json()["detail"]


def _name(session: Any, customer_id: str) -> None:
    customer = register.find(session, customer_id)
    register.give_name(session, customer, Person("Jo Buyer", date(1980, 2, 29)), "passport", 0)


def test_a_customer_counts_in_the_session_that_proved_the_phone_alone(
    sales: Sales, counter: Any, central: Any
) -> None:
    customer = counter.enrol(session="1")
    nobody = (409, "identity_not_shown")
    assert refusal(sales.prepare("2", 1_000, customer_id=customer)) == nobody
    assert refusal(sales.prepare("8", 1_000, "1", customer_id="f" * 32)) == nobody
    elsewhere = Sales(central.kiosk("kiosk-2"))
    assert refusal(elsewhere.prepare("9", 1_000, "1", customer_id=customer)) == nobody
    assert refusal(sales.standing("2", customer_id=customer)) == nobody
    assert sales.prepare("1", 1_000, customer_id=customer).status_code == 200


def test_the_blocked_buy_nothing_nor_does_anyone_for_their_address(
    sales: Sales, counter: Any, central: Any
) -> None:
    customer, db = counter.enrol(), central.house.db
    assert sales.prepare("1", 1_000, customer_id=customer).status_code == 200
    db.run(lambda session: register.block(session, customer, "stolen phone", 1))
    refused = (409, "customer_refused")
    assert refusal(sales.prepare("1b", 1_000, "1", customer_id=customer)) == refused
    assert refusal(sales.prepare("2", 1_000)) == refused
    assert refusal(sales.standing(customer_id=customer)) == refused
    assert sales.prepare("3", 1_000, address=other_address(3)).status_code == 200
    sales.finalize("1", 1_000)  # what was promised is paid
    central.work()
    assert len(central.payments()) == 1
    db.run(lambda session: register.unblock(session, customer, "it was theirs", 2))
    assert sales.prepare("1b", 1_000, "1", customer_id=customer).status_code == 200
    changes = [(row.change, row.note) for row in central.all(CustomerChange)]
    assert changes[1:] == [("blocked", "stolen phone"), ("unblocked", "it was theirs")]


def test_changes_are_for_ever(counter: Any, central: Any) -> None:
    counter.enrol()
    for change in (sa.delete(CustomerChange), sa.update(CustomerChange).values(note="never")):
        with pytest.raises(DBAPIError, match="for ever"), central.house.db.begin() as session:
            session.execute(change)


def test_a_repeat_is_the_same_also_when_nothing_is_left(
    sales: Sales, counter: Any, central: Any
) -> None:
    customer = counter.enrol()
    sell = partial(sales.prepare, "1", 50_000, customer_id=customer)
    assert sell().status_code == 200
    assert sell().status_code == 200
    assert refusal(sales.kiosk.prepare("1")) == (409, "id_reused")  # for nobody
    central.house.db.run(lambda session: register.block(session, customer, "since", 1))
    assert sell().status_code == 200


def test_time_gives_the_amount_back_from_the_end_of_the_sale(sales: Sales, central: Any) -> None:
    assert sales.prepare("1", 10_000).status_code == 200
    central.clock.ms += 40 * DAY_MS
    assert sales.prepare("2", 1_000).status_code == 409  # it may become that much at any moment
    sales.finalize("1", 9_000)
    assert sales.standing(address=ADDRESS).json()["day_left_minor"] == 1_000
    central.clock.ms += DAY_MS
    told = sales.standing(address=ADDRESS).json()
    assert (told["day_left_minor"], told["month_left_minor"]) == (10_000, 11_000)
    assert (told["tier"], told["next_tier"]) == ("anonymous", "phone")
    assert sales.prepare("3", 10_000).status_code == 200
    sales.finalize("3", 0)
    assert sales.prepare("4", 10_000).status_code == 200
    sales.finalize("4", 10_000)
    central.clock.ms += DAY_MS
    assert sales.prepare("5", 1_001).status_code == 409  # 30 days
    assert sales.prepare("5", 1_000).status_code == 200


def test_two_kiosks_at_once_do_not_sell_more_than_the_tier(
    central: Any, counter_of: Callable[[Any], Any]
) -> None:
    """Of one customer to many addresses, and to one address by many customers."""
    kiosks = [central.kiosk(f"kiosk-{number}") for number in range(4)]
    asked: list[Callable[[], Any]] = []
    for number, kiosk in enumerate(kiosks):
        customer = counter_of(kiosk).enrol(str(number), PHONE, "1")
        for sale in range(2):
            name = f"{number}{sale}"
            kiosk.quote(name, session_id="session-1")
            asked.append(
                partial(
                    kiosk.prepare,
                    name,
                    session_id="session-1",
                    customer_id=customer,
                    address=other_address(int(name)),
                    max_amount_minor=20_000,
                )
            )
        kiosk.quote(f"a{number}", session_id="session-a")
        asked.append(
            partial(kiosk.prepare, f"a{number}", session_id="session-a", max_amount_minor=4_000)
        )
    with ThreadPoolExecutor(len(asked)) as pool:
        answers = list(pool.map(lambda ask: ask(), asked))
    assert {answer.status_code for answer in answers} == {200, 409}
    rows = central.all(TransferRow)
    of_customer = [row for row in rows if row.address != ADDRESS]
    assert sum(row.max_amount_minor for row in of_customer) == 40_000
    assert sum(row.max_amount_minor for row in rows if row.address == ADDRESS) == 8_000
    central.demand_sound_books()


SALE = st.tuples(
    st.just("prepare"),
    st.sampled_from([1_000, 5_000, 10_000, 30_000, 50_000]),
    st.integers(0, 2),  # whose: nobody's, or one of two customers'
    st.integers(0, 2),  # to which address
)
MOVE = (
    SALE
    | st.tuples(st.just("finalize"), st.floats(0, 1), st.integers(0, 20), st.just(0))
    | st.tuples(st.just("wait"), st.integers(1, 30), st.just(0), st.just(0))
)


@pytest.fixture
def buyers(counter: Any) -> list[str | None]:
    return [None, counter.enrol("1", PHONE, "1"), counter.enrol("2", OTHER, "1")]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(MOVE, min_size=3, max_size=18))
def test_no_order_of_prepare_finalize_and_dismiss_exceeds_a_tier(
    central: Any, sales: Sales, buyers: list[str | None], desk: Any, moves: list[Any]
) -> None:
    """Held against a plain list of what went in, and when."""
    central.clock.ms += 40 * DAY_MS
    taken: list[dict[str, Any]] = []
    for kind, size, which, where in moves:
        if kind == "wait":
            central.clock.ms += size * DAY_MS // 4
        elif kind == "prepare":
            name = f"{next(NAMES):05}"
            asked: dict[str, Any] = {"address": other_address(where)}
            asked |= {"customer_id": buyers[which]} if which else {}
            answer = sales.prepare(name, size, "1", **asked)
            if answer.status_code == 200:
                taken.append({"name": name, "minor": size, "at": None, "who": which, "to": where})
            else:
                assert refusal(answer)[1] in {"identity_needed", "limit_reached"}
        elif still_open := [sale for sale in taken if sale["at"] is None]:
            sale = still_open[which % len(still_open)]
            end(central, sales, sale, int(sale["minor"] * size) // 1_000 * 1_000)
        demand_within(taken, central.clock(), desk.rules)
    for sale in taken:
        if sale["at"] is None:
            end(central, sales, sale, 0)


def end(central: Any, sales: Sales, sale: dict[str, Any], cash: int) -> None:
    sales.finalize(sale["name"], cash)
    sale.update(minor=cash, at=central.clock())


def demand_within(taken: list[dict[str, Any]], now_ms: int, rules: Any) -> None:
    for window_ms, limit in ((DAY_MS, "day_minor"), (30 * DAY_MS, "month_minor")):
        counted = [s for s in taken if s["at"] is None or s["at"] > now_ms - window_ms]
        nobodys = [s for s in counted if s["who"] == 0]
        for where in range(3):
            to = sum(s["minor"] for s in counted if s["to"] == where)
            assert to <= getattr(rules.phone, limit)
            assert sum(s["minor"] for s in nobodys if s["to"] == where) <= getattr(
                rules.anonymous, limit
            )
        for who in (1, 2):
            assert sum(s["minor"] for s in counted if s["who"] == who) <= getattr(
                rules.phone, limit
            )
