"""A sanctions list from a file, in either of OFAC's schemas; whole, or refused.

Responsible for: that nothing of a list is missing without a word. Not responsible for: which list counts; see `books`.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from disbursement.customers.sanctions import advanced, legacy
from disbursement.customers.sanctions.party import Party, SanctionsList
from disbursement.customers.sanctions.xml import Progress, Reading, local_name
from disbursement.errors import InvalidSetup


def read_list(path: Path, progress: Progress = lambda _bytes: None) -> SanctionsList:
    """Raises InvalidSetup."""
    reading = Reading(path, progress)
    elements = reading.elements(READERS, NAMES)
    root = next(elements, None)
    if root is None:
        raise InvalidSetup(f"{path}: is neither OFAC's sdn_advanced.xml nor its sdn.xml")
    try:
        schema, day, parties = READERS[local_name(root)](elements)
    except ValueError as wrong:
        raise InvalidSetup(f"{path}: not as OFAC writes it: {wrong}") from wrong
    _demand_whole(path, day, parties)
    return SanctionsList(schema, day or date.min, reading.sha256, tuple(parties))


Read = tuple[str, date | None, list[Party]]


def _legacy(elements: Iterator[Any]) -> Read:
    day, promised, parties = None, None, list[Party]()
    for element in elements:
        if local_name(element) == legacy.HEAD:
            day, promised = legacy.published_on(element), legacy.record_count(element)
        elif local_name(element) == legacy.ENTRY:
            parties.append(legacy.party(element))
    if promised is not None and promised != len(parties):
        raise ValueError(f"{len(parties)} entries, where {promised} were promised")
    return "legacy", day, parties


def _advanced(elements: Iterator[Any]) -> Read:
    day, values, parties = None, advanced.Values(), list[Party]()
    for element in elements:
        match local_name(element):
            case advanced.ISSUED if day is None:
                day = advanced.published_on(element)
            case advanced.ENTRY:
                parties.append(advanced.party(element, values))
            case name if name in advanced.VALUES:
                values.learn(element)
    return "advanced", day, parties


def _demand_whole(path: Path, day: date | None, parties: list[Party]) -> None:
    if day is None:
        raise InvalidSetup(f"{path}: does not say when it was published")
    if not parties:
        raise InvalidSetup(f"{path}: has no entries")
    uids = {party.uid for party in parties}
    if "" in uids or len(uids) < len(parties):
        raise InvalidSetup(f"{path}: entries without a number of their own")
    if any(not party.names for party in parties):
        raise InvalidSetup(f"{path}: an entry without a name")


READERS = {legacy.ROOT: _legacy, advanced.ROOT: _advanced}
NAMES = (
    *(legacy.HEAD, legacy.ENTRY),
    *(advanced.ISSUED, advanced.ENTRY, *advanced.VALUES, *advanced.PASSED_OVER),
)
