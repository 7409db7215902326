"""The printer itself: its roll, head, blade, cover and power, and what a person can do to them.

Responsible for: printing only while it can, stopping on the very dot and going on from there, and
answering about its condition whatever that is.
Not responsible for: the look of the paper (`paper.py`), files or terminals (`command.py`).

Source: Epson, "ESC/POS Command Reference"; real-time commands are obeyed as they arrive, ahead of
whatever is waiting in the receive buffer, and even inside a picture's data.
"""

from collections import deque
from dataclasses import asdict, dataclass, field

from hardware_sim.printer import status
from hardware_sim.printer.actions import Action, Advance, Cut, NotDone
from hardware_sim.printer.dots import DOTS_PER_MM
from hardware_sim.printer.escpos import Command, CommandReader
from hardware_sim.printer.paper import Paper, Receipt
from hardware_sim.printer.status import Condition
from hardware_sim.printer.typesetter import Typesetter

ROLL_MM = 80_000  # a full roll, 80 mm across
NEAR_END_MM = 5_000  # where the near-end sensor usually sits
PRINT_SPEED_MM_S = 150
RECEIVE_BUFFER_BYTES = 65_536

_DLE, _EOT, _ENQ = 0x10, 0x04, 0x05


@dataclass(frozen=True)
class Happening:
    """Something a watcher of the printer wants to know."""

    event: str
    details: dict[str, object] = field(default_factory=dict)


