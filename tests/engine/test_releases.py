"""Publishing makes a release of all files: at once, when planned, and back again."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import small_office as small
import small_studio
import small_visit
import sqlalchemy as sa
from conftest import STARTS
from small_studio import COUNCIL_FILE, DIAGRAM, FORM, LONGER, Studio

import engine
from engine import database, library, publishing
from engine.errors import (
    DefinitionError,
    DraftNotReady,
    InvalidAnswers,
    NotFound,
    NotPermitted,
)
from engine.models import Version
from engine.studio.tables import Release

FILES = small_studio.files()
RENAMED = FILES[DIAGRAM].replace(b"Record the visit", b"Note the visit")
STORY = "scenarios/visit_finds_breach.yaml"
TOMORROW = STARTS + timedelta(days=1)


def move(studio: Studio, to: datetime) -> None:
    assert isinstance(studio.office.clock, engine.VirtualClock)
    studio.office.clock.move_to(to)


# Files in git, files in the database


def test_the_shipped_files_go_into_the_database_and_back_byte_for_byte(
    new_sqlite: Callable[[], str], shipped_files: dict[str, bytes]
) -> None:
    office = small_studio.connect(new_sqlite())
    office.casework.add_council("three_category_council")
    ours = library.of_council(shipped_files, "three_category_council")
    published = office.casework.publish_all(ours, "three_category_council")

    assert published.is_new and len(published.processes) > 40
    assert office.records.export("three_category_council") == ours
    assert not office.casework.publish_all(ours, "three_category_council").is_new
    assert "councils/three_category_council/priority.dmn" in ours
    assert not any(name.startswith("councils/maldon") for name in ours)
    office.engine.dispose()


def test_the_common_files_are_everybodys_and_a_councils_own_are_its_own(
    shipped_files: dict[str, bytes],
) -> None:
    files = {**shipped_files, "scenarios/theirs.yaml": b"title: T\ncouncil: east_herts"}

    ours = library.of_council(files, "maldon")

    assert "scenarios/theirs.yaml" not in ours
    assert "scenarios/theirs.yaml" in library.of_council(files, "east_herts")
    assert {n for n in ours if n.startswith("councils/")} == {
        "councils/defaults.yaml",
        "councils/maldon/council.yaml",
    }
    others = {n for n in shipped_files if n not in ours}
    assert {name.split("/")[0] for name in others} == {"councils", "scenarios"}
    told_elsewhere = [shipped_files[n] for n in others if n.startswith("scenarios/")]
    assert all(
        re.search(rb"^council: (?!maldon)", each, re.M) for each in told_elsewhere
    )
    assert FILES[STORY] == library.of_council(FILES, "maldon")[STORY]


# Publishing


def test_a_draft_becomes_a_release_and_new_cases_take_it(
    both_studio: Studio,
) -> None:
    studio, drafts = both_studio, both_studio.office.drafts
    before = small.report(studio.office, "visit")
    draft_id = studio.approved({DIAGRAM: RENAMED, COUNCIL_FILE: LONGER})
    assert drafts.get(draft_id, studio.mark).needs == ()

    assert drafts.publish(draft_id, studio.mark) == 2

    assert studio.office.records.export("maldon") == drafts.files(draft_id, studio.mia)
    after = small.report(studio.office, "visit")
    old = small.task(studio.office, before, studio.olive, "record_visit")
    new = small.task(studio.office, after, studio.olive, "record_visit")
    assert (old.title, new.title) == ("Record the visit", "Note the visit")
    release = drafts.release(2, studio.lee)
    assert release.versions == {"visit": 2}
    assert [(c.name, c.kind) for c in release.changes] == [
        (COUNCIL_FILE, "changed"),
        (DIAGRAM, "changed"),
    ]
    assert (release.published_by, release.reviewed_by, release.draft_title) == (
        "Mark Dyke",
        "Lee Law",
        "Longer",
    )
    assert drafts.get(draft_id, studio.mark).release_number == 2
    [line] = drafts.processes(studio.mark)
    assert (line.title, line.version, line.running, line.on_older) == (
        "Visit a site",
        2,
        2,
        1,
    )


def test_publishing_twice_is_publishing_once(both_studio: Studio) -> None:
    studio, drafts = both_studio, both_studio.office.drafts
    draft_id = studio.approved({DIAGRAM: RENAMED})
    together = threading.Barrier(2)
    numbers: list[int | None] = []

    def publish() -> None:
        together.wait()
        numbers.append(drafts.publish(draft_id, studio.mark))

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert numbers == [2, 2]
    assert drafts.publish(draft_id, studio.mark) == 2
    assert [line.number for line in drafts.releases(studio.mark)] == [2, 1]
    events = [e.title for e in drafts.get(draft_id, studio.mark).events]
    assert events.count("Published as release 2") == 1


def _both_wait(studio: Studio) -> bool:
    """Whether two transactions wait for a lock; SQLite has only one, and waits."""
    if studio.office.engine.dialect.name == "sqlite":
        return True
    with studio.office.engine.connect() as connection:
        asked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        return connection.exec_driver_sql(asked).scalar_one() >= 2


def _at_once(studio: Studio, *commands: Callable[[], object]) -> list[str]:
    """Two commands that meet at the council's publications. What each came to."""
    with ThreadPoolExecutor(len(commands)) as pool:
        with database.writing(studio.office.engine) as session:
            publishing.lock(session, "maldon")
            started = [pool.submit(command) for command in commands]
            until = time.monotonic() + 30
            while not _both_wait(studio) and time.monotonic() < until:
                time.sleep(0.05)
            assert _both_wait(studio)
        errors = [each.exception() for each in started]
    return sorted(str(error or "done") for error in errors)


