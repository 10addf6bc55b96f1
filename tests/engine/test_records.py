"""The reads: worklists, lists of cases, diagrams, periods. They never write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import engine_models as draw
import pytest
import small_office as small
import sqlalchemy as sa

import engine
from engine.errors import NotFound, NotInForce, UnknownPeriod
from engine.views import Officer

MONDAY = date(2026, 3, 2)
THURSDAY = date(2026, 3, 5)


def diagrams() -> dict[str, bytes]:
    """The visits, and a process that calls another and sets a priority."""
    ask = draw.user("ask", form="ask")
    look_late = draw.boundary("look_late", "look", timer=small.LATE)
    drawn = [
        small.visits(),
        small.drawn(
            "urgent",
            [draw.start(), draw.script("rate", "priority = 1"), ask, draw.end()],
            ["begin > rate > ask > done"],
        ),
        small.drawn(
            "outer",
            [draw.start(), ask, draw.xor("is_it_near", "inner"), draw.call("inner")]
            + [draw.end("far_away"), draw.end()],
            [
                "begin > ask > is_it_near > inner > done",
                'is_it_near > far_away : ask_note == "far"',
            ],
        ),
        small.drawn(
            "inner",
            [draw.start(), draw.user("look", form="look"), look_late]
            + [draw.end("looked_late"), draw.end()],
            ["begin > look > done", "look_late > looked_late"],
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
def small_office(new_sqlite: Callable[[], str]) -> Iterator[engine.Office]:
    """The same on SQLite."""
    opened = small.open_small(new_sqlite(), diagrams())
    yield opened
    opened.engine.dispose()


def statements_of(office: engine.Office, read: Callable[[], object]) -> list[str]:
    """The SQL that a read sends."""
    sent: list[str] = []

    def listen(_c: object, _u: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    sa.event.listen(office.engine, "before_cursor_execute", listen)
    try:
        read()
    finally:
        sa.event.remove(office.engine, "before_cursor_execute", listen)
    return sent


# Worklists


def test_the_worklist_shows_first_what_is_due_first(office: engine.Office) -> None:
    """Then what is urgent; a task without a date comes last."""
    olive = small.hire(office, "Olive Marsh")
    plain = small.report(office, "outer")
    urgent = small.report(office, "urgent")
    later = small.report(office, "visits")
    sooner = small.report(office, "visits", received_on=MONDAY - timedelta(days=3))

    rows = office.records.worklist(olive, "team").rows

    assert [r.case_reference for r in rows] == [sooner, later, urgent, plain]


def test_mine_the_teams_and_nobodys(office: engine.Office) -> None:
    olive, tom = small.hire(office, "Olive Marsh"), small.hire(office, "Tom Creek")
    legal = small.hire(office, "Lena Law", "legal")
    references = [small.report(office, "visits") for _ in range(3)]
    first, second, third = (
        small.task(office, reference, olive, "record_visit") for reference in references
    )
    office.casework.claim_task(first.id, olive)
    office.casework.claim_task(second.id, tom)

    def ids(who: Officer, which: str) -> set[str]:
        return {row.id for row in office.records.worklist(who, which).rows}

    assert ids(olive, "mine") == {first.id}
    assert ids(olive, "team") == {first.id, second.id, third.id}
    assert ids(olive, "unassigned") == {third.id}
    assert ids(legal, "team") == set()
    assert office.records.worklist_counts(olive) == {
        "mine": 1,
        "team": 3,
        "unassigned": 1,
        "overdue": 0,
    }
    with pytest.raises(NotFound):
        office.records.worklist(olive, "everything")


def test_the_worklist_of_another_council_shows_nothing_of_ours(
    office: engine.Office,
) -> None:
    office.casework.add_council("east_herts")
    stranger = small.hire(office, "Ann Other", "manager", council="east_herts")
    small.report(office, "visits")

    assert office.records.worklist(stranger, "team").total == 0
    assert office.records.cases(stranger).total == 0


def test_a_late_task_counts_as_overdue_and_keeps_its_date(
    office: engine.Office,
) -> None:
    mark = small.hire(office, "Mark Dyke", "manager")
    reference = small.report(office, "visits")
    small.go_to(office, THURSDAY)
    office.casework.sweep()

    visit = small.task(office, reference, mark, "record_visit")
    assert (visit.due_on, visit.is_overdue) == (date(2026, 3, 4), True)
    assert visit.is_escalated
    assert office.records.worklist_counts(mark)["overdue"] == 1


def test_a_task_that_opens_after_its_date_is_overdue_from_the_start(
    office: engine.Office,
) -> None:
    """The report lay in the post for a month."""
    mark = small.hire(office, "Mark Dyke", "manager")

    reference = small.report(office, "visits", received_on=date(2026, 2, 2))

    visit = small.task(office, reference, mark, "record_visit")
    assert (visit.due_on, visit.is_overdue) == (date(2026, 2, 4), True)
    assert visit.is_escalated


def test_the_pages_of_a_worklist_show_every_task_once(office: engine.Office) -> None:
    """All are reported at the same instant: nothing but their ids orders them."""
    olive = small.hire(office, "Olive Marsh")
    for _ in range(23):
        small.report(office, "urgent")

    pages = [office.records.worklist(olive, "team", page) for page in (1, 2)]

    assert [len(page.rows) for page in pages] == [20, 3]
    assert {page.total for page in pages} == {23}
    assert len({row.id for page in pages for row in page.rows}) == 23


@pytest.mark.parametrize("page", [0, -3, 2, 10**30])
def test_a_page_that_is_not_there_is_the_nearest_one(
    small_office: engine.Office, page: int
) -> None:
    olive = small.hire(small_office, "Olive Marsh")
    small.report(small_office, "urgent")

    worklist = small_office.records.worklist(olive, "team", page)
    cases = small_office.records.cases(olive, page=page)

    assert (worklist.number, len(worklist.rows)) == (1, 1)
    assert (cases.number, len(cases.rows)) == (1, 1)


# Lists of cases


def test_a_case_is_found_by_the_words_of_its_place_and_report(
    office: engine.Office,
) -> None:
    olive = small.hire(office, "Olive Marsh")
    barn = small.report(office, "visits", postcode="cm9 8aa")
    wall = small.report(
        office, "visits", address="4 Mill_Lane 100%", description="A high wall"
    )

    def found(text: str) -> list[str]:
        return [row.reference for row in office.records.cases(olive, text).rows]

    assert found("goldhanger") == [barn]
    assert found("CM9") == [barn]
    assert found("wall mill") == [wall]
    assert found("wall goldhanger") == []
    assert found(barn.lower()) == [barn]
    assert found("") == [wall, barn]
    assert found("100%") == found("%") == found("_") == [wall]
    assert found("l_g") == []


def test_the_filters_of_the_list_of_cases(office: engine.Office) -> None:
    olive = small.hire(office, "Olive Marsh")
    visit, urgent = small.report(office, "visits"), small.report(office, "urgent")
    closed = small.report(office, "urgent")
    small.do(office, closed, olive, "ask")
    small.do(office, visit, olive, "record_visit")

    def found(**filters: object) -> set[str]:
        rows = office.records.cases(olive, **filters).rows  # type: ignore[arg-type]
        return {row.reference for row in rows}

    assert found(status="closed") == {closed}
    assert found(status="not_started") == {urgent}
    assert found(priority=1) == {urgent, closed}
    assert found(priority=2) == set()
    assert found(assignee=olive.id) == {visit, closed}
    assert found(overdue=True) == set()
    assert found(immune_soon=True) == set()
    late = small.report(office, "visits", received_on=date(2026, 2, 2))
    assert found(overdue=True) == {late}


def test_a_list_takes_as_many_statements_for_60_cases_as_for_5(
    small_office: engine.Office,
) -> None:
    office = small_office
    olive = small.hire(office, "Olive Marsh")
    reads: dict[str, Callable[[], object]] = {
        "worklist": lambda: office.records.worklist(olive, "team"),
        "counts": lambda: office.records.worklist_counts(olive),
        "search": lambda: office.records.cases(olive, "lane", overdue=True),
        "cases": lambda: office.records.cases(olive),
    }
    counts = []
    for reported in (5, 55):
        for _ in range(reported):
            small.report(office, "visits")
        counts.append(
            {name: len(statements_of(office, read)) for name, read in reads.items()}
        )

    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 2


def test_a_read_never_writes(office: engine.Office) -> None:
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "visits")
    visit = small.task(office, reference, olive, "record_visit")
    (instance,) = office.records.case(reference, olive).instances
    reads: list[Callable[[], object]] = [
        lambda: office.records.worklist(olive),
        lambda: office.records.worklist_counts(olive),
        lambda: office.records.cases(olive),
        lambda: office.records.case(reference, olive),
        lambda: office.records.task(visit.id, olive),
        lambda: office.records.diagram(instance.id, olive),
        lambda: office.records.periods(olive),
        lambda: office.records.officers(olive),
        lambda: office.records.export("maldon"),
        lambda: office.records.next_due(),
    ]
    writes = [
        statement
        for read in reads
        for statement in statements_of(office, read)
        if not statement.startswith("SELECT") or "FOR UPDATE" in statement
    ]

    assert writes == []


# Diagrams


def test_a_diagram_shows_what_is_done_and_where_the_case_stands(
    small_office: engine.Office,
) -> None:
    office = small_office
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "outer")
    (instance,) = office.records.case(reference, olive).instances

    before = office.records.diagram(instance.id, olive)
    assert (before.current, before.standing) == (("ask",), ("Ask",))
    assert before.done == ("begin",)
    assert before.flows_taken == ("begin__ask",)
    assert [(c.process, c.state) for c in before.called] == [("inner", "not_reached")]

    small.do(office, reference, olive, "ask")
    outer = office.records.diagram(instance.id, olive)
    assert outer.current == ("inner",)
    assert "is_it_near__inner" in outer.flows_taken
    assert "is_it_near__far_away" not in outer.flows_taken
    (called,) = outer.called
    assert called.state == "open"
    inner = office.records.diagram(instance.id, olive, called.scope)
    assert (inner.process, inner.current) == ("inner", ("look",))
    assert inner.parents

    small.do(office, reference, olive, "look")
    after = office.records.diagram(instance.id, olive)
    assert after.current == ()
    assert after.done[-1] == "done"
    assert [c.state for c in after.called] == ["done"]


def test_a_diagram_that_is_not_there_is_not_found(small_office: engine.Office) -> None:
    office = small_office
    olive = small.hire(office, "Olive Marsh")
    office.casework.add_council("east_herts")
    stranger = small.hire(office, "Ann Other", council="east_herts")
    reference = small.report(office, "outer")
    (instance,) = office.records.case(reference, olive).instances

    for instance_id, who, scope in (
        ("nothing", olive, ""),
        (instance.id, olive, "nowhere"),
        (instance.id, stranger, ""),
    ):
        with pytest.raises(NotFound):
            office.records.diagram(instance_id, who, scope)


# Periods


def test_every_period_says_what_it_is_and_where_it_comes_from(
    small_office: engine.Office,
) -> None:
    olive = small.hire(small_office, "Olive Marsh")

    periods = {p.key: p for p in small_office.records.periods(olive)}

    assert len([p for p in periods.values() if p.is_statutory]) == 96
    assert all(p.title and p.length and p.source for p in periods.values())
    assert periods["pcn_response"].length == "21 days"
    assert not periods["validate_report"].is_statutory


def test_a_period_is_explained_from_a_day(small_office: engine.Office) -> None:
    """The day of service is day 1 of the 21 (TCPA 1990 s171D)."""
    olive = small.hire(small_office, "Olive Marsh")

    why = small_office.records.explain("pcn_response", MONDAY, olive)

    assert (why.date, why.is_statutory) == (date(2026, 3, 22), True)
    assert why.lines and why.section
    with pytest.raises(UnknownPeriod):
        small_office.records.explain("tea_break", MONDAY, olive)
    with pytest.raises(NotInForce):
        small_office.records.explain("peo_application", date(1950, 1, 1), olive)


# Dates that move


def test_a_corrected_date_moves_the_task_with_its_reason(
    office: engine.Office,
) -> None:
    """A task's date and the reason given for it never disagree."""
    served = {"type": "datetime", "subtype": "date", "key": "served_on"}
    reply_late = draw.boundary(
        "reply_late", "record_reply", timer='deadline("pcn_response", served_on)'
    )
    office.casework.publish(
        small.drawn(
            "replies",
            [draw.start(), draw.user("serve", form="serve"), reply_late]
            + [draw.user("record_reply", form="record_reply"), draw.end()]
            + [draw.end("no_reply")],
            ["begin > serve > record_reply > done", "reply_late > no_reply"],
        )
        | {"forms/serve.json": small.form_file("serve", served)},
        "maldon",
    )
    olive = small.hire(office, "Olive Marsh")
    reference = small.report(office, "replies", received_on=date(2026, 2, 2))
    serve = small.task(office, reference, olive, "serve")
    office.casework.complete_task(serve.id, {"served_on": "2026-03-02"}, olive)

    office.casework.correct_answers(
        serve.id, {"served_on": "2026-02-27"}, "Served on the Friday.", olive
    )

    reply = small.task(office, reference, olive, "record_reply")
    assert reply.due_on == date(2026, 3, 19)
    (why,) = office.records.task(reply.id, olive).reasons
    assert (why.trigger, why.date) == (date(2026, 2, 27), date(2026, 3, 19))
    (deadline,) = office.records.case(reference, olive).deadlines
    assert (deadline.on, deadline.moved_from) == (date(2026, 3, 19), date(2026, 3, 22))
    events = office.records.case(reference, olive).events
    (moved,) = [e for e in events if e.kind == "date_moved"]
    assert "22 March 2026" in moved.title and "19 March 2026" in moved.title

    office.casework.correct_answers(
        serve.id, {"served_on": "2026-03-04"}, "Proof of delivery.", olive
    )
    assert isinstance(office.clock, engine.VirtualClock)
    office.clock.move_to(datetime(2026, 3, 24, 12, tzinfo=UTC))
    assert office.casework.sweep() == 0
    reply = small.task(office, reference, olive, "record_reply")
    assert (reply.due_on, reply.is_overdue) == (date(2026, 3, 24), False)


