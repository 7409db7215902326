"""Mutated streams for every codec: nothing raises, nothing is invented, and a clean frame behind them is found.

Public frames of each protocol are damaged as lines damage them (bits, bytes lost, doubled or put in, frames cut short
or run together) and arrive in pieces. What a codec finds must be whole in what arrived: then no credit can come from a
frame with a bad check. Everything follows from the seed; a failure names it.
"""

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from drivers.bill_acceptor.dialect import Dialect
from drivers.bill_acceptor.kind import ProtocolKind
from drivers.bill_acceptor.protocols import PROTOCOLS
from stater_demo.problem import DemoProblem

VECTORS = Path(__file__).parents[2] / "tests" / "drivers" / "bill_acceptor"
FRAMES_MAX = 4
PIECES_MAX = 5
PROGRESS_EVERY = 100_000


def run(streams: int, seed: int, say: Callable[[str], None]) -> None:
    """Raises DemoProblem at the first stream that breaks a promise."""
    for name in PROTOCOLS:
        corpus = device_frames(name)
        for number in range(streams):
            fuzz_one(name, corpus, seed + number)
            if (number + 1) % PROGRESS_EVERY == 0:
                say(f"{name}: {number + 1:,} streams")
        say(f"{name}: {streams:,} streams, no exception, nothing invented, each clean frame found")


def device_frames(protocol: str) -> list[bytes]:
    """The public frames of this protocol that a device sends, as its codec writes them."""
    dialect = PROTOCOLS[protocol].dialect
    told = json.loads((VECTORS / f"{protocol}_vectors.json").read_text(encoding="utf-8"))
    data = [bytes.fromhex(each["hex"]) for each in told if each["direction"] == "device->host"]
    return [each for each in data if _is_whole(dialect, each)]


def _is_whole(dialect: Dialect, data: bytes) -> bool:
    frames = dialect.device().feed(data)
    return len(frames) == 1 and _encoded(dialect, frames[0]) == data


def fuzz_one(protocol: str, corpus: Sequence[bytes], seed: int) -> None:
    """Raises DemoProblem, naming the seed."""
    chance = random.Random(seed)  # noqa: S311  # replayable
    kind = PROTOCOLS[protocol]
    stream = _damaged(chance, corpus)
    pieces = _cut(chance, stream)
    clean = chance.choice(corpus)
    try:
        _hear(kind.dialect, pieces, stream, clean)
        _converse(kind, pieces)
    except Exception as error:
        raise DemoProblem(
            f"{protocol}, seed {seed}: {error!r}\nstream {stream.hex(' ')}\nclean  {clean.hex(' ')}"
        ) from error


def _hear(dialect: Dialect, pieces: Sequence[bytes], stream: bytes, clean: bytes) -> None:
    ear = dialect.device()
    for frame in [frame for piece in pieces for frame in ear.feed(piece)]:
        whole = _encoded(dialect, frame)
        if whole is not None and whole not in stream:
            raise AssertionError(f"{frame} was never on the line")
    ear.discard()  # the rest of a half frame did not come in time
    found = ear.feed(clean)
    if [_encoded(dialect, frame) for frame in found] != [clean]:
        raise AssertionError(f"the clean frame was not found: {found}")


def _converse(kind: ProtocolKind, pieces: Sequence[bytes]) -> None:
    """The whole dialogue hears it too: it may find it strange, and must not raise."""
    protocol, now_s = kind.build("USD"), 0.0
    protocol.connected(now_s)
    for piece in pieces:
        now_s += 0.05
        protocol.received(piece, now_s)
        protocol.ticked(now_s)


def _encoded(dialect: Dialect, frame: Any) -> bytes | None:
    try:
        return dialect.encode(frame)
    except ValueError:
        return None


def _damaged(chance: random.Random, corpus: Sequence[bytes]) -> bytes:
    data = bytearray(b"".join(chance.choices(corpus, k=chance.randint(1, FRAMES_MAX))))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at : at + chance.randint(1, 4)]
            case 2:
                data[at:at] = chance.randbytes(chance.randint(1, 6))
            case 3:
                data[at:at] = data[max(0, at - 8) : at]
            case _:
                data[at:at] = chance.choice(corpus)[: chance.randint(1, 8)]
    return bytes(data)


def _cut(chance: random.Random, stream: bytes) -> list[bytes]:
    cuts = sorted(chance.choices(range(len(stream) + 1), k=chance.randrange(PIECES_MAX)))
    return [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
