"""A document counts as served when the law deems it, unless the contrary is proved."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.law import bank_holidays
from engine.law.deemed_service import METHODS, ServedOn, ServiceUnclear, served_on

CALENDAR = bank_holidays.bundled()


def served(method: str, sent: str, **more: object) -> ServedOn:
    return served_on(
        method,
        date.fromisoformat(sent),
        calendar=CALENDAR,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("method", "sent", "expected"),
    [
        ("first_class", "2026-03-02", "2026-03-04"),
        ("first_class", "2026-03-05", "2026-03-09"),
        ("first_class", "2026-04-02", "2026-04-08"),
        ("second_class", "2026-03-02", "2026-03-06"),
        ("second_class", "2026-12-23", "2026-12-31"),
        ("recorded_delivery", "2026-03-06", "2026-03-10"),
        ("special_delivery", "2026-03-06", "2026-03-10"),
        ("personal", "2026-03-07", "2026-03-07"),
        ("left_at_address", "2026-03-08", "2026-03-08"),
        ("affixed_to_land", "2026-03-02", "2026-03-02"),
        ("electronic", "2026-03-02", "2026-03-02"),
    ],
)
def test_each_method_has_its_deemed_day(method: str, sent: str, expected: str) -> None:
    assert served(method, sent).on == date.fromisoformat(expected)


def test_every_method_says_why() -> None:
    assert all(served(method, "2026-03-02").lines for method in METHODS)


def test_holidays_in_the_post_are_named() -> None:
    lines = "\n".join(served("first_class", "2026-04-02").lines)
    assert "Friday 3 April 2026 (Good Friday)" in lines
    assert "Monday 6 April 2026 (Easter Monday)" in lines


@pytest.mark.parametrize("proved", ["2026-03-03", "2026-03-20"])
def test_proof_of_delivery_overrides_the_deemed_day(proved: str) -> None:
    found = served(
        "recorded_delivery", "2026-03-02", proved_on=date.fromisoformat(proved)
    )
    assert found.on == date.fromisoformat(proved)
    assert found.deemed_on == date(2026, 3, 4)
    assert any("overrides" in line for line in found.lines)


def test_post_that_came_back_is_not_served() -> None:
    found = served("recorded_delivery", "2026-03-02", returned=True)
    assert found.on is None
    assert any("Serve it again" in line for line in found.lines)


def test_delivery_proved_before_posting_is_refused() -> None:
    with pytest.raises(ServiceUnclear, match="before the document was sent"):
        served("personal", "2026-03-02", proved_on=date(2026, 3, 1))


def test_an_unknown_method_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ServiceUnclear, match="recorded_delivery"):
        served("pigeon", "2026-03-02")


def test_a_moment_of_posting_counts_by_its_day_in_london() -> None:
    found = served_on(
        "first_class",
        datetime.fromisoformat("2026-06-01T23:30:00+00:00"),
        calendar=CALENDAR,
    )
    assert found.on == date(2026, 6, 4)


def test_post_beyond_the_known_holidays_says_so() -> None:
    assert any(
        "known only" in line for line in served("personal", "2040-01-02").lines
    ) is (False)
    assert any(
        "known only" in line for line in served("first_class", "2040-01-02").lines
    )
