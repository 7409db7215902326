"""The public vectors of wallet codes, and the two things their tests say."""

import json
from pathlib import Path

from kiosk.wallet.destination import Destination
from kiosk.wallet.payload import read_payload
from kiosk.wallet.refusal import PayloadRefusal, RefusalCode

VECTORS = json.loads(
    (Path(__file__).parents[1] / "kiosk/wallet/vectors.json").read_text(encoding="utf-8")
)


def paid(text: str, now_ms: int = 0) -> Destination:
    found = read_payload(text, now_ms)
    assert isinstance(found, Destination), found
    return found


def refused(text: str, now_ms: int = 0) -> RefusalCode:
    found = read_payload(text, now_ms)
    assert isinstance(found, PayloadRefusal), found
    return found.code
