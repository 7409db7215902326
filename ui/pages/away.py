"""What is said while the core does not answer, from what was last known."""

from ui.inputs import Inputs
from ui.pages.page import Page
from ui.pages.safe import holds_cash, kept_text, safe_text

PATIENCE_MS = 15_000  # a core that restarts is back within seconds; after this, say what is safe


def derive_away_page(inputs: Inputs | None, away_ms: int) -> Page:
    """Without any snapshot yet nobody knows the customer's language, so both are spoken."""
    if inputs is None:
        return Page(
            screen="trouble",
            headline="One moment, please",
            detail="Un momento, por favor",
            picture="wait",
        )
    translate = inputs.translate
    if away_ms < PATIENCE_MS:
        return Page(
            screen="trouble",
            headline=safe_text(inputs)
            if holds_cash(inputs)
            else translate("Away", "One moment, please"),
            detail=translate("Away", "The machine is getting ready."),
            picture="wait",
        )
    if holds_cash(inputs):
        headline = safe_text(inputs)
        detail = kept_text(inputs)
    else:
        headline = translate("Away", "Out of service. All money this machine took is recorded.")
        detail = translate(
            "Away", "The machine is out of service right now. Please call us if you need help."
        )
    return Page(screen="trouble", headline=headline, detail=detail, picture="bill-closed")
