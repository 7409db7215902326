"""The whole kiosk: devices, central, screen link and core, wired together.

Responsible for: starting the threads, handing the core its ports, and ending the process when any of
them breaks. Every thread that runs is started here.
"""

import logging

EXIT_CRASH = 70  # sysexits EX_SOFTWARE
EXIT_STORAGE = 74  # sysexits EX_IOERR
STORAGE_PAUSE_S = 5.0  # the out-of-service screen is up before the supervisor tries again

log = logging.getLogger("kiosk")
