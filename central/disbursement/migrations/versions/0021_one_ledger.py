"""One ledger: the wallet's accounts, holds and postings become accounts, locks and movements as all others are."""

import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

from disbursement.errors import InvalidSetup

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

RESERVED_DEBTORS_MAX = -(2**63) + 2**32 - 1
WALLET, GAS = -(2**63) + 1, -(2**63) + 2
KEYS = {
    "owner": (WALLET, 0),
    "wallet": (WALLET, 1),
    "in_flight": (WALLET, 2),
    "sold": (WALLET, 3),
    "fees": (WALLET, 4),
    "gas_owner": (GAS, 0),
    "gas": (GAS, 1),
    "gas_fees": (GAS, 2),
}
FOR_EVER_S = 2**31 - 1
ROWS_AT_ONCE = 5_000
Row = dict[str, Any]


def upgrade() -> None:
    _demand_unused()
    with op.batch_alter_table("creditor_accounts") as table:
        table.create_check_constraint(
            op.f("ck_creditor_accounts_own_is_covered"),
            f"debtor_id > {RESERVED_DEBTORS_MAX} OR creditor_id = 0 "
            "OR CAST(principal AS NUMERIC) >= CAST(locked AS NUMERIC)",
        )
    of_own = sa.text(f"debtor_id <= {RESERVED_DEBTORS_MAX}")
    op.create_index(
        "uq_account_movements_own",
        "account_movements",
        ["note", "coordinator_type"],
        unique=True,
        sqlite_where=of_own,
        postgresql_where=of_own,
    )
    _copy()
    for name in ("postings", "holds", "accounts"):
        op.drop_table(name)


def _demand_unused() -> None:
    """Nobody was told before that these ids are not for them."""
    for table, column in (("debtors", "debtor_id"), ("party_ids", "first_id")):
        of_debtor = "" if table == "debtors" else "side = 'debtor' AND "
        used = f"SELECT {column} FROM {table} WHERE {of_debtor}{column} <= {RESERVED_DEBTORS_MAX}"  # noqa: S608
        if op.get_bind().execute(sa.text(used)).first() is not None:
            raise InvalidSetup(
                f"the debtor ids up to {RESERVED_DEBTORS_MAX} are central's own from this version on, and "
                "these books use one: stay with the version before"
            )


def _copy() -> None:
    accounts = [*_read("SELECT * FROM accounts ORDER BY account_id")]
    now_ms = time.time_ns() // 1_000_000
    debtors = {_key(a["account_id"])[0]: a["coin"] for a in accounts}
    _add("debtors", (_debtor(debtor_id, coin) for debtor_id, coin in debtors.items()))
    _add("creditor_accounts", (_account(account, now_ms) for account in accounts))
    numbers = _copy_locks(now_ms)
    _add(
        "account_movements",
        (_movement(p, numbers) for p in _read("SELECT * FROM postings ORDER BY posting_id")),
    )


def _debtor(debtor_id: int, coin: str) -> Row:
    return {
        "debtor_id": debtor_id,
        "wide": True,
        "terms_version": 1,
        "interest_rate_ppm": 0,
        "demurrage_rate_ppm": 0,
        "rate_changed_at_ms": 0,
        "commit_period_s": FOR_EVER_S,
        "transfer_note_max_bytes": 500,
        "info_iri": coin,
        "info_content_type": "",
        "info_sha256": "",
    }


def _account(account: Row, now_ms: int) -> Row:
    debtor_id, creditor_id = _key(account["account_id"])
    mine = "debit_id = :id OR credit_id = :id"
    [moved] = _read(
        f"SELECT count(*) AS times, max(at_ms) AS at_ms FROM postings WHERE {mine}",  # noqa: S608
        id=account["account_id"],
    )
    is_held = "account_id = :id AND state = 'prepared'"
    [holds] = _read(
        f"SELECT count(*) AS n FROM holds WHERE {is_held}",  # noqa: S608
        id=account["account_id"],
    )
    is_root = creditor_id == 0
    return {
        "debtor_id": debtor_id,
        "creditor_id": creditor_id,
        "creation_date": datetime.fromtimestamp(now_ms / 1_000, UTC).date(),
        "created_at_ms": now_ms,
        "principal": _wide(-account["balance"] if is_root else account["balance"]),
        "interest_nano": _wide(0),
        "accrued_at_ms": now_ms,
        "capitalized_at_ms": now_ms,
        "terms_version": 1,
        "interest_rate_ppm": 0,
        "rate_changed_at_ms": 0,
        "locked": _wide(account["locked"]),
        "locks": holds["n"],
        "last_transfer_id": 0,
        "last_transfer_number": 0 if is_root else moved["times"],
        "last_transfer_at_ms": 0 if is_root else moved["at_ms"] or 0,
        "negligible_amount": str(10**60) if is_root else "0",
        "config_flags": 0,
        "config_data": account["account_id"],
        "last_config_at_us": 0,
        "last_config_seqnum": 0,
        "last_change_at_ms": now_ms,
        "last_change_seqnum": 0,
        "update_pending": False,
        "told_at_ms": now_ms,
    }


