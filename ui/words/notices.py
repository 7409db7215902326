"""What a notice says, by code: what happened and what the customer can do about it."""

from kiosk.screen_link.snapshot import Notice
from ui.inputs import Inputs
from ui.words import QT_TRANSLATE_NOOP
from ui.words.faults import fault_text

_UNKNOWN = QT_TRANSLATE_NOOP("Notices", "Something did not go as planned. Nothing is lost.")

_AT_LIMIT = QT_TRANSLATE_NOOP(
    "Notices", "That bill was given back: this sale has reached its limit."
)

_TOO_LITTLE = QT_TRANSLATE_NOOP(
    "Notices",
    "Too little to send. Insert more, or press Finish again and our staff will settle it with you.",
)

_UNKNOWN_BILL = QT_TRANSLATE_NOOP(
    "Notices", "Your bill is recorded. Our staff will check where it is."
)

_CODE = QT_TRANSLATE_NOOP("Notices", "Your claim code: {code}")

NOTICES = {
    "bill_over_limit": QT_TRANSLATE_NOOP(
        "Notices", "That bill is too large. The largest we can take now is {amount}."
    ),
    "bill_rejected_inserted_badly": QT_TRANSLATE_NOOP(
        "Notices", "That bill went in crooked. Please flatten it and insert it again."
    ),
    "bill_rejected_not_recognised": QT_TRANSLATE_NOOP(
        "Notices", "That bill was not recognised. Please try another one."
    ),
    "bill_rejected_not_taken_now": QT_TRANSLATE_NOOP(
        "Notices", "That bill came too early. Please insert it again."
    ),
    "bill_rejected_machine": QT_TRANSLATE_NOOP(
        "Notices", "The machine gave that bill back. Please try again."
    ),
    "bill_rejected_other": QT_TRANSLATE_NOOP(
        "Notices", "That bill was given back. Please try another one."
    ),
    "bill_returned": QT_TRANSLATE_NOOP("Notices", "Please take back your bill."),
    "qr_unreadable": QT_TRANSLATE_NOOP(
        "Notices", "That code could not be read. Hold the phone still, with the screen bright."
    ),
    "qr_not_the_same_wallet": QT_TRANSLATE_NOOP(
        "Notices", "That was not the same wallet. Please begin again with your own wallet's code."
    ),
    "qr_wrong_coin": QT_TRANSLATE_NOOP(
        "Notices", "That code is for another currency. Please show a {coin} address."
    ),
    "qr_wrong_network": QT_TRANSLATE_NOOP(
        "Notices", "That address is for another network. This machine cannot send to it."
    ),
    "qr_bad_address": QT_TRANSLATE_NOOP(
        "Notices", "That address has a mistake in it. Please make a new code in your wallet."
    ),
    "qr_expired": QT_TRANSLATE_NOOP(
        "Notices", "The time of that payment request is over. Please make a new one."
    ),
    "qr_fixed_amount": QT_TRANSLATE_NOOP(
        "Notices", "That code asks for an exact amount. Please make one without an amount."
    ),
    "qr_token_contract": QT_TRANSLATE_NOOP(
        "Notices",
        "That is the address of a token, and nobody's wallet. In your wallet app, choose Receive.",
    ),
    "qr_web_page": QT_TRANSLATE_NOOP(
        "Notices", "That code is a web page, not a wallet. In your wallet app, choose Receive."
    ),
    "qr_contact": QT_TRANSLATE_NOOP(
        "Notices", "That code is a contact, not a wallet. In your wallet app, choose Receive."
    ),
    "qr_not_a_wallet": QT_TRANSLATE_NOOP(
        "Notices", "That code is not a wallet. In your wallet app, choose Receive."
    ),
    "qr_unsupported": QT_TRANSLATE_NOOP(
        "Notices", "This machine cannot send to that kind of code. Please show a {coin} address."
    ),
    "qr_private_key": QT_TRANSLATE_NOOP(
        "Notices",
        "That code is a secret key. Never show it to anyone: show the address to receive.",
    ),
    "central_unreachable": QT_TRANSLATE_NOOP(
        "Notices", "Our service cannot be reached right now."
    ),
    "central_refused": QT_TRANSLATE_NOOP("Notices", "Our service could not accept this sale."),
    "central_confused": QT_TRANSLATE_NOOP(
        "Notices", "Our service gave an answer we could not use. Our staff have been told."
    ),
    "funds_unavailable": QT_TRANSLATE_NOOP(
        "Notices", "We do not have enough {coin} for this sale right now."
    ),
    "timed_out": QT_TRANSLATE_NOOP("Notices", "There was no answer for a while."),
    "cancelled_by_customer": QT_TRANSLATE_NOOP("Notices", "You cancelled this sale."),
    "bill_disputed": QT_TRANSLATE_NOOP(
        "Notices", "Your {amount} bill is recorded. Our staff will check where it is."
    ),
    "amount_too_small": QT_TRANSLATE_NOOP(
        "Notices",
        "Too little to send: at least {amount} is needed. Insert more, or press Finish again and"
        " our staff will settle it with you.",
    ),
    "storage": QT_TRANSLATE_NOOP("Notices", "The machine cannot keep its records right now."),
    "restarted": QT_TRANSLATE_NOOP("Notices", "The machine restarted. Nothing is lost."),
}


def doubt_text(inputs: Inputs) -> str:
    snapshot = inputs.snapshot
    doubt = Notice(code="bill_disputed", amount_minor=snapshot.cash.disputed_minor)
    code = inputs.translate("Notices", _CODE).format(code=snapshot.claim_code)
    return f"{notice_text(doubt, inputs)} {code}"


def notice_text(notice: Notice, inputs: Inputs) -> str:
    if notice.code == "device_fault":
        return fault_text(notice.fault_code or "", inputs.translate)
    if notice.code == "bill_over_limit" and not notice.amount_minor:
        return inputs.translate("Notices", _AT_LIMIT)
    if notice.code == "amount_too_small" and not notice.amount_minor:
        return inputs.translate("Notices", _TOO_LITTLE)
    if notice.code == "bill_disputed" and not notice.amount_minor:
        return inputs.translate("Notices", _UNKNOWN_BILL)
    text = inputs.translate("Notices", NOTICES.get(notice.code.replace("-", "_"), _UNKNOWN))
    return text.format(amount=inputs.bills(notice.amount_minor or 0), coin=inputs.coin_name)
