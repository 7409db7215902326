"""Parties ask for transfers over HTTP: signed, for their own accounts, one by one and in bulk."""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from disbursement.accounts import clerk
from disbursement.accounts.protocol import processing
from disbursement.accounts.protocol.debtors import Terms, open_debtor
from disbursement.accounts.protocol.limits import DAY_MS, MESSAGES_PER_BATCH_MAX
from disbursement.accounts.protocol.messages import PrepareTransfer
from disbursement.accounts.protocol.models import AccountInbox, CreditorAccount, TransferLock
from disbursement.accounts.protocol.order import moment
from disbursement.api.accounts import BODY_BYTES_MAX, TRANSFERS_PER_BULK_MAX
from disbursement.parties import mailbox
from disbursement.parties.models import PartyRow
from disbursement.parties.registering import find_all
from disbursement.speakers.registering import remove
from party import Party

DEBTOR = 7
ALICE, BOB = 2**32 + 1, 2**32 + 2
REQUESTS = itertools.count(1)


class House:
    """A debtor with its party, and a party with two accounts."""

    def __init__(self, central: Any) -> None:
        self.central, self.db, self.now_ms = central, central.house.db, central.clock
        with self.db.begin() as session:
            open_debtor(session, DEBTOR, Terms(), self.now_ms())
        self.issuer = self.party("issuer", debtors=(str(DEBTOR),))
        self.channel = self.party("channel", creditors=(f"{ALICE}..{BOB}",))
        self.issuer.post("/messages", [self.configure(0, negligible_amount=10**9)])
        self.channel.post("/messages", [self.configure(ALICE), self.configure(BOB)])
        self.worked_off()
        self.pay(self.issuer, self.prepare(0, ALICE, 1_000))

    def party(self, name: str, **ids: Any) -> Party:
        return Party.added(self.db, self.central.client, self.now_ms, name, **ids)

    def worked_off(self) -> None:
        done = threading.Event()
        while not done.wait(0.01):
            if len(self.principals()) == 3 and not self.central.all(AccountInbox):
                done.set()

    def configure(self, creditor_id: int, **changes: Any) -> dict[str, Any]:
        return {
            "type": "ConfigureAccount",
            "debtor_id": DEBTOR,
            "creditor_id": creditor_id,
            "negligible_amount": 0,
            "config_flags": 0,
            "config_data": "",
            "ts": moment(self.now_ms()),
            "seqnum": 1,
        } | changes

    def prepare(self, sender: int, to: int, most: int, **changes: Any) -> dict[str, Any]:
        return {
            "debtor_id": DEBTOR,
            "creditor_id": sender,
            "coordinator_type": "direct" if sender else "issuing",
            "coordinator_id": sender or DEBTOR,
            "coordinator_request_id": next(REQUESTS),
            "min_locked_amount": most,
            "max_locked_amount": most,
            "recipient": str(to),
            "final_interest_rate_ts": moment(self.now_ms() + DAY_MS),
            "max_commit_delay": 3600,
            "ts": moment(self.now_ms()),
        } | changes

    def finalize(self, prepared: dict[str, Any], amount: int) -> dict[str, Any]:
        six = ("debtor_id", "creditor_id", "coordinator_type", "coordinator_id")
        six += ("coordinator_request_id", "transfer_id")
        return {name: prepared[name] for name in six} | {
            "committed_amount": amount,
            "transfer_note_format": "",
            "transfer_note": "",
            "ts": moment(self.now_ms()),
        }

    def pay(self, party: Party, asked: dict[str, Any]) -> dict[str, Any]:
        prepared = party.post("/transfers/prepare", asked)
        assert prepared["type"] == "PreparedTransfer", prepared
        return party.post(
            "/transfers/finalize", self.finalize(prepared, asked["max_locked_amount"])
        )

    def principals(self) -> dict[int, int]:
        return {account.creditor_id: account.principal for account in self.accounts()}

    def accounts(self) -> list[CreditorAccount]:
        every = self.central.all(CreditorAccount)
        return [account for account in every if account.debtor_id == DEBTOR]


