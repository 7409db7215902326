"""The scripted customer: buys coins at the kiosk by doing only what a person before it could do.

Touches the screen, holds a phone before the camera, puts bills into the slot, takes the receipt. Knows nothing of
the kiosk but what the screen shows.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.screen_link.intents import (
    DismissRequested,
    FinishRequested,
    SendRequested,
    StartRequested,
    TermsAccepted,
    WalletConfirmed,
)
from kiosk.screen_link.snapshot import ScreenState, Snapshot
from stater_demo.desk import Desk
from stater_demo.phone import Received, payment_request
from stater_demo.problem import DemoProblem
from stater_demo.touchscreen import Touchscreen

MINOR_PER_UNIT = 100
PATIENCE_S = 30.0
RETRY_S = 0.2


@dataclass(frozen=True)
class Purchase:
    """What the customer knows at the end: the last screen, the address, the network's word, the receipt."""

    shown: Snapshot
    address: str
    received: Received | None
    receipt_text: Path
    receipt_picture: Path


@dataclass(frozen=True)
class Customer:
    desk: Desk
    screen: Touchscreen
    say: Callable[[str], None]

    def buy(self, bills: Sequence[int]) -> Purchase:
        address = self.come_to_the_slot()
        for number in range(len(bills)):
            self._insert(bills, number)
        txid = self._send()
        received = self._watch_network(txid, address)
        receipt = self.desk.parts["printer"].wait_for("receipt", timeout_s=PATIENCE_S)
        shown = self.screen.wait_until(
            "the screen to say that the receipt is printed",
            lambda shown: shown.state is ScreenState.PAID and shown.receipt == "printed",
            PATIENCE_S,
        )
        self.say("the customer takes the receipt")
        self.screen.touch(DismissRequested())
        self._wait(ScreenState.IDLE)
        picture, text = Path(receipt["png"]), Path(receipt["txt"])
        return Purchase(shown, address, received, receipt_text=text, receipt_picture=picture)

    def come_to_the_slot(self) -> str:
        """Until the kiosk takes bills; the address that will be paid."""
        self._touch_to_start()
        return self._show_wallet()

    def push_into_slot(self, value: int) -> None:
        """Again, while the slot is shut or gives the bill back: the bill before may still be moving."""
        slot = self.desk.parts["bill-acceptor"]
        give_up_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up_s:
            slot.tell(f"insert {value}")
            answer = slot.wait_for("inserted", "not_taken", timeout_s=PATIENCE_S)
            if answer["event"] == "inserted":
                answer = slot.wait_for("escrowed", "returned", timeout_s=PATIENCE_S)
            if answer["event"] == "escrowed":
                return
            time.sleep(RETRY_S)
        raise DemoProblem(f"the slot does not take the ${value} bill (its log: {slot.log})")

    def _touch_to_start(self) -> None:
        self.screen.wait_until(
            "the kiosk to be in service",
            lambda shown: shown.state is ScreenState.IDLE and shown.service.status == "in_service",
            PATIENCE_S,
        )
        self.say("the customer touches the screen, and reads the warning")
        self.screen.touch(StartRequested())
        self._wait(ScreenState.WARNING)
        self.screen.touch(TermsAccepted())
        self._wait(ScreenState.SCANNING)

    def _show_wallet(self) -> str:
        address = self.desk.phone.new_address()
        self.say(f"the customer holds a phone before the camera, its wallet shows {address}")
        camera = self.desk.parts["camera"]
        camera.tell(f"show {payment_request(address)}")
        shown = self._wait(ScreenState.CONFIRMING_WALLET)
        camera.tell("hide")
        if shown.address != address:
            raise DemoProblem(f"the kiosk read {shown.address}, the phone showed {address}")
        self.say("the customer compares the address, and says it is right")
        self.screen.touch(WalletConfirmed())
        quote = self._wait(ScreenState.INSERTING).quote
        if quote is not None:
            self.say(
                f"the price is fixed: ${quote.price_minor / MINOR_PER_UNIT:,.2f} for one coin"
            )
        return address

    def _insert(self, bills: Sequence[int], number: int) -> None:
        self.say(f"the customer inserts ${bills[number]}")
        self.push_into_slot(bills[number])
        credit_minor = sum(bills[: number + 1]) * MINOR_PER_UNIT
        shown = self.screen.wait_until(
            f"${credit_minor / MINOR_PER_UNIT:,.2f} to be on the screen",
            lambda shown: (
                shown.state is ScreenState.INSERTING
                and (shown.cash.credited_minor == credit_minor or _gave_back(shown))
            ),
            PATIENCE_S,
        )
        if shown.cash.credited_minor != credit_minor and shown.notice is not None:
            raise DemoProblem(
                f"the kiosk gave the ${bills[number]} bill back: {shown.notice.code}"
            )

    def _send(self) -> str:
        self.say("that is all: the customer presses Finish, reads the sum, and presses Send")
        self.screen.touch(FinishRequested())
        self._wait(ScreenState.REVIEWING)
        self.screen.touch(SendRequested())
        shown = self._wait(ScreenState.PAID)
        if shown.payout is None or shown.payout.txid is None:
            raise DemoProblem("the screen says 'paid' and names no transaction")
        self.say(f"paid: transaction {shown.payout.txid}")
        return shown.payout.txid

    def _watch_network(self, txid: str, address: str) -> Received | None:
        """Mines a block, as the network would in its own time, and asks the customer's own wallet."""
        if self.desk.node is None:
            return None
        self.say("a block is mined")
        self.desk.node.mine(1)
        give_up_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up_s:
            received = self.desk.phone.received(txid, address)
            if received is not None and received.confirmations > 0:
                self.say("the customer's own wallet sees the coins, confirmed")
                return received
            time.sleep(RETRY_S)
        raise DemoProblem(f"the node has not confirmed {txid} within {PATIENCE_S:g} s")

    def _wait(self, *states: ScreenState) -> Snapshot:
        return self.screen.wait_for(*states, timeout_s=PATIENCE_S)


def _gave_back(shown: Snapshot) -> bool:
    return shown.notice is not None and shown.notice.code.startswith("bill_")
