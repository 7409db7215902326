"""How long each state may last, in seconds. Nothing waits for ever."""

from pydantic import BaseModel, ConfigDict, PositiveFloat

from kiosk.session.states import State


class Deadlines(BaseModel):
    """Choices, not measurements: a slow reader's minute before cash, a payer's patience after it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    warning_s: PositiveFloat = 60
    scanning_s: PositiveFloat = 90
    scanning_again_s: PositiveFloat = 60
    confirming_wallet_s: PositiveFloat = 60
    quoting_s: PositiveFloat = 20
    preparing_s: PositiveFloat = 30
    inserting_s: PositiveFloat = 120
    stacking_s: PositiveFloat = 60  # ID-003 and CCNET complete a stack within 30 s
    returning_s: PositiveFloat = 60
    jammed_s: PositiveFloat = 180  # a shop assistant with a key, or a plug put back
    reviewing_s: PositiveFloat = 60
    paying_s: PositiveFloat = 25
    paid_s: PositiveFloat = 45
    queued_s: PositiveFloat = 60
    disputed_s: PositiveFloat = 120
    cancelled_s: PositiveFloat = 8
    recovering_s: PositiveFloat = 90

    def of(self, state: State) -> float | None:
        """None for IDLE, which alone may last."""
        return None if state is State.IDLE else float(getattr(self, f"{state.value}_s"))
