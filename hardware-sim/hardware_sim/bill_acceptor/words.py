"""The words a person types to do something to the simulated bill acceptor, one line each.

Responsible for: understanding a line, saying what is wrong with it, and the status in one line.
"""

from collections import Counter
from collections.abc import Callable, Collection

from hardware_sim.bill_acceptor.hands import Impossible
from hardware_sim.bill_acceptor.model import UNRECOGNISED
from hardware_sim.bill_acceptor.parts import Motion, Part, Report
from hardware_sim.bill_acceptor.protocols import BillProtocol
from hardware_sim.bill_acceptor.simulator import Simulator
from hardware_sim.link import Clock, PtyLink

MOST_VALUE, MOST_SECONDS, MOST_REPLIES = 1_000_000, 3600.0, 1000


class Words:
    """Everything that can be typed; `obey` reports what is not understood, and goes on."""

    def __init__(
        self,
        simulator: Simulator,
        protocol: BillProtocol,
        link: PtyLink,
        report: Report,
        clock: Clock,
    ) -> None:
        self._simulator = simulator
        self._hands = simulator.hands
        self._protocol = protocol
        self._link = link
        self._report = report
        self._clock = clock
        self.said_quit = False
        self._words: dict[str, Callable[[list[str]], None]] = {
            "insert": self._insert,
            "jam": self._jam,
            "clear": self._clear,
            "cheat": self._alone(self._hands.cheat),
            "reject": self._reject,
            "fail": self._fail,
            "full": self._alone(self._hands.fill_cashbox),
            "remove-cashbox": self._alone(self._hands.remove_cashbox),
            "replace-cashbox": self._alone(self._hands.replace_cashbox),
            "power": self._power,
            "mute": self._mute,
            "corrupt": self._corrupt,
            "unplug": self._alone(self._unplug),
            "plug": self._alone(self._plug),
            "status": self._alone(lambda: report("status", **status(simulator))),
            "quit": self._alone(self._quit),
        }

    def obey(self, line: str) -> None:
        word, *rest = line.split() or [""]
        if not word:
            return
        try:
            self._words.get(word, self._unknown)(rest)
        except Impossible as why:
            self._report("refused", line=line.strip(), why=str(why))

    def _unknown(self, _rest: list[str]) -> None:
        raise Impossible(f"the words are: {', '.join(self._words)}")

    def _insert(self, rest: list[str]) -> None:
        self._hands.insert(_whole_number(rest, MOST_VALUE, "insert 20"))

    def _jam(self, rest: list[str]) -> None:
        parts = {"acceptor": Part.ACCEPTOR, "stacker": Part.STACKER, "": None}
        self._hands.jam(parts[_one_of(rest, parts, "jam, jam acceptor or jam stacker")])

    def _clear(self, rest: list[str]) -> None:
        where = _one_of(rest, ("", "into-cashbox"), "clear or clear into-cashbox")
        self._hands.clear(into_cashbox=bool(where))

    def _reject(self, rest: list[str]) -> None:
        if rest:
            code = _code(rest, self._protocol.reject_codes, "reject")
            self._hands.refuse_next(f"{code:02X}")
        else:
            self._hands.refuse_next(UNRECOGNISED)

    def _fail(self, rest: list[str]) -> None:
        known = self._protocol.failure_codes
        self._hands.fail(_code(rest, known, "fail") if known or rest else 0)

    def _power(self, rest: list[str]) -> None:
        if _one_of(rest, ("on", "off"), "power on or power off") == "on":
            self._hands.power_on()
        else:
            self._hands.power_off()

    def _mute(self, rest: list[str]) -> None:
        try:
            (seconds,) = map(float, rest)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= MOST_SECONDS:
            raise Impossible(f"say for how many seconds, up to {MOST_SECONDS:g}, such as: mute 2")
        self._simulator.faults.muted_until_s = self._clock() + seconds
        self._report("muted", seconds=seconds)

    def _corrupt(self, rest: list[str]) -> None:
        replies = _whole_number(rest, MOST_REPLIES, "corrupt 3")
        self._simulator.faults.replies_to_corrupt = replies
        self._report("corrupting", replies=replies)

    def _unplug(self) -> None:
        if not self._link.plugged:
            raise Impossible("it is already unplugged")
        self._link.unplug()
        self._report("unplugged")

    def _plug(self) -> None:
        if self._link.plugged:
            raise Impossible("it is already plugged in")
        try:
            self._link.plug()
        except OSError as error:
            raise Impossible(f"no terminal could be made: {error.strerror}") from error
        self._report("plugged", pty=self._link.pty)

    def _quit(self) -> None:
        self.said_quit = True

    @staticmethod
    def _alone(act: Callable[[], None]) -> Callable[[list[str]], None]:
        def obey(rest: list[str]) -> None:
            if rest:
                raise Impossible(f"nothing may follow this word, but {' '.join(rest)} does")
            act()

        return obey


def status(simulator: Simulator) -> dict[str, object]:
    """What is where, in values of whole currency units."""
    acceptor = simulator.acceptor
    bill, due, tally = acceptor.bill, acceptor.credit_due, acceptor.tally
    return {
        "power": "off" if acceptor.motion is Motion.OFF else "on",
        "motion": acceptor.motion,
        "slot_open": acceptor.slot_open,
        "bill": {"value": bill.value, "place": bill.place} if bill else None,
        "second_bill": acceptor.second_bill,
        "jammed": acceptor.jammed,
        "failure": None if acceptor.failure is None else f"{acceptor.failure:02X}",
        "credit_due": due.value if due else None,
        "cashbox": {
            "present": acceptor.cashbox.present,
            "full": acceptor.cashbox.full,
            **_pile(acceptor.cashbox.contents),
        },
        "inserted": _pile(tally.inserted),
        "given_back": _pile(tally.given_back),
        "taken_out": _pile(tally.taken_out),
        "collected": _pile(tally.collected),
    }


def _pile(bills: Counter[int]) -> dict[str, object]:
    counts = {str(value): count for value, count in sorted(bills.items())}
    return {"bills": counts, "total": sum(value * count for value, count in bills.items())}


def _whole_number(rest: list[str], most: int, example: str) -> int:
    if len(rest) == 1 and rest[0].isdecimal() and 1 <= int(rest[0]) <= most:
        return int(rest[0])
    raise Impossible(f"say one whole number from 1 to {most}, such as: {example}")


def _one_of(rest: list[str], allowed: Collection[str], example: str) -> str:
    word = " ".join(rest)
    if word not in allowed:
        raise Impossible(f"say: {example}")
    return word


def _code(rest: list[str], known: frozenset[int], word: str) -> int:
    if not known:
        raise Impossible(f"this protocol has no codes; say only: {word}")
    try:
        (code,) = (int(word, 16) for word in rest)
    except ValueError:
        code = -1
    if code not in known:
        codes = " ".join(f"{each:02X}" for each in sorted(known))
        raise Impossible(f"say one of the codes {codes}, such as: {word} {min(known):02X}")
    return code
