"""Commands on cases: one transaction each, on a real database, with our diagrams."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from conftest import PASSWORD, hire, open_office

import engine
from engine.errors import (
    InvalidAnswers,
    NotFound,
    NotPermitted,
    SignInFailed,
    TaskNotReady,
)
from engine.views import Officer, TaskLine

GOOD_REPORT = {
    "place_clear": "yes",
    "nature_clear": "yes",
    "harm_clear": "yes",
    "reported_before": "no",
    "better_agency": "no",
}


def report(office: engine.Office, **changes: object) -> str:
    """A new case's reference."""
    given = {
        "address": "Saltings Barn, Creek Lane, Goldhanger",
        "description": "A timber building has been put up.",
        "breach_type": "outbuilding",
        "harm_described": "It blocks the light of the next house.",
        **changes,
    }
    return office.casework.report_breach(engine.Report(**given))


def the_task(office: engine.Office, reference: str, officer: Officer) -> TaskLine:
    """The one task that waits on a case."""
    (task,) = office.records.case(reference, officer).tasks
    return task


def test_a_report_opens_a_case_with_its_first_task_due(office: engine.Office) -> None:
    """Two working days after Monday 2 March is Wednesday 4 March."""
    officer = hire(office, "officer")

    reference = report(office)

    task = the_task(office, reference, officer)
    assert reference == "ENF/2026/0001"
    assert (task.element, task.role) == ("check_report", "officer")
    assert task.due_on == date(2026, 3, 4)
    assert task.due_at == datetime(2026, 3, 5, tzinfo=UTC)


def test_a_report_without_place_or_harm_is_refused(office: engine.Office) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        report(office, address=" ", harm_described="")

    assert set(refused.value.errors) == {"address", "harm_described"}


def test_a_report_received_tomorrow_is_refused(office: engine.Office) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        report(office, received_on=date(2026, 3, 3))

    assert "past" in refused.value.errors["received_on"]


def test_completing_a_task_is_one_commit_and_at_most_twelve_statements(
    office: engine.Office,
) -> None:
    officer = hire(office, "officer")
    reference = report(office)
    task = the_task(office, reference, officer)
    statements: list[str] = []
    commits: list[object] = []
    sa.event.listen(
        office.engine,
        "before_cursor_execute",
        lambda _c, _u, statement, *_: statements.append(statement),
    )
    sa.event.listen(office.engine, "commit", commits.append)

    office.casework.complete_task(task.id, GOOD_REPORT, officer)

    counted = [s for s in statements if not s.startswith("BEGIN")]
    assert len(commits) == 1
    assert len(counted) <= 12


def test_wrong_answers_change_nothing(office: engine.Office) -> None:
    officer = hire(office, "officer")
    reference = report(office)
    task = the_task(office, reference, officer)

    with pytest.raises(InvalidAnswers) as refused:
        office.casework.complete_task(task.id, {"place_clear": "perhaps"}, officer)

    assert "place_clear" in refused.value.errors
    assert the_task(office, reference, officer).id == task.id


def test_the_second_person_is_told_who_did_it(office: engine.Office) -> None:
    first = hire(office, "officer", "Olive Marsh")
    second = hire(office, "officer", "Tom Creek")
    task = the_task(office, report(office), first)
    office.casework.complete_task(task.id, GOOD_REPORT, first)

    with pytest.raises(TaskNotReady) as refused:
        office.casework.complete_task(task.id, GOOD_REPORT, second)

    assert refused.value.done_by == "Olive Marsh"
    assert "Olive Marsh" in str(refused.value)


def test_legal_may_not_do_an_officers_task(office: engine.Office) -> None:
    officer, legal = hire(office, "officer"), hire(office, "legal")
    task = the_task(office, report(office), officer)

    with pytest.raises(NotPermitted, match="Enforcement officer"):
        office.casework.complete_task(task.id, GOOD_REPORT, legal)


def test_a_manager_covers_for_an_officer(office: engine.Office) -> None:
    manager = hire(office, "manager")
    task = the_task(office, report(office), manager)

    done = office.casework.complete_task(task.id, GOOD_REPORT, manager)

    assert [t.element for t in done.next_tasks] == ["classify_report"]


def test_another_councils_case_and_task_are_not_found(office: engine.Office) -> None:
    officer = hire(office, "officer")
    office.casework.add_council("east_herts")
    stranger = hire(office, "officer", "Ann Other", council="east_herts")
    reference = report(office)
    task = the_task(office, reference, officer)

    with pytest.raises(NotFound):
        office.records.case(reference, stranger)
    with pytest.raises(NotFound):
        office.records.task(task.id, stranger)
    with pytest.raises(NotFound):
        office.casework.complete_task(task.id, GOOD_REPORT, stranger)
    with pytest.raises(NotFound):
        office.casework.claim_task(task.id, stranger)


