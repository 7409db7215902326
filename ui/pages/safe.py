"""What is safe, said first wherever something goes wrong."""

from ui.inputs import Inputs


def safe_text(inputs: Inputs) -> str:
    """The cash of this sale that is in the machine's books, in one sentence.

    A bill on its way is in the journal since before it began to move.
    """
    translate = inputs.translate
    recorded_minor = _recorded_minor(inputs)
    if recorded_minor:
        amount = inputs.bills(recorded_minor)
        return translate("Safe", "Your {amount} is recorded.").format(amount=amount)
    if inputs.snapshot.cash.disputed_bills:
        return translate("Safe", "Your bill is recorded.")
    if inputs.snapshot.session_id:
        return translate("Safe", "No cash was taken.")
    return translate("Safe", "No cash is taken now.")


def kept_text(inputs: Inputs) -> str:
    """What becomes of it while the machine cannot go on."""
    return inputs.translate(
        "Away",
        "It stays recorded under this code. When the machine is back, it finishes your sale by"
        " itself, or our staff settle it with you; you need not wait here.",
    )


def holds_cash(inputs: Inputs) -> bool:
    return _recorded_minor(inputs) > 0 or inputs.snapshot.cash.disputed_bills > 0


def _recorded_minor(inputs: Inputs) -> int:
    cash = inputs.snapshot.cash
    return cash.credited_minor + cash.disputed_minor + cash.in_transit_minor
