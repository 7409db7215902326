"""Whatever JSON a registered kiosk sends, the answer is a documented one, and the books stay sound."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk_wire.messages import EventBatch, EventKind, PrepareRequest, QuoteRequest, Refusal

NAMES = sorted(
    {*QuoteRequest.model_fields, *PrepareRequest.model_fields, *EventBatch.model_fields}
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40)
    | st.sampled_from(["USD", "BTC", "session-1", "quote-0001", "transfer-1", *EventKind])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=9), inner, max_size=7)
    ),
    max_leaves=12,
)
BODIES = st.dictionaries(
    st.sampled_from([*NAMES, "bill_id", "value_minor", "committed_minor"]), LEAVES
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "session_id": st.none() | st.text(max_size=70),
        "at_ms": st.integers(),
        "seq": st.integers(),
        "body": st.text(max_size=99),
    },
)
FUZZED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def demand_documented(answer: Any) -> None:
    if answer.status_code != 200:
        assert answer.status_code in {400, 404, 409, 422}
        Refusal.model_validate_json(answer.content)


@FUZZED
@given(path=st.sampled_from(["/v1/quotes", "/v1/transfers", "/v1/events"]), message=JSON)
def test_any_json_is_answered(kiosk: Any, path: str, message: Any) -> None:
    demand_documented(kiosk.post(path, message))


@FUZZED
@given(changes=st.dictionaries(st.sampled_from(NAMES), LEAVES, max_size=2))
def test_any_change_of_a_good_request_is_answered(
    kiosk: Any, central: Any, changes: dict[str, Any]
) -> None:
    demand_documented(kiosk.quote(**changes))
    demand_documented(kiosk.prepare(**changes))
    central.demand_sound_books()


@FUZZED
@given(kind=st.sampled_from(EventKind), body=BODIES, changes=CHANGES)
def test_any_event_is_answered(
    kiosk: Any, central: Any, kind: EventKind, body: dict[str, Any], changes: dict[str, Any]
) -> None:
    event = kiosk.happened(kind, **body)
    demand_documented(kiosk.report(event | changes))
    assert kiosk.report(event).json() == {"through_seq": event["seq"]}
    central.demand_sound_books()
