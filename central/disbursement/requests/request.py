"""A disbursement request: coins asked for by a person or a program, from any channel, that two people must want.

    request = CryptoDisburseRequest.submit(
        house,
        requested_by="anna",
        requesting_app="otc-desk",
        purpose="order 17",
        amount=Decimal("0.0001"),
        crypto_currency="BTC",
        crypto_address="1HB5XMLmzFVj8ALj6mfBsbifRoD4miY36v",
    )
    request.approve(by="ben", note="seen the contract")
    if request.is_approved():
        request.send_to_node()

An object stands for one version. What it does is decided on the newest version in the books, never on what the
object says, and moves the object on to the version that was stored. All methods may raise RequestRefused, and those
that ask the wallet WalletUnavailable; then nothing has changed.
"""

import re
import secrets
from dataclasses import asdict, replace
from decimal import Decimal
from functools import partial
from typing import Self

from sqlalchemy.orm import Session

from disbursement.customers.sanctions.books import is_listed
from disbursement.errors import RequestRefused, RequestReused
from disbursement.house import House
from disbursement.requests import versions
from disbursement.requests.asking import Asked, exact_base_units, one_line, terms_for
from disbursement.requests.guards import Evidence
from disbursement.requests.machine import next_state
from disbursement.requests.models import RequestVersion
from disbursement.requests.ordering import lock, order, worth_minor
from disbursement.requests.states import State
from disbursement.requests.table import Trigger
from disbursement.requests.versions import CENTRAL, Told
from disbursement.wallets.wallet import Terms

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{3,64}")
RANDOM_BYTES = 5


class CryptoDisburseRequest:
    def __init__(self, house: House, version: RequestVersion) -> None:
        self._house = house
        self._version = version

    @classmethod
    def submit(  # noqa: PLR0913  # what a request says
        cls,
        house: House,
        *,
        requested_by: str,
        requesting_app: str,
        purpose: str,
        amount: Decimal,
        crypto_currency: str,
        crypto_address: str,
        request_id: str | None = None,
    ) -> Self:
        """With an id of the caller's own a repeat finds the request that was made, and makes no second."""
        wallet = house.wallet
        if request_id is None:
            request_id = secrets.token_hex(RANDOM_BYTES)
        if not REQUEST_ID.fullmatch(request_id):
            raise RequestRefused("a request's id is 3 to 64 letters, digits and hyphens")
        if crypto_currency != wallet.coin:
            raise RequestRefused(f"this wallet pays {wallet.coin}, not {crypto_currency}")
        asked = Asked(
            requested_by=one_line("the name of who requests it", requested_by),
            requesting_app=one_line("the requesting program", requesting_app),
            purpose=one_line("the purpose", purpose),
            amount_base_units=exact_base_units(amount, wallet),
            coin=wallet.coin,
            coin_exponent=wallet.coin_exponent,
            network=wallet.network,
            address=crypto_address,
        )
        if terms_for(house, asked.address, asked.amount_base_units) is None:
            raise RequestRefused(
                f"no address of network {wallet.network}, or too little to be sent there"
            )
        return cls(house, house.db.run(partial(_begin, house, request_id, asked)))

    @classmethod
    def load(cls, house: House, version_id: str) -> Self:
        """As it was at that version."""
        version = house.db.run(lambda session: session.get(RequestVersion, version_id))
        if version is None:
            raise RequestRefused(f"no request has a version {version_id!r}")
        return cls(house, version)

    @classmethod
    def find(cls, house: House, request_id: str) -> Self:
        """As it stands now."""
        return cls(house, house.db.run(lambda session: versions.newest(session, request_id)))

    def latest(self) -> Self:
        return self.find(self._house, self.request_id)

    @property
    def request_id(self) -> str:
        return self._version.request_id

    @property
    def version(self) -> RequestVersion:
        """All that was written down. A copy: changing it changes nothing in the books."""
        return self._version

    @property
    def state(self) -> State:
        return State(self._version.state)

    @property
    def amount(self) -> Decimal:
        return Decimal(self._version.amount_base_units).scaleb(-self._version.coin_exponent)

    def is_approved(self) -> bool:
        """And neither denied nor ordered since, as far as this version knows."""
        return self.state is State.APPROVED

    def approve(self, *, by: str, note: str) -> None:
        by, note = one_line("the name of who approves it", by), one_line("the note", note)
        address_ok = self._terms() is not None

        def decide(session: Session) -> RequestVersion:
            before = self._demand_newest(session)
            may_be_paid = address_ok and not is_listed(session, before.address)
            seen = self._evidence(before, by, address_ok=may_be_paid)
            state = next_state(State(before.state), Trigger.APPROVE, seen)
            told = Told(state, by, note, self._house.now_ms())
            return versions.advance(session, before, told, approved_by=by)

        self._version = self._house.db.run(decide)

    def deny(self, *, by: str, note: str) -> None:
        by, note = one_line("the name of who denies it", by), one_line("the note", note)

        def decide(session: Session) -> RequestVersion:
            before = self._demand_newest(session)
            state = next_state(State(before.state), Trigger.DENY, Evidence())
            return versions.advance(session, before, Told(state, by, note, self._house.now_ms()))

        self._version = self._house.db.run(decide)

    def send_to_node(self) -> None:
        """Lock the funds and order the payout; `sent` follows when the network has accepted it. What is ordered is
        ordered once: whoever calls again, whenever, only learns how it stands."""
        ordered = self.latest().version
        if ordered.transfer_id is None:
            terms, worth = self._terms(), worth_minor(self._house, ordered)
            ordered = self._house.db.run(lambda session: self._order_once(session, terms, worth))
        self._version = ordered

    def _order_once(self, session: Session, terms: Terms | None, worth: int) -> RequestVersion:
        before = versions.newest(session, self.request_id)
        if before.transfer_id is not None:
            return before
        before = self._demand_newest(session)
        if is_listed(session, before.address):
            terms = None
        seen = self._evidence(before, before.approved_by, address_ok=terms is not None)
        why_not = None
        if terms is not None:
            why_not = lock(self._house, session, before, terms, worth)
            seen = replace(seen, funds_locked=why_not is None, funds_short=why_not is not None)
        state = next_state(State(before.state), Trigger.SEND_TO_NODE, seen)
        if why_not is None:
            return order(self._house, session, before)
        told = Told(state, CENTRAL, why_not, self._house.now_ms())
        return versions.advance(session, before, told)

    def _terms(self) -> Terms | None:
        return terms_for(self._house, self._version.address, self._version.amount_base_units)

    def _demand_newest(self, session: Session) -> RequestVersion:
        newest = versions.newest(session, self.request_id)
        if newest.version_id != self._version.version_id:
            raise RequestRefused(f"meanwhile it is {newest.state}: take the latest version")
        return newest

    def _evidence(
        self, request: RequestVersion, approver: str | None, *, address_ok: bool
    ) -> Evidence:
        limit = self._house.requests.max_amount.scaleb(request.coin_exponent)
        return Evidence(
            address_ok=address_ok and request.network == self._house.wallet.network,
            within_limit=request.amount_base_units <= limit,
            approved_by_another=approver is not None
            and approver.casefold() != request.requested_by.casefold(),
        )


def _begin(house: House, request_id: str, asked: Asked, session: Session) -> RequestVersion:
    made = versions.first(session, request_id)
    if made is None:
        return versions.begin(session, request_id, asked, house.now_ms())
    if any(getattr(made, name) != value for name, value in asdict(asked).items()):
        raise RequestReused(f"request {request_id} was made before, otherwise")
    return versions.newest(session, request_id)
