"""Child processes that cannot outlive this one, even when it is killed without warning."""

import shutil
from collections.abc import Sequence


def leashed(argv: Sequence[str]) -> list[str]:
    """The same command, asking the kernel to kill it when the thread that starts it ends.

    So start children from a thread that lives as long as they should: the main one.
    """
    setpriv = shutil.which(
        "setpriv"
    )  # util-linux; without it a killed demo leaves its children behind
    return [setpriv, "--pdeathsig", "KILL", "--", *argv] if setpriv else list(argv)
