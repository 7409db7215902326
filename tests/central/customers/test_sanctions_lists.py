"""OFAC's files: both schemas say the same; what is cut short, older or strange is refused, and the old list stays."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from disbursement.commands import main
from disbursement.customers.sanctions import books
from disbursement.customers.sanctions.legacy import born
from disbursement.customers.sanctions.party import ANY_DAY, Born, canonical_address
from disbursement.customers.sanctions.reading import read_list
from disbursement.errors import InvalidSetup
from ofac_files import Entry, write_advanced, write_legacy

DAY = date(2026, 11, 18)
BITCOIN = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"
ENTRIES = [
    Entry(36, "", "EXAMPLE SHIPPING & SONS", kind="entity", strong=["EXAMPLE LINES"]),
    Entry(
        2674,
        "Ivan",
        "PRIMEROV",
        strong=["PRIMEROFF, Iwan"],
        weak=["THE EXAMPLE"],
        cyrillic="Иван Примеров",
        born=date(1952, 10, 7),
        wallets=[("XBT", BITCOIN), ("ETH", "0x098B716B8Aaf21512996dC57EB0615e2383E2f96")],
    ),
    Entry(2675, "Noname", "CIRCA", born_year=1965),
    Entry(9160, "", "SEA EXAMPLE", kind="vessel"),
]


def test_both_schemas_say_the_same(tmp_path: Path) -> None:
    advanced = read_list(write_advanced(tmp_path / "sdn_advanced.xml", DAY, ENTRIES))
    legacy = read_list(write_legacy(tmp_path / "sdn.xml", DAY, ENTRIES))
    assert (advanced.schema, legacy.schema) == ("advanced", "legacy")
    for found in (advanced, legacy):
        assert found.published_on == DAY
        assert [party.kind for party in found.parties] == [e.kind for e in ENTRIES]
        person = found.parties[1]
        assert person.uid == "2674"
        assert person.births == (Born(earliest=date(1952, 10, 7), latest=date(1952, 10, 7)),)
        assert [(w.currency, w.address) for w in person.wallets] == list(ENTRIES[1].wallets)
        assert [n.text for n in person.names if n.is_weak] == ["THE EXAMPLE"]
        year = Born(earliest=date(1965, 1, 1), latest=date(1965, 12, 31))
        assert found.parties[2].births == (year,)
    assert {(n.text, n.script) for n in advanced.parties[1].names} >= {
        ("PRIMEROV Ivan", "Latin"),
        ("Иван Примеров", "Cyrillic"),
    }
    assert "Ivan PRIMEROV" in {n.text for n in legacy.parties[1].names}


def test_the_hash_is_the_whole_files_and_progress_reaches_its_end(tmp_path: Path) -> None:
    many = [Entry(uid, "Nobody", f"NUMBER {uid}") for uid in range(1, 300)]
    path, told = write_advanced(tmp_path / "sdn_advanced.xml", DAY, many), list[int]()
    found = read_list(path, told.append)
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert len(found.parties) == 299
    assert told == sorted(told)
    assert (told[-1], len(set(told)) > 2) == (path.stat().st_size, True)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("07 Oct 1952", date(1952, 10, 7), date(1952, 10, 7)),
        ("Feb 1964", date(1964, 2, 1), date(1964, 2, 29)),
        ("1965", date(1965, 1, 1), date(1965, 12, 31)),
        ("circa 1965", date(1965, 1, 1), date(1965, 12, 31)),
        ("1960 to 1963", date(1960, 1, 1), date(1963, 12, 31)),
        ("12 Aug 1960 to 30 Dec 1961", date(1960, 8, 12), date(1961, 12, 30)),
    ],
)
def test_dates_of_birth_are_read_as_ofac_writes_them(
    text: str, earliest: date, latest: date
) -> None:
    assert born(text) == Born(earliest=earliest, latest=latest)


@pytest.mark.parametrize("text", ["", "unknown", "31 Feb 1960", "1960s", "07 Xyz 1952", "0000"])
def test_a_date_that_cannot_be_read_contradicts_nobody(text: str) -> None:
    assert born(text) == ANY_DAY


def test_a_file_that_is_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    for write in (write_advanced, write_legacy):
        whole = write(tmp_path / "whole.xml", DAY, ENTRIES).read_bytes().rstrip()
        for size in (0, 1, 200, len(whole) // 2, len(whole) - 1):
            (tmp_path / "cut.xml").write_bytes(whole[:size])
            with pytest.raises(InvalidSetup, match=r"cut\.xml"):
                read_list(tmp_path / "cut.xml")


def test_what_is_no_list_is_refused_in_words(tmp_path: Path) -> None:
    def refused(text: str) -> str:
        (tmp_path / "strange.xml").write_text(text)
        with pytest.raises(InvalidSetup) as told:
            read_list(tmp_path / "strange.xml")
        return str(told.value)

    assert "neither OFAC's" in refused("<rss/>")
    assert "does not say when" in refused("<Sanctions/>")
    issued = "<DateOfIssue><Year>2026</Year><Month>11</Month><Day>1</Day></DateOfIssue>"
    assert "no entries" in refused(f"<Sanctions>{issued}</Sanctions>")
    nameless = '<DistinctParties><DistinctParty FixedRef="1"/></DistinctParties>'
    assert "without a name" in refused(f"<Sanctions>{issued}{nameless}</Sanctions>")
    assert "not as OFAC" in refused("<sdnList><publshInformation/></sdnList>")
    path = write_legacy(tmp_path / "sdn.xml", DAY, ENTRIES, promised=5)
    with pytest.raises(InvalidSetup, match="4 entries, where 5 were promised"):
        read_list(path)


def test_entities_open_nothing_and_swell_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    attacks = [
        f'<!DOCTYPE Sanctions [<!ENTITY x SYSTEM "{secret.as_uri()}">]><Sanctions>&x;</Sanctions>',
        '<!DOCTYPE Sanctions SYSTEM "http://127.0.0.1:1/x.dtd"><Sanctions/>',
        '<!DOCTYPE Sanctions [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 9))
        + "]><Sanctions>&a8;</Sanctions>",
    ]
    for attack in attacks:
        (tmp_path / "attack.xml").write_text(attack)
        with pytest.raises(InvalidSetup, match=r"attack\.xml") as told:
            read_list(tmp_path / "attack.xml")
        assert "a secret" not in str(told.value)


def test_an_address_is_the_same_in_whatever_case_it_may_be_written() -> None:
    same = [
        (
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        ),
        (
            "0x098B716B8Aaf21512996dC57EB0615e2383E2f96",
            "0x098b716b8aaf21512996dc57eb0615e2383e2f96",
        ),
        (f" {BITCOIN}\n", BITCOIN),
    ]
    for one, other in same:
        assert canonical_address(one) == canonical_address(other)
    assert canonical_address(BITCOIN) != canonical_address(BITCOIN.lower())


@pytest.fixture
def command(central: Any, tmp_path: Path, homes: Any) -> Any:
    """`central` on this test's books."""
    (tmp_path / "central.toml").write_text(f"[server]\n{homes.server_lines(tmp_path)}\n")

    def run(*words: Any) -> Any:
        words = (*map(str, words), "--config", str(tmp_path / "central.toml"))
        return CliRunner().invoke(main, words)

    return run