def test_of_two_publications_at_once_the_second_is_told_and_undoes_nothing(
    both_studio: Studio,
) -> None:
    studio, drafts = both_studio, both_studio.office.drafts
    one, other = (
        studio.approved({DIAGRAM: RENAMED}),
        studio.approved({COUNCIL_FILE: LONGER}),
    )

    came_to = _at_once(
        studio,
        lambda: drafts.publish(one, studio.mark),
        lambda: drafts.publish(other, studio.mia),
    )

    assert came_to[1] == "done"
    assert came_to[0].startswith("Release 2 was published by M")
    assert [line.files_changed for line in drafts.releases(studio.mark)][0] == 1


def test_going_back_at_once_with_a_publication_undoes_nothing_unseen(
    both_studio: Studio,
) -> None:
    studio, drafts = both_studio, both_studio.office.drafts
    studio.publish({DIAGRAM: RENAMED})
    draft_id = studio.approved({COUNCIL_FILE: LONGER})

    came_to = _at_once(
        studio,
        lambda: drafts.publish(draft_id, studio.mark),
        lambda: drafts.roll_back(1, "Officers were confused.", studio.mia),
    )

    assert came_to[1] == "done" and came_to[0] != "done"
    assert [line.number for line in drafts.releases(studio.mark)] == [3, 2, 1]


def test_what_stands_in_the_way_is_said_and_nothing_is_published(
    studio: Studio,
) -> None:
    drafts = studio.office.drafts
    broken = FILES[DIAGRAM].replace(b"visit_priority_1", b"visit_priority_9")
    draft_id = studio.draft({DIAGRAM: broken})

    with pytest.raises(DraftNotReady) as refused:
        drafts.publish(draft_id, studio.mark)

    assert refused.value.needs == (
        "The check finds 1 problem. Mend it first.",
        "The stories have not been told on this draft yet.",
        "Another person must review it. Ask for review.",
    )
    assert studio.office.records.export("maldon") == FILES


def test_a_failed_story_keeps_a_draft_from_being_published(studio: Studio) -> None:
    draft_id = studio.draft({DIAGRAM: RENAMED})
    studio.rehearse(draft_id, failed=1)

    needs = studio.office.drafts.get(draft_id, studio.mark).needs

    assert "1 of 1 story failed. Look at the rehearsal." in needs


def test_a_process_taken_out_starts_no_more_and_can_come_back(studio: Studio) -> None:
    office = studio.office
    running = small.report(office, "visit")
    second = {
        name.replace("visit.", "other."): content.replace(b"visit", b"other")
        for name, content in FILES.items()
        if name == DIAGRAM
    }
    other = second["other.bpmn"].replace(b"other_priority", b"visit_priority")
    other = other.replace(b'value="record_other"', b'value="record_visit"')
    assert studio.publish({"other.bpmn": other}) == 2
    small.report(office, "other")

    taken_out = {DIAGRAM: None, STORY: None}
    assert studio.publish(taken_out) == 3

    with pytest.raises(NotFound, match="has been taken out"):
        small.report(office, "visit")
    assert [line.process for line in office.drafts.processes(studio.mark)] == ["other"]
    small.do(office, running, studio.olive, "record_visit", breach_found="no")
    assert office.records.case(running, studio.olive).status == "closed"

    assert office.drafts.roll_back(2, "It is needed.", studio.mark) == 4
    small.report(office, "visit")
    [line] = [p for p in office.drafts.processes(studio.mark) if p.process == "visit"]
    assert line.version == 2


# At a planned time


