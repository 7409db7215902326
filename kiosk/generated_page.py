"""Pages of `docs/` that are drawn from the code: written, or with `--check` compared."""

import sys
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def write_or_check(name: str, text: str, module: str) -> int:
    """The exit status: 1 when `--check` was asked for and the page is stale."""
    path = DOCS / name
    if "--check" not in sys.argv:
        path.write_text(text, encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"docs/{name} is stale; run: uv run python -m {module}\n")
    return 1
