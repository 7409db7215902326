"""Requests of parties: signed, now and for the first time.

Invariants: a request is done by the key and the ids that stand when it is done, so who was removed a moment ago is
refused; its nonce is stored in the transaction that does it, so a repeat finds either the nonce or nothing done.
"""

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session

from disbursement.accounts.protocol.rows import Lock, Rows, Values
from disbursement.database import Database
from disbursement.errors import Refused
from disbursement.parties.models import PartyRow
from disbursement.parties.party import Party
from disbursement.parties.registering import find_all
from disbursement.speakers.models import Nonce, Speaker
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
REVISIONS = Rows(PartyRow, only=("party_id", "revision"))
SPEAKERS = Rows(
    Speaker, only=("speaker_id", "removed_at_ms", "last_seen_ms"), changing=("last_seen_ms",)
)
SEEN_GAP_MS = 60_000  # to write down each request would cost more than it tells
Asked = tuple[Party, str]  # with the request's nonce


class Parties:
    """Whose keys are known here, so that a signature is checked without asking the database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, tuple[Party, Ed25519PublicKey]] = {}

    def verify(self, request: Request, body: bytes, now_ms: int) -> Asked:
        """Whose request it is, by the keys that are known here; `admit` finds what has changed. Raises Refused."""
        known = self._known  # another thread may look them up meanwhile

        def key(kind: SpeakerKind, party_id: str) -> Ed25519PublicKey | None:
            is_known = kind is SpeakerKind.PARTY and party_id in known
            return known[party_id][1] if is_known else None

        try:
            signature = verify_request(request, body=body, find_key=key, now_ms=now_ms)
        except UnknownKey as unknown:
            raise Refused(403, RefusalCode.UNKNOWN_SPEAKER, str(unknown)[:500]) from unknown
        except BadSignature as bad:
            raise Refused(401, RefusalCode.BAD_SIGNATURE, str(bad)[:500]) from bad
        return known[signature.key_id][0], signature.nonce

    def look_up(self, request: Request, body: bytes, now_ms: int) -> Asked:
        """The same, by the keys that are stored now. Raises Refused."""
        self._known = {
            party_id: (party, Ed25519PublicKey.from_public_bytes(party.public_key))
            for party_id, party in self._db.run(find_all).items()
        }
        return self.verify(request, body, now_ms)


def admit(
    session: Session, asked: Sequence[Asked], now_ms: int
) -> Callable[[], list[Refused | None]]:
    """Asks; what it returns waits for the answer: why each is not done, if so. In the transaction that does it."""
    names = {(party.party_id,) for party, _ in asked}
    claimed = NONCES.claim(session, {(*_pair(each), now_ms) for each in asked})
    # Who would change a party waits until this is done.
    speakers = SPEAKERS.ask(session, names, Lock.SHARE)
    rows = REVISIONS.ask(session, names, Lock.SHARE)

    def refusals() -> list[Refused | None]:
        new = claimed()
        speaking = [each for each in speakers() if each.removed_at_ms is None]
        revisions = {row.party_id: row.revision for row in rows()}
        revision_of = {each.speaker_id: revisions[each.speaker_id] for each in speaking}
        _mark_seen(session, speaking, now_ms)
        return [_why_not(each, revision_of, new) for each in asked]

    return refusals


def _why_not(asked: Asked, revision_of: Mapping[str, int], new: set[Values]) -> Refused | None:
    """Takes its nonce out of the new ones."""
    party_id = asked[0].party_id
    if revision_of.get(party_id) != asked[0].revision:
        detail = f"the key or the ids of {party_id} changed this moment: ask again"
        return Refused(403, RefusalCode.UNKNOWN_SPEAKER, detail)
    if _pair(asked) not in new:
        detail = "this very request was received before"
        return Refused(401, RefusalCode.BAD_SIGNATURE, detail)
    new.remove(_pair(asked))
    return None


def _pair(asked: Asked) -> tuple[str, str]:
    return asked[0].party_id, asked[1]


def _mark_seen(session: Session, speaking: Sequence[Speaker], now_ms: int) -> None:
    unmarked = [s for s in speaking if now_ms - (s.last_seen_ms or 0) >= SEEN_GAP_MS]
    for speaker in unmarked:
        speaker.last_seen_ms = now_ms
    SPEAKERS.change(session, unmarked)


def forget_nonces(session: Session, now_ms: int) -> None:
    session.execute(sa.delete(Nonce).where(Nonce.seen_at_ms < now_ms - NONCE_KEPT_S * 1_000))
