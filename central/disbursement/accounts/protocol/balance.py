"""What an account holds, and what of it may be spent.

Invariants: nothing is locked or committed beyond what is available, except a prepared lock itself, which
commits even where negative interest has eaten into it, up to the demurrage that was told when it was made.
Interest is counted whenever the account changes, so what is told is true at the moment of the change.
"""

from decimal import Decimal

from disbursement.accounts.protocol.interest import NANO, grown
from disbursement.accounts.protocol.limits import ROOT
from disbursement.accounts.protocol.models import CreditorAccount, TransferLock
from disbursement.accounts.protocol.order import next_number


def negligible(account: CreditorAccount) -> int:
    """In whole units: nothing between two integers is compared with it."""
    return int(Decimal(account.negligible_amount))


def interest_nano(account: CreditorAccount, now_ms: int) -> int:
    """As of now. The root account, which is the debtor itself, neither earns nor pays."""
    if account.creditor_id == ROOT:
        return 0
    if account.interest_rate_ppm == 0:
        return account.interest_nano
    elapsed_ms = now_ms - account.accrued_at_ms
    if account.interest_rate_ppm == 0 or elapsed_ms <= 0:
        return account.interest_nano
    held = account.principal * NANO + account.interest_nano
    return grown(held, account.interest_rate_ppm, elapsed_ms) - account.principal * NANO


def available(account: CreditorAccount, now_ms: int) -> int:
    """Whole units, interest included, less what is locked. The root account may issue, to its limit."""
    limit = negligible(account) if account.creditor_id == ROOT else 0
    held = account.principal + interest_nano(account, now_ms) // NANO
    return held + limit - account.locked


def reserved(lock: TransferLock, now_ms: int) -> int:
    """What a lock still guarantees."""
    elapsed_ms = now_ms - lock.prepared_at_ms
    return grown(lock.amount * NANO, lock.demurrage_rate_ppm, elapsed_ms) // NANO


def accrue(account: CreditorAccount, now_ms: int) -> None:
    """Count the interest up to now. Before the principal changes, and before the rate does."""
    account.interest_nano = interest_nano(account, now_ms)
    account.accrued_at_ms = max(now_ms, account.accrued_at_ms)


def mark_changed(account: CreditorAccount, now_ms: int) -> None:
    """An update must tell of it; a later one is known by time and number, also when the clock went back."""
    account.last_change_at_ms = max(now_ms, account.last_change_at_ms)
    account.last_change_seqnum = next_number(account.last_change_seqnum)
    account.update_pending = True
