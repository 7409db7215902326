"""Locks and movements of central's own accounts: the same rows, by the same rules, as any party's.

Invariants: the principals of each debtor add up to zero; no account but the root falls below what is locked on it (the
database's CHECK has the last word); a sale's lock settles once, and until then its funds are nobody else's, however long
it takes; a booking of one kind is made once for one reference. All of the wallet's accounts are locked at once, in the
order of their keys, so that two units of work never deadlock.
Not responsible for: what is booked when (`books.py`).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from disbursement.accounts.holdings import FOR_EVER_S, KEYS
from disbursement.accounts.protocol.balance import available
from disbursement.accounts.protocol.fields import OfTransfer
from disbursement.accounts.protocol.finalizing import finalize
from disbursement.accounts.protocol.messages import FinalizeTransfer, PrepareTransfer
from disbursement.accounts.protocol.models import CreditorAccount, LockState
from disbursement.accounts.protocol.moving import Cause, move
from disbursement.accounts.protocol.order import moment
from disbursement.accounts.protocol.preparing import prepare
from disbursement.accounts.protocol.telling import account_id
from disbursement.accounts.protocol.turn import Turn
from disbursement.errors import FundsUnavailable


class Ledger:
    """In one unit of work; `opened` loads it, and writes what was done with it."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn

    def balance(self, name: str) -> int:
        return self._account(name).principal

    def free(self, name: str) -> int:
        return available(self._account(name), self._turn.now_ms)

    def lock(self, transfer_id: str, amount: int) -> None:
        """Of the wallet, to be in flight one day. Raises FundsUnavailable, and then nothing is locked."""
        now = moment(self._turn.now_ms)
        asked = PrepareTransfer(
            **of_sale(transfer_id).model_dump(),
            min_locked_amount=amount,
            max_locked_amount=amount,
            recipient=account_id(KEYS["in_flight"][1]),
            final_interest_rate_ts=now,
            max_commit_delay=FOR_EVER_S,
            ts=now,
        )
        told = prepare(self._turn, asked)
        if told["type"] != "PreparedTransfer":
            raise FundsUnavailable(f"the wallet cannot lock {amount}: {told['status_code']}")

    def settle(self, transfer_id: str, amount: int) -> None:
        """Commit so much of the lock, or dismiss it with zero. Raises LookupError when it is not open,
        FundsUnavailable when `amount` is more than it and all that is free."""
        sale = of_sale(transfer_id)
        lock = self._turn.locks.get(sale.request)
        if lock is None or lock.state != LockState.PREPARED:
            raise LookupError(f"nothing is locked for transfer {transfer_id}")
        asked = FinalizeTransfer(
            **sale.model_dump(),
            transfer_id=lock.transfer_id or 0,
            committed_amount=amount,
            transfer_note_format="",
            transfer_note=transfer_id,
            ts=moment(self._turn.now_ms),
        )
        finalize(self._turn, asked)
        if lock.committed != amount:
            raise FundsUnavailable(f"the wallet cannot commit {amount}: {lock.status_code}")

    def move(self, source: str, target: str, amount: int, kind: str, reference: str) -> None:
        """The other way if `amount` is below zero. Raises FundsUnavailable."""
        if amount < 0:
            source, target, amount = target, source, -amount
        if amount > self.free(source):
            raise FundsUnavailable(f"account {source} has less than {amount} free")
        if amount > 0:
            cause = Cause(kind, note=reference)
            move(self._turn, self._account(source), self._account(target), amount, cause)

    def _account(self, name: str) -> CreditorAccount:
        return self._turn.accounts[KEYS[name]]


@contextmanager
def opened(session: Session, at_ms: int, settling: str | None = None) -> Iterator[Ledger]:
    """`settling`: the transfer whose lock is to be settled."""
    turn = Turn(session, at_ms)
    turn.load_locks([] if settling is None else [of_sale(settling).request])
    turn.load_accounts(KEYS.values())
    yield Ledger(turn)
    turn.close()


def of_sale(transfer_id: str) -> OfTransfer:
    """Numbers for a name, as the protocol has numbers. The coordinator's is among those that no creditor may have: so
    no party can ask in its place. That two names had the same, the key of the locks would tell."""
    debtor_id, creditor_id = KEYS["wallet"]
    digest = hashlib.sha256(transfer_id.encode()).digest()
    return OfTransfer(
        debtor_id=debtor_id,
        creditor_id=creditor_id,
        coordinator_type="sale",
        coordinator_id=int.from_bytes(digest[:4], "big"),
        coordinator_request_id=int.from_bytes(digest[4:12], "big", signed=True),
    )
