"""The snapshot for the screen, derived whole from what the core knows."""

from kiosk.config import Config
from kiosk.health import Health
from kiosk.screen_link.snapshot import (
    CashView,
    DeadlineView,
    PayoutView,
    QuoteView,
    ScreenState,
    ServiceView,
    Snapshot,
)
from kiosk.session.memory import Memory, Sale
from kiosk.session.states import BEFORE_CASH, State


def derive_snapshot(  # noqa: PLR0913  # the whole truth, from all that is known
    config: Config,
    state: State,
    memory: Memory,
    health: Health,
    *,
    now_ms: int,
    deadline: DeadlineView | None = None,
) -> Snapshot:
    service = health.service()
    sale = memory.sale
    destination = sale.destination if sale else None
    in_transit_minor = memory.transit.value_minor if memory.transit else 0
    return Snapshot(
        state=_screen(state, service),
        service=service,
        kiosk_name=config.kiosk.name,
        operator_name=config.operator.name,
        support_phone=config.operator.support_phone,
        currency=config.kiosk.currency,
        network=config.kiosk.network,
        language=sale.language if sale else memory.language,
        languages=config.kiosk.languages,
        session_id=sale.session_id if sale else None,
        claim_code=sale.claim_code if sale else None,
        deadline=deadline,
        notice=memory.notice,
        address=destination.address if destination else None,
        wallet_label=destination.label if destination else None,
        requested_base_units=destination.requested_base_units if destination else None,
        quote=_quote(sale, now_ms),
        cash=_cash(sale, health, in_transit_minor),
        expected_base_units=sale.expected_base_units if sale else 0,
        payout=_payout(sale),
        receipt=sale.receipt if sale else "none",
        jam_code=memory.jam_code,
        can_cancel=_can_cancel(state, sale),
        can_finish=_can_finish(state, sale, in_transit_minor),
    )


def service_in_words(state: State, health: Health) -> str:
    """One line for `systemctl status`."""
    service = health.service()
    reasons = f" ({', '.join(service.reasons)})" if service.reasons else ""
    return f"{service.status.replace('_', ' ')}{reasons}; {state.value}"


def _screen(state: State, service: ServiceView) -> ScreenState:
    if state is State.IDLE and service.status == "out_of_service":
        return ScreenState.OUT_OF_SERVICE
    return ScreenState(state.value)


def _can_cancel(state: State, sale: Sale | None) -> bool:
    return state in BEFORE_CASH or (
        state is State.INSERTING and sale is not None and not sale.credited_minor
    )


def _can_finish(state: State, sale: Sale | None, in_transit_minor: int) -> bool:
    return (
        state in (State.INSERTING, State.JAMMED)
        and sale is not None
        and sale.credited_minor > 0
        and not in_transit_minor
    )


def _quote(sale: Sale | None, now_ms: int) -> QuoteView | None:
    if sale is None or sale.quote is None:
        return None
    quote = sale.quote
    return QuoteView(
        market_price_minor=quote.market_price_minor,
        price_minor=quote.price_minor,
        markup_bps=quote.markup_bps,
        fee_minor=quote.fee_minor,
        price_source=quote.price_source,
        price_age_ms=max(0, now_ms - quote.price_as_of_ms),
    )


def _cash(sale: Sale | None, health: Health, in_transit_minor: int) -> CashView:
    if sale is None:
        return CashView(in_transit_minor=in_transit_minor)
    room_minor = sale.limit_minor - sale.credited_minor
    fitting = [b.value_minor for b in health.denominations if b.value_minor <= room_minor]
    return CashView(
        credited_minor=sale.credited_minor,
        disputed_minor=sale.disputed_minor,
        disputed_bills=sale.disputed_bills,
        limit_minor=sale.limit_minor,
        takes_up_to_minor=max(fitting, default=0),
        in_transit_minor=in_transit_minor,
    )


def _payout(sale: Sale | None) -> PayoutView | None:
    if sale is None or sale.payout is None:
        return None
    payout = sale.payout
    return PayoutView(
        amount_base_units=payout.amount_base_units,
        txid=payout.txid,
        confirmations=payout.confirmations,
    )
