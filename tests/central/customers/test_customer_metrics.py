"""What Prometheus is told of customers: numbers, and the codes of refusals."""

from datetime import date
from typing import Any

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from disbursement.api.app import build_app
from disbursement.customers import register, screening
from disbursement.customers.register import Person
from disbursement.customers.sanctions import books
from disbursement.customers.sanctions.party import ListedName, Party, SanctionsList
from disbursement.metrics import Counted, Metrics


def test_enrolments_screenings_reviews_and_refusals(
    central: Any, kiosk: Any, counter: Any
) -> None:
    metrics = Metrics(central.house)
    kiosk.client = TestClient(Counted(build_app(central.house), metrics))
    house, ivan = central.house, Party(uid="1", kind="", names=(ListedName(text="Ivan P"),))
    found = SanctionsList("advanced", date(2026, 11, 1), "00" * 32, (ivan,))
    house.db.run(lambda session: books.replace(session, found, 0))
    customer = counter.enrol()
    counter.begin("2", "+12025550124", "2")
    counter.attempt("000000", name="2", session="1")  # not found

    def name(session: Any) -> None:
        row = register.find(session, customer)
        register.give_name(session, row, Person("Ivan P", date(1980, 1, 1)), "passport", 0)

    house.db.run(name)
    screening.screen(house.db, house.desk.screener, customer, 0)
    kiosk.quote()
    assert kiosk.prepare(customer_id=customer).status_code == 409
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(generate_latest(metrics.registry).decode())
        for sample in family.samples
    }
    assert told["central_enrolments", "proved"] == told["central_enrolments", "not proved"] == 1
    assert told["central_screenings", "possible"] == 1
    assert told["central_screenings", "clear"] == 0
    assert told["central_customer_reviews_open",] == 1
    assert told["central_refusals_total", "customer_refused"] == 1
    assert told["central_refusals_total", "not_found"] == 1
