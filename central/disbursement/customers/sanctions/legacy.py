"""OFAC's legacy schema, `sdn.xml`.

sdnList / publshInformation (so it is written) / Publish_Date, Record_Count
sdnList / sdnEntry / uid, firstName, lastName, sdnType
                     akaList / aka / category (strong, weak), firstName, lastName
                     dateOfBirthList / dateOfBirthItem / dateOfBirth    07 Oct 1952, circa 1965, 1960 to 1963
                     idList / id / idType, idNumber                     Digital Currency Address - XBT
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from disbursement.customers.sanctions.party import ANY_DAY, Born, ListedName, ListedWallet, Party
from disbursement.customers.sanctions.xml import below, text_of

ROOT = "sdnList"
HEAD = "publshInformation"
ENTRY = "sdnEntry"
WALLET = "Digital Currency Address - "
MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
DAY = re.compile(r"(?:(?:(\d{1,2}) )?([A-Z][a-z]{2}) )?(\d{4})")


def published_on(head: Any) -> date:
    """Raises ValueError."""
    month, day, year = text_of(head, "Publish_Date").split("/")
    return date(int(year), int(month), int(day))


def record_count(head: Any) -> int:
    """Raises ValueError."""
    return int(text_of(head, "Record_Count"))


def party(entry: Any) -> Party:
    return Party(
        uid=text_of(entry, "uid"),
        kind=text_of(entry, "sdnType").lower(),
        names=tuple(_names(entry)),
        births=tuple(born(item.text or "") for item in below(entry, "dateOfBirth")),
        wallets=tuple(_wallets(entry)),
    )


def _names(entry: Any) -> Iterator[ListedName]:
    for element in (entry, *below(entry, "aka")):
        name = f"{text_of(element, 'firstName')} {text_of(element, 'lastName')}".strip()
        if name:
            yield ListedName(text=name, is_weak=text_of(element, "category") == "weak")


def _wallets(entry: Any) -> Iterator[ListedWallet]:
    for document in below(entry, "id"):
        kind, number = text_of(document, "idType"), text_of(document, "idNumber")
        if kind.startswith(WALLET) and number:
            yield ListedWallet(currency=kind.removeprefix(WALLET), address=number)


def born(text: str) -> Born:
    first, _, last = text.strip().partition(" to ")
    earliest, latest = _days(first), _days(last or first)
    return Born(earliest=earliest[0], latest=latest[1]) if earliest and latest else ANY_DAY


def _days(text: str) -> tuple[date, date] | None:
    """The first and the last day that it may mean."""
    found = DAY.fullmatch(text.strip().removeprefix("circa "))
    if found is None or (found[2] and found[2] not in MONTHS):
        return None
    year, month, day = int(found[3]), MONTHS.get(found[2] or ""), int(found[1] or 0)
    return days(year, month, day)


def days(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        return first, date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError:
        return None
