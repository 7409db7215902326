"""How much a name is like those on the list. Pure: the same name and list get the same score for ever.

    normalise   any script in Latin letters, without accents, marks and case; the order of the words is none
    block       only listed names that share enough of their letter triples are compared at all
    score       0 to 10,000: the words in any order, with a word more or less, or written as one
    lower       a weak alias counts less unless the date of birth agrees, and any name less when it contradicts

A score of POSSIBLE or more is for a person to decide. Ships and aircraft are no customers.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from anyascii import anyascii
from rapidfuzz import fuzz, process

from disbursement.customers.sanctions.party import ListedName, Party

SAME = 10_000
POSSIBLE = 8_500
LOWERED = 1_000
FEWER_WORDS = 0.95  # of the score, when one name has words that the other has not
SHARED = 0.3  # of the triples of the shorter name
BORN_WITHIN = timedelta(days=2 * 365)  # lists and papers err by so much
NO_PEOPLE = frozenset({"vessel", "aircraft"})


@dataclass(frozen=True)
class Hit:
    uid: str
    listed_name: str
    score: int
    fingerprint: str


@dataclass(frozen=True)
class _Name:
    party: Party
    listed: ListedName
    text: str
    triples: int


def normalised(name: str) -> str:
    letters = (letter if letter.isalnum() else " " for letter in anyascii(name).casefold())
    return " ".join(sorted("".join(letters).split()))


def triples(text: str) -> set[str]:
    return {
        padded[at : at + 3]
        for padded in (f" {word} " for word in text.split())
        for at in range(len(padded) - 2)
    }


def score(one: str, other: str) -> int:
    """Of two normalised names."""
    best = max(fuzz.ratio(one, other), fuzz.ratio(one.replace(" ", ""), other.replace(" ", "")))
    if min(one.count(" "), other.count(" ")) >= 1:
        best = max(best, FEWER_WORDS * fuzz.token_set_ratio(one, other))
    return round(best * SAME / 100)


def fingerprint(party: Party) -> str:
    return hashlib.sha256(party.model_dump_json().encode()).hexdigest()


class Watchlist:
    def __init__(self, parties: Iterable[Party]) -> None:
        self._names: list[_Name] = []
        self._with_triple: dict[str, list[int]] = defaultdict(list)
        for party in parties:
            if party.kind not in NO_PEOPLE:
                for listed in party.names:
                    self._add(party, listed)

    def _add(self, party: Party, listed: ListedName) -> None:
        text = normalised(listed.text)
        found = triples(text)
        for triple in found:
            self._with_triple[triple].append(len(self._names))
        self._names.append(_Name(party, listed, text, len(found)))

    def hits(self, name: str, born: date | None) -> list[Hit]:
        """One for each entry, the nearest first; also those that a date of birth makes improbable."""
        text = normalised(name)
        best: dict[str, Hit] = {}
        for listed in self._alike(text):
            reached = score(text, listed.text)
            if reached < POSSIBLE:
                continue
            reached = lowered(reached, listed.listed, listed.party, born)
            known = best.get(listed.party.uid)
            if known is None or reached > known.score:
                best[listed.party.uid] = Hit(
                    listed.party.uid, listed.listed.text, reached, fingerprint(listed.party)
                )
        return sorted(best.values(), key=lambda hit: (-hit.score, hit.uid))

    def _alike(self, text: str) -> list[_Name]:
        """Enough for `score`, which looks at the few that are left: these comparisons run outside Python."""
        near = self._sharing(text)
        texts = [name.text for name in near]
        joined = [name.text.replace(" ", "") for name in near]
        compared = (
            (text, texts, fuzz.ratio, POSSIBLE),
            (text.replace(" ", ""), joined, fuzz.ratio, POSSIBLE),
            (text, texts, fuzz.token_set_ratio, POSSIBLE / FEWER_WORDS),
        )
        found = {
            number
            for asked, choices, scorer, least in compared
            for _, _, number in process.extract(
                asked, choices, scorer=scorer, score_cutoff=int(least / 100), limit=None
            )
        }
        return [near[number] for number in sorted(found)]

    def _sharing(self, text: str) -> list[_Name]:
        own = triples(text)
        shared: Counter[int] = Counter()
        for triple in own:
            shared.update(self._with_triple.get(triple, ()))
        return [
            self._names[number]
            for number, count in shared.items()
            if count >= SHARED * min(len(own), self._names[number].triples)
        ]


def lowered(reached: int, listed: ListedName, party: Party, born: date | None) -> int:
    agrees = contradicts = False
    if born is not None and party.births:
        agrees = any(_may_be(born, day.earliest, day.latest) for day in party.births)
        contradicts = not agrees
    return reached - LOWERED * ((listed.is_weak and not agrees) + contradicts)


def _may_be(born: date, earliest: date, latest: date) -> bool:
    return (
        earliest <= born <= latest or min(abs(born - earliest), abs(latest - born)) <= BORN_WITHIN
    )