@pytest.fixture
def house(central: Any) -> House:
    return House(central)


def test_a_transfer_is_two_calls(house: House) -> None:
    finalized = house.pay(house.channel, house.prepare(ALICE, BOB, 40))
    assert (finalized["type"], finalized["committed_amount"]) == ("FinalizedTransfer", 40)
    assert house.principals() == {0: -1_000, ALICE: 960, BOB: 40}


def test_a_bulk_answers_each_and_one_that_fails_holds_up_no_other(house: House) -> None:
    asked = [house.prepare(ALICE, BOB, amount) for amount in (400, 5_000, 500)]
    told = house.channel.post("/transfers/prepare/bulk", asked)
    assert [(t["type"], t.get("status_code")) for t in told] == [
        ("PreparedTransfer", None),
        ("RejectedTransfer", "INSUFFICIENT_AVAILABLE_AMOUNT"),
        ("PreparedTransfer", None),
    ]
    ends = [house.finalize(told[0], 400), house.finalize(told[0] | {"transfer_id": 1}, 1)]
    ends += [house.finalize(told[2], 0)]
    told = house.channel.post("/transfers/finalize/bulk", ends)
    assert [(t["type"], t.get("committed_amount")) for t in told] == [
        ("FinalizedTransfer", 400),
        ("UnknownTransfer", None),
        ("FinalizedTransfer", 0),
    ]
    assert house.principals() == {0: -1_000, ALICE: 600, BOB: 400}


def test_a_repeat_gets_the_first_answer_and_moves_nothing(house: House) -> None:
    asked = house.prepare(ALICE, BOB, 40)
    first, again = (house.channel.post("/transfers/prepare", asked) for _ in range(2))
    assert first == again
    ends = [house.finalize(first, amount) for amount in (40, 30)]
    answers = [house.channel.post("/transfers/finalize", each) for each in ends]
    assert answers[0] == answers[1]
    assert house.principals()[BOB] == 40


def test_what_another_paid_is_told_in_the_outbox_of_whom_it_concerns_and_to_nobody_else(
    house: House,
) -> None:
    house.pay(house.channel, house.prepare(ALICE, BOB, 40))
    stranger = house.party("stranger", creditors=(f"{BOB + 1}..{BOB + 9}",), debtors=("8",))
    assert stranger.read()["messages"] == []
    told = [each["message"] for each in house.channel.read()["messages"]]
    events = [
        (m["creditor_id"], m["acquired_amount"]) for m in told if m["type"] == "AccountTransfer"
    ]
    assert events == [(ALICE, 1_000), (ALICE, -40), (BOB, 40)]
    assert {m["creditor_id"] for m in told} == {ALICE, BOB}
    assert {m["message"]["creditor_id"] for m in house.issuer.read()["messages"]} == {0}


def test_what_was_acknowledged_is_pruned_and_nothing_else(house: House) -> None:
    page = house.channel.read()
    first = page["messages"][0]["number"]
    issuers = house.issuer.read()["messages"]
    assert house.channel.post("/outbox/acknowledged", {"through": first}) == {"through": first}
    mailbox.prune(house.db, house.now_ms())
    assert house.channel.read()["messages"] == page["messages"][1:]
    house.channel.post("/outbox/acknowledged", {"through": page["through"]})
    house.channel.post("/outbox/acknowledged", {"through": 0})  # late: it never goes back
    mailbox.prune(house.db, house.now_ms())
    assert house.channel.read() == {"messages": [], "through": page["through"]}
    assert house.issuer.read()["messages"] == issuers


