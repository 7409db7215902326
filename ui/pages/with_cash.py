"""While the slot is open, until the customer says: send."""

from kiosk.screen_link.intents import InsertMoreRequested, SendRequested
from ui.inputs import Inputs
from ui.pages.choices import cancel, finish
from ui.pages.page import NO_CHOICE, Choice, Page
from ui.pages.safe import holds_cash, safe_text
from ui.words.faults import fault_text


def derive_inserting_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    cash = inputs.snapshot.cash
    if cash.takes_up_to_minor:
        headline = translate("Inserting", "Insert bills one by one")
        detail = translate("Inserting", "Bills up to {bill}. In all, up to {limit}.")
    else:
        headline = translate("Inserting", "That is all we can take in this sale")
        detail = translate("Inserting", "The limit of one sale is {limit}.")
    return Page(
        screen="cash",
        headline=headline,
        detail=detail.format(
            bill=inputs.bills(cash.takes_up_to_minor), limit=inputs.bills(cash.limit_minor)
        ),
        picture="bill-in" if cash.takes_up_to_minor else "none",
        primary=finish(inputs),
        leave=cancel(inputs),
    )


def derive_stacking_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    bill = inputs.bills(inputs.snapshot.cash.in_transit_minor)
    return Page(
        screen="cash",
        headline=translate("Stacking", "Taking your {bill}").format(bill=bill),
        detail=translate("Stacking", "The bill is going into the cash box. One second."),
        picture="bill-away",
        primary=finish(inputs),
        leave=cancel(inputs),
    )


def derive_returning_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    bill = inputs.bills(inputs.snapshot.cash.in_transit_minor)
    return Page(
        screen="cash",
        headline=translate("Returning", "Please take back your {bill}").format(bill=bill),
        detail=translate("Returning", "It is coming out of the slot. It was not counted."),
        picture="bill-out",
        primary=finish(inputs),
        leave=cancel(inputs),
    )


def derive_jammed_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    cause = fault_text(inputs.snapshot.jam_code or "", translate)
    after = translate(
        "Jammed",
        "The machine is trying to free it. If it cannot, our staff will, and nothing is lost.",
    )
    return Page(
        screen="trouble",
        headline=safe_text(inputs),
        detail=f"{cause}\n{after}",
        picture="bill-stuck",
        primary=finish(inputs),
        leave=cancel(inputs),
    )


def derive_reviewing_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    coins = inputs.coins(inputs.snapshot.expected_base_units)
    more = Choice(translate("Reviewing", "Insert more bills"), InsertMoreRequested())
    return Page(
        screen="review",
        headline=translate("Reviewing", "Send to this wallet now?"),
        detail=translate("Reviewing", "Once it is sent, nobody can call it back."),
        primary=Choice(
            translate("Reviewing", "Send {coins}").format(coins=coins), SendRequested()
        ),
        secondary=more if inputs.snapshot.cash.takes_up_to_minor else NO_CHOICE,
        leave=cancel(inputs),
    )


def derive_recovering_page(inputs: Inputs) -> Page:
    translate = inputs.translate
    checking = translate(
        "Recovering",
        "The machine has restarted and is checking where every bill is. This takes under a minute.",
    )
    return Page(
        screen="trouble",
        headline=safe_text(inputs)
        if holds_cash(inputs)
        else translate("Recovering", "One moment, please"),
        detail=checking,
        picture="wait",
    )
