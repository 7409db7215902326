"""What happened in a world, in words, for whoever reads why a seed failed."""

from dataclasses import dataclass, field

from stater_chaos.clockwork import START_S, Clockwork


@dataclass
class Story:
    clockwork: Clockwork
    lines: list[str] = field(default_factory=list)

    def tell(self, words: str) -> None:
        self.lines.append(f"{self.clockwork.now_s - START_S:9.3f} s  {words}")
