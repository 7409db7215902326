"""What holds for every test."""

import drivers.scanner.opencv  # noqa: F401  # first: OpenCV takes its limits once, as it is loaded
