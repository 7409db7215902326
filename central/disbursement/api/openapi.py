"""What the routes cannot say of themselves: signatures, idempotency keys, examples.

Not responsible for: docs/openapi.json, which is this document as a file (`stater_demo.openapi_file`).
"""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from disbursement.speakers.idempotency import KEPT_DAYS
from kiosk_wire.signing import AGE_S_MAX, SpeakerKind

SIGNED = "signature"
UNSIGNED = ("/healthz", "/readyz")
TAGS = [
    {"name": "sales", "description": "Quote, prepare, status: for kiosks and channels."},
    {"name": "kiosks", "description": "What happened at a kiosk; its money speaks by this alone."},
    {"name": "channels", "description": "For sales channels; see docs/channels.md."},
    {"name": "customers", "description": "Who buys, and how much they may."},
    {"name": "accounts", "description": "For parties that hold accounts; see docs/accounts.md."},
    {"name": "service", "description": "Without a signature."},
]
SCHEME = {
    "type": "apiKey",
    "in": "header",
    "name": "Signature",
    "description": (
        "HTTP message signature (RFC 9421), Ed25519, with Signature-Input beside it. Label: "
        f"{', '.join(SpeakerKind)}, as the speaker is; tag: stater- and the label; keyid: its name; `created` not older "
        f"than {AGE_S_MAX} s; a `nonce` used once. Covered: @method, @path, @query if there is one, content-digest (RFC 9530) "
        "if there is a body, idempotency-key if there is one."
    ),
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "draft-ietf-httpapi-idempotency-key-header-07. Demanded of channels, optional for kiosks. The same key with the same "
        f"request gets the same answer for {KEPT_DAYS} days; with another request 422."
    ),
    "schema": {"type": "string", "pattern": '^"[!#-\\[\\]-~]{8,64}"$'},
    "example": '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
}


_PREPARE = {
    "transfer_id": "transfer-0001",
    "session_id": "session-0001",
    "quote_id": "quote-0001",
    "address": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",  # of BIP 173
    "max_amount_minor": 50_000,
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "post_quote": {
        "quote_id": "quote-0001",
        "session_id": "session-0001",
        "currency": "USD",
        "coin": "BTC",
    },
    "post_transfer": _PREPARE,
    "finalize_transfer": {"committed_minor": 7_000},
    "post_transfers": {
        "items": [
            {"act": "prepare", **_PREPARE},
            {"act": "finalize", "transfer_id": "transfer-0002", "committed_minor": 0},
            {"act": "status", "transfer_id": "transfer-0003"},
        ]
    },
    "post_request": {
        "request_id": "refund-0017",
        "requested_by": "anna",
        "purpose": "order 17",
        "amount_base_units": 10_000,
        "coin": "BTC",
        "address": _PREPARE["address"],
    },
}


def operation_id(route: APIRoute) -> str:
    """The handler's own name, which is one operation's."""
    return route.name


def describe(app: FastAPI) -> None:
    """The app answers with this document from now on."""
    plain = app.openapi

    def whole() -> dict[str, Any]:
        document = app.openapi_schema
        if document is None or SIGNED not in document["components"].get("securitySchemes", {}):
            document = app.openapi_schema = _complete(plain())
        return document

    app.openapi = whole  # type: ignore[method-assign]  # as FastAPI's own manual has it


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    document["tags"] = TAGS
    document["components"]["securitySchemes"] = {SIGNED: SCHEME}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path in UNSIGNED:
                continue
            if operation["operationId"] in EXAMPLES:
                content = operation["requestBody"]["content"]["application/json"]
                content["example"] = EXAMPLES[operation["operationId"]]
            operation["security"] = [{SIGNED: []}]
            if method == "post" and path.startswith("/v1/"):
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    return document
