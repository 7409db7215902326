"""A phone is proved by whoever has it, in one session at one kiosk, by one of few guesses."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disbursement.customers import codes
from disbursement.customers.desk import Desk
from disbursement.customers.models import AttemptRow, CodeRow, Customer, EnrolmentRow
from disbursement.database import Base

PHONE, OTHER = "+12025550123", "+12025550124"
HOUR_MS = 3_600_000


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_code_that_was_sent_proves_the_phone(counter: Any, central: Any, phones: Any) -> None:
    begun = counter.begin(phone="(202) 555-0123")  # as people type it
    assert begun.status_code == 200, begun.text
    told = begun.json()
    assert (told["delivery"], told["code_number"], told["customer_id"]) == ("sent", 1, None)
    assert told["expires_at_ms"] <= central.clock() + 600_000
    proved = counter.attempt(phones.codes[PHONE])
    [customer] = central.all(Customer)
    assert proved.json()["customer_id"] == customer.customer_id
    assert customer.phone == PHONE


def test_the_same_phone_is_the_same_customer_and_nothing_before_the_code_says_so(
    counter: Any, central: Any
) -> None:
    first = counter.enrol("1", PHONE, "1")
    central.clock.ms += HOUR_MS
    unknown = counter.begin("2", OTHER, "2").json()
    known = counter.begin("2b", PHONE, "2").json()
    same = unknown.keys() - {"enrolment_id"}
    assert {name: known[name] for name in same} == {name: unknown[name] for name in same}
    assert refusal(counter.attempt("000000", name="2b", session="2")) == (409, "code_wrong")
    assert counter.enrol("3", PHONE, "3") == first
    assert counter.enrol("4", OTHER, "4") != first


def test_repeats_get_the_stored_answer_and_send_nothing(
    counter: Any, central: Any, phones: Any
) -> None:
    begun = counter.begin().json()
    assert counter.begin().json() == begun
    assert refusal(counter.begin(phone=OTHER)) == (409, "id_reused")
    assert refusal(counter.begin(session="2")) == (409, "id_reused")
    right = phones.codes[PHONE]
    assert refusal(counter.attempt(wrong(right), "1")) == (409, "code_wrong")
    assert refusal(counter.attempt(wrong(right), "1")) == (409, "code_wrong")
    assert refusal(counter.attempt(right, "1")) == (409, "id_reused")
    proved = counter.attempt(right, "2")
    assert counter.attempt(right, "2").json() == proved.json()
    assert refusal(counter.attempt(right, "3")) == (409, "code_spent")
    assert phones.names == ["enrolment-1-1"]
    assert len(central.all(AttemptRow)) == 2


def test_a_code_is_good_in_its_own_session_and_at_its_own_kiosk_alone(
    counter: Any, central: Any, counter_of: Any, phones: Any
) -> None:
    counter.begin()
    elsewhere = counter_of(central.kiosk("kiosk-2"))
    code = phones.codes[PHONE]
    assert refusal(elsewhere.attempt(code)) == (404, "not_found")
    assert refusal(elsewhere.again(2)) == (404, "not_found")
    assert refusal(counter.attempt(code, session="2")) == (404, "not_found")
    assert refusal(counter.attempt(code, name="2")) == (404, "not_found")
    assert central.all(AttemptRow) == []
    assert counter.attempt(code).status_code == 200


def test_a_code_expires(counter: Any, central: Any, phones: Any) -> None:
    expires_at_ms = counter.begin().json()["expires_at_ms"]
    central.clock.ms = expires_at_ms
    assert refusal(counter.attempt(phones.codes[PHONE])) == (409, "code_spent")
    assert central.all(Customer) == []


def test_a_new_code_ends_the_old_one_and_there_are_few(
    counter: Any, central: Any, phones: Any
) -> None:
    counter.begin()
    old = phones.codes[PHONE]
    assert refusal(counter.again(2)) == (429, "try_later")  # at once
    central.clock.ms += 30_000
    assert refusal(counter.again(3)) == (409, "id_reused")
    second = counter.again(2)
    assert (second.status_code, second.json()["codes_left"]) == (200, 1)
    assert counter.again(2).json() == second.json()
    assert phones.names == ["enrolment-1-1", "enrolment-1-2"]
    if old != phones.codes[PHONE]:
        assert refusal(counter.attempt(old)) == (409, "code_wrong")
    central.clock.ms += 30_000
    assert counter.again(3).status_code == 200
    central.clock.ms += 30_000
    assert refusal(counter.again(4)) == (429, "try_later")
    assert counter.attempt(phones.codes[PHONE], "2").status_code == 200
    assert refusal(counter.again(4)) == (409, "code_spent")


def test_one_phone_gets_few_codes_an_hour_at_however_many_kiosks(
    central: Any, counter_of: Any, phones: Any
) -> None:
    counters = [counter_of(central.kiosk(f"kiosk-{number}")) for number in range(6)]
    answers = [counters[n].begin(str(n), session=str(n)) for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert counters[5].begin("6", OTHER, "5").status_code == 200
    central.clock.ms += HOUR_MS
    assert counters[5].begin("5", session="5").status_code == 200


def test_one_kiosk_sends_few_codes_an_hour(open_central: Any, tmp_path: Any, desk: Any) -> None:
    few = desk.rules.model_copy(update={"hourly_codes_of_speaker": 3})
    central = open_central(tmp_path, desk=replace(desk, rules=few))
    kiosk, other = central.kiosk(), central.kiosk("kiosk-2")

    def begin(kiosk: Any, number: int) -> int:
        asked = {"enrolment_id": f"enrolment-{number}", "session_id": "session-1"}
        phone = f"+1202555{100 + number:04}"
        return int(kiosk.post("/v1/enrolments", asked | {"phone": phone}).status_code)

    assert [begin(kiosk, number) for number in range(5)] == [200, 200, 200, 429, 429]
    assert begin(other, 9) == 200


def test_limits_hold_when_all_ask_at_once(central: Any, counter_of: Any, phones: Any) -> None:
    counters = [counter_of(central.kiosk(f"kiosk-{number}")) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda n: counters[n].begin(str(n), session=str(n)), range(8)))
    assert sorted(answer.status_code for answer in begun) == [200] * 5 + [429] * 3
    n = next(n for n in range(8) if begun[n].status_code == 200)
    [bad, *_] = (f"{c:06}" for c in range(10**6) if f"{c:06}" not in phones.codes.values())
    with ThreadPoolExecutor(8) as pool:
        tried = pool.map(
            lambda k: counters[n].attempt(bad, str(k), name=str(n), session=str(n)), range(9)
        )
    assert (
        sorted(refusal(answer)[1] for answer in tried) == ["code_spent"] * 4 + ["code_wrong"] * 5
    )


def test_what_is_no_mobile_phone_of_a_served_country_gets_no_code(
    counter: Any, phones: Any
) -> None:
    for typed in ("12345", "hello", "+44 7911 123456", "+1 800 555 0199", "+999 1"):
        answer = counter.begin(phone=typed)
        assert refusal(answer) == (422, "bad_phone")
        assert typed not in answer.text
    assert phones.names == []


def test_without_a_gateway_enrolment_is_refused_in_words(
    open_central: Any, tmp_path: Any, desk: Any, counter_of: Any
) -> None:
    for number, without in enumerate((None, Desk(desk.rules))):
        (tmp_path / str(number)).mkdir()
        counter = counter_of(open_central(tmp_path / str(number), desk=without).kiosk())
        for answer in (counter.begin(), counter.again(2), counter.attempt("123456")):
            assert refusal(answer) == (409, "enrolment_unavailable")
            assert "[customers.sms]" in answer.json()["detail"]


def test_a_code_that_could_not_be_sent_says_so_and_the_next_may_reach(
    counter: Any, central: Any, phones: Any
) -> None:
    phones.reach = False
    assert counter.begin().json()["delivery"] == "failed"
    phones.reach = True
    central.clock.ms += 30_000
    assert counter.again(2).json()["delivery"] == "sent"
    assert counter.attempt(phones.codes[PHONE]).status_code == 200


def test_neither_books_nor_log_know_a_code(
    counter: Any, central: Any, phones: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="disbursement"):
        counter.begin()
        right = phones.codes[PHONE]
        bad = wrong(right)
        counter.attempt(bad, "bad")
        counter.attempt(right)
    assert PHONE[-7:] not in caplog.text
    with central.house.db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                assert not {right, bad} & {str(value) for value in row}, table.name


def test_errors_of_the_database_do_not_repeat_what_was_stored(central: Any) -> None:
    def twice(session: Any) -> None:
        for name in ("a", "b"):
            session.add(Customer(customer_id=name, version=1, phone=PHONE))

    with pytest.raises(sa.exc.IntegrityError) as told:
        central.house.db.run(twice)
    assert "parameters hidden" in str(told.value)


def test_a_digest_is_good_for_one_enrolment_kiosk_session_phone_and_key() -> None:
    bound = codes.Bound("enrolment-1", 1, "kiosk-1", "session-1", PHONE)
    others = [
        replace(bound, enrolment_id="enrolment-2"),
        replace(bound, number=2),
        replace(bound, speaker_id="kiosk-2"),
        replace(bound, session_id="session-2"),
        replace(bound, phone=OTHER),
    ]
    digests = {codes.digest(bytes(32), one, "123456") for one in (bound, *others)}
    digests.add(codes.digest(bytes([1] * 32), bound, "123456"))
    digests.add(codes.digest(bytes(32), bound, "123457"))
    assert len(digests) == 8


def test_a_number_that_was_never_proved_is_forgotten(counter: Any, central: Any) -> None:
    counter.begin("1", PHONE, "1")
    counter.enrol("2", OTHER, "2")
    central.clock.ms += 25 * HOUR_MS
    counter.begin("3", "+12025550125", "3")
    assert [row.phone for row in central.all(EnrolmentRow)] == [None, OTHER, "+12025550125"]


GUESS = st.tuples(st.just("guess"), st.integers(0, 11), st.booleans())
MOVES = st.lists(
    GUESS
    | st.tuples(st.just("resend"), st.just(0), st.just(False))
    | st.tuples(st.just("wait"), st.sampled_from([1, 30, 301, 3_600]), st.just(False)),
    min_size=1,
    max_size=25,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_no_guess_succeeds_but_the_first_few_at_the_newest_code_in_its_time(
    central: Any, counter: Any, phones: Any, moves: list[tuple[str, int, bool]]
) -> None:
    name = str(len(central.all(EnrolmentRow)))
    central.clock.ms += HOUR_MS
    assert counter.begin(name, session=name).status_code == 200
    number, looked_at, sent_at_ms, seen, proved = 1, 0, central.clock(), dict[str, str](), False
    for kind, size, is_right in moves:
        code = phones.codes[PHONE]
        if kind == "wait":
            central.clock.ms += size * 1_000
        elif kind == "resend":
            if counter.again(number + 1, name, name).status_code == 200:
                number, looked_at, sent_at_ms = number + 1, 0, central.clock()
                assert number <= 3
                assert not proved
        elif str(size) not in seen:
            seen[str(size)] = guess = code if is_right else wrong(code)
            answer = counter.attempt(guess, str(size), name, name)
            is_good = not proved and looked_at < 5 and central.clock() - sent_at_ms < 300_000
            looked_at += 1
            expected = "code_wrong" if is_good else "code_spent"
            if is_good and is_right:
                proved = True
                assert answer.status_code == 200
            else:
                assert refusal(answer) == (409, expected)
    rows = [row for row in central.all(AttemptRow) if row.enrolment_id == f"enrolment-{name}"]
    assert sum(row.is_right for row in rows) == int(proved)
    assert len(rows) <= 5 * number
    assert (
        len([c for c in central.all(CodeRow) if c.enrolment_id == f"enrolment-{name}"]) == number
    )
