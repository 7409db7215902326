"""What the files of an export are, what happened, and how anyone can check it: in plain words."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kiosk.config import Config
from kiosk.receipt import money
from kiosk.receipt_words import WORDS
from kiosk_wire.messages import EventKind

if TYPE_CHECKING:
    from kiosk.journal.export import Export, Fields

_TEXT = """\
What this machine recorded of one sale
======================================

Machine    {kiosk}, {name}
Operator   {operator}, {phone}
Sale       {session_id}
Claim code {claim_code}
Network    {network}

This file names the customer's wallet address. Give it only to those who must judge the case.

What happened (UTC)
-------------------

{story}

The bills
---------

{bills}

"credited": the bill acceptor vouched that the bill is in the cashbox. "returned": it went back to the customer.
"disputed": nobody can say where it is. "unattributed": it is in the cashbox and belongs to no sale.

The files
---------

journal.jsonl   What happened at the machine, in order: one line for each event.
outbox.jsonl    What the machine reported to the central service: one line for each fact.
bills.jsonl     What became of each bill.
chain.json      The hashes of those lines, and of the line that follows them.
{more}
Times that end in _ms are milliseconds since 1970 in UTC. Amounts that end in _minor are cents.

How to check it
---------------

Each line of journal.jsonl and outbox.jsonl holds a hash of itself and of the line before (previous_hash), so that no line
can be changed, taken out or put in without all later hashes changing. A hash is the SHA-256, in hex, of the values
as a JSON array without spaces, ASCII only, in this order:

  journal  previous_hash, seq, at_ms, session_id, event, details, state_before, state_after
  outbox   previous_hash, seq, event_id, session_id, at_ms, kind, body

The central service has had the outbox's lines since they were written, with the same hashes: ask its operator for event
{last_seq} of this machine. The lines session_started and session_ended carry the journal's hash at that moment, so central
is a witness of the journal too; and bill_disputed carries the SHA-256 of the bill's trace file.
"""

_WORDS = {
    EventKind.SESSION_STARTED: "A customer began",
    EventKind.WALLET_DECLARED: "The customer declared this wallet their own, and that nobody told them to send to it",
    EventKind.TRANSFER_PREPARED: "Central locked the funds for this sale, up to",
    EventKind.BILL_ESCROWED: "The acceptor read a bill and held it",
    EventKind.STACK_DECIDED: "The machine decided to take it, and then said so to the acceptor",
    EventKind.BILL_CREDITED: "The acceptor vouched that the bill is in the cashbox",
    EventKind.BILL_RETURNED: "The bill went back to the customer",
    EventKind.BILL_DISPUTED: "Nobody can say where the bill is",
    EventKind.BILL_UNATTRIBUTED: "The acceptor vouched for a bill that no sale could take",
    EventKind.TRANSFER_FINALIZED: "The machine ordered the payout for the cash that was in",
    EventKind.SESSION_ENDED: "The sale ended",
}
_AMOUNTS = ("value_minor", "max_amount_minor", "committed_minor")
_NAMED = ("claim_code", "address", "bill_id", "reason", "outcome", "code", "detail")


def readme(export: "Export", config: Config) -> str:
    return _TEXT.format(
        kiosk=config.kiosk.id,
        name=config.kiosk.name,
        operator=config.operator.name,
        phone=config.operator.support_phone,
        session_id=export.session_id,
        claim_code=export.claim_code,
        network=config.kiosk.network,
        story="\n".join(_told(event, config.kiosk.currency) for event in export.events),
        bills="\n".join(_bill(bill) for bill in export.bills) or "None.",
        more=_more(export),
        last_seq=export.events[-1]["seq"],
    )


def _more(export: "Export") -> str:
    receipt = (
        "receipt.txt     The receipt, as it would be printed again.\n"
        if export.receipt is not None
        else "(The receipt cannot be printed again: the journal has let the sale's details go.)\n"
    )
    traces = (
        "trace-*.txt     The raw exchange with the bill acceptor before a bill was disputed; `kiosk device decode` explains it.\n"
        if export.traces
        else ""
    )
    gone = (
        ""
        if export.journal
        else "(The journal has let this sale's lines go: it ended well long ago.)\n"
    )
    return receipt + traces + gone


def _told(event: "Fields", currency: str) -> str:
    body = json.loads(event["body"])
    amounts = [money(body[n], currency, WORDS["en"]) for n in _AMOUNTS if body.get(n) is not None]
    named = [str(body[name]) for name in _NAMED if body.get(name)]
    details = f": {', '.join(amounts + named)}" if amounts or named else ""
    words = _WORDS.get(event["kind"], event["kind"].replace("_", " "))
    return f"{_utc(event['at_ms'])}  {words}{details}"


def _bill(bill: "Fields") -> str:
    value_minor, currency = bill["value_minor"], bill["currency"]
    worth = f"? {currency}" if value_minor is None else money(value_minor, currency, WORDS["en"])
    reason = f" ({bill['reason']})" if bill["reason"] else ""
    outcome = bill["outcome"] or "on its way"
    return f"{_utc(bill['seen_at_ms'])}  {worth}  {outcome}{reason}  {bill['bill_id']}"


def _utc(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
