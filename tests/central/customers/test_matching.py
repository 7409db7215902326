"""Names that are alike are found, in whatever order, script and spelling; and blocking loses none of them."""

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disbursement.customers.sanctions.matching import (
    POSSIBLE,
    SAME,
    Watchlist,
    normalised,
    score,
)
from disbursement.customers.sanctions.party import Born, ListedName, Party

SYLLABLES = [
    "al",
    "ba",
    "mo",
    "ha",
    "med",
    "iv",
    "an",
    "ov",
    "kar",
    "im",
    "lo",
    "pez",
    "gar",
    "cia",
    "chen",
    "wei",
    "ra",
    "shid",
    "sul",
    "tan",
    "yu",
    "suf",
]


def somebody(random_: random.Random) -> str:
    return " ".join(
        "".join(random_.choices(SYLLABLES, k=random_.randint(2, 3)))
        for _ in range(random_.randint(2, 3))
    )


NAMES = [somebody(random.Random(seed)) for seed in range(800)]
PARTIES = [
    Party(uid=str(n), kind="individual", names=(ListedName(text=name),))
    for n, name in enumerate(NAMES)
]
WATCHLIST = Watchlist(PARTIES)
IVAN = Party(
    uid="2674",
    kind="individual",
    names=(
        ListedName(text="PRIMEROV Ivan Petrovich"),
        ListedName(text="Иван Примеров", script="Cyrillic"),
        ListedName(text="EXAMPLEMAKER", is_weak=True),
    ),
    births=(Born(earliest=date(1952, 10, 7), latest=date(1952, 10, 7)),),
)


def best(name: str, born: date | None = None) -> int:
    hits = Watchlist([IVAN]).hits(name, born)
    return hits[0].score if hits else 0


@pytest.mark.parametrize(
    "name",
    [
        "Ivan Petrovich Primerov",
        "primerov, IVAN",
        "Iván Primérov",
        "Ivan Primeroff",
        "IvanPrimerov",
        "Иван Петрович Примеров",
        "Primerov Iwan Petrovich",
    ],
)
def test_the_same_name_written_otherwise_is_possible(name: str) -> None:
    assert best(name) >= POSSIBLE


@pytest.mark.parametrize("name", ["Ivan", "Ivan Smith", "Petra Primrose", "Jo Buyer", ""])
def test_another_name_is_not(name: str) -> None:
    assert best(name) < POSSIBLE


def test_a_date_of_birth_that_contradicts_lowers_and_one_within_two_years_does_not() -> None:
    full = "Ivan Petrovich Primerov"
    assert best(full) == best(full, date(1952, 10, 7)) == best(full, date(1954, 9, 1)) == SAME
    assert POSSIBLE <= best(full, date(1980, 1, 1)) == SAME - 1_000  # the very name: still asked
    assert best("Ivan Primerof", date(1980, 1, 1)) < POSSIBLE <= best("Ivan Primerof")


def test_a_weak_alias_counts_fully_when_the_date_of_birth_agrees() -> None:
    assert best("Examplemaker", date(1952, 10, 7)) == SAME
    assert best("Examplemaker") == SAME - 1_000
    assert best("Examplemaker", date(1980, 1, 1)) < POSSIBLE


def test_ships_are_no_customers() -> None:
    ship = IVAN.model_copy(update={"kind": "vessel"})
    assert Watchlist([ship]).hits("Ivan Primerov", None) == []


@settings(max_examples=150, deadline=None)
@given(
    number=st.integers(0, len(NAMES) - 1),
    edits=st.lists(
        st.tuples(st.sampled_from("dis"), st.integers(0, 40), st.sampled_from("aeioxkz ")),
        max_size=3,
    ),
    shuffle=st.randoms(use_true_random=False),
)
def test_blocking_loses_nobody_whom_comparing_with_all_would_find(
    number: int, edits: list[tuple[str, int, str]], shuffle: random.Random
) -> None:
    words = NAMES[number].split()
    shuffle.shuffle(words)
    name = " ".join(words)
    for kind, place, letter in edits:
        at = place % (len(name) + 1)
        name = name[:at] + (letter if kind != "d" else "") + name[at + (kind != "i") :]
    text = normalised(name)
    all_of_them = {
        str(n) for n, listed in enumerate(NAMES) if score(text, normalised(listed)) >= POSSIBLE
    }
    assert {hit.uid for hit in WATCHLIST.hits(name, None)} == all_of_them
