"""JSON lines over a Unix socket: a line from the core is a Snapshot, a line from the screen an Intent.

On connecting, a screen is sent the latest snapshot at once. Any number of screens may connect (the demo's
and the tests' eyes are further ones); each sees everything, and each may speak.
"""

from pathlib import Path

LINE_BYTES_MAX = 65_536  # an intent is under a hundred bytes; a longer line is not ours

DEFAULT_SOCKET: Path = Path("/run/kiosk/screen.sock")  # systemd's RuntimeDirectory=kiosk
