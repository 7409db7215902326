"""The states of a disbursement request."""

from enum import StrEnum


class State(StrEnum):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DENIED = "denied"
    ORDERED = "ordered"  # funds locked and the payout ordered, in one transaction
    NODE_ACK = "node_ack"  # the node signed it, and the bytes are stored
    SENT = "sent"  # the network accepted it
    CONFIRMED = "confirmed"
    FAILED_TO_SEND = "failed_to_send"  # nothing was ordered: it may be sent again
