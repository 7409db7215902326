"""Asks the customer's own wallet on the node, again and again, what has come in. A thread of its own."""

import threading
from collections.abc import Callable

import httpx2

from stater_demo.node import RegtestNode, RpcRefused
from stater_demo.panel.view import Payment
from stater_demo.phone import BASE_UNITS_PER_COIN, WALLET

EVERY_S = 1.0
PAYMENTS_MAX = 4


class NetworkWatch:
    def __init__(self, node: RegtestNode, seen: Callable[[tuple[Payment, ...]], None]) -> None:
        self._node = node
        self._seen = seen
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="network-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            try:
                self._seen(incoming(self._node))
            except (httpx2.TransportError, RpcRefused):
                continue  # a node that does not answer has nothing new to say


def incoming(node: RegtestNode) -> tuple[Payment, ...]:
    """The latest payments to the phone, newest first."""
    listed = node.rpc("listtransactions", "*", PAYMENTS_MAX, 0, wallet=WALLET)
    return tuple(
        Payment(
            txid=entry["txid"],
            amount_base_units=int(entry["amount"] * BASE_UNITS_PER_COIN),
            confirmations=max(int(entry["confirmations"]), 0),
        )
        for entry in reversed(listed)
        if entry["category"] == "receive"
    )
