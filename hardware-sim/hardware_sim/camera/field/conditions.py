"""What lies between the wallet's code and the camera's picture of it, as values."""

from dataclasses import dataclass

from hardware_sim.camera.field.code import Code


@dataclass(frozen=True)
class Flicker:
    """A screen dimmed by switching it: a rolling shutter sees it as bars."""

    hz: float
    lit: float  # the share of each period in which the screen shines
    exposure_s: float  # of one row; shorter than a period shows bars


@dataclass(frozen=True)
class Grid:
    """Dots of the screen that the lens resolves, and pixels that see a part of their pitch."""

    dots_per_px: float  # in the middle of the code
    aperture: float  # the side of a pixel's light-sensitive part, in pitches


@dataclass(frozen=True)
class Conditions:
    """Everything between the wallet and the decoder. Light is linear: 1 is where the sensor saturates."""

    code: Code
    module_px: float
    tilt: float = 0.0  # radians, about `tilt_axis`
    tilt_axis: float = 0.0
    turn: float = 0.0
    smear_modules: float = 0.0  # the way of the code during one exposure, at its fastest
    defocus_modules: float = 0.0  # radius of the disc that a point becomes
    glare: float = 0.0  # size of a lamp's mirror image, as a share of the code's area
    flicker: Flicker | None = None
    grid: Grid | None = None
    screen: float = 0.75  # light from a white spot of the screen
    shop: float = 0.5  # light on shop and hand
    scatter: float = 0.04  # share of all light that lens and glass spread about
    electrons: float = 3500.0  # a saturated pixel's: fewer in the dark, as gain makes up for them
    jpeg: int = 92  # cameras on USB send JPEG
    finger: float = 0.0  # share of the code's area under a finger
    cracks: int = 0


@dataclass(frozen=True)
class Shot:
    """One press of the shutter. The seed is the customer's and their phone's: it stays through a sequence."""

    made: Conditions
    size: tuple[int, int]  # width, height
    seed: int
    now_s: float
