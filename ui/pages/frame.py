"""What stands around every page: who runs the machine, which network, how much time is left."""

from dataclasses import dataclass

from ui.inputs import Inputs
from ui.language import own_name


@dataclass(frozen=True)
class LanguageChoice:
    code: str
    name: str
    current: bool


@dataclass(frozen=True)
class Frame:
    banner: str = ""
    place: str = ""  # whose machine, and which
    help_line: str = ""
    ring_text: str = ""  # the time until this screen ends by itself; empty: it does not
    ring_fraction: float = 0.0
    ring_spoken: str = ""
    languages: tuple[LanguageChoice, ...] = ()
    right_to_left: bool = False


def derive_frame(inputs: Inputs) -> Frame:
    snapshot = inputs.snapshot
    time_left, fraction_left = _time_left(inputs)
    spoken = inputs.translate("Frame", "Time left: {time}").format(time=time_left)
    return Frame(
        banner=_banner(inputs),
        place=f"{snapshot.operator_name} · {snapshot.kiosk_name}",
        help_line=inputs.translate("Frame", "Help: {phone}").format(phone=snapshot.support_phone),
        ring_text=time_left,
        ring_fraction=fraction_left,
        ring_spoken=spoken if time_left else "",
        languages=tuple(
            LanguageChoice(code, own_name(code), current=code == snapshot.language)
            for code in snapshot.languages
        ),
        right_to_left=inputs.language.right_to_left,
    )


def _banner(inputs: Inputs) -> str:
    match inputs.snapshot.network:
        case "bitcoin":
            return ""
        case "practice":
            text = inputs.translate("Frame", "PRACTICE MODE - no {coin} is sent")
            return text.format(coin=inputs.coin_name)
        case _:
            return inputs.translate("Frame", "TEST NETWORK - these coins have no value")


def _time_left(inputs: Inputs) -> tuple[str, float]:
    deadline = inputs.snapshot.deadline
    if deadline is None or deadline.total_ms <= 0:
        return "", 0.0
    left_ms = max(0, deadline.left_ms - inputs.since_snapshot_ms)
    minutes, seconds = divmod(-(-left_ms // 1000), 60)  # rounded up: zero means over
    text = f"{minutes}:{seconds:02}" if minutes else inputs.language.number(seconds)
    return text, min(1.0, left_ms / deadline.total_ms)