def test_an_answer_on_the_last_day_is_in_time_and_then_the_timer_fires(
    office: engine.Office,
) -> None:
    """The target is Wednesday 4 March: escalated when that day is over."""
    officer, manager = hire(office, "officer"), hire(office, "manager")
    reference = report(office)

    office.clock.move_to(datetime(2026, 3, 4, 23, 59, tzinfo=UTC))
    assert office.casework.sweep() == 0
    assert the_task(office, reference, officer).is_overdue is False

    office.clock.move_to(datetime(2026, 3, 5, 0, 0, tzinfo=UTC))
    assert office.casework.sweep() == 1
    tasks = office.records.case(reference, manager).tasks
    late = next(t for t in tasks if t.element == "check_report")
    chase = next(t for t in tasks if t.element != "check_report")
    assert late.is_overdue and late.is_escalated
    assert chase.role == "manager" and chase.is_escalation

    office.casework.complete_task(late.id, GOOD_REPORT, officer)
    (left,) = office.records.case(reference, officer).tasks
    assert left.element == "classify_report"


def test_a_timer_fires_once_however_often_the_sweep_runs(
    office: engine.Office,
) -> None:
    manager = hire(office, "manager")
    reference = report(office)
    office.clock.move_to(datetime(2026, 3, 5, 1, tzinfo=UTC))

    assert [office.casework.sweep() for _ in range(3)] == [1, 0, 0]
    assert len(office.records.case(reference, manager).tasks) == 2


def test_a_correction_keeps_before_and_after_and_needs_a_reason(
    office: engine.Office,
) -> None:
    officer = hire(office, "officer")
    reference = report(office)
    task = the_task(office, reference, officer)
    office.casework.complete_task(task.id, GOOD_REPORT, officer)
    classify = the_task(office, reference, officer)
    answers = {"nature": "operations", "began_on": "2026-01-05", "features": []}
    office.casework.complete_task(classify.id, answers, officer)
    corrected = {**answers, "began_on": "2025-12-05"}

    with pytest.raises(InvalidAnswers, match="Say why"):
        office.casework.correct_answers(classify.id, corrected, " ", officer)
    office.casework.correct_answers(
        classify.id, corrected, "The neighbour found a dated photograph.", officer
    )

    events = office.records.case(reference, officer).events
    event = next(e for e in events if e.kind == "answers_corrected")
    assert event.data["before"]["began_on"] == date(2026, 1, 5)
    assert event.data["after"]["began_on"] == date(2025, 12, 5)
    assert event.detail == "The neighbour found a dated photograph."


def test_a_draft_is_kept_until_the_task_is_completed(office: engine.Office) -> None:
    officer = hire(office, "officer")
    task = the_task(office, report(office), officer)

    office.casework.save_draft(task.id, {"report_missing": "the har"}, officer)

    assert office.records.task(task.id, officer).draft == {"report_missing": "the har"}
    office.casework.complete_task(task.id, GOOD_REPORT, officer)
    assert office.records.task(task.id, officer).draft == {}


def test_a_task_is_claimed_released_and_reassigned(office: engine.Office) -> None:
    first, second = hire(office, "officer", "A One"), hire(office, "officer", "B Two")
    manager = hire(office, "manager")
    reference = report(office)
    task = the_task(office, reference, first)

    office.casework.claim_task(task.id, first)
    with pytest.raises(NotPermitted, match="Somebody else"):
        office.casework.claim_task(task.id, second)
    with pytest.raises(NotPermitted, match="manager"):
        office.casework.reassign_task(task.id, second.id, second)
    office.casework.reassign_task(task.id, second.id, manager)
    assert office.records.worklist(second, "mine").total == 1
    office.casework.release_task(task.id, second)
    assert office.records.worklist(second, "mine").total == 0
    assert office.records.worklist(second, "unassigned").total == 1


def test_who_can_see_the_complainant(office: engine.Office) -> None:
    officer = hire(office, "officer")
    reference = report(office, complainant_name="Jenny Wren")

    case = office.records.case(reference, officer)

    assert case.reports[0].complainant is not None
    assert case.reports[0].complainant.name == "Jenny Wren"
    assert "Jenny Wren" not in repr(office.records.facts(reference))
    assert "Jenny Wren" not in repr(case.events)


def test_an_anonymous_report_keeps_no_name(office: engine.Office) -> None:
    officer = hire(office, "officer")
    reference = report(office, complainant_name="Jenny Wren", is_anonymous=True)

    assert office.records.case(reference, officer).reports[0].complainant is None


def test_signing_in_takes_the_right_password_and_locks_after_ten_wrong_ones(
    sqlite_office: engine.Office,
) -> None:
    office = sqlite_office
    officer = hire(office, "officer")

    assert office.casework.sign_in(officer.username, PASSWORD) == officer
    for _ in range(10):
        with pytest.raises(SignInFailed):
            office.casework.sign_in(officer.username, "wrong")
    with pytest.raises(SignInFailed, match="locked"):
        office.casework.sign_in(officer.username, PASSWORD)
    office.clock.move_to(office.clock.now() + timedelta(minutes=16))
    assert office.casework.sign_in(officer.username, PASSWORD) == officer


