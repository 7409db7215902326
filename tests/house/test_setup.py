"""bin/setup on machines that lack things: it says what is missing, in words, and what to type.

Each machine is a folder that comes first in the PATH; the script and what it reads are the real ones.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EVERY_LIBRARY = [
    "libGL.so.1",
    "libEGL.so.1",
    "libxkbcommon.so.0",
    "libglib-2.0.so.0",
    "libfontconfig.so.1",
    "libdbus-1.so.3",
    "libfreetype.so.6",
    "libgssapi_krb5.so.2",
    "libzbar.so.0",
]
TOOLS = [
    "sh",
    "cat",
    "cut",
    "dirname",
    "env",
    "find",
    "flock",
    "grep",
    "mkdir",
    "sha256sum",
    "tail",
    "printf",
    "echo",
    "sort",
]

Tool = Callable[[str, str], None]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout, and a PATH with the plain tools of any Debian and nothing else."""
    for name in ("pyproject.toml", "uv.lock", "bin/setup"):
        (tmp_path / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "checkout" / name)
    member = tmp_path / "checkout" / "wire" / "pyproject.toml"
    member.parent.mkdir()
    member.touch()
    (tmp_path / "checkout" / "ui").mkdir()
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    return tmp_path


@pytest.fixture
def tool(machine: Path) -> Tool:
    def put(name: str, script: str) -> None:
        path = machine / "tools" / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    put("id", "echo 1000")
    put("ldconfig", "".join(f'echo "  {name} (libc6) => /x";' for name in EVERY_LIBRARY))
    put("python3", 'case "$2" in *executable*) echo "$0" ;; *) exit 0 ;; esac')
    put("apt-get", "exit 1")
    put("apt-cache", "exit 0")
    return put


@pytest.fixture
def setup(machine: Path, tool: Tool) -> Run:
    def run(**env: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [machine / "checkout" / "bin" / "setup"],
            env={"PATH": str(machine / "tools"), "HOME": str(machine), **env},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    return run


def test_without_a_python_that_is_new_enough_it_says_which_is_needed(
    setup: Run, tool: Tool
) -> None:
    tool("python3", "exit 1")
    done = setup()
    assert done.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in done.stderr


def test_a_person_who_may_not_install_is_told_the_line_to_type(setup: Run, tool: Tool) -> None:
    tool("ldconfig", "".join(f'echo "  {name} (libc6)";' for name in EVERY_LIBRARY[:-1]))
    done = setup()
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "setup:     sudo apt-get update && sudo apt-get install --no-install-recommends libzbar0"
    )


def test_a_newer_release_has_its_own_names(setup: Run, tool: Tool) -> None:
    tool("ldconfig", "")
    tool("apt-cache", 'case "$2" in *t64) echo "  Candidate: 1.0" ;; esac')
    done = setup()
    assert "libglib2.0-0t64" in done.stderr
    assert "libzbar0t64" in done.stderr


def test_what_only_a_display_needs_is_asked_for_with_a_display(setup: Run) -> None:
    assert "libxcb-cursor0" in setup(DISPLAY=":0").stderr
    assert "libxcb" not in setup().stderr


def test_without_apt_the_missing_packages_are_named(setup: Run, tool: Tool, machine: Path) -> None:
    tool("ldconfig", "")
    (machine / "tools" / "apt-get").unlink()
    done = setup()
    assert done.returncode == 1
    assert "no apt-get; install what Debian calls: libgl1 libegl1" in done.stderr


def test_root_installs_what_is_missing_and_reports_what_apt_refuses(
    setup: Run, tool: Tool
) -> None:
    tool("id", "echo 0")
    tool("ldconfig", "")
    tool("apt-get", "[ $1 = update ] || { echo 'E: Unable to locate package'; exit 100; }")
    done = setup()
    assert done.returncode == 1
    assert "installing system packages: libgl1" in done.stderr
    assert "apt-get: E: Unable to locate package" in done.stderr


def _good_uv(tool: Tool, machine: Path) -> None:
    """A uv that notes how it was called, and makes an environment whose Python succeeds at anything."""
    tool(
        "uv",
        f'[ "$1" = --version ] && exit 0; echo "$UV_PYTHON_DOWNLOADS $*" >> {machine}/calls;'
        f" mkdir -p .venv/bin; printf '#!/bin/sh\\n' > .venv/bin/python;"
        f" {shutil.which('chmod')} +x .venv/bin/python",
    )


def test_the_locked_packages_are_installed_once_for_the_python_that_is_here(
    setup: Run, tool: Tool, machine: Path
) -> None:
    _good_uv(tool, machine)
    first, second = setup(), setup()
    assert (first.returncode, second.returncode) == (0, 0)
    python = machine / "tools" / "python3"
    calls = (machine / "calls").read_text().splitlines()
    assert calls == [f"never sync --quiet --all-packages --frozen --python {python}"]
    assert second.stderr == ""


def test_another_lock_file_sets_up_again(setup: Run, tool: Tool, machine: Path) -> None:
    _good_uv(tool, machine)
    setup()
    with (machine / "checkout" / "uv.lock").open("a") as lock:
        lock.write("# changed\n")
    setup()
    assert len((machine / "calls").read_text().splitlines()) == 2


def test_a_failed_sync_is_not_taken_for_done(setup: Run, tool: Tool) -> None:
    tool("uv", "[ $1 = --version ] || { echo 'error: no network' >&2; exit 2; }")
    assert "could not be installed" in setup().stderr
    assert setup().returncode == 1


def test_a_node_that_cannot_be_had_is_a_loud_warning_and_no_failure(
    setup: Run, tool: Tool, machine: Path
) -> None:
    _good_uv(tool, machine)
    script = (machine / "tools" / "uv").read_text()
    fails_at_fetching = '#!/bin/sh\\n[ "$3" != fetch ]\\n'
    tool("uv", script.removeprefix("#!/bin/sh\n").replace("#!/bin/sh\\n", fails_at_fetching))
    done = setup()
    assert done.returncode == 0
    assert "WARNING: going on without one of them" in done.stderr
