"""What a reader read, how fast, and the tables of it. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import mean

from stater_demo.scan_readers import OURS, REFERENCE

Say = Callable[[str], None]


@dataclass
class Score:
    """Of one reader. A wrong text is one that the picture does not hold."""

    pictures: int = 0
    read: int = 0
    wrong: list[str] = field(default_factory=list)
    spent_ms: list[float] = field(default_factory=list)

    @property
    def mean_ms(self) -> float:
        return mean(self.spent_ms) if self.spent_ms else 0.0

    @property
    def p95_ms(self) -> float:
        ordered = sorted(self.spent_ms)
        return ordered[int(0.95 * len(ordered))] if ordered else 0.0


Scores = dict[str, Score]  # by the reader's name


def say_scores(scores: Scores, say: Say, *, read: str) -> None:
    """A line for each reader; `read` says what counts as one."""
    reference = scores[REFERENCE]
    say(
        f"{'':<12}{read:>16}{'%':>7}{'wrong':>7}{'ms mean':>10}{'p95':>8}{'beside the reference':>30}"
    )
    for name, score in scores.items():
        share = 100 * score.read / max(score.pictures, 1)
        row = f"{name:<12}{score.read:>9} of {score.pictures:<3}{share:>7.1f}{len(score.wrong):>7}"
        row += f"{score.mean_ms:>10.1f}{score.p95_ms:>8.1f}"
        if name != REFERENCE and reference.read and reference.mean_ms:
            reads, time = score.read / reference.read, score.mean_ms / reference.mean_ms
            row += f"{reads:>14.2f}x reads, {time:>5.2f}x time"
        say(row)


def say_by_kind(
    kinds: dict[str, Scores], say: Say, readable: dict[str, int] | None = None
) -> None:
    """A line for each kind of picture, a column of reads for each reader."""
    names = list(next(iter(kinds.values())))
    wide = max(len(kind) for kind in kinds) + 2
    head = f"{'':<{wide}}{'n':>5}" + "".join(f"{name:>11}" for name in names)
    say(head + (f"{'readable':>11}" if readable is not None else ""))
    for kind, scores in kinds.items():
        row = f"{kind:<{wide}}{scores[OURS].pictures:>5}"
        row += "".join(f"{scores[name].read:>11}" for name in names)
        say(row + (f"{readable[kind]:>11}" if readable is not None else ""))


def say_wrong(scores: Scores, say: Say, most: int = 5) -> None:
    for name, score in scores.items():
        for text in score.wrong[:most]:
            say(f"  {name} read wrongly: {text!r}")


def joined(parts: Iterable[Scores]) -> Scores:
    """All of them together, by reader."""
    whole: Scores = {}
    for scores in parts:
        for name, score in scores.items():
            total = whole.setdefault(name, Score())
            total.pictures += score.pictures
            total.read += score.read
            total.wrong += score.wrong
            total.spent_ms += score.spent_ms
    return whole


def is_among(text: str, expected: Sequence[str]) -> bool:
    """Truths were written down with other line ends, and without the blanks at an end."""
    return _plain(text) in {_plain(each) for each in expected}


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