def _copy_locks(now_ms: int) -> dict[str, int]:
    """The numbers of the new locks, by their transfers."""
    numbers: dict[str, int] = {}
    first = (now_ms // 86_400_000) << 40

    def locks() -> Iterator[Row]:
        for hold in _read(
            "SELECT h.*, (SELECT p.amount FROM postings AS p WHERE p.reference = h.hold_id AND p.kind = 'promised') "
            "AS committed, (SELECT min(c.at_ms) FROM transfer_changes AS c WHERE c.transfer_id = h.hold_id) AS at_ms "
            "FROM holds AS h ORDER BY h.hold_id"
        ):
            number = numbers[hold["hold_id"]] = first + len(numbers) + 1
            yield _lock(hold, number, now_ms if hold["at_ms"] is None else hold["at_ms"])

    _add("transfer_locks", locks())
    op.execute(
        sa.text(
            "UPDATE creditor_accounts SET last_transfer_id = :last "
            "WHERE debtor_id = :debtor AND creditor_id = 1"
        ).bindparams(last=first + len(numbers), debtor=WALLET)
    )
    return numbers


def _lock(hold: Row, number: int, at_ms: int) -> Row:
    is_open = hold["state"] == "prepared"
    return _request(hold["hold_id"]) | {
        "debtor_id": WALLET,
        "creditor_id": 1,
        "transfer_id": number,
        "recipient": "2",
        "recipient_id": 2,
        "amount": _wide(hold["amount"]),
        "asked_at_ms": at_ms,
        "prepared_at_ms": at_ms,
        "deadline_ms": at_ms + FOR_EVER_S * 1_000,
        "final_rate_at_us": at_ms * 1_000,
        "demurrage_rate_ppm": 0,
        "announced_at_ms": at_ms,
        "state": "prepared" if is_open else "finalized",
        "status_code": "" if is_open else "OK",
        "committed": _wide(hold["committed"] or 0),
        "total_locked": _wide(0),
    }


def _movement(posting: Row, numbers: dict[str, int]) -> Row:
    """What a posting credits it takes from, what it debits it gives to: of the owner's account too."""
    (debtor_id, sender_id), (_, recipient_id) = (
        _key(posting["credit_id"]),
        _key(posting["debit_id"]),
    )
    lock: Row = {"coordinator_type": posting["kind"], "coordinator_id": None}
    lock |= {"coordinator_request_id": None, "transfer_id": None}
    if posting["kind"] == "promised":
        lock = _request(posting["reference"]) | {"transfer_id": numbers[posting["reference"]]}
    return lock | {
        "at_ms": posting["at_ms"],
        "debtor_id": debtor_id,
        "sender_id": sender_id,
        "recipient_id": recipient_id,
        "amount": _wide(posting["amount"]),
        "note_format": "",
        "note": posting["reference"],
    }


def _key(account_id: str) -> tuple[int, int]:
    return KEYS[account_id.partition(":")[0]]


def _request(transfer_id: str) -> Row:
    digest = hashlib.sha256(transfer_id.encode()).digest()
    return {
        "coordinator_type": "sale",
        "coordinator_id": int.from_bytes(digest[:4], "big"),
        "coordinator_request_id": int.from_bytes(digest[4:12], "big", signed=True),
    }


def _wide(amount: int) -> int | str:
    return str(amount) if op.get_bind().dialect.name == "sqlite" else amount


def _read(query: str, **values: Any) -> Iterator[Row]:
    found = op.get_bind().execute(sa.text(query), values)
    return (dict(row) for row in found.mappings())


def _add(name: str, rows: Iterator[Row]) -> None:
    table = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
    while some := list(islice(rows, ROWS_AT_ONCE)):
        op.get_bind().execute(table.insert(), some)
