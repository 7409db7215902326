"""A `central` process under a supervisor, as systemd has it: however it ends, it starts again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

CENTRAL = Path(sys.executable).with_name("central")
# With PYTHONDONTWRITEBYTECODE it would compile every library anew at each start.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
RESTART_S = 0.1
STOP_TIMEOUT_S = 15


class CentralUnit:
    def __init__(self, config_file: Path, *words: str) -> None:
        self.command = [CENTRAL, *words, "--config", config_file]
        self.listens = "worker" not in words
        self.url: str | None = None  # while it is ready; of a worker it is empty
        self._log = config_file.with_suffix(".log")
        self._process: subprocess.Popen[str] | None = None
        self._stopping = threading.Event()
        self._supervisor = threading.Thread(target=self._keep_running, daemon=True)
        self._supervisor.start()

    def kill(self) -> bool:
        """Whether it was alive."""
        process = self._process
        if process is None or process.poll() is not None:
            return False
        process.kill()
        process.wait()
        self.url = None  # now, and not when its supervisor sees it
        return True

    def end(self) -> None:
        """For good."""
        self._stopping.set()
        self.kill()
        self._supervisor.join(STOP_TIMEOUT_S)

    def stop(self) -> int:
        """Ask it to end; the status it ended with."""
        self._stopping.set()
        process = self._process
        assert process is not None
        process.send_signal(signal.SIGTERM)
        return process.wait(STOP_TIMEOUT_S)

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            with self._log.open("a") as log:
                self._process = subprocess.Popen(
                    self.command, stdout=subprocess.PIPE, stderr=log, text=True, env=ENVIRONMENT
                )
            with self._process as process:
                assert process.stdout is not None
                with contextlib.suppress(json.JSONDecodeError):  # it ended before
                    self.url = json.loads(process.stdout.readline()).get("url", "")
                process.wait()
            self.url = None
            self._stopping.wait(RESTART_S)
