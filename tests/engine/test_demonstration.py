"""Demonstration cases: invented, at every stage, ending today; made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from conftest import hire

import engine
from engine.errors import NotPermitted
from engine.permissions import ROLES
from engine.rehearsing import demonstration
from engine.rehearsing.demonstration import COUNCIL, accounts, populate
from engine.rehearsing.story import later

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def populated(demonstration_copy: engine.Office) -> engine.Office:
    return demonstration_copy


def test_every_role_has_an_account() -> None:
    assert {account.role for account in accounts()} == set(ROLES)
    assert len({account.username for account in accounts()}) == len(accounts())


def test_there_are_places_enough_for_every_case() -> None:
    places = demonstration._places()

    assert len({place.address for place in places}) >= demonstration.CASES


def test_the_accounts_can_sign_in(populated: engine.Office) -> None:
    account = accounts()[0]

    officer = populated.casework.sign_in(account.username, account.password)

    assert officer.name == account.name


def test_cases_stand_at_different_stages_and_nothing_has_failed(
    populated: engine.Office,
) -> None:
    officer = populated.records.everybody(COUNCIL)[0]
    cases = populated.records.cases(officer)

    assert cases.total == 20
    assert len({case.status for case in cases.rows}) > 1
    for line in cases.rows:
        case = populated.records.case(line.reference, officer)
        assert case.incidents == ()
        assert case.received_on <= NOW.date()
        assert case.status == "closed" or case.tasks or case.deadlines


def test_time_has_passed_until_now_on_every_case(populated: engine.Office) -> None:
    assert populated.records.due_timers() == 0


def test_what_is_there_is_not_made_again(populated: engine.Office) -> None:
    url = str(populated.engine.url)

    assert populate(url, now=NOW, count=20) == 0


def test_what_was_interrupted_is_made_up(new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()

    assert populate(url, now=NOW, count=1) == 1
    assert populate(url, now=NOW, count=2) == 1


def test_a_database_with_real_accounts_is_left_alone(
    sqlite_office: engine.Office,
) -> None:
    hire(sqlite_office, "officer", "Jane Doe")

    with pytest.raises(NotPermitted, match="real accounts"):
        populate(str(sqlite_office.engine.url), now=NOW)
    assert not demonstration.has_accounts(sqlite_office)


def test_known_passwords_are_noticed(populated: engine.Office) -> None:
    assert demonstration.has_accounts(populated)


def test_dates_are_moved_wherever_they_are() -> None:
    moved = later(
        {"on": date(2026, 3, 2), "rows": [{"when": "2026-03-03"}], "text": "21 days"},
        timedelta(weeks=1),
    )

    assert moved == {
        "on": date(2026, 3, 9),
        "rows": [{"when": "2026-03-10"}],
        "text": "21 days",
    }


def test_a_clock_time_stays_what_london_calls_it() -> None:
    at = datetime(2026, 3, 23, 9, tzinfo=engine.LONDON)

    moved = later(at, timedelta(weeks=2))

    assert moved == datetime(2026, 4, 6, 9, tzinfo=engine.LONDON)


def test_a_time_written_without_seconds_moves_too() -> None:
    """YAML leaves 2026-05-12T08:00 as text; a reference number stays as it is."""
    given = {"works_start_at": "2026-05-12T08:00", "reference": "2026-05"}

    moved = later(given, timedelta(days=7))

    assert moved == {"works_start_at": "2026-05-19T08:00", "reference": "2026-05"}
