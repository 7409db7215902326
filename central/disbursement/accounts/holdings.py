"""Which accounts are central's own, and what each of them has.

The operator's capital is the root account of a debtor of its own, which issues below zero; what the wallet holds and has
paid is its creditors'. The gas, where there is any, is another debtor's. Their ids are reserved: nobody else opens them, or
speaks for them.
Not responsible for: what the accounts mean (`books.py`), and how they change (`ledger.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.accounts.protocol.configuring import new_account
from disbursement.accounts.protocol.debtors import Terms
from disbursement.accounts.protocol.limits import (
    GAS_DEBTOR,
    INT32_MAX,
    RESERVED_DEBTORS_MAX,
    ROOT,
    WALLET_DEBTOR,
    WIDE_MAX,
)
from disbursement.accounts.protocol.models import CreditorAccount, Debtor
from disbursement.accounts.protocol.turn import Key, Turn

KEYS: Final[dict[str, Key]] = {
    "owner": (WALLET_DEBTOR, ROOT),
    "wallet": (WALLET_DEBTOR, 1),
    "in_flight": (WALLET_DEBTOR, 2),
    "sold": (WALLET_DEBTOR, 3),
    "fees": (WALLET_DEBTOR, 4),
    "gas_owner": (GAS_DEBTOR, ROOT),
    "gas": (GAS_DEBTOR, 1),
    "gas_fees": (GAS_DEBTOR, 2),
}
FOR_EVER_S = INT32_MAX  # 68 years: as long as the protocol can say


@dataclass(frozen=True)
class Holding:
    """What one account has, its owner's as a credit: so none is below zero."""

    name: str  # with the wallet's, e.g. `in_flight:regtest/hot`
    balance: int
    locked: int
    locks: int
    moved: int  # times that its balance changed; of the owner's it is not counted


def holdings(session: Session) -> list[Holding]:
    """By name."""
    own = sa.select(CreditorAccount).where(CreditorAccount.debtor_id <= RESERVED_DEBTORS_MAX)
    found = session.scalars(own.execution_options(populate_existing=True))
    return sorted(
        (
            Holding(a.config_data, abs(a.principal), a.locked, a.locks, a.last_transfer_number)
            for a in found
        ),
        key=lambda holding: holding.name,
    )


def open_debtor(
    session: Session, debtor_id: int, coin: str, named: Callable[[str], str], at_ms: int
) -> None:
    """With its accounts, `named` for ever; nothing where it is open already."""
    if session.get(Debtor, debtor_id) is not None:
        return
    terms = vars(Terms(wide=True, info_iri=coin)) | {"commit_period_s": FOR_EVER_S}
    debtor = Debtor(debtor_id=debtor_id, terms_version=1, rate_changed_at_ms=0, **terms)
    session.add(debtor)
    turn = Turn(session, at_ms, {debtor_id: debtor})
    for name, key in KEYS.items():
        if key[0] == debtor_id:
            account = turn.accounts[key] = new_account(debtor, key[1], at_ms)
            account.config_data = named(name)
            account.negligible_amount = str(WIDE_MAX if key[1] == ROOT else 0)
    turn.close()
