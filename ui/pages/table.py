"""Which function derives the page of which state, and what is said above it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from kiosk.screen_link.snapshot import ScreenState
from ui.inputs import Inputs
from ui.pages import after_cash, before_cash, with_cash
from ui.pages.page import Page
from ui.pages.proof import CLAIMS_IN
from ui.words.notices import doubt_text, notice_text

PAGES: dict[ScreenState, Callable[[Inputs], Page]] = {
    ScreenState.IDLE: before_cash.derive_idle_page,
    ScreenState.OUT_OF_SERVICE: before_cash.derive_out_of_service_page,
    ScreenState.WARNING: before_cash.derive_warning_page,
    ScreenState.SCANNING: before_cash.derive_scanning_page,
    ScreenState.SCANNING_AGAIN: before_cash.derive_scanning_again_page,
    ScreenState.CONFIRMING_WALLET: before_cash.derive_confirming_wallet_page,
    ScreenState.QUOTING: before_cash.derive_quoting_page,
    ScreenState.PREPARING: before_cash.derive_preparing_page,
    ScreenState.INSERTING: with_cash.derive_inserting_page,
    ScreenState.STACKING: with_cash.derive_stacking_page,
    ScreenState.RETURNING: with_cash.derive_returning_page,
    ScreenState.JAMMED: with_cash.derive_jammed_page,
    ScreenState.REVIEWING: with_cash.derive_reviewing_page,
    ScreenState.PAYING: after_cash.derive_paying_page,
    ScreenState.PAID: after_cash.derive_paid_page,
    ScreenState.QUEUED: after_cash.derive_queued_page,
    ScreenState.DISPUTED: after_cash.derive_disputed_page,
    ScreenState.CANCELLED: after_cash.derive_cancelled_page,
    ScreenState.RECOVERING: with_cash.derive_recovering_page,
}

# What these pages say contains the notice, or (the warning) must not be drowned by one.
SPEAKS_FOR_ITSELF = {
    ScreenState.WARNING,
    ScreenState.QUEUED,
    ScreenState.DISPUTED,
    ScreenState.CANCELLED,
}
# Here a bill in doubt stands beside what is said anyway: the next bill goes in.
WITH_SLOT = {ScreenState.INSERTING, ScreenState.STACKING, ScreenState.RETURNING}


def derive_page(inputs: Inputs) -> Page:
    snapshot = inputs.snapshot
    page = PAGES[snapshot.state](inputs)
    if snapshot.state in SPEAKS_FOR_ITSELF:
        return page
    return replace(page, notice="\n".join(_notices(inputs)) or page.notice)


def _notices(inputs: Inputs) -> Iterator[str]:
    """A bill in doubt is named with its code, unless the page shows the code large. Beside the camera's picture
    stands a hint that knows better why a code cannot be read."""
    snapshot, notice = inputs.snapshot, inputs.snapshot.notice
    if snapshot.cash.disputed_bills and snapshot.state not in CLAIMS_IN:
        yield doubt_text(inputs)
        if snapshot.state not in WITH_SLOT or (notice and notice.code == "bill_disputed"):
            return
    if notice and not (notice.code == "qr_unreadable" and inputs.shows_camera):
        yield notice_text(notice, inputs)
