"""How a node ends."""

import signal
import subprocess
from dataclasses import dataclass

STOP_TIMEOUT_S = 20


@dataclass(frozen=True)
class NodeProcess:
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Ask it to stop, and see that it does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """The power goes."""
        self.process.kill()
        self.process.wait()
