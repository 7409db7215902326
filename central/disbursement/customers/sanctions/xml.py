"""An XML file as a stream of the elements one asks for, of whatever size, from whomever.

Nothing outside the file is ever opened, and a file with a document type is refused whole: OFAC's have none, and
entities are what one is attacked with. A file that ends too early is no XML, and refused.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from lxml.etree import XMLSyntaxError, iterparse

from disbursement.errors import InvalidSetup

Progress = Callable[[int], None]  # bytes read so far


class Reading:
    """The file as it is read: hashed, and its progress told."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self._path, self._progress = path, progress
        self._sha256 = hashlib.sha256()
        self._bytes = 0

    @property
    def sha256(self) -> str:
        """Of what was read: of the whole file once `elements` has come to its end."""
        return self._sha256.hexdigest()

    def elements(self, roots: Iterable[str], names: Iterable[str]) -> Iterator[Any]:
        """First the root, if it is one of `roots`; then each element of one of `names` when it ends, whatever its
        namespace, gone with the next. Raises InvalidSetup."""
        try:
            with self._path.open("rb") as file:
                yield from self._elements(_Tee(file, self._saw), {*roots}, {*names})
        except OSError as failure:
            raise InvalidSetup(f"{self._path}: cannot be read: {failure.strerror}") from failure
        except XMLSyntaxError as broken:
            raise InvalidSetup(
                f"{self._path}: not a whole XML file ({broken.msg}): fetch it again"
            ) from broken

    def _elements(self, file: "_Tee", roots: set[str], names: set[str]) -> Iterator[Any]:
        events = iterparse(
            file,
            events=("start", "end"),
            tag=[f"{{*}}{name}" for name in roots | names],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
        )
        for event, element in events:
            if event == "start" and element.getparent() is None:
                self._refuse_document_type(element)
                yield element
            elif event == "end" and local_name(element) in names:
                yield element
                _let_go(element)

    def _refuse_document_type(self, root: Any) -> None:
        if root.getroottree().docinfo.internalDTD is not None:
            raise InvalidSetup(f"{self._path}: has a document type, which OFAC's files do not")

    def _saw(self, data: bytes) -> None:
        self._sha256.update(data)
        self._bytes += len(data)
        self._progress(self._bytes)


class _Tee:
    def __init__(self, file: IO[bytes], saw: Callable[[bytes], None]) -> None:
        self._file, self._saw = file, saw

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._saw(data)
        return data


def _let_go(element: Any) -> None:
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local_name(element: Any) -> str:
    tag = element.tag  # of a comment it is no text
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: Any, path: str) -> str:
    """Of the first element at `a/b` below, in any namespace; empty without one."""
    found = element.find("/".join(f"{{*}}{name}" for name in path.split("/")))
    return (found.text or "").strip() if found is not None else ""


def below(element: Any, name: str) -> Iterator[Any]:
    """All of that name, however deep."""
    return element.iter(f"{{*}}{name}")  # type: ignore[no-any-return]
