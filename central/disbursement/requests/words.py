"""Disbursement requests in words, for a person at a terminal."""

from datetime import UTC, datetime
from decimal import Decimal

from disbursement.requests.models import RequestVersion
from disbursement.requests.states import State
from kiosk_wire.age import age

MEANING = {
    State.SUBMITTED: "waits for another person's yes",
    State.APPROVED: "may be sent",
    State.DENIED: "will not be paid",
    State.ORDERED: "funds locked, to be signed",
    State.NODE_ACK: "signed, not yet sent",
    State.SENT: "sent, waiting for a block",
    State.CONFIRMED: "paid",
    State.FAILED_TO_SEND: "the wallet could not cover it, or a limit held it up: nothing was ordered",
}
# What a person may do with it.
STEPS = {
    State.SUBMITTED: ("approve", "deny"),
    State.APPROVED: ("send", "deny"),
    State.FAILED_TO_SEND: ("send", "deny"),
}


def asked(request: RequestVersion) -> str:
    coins = f"{Decimal(request.amount_base_units).scaleb(-request.coin_exponent):f} {request.coin}"
    return f"{coins} to {request.address}, asked by {request.requested_by} for {request.purpose!r}"


def list_line(request: RequestVersion, now_ms: int) -> str:
    since = age(now_ms - request.at_ms)
    return f"{request.request_id}  {request.state:<14} for {since:<10}  {asked(request)}"


def history_lines(history: list[RequestVersion]) -> list[str]:
    """The newest version first says what is asked; then each link of the chain, the oldest first."""
    newest = history[-1]
    return [
        f"request {newest.request_id}: {newest.state}, {MEANING[State(newest.state)]}",
        f"  {asked(newest)}",
        f"  by way of {newest.requesting_app}, on network {newest.network}",
        *(_link(link) for link in history),
    ]


def _link(link: RequestVersion) -> str:
    at = datetime.fromtimestamp(link.at_ms / 1_000, UTC)
    return f"  {at:%Y-%m-%d %H:%M:%S} UTC  {link.state:<14}  {link.by}: {link.note}  [{link.version_id}]"
