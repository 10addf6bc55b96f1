"""Messages between the processes of one case: addressed, kept, and delivered once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import engine_models as draw
import pytest
import small_office as small

import engine
from engine.views import Officer

DECISION = '{"decision": "dismissed", "decided_on": today()}'


def diagrams() -> dict[str, bytes]:
    """A case with two notices; processes that watch one, and that send about one."""
    issue = [
        draw.service(
            f"issue_{number}",
            "issue_notice",
            notice=f'"EN{number}"',
            kind='"enforcement_notice"',
            issued_on="today()",
            effective_on="today()",
        )
        for number in (1, 2)
    ]
    decided = draw.catch("decided", message="appeal_decided", variable="appeal")
    again = draw.catch("varied", message="notice_varied", variable="variation")
    of_notice = {"start_from_case": "Go on", "for": "notice"}
    drawn = [
        small.drawn(
            "notices",
            [draw.start(), *issue, draw.user("keep_open", form="keep_open")]
            + [draw.end()],
            ["begin > issue_1 > issue_2 > keep_open > done"],
        ),
        small.drawn(
            "watch",
            [draw.start(), decided, draw.user("tell_owner", form="tell_owner")]
            + [draw.end()],
            ["begin > decided > tell_owner > done"],
            **of_notice,
        ),
        small.drawn(
            "watch_change",
            [draw.start(), again, draw.user("tell_owner", form="tell_owner")]
            + [draw.end()],
            ["begin > varied > tell_owner > done"],
            **of_notice,
        ),
        small.drawn(
            "appeal_made",
            [draw.start(), draw.user("record_decision", form="record_decision")]
            + [draw.throw("pass_on", "appeal_decided", DECISION), draw.end()],
            ["begin > record_decision > pass_on > done"],
            **of_notice,
        ),
        small.drawn(
            "either",
            [draw.start(), draw.events("what_is_first"), decided]
            + [draw.catch("two_days_passed", timer=small.LATE)]
            + [draw.user("tell_owner", form="tell_owner")]
            + [draw.user("chase_decision", form="chase_decision"), draw.end()],
            [
                "begin > what_is_first > decided > tell_owner > done",
                "what_is_first > two_days_passed > chase_decision > done",
            ],
            start_from_case="Go on",
        ),
    ]
    return {name: content for each in drawn for name, content in each.items()}


@pytest.fixture
def office(database_url: str) -> Iterator[engine.Office]:
    """An office with these small diagrams, on either kind of database."""
    opened = small.open_small(database_url, diagrams())
    yield opened
    opened.engine.dispose()


@pytest.fixture
def officer(office: engine.Office) -> Officer:
    return small.hire(office, "Olive Marsh")


def decide(
    office: engine.Office, reference: str, officer: Officer, notice: str
) -> None:
    """An appeal on a notice is decided: its process sends the message."""
    office.casework.start_process(reference, "appeal_made", officer, notice=notice)
    small.do(office, reference, officer, "record_decision")


def told(office: engine.Office, reference: str, officer: Officer) -> list[str]:
    """The notices of the tasks that a message led to."""
    lines = office.records.case(reference, officer).tasks
    return sorted(t.notice for t in lines if t.element == "tell_owner")


def test_a_message_reaches_the_process_of_its_notice_and_no_other(
    office: engine.Office, officer: Officer
) -> None:
    reference = small.report(office, "notices")
    for notice in ("EN1", "EN2"):
        office.casework.start_process(reference, "watch", officer, notice=notice)

    decide(office, reference, officer, "EN2")

    assert told(office, reference, officer) == ["EN2"]


def test_what_a_message_says_becomes_a_fact_of_who_waited_for_it(
    office: engine.Office, officer: Officer
) -> None:
    reference = small.report(office, "notices")
    watch = office.casework.start_process(reference, "watch", officer, notice="EN1")

    decide(office, reference, officer, "EN1")

    assert office.records.facts(reference)[watch][""]["appeal"] == {
        "decision": "dismissed",
        "decided_on": date(2026, 3, 2),
    }


def test_a_message_is_kept_until_somebody_waits_for_it(
    office: engine.Office, officer: Officer
) -> None:
    reference = small.report(office, "notices")
    decide(office, reference, officer, "EN1")
    assert told(office, reference, officer) == []

    office.casework.start_process(reference, "watch", officer, notice="EN2")
    assert told(office, reference, officer) == []
    office.casework.start_process(reference, "watch", officer, notice="EN1")
    assert told(office, reference, officer) == ["EN1"]


def test_a_message_is_delivered_once(office: engine.Office, officer: Officer) -> None:
    reference = small.report(office, "notices")
    for _ in range(2):
        office.casework.start_process(reference, "watch", officer, notice="EN1")

    decide(office, reference, officer, "EN1")
    assert told(office, reference, officer) == ["EN1"]

    decide(office, reference, officer, "EN1")
    assert told(office, reference, officer) == ["EN1", "EN1"]


def test_a_message_does_not_leave_its_case(
    office: engine.Office, officer: Officer
) -> None:
    here, there = small.report(office, "notices"), small.report(office, "notices")
    office.casework.start_process(there, "watch", officer, notice="EN1")

    decide(office, here, officer, "EN1")

    assert told(office, there, officer) == []


def test_a_message_of_another_name_is_not_taken(
    office: engine.Office, officer: Officer
) -> None:
    reference = small.report(office, "notices")
    office.casework.start_process(reference, "watch_change", officer, notice="EN1")

    decide(office, reference, officer, "EN1")

    assert told(office, reference, officer) == []


def test_a_message_about_no_notice_reaches_whoever_waits(
    office: engine.Office, officer: Officer
) -> None:
    reference = small.report(office, "notices")
    office.casework.start_process(reference, "watch", officer, notice="EN2")

    office.casework.send_message(reference, "appeal_decided", {}, officer)

    assert told(office, reference, officer) == ["EN2"]


def test_a_date_that_passed_first_wins_and_the_message_is_kept(
    office: engine.Office, officer: Officer
) -> None:
    """The sweep has not run yet; who sends the message must not be turned away."""
    reference = small.report(office, "notices")
    office.casework.start_process(reference, "either", officer)
    small.go_to(office, date(2026, 3, 6))

    decide(office, reference, officer, "EN1")

    assert "chase_decision" in small.tasks(office, reference, officer)
    assert told(office, reference, officer) == []
    office.casework.start_process(reference, "watch", officer, notice="EN1")
    assert told(office, reference, officer) == ["EN1"]


def test_a_message_before_the_date_wins(
    office: engine.Office, officer: Officer
) -> None:
    reference = small.report(office, "notices")
    office.casework.start_process(reference, "either", officer)

    decide(office, reference, officer, "EN1")
    small.go_to(office, date(2026, 3, 6))

    assert office.casework.sweep() == 0
    assert small.tasks(office, reference, officer) == ["keep_open", "tell_owner"]


def test_a_process_about_a_notice_starts_for_a_notice_of_the_case_only(
    office: engine.Office, officer: Officer
) -> None:
    reference = small.report(office, "notices")

    for notice in (None, "EN9"):
        with pytest.raises(engine.InvalidAnswers) as refused:
            office.casework.start_process(reference, "watch", officer, notice=notice)
        assert set(refused.value.errors) == {"notice"}


def test_an_administrator_cannot_send_a_message(office: engine.Office) -> None:
    reference = small.report(office, "notices")
    administrator = small.hire(office, "Ada Locke", "administrator")

    with pytest.raises(engine.NotPermitted):
        office.casework.send_message(reference, "appeal_decided", {}, administrator)


def test_the_case_closes_when_the_last_of_its_processes_ends(
    office: engine.Office, officer: Officer
) -> None:
    """Its outcome is the main process's, whichever ends last; then it may reopen."""
    reference = small.report(office, "notices")
    office.casework.start_process(reference, "watch", officer, notice="EN1")
    small.do(office, reference, officer, "keep_open")
    assert office.records.case(reference, officer).status == "under_investigation"

    decide(office, reference, officer, "EN1")
    small.do(office, reference, officer, "tell_owner")
    case = office.records.case(reference, officer)
    assert (case.status, case.outcome) == ("closed", "Done")
    assert case.closed_on == date(2026, 3, 2)

    office.casework.reopen_case(reference, "New evidence.", officer)
    case = office.records.case(reference, officer)
    assert (case.status, case.outcome) == ("under_investigation", "")
    assert small.tasks(office, reference, officer) == ["keep_open"]


def test_a_notice_changed_at_midnight_in_summer_bears_londons_date(
    office: engine.Office, officer: Officer
) -> None:
    """23:30 UTC on 30 June is 00:30 on 1 July in London."""
    assert isinstance(office.clock, engine.VirtualClock)
    office.casework.publish(
        small.drawn(
            "takes_effect",
            [draw.start()]
            + [
                draw.service(
                    "take_effect",
                    "update_notice",
                    notice='"EN1"',
                    status='"in_effect"',
                )
            ]
            + [draw.end()],
            ["begin > take_effect > done"],
            start_from_case="Go on",
        ),
        "maldon",
    )
    reference = small.report(office, "notices")
    small.go_to(office, date(2026, 6, 30), 23)

    office.casework.start_process(reference, "takes_effect", officer)

    notices = {n.reference: n for n in office.records.case(reference, officer).notices}
    assert notices["EN1"].status == "in_effect"
    assert notices["EN1"].changed_on == date(2026, 7, 1)
