"""A folder of photographs, with or without what they say.

`manifest.json` beside them holds {"images": [{"file": ..., "expected": [texts], "set": ...}]}; one "text" does as well as
"expected", and "set" is what the table is grouped by. Without the file every picture of the folder is taken.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from drivers.scanner.opencv import cv2
from drivers.scanner.pictures import PICTURE_SUFFIXES
from stater_demo.problem import DemoProblem
from stater_demo.scan_readers import Picture


@dataclass(frozen=True)
class Photo:
    path: Path
    kind: str
    expected: tuple[str, ...]  # empty: nobody says

    def picture(self) -> Picture:
        """Raises DemoProblem."""
        image = cv2.imread(str(self.path), cv2.IMREAD_GRAYSCALE)
        if image is None:
            raise DemoProblem(f"{self.path} is not a picture that can be read")
        return np.asarray(image, np.uint8)


def photos_in(folder: Path) -> list[Photo]:
    """Raises DemoProblem."""
    manifest = folder / "manifest.json"
    if manifest.exists():
        photos = list(_told(folder, manifest))
    else:
        paths = (path for path in folder.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES)
        photos = [Photo(path, "photographs", ()) for path in sorted(paths)]
    if not photos:
        raise DemoProblem(f"there are no pictures in {folder}")
    return photos


def _told(folder: Path, manifest: Path) -> Iterator[Photo]:
    try:
        for entry in json.loads(manifest.read_text(encoding="utf-8"))["images"]:
            yield Photo(folder / entry["file"], entry.get("set", "photographs"), _expected(entry))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DemoProblem(
            f'{manifest}: {error!r}; wanted is {{"images": [{{"file": ..., "expected": [...]}}]}}'
        ) from error


def _expected(entry: dict[str, Any]) -> tuple[str, ...]:
    return tuple(entry["expected"]) if "expected" in entry else (str(entry["text"]),)
