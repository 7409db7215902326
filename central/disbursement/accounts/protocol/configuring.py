"""ConfigureAccount: open an account, or change its settings.

Invariants: an older message never undoes a newer one; a message that wandered too long opens nothing, so
a removed account stays removed; a new account is empty, and younger than any before it.
"""

from datetime import timedelta

from disbursement.accounts.protocol.balance import accrue, mark_changed
from disbursement.accounts.protocol.limits import (
    CONFIG_DATA_BYTES_MAX,
    CONFIG_DELAY_MAX_MS,
    RESERVED_CREDITORS_MAX,
    ROOT,
)
from disbursement.accounts.protocol.messages import (
    ConfigureAccount,
    RejectionCode,
)
from disbursement.accounts.protocol.models import CreditorAccount, Debtor
from disbursement.accounts.protocol.order import EPOCH, in_ms, in_us, is_later, moment
from disbursement.accounts.protocol.telling import Told
from disbursement.accounts.protocol.turn import ACCOUNTS, Turn


def configure(turn: Turn, message: ConfigureAccount) -> None:
    key = (message.debtor_id, message.creditor_id)
    account = turn.accounts.get(key)
    if _is_of_the_past(turn, message, account):
        return
    code = _why_not(turn, message, account)
    if code is not None:
        turn.tell(_rejected(message, code, turn.now_ms))
        return
    if account is None:
        account = turn.accounts[key] = _opened(turn, message)
    accrue(account, turn.now_ms)
    account.negligible_amount = str(message.negligible_amount)
    account.config_flags = message.config_flags
    account.config_data = message.config_data
    account.last_config_at_us = in_us(message.ts)
    account.last_config_seqnum = message.seqnum
    mark_changed(account, turn.now_ms)
    turn.tell_update(account)


def _is_of_the_past(
    turn: Turn, message: ConfigureAccount, account: CreditorAccount | None
) -> bool:
    if account is None:
        return in_ms(message.ts) < turn.now_ms - CONFIG_DELAY_MAX_MS
    last = (account.last_config_at_us, account.last_config_seqnum)
    return not is_later((in_us(message.ts), message.seqnum), last)


def _why_not(
    turn: Turn, message: ConfigureAccount, account: CreditorAccount | None
) -> RejectionCode | None:
    if message.debtor_id not in turn.debtors:
        return RejectionCode.NO_CONNECTION_TO_DEBTOR
    if account is None and ROOT <= message.creditor_id <= RESERVED_CREDITORS_MAX:
        return RejectionCode.RESERVED_CREDITOR_ID
    if message.negligible_amount < 0:
        return RejectionCode.INVALID_NEGLIGIBLE_AMOUNT
    if len(message.config_data.encode()) > CONFIG_DATA_BYTES_MAX:
        return RejectionCode.CONFIG_DATA_IS_TOO_LONG
    return None


def _rejected(message: ConfigureAccount, code: RejectionCode, now_ms: int) -> Told:
    return {
        "type": "RejectedConfig",
        "debtor_id": message.debtor_id,
        "creditor_id": message.creditor_id,
        "config_ts": message.ts,
        "config_seqnum": message.seqnum,
        "config_flags": message.config_flags,
        "config_data": message.config_data,
        "negligible_amount": message.negligible_amount,
        "rejection_code": code,
        "ts": moment(now_ms),
    }


def _opened(turn: Turn, message: ConfigureAccount) -> CreditorAccount:
    account = new_account(turn.debtors[message.debtor_id], message.creditor_id, turn.now_ms)
    before = turn.removed.get((message.debtor_id, message.creditor_id))
    if before is not None:  # later even if the clock went back
        account.creation_date = max(
            account.creation_date, before.creation_date + timedelta(days=1)
        )
        account.last_transfer_id = _first_transfer_id(account)
    return account


def new_account(debtor: Debtor, creditor_id: int, now_ms: int) -> CreditorAccount:
    account = ACCOUNTS.of(
        debtor_id=debtor.debtor_id,
        creditor_id=creditor_id,
        creation_date=moment(now_ms).date(),
        created_at_ms=now_ms,
        principal=0,
        interest_nano=0,
        accrued_at_ms=now_ms,
        capitalized_at_ms=now_ms,
        terms_version=debtor.terms_version,
        interest_rate_ppm=0 if creditor_id == ROOT else debtor.interest_rate_ppm,
        rate_changed_at_ms=0,
        locked=0,
        locks=0,
        last_transfer_id=0,
        last_transfer_number=0,
        last_transfer_at_ms=0,
        negligible_amount="0",
        config_flags=0,
        config_data="",
        last_config_at_us=0,
        last_config_seqnum=0,
        last_change_at_ms=now_ms,
        last_change_seqnum=0,
        update_pending=True,
        told_at_ms=0,
    )
    account.last_transfer_id = _first_transfer_id(account)
    return account


def _first_transfer_id(account: CreditorAccount) -> int:
    """No account of the same key had these before it: each day has 2**40 of its own."""
    return (account.creation_date - EPOCH.date()).days << 40
