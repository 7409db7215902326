"""What the service has for its customers, put together once at start: the rules, and the way to their phones."""

from dataclasses import dataclass, field
from pathlib import Path

from disbursement.config import CustomersSection
from disbursement.customers.codes import KEY_BYTES_MIN
from disbursement.customers.screening import Screener
from disbursement.customers.sms import Sms, SmsGateway
from disbursement.errors import InvalidSetup


@dataclass(frozen=True)
class Codes:
    """Only with both are there any."""

    sms: Sms
    key: bytes


@dataclass(frozen=True)
class Desk:
    rules: CustomersSection
    codes: Codes | None = None  # none: nobody is enrolled
    screener: Screener = field(default_factory=Screener)


def open_desk(rules: CustomersSection | None) -> Desk | None:
    """Raises InvalidSetup."""
    if rules is None or rules.sms is None:
        return Desk(rules) if rules else None
    key = _secret(rules.sms.key_file, "customers.sms.key_file")
    if len(key) < KEY_BYTES_MIN:
        raise InvalidSetup(
            f"{rules.sms.key_file}: too short for a key (customers.sms.key_file); make it with "
            "`openssl rand -hex 32`"
        )
    authorization = None
    if rules.sms.auth_header_file is not None:
        place = "customers.sms.auth_header_file"
        authorization = _secret(rules.sms.auth_header_file, place).decode("latin-1")
    return Desk(rules, Codes(SmsGateway(rules.sms, authorization), key))


def _secret(path: Path, key: str) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError as failure:
        raise InvalidSetup(f"{path}: cannot be read ({key}): {failure.strerror}") from failure
