"""From the idle screen to the open slot."""

from kiosk.screen_link.intents import (
    CancelRequested,
    ScanAgainRequested,
    StartRequested,
    TermsAccepted,
    WalletConfirmed,
)
from ui.inputs import Inputs
from ui.pages.choices import cancel
from ui.pages.page import Choice, Page
from ui.pages.safe import holds_cash, kept_text, safe_text
from ui.words.faults import fault_text

STARTING = "starting"
OURS_TO_MIND = {"printer-paper-near-end"}  # nothing a customer would notice


def derive_idle_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    reasons = [code for code in inputs.snapshot.service.reasons if code not in OURS_TO_MIND]
    return Page(
        screen="idle",
        headline=translate("Idle", "Buy {coin} with cash").format(coin=inputs.coin_name),
        detail=translate("Idle", "You need your phone and your own wallet."),
        notice=fault_text(reasons[0], translate) if reasons else "",
        primary=Choice(translate("Idle", "Start"), StartRequested()),
    )


def derive_out_of_service_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    codes = inputs.snapshot.service.reasons
    if set(codes) == {STARTING}:
        return Page(
            screen="trouble",
            headline=translate("OutOfService", "One moment, please"),
            detail=fault_text(STARTING, translate),
            picture="wait",
        )
    if inputs.snapshot.claim_code and holds_cash(inputs):
        return Page(
            screen="trouble",
            headline=safe_text(inputs),
            picture="bill-closed",
            detail=kept_text(inputs),
        )
    reasons = dict.fromkeys(fault_text(code, translate) for code in codes)
    sorry = translate("OutOfService", "Sorry. Please come back later.")
    return Page(
        screen="trouble",
        headline=translate("OutOfService", "Out of service. No cash is taken now."),
        picture="bill-closed",
        detail="\n".join([*list(reasons)[:2], sorry]),
    )


def derive_warning_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    terms = translate(
        "Warning",
        "By going on you accept two things: {operator} sells at its own price, shown with its"
        " mark-up and fee before you insert cash; and {coin} that is sent cannot be called back.",
    )
    return Page(
        screen="warning",
        headline=translate("Warning", "Did someone send you here?"),
        detail=translate("Warning", "If so, stop here. It is a scam."),
        fine_print=terms.format(operator=inputs.snapshot.operator_name, coin=inputs.coin_name),
        primary=Choice(
            translate("Warning", "I send to my own wallet"),
            TermsAccepted(),
        ),
        leave=Choice(
            translate("Warning", "Someone is telling me\nto do this, or I am not sure"),
            CancelRequested(),
        ),
    )


def derive_scanning_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    return Page(
        screen="scan",
        headline=translate("Scanning", "Show your wallet's QR code to the camera"),
        detail=translate("Scanning", "In your wallet app, choose Receive."),
        picture="phone",
        leave=cancel(inputs),
    )


def derive_scanning_again_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    return Page(
        screen="scan",
        headline=translate("Scanning", "Show the code once more"),
        detail=translate("Scanning", "Take the phone away, then hold it to the camera again."),
        picture="phone",
        leave=cancel(inputs),
    )


def derive_confirming_wallet_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    return Page(
        screen="wallet",
        headline=translate("Wallet", "Is this your wallet's address?"),
        detail=translate("Wallet", "Compare the bright groups with the address on your phone."),
        meaning=translate(
            "Wallet",
            "Your declaration: I alone control this wallet, and nobody told me to send to it."
            " A code that somebody gave you is a scam: cancel.",
        ),
        primary=Choice(translate("Wallet", "This is my own wallet"), WalletConfirmed()),
        secondary=Choice(translate("Wallet", "No, scan again"), ScanAgainRequested()),
        leave=cancel(inputs),
    )


def derive_quoting_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    return Page(
        screen="steps",
        headline=translate("Quoting", "Getting the price"),
        detail=translate("Quoting", "This takes a few seconds."),
        picture="wait",
        leave=cancel(inputs),
    )


def derive_preparing_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    return Page(
        screen="steps",
        headline=translate("Preparing", "Fixing this price for you"),
        detail=translate(
            "Preparing", "We set your {coin} aside before you insert cash. A few seconds."
        ).format(coin=inputs.coin_name),
        picture="wait",
        leave=cancel(inputs),
    )