def test_what_nobody_can_read_is_kept_for_a_year(house: House) -> None:
    with house.db.begin() as session:
        remove(session, PartyRow, "channel", house.now_ms())
    kept = len(house.issuer.read()["messages"])
    mailbox.prune(house.db, house.now_ms() + mailbox.UNREADABLE_KEPT_MS)
    heir = house.party("heir", creditors=(f"{ALICE}..{BOB}",))
    assert heir.read()["messages"] != []
    with house.db.begin() as session:
        remove(session, PartyRow, "heir", house.now_ms())
    mailbox.prune(house.db, house.now_ms() + mailbox.UNREADABLE_KEPT_MS + 1)
    later = house.party("later", creditors=(f"{ALICE}..{BOB}",))
    assert later.read()["messages"] == []
    assert len(house.issuer.read()["messages"]) == kept


def test_pages_follow_each_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = house.channel.read()
    monkeypatch.setattr(mailbox, "MESSAGES_PER_BATCH_MAX", 2)
    monkeypatch.setattr(mailbox, "LOOKED_AT_MAX", 3)
    found: list[Any] = []
    after = -1
    through = 0
    while through != after:
        after = through
        page = house.channel.read(after)
        found, through = found + page["messages"], page["through"]
    assert found == whole["messages"]
    assert through == whole["through"]


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_nobody_speaks_for_another(house: House) -> None:
    stranger = house.party("stranger", creditors=(str(BOB + 1),))
    taken = house.prepare(ALICE, BOB, 40)
    own = house.prepare(BOB + 1, BOB, 0)
    prepared = house.channel.post("/transfers/prepare", taken)
    for path, said in (
        ("/transfers/prepare", taken),
        ("/transfers/prepare/bulk", [own, taken]),
        ("/transfers/prepare", own | {"coordinator_type": "agent", "coordinator_id": ALICE}),
        ("/transfers/prepare", house.prepare(0, BOB, 1)),
        ("/transfers/finalize", house.finalize(prepared, 40)),
        ("/transfers/finalize/bulk", [house.finalize(prepared, 40)]),
        ("/messages", [house.configure(ALICE, seqnum=2)]),
        ("/messages", [house.configure(0, seqnum=2)]),
    ):
        assert refused(stranger.ask("POST", path, said)) == (403, "not_allowed"), path
    root = house.prepare(0, BOB, 1)
    for changes in ({"coordinator_id": 8}, {"coordinator_type": "direct", "coordinator_id": 0}):
        answer = house.issuer.ask("POST", "/transfers/prepare", root | changes)
        assert refused(answer) == (403, "not_allowed")
    assert house.principals() == {0: -1_000, ALICE: 1_000, BOB: 0}


def test_who_is_not_a_party_is_refused(house: House, kiosk: Any) -> None:
    asked = house.prepare(ALICE, BOB, 40)
    nobody = Party(house.central.client, "nobody", house.channel.key, house.now_ms)
    assert refused(nobody.ask("POST", "/transfers/prepare", asked)) == (403, "unknown_speaker")
    thief = Party(house.central.client, "channel", house.issuer.key, house.now_ms)
    assert refused(thief.ask("POST", "/transfers/prepare", asked)) == (401, "bad_signature")
    request = house.central.client.build_request("GET", "/accounts/v1/outbox/0")
    kiosk.sign(request, b"")
    assert refused(house.central.client.send(request)) == (403, "unknown_speaker")
    unsigned = house.central.client.get("/accounts/v1/outbox/0")
    assert refused(unsigned) == (401, "bad_signature")


def test_who_was_removed_is_refused_at_once_and_a_new_key_holds_at_once(house: House) -> None:
    house.channel.read()
    with house.db.begin() as session:
        remove(session, PartyRow, "channel", house.now_ms())
    assert refused(house.channel.ask("GET", "/outbox/0")) == (403, "unknown_speaker")
    again = house.party("channel", creditors=(f"{ALICE}..{BOB}",))
    assert again.read()["messages"]
    assert refused(house.channel.ask("GET", "/outbox/0")) == (401, "bad_signature")


@pytest.mark.parametrize("method", ["transfer", "outbox"])
def test_a_replay_is_refused(house: House, method: str) -> None:
    request = house.channel.signed("GET", "/outbox/0")
    if method == "transfer":
        request = house.channel.signed("POST", "/transfers/prepare", house.prepare(ALICE, BOB, 40))
    send = house.central.client.send
    assert send(request).status_code == 200
    assert refused(send(request)) == (401, "bad_signature")


