"""Errors by who is to blame: the world, the kiosk that asked, the person who set it up."""

import re

from kiosk_wire.messages import Refusal, RefusalCode

DETAIL_MAX = 500  # as the wire's Refusal allows
ERRNO = re.compile(r"\[Errno -?\d+\] ")


class DisbursementError(Exception):
    """Every expected failure; the text is for a person."""


class InvalidSetup(DisbursementError):
    """The configuration, or what it points at, is wrong: a person must change something."""


class WalletUnavailable(DisbursementError):
    """The node does not answer, or is not ready: try again later."""


class WalletRefused(DisbursementError):
    """The node answered, and would not do it."""


class InvalidInput(DisbursementError):
    """What a person typed cannot be meant; the text does not repeat it."""


class FundsUnavailable(DisbursementError):
    """An account does not hold this much that is free."""


class MalformedMessage(DisbursementError):
    """A message to the accounts is not as the protocol says."""


class InvalidTerms(DisbursementError):
    """A debtor's terms are out of range, or would break what clients rely on."""


class NotOpen(DisbursementError):
    """A person would close what is not there, is closed already, or cannot be closed by hand."""


class RequestRefused(DisbursementError):
    """A disbursement request cannot be made so, or cannot go on so."""


class RequestReused(RequestRefused):
    """Its id is another request's."""


class UnknownClaim(DisbursementError):
    """A person asks after a claim code that no kiosk has reported."""


class Refused(DisbursementError):
    """What a speaker asked for is not done; becomes a Refusal with this HTTP status."""

    def __init__(
        self, status: int, code: RefusalCode, detail: str, retry_after_s: int | None = None
    ) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
        self.status = status
        self.code = code

    def as_message(self) -> Refusal:
        return Refusal(code=self.code, detail=str(self)[:DETAIL_MAX])


def without_number(failure: Exception) -> str:
    """What the system says, without the number that tells an operator nothing."""
    return ERRNO.sub("", str(failure)) or type(failure).__name__