def test_the_newest_list_counts_and_an_older_or_smaller_one_is_refused(
    central: Any, command: Any, tmp_path: Path
) -> None:
    assert "No list is loaded" in command("sanctions", "show").output
    first = write_advanced(tmp_path / "first.xml", DAY, ENTRIES)
    digest = hashlib.sha256(first.read_bytes()).hexdigest()
    refused = command("sanctions", "load", first, "--sha256", "00" * 32)
    assert (refused.exit_code, "fetch it again" in refused.output) == (2, True)
    loaded = command("sanctions", "load", first, "--sha256", digest.upper())
    assert loaded.exit_code == 0, loaded.output
    assert "list 1 of 2026-11-18 (advanced schema), 4 entries, 2 wallet addresses" in loaded.output
    assert "list 1 of" in command("sanctions", "load", first).output  # the very same: no new one

    older = write_legacy(tmp_path / "older.xml", date(2026, 11, 17), ENTRIES)
    assert "older than the one that counts" in command("sanctions", "load", older).output
    fewer = write_advanced(tmp_path / "fewer.xml", date(2026, 11, 19), ENTRIES[:3])
    assert "--may-shrink" in command("sanctions", "load", fewer).output
    cut = tmp_path / "cut.xml"
    cut.write_bytes(fewer.read_bytes()[:-20])
    assert command("sanctions", "load", cut).exit_code == 2
    assert len(central.house.db.run(books.parties)) == 4
    assert digest in command("sanctions", "show").output

    assert command("sanctions", "load", fewer, "--may-shrink").exit_code == 0
    kept = central.house.db.run(books.parties)
    assert kept == list(read_list(fewer).parties)
