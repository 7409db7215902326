"""One snapshot for every state, as a core would send it: for pictures and tests of the screen."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from kiosk.screen_link.preview import CameraFrame
from kiosk.screen_link.snapshot import (
    CashView,
    DeadlineView,
    Notice,
    PayoutView,
    QuoteView,
    ScreenState,
    ServiceView,
    Snapshot,
)

ADDRESS = "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr"  # BIP-341 test vector
TXID = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"  # the first transaction

_QUOTE = QuoteView(
    market_price_minor=9_700_000,
    price_minor=10_185_000,
    markup_bps=500,
    fee_minor=150,
    price_source="Coinbase",
    price_age_ms=42_000,
)
_PREPARED = {"session_id": "s1", "claim_code": "7K3Q-9MXD", "address": ADDRESS, "quote": _QUOTE}
_DEADLINE = DeadlineView(left_ms=47_000, total_ms=60_000)
_CASH = CashView(credited_minor=4_000, limit_minor=50_000, takes_up_to_minor=10_000)
_COINS = 37_800


def sample(state: ScreenState, **changes: object) -> Snapshot:
    """The state in the middle of a sale of $40, or as `changes` say."""
    values: dict[str, object] = {
        "state": state,
        "service": ServiceView(status="in_service"),
        "kiosk_name": "Central Station, hall B",
        "operator_name": "Helvetia Coins Inc.",
        "support_phone": "+1 555 010 0199",
        "currency": "USD",
        "network": "bitcoin",
        **_STATES[state],
        **changes,
    }
    return Snapshot.model_validate(values)


def sample_frame(hint: str = "hold_still") -> CameraFrame:
    """What a camera might see: a phone with a code, before a wall. Drawn, since nobody's picture belongs here."""
    image = QImage(480, 360, QImage.Format.Format_BGR888)
    image.fill(QColor("#57636b"))
    painter = QPainter(image)
    painter.setPen(QColor("#222222"))
    painter.setBrush(QColor("#111111"))
    painter.drawRoundedRect(QRectF(110, 20, 220, 400), 24, 24)
    painter.fillRect(QRectF(124, 44, 192, 330), QColor("#f2f2ee"))
    for index in range(_CODE_MODULES**2):
        row, column = divmod(index, _CODE_MODULES)
        if _is_dark(row, column):
            module = QRectF(_CODE_X + column * 6, _CODE_Y + row * 6, 6, 6)
            painter.fillRect(module, QColor("#101010"))
    painter.end()
    side = _CODE_MODULES * 6
    corners = ((0, 0), (side, 0), (side, side), (0, side))
    return CameraFrame(
        written_ns=1,
        width=image.width(),
        height=image.height(),
        channels=3,
        outline=tuple(((_CODE_X + x) / 480, (_CODE_Y + y) / 360) for x, y in corners),
        hint=hint,
        pixels=bytes(image.constBits()),
    )


_CODE_MODULES = 25
_CODE_X, _CODE_Y = 145, 110


def _is_dark(row: int, column: int) -> bool:
    """Finder patterns in three corners, and something between that no wallet reads."""
    for top, left in ((0, 0), (0, 18), (18, 0)):
        ring = max(abs(row - top - 3), abs(column - left - 3))
        if ring <= 4:
            return ring in (0, 1, 3)
    return (row * 7 + column * 13 + row * column) % 5 < 2


def _in_transit(bill_minor: int) -> CashView:
    return _CASH.model_copy(update={"in_transit_minor": bill_minor})


_WITH_CASH = {**_PREPARED, "cash": _CASH, "expected_base_units": _COINS, "can_finish": True}
_PAYOUT = PayoutView(amount_base_units=_COINS)

_STATES: dict[ScreenState, dict[str, object]] = {
    ScreenState.IDLE: {},
    ScreenState.OUT_OF_SERVICE: {
        "service": ServiceView(status="out_of_service", reasons=("cashbox-full",))
    },
    ScreenState.WARNING: {"session_id": "s1", "deadline": _DEADLINE, "can_cancel": True},
    ScreenState.SCANNING: {
        "session_id": "s1",
        "deadline": _DEADLINE,
        "can_cancel": True,
        "notice": Notice(code="qr_unreadable"),
    },
    ScreenState.SCANNING_AGAIN: {
        "session_id": "s1",
        "address": ADDRESS,
        "deadline": _DEADLINE,
        "can_cancel": True,
    },
    ScreenState.CONFIRMING_WALLET: {
        "session_id": "s1",
        "address": ADDRESS,
        "wallet_label": "Savings",
        "requested_base_units": 250_000,
        "deadline": _DEADLINE,
        "can_cancel": True,
    },
    ScreenState.QUOTING: {"session_id": "s1", "address": ADDRESS, "can_cancel": True},
    ScreenState.PREPARING: {**_PREPARED, "can_cancel": True},
    ScreenState.INSERTING: {**_WITH_CASH, "deadline": _DEADLINE},
    ScreenState.STACKING: {**_WITH_CASH, "cash": _in_transit(2_000), "can_finish": False},
    ScreenState.RETURNING: {
        **_WITH_CASH,
        "cash": _in_transit(10_000),
        "can_finish": False,
        "notice": Notice(code="bill_over_limit", amount_minor=5_000),
    },
    ScreenState.JAMMED: {
        **_WITH_CASH,
        "cash": _in_transit(2_000),
        "can_finish": False,
        "jam_code": "acceptor-jam",
    },
    ScreenState.REVIEWING: {**_WITH_CASH, "deadline": _DEADLINE},
    ScreenState.PAYING: {**_WITH_CASH, "payout": _PAYOUT, "can_finish": False},
    ScreenState.PAID: {
        **_WITH_CASH,
        "payout": PayoutView(amount_base_units=_COINS, txid=TXID),
        "receipt": "printed",
        "deadline": _DEADLINE,
        "can_finish": False,
    },
    ScreenState.QUEUED: {
        **_WITH_CASH,
        "receipt": "unavailable",
        "deadline": _DEADLINE,
        "can_finish": False,
    },
    ScreenState.DISPUTED: {
        **_PREPARED,
        "cash": CashView(disputed_minor=2_000, disputed_bills=1),
        "receipt": "printing",
        "deadline": _DEADLINE,
    },
    ScreenState.CANCELLED: {
        "session_id": "s1",
        "notice": Notice(code="timed_out"),
        "deadline": _DEADLINE,
    },
    ScreenState.RECOVERING: {**_WITH_CASH, "can_finish": False},
}
