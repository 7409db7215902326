"""What a person at the touchscreen wishes. Wishes, not orders: the session decides."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Intent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChooseLanguage(_Intent):
    kind: Literal["choose_language"] = "choose_language"
    language: str = Field(max_length=8)


class StartRequested(_Intent):
    """Touching the idle screen."""

    kind: Literal["start"] = "start"


class TermsAccepted(_Intent):
    """The scam warning is read, the terms accepted."""

    kind: Literal["accept_terms"] = "accept_terms"


class WalletConfirmed(_Intent):
    """This address is right, and it is mine."""

    kind: Literal["confirm_wallet"] = "confirm_wallet"


class ScanAgainRequested(_Intent):
    """This address is not the right one."""

    kind: Literal["scan_again"] = "scan_again"


class FinishRequested(_Intent):
    """No more bills."""

    kind: Literal["finish"] = "finish"


class InsertMoreRequested(_Intent):
    """From the review back to the slot."""

    kind: Literal["insert_more"] = "insert_more"


class SendRequested(_Intent):
    """The review is right: send the coins."""

    kind: Literal["send"] = "send"


class CancelRequested(_Intent):
    kind: Literal["cancel"] = "cancel"


class DismissRequested(_Intent):
    """Done reading the last screen."""

    kind: Literal["dismiss"] = "dismiss"


Intent = (
    ChooseLanguage
    | StartRequested
    | TermsAccepted
    | WalletConfirmed
    | ScanAgainRequested
    | FinishRequested
    | InsertMoreRequested
    | SendRequested
    | CancelRequested
    | DismissRequested
)

INTENTS: TypeAdapter[Intent] = TypeAdapter(Annotated[Intent, Field(discriminator="kind")])
