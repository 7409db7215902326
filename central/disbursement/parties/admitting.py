"""Requests of parties: signed, now and for the first time.

Invariants: a request is done by the key and the ids that stand when it is done, so who was removed a moment ago is
refused; its nonce is stored in the transaction that does it, so a repeat finds either the nonce or nothing done.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from disbursement.accounts.protocol.rows import Rows
from disbursement.database import Database
from disbursement.errors import Refused
from disbursement.parties.models import PartyRow
from disbursement.parties.party import Party
from disbursement.parties.registering import find_all
from disbursement.speakers.models import Nonce
from kiosk_wire.messages import RefusalCode
from kiosk_wire.signing import (
    NONCE_KEPT_S,
    BadSignature,
    Request,
    SpeakerKind,
    UnknownKey,
    verify_request,
)

NONCES = Rows(Nonce)
SEEN_GAP_MS = 60_000  # to write down each request would cost more than it tells
Asked = tuple[Party, str]  # with the request's nonce


class Parties:
    """Whose keys are known here, so that a signature is checked without asking the database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, Party] = {}

    def verify(self, request: Request, body: bytes, now_ms: int) -> Asked:
        """Whose request it is, by the keys that are known here; `admit` finds what has changed. Raises Refused."""
        try:
            signature = verify_request(request, body=body, find_key=self._key, now_ms=now_ms)
        except UnknownKey as unknown:
            raise Refused(403, RefusalCode.UNKNOWN_SPEAKER, str(unknown)[:500]) from unknown
        except BadSignature as bad:
            raise Refused(401, RefusalCode.BAD_SIGNATURE, str(bad)[:500]) from bad
        return self._known[signature.key_id], signature.nonce

    def look_up(self, request: Request, body: bytes, now_ms: int) -> Asked:
        """The same, by the keys that are stored now. Raises Refused."""
        self._known = self._db.run(find_all)
        return self.verify(request, body, now_ms)

    def _key(self, kind: SpeakerKind, party_id: str) -> Ed25519PublicKey | None:
        if kind is not SpeakerKind.PARTY or party_id not in self._known:
            return None
        return Ed25519PublicKey.from_public_bytes(self._known[party_id].public_key)


def admit(session: Session, asked: Sequence[Asked], now_ms: int) -> list[Refused | None]:
    """Why each is not done, if so. In the transaction that does it."""
    stored = {
        (n.speaker_id, n.nonce) for n in NONCES.read(session, {_pair(each) for each in asked})
    }
    revisions = _revisions(session, {party.party_id for party, _ in asked}, now_ms)
    used, refusals, new = stored, list[Refused | None](), []
    for each in asked:
        party, pair, refusal = each[0], _pair(each), None
        if revisions.get(party.party_id) != party.revision:
            detail = f"the key or the ids of {party.party_id} changed this moment: ask again"
            refusal = Refused(403, RefusalCode.UNKNOWN_SPEAKER, detail)
        elif pair in used:
            detail = "this very request was received before"
            refusal = Refused(401, RefusalCode.BAD_SIGNATURE, detail)
        else:
            used.add(pair)
            new.append((*pair, now_ms))
        refusals.append(refusal)
    NONCES.add(session, new)
    return refusals


def _pair(asked: Asked) -> tuple[str, str]:
    return asked[0].party_id, asked[1]


def _revisions(session: Session, names: set[str], now_ms: int) -> dict[str, int]:
    """Of those that may speak. Who would change one waits until this is done."""
    known = sa.select(PartyRow).where(
        PartyRow.party_id.in_(names), PartyRow.removed_at_ms.is_(None)
    )
    rows = session.scalars(known.with_for_update(read=True)).all()
    for row in rows:
        if now_ms - (row.last_seen_ms or 0) >= SEEN_GAP_MS:
            row.last_seen_ms = now_ms
    return {row.party_id: row.revision for row in rows}


def forget_nonces(session: Session, now_ms: int) -> None:
    session.execute(sa.delete(Nonce).where(Nonce.seen_at_ms < now_ms - NONCE_KEPT_S * 1_000))
