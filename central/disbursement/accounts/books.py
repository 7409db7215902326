"""The accounts of one wallet, and the only movements there are between them.

    wallet     coins we hold and have promised to no finalized sale (what is locked is in here)
    in_flight  coins and network fees of finalized sales, until broadcast
    sold       coins that customers got
    fees       network fees
    owner      coins that the operator put in (less what was taken out): the root account, below zero by so much

So at any time: wallet + in_flight + sold + fees = owner, and what the node holds = wallet + in_flight. Where fees are of
another coin (a token's), that coin has accounts of its own: gas + gas_fees = gas_owner.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from disbursement.accounts.holdings import holdings, open_debtor
from disbursement.accounts.ledger import opened
from disbursement.accounts.protocol.limits import GAS_DEBTOR, WALLET_DEBTOR


@dataclass(frozen=True)
class Books:
    """`wallet_key` is the network and the wallet's name, e.g. `regtest/hot`."""

    wallet_key: str
    coin: str
    gas_coin: str | None = None

    def account(self, name: str) -> str:
        return f"{name}:{self.wallet_key}"

    def open(self, session: Session, at_ms: int) -> None:
        open_debtor(session, WALLET_DEBTOR, self.coin, self.account, at_ms)
        if self.gas_coin is not None:
            open_debtor(session, GAS_DEBTOR, self.gas_coin, self.account, at_ms)

    def held(self, session: Session, at_ms: int) -> int:
        """What the node should hold. Nothing is promised or paid before this transaction ends."""
        with opened(session, at_ms) as ledger:
            return ledger.balance("wallet") + ledger.balance("in_flight")

    def free(self, session: Session) -> int:
        [wallet] = (each for each in holdings(session) if each.name == self.account("wallet"))
        return wallet.balance - wallet.locked

    def lock(self, session: Session, transfer_id: str, amount: int, at_ms: int) -> None:
        """For a sale, until it is promised or released. Raises FundsUnavailable, and then nothing is locked."""
        with opened(session, at_ms) as ledger:
            ledger.lock(transfer_id, amount)

    def release(self, session: Session, transfer_id: str, at_ms: int) -> None:
        """The funds are free again."""
        with opened(session, at_ms, settling=transfer_id) as ledger:
            ledger.settle(transfer_id, 0)

    def promise(self, session: Session, transfer_id: str, amount: int, at_ms: int) -> None:
        """The sale is finalized: its lock settles for `amount`, network fee reserve included."""
        with opened(session, at_ms, settling=transfer_id) as ledger:
            ledger.settle(transfer_id, amount)

    def fix_fee(
        self, session: Session, reference: str, *, reserve: int, fee: int, at_ms: int
    ) -> None:
        """The fee is known. Raises FundsUnavailable when it exceeds the reserve and nothing is free."""
        with opened(session, at_ms) as ledger:
            ledger.move("wallet", "in_flight", fee - reserve, "fee_fixed", reference)

    def paid(self, session: Session, reference: str, *, amount: int, fee: int, at_ms: int) -> None:
        with opened(session, at_ms) as ledger:
            ledger.move("in_flight", "sold", amount, "paid", reference)
            ledger.move("in_flight", "fees", fee, "fee_paid", reference)

    def unpaid(
        self, session: Session, reference: str, *, amount: int, fee: int, at_ms: int
    ) -> None:
        """What was booked as paid can never arrive: it is promised still."""
        with opened(session, at_ms) as ledger:
            ledger.move("sold", "in_flight", amount, "unpaid", reference)
            ledger.move("fees", "in_flight", fee, "fee_unpaid", reference)

    def failed(self, session: Session, reference: str, amount: int, at_ms: int) -> None:
        """Booked as paid, and it was not: promised as before. Its fee is gone."""
        with opened(session, at_ms) as ledger:
            ledger.move("sold", "in_flight", amount, "failed", reference)

    def not_failed(self, session: Session, reference: str, amount: int, at_ms: int) -> None:
        """The block in which it failed is gone."""
        with opened(session, at_ms) as ledger:
            ledger.move("in_flight", "sold", amount, "not_failed", reference)

    def change_gas_fee(self, session: Session, before: int, after: int, at_ms: int) -> None:
        """Of a payment in another coin. Raises FundsUnavailable as long as the books know of too little gas."""
        with opened(session, at_ms) as ledger:
            ledger.move("gas", "gas_fees", after - before, "gas_fee", _new_reference())

    def see_gas(self, session: Session, balance: int, at_ms: int) -> None:
        """Book what came to or went from the gas other than by our payments."""
        with opened(session, at_ms) as ledger:
            difference = balance - ledger.balance("gas")
            ledger.move("gas_owner", "gas", difference, "gas_balance", _new_reference())

    def give_back(self, session: Session, transfer_id: str, amount: int, at_ms: int) -> None:
        """What was promised is not paid, and free again."""
        with opened(session, at_ms) as ledger:
            ledger.move("in_flight", "wallet", amount, "given_back", transfer_id)

    def change_fee(self, session: Session, before: int, after: int, at_ms: int) -> None:
        """Another version of a payment stands than the one that is booked. Raises FundsUnavailable when its
        fee is higher and nothing is free."""
        with opened(session, at_ms) as ledger:
            ledger.move("wallet", "fees", after - before, "fee_changed", _new_reference())

    def change(self, session: Session, difference: int, at_ms: int) -> int:
        """Book what the operator put in, or took out if below zero; how much of the latter cannot be
        booked, because those coins were promised."""
        with opened(session, at_ms) as ledger:
            booked = max(difference, -ledger.free("wallet"))
            ledger.move("owner", "wallet", booked, "node_balance", _new_reference())
        return booked - difference


def _new_reference() -> str:
    return str(uuid.uuid4())