def test_a_planned_publication_happens_at_its_time_once(both_studio: Studio) -> None:
    studio, drafts = both_studio, both_studio.office.drafts
    draft_id = studio.approved({DIAGRAM: RENAMED})

    with pytest.raises(InvalidAnswers, match="that is to come"):
        drafts.publish(draft_id, studio.mark, at=STARTS)
    assert drafts.publish(draft_id, studio.mark, at=TOMORROW) is None
    assert drafts.publish_scheduled() == 0
    assert drafts.get(draft_id, studio.mia).publish_at == TOMORROW
    move(studio, TOMORROW)
    assert drafts.publish_scheduled() == 1
    assert drafts.publish_scheduled() == 0

    release = drafts.release(2, studio.mark)
    assert (release.published_at, release.published_by) == (TOMORROW, "Mark Dyke")
    shown = drafts.get(draft_id, studio.mark)
    assert (shown.state, shown.publish_at, shown.failure) == ("published", None, "")


def test_what_can_no_longer_be_published_says_why_at_its_time(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = studio.approved({DIAGRAM: RENAMED})
    drafts.publish(draft_id, studio.mark, at=TOMORROW)
    studio.publish({COUNCIL_FILE: LONGER})

    move(studio, TOMORROW)
    assert drafts.publish_scheduled() == 0

    shown = drafts.get(draft_id, studio.mark)
    assert (shown.state, shown.publish_at) == ("approved", None)
    assert shown.failure.startswith("Release 2 was published by Mark Dyke")
    assert shown.events[-1].title == "It could not be published"
    assert [line.number for line in drafts.releases(studio.mark)] == [2, 1]


def test_a_plan_that_another_command_stands_in_the_way_of_is_kept(
    studio: Studio,
) -> None:
    drafts = studio.office.drafts
    draft_id = studio.approved({DIAGRAM: RENAMED})
    drafts.publish(draft_id, studio.mark, at=TOMORROW)
    move(studio, TOMORROW)

    def in_the_way(_connection: object) -> None:
        raise sa.exc.OperationalError("", {}, Exception("database is locked"))

    sa.event.listen(studio.office.engine, "commit", in_the_way)
    assert drafts.publish_scheduled() == 0
    sa.event.remove(studio.office.engine, "commit", in_the_way)

    assert drafts.get(draft_id, studio.mark).publish_at == TOMORROW
    assert drafts.publish_scheduled() == 1


def test_a_change_or_a_second_thought_takes_the_plan_back(studio: Studio) -> None:
    drafts = studio.office.drafts
    draft_id = studio.approved({DIAGRAM: RENAMED})
    drafts.publish(draft_id, studio.mark, at=TOMORROW)
    drafts.save(draft_id, {COUNCIL_FILE: LONGER}, 2, studio.mia)
    assert drafts.get(draft_id, studio.mark).publish_at is None

    again = studio.approved({COUNCIL_FILE: LONGER})
    drafts.publish(again, studio.mark, at=TOMORROW)
    drafts.unschedule(again, studio.mark)
    move(studio, TOMORROW)

    assert drafts.publish_scheduled() == 0
    assert drafts.get(again, studio.mark).state == "approved"


# And back


def test_an_older_release_is_put_back_with_one_command(both_studio: Studio) -> None:
    studio, drafts = both_studio, both_studio.office.drafts
    studio.publish({DIAGRAM: RENAMED, "scenarios/second.yaml": FILES[STORY]})

    assert drafts.roll_back(1, "Officers were confused.", studio.mia) == 3

    assert studio.office.records.export("maldon") == FILES
    release = drafts.release(3, studio.mark)
    assert (release.rolled_back_to, release.note) == (1, "Officers were confused.")
    assert (release.published_by, release.versions) == ("Mia Fenn", {"visit": 3})
    reference = small.report(studio.office, "visit")
    task = small.task(studio.office, reference, studio.olive, "record_visit")
    assert task.title == "Record the visit"


def test_going_back_needs_a_reason_and_somewhere_to_go(studio: Studio) -> None:
    drafts = studio.office.drafts
    studio.publish({DIAGRAM: RENAMED})

    with pytest.raises(InvalidAnswers, match="Say why"):
        drafts.roll_back(1, " ", studio.mark)
    with pytest.raises(InvalidAnswers, match="in use now"):
        drafts.roll_back(2, "Why not.", studio.mark)
    with pytest.raises(NotFound, match="no release 7"):
        drafts.roll_back(7, "Why not.", studio.mark)
    with pytest.raises(NotPermitted):
        drafts.roll_back(1, "Why not.", studio.olive)


def test_going_back_on_the_law_is_a_change_that_another_reviews(
    studio: Studio,
) -> None:
    drafts = studio.office.drafts
    law = FILES["periods.yaml"].replace(b"length: 21", b"length: 28")
    draft_id = studio.draft({"periods.yaml": law})
    studio.rehearse(draft_id)
    drafts.submit(draft_id, studio.mark, "The Act was amended.")
    drafts.approve(draft_id, "", studio.lee)
    drafts.publish(draft_id, studio.mark)

    with pytest.raises(DraftNotReady, match="Reply to a planning contravention"):
        drafts.roll_back(1, "A mistake.", studio.mark)

    back = drafts.open("Back", "A mistake.", studio.mark, of_release=1)
    assert drafts.files(back, studio.mark) == FILES
    assert drafts.get(back, studio.mark).needs_reason


# Periods


def test_a_published_period_counts_at_once_and_in_every_process(
    both_studio: Studio,
) -> None:
    studio = both_studio
    url = studio.office.engine.url.render_as_string(hide_password=False)
    elsewhere = small_studio.connect(url)
    reference = small.report(elsewhere, "visit")
    first = small.task(elsewhere, reference, studio.olive, "record_visit")
    assert first.due_on == date(2026, 3, 5)

    studio.publish({COUNCIL_FILE: LONGER})

    later = small.report(elsewhere, "visit")
    task = small.task(elsewhere, later, studio.olive, "record_visit")
    assert task.due_on == date(2026, 3, 12)
    shown = {p.key: p.length for p in elsewhere.records.periods(studio.olive)}
    assert shown["visit_priority_1"] == "8 working days"
    release = studio.office.drafts.release(2, studio.mark)
    assert release.changed_periods == {"visit_priority_1": 1}
    move(studio, STARTS + timedelta(days=4))
    assert isinstance(elsewhere.clock, engine.VirtualClock)
    elsewhere.clock.move_to(STARTS + timedelta(days=4))
    elsewhere.casework.sweep()
    for each in (reference, later):
        task = small.task(elsewhere, each, studio.olive, "record_visit")
        assert task.due_on == date(2026, 3, 12)
        assert small.tasks(elsewhere, each, studio.olive) == ["record_visit"]
    elsewhere.engine.dispose()


def test_a_release_without_periods_counts_by_the_folder(studio: Studio) -> None:
    studio.publish({COUNCIL_FILE: LONGER})
    without = library.for_council(FILES, "maldon")

    studio.office.casework.publish(without, "maldon")

    reference = small.report(studio.office, "visit")
    task = small.task(studio.office, reference, studio.olive, "record_visit")
    assert task.due_on == date(2026, 3, 4)


def test_broken_periods_are_not_published(studio: Studio) -> None:
    broken = FILES["periods.yaml"].replace(b"last_day", b"lost_day")

    with pytest.raises(DefinitionError, match="lost_day"):
        studio.office.casework.publish_all({**FILES, "periods.yaml": broken}, "maldon")

    assert studio.office.records.export("maldon") == FILES


# Older databases


def test_a_council_without_a_release_gets_its_first_with_its_first_draft(
    studio: Studio,
) -> None:
    """As after an upgrade: versions of processes, and no release."""
    with database.writing(studio.office.engine) as session:
        session.execute(sa.delete(Release))
        session.execute(sa.update(Version).values(release_number=None))
    small.report(studio.office, "visit")
    exported = studio.office.records.export("maldon")
    assert set(exported) == {DIAGRAM, FORM, "rating.dmn"}

    draft_id = studio.office.drafts.open("First", "", studio.mark)

    files = studio.office.drafts.files(draft_id, studio.mark)
    assert {name: files[name] for name in exported} == exported
    assert files["periods.yaml"] == (engine.PROCESSES / "periods.yaml").read_bytes()
    assert any(name.startswith("scenarios/") for name in files)
    assert [r.number for r in studio.office.drafts.releases(studio.mark)] == [1]
    [line] = studio.office.drafts.processes(studio.mark)
    assert (line.version, line.on_older) == (1, 0)


def test_each_council_has_releases_of_its_own(studio: Studio) -> None:
    office = studio.office
    office.casework.add_council("east_herts")
    theirs = {n: c for n, c in FILES.items() if not n.startswith(("councils", "scen"))}
    assert office.casework.publish_all(theirs, "east_herts").number == 1
    eve = small.hire(office, "Eve", "manager", council="east_herts")

    studio.publish({DIAGRAM: RENAMED})

    assert office.records.export("east_herts") == theirs
    assert [line.number for line in office.drafts.releases(eve)] == [1]
    with pytest.raises(NotFound):
        office.drafts.compare_releases(1, 2, eve)
    with pytest.raises(NotFound):
        office.drafts.release_files(2, eve)


def test_the_time_of_a_release_is_a_moment(studio: Studio) -> None:
    [line] = studio.office.drafts.releases(studio.mark)

    assert line.published_at == STARTS and line.published_at.tzinfo == UTC
    assert (line.note, line.is_newest) == ("First version", True)
    assert (
        small_visit.files().keys()
        == studio.office.drafts.release_files(1, studio.mark).keys()
    )
