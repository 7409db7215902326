"""The states of a disbursement request, as channels hear of them."""

from kiosk_wire.channel import DisbursementState as State

__all__ = ["State"]