def test_a_late_date_corrected_before_the_sweep_is_not_late(
    office: engine.Office,
) -> None:
    """Nothing has fired yet: the task is due on the day that is right."""
    mark = small.hire(office, "Mark Dyke", "manager")
    wait = draw.boundary("late", "look", timer='deadline("pcn_response", served_on)')
    office.casework.publish(
        small.drawn(
            "looks",
            [draw.start(), draw.user("serve", form="serve"), wait]
            + [draw.user("look", form="look"), draw.end(), draw.end("late_end")],
            ["begin > serve > look > done", "late > late_end"],
        )
        | {
            "forms/serve.json": small.form_file(
                "serve", {"type": "datetime", "subtype": "date", "key": "served_on"}
            )
        },
        "maldon",
    )
    reference = small.report(office, "looks", received_on=date(2026, 2, 2))
    serve = small.task(office, reference, mark, "serve")
    office.casework.complete_task(serve.id, {"served_on": "2026-03-02"}, mark)
    small.go_to(office, date(2026, 3, 24))

    office.casework.correct_answers(
        serve.id, {"served_on": "2026-03-20"}, "Served later.", mark
    )

    look = small.task(office, reference, mark, "look")
    assert (look.due_on, look.is_overdue) == (date(2026, 4, 9), False)
    assert office.casework.sweep() == 0
