"""How the work stands on a diagram: who is where, what passed, how long it took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import engine_models as draw
import pytest
import small_office as small
import sqlalchemy as sa

import engine
from engine.errors import InvalidAnswers, NotFound, NotPermitted
from engine.studio.work_views import ProcessWork, StepWork
from engine.views import Officer

FLOWS = (
    "begin > record_visit > is_breach > pause > review > done",
    'is_breach > done : breach == "no"',
    "visit_late > chase_visit > chased",
)


def files() -> dict[str, bytes]:
    """A visit, a pause where there is a breach, then a review."""
    visits = small.drawn(
        "visits",
        [
            draw.start(),
            draw.user("record_visit", form="record_visit"),
            draw.boundary("visit_late", "record_visit", timer=small.LATE),
            draw.user("chase_visit", form="chase_visit"),
            draw.end("chased"),
            draw.xor("is_breach", default="pause"),
            draw.catch("pause", timer='deadline("pcn_response", case.received_on)'),
            draw.call("review"),
            draw.end(),
        ],
        FLOWS,
        managers=["chase_visit"],
    )
    review = small.drawn(
        "review",
        [draw.start(), draw.user("read", form="read"), draw.end()],
        ["begin > read > done"],
    )
    question = {"type": "textfield", "key": "breach"}
    form = small.form_file("record_visit", question)
    return {**review, **visits, "forms/record_visit.json": form}


@pytest.fixture
def office(new_sqlite: Callable[[], str]) -> Iterator[engine.Office]:
    opened = small.open_small(new_sqlite(), files())
    yield opened
    opened.engine.dispose()


@pytest.fixture
def either(database_url: str) -> Iterator[engine.Office]:
    """On SQLite, and on PostgreSQL: for what the database itself works out."""
    opened = small.open_small(database_url, files())
    yield opened
    opened.engine.dispose()


@pytest.fixture
def olive(office: engine.Office) -> Officer:
    return small.hire(office, "Olive Marsh")


@pytest.fixture
def mark(office: engine.Office) -> Officer:
    return small.hire(office, "Mark Dyke", "manager")


def step(work: ProcessWork, element: str) -> StepWork:
    return next(each for each in work.steps if each.element == element)


def standing(work: ProcessWork) -> dict[str, int]:
    return {each.element: each.standing for each in work.steps if each.standing}


def test_each_case_is_counted_where_it_stands(
    either: engine.Office,
) -> None:
    office = either
    olive = small.hire(office, "Olive Marsh")
    mark = small.hire(office, "Mark Dyke", "manager")
    small.report(office, "visits")
    waiting = small.report(office, "visits")
    small.do(office, waiting, olive, "record_visit", breach="yes")
    closed = small.report(office, "visits")
    small.do(office, closed, olive, "record_visit", breach="no")

    work = office.statistics.of_process("visits", mark)

    assert standing(work) == {"record_visit": 1, "pause": 1}
    assert work.cases == 2


def test_a_case_in_a_called_process_stands_on_both_diagrams(
    office: engine.Office, olive: Officer, mark: Officer
) -> None:
    reference = small.report(office, "visits")
    small.do(office, reference, olive, "record_visit", breach="yes")
    small.go_to(office, date(2026, 4, 1))
    office.casework.sweep()

    outer = office.statistics.of_process("visits", mark)
    inner = office.statistics.of_process("review", mark)

    assert standing(outer) == {"review": 1}
    assert step(outer, "review").called == "review"
    assert standing(inner) == {"read": 1}


def test_a_task_past_its_date_is_overdue_once_for_each_case(
    either: engine.Office,
) -> None:
    office = either
    mark = small.hire(office, "Mark Dyke", "manager")
    small.report(office, "visits")
    small.report(office, "visits")
    before = step(office.statistics.of_process("visits", mark), "record_visit")
    small.go_to(office, date(2026, 3, 5))
    office.casework.sweep()

    work = office.statistics.of_process("visits", mark)

    assert (before.standing, before.overdue) == (2, 0)
    late = step(work, "record_visit")
    assert (late.standing, late.overdue) == (2, 2)
    assert step(work, "visit_late").passed == 2
    assert standing(work) == {"record_visit": 2, "chase_visit": 2}


def test_a_step_that_broke_is_counted_where_it_broke(
    office: engine.Office, mark: Officer
) -> None:
    small.report(office, "visits")
    with office.engine.begin() as connection:
        [row] = connection.execute(sa.text("SELECT id, case_id FROM instances")).all()
        connection.execute(
            sa.text(
                "INSERT INTO incidents (id, council, case_id, instance_id, process, "
                "element, message, at) VALUES ('i', 'maldon', :case, :instance, "
                "'visits', 'is_breach', 'No way fits.', '2026-03-02 09:00:00+00:00')"
            ),
            {"case": row.case_id, "instance": row.id},
        )

    work = office.statistics.of_process("visits", mark)

    assert step(work, "is_breach").failed == 1


def test_what_passed_is_counted_in_the_chosen_days_only(
    either: engine.Office,
) -> None:
    office = either
    olive = small.hire(office, "Olive Marsh")
    mark = small.hire(office, "Mark Dyke", "manager")
    first = small.report(office, "visits")
    small.do(office, first, olive, "record_visit", breach="no")
    small.go_to(office, date(2026, 3, 10), 12)
    second = small.report(office, "visits")
    small.do(office, second, olive, "record_visit", breach="yes")

    def taken(since: date, until: date) -> tuple[int, dict[str, int]]:
        work = office.statistics.of_process("visits", mark, since, until)
        flows = {flow.id: flow.taken for flow in work.flows if flow.taken}
        return step(work, "record_visit").passed, flows

    assert taken(date(2026, 3, 2), date(2026, 3, 10)) == (
        2,
        {
            "begin__record_visit": 2,
            "record_visit__is_breach": 2,
            "is_breach__done": 1,
            "is_breach__pause": 1,
        },
    )
    assert taken(date(2026, 3, 10), date(2026, 3, 10)) == (
        1,
        {
            "begin__record_visit": 1,
            "record_visit__is_breach": 1,
            "is_breach__pause": 1,
        },
    )
    assert taken(date(2026, 3, 3), date(2026, 3, 9)) == (0, {})


@pytest.mark.parametrize(
    ("days", "median", "slow", "is_few"),
    [
        ([3], 3.0, 3.0, True),
        ([1, 2, 4, 10], 3.0, 8.2, True),
        ([2, 2, 2, 2, 2, 12], 2.0, 7.0, False),
    ],
)
def test_how_long_a_step_takes_is_told_with_what_it_rests_on(
    either: engine.Office,
    days: list[int],
    median: float,
    slow: float,
    is_few: bool,
) -> None:
    """Opened at nine on 2 March; completed at nine so many days later."""
    office = either
    olive = small.hire(office, "Olive Marsh")
    mark = small.hire(office, "Mark Dyke", "manager")
    references = [small.report(office, "visits") for _ in days]
    for after, reference in sorted(zip(days, references, strict=True)):
        small.go_to(office, date(2026, 3, 2 + after), 9)
        small.do(office, reference, olive, "record_visit", breach="no")

    visit = step(office.statistics.of_process("visits", mark), "record_visit")

    assert (visit.median_days, visit.slow_days) == (
        pytest.approx(median),
        pytest.approx(slow),
    )
    assert (visit.measured, visit.is_few) == (len(days), is_few)


def test_what_nobody_completed_has_no_length(
    office: engine.Office, mark: Officer
) -> None:
    small.report(office, "visits")

    visit = step(office.statistics.of_process("visits", mark), "record_visit")

    assert (visit.median_days, visit.slow_days, visit.measured) == (None, None, 0)


def test_a_step_that_the_newest_version_no_longer_draws_is_still_named(
    office: engine.Office, olive: Officer, mark: Officer
) -> None:
    small.report(office, "visits")
    done = small.report(office, "visits")
    small.do(office, done, olive, "record_visit", breach="no")
    newest = small.drawn(
        "visits",
        [draw.start(), draw.user("telephone", form="telephone"), draw.end()],
        ["begin > telephone > done"],
    )
    office.casework.publish({**files(), **newest}, "maldon")
    small.report(office, "visits")

    work = office.statistics.of_process("visits", mark)

    assert work.version == 2
    assert standing(work) == {"telephone": 1}
    gone = {each.element: each for each in work.gone_steps}
    assert gone["record_visit"].name == "Record visit"
    assert (gone["record_visit"].standing, gone["record_visit"].passed) == (1, 1)
    assert [(f.source, f.target, f.taken) for f in work.gone_flows][0] == (
        "Begin",
        "Record visit",
        2,
    )
    assert work.cases == 2


def test_another_council_has_no_part_in_it(office: engine.Office) -> None:
    office.casework.add_council("east_herts")
    office.casework.publish(files(), "east_herts")
    nell = small.hire(office, "Nell Marsh", "manager", council="east_herts")
    small.report(office, "visits")

    work = office.statistics.of_process("visits", nell)

    assert work.cases == 0
    assert all(each.is_idle for each in work.steps)


def test_only_a_manager_sees_it(office: engine.Office, olive: Officer) -> None:
    with pytest.raises(NotPermitted):
        office.statistics.of_process("visits", olive)


def test_what_cannot_be_counted_is_refused_in_words(
    office: engine.Office, mark: Officer
) -> None:
    with pytest.raises(NotFound):
        office.statistics.of_process("no_such_process", mark)
    with pytest.raises(InvalidAnswers) as refused:
        office.statistics.of_process("visits", mark, date(2026, 3, 3), date(2026, 3, 2))
    assert "since" in refused.value.errors
    with pytest.raises(InvalidAnswers):
        office.statistics.of_process("visits", mark, None, date.max)
    office.statistics.of_process("visits", mark, date.min, date(2026, 3, 2))


def test_the_number_of_statements_does_not_grow_with_the_cases(
    office: engine.Office, olive: Officer, mark: Officer
) -> None:
    def statements() -> int:
        seen: list[str] = []

        def see(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        sa.event.listen(office.engine, "before_cursor_execute", see)
        office.statistics.of_process("visits", mark)
        sa.event.remove(office.engine, "before_cursor_execute", see)
        return sum(each.startswith("SELECT") for each in seen)

    small.report(office, "visits")
    few = statements()
    for breach in ("yes", "no", "yes", "no"):
        reference = small.report(office, "visits")
        small.do(office, reference, olive, "record_visit", breach=breach)

    assert statements() == few <= 8
