"""A PostgreSQL of one's own: the one of this machine, or Debian's, unpacked into the cache; a cluster in a folder that goes.

For the tests and the benches:

    with cluster() as running:           # 1 to 2 seconds; raises PostgresUnavailable
        url = running.create("books")

It runs without fsync unless it is asked for: power cuts are not what the tests try. PostgreSQL refuses to run as root, so root
runs it as `postgres`, or as `nobody`.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from stater_demo.postgres_programs import PostgresUnavailable, find_bin, unpacked_bin

USER, PASSWORD = "stater", "practice"
START_TIMEOUT_S = 30
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
max_connections = 200
shared_buffers = 32MB
lc_messages = 'C'
timezone = 'GMT'  # which it knows without the files of time zones
jit = off
"""
DURABLE = """
fsync = on
shared_buffers = 128MB
"""


@dataclass
class Cluster:
    folder: Path
    programs: Path
    port: int
    as_user: Sequence[str]
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.as_user, self.programs / "postgres", "-D", self.folder / "data"],
                stdout=log,
                stderr=log,
                process_group=0,  # what is meant for the tests' group is not meant for it
            )
        give_up_s = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError as problem:
                if self.process.poll() is not None or time.monotonic() > give_up_s:
                    self.stop()
                    raise PostgresUnavailable(
                        f"it did not start: {self.last_words()}"
                    ) from problem
                time.sleep(0.05)
            else:
                return

    def last_words(self) -> str:
        return (self.folder / "log").read_text(errors="replace").strip().rpartition("\n")[2]

    def stop(self) -> None:
        """At once: nothing of it is kept."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(3)  # SIGQUIT: immediate shutdown, and its children with it
            self.process.wait()

    def create(self, name: str, template: str = "template0") -> str:
        """Its URL. Where it is already, it stays as it is."""
        with (
            psycopg.connect(self.url(), autocommit=True) as connection,
            contextlib.suppress(psycopg.errors.DuplicateDatabase),
        ):
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def cluster(*, is_durable: bool = False) -> Iterator[Cluster]:
    """With fsync where it is to be as durable as a real one. Raises PostgresUnavailable."""
    as_user, owner = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="stater-postgres-") as name:
        folder = Path(name)
        programs = find_bin() or unpacked_bin(folder, is_copied=owner is not None)
        (folder / "password").write_text(PASSWORD)
        if owner is not None:
            for path in (folder, folder / "password"):
                os.chown(path, owner, -1)
        initdb = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", USER, "--no-sync"]
        settings = ["-A", "scram-sha-256", "--locale=C.UTF-8"]
        made = subprocess.run(
            [*as_user, *initdb, *settings, "--pwfile", folder / "password"],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
        )
        if made.returncode != 0:
            raise PostgresUnavailable(f"initdb: {made.stderr.strip()}")
        running = Cluster(folder, programs, _free_port(), as_user)
        with (folder / "data" / "postgresql.conf").open("a") as conf:
            conf.write(f"{SETTINGS}port = {running.port}\n")
            conf.write(DURABLE * is_durable)
        running.start()
        try:
            yield running
        finally:
            running.stop()


def _unprivileged() -> tuple[Sequence[str], int | None]:
    """The words to put before a command, and whose the files must be."""
    if os.geteuid() != 0:
        return (), None
    setpriv = shutil.which("setpriv")
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            if setpriv is not None:
                ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
                return [setpriv, *ids, "--"], user.pw_uid
    raise PostgresUnavailable("root may not run it, and there is no setpriv and other user here")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
