"""Any order of asking, approving, denying, sending, repeating and dying: paid once, and never without approval."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import Phase, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from disbursement.config import RequestSection
from disbursement.errors import RequestRefused
from disbursement.requests import versions
from disbursement.requests.models import RequestHead, RequestVersion
from disbursement.requests.request import CryptoDisburseRequest
from disbursement.sales import payouts
from disbursement.wallets.practice import PracticeWallet

FUNDS = 10**15
LIMIT = Decimal(20_000_000)  # above the funds
AMOUNTS = (Decimal("0.00001"), Decimal("0.5"), Decimal(15_000_000), Decimal(21_000_000))
LETTERS = "abcdefghij"
EXAMPLES, STEPS = 15, 25
CUTS = ("", "before sign", "after sign", "before broadcast", "after broadcast")


class PowerCut(BaseException):
    """No `except Exception` holds it up."""


@dataclass
class CutWallet:
    """The practice wallet, and a moment at which the power fails."""

    inner: PracticeWallet
    cut: str = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def sign(self, *args: Any, **named: Any) -> Any:
        return self._cut_around("sign", lambda: self.inner.sign(*args, **named))

    def broadcast(self, *args: Any, **named: Any) -> Any:
        return self._cut_around("broadcast", lambda: self.inner.broadcast(*args, **named))

    def _cut_around(self, what: str, act: Callable[[], Any]) -> Any:
        if self.cut == f"before {what}":
            raise PowerCut
        done = act()
        if self.cut == f"after {what}":
            raise PowerCut
        return done


@dataclass
class CutQueue:
    inner: Any
    cut: bool = False

    def enqueue(self, *args: Any, **named: Any) -> None:
        self.inner.enqueue(*args, **named)
        if self.cut:
            raise PowerCut


@dataclass
class Asked:
    """What the test itself knows of a request."""

    address: str
    amount: Decimal
    requested_by: str
    approved: bool = False
    ordered: bool = False
    versions: list[str] = field(default_factory=list)


class RequestLife(RuleBasedStateMachine):
    requests: Bundle[str] = Bundle("requests")
    people = st.sampled_from(["anna", "ben", "cy"])

    def __init__(self, central: Any) -> None:
        super().__init__()
        self.central = central
        self.house = central.house
        self.asked: dict[str, Asked] = {}

    @rule(target=requests, by=people, amount=st.sampled_from(AMOUNTS))
    def submit(self, by: str, amount: Decimal) -> str:
        number = str(len(self.central.all(RequestVersion)))
        address = "1" + "".join(LETTERS[int(digit)] for digit in f"{number:0>26}")
        made = CryptoDisburseRequest.submit(
            self.house,
            requested_by=by,
            requesting_app="test",
            purpose="life",
            amount=amount,
            crypto_currency="BTC",
            crypto_address=address,
        )
        self.asked[made.request_id] = Asked(
            address, amount, by, versions=[made.version.version_id]
        )
        return made.request_id

    @rule(request=requests, by=people)
    def approve(self, request: str, by: str) -> None:
        found, asked = self._find(request), self.asked[request]
        may = found.state == "submitted" and by != asked.requested_by and asked.amount <= LIMIT
        self._try(lambda: found.approve(by=by, note="yes"), may=may)
        asked.approved |= may
        self._note(found)

    @rule(request=requests, by=people)
    def deny(self, request: str, by: str) -> None:
        found = self._find(request)
        may = found.state in ("submitted", "approved", "failed_to_send")
        self._try(lambda: found.deny(by=by, note="no"), may=may)
        self._note(found)

    @rule(request=requests)
    def send(self, request: str) -> None:
        found, asked = self._find(request), self.asked[request]
        may = asked.ordered or found.state in ("approved", "failed_to_send")
        self._try(found.send_to_node, may=may)
        asked.ordered |= may and found.state == "ordered"
        self._note(found)

    @rule(request=requests, data=st.data())
    def send_an_old_version(self, request: str, data: st.DataObject) -> None:
        asked = self.asked[request]
        chosen = data.draw(st.sampled_from(asked.versions))
        old = CryptoDisburseRequest.load(self.house, chosen)
        with suppress(RequestRefused):
            old.send_to_node()
        asked.ordered |= old.state == "ordered"
        self._note(old)

    @rule(request=requests)
    def send_and_die(self, request: str) -> None:
        found = self._find(request)
        before = found.version.version_id
        self.house.payouts.cut = True
        with suppress(PowerCut, RequestRefused):
            found.send_to_node()
        self.house.payouts.cut = False
        latest = self._find(request)
        assert latest.version.version_id == before or latest.state == "failed_to_send"
        self._note(latest)

    @rule(cut=st.sampled_from(CUTS), again=st.booleans())
    def work(self, *, cut: str, again: bool) -> None:
        """Attempts that die are made again, and so are some that did not."""
        ordered, self.central.queue.ordered = self.central.queue.ordered, []
        self.house.wallet.cut = cut
        for transfer_id, number, delay_s in ordered:
            try:
                payouts.attempt(self.house, transfer_id, number)
            except PowerCut:
                self.central.queue.ordered.append((transfer_id, number, delay_s))
            else:
                if again:
                    self.central.queue.ordered.append((transfer_id, number, delay_s))
        self.house.wallet.cut = ""

    @rule()
    def restart(self) -> None:
        payouts.resume_all(self.house)

    @rule()
    def watch(self) -> None:
        self.central.work()

    @invariant()
    def paid_once_and_only_what_was_approved(self) -> None:
        paid = self.central.payments()
        for asked in self.asked.values():
            mine = [amount for address, amount in paid if address == asked.address]
            assert mine in ([], [int(asked.amount * 10**8)])
            assert not mine or (asked.approved and asked.ordered)

    @invariant()
    def the_books_are_sound(self) -> None:
        self.central.demand_sound_books()

    @invariant()
    def versions_form_a_chain(self) -> None:
        for request_id in self.asked:
            chain = self._chain(request_id)
            assert [link.number for link in chain] == list(range(1, len(chain) + 1))
            before = [None, *(link.version_id for link in chain)]
            assert [link.previous_id for link in chain] == before[:-1]
            head = self.house.db.run(lambda s, r=request_id: s.get_one(RequestHead, r))
            assert head.version_id == chain[-1].version_id
            assert head.state == chain[-1].state

    def teardown(self) -> None:
        """Mended, everything that was ordered is paid, and nothing else."""
        payouts.resume_all(self.house)
        for _ in range(3):
            self.central.work()
        self.paid_once_and_only_what_was_approved()
        paid = {address for address, _ in self.central.payments()}
        for request_id, asked in self.asked.items():
            assert (asked.address in paid) == asked.ordered
            assert (self._find(request_id).state == "confirmed") == asked.ordered
        self.the_books_are_sound()

    def _find(self, request_id: str) -> CryptoDisburseRequest:
        return CryptoDisburseRequest.find(self.house, request_id)

    def _chain(self, request_id: str) -> list[RequestVersion]:
        chain: list[RequestVersion] = self.house.db.run(lambda s: versions.history(s, request_id))
        return chain

    def _note(self, request: CryptoDisburseRequest) -> None:
        self.asked[request.request_id].versions.append(request.version.version_id)

    @staticmethod
    def _try(act: Callable[[], None], *, may: bool) -> None:
        try:
            act()
        except RequestRefused:
            assert not may
        else:
            assert may


def test_any_life_of_requests(open_central: Callable[..., Any], tmp_path: Path) -> None:
    central = open_central(tmp_path)
    wallet = CutWallet(PracticeWallet(central.house.db, FUNDS))
    central.house = replace(
        central.house,
        wallet=wallet,
        payouts=CutQueue(central.queue),
        requests=RequestSection(max_amount=LIMIT),
    )
    central.work()
    run_state_machine_as_test(
        lambda: RequestLife(central),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.generate],  # shrinking would go on for minutes in ever longer books
        ),
    )