def test_what_is_too_much_is_refused(house: House) -> None:
    many = [house.prepare(ALICE, BOB, 0)] * (TRANSFERS_PER_BULK_MAX + 1)
    assert refused(house.channel.ask("POST", "/transfers/prepare/bulk", many)) == (
        422,
        "bad_request",
    )
    many = [house.configure(ALICE)] * (MESSAGES_PER_BATCH_MAX + 1)
    assert refused(house.channel.ask("POST", "/messages", many)) == (422, "bad_request")
    large = [house.configure(ALICE, config_data="x" * BODY_BYTES_MAX)]
    assert refused(house.channel.ask("POST", "/messages", large)) == (413, "bad_request")
    assert refused(house.channel.ask("POST", "/outbox/acknowledged", {"through": 10**9}))[0] == 422


def test_many_at_once_are_each_answered_their_own(house: House) -> None:
    """They share transactions; each gets what it asked for, and the money is there once."""

    def pay(amount: int) -> tuple[int, int]:
        return amount, house.pay(house.channel, house.prepare(ALICE, BOB, amount))[
            "committed_amount"
        ]

    with ThreadPoolExecutor(8) as pool:
        paid = list(pool.map(pay, range(1, 31)))
    assert all(asked == committed for asked, committed in paid)
    assert house.principals()[BOB] == sum(range(1, 31))
    locks = house.central.all(TransferLock)
    assert {lock.state for lock in locks} == {"finalized"}


def test_one_whose_work_fails_takes_no_other_with_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Any] = processing.answer

    def failing(turn: Any, message: Any) -> Any:
        if message.max_locked_amount == 13:
            raise ZeroDivisionError
        return real(turn, message)

    monkeypatch.setattr(processing, "answer", failing)
    party = house.db.run(find_all)["channel"]
    desk, held = clerk.Clerk(house.db, house.now_ms), threading.Event()
    desk._thread.submit(held.wait)  # so that all three wait, and come into one transaction
    asked = [PrepareTransfer(**house.prepare(ALICE, BOB, amount)) for amount in (11, 13, 12)]
    works = [clerk.Work((party, f"nonce-{m.max_locked_amount}"), [m]) for m in asked]
    ends = [desk.take(work) for work in works]
    held.set()
    assert [end.exception(10) is None for end in ends] == [True, False, True]
    assert [end.result()[0]["locked_amount"] for end in ends[::2]] == [11, 12]
    assert house.accounts()[1].locked == 23


def test_who_no_longer_waits_has_not_asked_and_holds_up_nobody(house: House) -> None:
    """As when a request runs into its time limit."""
    party = house.db.run(find_all)["channel"]
    desk, held = clerk.Clerk(house.db, house.now_ms), threading.Event()
    desk._thread.submit(held.wait)
    asked = [PrepareTransfer(**house.prepare(ALICE, BOB, amount)) for amount in (11, 12)]
    works = [clerk.Work((party, f"nonce-{m.max_locked_amount}"), [m]) for m in asked]
    gone, there = [desk.take(work) for work in works]
    assert gone.cancel()
    held.set()
    assert there.result(10)[0]["locked_amount"] == 12
    assert not there.cancel()
    late = clerk.Work((party, "nonce-13"), [PrepareTransfer(**house.prepare(ALICE, BOB, 13))])
    assert desk.take(late).result(10)[0]["locked_amount"] == 13
    assert house.accounts()[1].locked == 25


def test_too_much_that_waits_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clerk, "WAITING_MAX", 2)
    many = [house.prepare(ALICE, BOB, 0) for _ in range(3)]
    assert refused(house.channel.ask("POST", "/transfers/prepare/bulk", many)) == (503, "busy")
    assert len(house.channel.post("/transfers/prepare/bulk", many[:2])) == 2
