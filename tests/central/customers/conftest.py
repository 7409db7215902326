"""A central with a desk for customers: tiers in dollars that a test can add up, and phones in hand."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from disbursement.config import CustomersSection, TierSection
from disbursement.customers.desk import Codes, Desk
from phones import Phones

PHONE = "+12025550123"  # North America's numbers for fiction: 555-01xx
RULES = CustomersSection(
    region="US",
    anonymous=TierSection(day_minor=10_000, month_minor=20_000),
    phone=TierSection(day_minor=50_000, month_minor=100_000),
    reviewed=TierSection(day_minor=100_000, month_minor=300_000),
)


@pytest.fixture
def phones() -> Phones:
    return Phones()


@pytest.fixture
def desk(phones: Phones) -> Desk:
    return Desk(RULES, Codes(phones, bytes(32)))


@pytest.fixture
def central(open_central: Any, tmp_path: Path, desk: Desk) -> Any:
    return open_central(tmp_path, desk=desk)


@dataclass
class Counter:
    """What a kiosk does at an enrolment."""

    kiosk: Any
    phones: Phones

    def begin(self, name: str = "1", phone: str = PHONE, session: str = "1") -> Any:
        asked = {"enrolment_id": f"enrolment-{name}", "session_id": f"session-{session}"}
        return self.kiosk.post("/v1/enrolments", asked | {"phone": phone})

    def again(self, number: int, name: str = "1", session: str = "1") -> Any:
        asked = {"number": number, "session_id": f"session-{session}"}
        return self.kiosk.post(f"/v1/enrolments/enrolment-{name}/codes", asked)

    def attempt(self, code: str, attempt: str = "1", name: str = "1", session: str = "1") -> Any:
        asked = {
            "attempt_id": f"attempt-{attempt}",
            "session_id": f"session-{session}",
            "code": code,
        }
        return self.kiosk.post(f"/v1/enrolments/enrolment-{name}/attempts", asked)

    def enrol(self, name: str = "1", phone: str = PHONE, session: str = "1") -> str:
        assert self.begin(name, phone, session).status_code == 200
        answer = self.attempt(self.phones.codes[phone], name=name, session=session)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["customer_id"])


@pytest.fixture
def counter(kiosk: Any, phones: Phones) -> Counter:
    return Counter(kiosk, phones)


@pytest.fixture
def counter_of(phones: Phones) -> Callable[[Any], Counter]:
    return lambda kiosk: Counter(kiosk, phones)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")
