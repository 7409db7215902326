"""A phone number as a person types it, and as everyone else writes it."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from disbursement.config import CustomersSection
from disbursement.errors import InvalidInput

# Codes to others cost the operator much, and their owner nothing.
MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def read_phone(rules: CustomersSection, typed: str) -> str:
    """In E.164. Raises InvalidInput, whose text does not repeat the number."""
    try:
        number = phonenumbers.parse(typed, rules.region)
    except NumberParseException as unreadable:
        raise InvalidInput("this is no phone number") from unreadable
    if not phonenumbers.is_valid_number(number):
        raise InvalidInput("there is no such phone number")
    if phonenumbers.region_code_for_number(number) not in rules.served:
        raise InvalidInput(f"codes go to phones of {', '.join(sorted(rules.served))} alone")
    if phonenumbers.number_type(number) not in MOBILE:
        raise InvalidInput("codes go to mobile phones alone")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def masked(phone: str | None) -> str:
    """Enough to tell two apart, and too little to ring either."""
    return "erased" if phone is None else f"{phone[:2]}{'*' * (len(phone) - 4)}{phone[-2:]}"
