"""One event being decided: what is known going in, and what the actions gather. Nothing here acts."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from drivers.printer.document import Document
from kiosk.errors import Bug
from kiosk.health import Health
from kiosk.screen_link.snapshot import Notice
from kiosk.session.effects import Act, Fact
from kiosk.session.events import Event
from kiosk.session.memory import Memory, Sale, Transit
from kiosk_wire.messages import EventKind


@dataclass(frozen=True)
class Rules:
    """What an operator has set, as far as a decision needs it."""

    currency: str
    network: str
    languages: tuple[str, ...]
    session_limit_minor: int
    second_scan: bool  # the wallet's code is shown twice, and must be the same
    receipt: Callable[[Sale, int], Document]  # (sale, UTC ms)


@dataclass
class Turn:
    event: Event
    memory: Memory
    health: Health
    rules: Rules
    now_ms: int
    mint_id: Callable[[], str]
    facts: list[Fact] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    notice: Notice | None = None  # said in this turn

    @property
    def sale(self) -> Sale:
        if self.memory.sale is None:
            raise Bug(f"{type(self.event).__name__} decided on a sale, and there is none")
        return self.memory.sale

    @property
    def transit(self) -> Transit:
        if self.memory.transit is None:
            raise Bug(f"{type(self.event).__name__} decided on a bill, and none is on its way")
        return self.memory.transit

    @property
    def session_id(self) -> str | None:
        return self.memory.sale.session_id if self.memory.sale else None

    @property
    def told_session_id(self) -> str | None:
        """Without a sale in hand: the session of a bill that came, or went, between sales."""
        return next((fact.session_id for fact in self.facts if fact.session_id), None)

    def remember(self, **changes: Any) -> None:
        self.memory = replace(self.memory, **changes)

    def update_sale(self, **changes: Any) -> None:
        self.remember(sale=replace(self.sale, **changes))

    def write(self, kind: EventKind, **body: Any) -> None:
        self.facts.append(Fact(kind, self.session_id, body))

    def act(self, act: Act) -> None:
        self.acts.append(act)

    def say(
        self, code: str, *, amount_minor: int | None = None, fault_code: str | None = None
    ) -> None:
        self.notice = Notice(code=code, amount_minor=amount_minor, fault_code=fault_code)
