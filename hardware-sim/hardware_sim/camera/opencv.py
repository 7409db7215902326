"""OpenCV, imported in this one place, without the Qt 5 paths it leaves in the environment.

The wheel points Qt at its own plugins; a child process that draws with another Qt would follow.
"""

import os
from pathlib import Path

import cv2
from cv2.typing import MatLike as Frame  # rows x columns x BGR, eight bits each

for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    if Path(os.environ.get(_name, "/")).is_relative_to(Path(cv2.__file__).parent):
        del os.environ[_name]

__all__ = ["Frame", "cv2"]
