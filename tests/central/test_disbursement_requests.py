"""Requests from any channel: two people, exact amounts, a chain of versions, paid once."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from disbursement.accounts.protocol.models import TransferLock
from disbursement.commands import main
from disbursement.config import RequestSection
from disbursement.errors import RequestRefused
from disbursement.matters import open_matters
from disbursement.requests import versions
from disbursement.requests.following import follow_transfers
from disbursement.requests.models import RequestHead, RequestVersion
from disbursement.requests.request import CryptoDisburseRequest
from disbursement.requests.states import State
from disbursement.sales.models import Payout, TransferRow
from disbursement.sales.transfers import move
from kiosk_wire.messages import TransferState

LIMIT = Decimal("0.5")
DEADLINE_S = 30
ADDRESS = "1HB5XMLmzFVj8ALj6mfBsbifRoD4miY36v"
ASKED = {
    "requested_by": "test_user",
    "requesting_app": "test_program",
    "purpose": "test",
    "amount": Decimal("0.0001"),
    "crypto_currency": "BTC",
    "crypto_address": ADDRESS,
}


@pytest.fixture
def central(central: Any) -> Any:
    """One whose configuration lets requests take something."""
    central.house = replace(central.house, requests=RequestSection(max_amount=LIMIT))
    return central


def submit(central: Any, **changes: Any) -> CryptoDisburseRequest:
    return CryptoDisburseRequest.submit(central.house, **(ASKED | changes))


def approved(central: Any, **changes: Any) -> CryptoDisburseRequest:
    request = submit(central, **changes)
    request.approve(by="boss", note="as agreed")
    return request


def states(central: Any, request: CryptoDisburseRequest) -> list[str]:
    chain = central.house.db.run(lambda s: versions.history(s, request.request_id))
    return [link.state for link in chain]


def test_a_request_as_its_readme_has_it(central: Any) -> None:
    dr = CryptoDisburseRequest.submit(
        central.house,
        requested_by="test_user",
        requesting_app="test_program",
        purpose="test",
        amount=Decimal("0.0001"),
        crypto_currency="BTC",
        crypto_address="1HB5XMLmzFVj8ALj6mfBsbifRoD4miY36v",
    )
    assert dr.state == "submitted"
    dr.approve(by="another_user", note="seen the order")
    if dr.is_approved():
        dr.send_to_node()
        central.work()  # as the running service does
        dr = dr.latest()
        assert dr.state == "sent"
    assert central.payments() == [("1HB5XMLmzFVj8ALj6mfBsbifRoD4miY36v", 10_000)]
    central.demand_sound_books()


def test_it_follows_its_transfer_to_the_block(central: Any) -> None:
    request = approved(central)
    request.send_to_node()
    central.work()
    central.work()
    assert states(central, request) == [
        *("submitted", "approved", "ordered", "node_ack", "sent", "confirmed")
    ]
    assert request.latest().state == "confirmed"


def test_it_is_sent_again_when_its_block_is_gone(central: Any) -> None:
    request = approved(central)
    request.send_to_node()
    central.work()
    central.work()

    for moved in (TransferState.BROADCAST, TransferState.CONFIRMED):  # as the watch does it

        def place(session: Session, to: TransferState = moved) -> None:
            move(session, session.scalars(sa.select(TransferRow)).one(), to, "the chain", 0)

        central.house.db.run(place)
        follow_transfers(central.house)
    assert states(central, request)[-3:] == ["confirmed", "sent", "confirmed"]


def test_sending_twice_pays_once(central: Any) -> None:
    request = approved(central)
    same = CryptoDisburseRequest.load(central.house, request.version.version_id)
    request.send_to_node()
    same.send_to_node()
    assert same.state == "ordered"
    central.work()
    request.send_to_node()
    assert request.state == "sent"
    central.work()
    assert (
        len(central.payments()) == len(central.all(Payout)) == len(central.all(TransferLock)) == 1
    )
    central.demand_sound_books()


def test_two_threads_that_send_at_once_pay_once(central: Any) -> None:
    request = approved(central)
    together, failures = threading.Barrier(2), []

    def send() -> None:
        mine = CryptoDisburseRequest.load(central.house, request.version.version_id)
        together.wait()
        try:
            mine.send_to_node()
        except Exception as failure:  # noqa: BLE001  # the test's to judge
            failures.append(failure)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    central.work()
    assert failures == []
    assert central.payments() == [(ADDRESS, 10_000)]
    central.demand_sound_books()


def test_without_a_limit_nothing_is_approved(central: Any) -> None:
    central.house = replace(central.house, requests=RequestSection())
    request = submit(central)
    with pytest.raises(RequestRefused, match=r"requests\.max_amount"):
        request.approve(by="boss", note="as agreed")
    assert request.latest().state == "submitted"


def test_a_limit_that_was_lowered_holds_up_what_was_approved(central: Any) -> None:
    request = approved(central, amount=LIMIT)
    central.house = replace(central.house, requests=RequestSection(max_amount=LIMIT / 2))
    with pytest.raises(RequestRefused, match=r"requests\.max_amount"):
        CryptoDisburseRequest.find(central.house, request.request_id).send_to_node()
    assert central.all(TransferRow) == []
    central.demand_sound_books()


@pytest.mark.parametrize("name", ["test_user", "Test_User", "  test_user "])
def test_nobody_approves_their_own(central: Any, name: str) -> None:
    request = submit(central)
    with pytest.raises(RequestRefused, match="another person"):
        request.approve(by=name, note="I like it")


def test_what_is_not_approved_is_not_sent(central: Any) -> None:
    request = submit(central)
    with pytest.raises(RequestRefused, match="it is submitted"):
        request.send_to_node()
    request.deny(by="boss", note="too much")
    with pytest.raises(RequestRefused, match="it is denied"):
        request.send_to_node()
    with pytest.raises(RequestRefused, match="it is denied"):
        request.approve(by="boss", note="after all")
    assert central.all(TransferRow) == central.all(TransferLock) == []


def test_what_was_approved_may_be_denied_until_it_is_sent(central: Any) -> None:
    first, second = approved(central), approved(central)
    stale = first.latest()
    first.deny(by="boss", note="changed my mind")
    with pytest.raises(RequestRefused, match="meanwhile it is denied"):
        stale.send_to_node()
    second.send_to_node()
    with pytest.raises(RequestRefused, match="it is ordered"):
        second.deny(by="boss", note="too late")


def test_funds_that_are_short_order_nothing_and_it_may_be_sent_later(central: Any) -> None:
    central.house = replace(central.house, requests=RequestSection(max_amount=Decimal(2)))
    request = approved(central, amount=Decimal("1.5"))
    request.send_to_node()
    assert request.state == "failed_to_send"
    assert central.all(TransferRow) == central.all(TransferLock) == []
    central.house = replace(central.house, wallet=replace(central.house.wallet, funds=2 * 10**8))
    central.work()
    again = CryptoDisburseRequest.find(central.house, request.request_id)
    again.send_to_node()
    central.work()
    assert central.payments() == [(ADDRESS, 150_000_000)]
    central.demand_sound_books()


@pytest.mark.parametrize("wrong", ["0", "-1", "NaN", "Infinity", "1e30", "0.000000001"])
def test_an_amount_that_is_none(central: Any, wrong: str) -> None:
    with pytest.raises(RequestRefused, match="amount must be"):
        submit(central, amount=Decimal(wrong))


def test_more_decimals_than_the_coin_has_are_refused_and_never_rounded(central: Any) -> None:
    for wrong in ("0.100000001", "0.1000000000000000000000000000000000000000001"):
        with pytest.raises(RequestRefused, match="8 decimals, not more"):
            submit(central, amount=Decimal(wrong))
    assert submit(central, amount=Decimal("0.10000000000")).version.amount_base_units == 10**7


def test_a_float_is_no_amount(central: Any) -> None:
    with pytest.raises(RequestRefused, match="must be a decimal number"):
        submit(central, amount=0.1)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"crypto_address": "nowhere"}, "no address of network practice"),
        ({"amount": Decimal("0.00000545")}, "too little to be sent"),
        ({"crypto_currency": "LTC"}, "pays BTC, not LTC"),
        ({"purpose": " "}, "the purpose must be"),
        ({"requested_by": "a\x1b[2J"}, "printable"),
        ({"request_id": "a b"}, "3 to 64 letters"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(
    central: Any, wrong: dict[str, Any], why: str
) -> None:
    with pytest.raises(RequestRefused, match=why):
        submit(central, **wrong)
    assert central.all(RequestVersion) == []


def test_a_repeated_request_is_the_same_one(central: Any) -> None:
    request = submit(central, request_id="order-17")
    request.approve(by="boss", note="as agreed")
    assert submit(central, request_id="order-17").version.version_id == request.version.version_id
    with pytest.raises(RequestRefused, match="made before, otherwise"):
        submit(central, request_id="order-17", amount=Decimal("0.1"))


def test_each_version_is_kept_and_can_be_loaded(central: Any) -> None:
    request = submit(central)
    begun = request.version.version_id
    request.approve(by="boss", note="as agreed")
    assert request.version.previous_id == begun
    before = CryptoDisburseRequest.load(central.house, begun)
    assert (before.state, before.version.approved_by) == ("submitted", None)
    assert (before.amount, before.version.purpose) == (Decimal("0.0001"), "test")
    assert before.latest().version.approved_by == "boss"
    with pytest.raises(RequestRefused, match="meanwhile it is approved"):
        before.approve(by="boss", note="again")


def test_there_is_no_way_around_the_table(central: Any) -> None:
    request: Any = submit(central)
    for jump in ("to_sent", "to_SENT", "trigger", "machine"):
        assert not hasattr(request, jump)
    with pytest.raises(AttributeError):
        request.state = State.APPROVED
    request.version.state = State.APPROVED
    request.version.approved_by = "boss"
    with pytest.raises(RequestRefused, match="it is submitted"):
        request.send_to_node()


@pytest.mark.parametrize(
    "act", ["UPDATE request_versions SET state = 'sent'", "DELETE FROM request_versions"]
)
def test_the_database_itself_keeps_versions_for_ever(central: Any, act: str) -> None:
    submit(central)
    with pytest.raises(DBAPIError, match="for ever"), central.house.db.begin() as session:
        session.execute(sa.text(act))


def test_a_kiosk_cannot_touch_a_requests_transfer(central: Any) -> None:
    kiosk = central.kiosk()
    request = approved(central)
    request.send_to_node()
    name = request.version.transfer_id
    assert kiosk.send("GET", f"/v1/transfers/{name}").status_code == 422
    kiosk.happened("transfer_finalized", transfer_id=name, committed_minor=0)
    kiosk.report()
    central.work()
    assert central.payments() == [(ADDRESS, 10_000)]
    central.demand_sound_books()


def test_what_waits_for_a_person_is_told(central: Any) -> None:
    first, second = submit(central), approved(central)
    told = central.house.db.run(
        lambda s: {m.name: m.text for m in open_matters(s, central.house.rules, central.clock())}
    )
    assert told.keys() == {f"request {r.request_id}" for r in (first, second)}
    assert "`central request approve" in told[f"request {first.request_id}"]
    assert "`central request send" in told[f"request {second.request_id}"]
    second.send_to_node()
    first.deny(by="boss", note="no")
    assert central.house.db.run(lambda s: open_matters(s, central.house.rules, 0)) == []


def test_by_hand_from_asking_to_the_block(serve: Any) -> None:
    running = serve('[requests]\nmax_amount = "0.05"\n')

    def say(*words: str, fails: bool = False) -> str:
        answer = CliRunner().invoke(
            main, ["request", *words, "--config", str(running.config_file)]
        )
        assert answer.exit_code == int(fails), answer.output
        return answer.output

    added = say(
        "add", "--by", "anna", "--amount", "0.01", "--to", ADDRESS, "--purpose", "order 17"
    )
    [request_id] = re.findall(r"Request (\w+):", added)
    own = say("approve", request_id, "--by", "Anna", "--note", "mine", fails=True)
    assert own.startswith("Error: it takes the name of another person")
    say("approve", request_id, "--by", "ben", "--note", "seen")
    assert "is ordered now" in say("send", request_id)
    await_text(lambda: say("show", request_id), "confirmed")
    assert "is confirmed now: paid" in say("send", request_id)
    assert f"0.01000000 BTC to {ADDRESS}" in say("list")
    for step in ("anna: by central request add: order 17", "ben: seen", "central: accepted by"):
        assert step in say("show", request_id)
    unknown = "Error: there is no request 'nobody': `central request list` shows all\n"
    assert say("show", "nobody", fails=True) == unknown


@pytest.mark.parametrize("wrong", ["a lot", "0,1"])
def test_an_amount_that_is_no_number_is_said_so(wrong: str) -> None:
    answer = CliRunner().invoke(
        main,
        ["request", "add", "--by", "a", "--to", ADDRESS, "--purpose", "p", "--amount", wrong],
    )
    assert answer.exit_code == 2
    assert "is no decimal number" in answer.output


def await_text(tell: Callable[[], str], awaited: str) -> None:
    give_up_s = time.monotonic() + DEADLINE_S
    while awaited not in (told := tell()):
        assert time.monotonic() < give_up_s, told


def heads(db: Any) -> dict[str, tuple[Any, ...]]:
    def read(session: Session) -> dict[str, tuple[Any, ...]]:
        return {
            head.request_id: (head.version_id, head.state, head.transfer_id, head.transfer_version)
            for head in session.scalars(sa.select(RequestHead))
        }

    return dict(db.run(read))


def test_the_newest_versions_are_found_in_books_of_before(central: Any, books_of: Any) -> None:
    approved(central, request_id="approved").send_to_node()
    submit(central, request_id="submitted")
    central.work()
    follow_transfers(central.house)
    before = heads(central.house.db)
    assert {head[1] for head in before.values()} == {"submitted", "confirmed"}
    db = books_of("0016")
    db.migrate()
    assert heads(db) == before
