"""All that the kiosk knows of one session, for whoever must judge a dispute: one .zip.

Responsible for: what is in it. Not responsible for: whether it is true, which `verify.py` says and the hashes prove.
"""

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlite_utils import Database

from drivers.printer.render import plain_text
from kiosk.config import Config
from kiosk.errors import InvalidInput
from kiosk.journal import evidence, outbox, rows
from kiosk.journal.export_readme import readme
from kiosk.journal.opening import open_to_read
from kiosk.receipt import compose_receipt
from kiosk.session.memory import Memory, Sale

Fields = dict[str, Any]
Table = list[Fields]

_SALE: TypeAdapter[Sale] = TypeAdapter(Sale)
_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)


@dataclass(frozen=True)
class Export:
    session_id: str
    claim_code: str
    journal: Table
    events: Table
    bills: Table
    traces: dict[str, str]  # by bill
    receipt: str | None
    proof: Fields


def export_session(config: Config, database: Path, session: str, target: Path) -> Export:
    """`session` is its id or its claim code. Raises InvalidInput, sqlite3.DatabaseError."""
    with closing(open_to_read(database)) as db:
        db.execute("BEGIN")  # one view
        export = _gather(config, db, _find(db, session))
    try:
        with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
            for name, text in _files(export, config):
                archive.writestr(name, text)
    except FileExistsError as error:
        raise InvalidInput(f"{target}: is there already; give another name") from error
    except OSError as error:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise InvalidInput(f"{target}: cannot be written: {error.strerror}") from error
    return export


def _find(db: Database, session: str) -> tuple[str, str]:
    """Id and claim code."""
    query = """
        SELECT session_id, body ->> '$.claim_code' FROM outbox
        WHERE kind = 'session_started' AND (session_id = :it OR body ->> '$.claim_code' = upper(:it))
    """
    found = db.execute(query, {"it": session}).fetchone()
    if found is None:
        raise InvalidInput(
            f"no session has the id or claim code {session!r}; a code is eight letters and digits, as ABCD-2345"
        )
    return found[0], found[1]


def _gather(config: Config, db: Database, found: tuple[str, str]) -> Export:
    session_id, claim_code = found
    journal = _table(
        db,
        f"SELECT {rows.COLUMNS} FROM journal WHERE session_id = :it UNION ALL "  # noqa: S608
        f"SELECT {rows.COLUMNS} FROM journal_kept WHERE session_id = :it ORDER BY seq",
        session_id,
    )
    events = _table(db, "SELECT * FROM outbox WHERE session_id = :it ORDER BY seq", session_id)
    bills = _table(db, "SELECT * FROM bill WHERE session_id = :it ORDER BY seen_at_ms", session_id)
    kept = _table(db, "SELECT bill_id, trace FROM evidence WHERE session_id = :it", session_id)
    return Export(
        session_id=session_id,
        claim_code=claim_code,
        journal=journal,
        events=events,
        bills=bills,
        traces={row["bill_id"]: evidence.unpack(row["trace"]) for row in kept},
        receipt=_receipt(config, db, session_id, journal),
        proof=_proof(db, journal, events),
    )


def _receipt(config: Config, db: Database, session_id: str, journal: Table) -> str | None:
    """As it would be printed again: of the sale that is kept with its end, or that is still in hand."""
    for row in reversed(journal):
        ended = json.loads(row["details"]).get("sale")
        if ended is not None:
            sale = _SALE.validate_python(ended)
            return plain_text(compose_receipt(config, sale, row["at_ms"]))
    in_hand = _MEMORY.validate_json(db.execute("SELECT memory FROM core_state").fetchone()[0]).sale
    if in_hand is None or in_hand.session_id != session_id or not journal:
        return None
    return plain_text(compose_receipt(config, in_hand, journal[-1]["at_ms"]))


def _proof(db: Database, journal: Table, events: Table) -> Fields:
    """Where the rows stand in their chains: each with its own hash and the one before, and what follows the last."""
    heads = {"journal": rows.head(db), "outbox": outbox.head(db)}
    proof: Fields = {}
    for table, found in (("journal", journal), ("outbox", events)):
        after = db.execute(
            f"SELECT seq, previous_hash, hash FROM {table} WHERE seq = ?",  # noqa: S608
            [found[-1]["seq"] + 1 if found else 0],
        ).fetchone()
        names = ("seq", "previous_hash", "hash")
        proof[table] = {
            "rows": [{name: row[name] for name in names} for row in found],
            "next": dict(zip(names, after, strict=True)) if after else None,
            "last_of_all": {"seq": heads[table].seq, "hash": heads[table].hash},
        }
    return proof


def _files(export: Export, config: Config) -> Iterator[tuple[str, str]]:
    yield "README.txt", readme(export, config)
    yield "journal.jsonl", _lines(export.journal)
    yield "outbox.jsonl", _lines(export.events)
    yield "bills.jsonl", _lines(export.bills)
    yield "chain.json", json.dumps(export.proof, indent=2) + "\n"
    if export.receipt is not None:
        yield "receipt.txt", export.receipt
    for bill_id, trace in export.traces.items():
        yield f"trace-{bill_id}.txt", trace


def _lines(table: Table) -> str:
    return "".join(json.dumps(row) + "\n" for row in table)


def _table(db: Database, query: str, session_id: str) -> Table:
    return list(db.query(query, {"it": session_id}))
