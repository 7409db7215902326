"""Whoever may be on the list buys nothing until a person has decided, and is asked about again when anything changes."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from disbursement.commands import main
from disbursement.customers import register, screening
from disbursement.customers.keeping import erase, export
from disbursement.customers.models import Customer, EnrolmentRow, HitDecision, Screening
from disbursement.customers.register import Person
from disbursement.customers.sanctions import books
from disbursement.customers.sanctions.party import Born, ListedName, Party, SanctionsList
from disbursement.errors import NotOpen
from disbursement.matters import open_matters

PHONE = "+12025550123"
BORN = date(1952, 10, 7)
IVAN = Party(
    uid="2674",
    kind="individual",
    names=(ListedName(text="PRIMEROV Ivan"),),
    births=(Born(earliest=BORN, latest=BORN),),
)
NOBODY = Party(uid="36", kind="entity", names=(ListedName(text="EXAMPLE SHIPPING"),))
MS_PER_YEAR = 366 * 24 * 3_600_000


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")


@pytest.fixture
def load(central: Any) -> Any:
    def load(*parties: Party, day: int = 1) -> None:
        found = SanctionsList("advanced", date(2026, 11, day), f"{day:064}", (*parties, NOBODY))
        central.house.db.run(
            lambda session: books.replace(session, found, 0, may_shrink=True), serializable=True
        )

    return load


@pytest.fixture
def name_at(kiosk: Any) -> Any:
    def name_at(customer: str, name: str, born_on: str = "1952-10-07", session: str = "1") -> Any:
        said = {"session_id": f"session-{session}", "name": name, "born_on": born_on}
        return kiosk.post(f"/v1/customers/{customer}/name", said)

    return name_at


def prepare(kiosk: Any, name: str, customer: str) -> Any:
    assert kiosk.quote(name, session_id="session-1").status_code == 200
    return kiosk.prepare(
        name, session_id="session-1", customer_id=customer, max_amount_minor=1_000
    )


def decide(central: Any, customer: str, *, is_the_same: bool) -> None:
    central.house.db.run(
        lambda s: screening.decide(s, customer, "looked", 5, is_the_same=is_the_same)
    )


def reviews(central: Any) -> list[Any]:
    house = central.house
    matters = house.db.run(lambda session: open_matters(session, house.rules, house.now_ms()))
    return [matter for matter in matters if matter.name.startswith("customer ")]


def test_a_possible_hit_holds_the_customer_until_a_person_decides(
    central: Any, kiosk: Any, counter: Any, load: Any, name_at: Any
) -> None:
    load(IVAN)
    customer = counter.enrol()
    assert refusal(name_at(customer, "Ivan  PRIMEROFF")) == (409, "customer_refused")
    assert refusal(prepare(kiosk, "1", customer)) == (409, "customer_refused")
    [matter] = reviews(central)
    assert "'PRIMEROV Ivan' (entry 2674" in matter.text
    assert "Ivan  P" not in matter.text
    decide(central, customer, is_the_same=False)
    assert reviews(central) == []
    assert prepare(kiosk, "1", customer).status_code == 200
    [screened] = central.all(Screening)
    assert (screened.decision, screened.list_id) == ("possible", 1)
    with pytest.raises(NotOpen):
        decide(central, customer, is_the_same=False)


def test_the_same_person_is_blocked(
    central: Any, kiosk: Any, counter: Any, load: Any, name_at: Any
) -> None:
    load(IVAN)
    customer = counter.enrol()
    name_at(customer, "Ivan Primerov")
    decide(central, customer, is_the_same=True)
    assert refusal(prepare(kiosk, "1", customer)) == (409, "customer_refused")
    assert [row.is_the_same for row in central.all(HitDecision)] == [True]
    load(IVAN, day=2)
    central.house.db.run(lambda s: register.unblock(s, customer, "a licence", 6))
    assert refusal(prepare(kiosk, "1", customer)) == (409, "customer_refused")  # asked again
    assert len(reviews(central)) == 1


def test_a_new_list_is_held_against_everyone_in_the_background_and_goes_on_where_it_was(
    central: Any, counter: Any, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "AT_ONCE", 2)
    db, screener = central.house.db, central.house.desk.screener
    load()
    for number in range(5):
        customer = Customer(customer_id=f"customer-{number}", version=0)
        name = "Ivan Primerov" if number == 3 else f"Nobody Number{number}"

        def enter(session: Any, customer: Customer = customer, name: str = name) -> None:
            session.add(customer)
            register.give_name(session, customer, Person(name, BORN), "test", 0)

        db.run(enter)
    central.work()
    assert len(central.all(Screening)) == 2  # and a kill here loses nothing
    again = screening.Screener()
    assert [screening.rescreen(db, again, 1) for _ in range(3)] == [2, 1, 0]
    assert {row.decision for row in central.all(Screening)} == {"clear"}
    load(IVAN, day=2)
    while screening.rescreen(db, screener, 2):
        pass
    assert [row.customer_id for row in central.all(Customer) if row.under_review] == ["customer-3"]
    assert len(central.all(Screening)) == 10


def test_nobody_buys_between_the_new_list_and_its_screening(
    central: Any, kiosk: Any, counter: Any, load: Any, name_at: Any
) -> None:
    load()
    customer = counter.enrol()
    assert name_at(customer, "Ivan Primerov").status_code == 200
    assert prepare(kiosk, "1", customer).status_code == 200
    load(IVAN, day=2)
    assert refusal(prepare(kiosk, "2", customer)) == (409, "customer_refused")
    assert kiosk.prepare(
        "1", session_id="session-1", customer_id=customer, max_amount_minor=1_000
    ).is_success  # a repeat


def test_a_decision_is_about_this_name_and_this_entry_as_it_was(
    central: Any, counter: Any, load: Any, name_at: Any
) -> None:
    load(IVAN)
    db, screen = central.house.db, partial(screening.screen, central.house.db)
    customer = counter.enrol()
    name_at(customer, "Ivan Primerov")
    decide(central, customer, is_the_same=False)
    load(IVAN, day=2)  # unchanged
    screen(central.house.desk.screener, customer, 1)
    assert reviews(central) == []
    load(IVAN.model_copy(update={"births": ()}), day=3)
    screen(central.house.desk.screener, customer, 2)
    assert len(reviews(central)) == 1
    decide(central, customer, is_the_same=False)

    def rename(session: Any) -> None:
        row = register.find(session, customer)
        register.give_name(session, row, Person("Iwan Primerov", BORN), "passport", 3)

    db.run(rename)
    screen(central.house.desk.screener, customer, 3)
    assert len(reviews(central)) == 1


def test_a_name_is_told_once_and_by_the_customer_of_the_session_alone(
    counter: Any, load: Any, name_at: Any
) -> None:
    load()
    customer = counter.enrol()
    assert refusal(name_at(customer, "Jo Buyer", session="2")) == (409, "identity_not_shown")
    first = name_at(customer, "Jo Buyer")
    assert (first.status_code, first.json()["tier"]) == (200, "phone")
    assert name_at(customer, "Jo  Buyer").json() == first.json()
    assert refusal(name_at(customer, "Jo Other")) == (409, "id_reused")


def test_all_is_exported_and_forgotten_only_when_the_law_allows(
    central: Any, kiosk: Any, counter: Any, load: Any, name_at: Any
) -> None:
    load()
    customer, db, rules = counter.enrol(), central.house.db, central.house.desk.rules
    name_at(customer, "Jo Buyer")
    prepare(kiosk, "1", customer)
    kept = db.run(lambda session: export(session, customer))
    assert (kept["customer"]["name"], kept["customer"]["phone"]) == ("Jo Buyer", PHONE)
    assert [len(kept[part]) for part in ("enrolments", "sales", "screenings")] == [1, 1, 1]

    def forget(years: int) -> None:
        now_ms = central.clock() + years * MS_PER_YEAR
        db.run(lambda session: erase(session, rules, customer, "asked by letter", now_ms))

    with pytest.raises(NotOpen, match="a sale that is not over"):
        forget(11)
    kiosk.finalized(0)
    kiosk.report()
    with pytest.raises(NotOpen, match=r"kept until 2035-.*: 31 CFR 501\.601"):
        forget(9)
    forget(11)
    kept = db.run(lambda session: export(session, customer))
    assert not {"Jo Buyer", "1952-10-07", PHONE} & {*kept["customer"].values()}
    assert [row.phone for row in central.all(EnrolmentRow)] == [None]
    assert len(kept["sales"]) == 1
    with pytest.raises(NotOpen, match="forgotten already"):
        forget(11)


def test_by_command_with_phones_masked(
    central: Any, counter: Any, load: Any, tmp_path: Path, homes: Any
) -> None:
    load(IVAN)
    customer = counter.enrol()
    (tmp_path / "central.toml").write_text(f"[server]\n{homes.server_lines(tmp_path)}\n")

    def run(*words: str) -> str:
        done = CliRunner().invoke(main, [*words, "--config", str(tmp_path / "central.toml")])
        return done.output

    note = ("--note", "passport seen")
    assert "+1********23" in run("customer", "list")
    assert PHONE in run("customer", "list", "--reveal")
    assert "has no name yet" in run("customer", "review", customer, *note)
    named = run(
        "customer", "name", customer, "--name", "Ivan Primerov", "--born", "1952-10-07", *note
    )
    assert "UNDER REVIEW" in named
    assert "Primerov" not in named.replace("PRIMEROV", "")
    assert f"central customer clear {customer}" in run("status")
    assert "is another" in run("customer", "clear", customer, *note)
    assert "is reviewed" in run("customer", "review", customer, *note)
    assert "is blocked" in run("customer", "block", customer, *note)
    assert "BLOCKED" in run("customer", "show", customer)
    assert "Ivan Primerov, born 1952-10-07" in run("customer", "show", customer, "--reveal")
    assert "not blocked any more" in run("customer", "unblock", customer, *note)
    assert '"name": "Ivan Primerov"' in run("customer", "export", customer)
    assert "[customers], which is missing" in run("customer", "erase", customer, *note)
    assert "there is no customer 'nobody'" in run("customer", "block", "nobody", *note)
