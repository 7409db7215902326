"""Kiosk frames as the field has them: a phone's code under eighteen conditions, in single pictures and in sequences."""

from hardware_sim.camera.field.cases import FPS, FRAMES, SEVERITIES, SIZES, Case, field_cases
from hardware_sim.camera.field.kinds import CONDITIONS

__all__ = ["CONDITIONS", "FPS", "FRAMES", "SEVERITIES", "SIZES", "Case", "field_cases"]
