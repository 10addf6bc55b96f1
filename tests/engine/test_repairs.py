"""Steps that failed are listed by kind, and tried again one, many or all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import engine_models as draw
import pytest
import small_office as small

import engine
from engine import repairs
from engine.errors import NotFound, NotPermitted
from engine.views import Officer

THURSDAY = date(2026, 3, 5)
DIVIDES = "share = 10 / people"


def files(script: str = DIVIDES) -> dict[str, bytes]:
    """A number is asked for, two days pass, and a script divides by it."""
    form = small.form_file("ask_number", {"type": "number", "key": "people"})
    waits = small.drawn(
        "waits",
        [
            draw.start(),
            draw.user("ask_number", form="ask_number"),
            draw.catch("two_days_passed", timer=small.LATE),
            draw.script("divide", script),
            draw.user("ask", form="ask"),
            draw.end(),
        ],
        ["begin > ask_number > two_days_passed > divide > ask > done"],
    )
    at_once = small.drawn(
        "at_once",
        [
            draw.start(),
            draw.user("ask_number", form="ask_number"),
            draw.script("divide", DIVIDES),
            draw.end(),
        ],
        ["begin > ask_number > divide > done"],
    )
    return {**waits, **at_once, "forms/ask_number.json": form}


@pytest.fixture
def office(new_sqlite: Callable[[], str]) -> Iterator[engine.Office]:
    opened = small.open_small(new_sqlite(), files())
    yield opened
    opened.engine.dispose()


@pytest.fixture
def either(database_url: str) -> Iterator[engine.Office]:
    """On SQLite, and on PostgreSQL: for what the database itself puts together."""
    opened = small.open_small(database_url, files())
    yield opened
    opened.engine.dispose()


@pytest.fixture
def mark(office: engine.Office) -> Officer:
    return small.hire(office, "Mark Dyke", "manager")


def broken(office: engine.Office, officer: Officer, people: str = "0") -> str:
    """A case that waits for its date, and breaks then if nobody is to share."""
    reference = small.report(office, "waits")
    small.do(office, reference, officer, "ask_number", people=people)
    return reference


def on_thursday(office: engine.Office) -> None:
    small.go_to(office, THURSDAY)
    office.casework.sweep()


def mend(office: engine.Office, reference: str, officer: Officer) -> None:
    case = office.records.case(reference, officer)
    [asked] = [t for t in case.completed_tasks if t.element == "ask_number"]
    office.casework.correct_answers(asked.id, {"people": "4"}, "Miscounted.", officer)


def test_the_same_failure_of_several_cases_is_one_kind(
    either: engine.Office,
) -> None:
    office = either
    mark = small.hire(office, "Mark Dyke", "manager")
    first, second = broken(office, mark), broken(office, mark)
    broken(office, mark, "5")
    on_thursday(office)

    [kind] = office.repairs.failed_steps(mark)

    assert (kind.step, kind.title, kind.count) == ("Divide", "Waits", 2)
    assert [case.reference for case in kind.cases] == [first, second]
    assert not any(case.is_of_task for case in kind.cases)
    assert kind.why
    assert kind.outdated == ()
    assert office.repairs.waiting(mark) == 2


def test_trying_again_tells_of_each_what_came_of_it(
    office: engine.Office, mark: Officer
) -> None:
    first, second = broken(office, mark), broken(office, mark)
    on_thursday(office)
    mend(office, second, mark)
    [kind] = office.repairs.failed_steps(mark)

    tried = office.repairs.try_again(office.repairs.alike(kind.like, mark), mark)

    assert [(each.reference, each.is_done) for each in tried] == [
        (first, False),
        (second, True),
    ]
    assert tried[0].says == kind.why
    assert small.tasks(office, second, mark) == ["ask"]
    assert small.tasks(office, first, mark) == []
    assert office.repairs.waiting(mark) == 1


def test_a_step_of_a_task_waits_for_its_task(
    office: engine.Office, mark: Officer
) -> None:
    reference = small.report(office, "at_once")
    with pytest.raises(engine.WorkflowFailed):
        small.do(office, reference, mark, "ask_number", people="0")
    [kind] = office.repairs.failed_steps(mark)
    assert [case.is_of_task for case in kind.cases] == [True]

    [tried] = office.repairs.try_again([kind.like], mark)

    assert tried.is_done
    assert "task" in tried.says
    assert small.tasks(office, reference, mark) == ["ask_number"]


def test_what_was_repaired_meanwhile_is_not_tried_twice(
    office: engine.Office, mark: Officer
) -> None:
    reference = broken(office, mark)
    on_thursday(office)
    [kind] = office.repairs.failed_steps(mark)
    mend(office, reference, mark)
    office.repairs.try_again([kind.like], mark)

    [again] = office.repairs.try_again([kind.like, kind.like], mark)

    assert again.is_done
    assert "meantime" in again.says
    kinds = [e.kind for e in office.records.case(reference, mark).events]
    assert kinds.count("incident_resolved") == 1


def test_cases_on_an_older_version_are_pointed_out(
    office: engine.Office, mark: Officer
) -> None:
    broken(office, mark)
    broken(office, mark)
    on_thursday(office)
    office.casework.publish(files("share = 10 / (people + 1)"), "maldon")

    [kind] = office.repairs.failed_steps(mark)

    [outdated] = kind.outdated
    assert (outdated.process, outdated.version, outdated.cases) == ("waits", 2, 2)


def test_another_reason_is_another_kind_and_is_remembered(
    office: engine.Office, mark: Officer
) -> None:
    """The number becomes a word: the same step fails, but not for the same reason."""
    reference = broken(office, mark)
    on_thursday(office)
    [before] = office.repairs.failed_steps(mark)
    [asked] = office.records.case(reference, mark).completed_tasks
    office.casework.correct_answers(asked.id, {"people": ""}, "Not known.", mark)

    [tried] = office.repairs.try_again([before.like], mark)

    [after] = office.repairs.failed_steps(mark)
    assert not tried.is_done
    assert tried.says == after.why != before.why


def test_at_most_a_hundred_are_tried_at_once(
    office: engine.Office, mark: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repairs, "AT_ONCE", 1)
    broken(office, mark)
    broken(office, mark)
    on_thursday(office)
    [kind] = office.repairs.failed_steps(mark)

    ids = [case.incident_id for case in kind.cases]
    assert len(ids) == 2
    assert len(office.repairs.try_again(ids, mark)) == 1
    assert len(office.repairs.alike(kind.like, mark)) == 1


def test_only_managers_see_and_mend_and_only_their_own(office: engine.Office) -> None:
    olive = small.hire(office, "Olive Marsh")
    broken(office, olive)
    on_thursday(office)
    office.casework.add_council("east_herts")
    nell = small.hire(office, "Nell Marsh", "manager", council="east_herts")
    mark = small.hire(office, "Mark Dyke", "manager")
    [kind] = office.repairs.failed_steps(mark)

    for asked in (office.repairs.failed_steps, office.repairs.waiting):
        with pytest.raises(NotPermitted):
            asked(olive)
    with pytest.raises(NotPermitted):
        office.repairs.try_again([kind.like], olive)
    assert office.repairs.failed_steps(nell) == ()
    assert office.repairs.try_again([kind.like], nell) == ()
    with pytest.raises(NotFound):
        office.repairs.alike(kind.like, nell)
