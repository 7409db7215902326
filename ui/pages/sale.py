"""What has happened so far in this sale: amounts, price, and where it goes."""

from dataclasses import dataclass

from kiosk.screen_link.snapshot import QuoteView, ScreenState
from ui.inputs import Inputs
from ui.pages.row import Row

GROUP_CHARS = 4
STRONG_AT_START = 3  # the first alone, bc1p or bcrt, is the same in all such addresses
STRONG_AT_END = 2
LABEL_CHARS = 24  # of the wallet's own words: enough to know it by, too few for a story
FRESH_MS = 10_000  # a price younger than this is from just now
AGE_STEP_S = 10  # coarser than the eye, so that the text does not tick


SLOT_OPEN = {ScreenState.INSERTING, ScreenState.STACKING, ScreenState.RETURNING}


@dataclass(frozen=True)
class AddressGroup:
    text: str
    strong: bool  # at the beginning and at the end, where people compare


@dataclass(frozen=True)
class Sale:
    credited: str = ""
    coin_amount: str = ""
    coin_unit: str = ""
    coin_label: str = ""
    price_rows: tuple[Row, ...] = ()
    address_groups: tuple[AddressGroup, ...] = ()
    wallet_caption: str = ""
    wallet_claims: str = ""


def derive_sale(inputs: Inputs) -> Sale:
    snapshot = inputs.snapshot
    coins = snapshot.payout.amount_base_units if snapshot.payout else snapshot.expected_base_units
    return Sale(
        credited=inputs.bills(snapshot.cash.credited_minor) if snapshot.session_id else "",
        coin_amount=inputs.coin_number(coins) if coins or snapshot.state in SLOT_OPEN else "",
        coin_unit=snapshot.coin,
        coin_label=_coin_label(inputs),
        price_rows=_price_rows(snapshot.quote, inputs) if snapshot.quote else (),
        address_groups=group_address(snapshot.address or "") if _goes_somewhere(inputs) else (),
        wallet_caption=_wallet_caption(inputs),
        wallet_claims=_wallet_claims(inputs),
    )


def _coin_label(inputs: Inputs) -> str:
    if inputs.snapshot.network == "practice":
        return inputs.translate("Sale", "You would receive")
    return inputs.translate("Sale", "You receive")


def _goes_somewhere(inputs: Inputs) -> bool:
    """A disputed sale sends nothing to the wallet: it is settled by hand."""
    return inputs.snapshot.state is not ScreenState.DISPUTED


def group_address(address: str) -> tuple[AddressGroup, ...]:
    starts = range(0, len(address), GROUP_CHARS)
    return tuple(
        AddressGroup(
            address[start : start + GROUP_CHARS],
            strong=index < STRONG_AT_START or index >= len(starts) - STRONG_AT_END,
        )
        for index, start in enumerate(starts)
    )


def _wallet_caption(inputs: Inputs) -> str:
    text = inputs.translate("Sale", "{coin} to this wallet. Network: {network}")
    return text.format(coin=inputs.coin_name.capitalize(), network=inputs.network_name)


def _wallet_claims(inputs: Inputs) -> str:
    """What the code says of itself. Anybody may have written it, so it is never said as the machine's own word."""
    snapshot, translate, lines = inputs.snapshot, inputs.translate, []
    if snapshot.wallet_label:
        says = translate("Sale", "The code says, unchecked: “{label}”")
        lines.append(says.format(label=_shortened(snapshot.wallet_label)))
    if snapshot.requested_base_units:
        asks = translate("Sale", "It asks for {coins}. Your cash decides.")
        lines.append(asks.format(coins=inputs.coins(snapshot.requested_base_units)))
    return "\n".join(lines)


def _shortened(label: str) -> str:
    return label if len(label) <= LABEL_CHARS else f"{label[: LABEL_CHARS - 1]}…"


def _price_rows(quote: QuoteView, inputs: Inputs) -> tuple[Row, ...]:
    translate = inputs.translate
    coin = inputs.snapshot.coin
    return (
        Row(
            translate("Sale", "1 {coin} on the market").format(coin=coin),
            inputs.money(quote.market_price_minor),
        ),
        Row(translate("Sale", "Mark-up"), inputs.language.percent(quote.markup_bps)),
        Row(
            translate("Sale", "1 {coin} for you").format(coin=coin),
            inputs.money(quote.price_minor),
        ),
        Row(translate("Sale", "Fee"), inputs.money(quote.fee_minor)),
        Row(translate("Sale", "Price from"), f"{quote.price_source}, {_age(quote, inputs)}"),
    )


def _age(quote: QuoteView, inputs: Inputs) -> str:
    age_ms = quote.price_age_ms + inputs.since_snapshot_ms
    if age_ms < FRESH_MS:
        return inputs.translate("Sale", "just now")
    age_s = age_ms // 1000
    if age_s < 60:
        text = inputs.translate("Sale", "{n} s ago")
        return text.format(n=inputs.language.number(age_s // AGE_STEP_S * AGE_STEP_S))
    text = inputs.translate("Sale", "{n} min ago")
    return text.format(n=inputs.language.number(age_s // 60))
