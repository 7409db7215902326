"""Central's own accounts as they were kept before they were accounts like all others: in accounts, holds and postings."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.holdings import KEYS
from disbursement.accounts.ledger import of_sale
from disbursement.accounts.protocol.limits import RESERVED_DEBTORS_MAX, ROOT
from disbursement.accounts.protocol.models import (
    CreditorAccount,
    Debtor,
    LockState,
    Movement,
    TransferLock,
)
from disbursement.sales.models import TransferRow

Rows = dict[str, list[dict[str, Any]]]  # by table


def as_before(session: Session) -> Rows:
    return {
        "accounts": list(map(_account, session.execute(_own(CreditorAccount, Debtor)).all())),
        "holds": _holds(session),
        "postings": _postings(session),
    }


def _own(*models: Any) -> sa.Select[Any]:
    first = sa.select(*models).where(models[0].debtor_id <= RESERVED_DEBTORS_MAX)
    return first.join(Debtor, Debtor.debtor_id == models[0].debtor_id) if models[1:] else first


def _account(row: Any) -> dict[str, Any]:
    account, debtor = row
    is_owner = account.creditor_id == ROOT
    return {
        "account_id": account.config_data,
        "coin": debtor.info_iri,
        "side": "credit" if is_owner else "debit",
        "balance": -account.principal if is_owner else account.principal,
        "locked": account.locked,
    }


def _names(session: Session) -> dict[tuple[int, int], str]:
    own = session.scalars(_own(CreditorAccount))
    return {(account.debtor_id, account.creditor_id): account.config_data for account in own}


def _holds(session: Session) -> list[dict[str, Any]]:
    transfers = session.scalars(sa.select(TransferRow.transfer_id)).all()
    ids = {of_sale(transfer_id).request: transfer_id for transfer_id in transfers}
    wallet = _names(session)[KEYS["wallet"]]
    return [
        {
            "hold_id": ids[
                lock.coordinator_type, lock.coordinator_id, lock.coordinator_request_id
            ],
            "account_id": wallet,
            "amount": lock.amount,
            "state": _state(lock),
        }
        for lock in session.scalars(_own(TransferLock))
    ]


def _state(lock: TransferLock) -> str:
    if lock.state == LockState.PREPARED:
        return "prepared"
    return "settled" if lock.committed else "released"


def _postings(session: Session) -> list[dict[str, Any]]:
    names = _names(session)
    return [
        {
            "at_ms": movement.at_ms,
            "reference": movement.note,
            "kind": "promised" if movement.transfer_id else movement.coordinator_type,
            "debit_id": names[movement.debtor_id, movement.recipient_id],
            "credit_id": names[movement.debtor_id, movement.sender_id],
            "amount": movement.amount,
        }
        for movement in session.scalars(_own(Movement).order_by(Movement.movement_id))
    ]
