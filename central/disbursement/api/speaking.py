"""Who speaks, for a route: it names the kinds that may ask it. Another kind gets 403."""

from typing import Annotated

from fastapi import Depends, Request

from disbursement.errors import Refused
from kiosk_wire.messages import RefusalCode
from kiosk_wire.signing import SpeakerKind, VerifiedSignature


class Only:
    """The speaker's id."""

    def __init__(self, *kinds: SpeakerKind) -> None:
        self._kinds = kinds

    def __call__(self, request: Request) -> str:
        speaker: VerifiedSignature = request.state.speaker
        if speaker.kind not in self._kinds:
            detail = f"not for a {speaker.kind}: a {' or '.join(self._kinds)} may ask this"
            raise Refused(403, RefusalCode.NOT_ALLOWED, detail)
        return speaker.key_id


Kiosk = Annotated[str, Depends(Only(SpeakerKind.KIOSK))]
Channel = Annotated[str, Depends(Only(SpeakerKind.CHANNEL))]
Seller = Annotated[str, Depends(Only(SpeakerKind.KIOSK, SpeakerKind.CHANNEL))]
Party = Annotated[str, Depends(Only(SpeakerKind.PARTY))]
