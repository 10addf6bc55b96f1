"""Facts as JSON: exact, and the same whether stored or not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import documents
from engine.clock import LONDON
from engine.law.dates import Deadline

SIMPLE = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.dates()
    | st.datetimes(
        min_value=datetime(1950, 1, 1),
        max_value=datetime(2100, 1, 1),
        timezones=st.just(UTC),
    )
    | st.decimals(allow_nan=False, allow_infinity=False)
)
KEYS = st.text() | st.sampled_from(["$date", "$time", "$decimal", "$mapping"])
FACTS = st.recursive(
    SIMPLE, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20
)


@settings(max_examples=200, deadline=None)
@given(FACTS)
def test_what_is_stored_comes_back_exactly(fact: object) -> None:
    kept = documents.plain(fact)
    back = documents.loads(documents.dumps(fact))
    assert back == kept
    assert repr(back) == repr(kept)
    assert back == fact


def test_dates_times_and_decimals_keep_their_kind() -> None:
    fact = {
        "on": date(2026, 3, 2),
        "at": datetime(2026, 7, 1, 9, 30, tzinfo=LONDON),
        "fee": Decimal("12.50"),
        "ok": True,
        "n": 3,
    }
    back = documents.loads(documents.dumps(fact))
    assert back == fact
    assert isinstance(back, dict)
    assert [type(value) for value in back.values()] == [
        date, datetime, Decimal, bool, int,
    ]  # fmt: skip
    assert str(back["at"]) == "2026-07-01 09:30:00+01:00"


def test_the_hour_that_comes_twice_in_autumn_is_kept() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    back = documents.loads(documents.dumps([first, second]))
    assert back == [first, second]


def test_a_deadline_is_kept_as_its_date() -> None:
    deadline = Deadline.on(
        date(2026, 3, 22), date(2026, 3, 2), key="pcn_response", date_is="last_day"
    )
    assert type(documents.plain(deadline)) is date
    assert json.loads(documents.dumps(deadline)) == {"$date": "2026-03-22"}


@pytest.mark.parametrize("value", [object(), {1: 2}, {1}, b"a", len])
def test_what_cannot_be_kept_is_refused(value: object) -> None:
    with pytest.raises(documents.UnsupportedValue):
        documents.plain(value)
    with pytest.raises(documents.UnsupportedValue):
        documents.dumps(value)
