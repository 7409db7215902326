"""The accounts of one wallet, and the only movements there are between them.

    wallet     debit   coins we hold and have promised to no finalized sale (what is locked is in here)
    in_flight  debit   coins and network fees of finalized sales, until broadcast
    sold       debit   coins that customers got
    fees       debit   network fees
    owner      credit  coins that the operator put in (less what was taken out)

So at any time: wallet + in_flight + sold + fees = owner, and what the node holds = wallet + in_flight. Where fees are of
another coin (a token's), that coin has accounts of its own: gas + gas_fees = gas_owner.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from disbursement.accounts import holds
from disbursement.accounts.ledger import free_balance, in_lock_order, open_account, post
from disbursement.accounts.models import Account, Posting, Side


@dataclass(frozen=True)
class Books:
    """`wallet_key` is the network and the wallet's name, e.g. `regtest/hot`."""

    wallet_key: str
    coin: str
    gas_coin: str | None = None

    def account(self, name: str) -> str:
        return f"{name}:{self.wallet_key}"

    def open(self, session: Session) -> None:
        for name in ("wallet", "in_flight", "sold", "fees"):
            open_account(session, self.account(name), self.coin, Side.DEBIT)
        open_account(session, self.account("owner"), self.coin, Side.CREDIT)
        if self.gas_coin is not None:
            for name in ("gas", "gas_fees"):
                open_account(session, self.account(name), self.gas_coin, Side.DEBIT)
            open_account(session, self.account("gas_owner"), self.gas_coin, Side.CREDIT)

    def held(self, session: Session) -> int:
        """What the node should hold. Nothing is promised or paid before this transaction ends."""
        ids = in_lock_order(self.account(name) for name in ("wallet", "in_flight"))
        return sum(session.get_one(Account, i, with_for_update=True).balance for i in ids)

    def promise(self, session: Session, transfer_id: str, amount: int, at_ms: int) -> None:
        """The sale is finalized: its hold settles for `amount`, network fee reserve included."""
        holds.settle(session, transfer_id)
        self._move(session, "wallet", "in_flight", amount, ("promised", transfer_id, at_ms))

    def fix_fee(
        self, session: Session, reference: str, *, reserve: int, fee: int, at_ms: int
    ) -> None:
        """The fee is known. Raises FundsUnavailable when it exceeds the reserve and nothing is free."""
        booking = ("fee_fixed", reference, at_ms)
        self._move(session, "in_flight", "wallet", reserve - fee, booking)
        self._move(session, "wallet", "in_flight", fee - reserve, booking)

    def paid(self, session: Session, reference: str, *, amount: int, fee: int, at_ms: int) -> None:
        self._move(session, "in_flight", "sold", amount, ("paid", reference, at_ms))
        self._move(session, "in_flight", "fees", fee, ("fee_paid", reference, at_ms))

    def unpaid(
        self, session: Session, reference: str, *, amount: int, fee: int, at_ms: int
    ) -> None:
        """What was booked as paid can never arrive: it is promised still."""
        self._move(session, "sold", "in_flight", amount, ("unpaid", reference, at_ms))
        self._move(session, "fees", "in_flight", fee, ("fee_unpaid", reference, at_ms))

    def failed(self, session: Session, reference: str, amount: int, at_ms: int) -> None:
        """Booked as paid, and it was not: promised as before. Its fee is gone."""
        self._move(session, "sold", "in_flight", amount, ("failed", reference, at_ms))

    def not_failed(self, session: Session, reference: str, amount: int, at_ms: int) -> None:
        """The block in which it failed is gone."""
        self._move(session, "in_flight", "sold", amount, ("not_failed", reference, at_ms))

    def change_gas_fee(self, session: Session, before: int, after: int, at_ms: int) -> None:
        """Of a payment in another coin. Raises FundsUnavailable as long as the books know of too little gas."""
        booking = ("gas_fee", str(uuid.uuid4()), at_ms)
        self._move(session, "gas", "gas_fees", after - before, booking)
        self._move(session, "gas_fees", "gas", before - after, booking)

    def see_gas(self, session: Session, balance: int, at_ms: int) -> None:
        """Book what came to or went from the gas other than by our payments."""
        held = session.get_one(Account, self.account("gas"), with_for_update=True).balance
        booking = ("gas_balance", str(uuid.uuid4()), at_ms)
        self._post(session, "gas", "gas_owner", balance - held, booking)
        self._post(session, "gas_owner", "gas", held - balance, booking)

    def give_back(self, session: Session, transfer_id: str, amount: int, at_ms: int) -> None:
        """What was promised is not paid, and free again."""
        self._move(session, "in_flight", "wallet", amount, ("given_back", transfer_id, at_ms))

    def change_fee(self, session: Session, before: int, after: int, at_ms: int) -> None:
        """Another version of a payment stands than the one that is booked. Raises FundsUnavailable when its
        fee is higher and nothing is free."""
        booking = ("fee_changed", str(uuid.uuid4()), at_ms)
        self._move(session, "wallet", "fees", after - before, booking)
        self._move(session, "fees", "wallet", before - after, booking)

    def change(self, session: Session, difference: int, at_ms: int) -> int:
        """Book what the operator put in, or took out if below zero; how much of the latter cannot be
        booked, because those coins were promised."""
        booking = ("node_balance", str(uuid.uuid4()), at_ms)
        if difference > 0:
            self._post(session, "wallet", "owner", difference, booking)
            return 0
        taken = min(-difference, free_balance(session, self.account("wallet")))
        self._post(session, "owner", "wallet", taken, booking)
        return -difference - taken

    def _move(
        self,
        session: Session,
        source: str,
        target: str,
        amount: int,
        booking: tuple[str, str, int],
    ) -> None:
        """Between two accounts that both grow on the debit side."""
        self._post(session, target, source, amount, booking)

    def _post(
        self, session: Session, debit: str, credit: str, amount: int, booking: tuple[str, str, int]
    ) -> None:
        if amount <= 0:
            return
        kind, reference, at_ms = booking
        posting = Posting(kind=kind, reference=reference, at_ms=at_ms, amount=amount)
        posting.debit_id, posting.credit_id = self.account(debit), self.account(credit)
        post(session, posting)
