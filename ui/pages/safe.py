"""What is safe, said first wherever something goes wrong."""

from ui.inputs import Inputs


def safe_text(inputs: Inputs) -> str:
    """The cash of this sale that the machine has in its books, in one sentence."""
    cash = inputs.snapshot.cash
    recorded = cash.credited_minor + cash.disputed_minor
    translate = inputs.translate
    if recorded:
        amount = inputs.bills(recorded)
        return translate("Safe", "Your {amount} is recorded.").format(amount=amount)
    if cash.in_transit_minor:
        amount = inputs.bills(cash.in_transit_minor)
        return translate("Safe", "Your {amount} bill is recorded.").format(amount=amount)
    if inputs.snapshot.session_id:
        return translate("Safe", "No cash was taken.")
    return translate("Safe", "No cash is taken now.")


def holds_cash(inputs: Inputs) -> bool:
    cash = inputs.snapshot.cash
    return bool(cash.credited_minor + cash.disputed_minor + cash.in_transit_minor)
