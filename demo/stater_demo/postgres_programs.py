"""initdb and postgres: this machine's own, or Debian's, unpacked into the cache and made to run from there."""

import re
import shutil
import subprocess
from pathlib import Path

from stater_demo.debian import DebianProgram, ProgramUnavailable

OLDEST = 15
DEBIANS = Path("/usr/lib/postgresql")
POSTGRES = DebianProgram("postgresql-17", "trixie", "usr/lib/postgresql/17/bin/postgres")
BIN = Path("lib/postgresql/17/bin")  # the two look for their files beside it, wherever that is

# initdb starts the postgres beside it, without the loader that it needs.
_STARTER = """\
#!/bin/sh
exec "{loader}" --argv0 "$0" {option} "{libraries}" "{program}" "$@"
"""


class PostgresUnavailable(Exception):
    """There is no PostgreSQL to be had here; the text says why."""


def find_bin() -> Path | None:
    """The folder of this machine's initdb and postgres, the newest of those that Debian and the PATH have."""
    found = [*DEBIANS.glob("*/bin/initdb")]
    if in_path := shutil.which("initdb"):
        found.append(Path(in_path).resolve())
    newest = max(found, key=_version_of, default=None)
    return newest.parent if newest is not None and _version_of(newest) >= OLDEST else None


def fetch() -> None:
    """Obtain PostgreSQL into the cache, unless it is there or installed. Raises PostgresUnavailable."""
    if find_bin() is None:
        try:
            POSTGRES.fetch()
        except ProgramUnavailable as missing:
            raise PostgresUnavailable(
                f"no PostgreSQL server here (apt-get install postgresql), and {missing}"
            ) from missing


def unpacked_bin(folder: Path, *, is_copied: bool) -> Path:
    """The folder of initdb and postgres for whom there are none, made in `folder`; fetched if need be.

    Copied, they are open to another user, to whom the cache may be closed.
    """
    fetch()
    usr, home = folder / "usr", POSTGRES.home
    if is_copied:
        home = folder / "unpacked"
        for part in ("usr/lib", "usr/lib64", "usr/share/postgresql"):
            if (POSTGRES.home / part).exists():
                unused = shutil.ignore_patterns("libLLVM*", "libz3*", "libperl*")
                shutil.copytree(POSTGRES.home / part, home / part, symlinks=True, ignore=unused)
    (usr / BIN).mkdir(parents=True)
    (usr / BIN.with_name("lib")).symlink_to(home / "usr" / BIN.with_name("lib"))
    (usr / "share").symlink_to(home / "usr/share")
    words = POSTGRES.words_in(home)
    if words is None:
        raise PostgresUnavailable(f"{POSTGRES.home} is not whole: remove it and try again")
    loader, option, libraries, program = words
    for name in ("initdb", "postgres"):
        starter = usr / BIN / name
        told = {"loader": loader, "option": option, "libraries": libraries}
        starter.write_text(_STARTER.format(**told, program=Path(program).with_name(name)))
        starter.chmod(0o755)
    return usr / BIN


def _version_of(initdb: Path) -> int:
    told = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"\(PostgreSQL\) (\d+)", told.stdout)
    return int(version[1]) if version else 0
