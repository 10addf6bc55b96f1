"""Every date can say why, in words a planning officer would use."""

from __future__ import annotations

import json
from datetime import date

import pytest

from engine.errors import NotInForce
from engine.law import periods
from engine.law.explain import as_dict, as_text

MALDON = periods.load().for_council("maldon")


def text(key: str, on: str) -> str:
    return as_text(MALDON.ask(key, on))


def test_day_one_and_every_day_after_it_are_listed() -> None:
    found = text("pcn_response", "2026-03-02")
    assert found.splitlines()[0] == "2026-03-22"
    assert "the last day" in found.splitlines()[1]
    assert "so that day is day 1" in found
    assert "Day 1: Monday 2 March 2026" in found
    assert "Day 21: Sunday 22 March 2026" in found
    assert "Day 22" not in found
    assert "From Monday 23 March 2026: not having replied is an offence" in found
    assert "not yet confirmed by a solicitor" in found
    assert "Weekends and bank holidays count." in found


def test_holidays_and_weekends_that_are_passed_over_are_named() -> None:
    found = text("acknowledge_report", "2026-04-01")
    assert "Working day 1: Thursday 2 April 2026" in found
    assert "Not counted: Friday 3 April 2026 (Good Friday)" in found
    assert "Not counted: Saturday 4 April 2026 (weekend)" in found
    assert "Not counted: Monday 6 April 2026 (Easter Monday)" in found
    assert "Working day 5: Friday 10 April 2026" in found
    assert found.startswith("2026-04-10")


def test_many_working_days_are_told_in_runs_that_add_up() -> None:
    found = text("appeal_statement", "2026-12-01")
    assert "Working days 1 to 3: Wednesday 2 December 2026 to Friday 4" in found
    assert "(New Year’s Day)" in found
    assert "Working days 26 to 30: Monday 11 January 2027 to Friday 15" in found


@pytest.mark.parametrize(
    "key",
    [
        "immunity_general_england",
        "hedgerow_replacement_importance",
        "tsn_duration",
        "appeal_final_comments",
        "case_closure",
    ],
)
def test_long_periods_are_summed_up(key: str) -> None:
    assert len(MALDON.ask(key, "2026-03-02").lines) < 30


def test_a_short_month_is_explained() -> None:
    found = text("pros_summary_general", "2026-08-31")
    assert "There is no 31 February 2027" in found
    assert "the last day of that month stands for it: Sunday 28 February 2027" in found


def test_two_readings_are_shown_side_by_side() -> None:
    found = as_dict(MALDON.ask("appeal_statement", "2026-12-01"))
    assert found["date"] == "2027-01-15"
    assert [other["date"] for other in found["alternatives"]] == [  # type: ignore[attr-defined]
        "2027-01-12"
    ]
    assert "counts this in working days" in str(found["explanation"])


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("en_min_before_effect", "2026-03-30"),
        ("s215_effect_min", "2026-03-31"),
        ("en_appeal_facts", "2026-03-15"),
        ("pros_summary_general", "2026-09-01"),
        ("second_bite", "2022-03-03"),
        ("poca_lifestyle_period", "2026-09-01"),
    ],
)
def test_the_other_reading_is_an_alternative(key: str, expected: str) -> None:
    explained = MALDON.ask(key, "2026-03-02")
    assert [other.date.isoformat() for other in explained.alternatives] == [expected]
    assert all(other.why for other in explained.alternatives)


def test_readings_that_agree_are_not_shown_twice() -> None:
    assert MALDON.ask("appeal_questionnaire", "2026-09-07").alternatives == ()


def test_the_dictionary_is_what_the_command_promises() -> None:
    found = as_dict(MALDON.ask("en_appeal_deadline", "2026-03-30"))
    assert json.loads(json.dumps(found)) == found
    assert found["key"] == "en_appeal_deadline"
    assert found["trigger"] == "2026-03-30"
    assert found["date"] == "2026-03-29"
    assert found["date_is"] == "last_day"
    assert found["rule"] == "before_event"
    assert found["alternatives"] == []
    assert found["explanation"]


def test_hours_are_told_with_their_time_and_the_change_of_clocks() -> None:
    explained = MALDON.ask("entry_dwelling_notice", "2026-03-28T10:00")
    found = as_dict(explained)
    assert found["date"] == "2026-03-29T11:00:00+01:00"
    assert found["trigger"] == "2026-03-28T10:00:00+00:00"
    assert "The clocks change in between" in as_text(explained)
    assert "The clocks change" not in text("entry_dwelling_notice", "2026-03-02T10:00")
    assert "No time was given" in text("entry_dwelling_notice", "2026-03-02")


@pytest.mark.parametrize(
    "key",
    ["en_withdraw_or_relax", "sn_cease", "decline_retrospective", "injunction_s187b"],
)
def test_where_there_is_nothing_to_count_the_reason_is_given(key: str) -> None:
    explained = MALDON.ask(key, "2026-03-02")
    assert as_dict(explained)["date"] is None
    found = as_text(explained)
    assert found.startswith("No date")
    assert "There is no arithmetic to do." in found


def test_a_date_past_the_last_known_holiday_says_so() -> None:
    assert "Bank holidays are known only from 2012 to" in text(
        "visit_priority_3", "2040-12-20"
    )
    assert "Bank holidays are known only" not in text("visit_priority_3", "2026-12-20")
    assert "Bank holidays are known only" not in text("pcn_response", "2040-12-20")


def test_a_pause_is_told_for_a_target_and_refused_for_the_law() -> None:
    pauses = [{"from_on": date(2026, 3, 4), "to_on": date(2026, 3, 11)}]
    target = MALDON.explain("visit_priority_2", date(2026, 3, 2), pauses)
    words = "\n".join(target.lines)
    assert target.date == date(2026, 3, 30)
    assert "stood still from Wednesday 4 March 2026 to Tuesday 10 March 2026" in words
    assert "5 working days not counted" in words
    assert "Without the pause it would have been Monday 23 March 2026" in words
    law = MALDON.explain("pcn_response", date(2026, 3, 2), pauses)
    assert law.date == date(2026, 3, 22)
    assert "no pause extends it" in "\n".join(law.lines)


def test_the_law_of_the_day_is_named() -> None:
    assert "before 25 April 2024 lasts 28 days" in text("tsn_duration", "2024-04-24")
    assert "lasts 56 days" in text("tsn_duration", "2024-04-25")


def test_a_same_day_target_moves_to_the_next_working_day() -> None:
    council = periods.load().for_council("two_priority_council")
    found = as_text(council.ask("visit_priority_1", "2026-03-07"))
    assert "not a working day (weekend)" in found
    assert found.startswith("2026-03-09")


def test_nothing_that_is_said_is_unfinished() -> None:
    for key in MALDON.periods:
        for trigger in ("2024-04-24", "2026-08-31"):
            try:
                explained = MALDON.ask(key, trigger)
            except NotInForce as error:
                assert str(error).endswith(".")
                continue
            words = as_text(explained)
            assert ".." not in words
            assert "  ." not in words
            assert all(line.strip() == line for line in explained.lines)
