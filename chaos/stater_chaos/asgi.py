"""One request to an ASGI application, here and now: no loop, no thread, so that a kill point may lie anywhere in it.

It works for an application whose every await is ready at once: true of ours, whose handlers are plain functions
that would run in threads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


async def run_here(work: Callable[..., Any], *args: Any, **_options: Any) -> Any:
    """In the place of `anyio.to_thread.run_sync`."""
    return work(*args)


def ask(
    app: ASGIApp, method: str, path: str, body: bytes, headers: list[tuple[str, str]]
) -> Answer:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
        "client": ("192.0.2.1", 1),
        "server": ("central", 80),
    }
    told: list[dict[str, Any]] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        told.append(dict(message))

    running = app(scope, receive, send)
    try:
        running.__await__().send(None)
    except StopIteration:
        pass
    except Exception:
        if not told:  # else the framework has answered 500, and says why to a log
            raise
    else:
        raise RuntimeError(f"{method} {path} waits for something that only a loop could bring")
    start, *rest = told
    return Answer(
        start["status"], list(start["headers"]), b"".join(m.get("body", b"") for m in rest)
    )
