"""Obtain bitcoind without touching the system: from the PATH, or Debian unstable's bitcoin-knots.

Bitcoin Knots is a Bitcoin Core with the same RPC and wallet. A second, private set of apt folders points at the
unstable suite of the mirror this machine already uses; apt checks signatures and resolves the whole closure
against an empty list of installed packages, so that the program runs on its own loader and libraries,
whatever the release of this machine. Needs no root.
"""

import contextlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import platformdirs

PACKAGE = "bitcoin-knots"
KEYRINGS = tuple(
    Path("/usr/share/keyrings", name)
    for name in ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp")
)
APT_TIMEOUT_S = 300

_APT_CONF = """\
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/unstable.sources";
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
Suites: unstable
Components: main
Signed-By: {keyring}
Targets: Packages
"""


class NodeUnavailable(Exception):
    """There is no bitcoind to be had here; the text says why."""


def find_bitcoind() -> list[str] | None:
    """The words that start bitcoind, if it is in the PATH or was fetched before."""
    if installed := shutil.which("bitcoind"):
        return [installed]
    return _program_in(cache_folder().resolve() / PACKAGE)


def fetch() -> list[str]:
    """The words that start bitcoind, downloading it first if need be. Raises NodeUnavailable."""
    return find_bitcoind() or _download(cache_folder())


def cache_folder() -> Path:
    """$STATER_CACHE, or the user's cache folder."""
    chosen = os.environ.get("STATER_CACHE")
    return Path(chosen) if chosen else platformdirs.user_cache_path("stater")


def _program_in(root: Path) -> list[str] | None:
    bitcoind = root / "usr/bin/bitcoind"
    loader = next(root.glob("usr/lib*/ld-linux*.so.*"), None)
    if loader is None or not bitcoind.exists():
        return None
    libraries = ":".join(str(folder) for folder in sorted(root.glob("usr/lib/*-linux-gnu*")))
    return [str(loader), "--library-path", libraries, str(bitcoind)]


def _download(cache: Path) -> list[str]:
    for tool in ("apt-get", "dpkg"):
        if shutil.which(tool) is None:
            raise NodeUnavailable(f"{tool} is not on this machine; install bitcoind yourself")
    keyring = next((path for path in KEYRINGS if path.exists()), None)
    if keyring is None:
        raise NodeUnavailable("no Debian archive keyring here, so nothing could be verified")
    cache.mkdir(parents=True, exist_ok=True)
    reasons = ["this machine's apt knows no Debian mirror"]
    for mirror in _mirrors():
        with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as folder:
            try:
                return _download_from(mirror, keyring, Path(folder), cache)
            except NodeUnavailable as problem:
                reasons = [str(problem)]
    raise NodeUnavailable(reasons[-1])


def _mirrors() -> Iterator[str]:
    """Where this machine gets Debian from, best first; security mirrors hold no unstable."""
    targets = _run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    for uri in dict.fromkeys(targets.split()):
        if "debian" in uri and "security" not in uri:
            yield uri


def _download_from(mirror: str, keyring: Path, folder: Path, cache: Path) -> list[str]:
    for needed in ("state/lists/partial", "cache/archives/partial", "root"):
        (folder / needed).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "unstable.sources").write_text(_SOURCES.format(mirror=mirror, keyring=keyring))
    conf = folder / "apt.conf"
    conf.write_text(_APT_CONF.format(folder=folder))
    # Without the error mode, apt takes a failed download for a warning and goes on with nothing.
    _run("apt-get", "-c", str(conf), "-q", "--error-on=any", "update")
    _run("apt-get", "-c", str(conf), "-q", "-y", "--download-only", "install", PACKAGE)
    for deb in sorted((folder / "cache/archives").glob("*.deb")):
        _run("dpkg", "--extract", str(deb), str(folder / "root"))
    if _program_in(folder / "root") is None:
        raise NodeUnavailable(f"{PACKAGE} has no program for this machine ({platform.machine()})")
    return _move_in(folder / "root", cache.resolve() / PACKAGE)


def _move_in(root: Path, home: Path) -> list[str]:
    shutil.rmtree(home, ignore_errors=True)
    with contextlib.suppress(OSError):  # another process has just put the same there
        root.rename(home)
    program = _program_in(home)
    if program is None:
        raise NodeUnavailable(f"could not put {PACKAGE} into {home}")
    return program


def _run(*argv: str) -> str:
    """What it printed, or NodeUnavailable with the last thing it complained of."""
    words = {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            argv, env=words, capture_output=True, text=True, timeout=APT_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise NodeUnavailable(f"{argv[0]}: {problem}") from problem
    if done.returncode != 0:
        complaints = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise NodeUnavailable(f"{argv[0]} could not get {PACKAGE}: {complaints[-1]}")
    return done.stdout
