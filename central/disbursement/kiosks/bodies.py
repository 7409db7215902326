"""The bodies of those events that central acts on; see `kiosk_wire.messages.EventKind`.

Unknown fields pass: an older central must understand a newer kiosk's facts. Known ones are strict.
"""

from pydantic import BaseModel, ConfigDict

from kiosk_wire.messages import Currency, Id, Minor


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class BillCredited(_Body):
    bill_id: Id
    value_minor: Minor
    currency: Currency
    transfer_id: Id


class TransferFinalized(_Body):
    transfer_id: Id
    committed_minor: Minor


class SessionStarted(_Body):
    claim_code: str


class BillDisputed(_Body):
    bill_id: Id
    value_minor: Minor
    currency: Currency
    reason: str


class BillUnattributed(_Body):
    bill_id: Id
    value_minor: Minor | None
    currency: Currency


class FaultRaised(_Body):
    code: str
    detail: str = ""
