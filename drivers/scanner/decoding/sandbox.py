"""What the process that reads strangers' pictures may do: compute, and answer. Nothing else.

Responsible for: limits of memory, files and processes, and the system calls that are left.
Not responsible for: the limit of time, which is set anew for each picture.

seccomp needs libseccomp, which Debian and Ubuntu install with apt. Without it the limits alone hold.
"""

import errno
import os
import resource
from pathlib import Path

try:  # here and not in the fork, since it starts a program to find the library
    import pyseccomp
except (ImportError, RuntimeError, OSError):
    pyseccomp = None  # type: ignore[assignment]

MEMORY_BYTES = 512 * 2**20  # beyond what is mapped at the start; a large picture takes a tenth

# To take a picture out of shared memory, compute, answer over the socket, and end. No file can be opened,
# nothing connected, no program started.
_ALLOWED = [
    "read",
    "write",
    "recvfrom",
    "recvmsg",
    "sendto",
    "sendmsg",
    "poll",
    "ppoll",
    "close",
    "fstat",
    "mmap",
    "munmap",
    "mremap",
    "mprotect",
    "madvise",
    "brk",
    "futex",
    "sched_yield",
    "sched_getaffinity",
    "getpid",
    "gettid",
    "getrandom",
    "clock_gettime",
    "gettimeofday",
    "setitimer",
    "restart_syscall",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sigaltstack",
    "exit",
    "exit_group",
]


def limit_resources() -> None:
    """Of this process, for good."""
    mapped_bytes = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for limit, most in (
        (resource.RLIMIT_AS, mapped_bytes + MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def limit_system_calls() -> None:
    """Of this process, for good. Raises OSError; a supervisor's own filter may end the process."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in _ALLOWED:
        rules.add_rule(pyseccomp.ALLOW, name)
    # What abort() needs, and no signal to anybody else.
    rules.add_rule(pyseccomp.ALLOW, "tgkill", pyseccomp.Arg(0, pyseccomp.EQ, os.getpid()))
    rules.load()


def is_available() -> bool:
    return pyseccomp is not None
