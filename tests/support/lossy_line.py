"""Clients of the accounts behind a line that loses, doubles and reorders, until it is mended.

A client does its duties and no more: its record is there before the request; what is unanswered it says
again. `plan` is what it wants; its end, on a good line and on a bad one, must be the same books.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import TypeVar

from accounts_bench import AccountsBench
from disbursement.accounts.client.known import on_update
from disbursement.accounts.client.running import (
    RunningTransfer,
    Stage,
    on_finalized,
    on_prepared,
    on_rejected,
    settled,
)
from disbursement.accounts.protocol.limits import DAY_MS
from disbursement.accounts.protocol.messages import (
    AccountUpdate,
    ConfigureAccount,
    FinalizedTransfer,
    Incoming,
    Outgoing,
    PreparedTransfer,
    RejectedTransfer,
)
from disbursement.accounts.protocol.order import moment

T = TypeVar("T")
Request = tuple[str, int, int]


@dataclass(frozen=True)
class Wish:
    sender: int
    recipient: int
    most: int
    commit: int  # zero: think better of it


@dataclass
class Clients:
    bench: AccountsBench
    records: dict[Request, RunningTransfer] = field(default_factory=dict)
    decisions: dict[Request, int] = field(default_factory=dict)
    configs: dict[int, ConfigureAccount] = field(default_factory=dict)  # the last wanted
    known: dict[int, AccountUpdate] = field(default_factory=dict)

    def want(self, wish: Wish) -> Incoming:
        asked = self.bench.prepare(wish.sender, wish.recipient, most=wish.most)
        self.records[asked.request] = RunningTransfer(asked)
        self.decisions[asked.request] = wish.commit
        return asked

    def configure(self, creditor_id: int, text: str) -> Incoming:
        last = self.configs.get(creditor_id)
        asked = self.bench.configure(
            creditor_id,
            config_data=text,
            negligible_amount=Decimal(0),
            seqnum=100 if last is None else last.seqnum + 1,
        )
        self.configs[creditor_id] = asked
        return asked

    def unanswered(self) -> list[Incoming]:
        said: list[Incoming] = []
        for record in self.records.values():
            if record.stage == Stage.INITIATED:
                said.append(record.prepare)
            elif record.finalize is not None:
                said.append(record.finalize)
        for creditor_id, config in self.configs.items():
            known = self.known.get(creditor_id)
            told = None if known is None else (known.last_config_ts, known.last_config_seqnum)
            if told != (config.ts, config.seqnum):
                said.append(config)
        return said

    def hear(self, message: Outgoing) -> list[Incoming]:
        now = moment(self.bench.now_ms)
        match message:
            case PreparedTransfer():
                record, answer = on_prepared(self.records.get(message.request), message, now)
                if record is not None and record.stage == Stage.PREPARED:
                    record = settled(record, self.decisions[message.request], "", now)
                    answer = record.finalize
                self._keep(message.request, record)
                return [] if answer is None else [answer]
            case RejectedTransfer():
                self._keep(
                    message.request, on_rejected(self.records.get(message.request), message)
                )
            case FinalizedTransfer():
                self._keep(
                    message.request, on_finalized(self.records.get(message.request), message)
                )
            case AccountUpdate():
                known = on_update(self.known.get(message.creditor_id), message, now)
                assert known is not None
                self.known[message.creditor_id] = known
            case _:
                pass
        return []

    def forget_everything(self) -> None:
        self.records.clear()
        self.decisions.clear()

    def _keep(self, request: Request, record: RunningTransfer | None) -> None:
        if record is None:
            self.records.pop(request, None)
        else:
            self.records[request] = record


@dataclass
class Line:
    """`chance` decides the fate of every message; without it the line is good."""

    clients: Clients
    chance: Random | None = None
    up: list[Incoming] = field(default_factory=list)
    down: list[Outgoing] = field(default_factory=list)

    def carry(self, said: Sequence[Incoming] = ()) -> None:
        """Some of what is under way arrives, and some of the answers; the books are sound all the while."""
        bench = self.clients.bench
        arrived, self.up = self._fate([*self.up, *said])
        while arrived:
            cut = len(arrived) if self.chance is None else self.chance.randint(1, len(arrived))
            self.down += bench.send(*arrived[:cut])
            arrived = arrived[cut:]
            bench.demand_sound_books()
        heard, self.down = self._fate(self.down)
        for message in heard:
            self.up += self.clients.hear(message)

    def _fate(self, under_way: list[T]) -> tuple[list[T], list[T]]:
        """What arrives now, and what is still under way. The rest is lost."""
        if self.chance is None:
            return under_way, []
        arrived: list[T] = []
        late: list[T] = []
        for message in under_way:
            fate = self.chance.choice(["lost", "late", "doubled", "arrived", "both"])
            arrived += [message] * {"doubled": 2, "arrived": 1, "both": 1}.get(fate, 0)
            late += [message] * (fate in {"late", "both"})
        self.chance.shuffle(arrived)
        return arrived, late

    def mend(self, rounds_max: int = 20) -> None:
        """From now on everything arrives; the clients say again what is unanswered until nothing is."""
        self.chance = None
        for _ in range(rounds_max):
            said = self.clients.unanswered()
            if not said and not self.up and not self.down:
                return
            self.carry(said)
            self.clients.bench.wait(DAY_MS)  # a lost update comes again as a heartbeat
            self.down += self.clients.bench.keep_up()
        raise AssertionError("the line is good, and still they wait")
