"""The last day to issue a notice follows the law since 25 April 2024."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.law import periods
from engine.law.immunity import Immunity, first_to_expire, immunity

MALDON = periods.load().for_council("maldon")
DAY = timedelta(days=1)


def limit(nature: str | None, **facts: object) -> Immunity:
    return immunity({"nature": nature, **facts}, MALDON)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("completed", "last", "rule"),
    [
        ("2024-04-24", "2028-04-23", "immunity_legacy_operational"),
        ("2024-04-25", "2034-04-24", "immunity_general_england"),
        ("2022-11-22", "2026-11-21", "immunity_legacy_operational"),
        ("2020-02-29", "2024-02-28", "immunity_legacy_operational"),
        ("2026-01-31", "2036-01-30", "immunity_general_england"),
    ],
)
def test_operations_have_four_years_only_if_completed_before_the_change(
    completed: str, last: str, rule: str
) -> None:
    found = limit("operations", substantially_completed_on=day(completed))
    assert found.last_day_to_issue == day(last)
    assert found.rule == rule


def test_what_counts_for_operations_is_completion_not_the_start() -> None:
    found = limit(
        "operations",
        began_on=day("2023-01-01"),
        substantially_completed_on=day("2024-06-01"),
    )
    assert found.last_day_to_issue == day("2034-05-31")


@pytest.mark.parametrize(
    ("began", "last", "rule"),
    [
        ("2024-04-24", "2028-04-23", "immunity_legacy_dwelling"),
        ("2024-04-25", "2034-04-24", "immunity_general_england"),
    ],
)
def test_a_change_to_a_single_dwelling_has_four_years_only_before_the_change(
    began: str, last: str, rule: str
) -> None:
    found = limit("change_to_single_dwelling", began_on=day(began))
    assert found.last_day_to_issue == day(last)
    assert found.rule == rule
    assert any("went on throughout" in line for line in found.lines)


@pytest.mark.parametrize(
    ("nature", "rule"),
    [
        ("change_of_use", "immunity_general_england"),
        ("other", "immunity_general_england"),
        ("condition", "immunity_condition_other"),
    ],
)
def test_everything_else_has_ten_years_whenever_it_began(
    nature: str, rule: str
) -> None:
    for began, last in (("2018-03-01", "2028-02-29"), ("2026-03-02", "2036-03-01")):
        found = limit(nature, began_on=day(began))
        assert found.last_day_to_issue == day(last)
        assert found.rule == rule


@pytest.mark.parametrize(
    ("nature", "rule"),
    [
        ("listed_building", "immunity_none_listed_building"),
        ("relevant_demolition", "immunity_none_relevant_demolition"),
        ("advertisement", None),
        ("tree", None),
        ("untidy_land", None),
    ],
)
def test_some_breaches_are_never_immune(nature: str, rule: str | None) -> None:
    found = limit(nature, began_on=day("1990-01-01"))
    assert found.never
    assert found.rule == rule
    assert found.last_day_to_issue is None
    assert not found.immune_on(day("2026-03-02"))
    assert not found.soon_on(day("2026-03-02"))
    assert found.lines


def test_an_occupancy_condition_goes_to_legal_with_both_readings() -> None:
    found = limit("occupancy_condition", began_on=day("2022-06-01"))
    assert found.needs_legal
    assert found.rule == "legal"
    assert found.last_day_to_issue == day("2026-05-31")
    assert [other.date for other in found.alternatives] == [
        day("2026-05-31"),
        day("2032-05-31"),
    ]
    assert not found.immune_on(day("2026-06-01"))
    assert found.soon_on(day("2026-06-01"))
    assert found.immune_on(day("2032-06-01"))


def test_an_occupancy_condition_broken_since_the_change_still_goes_to_legal() -> None:
    found = limit("occupancy_condition", began_on=day("2024-04-25"))
    assert found.needs_legal
    assert found.last_day_to_issue == day("2034-04-24")


@pytest.mark.parametrize(
    ("nature", "missing"),
    [
        (None, "nature"),
        ("operations", "substantially_completed_on"),
        ("change_of_use", "began_on"),
        ("occupancy_condition", "began_on"),
    ],
)
def test_a_missing_fact_is_asked_for(nature: str | None, missing: str) -> None:
    found = limit(nature)
    assert found.missing == (missing,)
    assert found.last_day_to_issue is None
    assert not found.never
    assert not found.immune_on(day("2026-03-02"))
    assert "Record" in found.lines[0]


def test_work_still_going_on_has_no_limit_yet() -> None:
    found = limit("operations", began_on=day("2015-01-01"))
    assert found.missing == ("substantially_completed_on",)


def test_a_use_that_stopped_counts_from_when_it_began_again() -> None:
    found = limit(
        "change_of_use", began_on=day("2014-01-01"), resumed_on=day("2020-01-01")
    )
    assert found.last_day_to_issue == day("2029-12-31")


def test_the_last_day_is_not_yet_immune_and_the_next_is() -> None:
    found = limit("operations", substantially_completed_on=day("2024-04-24"))
    assert not found.immune_on(day("2028-04-23"))
    assert found.immune_on(day("2028-04-24"))


@pytest.mark.parametrize(
    ("today", "soon"),
    [
        ("2027-10-22", False),
        ("2027-10-23", True),
        ("2028-04-23", True),
        ("2028-04-24", False),
    ],
)
def test_a_breach_is_immune_soon_within_six_months(today: str, soon: bool) -> None:
    found = limit("operations", substantially_completed_on=day("2024-04-24"))
    assert found.soon_on(day(today)) is soon


def test_an_earlier_notice_in_time_gives_four_more_years() -> None:
    facts = {"nature": "condition", "began_on": day("2016-03-01")}
    again = immunity({**facts, "earlier_action_on": day("2025-01-10")}, MALDON)
    assert again.last_day_to_issue == day("2029-01-09")
    assert again.rule == "second_bite"
    late = immunity({**facts, "earlier_action_on": day("2026-03-01")}, MALDON)
    assert late.last_day_to_issue == day("2026-02-28")
    early = immunity({**facts, "earlier_action_on": day("2018-01-10")}, MALDON)
    assert early.last_day_to_issue == day("2026-02-28")


def test_an_anniversary_that_does_not_exist_is_read_cautiously() -> None:
    found = limit("condition", began_on=day("2016-02-29"))
    assert found.last_day_to_issue == day("2026-02-27")
    assert [other.date for other in found.alternatives] == [day("2026-02-28")]


def test_the_reasons_are_those_of_the_period_and_name_the_day_to_issue() -> None:
    found = limit("operations", substantially_completed_on=day("2024-04-24"))
    text = "\n".join(found.lines)
    assert "Wednesday 24 April 2024" in text
    assert "Monday 24 April 2028" in text
    assert "must be issued, not only drafted, by Sunday 23 April 2028" in text
    assert len(found.lines) < 15


def test_the_first_of_several_breaches_to_expire_is_found() -> None:
    breaches = [
        {"nature": "listed_building"},
        {"nature": "operations", "substantially_completed_on": day("2025-01-01")},
        {"nature": "condition", "began_on": day("2020-01-01")},
        {"nature": "change_of_use"},
    ]
    assert first_to_expire(breaches, MALDON) == day("2029-12-31")
    assert first_to_expire([{"nature": "tree"}], MALDON) is None


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_a_later_completion_is_never_immune_earlier(completed: date) -> None:
    one = limit("operations", substantially_completed_on=completed)
    two = limit("operations", substantially_completed_on=completed + DAY)
    assert one.last_day_to_issue is not None and two.last_day_to_issue is not None
    assert one.last_day_to_issue <= two.last_day_to_issue
    assert one.last_day_to_issue > completed
