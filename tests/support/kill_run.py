"""Customers buy at kiosks while everything that pays them is killed, again and again, at moments that a seed chooses.

The processes, the node and the database are real and are killed with SIGKILL; a supervisor starts each of them again.
The kiosks do what kiosks do: they ask until they are answered. Not responsible for what must hold in the end; see
`tests/central/test_kill_run.py`.
"""

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx2

from central_unit import CentralUnit
from processes import children_of
from stater_demo.node import RegtestNode
from stater_demo.postgres import Cluster
from stater_demo.postgres_programs import PostgresUnavailable

WALLETS = ("hot", "customers")
FIRST_BLOCKS = 110  # the first ten rewards can be spent
ASK_AGAIN_S = 0.05
DEADLINE_S = 600  # on a machine that does much else, there is little time between two strokes
LEASE_S = 2
REORGANIZED = 0.4  # how often, for each stroke
LET_START = 0.8  # how often it waits until there is somebody of each kind to be killed
RETRIED = {409, 500, 503}  # 409: the wallet holds too little while its node has lost blocks


def funded(node: RegtestNode) -> RegtestNode:
    for name in WALLETS:
        node.create_wallet(name)
    node.mine(FIRST_BLOCKS, node.rpc("getnewaddress", wallet="hot"))
    node.rpc("gettxoutsetinfo")  # which writes the chain to disk: these blocks are not to be lost
    return node


@dataclass(frozen=True)
class Sale:
    name: str
    address: str
    cash_minor: int


@dataclass
class Customers:
    """At one kiosk, one after the other; the next is let in by `KillRun`."""

    kiosk: Any
    units: list[CentralUnit]
    sales: list[Sale]
    let_in: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    is_closed: threading.Event = field(default_factory=threading.Event)
    answers: Counter[int] = field(default_factory=Counter)

    def run(self) -> None:
        for sale in self.sales:
            while not self.let_in.acquire(timeout=1):
                if self.is_closed.is_set():
                    return
            self._ask(lambda s=sale: self.kiosk.quote(s.name))
            self._ask(lambda s=sale: self.kiosk.prepare(s.name, address=s.address))
            self.kiosk.credited(sale.cash_minor, sale.name)
            self.kiosk.finalized(sale.cash_minor, sale.name)
            self._ask(lambda: self.kiosk.report(*self.kiosk.events[-2:]))

    def state(self, sale: Sale) -> dict[str, Any]:
        return dict(self._ask(lambda: self.kiosk.transfer(sale.name)).json())

    def _ask(self, ask: Callable[[], Any]) -> Any:
        """Of whichever process answers, until one does."""
        give_up_s = time.monotonic() + DEADLINE_S
        said = ""
        while time.monotonic() < give_up_s:
            for url in [unit.url for unit in self.units if unit.url]:
                self.kiosk.client.base_url = url
                try:
                    answer = ask()
                except httpx2.TransportError as cut:
                    said = repr(cut)
                    continue
                self.answers[answer.status_code] += 1
                if answer.status_code == httpx2.codes.OK:
                    return answer
                said = answer.text
                assert answer.status_code in RETRIED, said
            time.sleep(ASK_AGAIN_S)
        raise AssertionError(f"not answered in {DEADLINE_S} s: {said}")