def test_a_disabled_account_cannot_sign_in(sqlite_office: engine.Office) -> None:
    officer = hire(sqlite_office, "officer")
    sqlite_office.casework.set_active(officer.username, "maldon", False)

    with pytest.raises(SignInFailed):
        sqlite_office.casework.sign_in(officer.username, PASSWORD)


def test_publishing_the_same_files_twice_makes_no_new_version(
    office: engine.Office, shipped_files: dict[str, bytes]
) -> None:
    files = engine.library.of_council(shipped_files, "maldon")

    assert office.casework.publish(files, "maldon") == ()
    again = office.casework.publish_all(files, "maldon")
    assert (again.number, again.is_new) == (1, False)


def test_what_is_exported_is_what_was_published_byte_for_byte(
    office: engine.Office, shipped_files: dict[str, bytes]
) -> None:
    exported = office.records.export("maldon")

    assert exported == engine.library.of_council(shipped_files, "maldon")
    assert {"periods.yaml", "councils/maldon/council.yaml"} <= set(exported)
    assert any(name.startswith("scenarios/") for name in exported)


def test_a_broken_diagram_is_refused_and_nothing_changes(
    office: engine.Office, shipped_files: dict[str, bytes]
) -> None:
    files = dict(engine.library.for_council(shipped_files, "maldon"))
    files["intake.bpmn"] = files["intake.bpmn"].replace(b"deadline(", b"open(")
    before = office.records.export("maldon")

    with pytest.raises(engine.errors.DefinitionError) as refused:
        office.casework.publish(files, "maldon")

    assert {p.file for p in refused.value.problems} == {"intake.bpmn"}
    assert all(p.remedy for p in refused.value.problems)
    assert office.records.export("maldon") == before


def test_the_date_moves_only_in_demonstration_mode(office: engine.Office) -> None:
    with pytest.raises(NotPermitted):
        office.casework.move_clock(datetime(2026, 4, 1, tzinfo=UTC))


def test_a_demonstration_fires_each_timer_at_its_time(
    database_url: str, shipped_files: dict[str, bytes]
) -> None:
    open_office(database_url, shipped_files).engine.dispose()
    office = engine.connect(database_url, is_demonstration=True, migrate=False)
    manager = hire(office, "manager")
    reference = report(office)
    due = the_task(office, reference, manager).due_at

    fired = office.casework.move_clock(due + timedelta(days=1))

    assert fired == 1
    event = next(
        e
        for e in office.records.case(reference, manager).events
        if e.kind == "timer_fired"
    )
    assert timedelta(0) <= event.at - due < timedelta(minutes=1)
    office.engine.dispose()


def test_a_corrected_date_moves_the_breachs_last_day_to_issue(
    office: engine.Office,
) -> None:
    """Ten years from the date the use began (TCPA 1990 s171B), less a day."""
    officer = hire(office, "officer")
    reference = report(office, breach_type="changeOfUse")
    task = the_task(office, reference, officer)
    office.casework.complete_task(task.id, GOOD_REPORT, officer)
    classify = the_task(office, reference, officer)
    answers = {"nature": "change_of_use", "began_on": "2020-01-05", "features": []}
    office.casework.complete_task(classify.id, answers, officer)
    case = office.records.case(reference, officer)
    assert case.breaches[0].last_day_to_issue == date(2030, 1, 4)

    office.casework.correct_answers(
        classify.id, {**answers, "began_on": "2016-06-01"}, "An old lease.", officer
    )

    case = office.records.case(reference, officer)
    assert case.breaches[0].last_day_to_issue == date(2026, 5, 31)
    assert case.immune_on == date(2026, 5, 31)
    assert case.is_immune_soon
    assert "immunity_moved" in [e.kind for e in case.events]


def test_a_case_that_will_soon_be_immune_is_raised_in_priority(
    office: engine.Office,
) -> None:
    """The last day to issue is 1 October 2026: soon from 1 April (policy 5.1)."""
    officer = hire(office, "officer")
    reference = report(office, breach_type="changeOfUse")
    task = the_task(office, reference, officer)
    office.casework.complete_task(task.id, GOOD_REPORT, officer)
    classify = the_task(office, reference, officer)
    answers = {"nature": "change_of_use", "began_on": "2016-10-02", "features": []}
    office.casework.complete_task(classify.id, answers, officer)
    assert office.records.case(reference, officer).priority == 3
    office.casework.sweep()
    assert office.records.case(reference, officer).priority == 3

    office.clock.move_to(datetime(2026, 4, 2, 9, tzinfo=UTC))
    office.casework.sweep()
    office.casework.sweep()

    case = office.records.case(reference, officer)
    raised = [e for e in case.events if e.kind == "priority_raised"]
    assert case.immune_on == date(2026, 10, 1)
    assert case.priority == 2 and case.is_immune_soon
    assert len(raised) == 1
    assert "1 October 2026" in raised[0].detail
