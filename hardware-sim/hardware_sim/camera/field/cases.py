"""The field as a list: each case a code, a condition, a severity and a frame size, all from one seed."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hardware_sim.camera.field.code import modules_of
from hardware_sim.camera.field.conditions import Conditions, Shot
from hardware_sim.camera.field.exposure import Grey, exposed
from hardware_sim.camera.field.kinds import CONDITIONS
from hardware_sim.camera.field.readable import is_readable, mean_module_px

SIZES = ((640, 480), (1280, 720))
SEVERITIES = (1, 2, 3)
FPS = 15
FRAMES = 2 * FPS
_WIDEST = 0.92  # of the frame's height, for a code with two modules of its quiet zone
_TURNED = 0.66  # the same for one that may stand on its corner


@dataclass(frozen=True)
class Case:
    """One customer: the same hand, glass and camera in every frame."""

    condition: str
    severity: int
    size: tuple[int, int]  # width, height
    seed: int
    made: Conditions

    @property
    def name(self) -> str:
        return f"{self.condition} {self.severity}, {self.size[0]}x{self.size[1]}, seed {self.seed}"

    @property
    def text(self) -> str:
        return self.made.code.text

    @property
    def version(self) -> int:
        return self.made.code.version

    @property
    def module_px(self) -> float:
        """As the first frame has it: tilt makes modules smaller."""
        return mean_module_px(self.shot(0))

    def frame(self, number: int = 0) -> Grey:
        return exposed(self.shot(number))

    def frames(self) -> Iterator[Grey]:
        """Two seconds."""
        return (self.frame(number) for number in range(FRAMES))

    def is_readable(self, numbers: Iterable[int] = (0,)) -> bool:
        """Whether these frames together hold the text, by the rule of `readable.py`."""
        return is_readable([self.shot(number) for number in numbers])

    def shot(self, number: int) -> Shot:
        return Shot(self.made, self.size, self.seed, number / FPS)


def field_cases(
    seed: int,
    each: int = 1,
    conditions: Iterable[str] = tuple(CONDITIONS),
    severities: Iterable[int] = SEVERITIES,
    sizes: Iterable[tuple[int, int]] = SIZES,
) -> Iterator[Case]:
    """`each` cases of every combination; more of them leave the first ones as they are."""
    for condition in conditions:
        for severity in severities:
            for size in sizes:
                for number in range(each):
                    yield _case(condition, severity, size, f"{seed} {number}")


def _case(condition: str, severity: int, size: tuple[int, int], seed: str) -> Case:
    dice = random.Random(f"{seed} {condition} {severity} {size}")  # noqa: S311 (scenery)
    made = CONDITIONS[condition](dice, severity)
    widest = _TURNED if condition == "rotation" else _WIDEST
    most_px = widest * size[1] / (len(modules_of(made.code)) + 4)
    if made.module_px > most_px:
        made = replace(made, module_px=most_px)
    return Case(condition, severity, size, dice.getrandbits(31), made)
