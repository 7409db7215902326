"""A party that holds accounts, as it speaks to central: signed, over HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic_core import to_json

from disbursement.database import Database
from disbursement.parties.models import Side
from disbursement.parties.party import Ids
from disbursement.parties.registering import add
from kiosk_wire.signing import SpeakerKind, sign_request

V1 = "/accounts/v1"


@dataclass
class Party:
    client: Any
    party_id: str
    key: Ed25519PrivateKey
    now_ms: Callable[[], int]

    @classmethod
    def added(
        cls,
        db: Database,
        client: Any,
        now_ms: Callable[[], int],
        party_id: str,
        *,
        debtors: tuple[str, ...] = (),
        creditors: tuple[str, ...] = (),
    ) -> "Party":
        key = Ed25519PrivateKey.generate()
        ids = {
            side: [Ids.read(text, side) for text in given]
            for side, given in ((Side.DEBTOR, debtors), (Side.CREDITOR, creditors))
        }
        raw = key.public_key().public_bytes_raw()
        db.run(lambda session: add(session, party_id, raw, ids, now_ms()))
        return cls(client, party_id, key, now_ms)

    def sign(self, request: Any, body: bytes = b"") -> None:
        sign_request(
            request,
            key_id=self.party_id,
            private_key=self.key,
            body=body,
            now_ms=self.now_ms(),
            kind=SpeakerKind.PARTY,
        )

    def signed(self, method: str, path: str, document: Any = None) -> httpx2.Request:
        body = b"" if document is None else to_json(document)
        request = self.client.build_request(method, V1 + path, content=body)
        self.sign(request, body)
        return request

    def ask(self, method: str, path: str, document: Any = None) -> Any:
        return self.client.send(self.signed(method, path, document))

    def post(self, path: str, document: Any) -> Any:
        answer = self.ask("POST", path, document)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, after: int = 0) -> dict[str, Any]:
        answer = self.ask("GET", f"/outbox/{after}")
        assert answer.status_code == 200, answer.text
        return answer.json()
