"""What a client knows of an account: the latest update, whatever order the updates came in.

Source: Swaptacular Messaging Protocol 2.1, AD record.
"""

from datetime import date, datetime, timedelta

from disbursement.accounts.protocol.messages import AccountPurge, AccountUpdate
from disbursement.accounts.protocol.order import in_us, is_later


def on_update(
    known: AccountUpdate | None, heard: AccountUpdate, now: datetime
) -> AccountUpdate | None:
    """An expired one is not believed: the account may be gone. A heartbeat repeats what is known, at a later time."""
    if now - heard.ts > timedelta(seconds=heard.ttl):
        return known
    if known is None or _age(heard) == _age(known):
        return heard if known is None or heard.ts > known.ts else known
    return heard if _is_later(heard, known) else known


def on_purge(known: AccountUpdate | None, heard: AccountPurge) -> AccountUpdate | None:
    """Only of the life that it names."""
    if known is None or known.creation_date != heard.creation_date:
        return known
    same = (known.debtor_id, known.creditor_id) == (heard.debtor_id, heard.creditor_id)
    return None if same else known


def _age(update: AccountUpdate) -> tuple[date, tuple[int, int]]:
    return update.creation_date, (in_us(update.last_change_ts), update.last_change_seqnum)


def _is_later(new: AccountUpdate, old: AccountUpdate) -> bool:
    (new_date, new_change), (old_date, old_change) = _age(new), _age(old)
    return new_date > old_date or (new_date == old_date and is_later(new_change, old_change))
