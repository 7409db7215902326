"""What the journal lets go, and what it keeps for ever.

Rows are let go from the oldest on, leaving the anchor. Set aside are those of a session in which something is open:
a bill without an end, disputed or unattributed, a sale that neither was paid before the customer's eyes nor cancelled; and
those of bills outside any session. The book of bills, the outbox and the evidence are not touched.
"""

from sqlite_utils import Database

from kiosk.journal.chain_migration import CHAIN_STARTED
from kiosk.journal.rows import COLUMNS

DAYS_KEPT = 90  # a choice: a complaint about a sale that ended well comes within weeks
ROWS_KEPT_MIN = 10_000  # whatever the clock says: a wrong one must not empty the journal
ROWS_PER_STEP = 200  # a step lasts milliseconds, in case a customer comes just then
DAY_MS = 86_400_000

_IS_KEPT = """
    EXISTS (SELECT 1 FROM bill WHERE bill.session_id = {session}
            AND coalesce(outcome, 'none') IN ('none', 'disputed', 'unattributed'))
    OR NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.session_id = {session}
            AND kind = 'session_ended' AND body ->> '$.outcome' IN ('paid', 'cancelled'))
"""
_SET_ASIDE = f"""
INSERT INTO journal_kept ({COLUMNS}) SELECT {COLUMNS} FROM journal WHERE seq <= ? AND (
    event = '{CHAIN_STARTED}'
    OR session_id IS NULL AND event LIKE 'Bill%'
    OR session_id IS NOT NULL AND ({_IS_KEPT.format(session="journal.session_id")}))
"""  # noqa: S608


def is_kept(db: Database, session_id: str) -> bool:
    query = f"SELECT {_IS_KEPT.format(session=':session')}"
    return bool(db.execute(query, {"session": session_id}).fetchone()[0])


def let_go(db: Database, now_ms: int) -> int:
    """One small step, within the caller's transaction: how many rows went."""
    through_seq = _through_seq(db, now_ms)
    if through_seq is None:
        return 0
    db.execute(_SET_ASIDE, [through_seq])
    db.execute(
        "UPDATE journal_anchor SET (seq, hash) = (SELECT seq, hash FROM journal WHERE seq = ?)",
        [through_seq],
    )
    return int(db.execute("DELETE FROM journal WHERE seq <= ?", [through_seq]).rowcount)


def _through_seq(db: Database, now_ms: int) -> int | None:
    """The last of the oldest rows that are all older than that. What was written while the clock was ahead is as old
    as the row after it: by its own time it would stand in the way for years."""
    (last_seq,) = db.execute("SELECT max(seq) FROM journal").fetchone()
    step_seq = through_seq = None
    for seq, at_ms in db.execute("SELECT seq, at_ms FROM journal ORDER BY seq"):
        step_seq = step_seq or seq + ROWS_PER_STEP - 1
        is_young = now_ms - DAYS_KEPT * DAY_MS <= at_ms <= now_ms
        if is_young or seq > last_seq - ROWS_KEPT_MIN:
            break
        if at_ms < now_ms:
            through_seq = min(seq, step_seq)
            if seq >= step_seq:
                break
    return through_seq
