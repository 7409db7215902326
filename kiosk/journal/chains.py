"""The two chains, journal and outbox, walked from their beginning to their end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from kiosk.journal.rows import COLUMNS, Head, Row
from kiosk_wire.chain import GENESIS_HASH, event_hash

ROWS_PER_WORD = 50_000  # between two words of progress
TAIL_ROWS = 200  # some sales; they are read in milliseconds

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Finding:
    table: str
    seq: int | str | None
    wrong: str
    expected: str

    def __str__(self) -> str:
        place = self.table if self.seq is None else f"{self.table} {self.seq}"
        return f"{place}: {self.wrong}; expected {self.expected}"


@dataclass(frozen=True)
class Link:
    """A row of either chain, as far as the chain goes."""

    seq: int
    previous_hash: str
    hash: str
    true_hash: str


def wrong_rows(db: Database, progress: Progress) -> Iterator[Finding]:
    """Of the journal, and of what the retention has set aside."""
    start = Head(*db.execute("SELECT seq, hash FROM journal_anchor").fetchone())
    yield from walk("journal", _rows(db, "journal"), start, _last_seq(db, "journal"), progress)
    yield from _wrong_kept(_rows(db, "journal_kept"), start)


def wrong_events(db: Database, progress: Progress) -> Iterator[Finding]:
    start = Head(0, GENESIS_HASH)
    yield from walk("outbox", _events(db), start, _last_seq(db, "outbox"), progress)
    yield from _unacknowledged(db)


def wrong_tails(db: Database) -> Iterator[Finding]:
    """The newest rows of both chains alone, for a start that must not take long."""
    anchor = Head(*db.execute("SELECT seq, hash FROM journal_anchor").fetchone())
    rows, events = list(_rows(db, "journal", TAIL_ROWS)), list(_events(db, TAIL_ROWS))
    for table, links, start in (
        ("journal", rows, anchor),
        ("outbox", events, Head(0, GENESIS_HASH)),
    ):
        before = Head(links[0].seq - 1, links[0].previous_hash) if links else start
        yield from walk(table, iter(links), before, _last_seq(db, table), lambda _said: None)
    yield from _unacknowledged(db)


def _unacknowledged(db: Database) -> Iterator[Finding]:
    (found,) = db.execute("SELECT coalesce(max(seq), 0) FROM outbox").fetchone()
    (acknowledged,) = db.execute("SELECT acknowledged_seq FROM sync").fetchone() or (None,)
    if acknowledged is None:
        yield Finding("sync", None, "its row is missing", "how far central has acknowledged")
    elif acknowledged > found:
        yield _missing("outbox", found + 1, acknowledged, "central has acknowledged")


def _last_seq(db: Database, table: str) -> int | None:
    """What the state says it was written with."""
    row = db.execute(f"SELECT {table}_seq FROM core_state").fetchone()  # noqa: S608
    return int(row[0]) if row and row[0] is not None else None


def walk(
    table: str, links: Iterator[Link], start: Head, last_seq: int | None, progress: Progress
) -> Iterator[Finding]:
    """Each link follows the one before it as it is stored, so that one bad row is one finding."""
    before = start
    for link in links:
        if link.seq <= start.seq:
            yield Finding(table, link.seq, "the anchor has passed it", f"only rows after {start}")
            continue
        if link.seq != before.seq + 1:
            yield _missing(table, before.seq + 1, link.seq - 1)
            before = Head(link.seq - 1, link.previous_hash)
        yield from _wrong_link(table, link, before)
        before = Head(link.seq, link.hash)
        if link.seq % ROWS_PER_WORD == 0:
            progress(f"{table}: {link.seq} rows")
    if last_seq is not None and last_seq > before.seq:
        yield _missing(table, before.seq + 1, last_seq, "the state speaks of")
    elif last_seq is not None and last_seq < before.seq:
        yield Finding(
            table, before.seq, "the state does not know it", f"{last_seq} to be the last"
        )


def _wrong_link(table: str, link: Link, before: Head) -> Iterator[Finding]:
    if link.hash != link.true_hash:
        yield Finding(table, link.seq, "it was changed", f"what gives hash {link.hash}")
    if link.previous_hash != before.hash:
        yield Finding(
            table,
            link.seq,
            f"it does not follow {before.seq}",
            f"previous hash {before.hash}, not {link.previous_hash}",
        )


def _missing(
    table: str, first: int, last: int, witness: str = "the numbers have no gap:"
) -> Finding:
    which = f"row {first} is" if first == last else f"rows {first} to {last} are"
    return Finding(table, first, f"{which} missing", f"{witness} {first} to {last}")


def _wrong_kept(kept: Iterator[Link], anchor: Head) -> Iterator[Finding]:
    """Each by itself, and where its neighbour was set aside too, with it."""
    before: Link | None = None
    for link in kept:
        neighbour = before is not None and before.seq == link.seq - 1
        known = before.hash if before is not None and neighbour else link.previous_hash
        yield from _wrong_link("journal_kept", link, Head(link.seq - 1, known))
        if link.seq > anchor.seq:
            yield Finding("journal_kept", link.seq, "not let go yet", f"at most {anchor.seq}")
        before = link


def _rows(db: Database, table: str, newest: int | None = None) -> Iterator[Link]:
    query = f"SELECT {COLUMNS} FROM {table} WHERE seq > ? ORDER BY seq"  # noqa: S608
    for values in db.execute(query, [_after_seq(db, table, newest)]):
        row = Row(*values)
        yield Link(row.seq, row.previous_hash, row.hash, row.true_hash)


def _after_seq(db: Database, table: str, newest: int | None) -> int:
    if newest is None:
        return 0
    (last_seq,) = db.execute(f"SELECT coalesce(max(seq), 0) FROM {table}").fetchone()  # noqa: S608
    return int(last_seq) - newest


def _events(db: Database, newest: int | None = None) -> Iterator[Link]:
    names = ("previous_hash", "seq", "event_id", "session_id", "at_ms", "kind", "body")
    query = f"SELECT hash, {', '.join(names)} FROM outbox WHERE seq > ? ORDER BY seq"  # noqa: S608
    for stored_hash, *values in db.execute(query, [_after_seq(db, "outbox", newest)]):
        fields: dict[str, Any] = dict(zip(names, values, strict=True))
        yield Link(fields["seq"], fields["previous_hash"], stored_hash, event_hash(**fields))
