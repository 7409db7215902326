"""Programs of Debian without touching the system: from the PATH, or unpacked into the cache.

Responsible for: finding a program, and fetching the package that holds it, from a named suite, with all that it needs.
Not responsible for: configuring and running it.

A second, private set of apt folders points at the suite on the mirror this machine already uses; apt checks
signatures and resolves the whole closure against an empty list of installed packages, so that the program runs on
its own loader and libraries, whatever the release of this machine. Needs no root.

    LITECOIND.find() or LITECOIND.fetch()  # the words that start it
"""

import contextlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

KEYRINGS = tuple(
    Path("/usr/share/keyrings", name)
    for name in ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp")
)
APT_TIMEOUT_S = 300

_APT_CONF = """\
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/suite.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "";
APT::Install-Recommends "false";
Acquire::Languages "none";
Debug::NoLocking "true";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
"""

_SOURCES = """\
Types: deb
URIs: {mirror}
Suites: {suite}
Components: main
Signed-By: {keyring}
Targets: Packages
"""


class ProgramUnavailable(Exception):
    """The program is not to be had here; the text says why."""


@dataclass(frozen=True)
class DebianProgram:
    """Where Debian has it. The release of this machine need not be the suite."""

    package: str
    suite: str
    path: str  # inside the package

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def home(self) -> Path:
        """Where it is unpacked."""
        return cache_folder().resolve() / self.package

    def find(self) -> list[str] | None:
        """The words that start it, if it is in the PATH or was fetched before."""
        if installed := shutil.which(self.name):
            return [installed]
        return self.fetched()

    def fetched(self) -> list[str] | None:
        """The words that start the one in the cache."""
        return self.words_in(self.home)

    def fetch(self) -> list[str]:
        """The words that start the one in the cache, downloading it first if need be. Raises ProgramUnavailable."""
        return self.fetched() or _download(self, cache_folder())

    def words_in(self, root: Path) -> list[str] | None:
        """The same where the package is unpacked in `root`."""
        program = root / self.path
        loader = next(root.glob("usr/lib*/ld-linux*.so.*"), None)
        if loader is None or not program.exists():
            return None
        libraries = ":".join(str(folder) for folder in sorted(root.glob("usr/lib/*-linux-gnu*")))
        return [str(loader), "--library-path", libraries, str(program)]


# A Bitcoin Core with the same RPC and wallet.
BITCOIND = DebianProgram("bitcoin-knots", "unstable", "usr/bin/bitcoind")
# The one in usr/bin is a shell script that starts this.
LITECOIND = DebianProgram("litecoind", "trixie", "usr/lib/litecoin/litecoind")


def cache_folder() -> Path:
    """$STATER_CACHE, or the user's cache folder."""
    chosen = os.environ.get("STATER_CACHE")
    return Path(chosen) if chosen else platformdirs.user_cache_path("stater")


def _download(program: DebianProgram, cache: Path) -> list[str]:
    for tool in ("apt-get", "dpkg"):
        if shutil.which(tool) is None:
            raise ProgramUnavailable(
                f"{tool} is not on this machine; install {program.name} yourself"
            )
    keyring = next((path for path in KEYRINGS if path.exists()), None)
    if keyring is None:
        raise ProgramUnavailable("no Debian archive keyring here, so nothing could be verified")
    cache.mkdir(parents=True, exist_ok=True)
    reasons = ["this machine's apt knows no Debian mirror"]
    for mirror in _mirrors():
        with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as folder:
            try:
                return _download_from(mirror, keyring, Path(folder), program)
            except ProgramUnavailable as problem:
                reasons = [str(problem)]
    raise ProgramUnavailable(f"no {program.package}: {reasons[-1]}")


def _mirrors() -> Iterator[str]:
    """Where this machine gets Debian from, best first; security mirrors hold no whole suite."""
    targets = _run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    for uri in dict.fromkeys(targets.split()):
        if "debian" in uri and "security" not in uri:
            yield uri


def _download_from(mirror: str, keyring: Path, folder: Path, program: DebianProgram) -> list[str]:
    for needed in ("state/lists/partial", "cache/archives/partial", "root"):
        (folder / needed).mkdir(parents=True)
    (folder / "status").touch()
    sources = _SOURCES.format(mirror=mirror, keyring=keyring, suite=program.suite)
    (folder / "suite.sources").write_text(sources)
    conf = folder / "apt.conf"
    conf.write_text(_APT_CONF.format(folder=folder))
    # Without the error mode, apt takes a failed download for a warning and goes on with nothing.
    _run("apt-get", "-c", str(conf), "-q", "--error-on=any", "update")
    _run("apt-get", "-c", str(conf), "-q", "-y", "--download-only", "install", program.package)
    for deb in sorted((folder / "cache/archives").glob("*.deb")):
        _run("dpkg", "--extract", str(deb), str(folder / "root"))
    if program.words_in(folder / "root") is None:
        raise ProgramUnavailable(f"it has no program for this machine ({platform.machine()})")
    return _move_in(folder / "root", program)


def _move_in(root: Path, program: DebianProgram) -> list[str]:
    if program.fetched() is None:
        shutil.rmtree(program.home, ignore_errors=True)
    with contextlib.suppress(OSError):  # another process has just put the same there
        root.rename(program.home)
    words = program.fetched()
    if words is None:
        raise ProgramUnavailable(f"it could not be put into {program.home}")
    return words


def _run(*argv: str) -> str:
    """What it printed, or ProgramUnavailable with the last thing it complained of."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            argv,
            env=environment,
            capture_output=True,
            text=True,
            timeout=APT_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise ProgramUnavailable(f"{argv[0]}: {problem}") from problem
    if done.returncode != 0:
        complaints = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise ProgramUnavailable(f"{argv[0]}: {complaints[-1]}")
    return done.stdout
