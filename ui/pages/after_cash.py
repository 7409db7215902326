"""How a sale ends."""

from ui.inputs import Inputs
from ui.pages.choices import done
from ui.pages.page import Page
from ui.pages.safe import holds_cash, safe_text
from ui.words.notices import notice_text

RECEIPT_PICTURES = {"printing": "receipt", "printed": "receipt"}


def derive_paying_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    return Page(
        screen="outcome",
        headline=translate("Paying", "Sending your {coin}").format(coin=inputs.coin_name),
        detail=translate("Paying", "Your {amount} is recorded. This takes a few seconds.").format(
            amount=inputs.bills(inputs.snapshot.cash.credited_minor)
        ),
        picture="wait",
    )


def derive_paid_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    headline = translate("Paid", "Your {coin} is on its way")
    detail = translate(
        "Paid", "Your wallet shows it within minutes. It is final after about an hour."
    )
    if inputs.snapshot.network == "practice":
        headline = translate("Paid", "The practice sale is done")
        detail = translate("Paid", "This was practice: no {coin} was sent.")
    return Page(
        screen="outcome",
        headline=headline.format(coin=inputs.coin_name),
        detail=detail.format(coin=inputs.coin_name),
        picture=RECEIPT_PICTURES.get(inputs.snapshot.receipt, "tick"),
        primary=done(inputs),
    )


def derive_queued_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    return Page(
        screen="outcome",
        headline=safe_text(inputs),
        detail=translate(
            "Queued",
            "Our service cannot be reached right now. Your {coin} is sent by itself as soon as it"
            " can be; you need not wait here.",
        ).format(coin=inputs.coin_name),
        picture=RECEIPT_PICTURES.get(inputs.snapshot.receipt, "tick"),
        primary=done(inputs),
    )


def derive_disputed_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    lost_sight = translate(
        "Disputed",
        "The machine cannot tell where this bill is. Our staff will open the machine, find it"
        " and settle it with you.",
    )
    refund = translate(
        "Disputed",
        "It cannot be sent as {coin}, so our staff will pay it back to you. Please call us.",
    ).format(coin=inputs.coin_name)
    stuck = translate(
        "Disputed",
        "If a bill is stuck, our staff will take it out and settle it with you. Please call us.",
    )
    cash = inputs.snapshot.cash
    return Page(
        screen="outcome",
        headline=safe_text(inputs)
        if holds_cash(inputs)
        else translate("Disputed", "No cash was counted."),
        detail=lost_sight if cash.disputed_bills else refund if cash.credited_minor else stuck,
        picture=RECEIPT_PICTURES.get(inputs.snapshot.receipt, "none"),
        primary=done(inputs),
    )


def derive_cancelled_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    notice = inputs.snapshot.notice
    goodbye = translate("Cancelled", "You may start again at any time.")
    reason = [notice_text(notice, inputs)] if notice else []
    return Page(
        screen="outcome",
        headline=safe_text(inputs),
        detail="\n".join([*reason, goodbye]),
        picture="again",
        primary=done(inputs),
    )
