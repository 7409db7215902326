"""The one door to python-escpos: it renders, and touches no device.

Responsible for: undoing what importing it does. It sets up the logging of the whole process, and
leaves a directory with a pickle in it behind in /tmp, a new one at each start.
"""

import logging
import os
import shutil

_handlers = list(logging.root.handlers)

from escpos.capabilities import pickle_dir  # noqa: E402  # after the look at the handlers
from escpos.constants import QR_ECLEVEL_M  # noqa: E402
from escpos.printer import Dummy  # noqa: E402

__all__ = ["QR_ECLEVEL_M", "Dummy"]

logging.root.handlers[:] = _handlers
if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
    shutil.rmtree(pickle_dir, ignore_errors=True)