@dataclass
class KillRun:
    seed: int
    node: RegtestNode
    cluster: Cluster | None  # without one the books are a file
    units: list[CentralUnit]
    customers: list[Customers]
    killed: Counter[str] = field(default_factory=Counter)
    reorganized: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def run(self, kills: int, pause_s: float) -> None:
        """Customers come in for as long as things are killed, and all of them are served after it."""
        waiting = [c.let_in for c in self.customers for _ in c.sales]
        self.chance.shuffle(waiting)
        self._until_ready(all)
        with ThreadPoolExecutor(len(self.customers)) as pool, self._closing():
            served = [pool.submit(customers.run) for customers in self.customers]
            for strokes_left in range(kills, 0, -1):
                share = -(-len(waiting) // strokes_left)
                for let_in in [waiting.pop() for _ in range(share)]:
                    let_in.release()
                if self.chance.random() < LET_START:
                    self._until_ready(any)
                time.sleep(
                    self.chance.uniform(0.0, pause_s)
                )  # at any moment: this is the blind stroke
                if self.chance.random() < REORGANIZED:
                    self._reorganize()
                self._stroke()
                _raise_failure(served)
            for done in served:
                done.result(DEADLINE_S)

    @contextlib.contextmanager
    def _closing(self) -> Iterator[None]:
        """Whatever ends the run, nobody is left waiting."""
        try:
            yield
        finally:
            for customers in self.customers:
                customers.is_closed.set()

    def come_to_rest(self) -> dict[str, dict[str, Any]]:
        """What each sale's kiosk is told, once all are confirmed; blocks are found meanwhile."""
        self._until_ready(all)
        told: dict[str, dict[str, Any]] = {}
        give_up_s = time.monotonic() + DEADLINE_S
        while time.monotonic() < give_up_s:
            told = {s.name: c.state(s) for c in self.customers for s in c.sales}
            states = {transfer["state"] for transfer in told.values()}
            if states == {"confirmed"}:
                time.sleep(LEASE_S)  # for which one that was killed may still seem to live
                return told
            if states <= {"broadcast", "confirmed"}:
                self.node.mine(1)
            time.sleep(0.2)
        raise AssertionError(f"not all confirmed: {told}")

    def stop(self) -> None:
        for unit in self.units:
            assert unit.stop() == 0
        self.node.stop()

    def _until_ready(self, enough: Callable[[list[bool]], bool]) -> None:
        give_up_s = time.monotonic() + DEADLINE_S
        kinds = [[u for u in self.units if u.listens is listens] for listens in (True, False)]
        while not all(enough([u.url is not None for u in kind]) for kind in kinds if kind):
            assert time.monotonic() < give_up_s, "not ready"
            time.sleep(ASK_AGAIN_S)

    def _stroke(self) -> None:
        kinds: dict[str, Callable[[], bool]] = {
            "worker": lambda: self._kill_unit(listens=False),
            "service": lambda: self._kill_unit(listens=True),
            "node": self._kill_node,
            "database": self._kill_database,
            "backend": self._kill_backend,
        }
        weights = [4, 3, 2, 1, 2] if self.cluster else [0, 3, 1, 0, 0]
        [kind] = self.chance.choices(list(kinds), weights)
        give_up_s = time.monotonic() + DEADLINE_S
        while not kinds[kind]():
            assert time.monotonic() < give_up_s, f"no {kind} was ready to be killed"
            time.sleep(ASK_AGAIN_S)
        self.killed[kind] += 1

    def _kill_unit(self, *, listens: bool) -> bool:
        """Also one that is just starting."""
        return self.chance.choice([u for u in self.units if u.listens is listens]).kill()

    def _kill_node(self) -> bool:
        """It has lost what it had not written: blocks, and payments that waited for one."""
        self.node.kill()
        time.sleep(self.chance.uniform(0.0, 1.0))
        self.node = self.node.again()
        return True

    def _reorganize(self) -> None:
        """Blocks are found, and some of the last ones give way to others."""
        depth = self.chance.randrange(3)
        self.node.mine(1 + self.chance.randrange(2))
        if depth:
            height = self.node.rpc("getblockcount")
            self.node.rpc("invalidateblock", self.node.rpc("getblockhash", height - depth + 1))
            for _ in range(depth + 1):  # empty ones: what was paid waits again
                nobody = f"raw(08{self.chance.randbytes(8).hex()})"  # each time another, or it is the same block again
                self.node.rpc("generateblock", nobody, [])
        self.reorganized += depth > 0

    def _kill_database(self) -> bool:
        assert self.cluster is not None
        process = self.cluster.process
        assert process is not None
        process.send_signal(signal.SIGSTOP)  # so that it has no more children than these
        for pid in [process.pid, *children_of(process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        time.sleep(self.chance.uniform(0.0, 1.0))
        try:
            self.cluster.start()
        except PostgresUnavailable:  # a process of the old one was still going
            self.cluster.start()
        return True

    def _kill_backend(self) -> bool:
        """The others are ended by PostgreSQL itself, as memory that they share may be damaged."""
        assert self.cluster is not None
        assert self.cluster.process is not None
        children = children_of(self.cluster.process.pid)
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(self.chance.choice(children), signal.SIGKILL)
            return True
        return False


def _raise_failure(served: list[Future[None]]) -> None:
    for done in served:
        if done.done():
            done.result()
