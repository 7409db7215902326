"""What the customer takes away: the claim code, the transaction, the receipt, whom to call."""

from dataclasses import dataclass

from kiosk.screen_link.snapshot import ScreenState
from ui.inputs import Inputs
from ui.pages.row import Row
from ui.pages.safe import holds_cash

EDGE_CHARS = 6  # of a transaction id, at either end

# Their pages have a place for the code.
CLAIMS_IN = {ScreenState.JAMMED, ScreenState.PAYING, ScreenState.PAID, ScreenState.QUEUED,
             ScreenState.DISPUTED, ScreenState.RECOVERING}  # fmt: skip


SAYS_COINS_LARGE = {ScreenState.PAYING, ScreenState.PAID, ScreenState.QUEUED}


@dataclass(frozen=True)
class Proof:
    claim_code: str = ""
    rows: tuple[Row, ...] = ()
    receipt: str = ""
    quote_line: str = ""  # what to do with the claim code
    call_line: str = ""  # where there is no claim code


def derive_proof(inputs: Inputs, *, away: bool = False) -> Proof:
    snapshot, translate = inputs.snapshot, inputs.translate
    in_doubt = snapshot.state is ScreenState.CANCELLED and snapshot.cash.disputed_bills > 0
    is_cut_off = away or snapshot.state is ScreenState.OUT_OF_SERVICE
    claims = snapshot.state in CLAIMS_IN or in_doubt or (holds_cash(inputs) and is_cut_off)
    claim_code = (snapshot.claim_code or "") if claims else ""
    quote = translate("Proof", "Quote it when you call {phone}.") if claim_code else ""
    call = translate("Proof", "Questions? Call {phone}.") if not claim_code else ""
    return Proof(
        claim_code=claim_code,
        rows=_rows(inputs),
        receipt=_receipt(inputs),
        quote_line=quote.format(phone=snapshot.support_phone),
        call_line=call.format(phone=snapshot.support_phone),
    )


def _rows(inputs: Inputs) -> tuple[Row, ...]:
    snapshot, translate = inputs.snapshot, inputs.translate
    rows = []
    if snapshot.cash.credited_minor:
        amount = inputs.money(snapshot.cash.credited_minor)
        rows.append(Row(translate("Proof", "Cash in"), amount))
    unsure_minor = snapshot.cash.disputed_minor + snapshot.cash.in_transit_minor
    if unsure_minor:
        rows.append(Row(translate("Proof", "Being checked"), inputs.money(unsure_minor)))
    coins = snapshot.payout.amount_base_units if snapshot.payout else snapshot.expected_base_units
    if coins and snapshot.state not in SAYS_COINS_LARGE:
        rows.append(Row(_coins_label(inputs), inputs.coins(coins)))
    if snapshot.payout and snapshot.payout.txid:
        rows.append(Row(translate("Proof", "Transaction"), _short(snapshot.payout.txid)))
    if snapshot.payout and snapshot.payout.confirmations:
        confirmations = inputs.language.number(snapshot.payout.confirmations)
        rows.append(Row(translate("Proof", "Confirmations"), confirmations))
    return tuple(rows)


def _coins_label(inputs: Inputs) -> str:
    if inputs.snapshot.network == "practice":
        return inputs.translate("Proof", "Would receive")
    return inputs.translate("Proof", "You receive")


def _short(txid: str) -> str:
    return f"{txid[:EDGE_CHARS]} … {txid[-EDGE_CHARS:]}"


def _receipt(inputs: Inputs) -> str:
    translate = inputs.translate
    match inputs.snapshot.receipt:
        case "printing":
            return translate("Proof", "Your receipt is being printed.")
        case "printed":
            return translate("Proof", "Please take your receipt.")
        case "unavailable":
            return translate("Proof", "No receipt can be printed. Please photograph this screen.")
        case _:
            return ""