class Printer:
    """Feed it bytes and time; it gives back answers, receipts and happenings."""

    def __init__(self, speed: float = 1.0) -> None:
        self._dots_per_s = speed * PRINT_SPEED_MM_S * DOTS_PER_MM
        self._paper = Paper()
        self._roll_dots = ROLL_MM * DOTS_PER_MM
        self._cover_open = self._jammed = self._switched_offline = False
        self._powered = True
        self._muted_until_s = 0.0
        self._now_s: float | None = None  # the last tick; before it no time has passed
        self._happenings: deque[Happening | Receipt] = deque()
        self._start_up()
        self._seen = self.condition

    def _start_up(self) -> None:
        self._reader = CommandReader()
        self._typesetter = Typesetter()
        self._waiting: deque[Action] = deque()
        self._credit_dots = 0.0  # what the head may still print at this moment
        self._real_time_tail = b""
        self._answers = bytearray()
        self._status_back = False
        self._cutter_error = self._jammed  # the blade finds its home at power on

    @property
    def condition(self) -> Condition:
        return Condition(
            paper_low=self._roll_dots <= NEAR_END_MM * DOTS_PER_MM,
            paper_out=self._roll_dots <= 0,
            cover_open=self._cover_open,
            cutter_error=self._cutter_error,
            switched_offline=self._switched_offline,
        )

    @property
    def powered(self) -> bool:
        return self._powered

    @property
    def paper_mm(self) -> int:
        return self._roll_dots // DOTS_PER_MM

    @property
    def busy(self) -> bool:
        return self._powered and self.condition.online and bool(self._waiting or len(self._reader))

    @property
    def accepts_bytes(self) -> bool:
        """False while the receive buffer is full, as a real printer drops DTR."""
        return len(self._reader) < RECEIVE_BUFFER_BYTES

    def receive(self, data: bytes) -> None:
        if not self._powered:
            return
        for command in self._real_time_commands(data):
            self._obey_real_time(*command)
        self._reader.feed(data)

    def tick(self, now_s: float) -> list[Happening | Receipt]:
        """Let time pass; what happened since the last tick, in order."""
        before_s, self._now_s = self._now_s, now_s
        self._tell_changes()  # those a person made
        if self._powered:
            self._credit_dots += (now_s - (before_s or now_s)) * self._dots_per_s
            self._work()
        self._tell_changes()
        happened = list(self._happenings)
        self._happenings.clear()
        return happened

    def take_answers(self) -> bytes:
        """What goes back to the host now; a muted printer has nothing to say, and says it never."""
        answers = bytes(self._answers)
        self._answers.clear()
        return answers if (self._now_s or 0.0) >= self._muted_until_s else b""

    # What a person does to it.

    def load_paper(self, roll_mm: int = ROLL_MM) -> None:
        self._roll_dots = roll_mm * DOTS_PER_MM

    def set_cover(self, *, is_open: bool) -> None:
        self._cover_open = is_open

    def jam_cutter(self) -> None:
        """The blade is stuck, which the printer finds out at its next cut."""
        self._jammed = True

    def clear_cutter(self) -> None:
        self._jammed = self._cutter_error = False

    def switch_offline(self, *, offline: bool) -> None:
        self._switched_offline = offline

    def mute(self, until_s: float) -> None:
        self._muted_until_s = until_s

    def switch_power(self, *, on: bool) -> None:
        if on != self._powered:
            self._powered = on
            self._start_up()

    # What it does by itself.

    def _work(self) -> None:
        while self.condition.online:
            if not self._waiting and not self._understand_next():
                self._credit_dots = 0.0  # an idle head saves no time for later
                return
            if self._waiting and not self._move(self._waiting[0]):
                return
        self._credit_dots = 0.0

    def _understand_next(self) -> bool:
        command = self._reader.next()
        if command is None:
            return False
        self._waiting.extend(self._carry_out(command))
        return True

    def _carry_out(self, command: Command) -> list[Action]:
        match command.name:
            case "GS r":
                self._answers += status.transmitted(command.data[0], self.condition)
            case "GS I":
                self._answers += status.identity(command.data[0])
            case "GS a":
                self._status_back = bool(command.data[0])
                if self._status_back:
                    self._answers += status.automatic(self.condition)
            case "DLE EOT" | "DLE ENQ" | "DLE DC4":
                pass  # obeyed when they arrived
            case _ if command.known:
                return self._typesetter.obey(command)
            case _:
                self._happenings.append(Happening("unknown", {"bytes": command.name}))
        return []

    def _move(self, action: Action) -> bool:
        """Whether it is finished; what is left of it stays at the front."""
        match action:
            case Advance():
                return self._print(action)
            case Cut(partial=partial):
                return self._cut(partial=partial)
            case NotDone(command=name):
                self._happenings.append(Happening("ignored", {"command": name}))
        self._waiting.popleft()
        return True

    def _print(self, action: Advance) -> bool:
        dots = min(action.dots, int(self._credit_dots), self._roll_dots)
        self._credit_dots -= dots
        self._roll_dots -= dots
        done, left = action.split(dots)
        self._paper.advance(done.dots, done.ink, done.text)
        if left is None:
            self._waiting.popleft()
            return True
        self._waiting[0] = left
        return False

    def _cut(self, *, partial: bool) -> bool:
        if self._jammed:
            self._cutter_error = True
            return False
        self._waiting.popleft()
        if receipt := self._paper.cut(partial=partial):
            self._happenings.append(receipt)
        return True

    def _real_time_commands(self, data: bytes) -> list[tuple[int, int]]:
        stream = self._real_time_tail + data
        self._real_time_tail = stream[-2:]
        return [
            (kind, n)
            for dle, kind, n in zip(stream, stream[1:], stream[2:], strict=False)
            if dle == _DLE and kind in (_EOT, _ENQ)
        ]

    def _obey_real_time(self, kind: int, n: int) -> None:
        if kind == _EOT:
            self._answers += status.real_time(n, self.condition)
        elif n in (1, 2) and self._cutter_error:
            self._cutter_error = False  # the cut is tried again, and fails again if it must
            if n == 2:
                self._reader.clear()
                self._waiting.clear()
                self._typesetter.discard_line()

    def _tell_changes(self) -> None:
        if (now := self.condition) == self._seen:
            return
        before, self._seen = self._seen, now
        self._happenings.append(Happening("status", asdict(now)))
        if self._status_back and status.automatic(now) != status.automatic(before):
            self._answers += status.automatic(now)
