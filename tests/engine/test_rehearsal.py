"""Stories run through the real commands; failures say where and why; coverage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from small_visit import STORY, files

from engine.rehearsing import rehearsal
from engine.rehearsing.rehearsal import Rehearsal

NAME = "scenarios/visit_finds_breach.yaml"
DO = """
  - do: record_visit
    as: officer
    answers: {breach_found: "yes"}
"""
Rehearse = Callable[[str], Rehearsal]


@pytest.fixture
def rehearse(new_sqlite: Callable[[], str]) -> Rehearse:
    """Tells one story of the small set of files, given its steps and its end."""

    def run(steps: str) -> Rehearsal:
        story = STORY[: STORY.index("steps:")] + "steps:\n" + steps
        return rehearsal.rehearse(files() | {NAME: story.encode()}, new_sqlite())

    return run


def message_of(done: Rehearsal) -> str:
    return done.told[0].message


def test_a_story_that_goes_as_written_passes(database_url: str) -> None:
    done = rehearsal.rehearse(files(), database_url)

    assert message_of(done) == ""
    assert done.failed == ()


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        pytest.param(
            "  - do: chase_visit\n    as: manager\n",
            "step 1: The task chase_visit is not ready.",
            id="not ready",
        ),
        pytest.param(
            DO.replace("officer", "legal"),
            "step 1: This task is for the role ‘Enforcement officer’",
            id="not allowed",
        ),
        pytest.param(
            "  - do: record_visit\n    as: officer\n    answers: {}\n",
            "step 1: The answers were refused: breach_found:",
            id="refused",
        ),
        pytest.param(
            "  - expect: {ready: [chase_visit]}\n",
            "step 1: Expected to be ready: chase_visit.",
            id="expected ready",
        ),
        pytest.param(
            "  - expect: {not_ready: [record_visit]}\n",
            "Expected not to be ready: record_visit.",
            id="expected not ready",
        ),
        pytest.param(
            "  - wait: 4 days\n  - expect: {only_ready: [record_visit]}\n",
            "step 2: Expected only these to be ready: record_visit.",
            id="expected only",
        ),
        pytest.param(
            "  - expect: {due: {record_visit: 2026-03-04}}\n",
            "Expected record_visit to be due on Wednesday 04 March 2026; it is due "
            "on Thursday 05 March 2026.",
            id="due on another day",
        ),
        pytest.param(
            DO + "  - expect: {data: {rating: 1}}\n",
            "step 2: Expected rating to be 1; it is 3.",
            id="another fact",
        ),
        pytest.param(
            DO + "  - expect: {data: {moon: full}}\n",
            "Expected moon to be 'full'; it has not been set.",
            id="no such fact",
        ),
        pytest.param(
            DO + "  - expect: {ended: false}\n",
            "step 2: The process visit is ended.",
            id="ended",
        ),
        pytest.param(
            DO + "  - expect: {sent: [goodbye]}\n",
            "Expected letters to be sent: goodbye; sent were visited.",
            id="letter not sent",
        ),
        pytest.param(
            DO + "ends: nothing_seen\n",
            "Expected to end at nothing_seen; it ended at breach_seen.",
            id="another end",
        ),
        pytest.param(
            "  - wait: 1 day\nends: breach_seen\n",
            "Expected to end at breach_seen, but it is still running.",
            id="no end",
        ),
        pytest.param(
            "  - until: 2026-03-01\n",
            "It is already 02 March 2026, 09:00.",
            id="back in time",
        ),
        pytest.param(
            DO + '    refused: "boundary"\n',
            "It was expected to be refused (boundary), but it was accepted.",
            id="accepted",
        ),
        pytest.param(
            DO.replace('"yes"', '""') + "    refused: {harm_seen: harm}\n",
            "Expected “harm_seen” to be refused",
            id="refused for another reason",
        ),
    ],
)
def test_a_story_that_goes_differently_says_where_and_how(
    new_sqlite: Callable[[], str], steps: str, says: str
) -> None:
    story = STORY[: STORY.index("steps:")] + "steps:\n" + steps

    done = rehearsal.rehearse(files() | {NAME: story.encode()}, new_sqlite())

    assert NAME in message_of(done)
    assert says in message_of(done)


def test_a_failure_lists_what_was_ready_and_when_it_was(rehearse: Rehearse) -> None:
    done = rehearse("  - wait: 4 days\n  - do: chase_vist\n    as: manager\n")

    assert "It is Friday 06 March 2026, 09:00." in message_of(done)
    assert "record_visit (officer, in visit)" in message_of(done)
    assert "chase_visit (manager, in visit)" in message_of(done)


def test_each_timer_fires_at_its_own_moment(rehearse: Rehearse) -> None:
    """The last day is 5 March: the manager's task comes when it is over."""
    done = rehearse(
        "  - until: 2026-03-05T23:59\n"
        "  - expect: {only_ready: [record_visit], due: {record_visit: 2026-03-05}}\n"
        "  - until: 2026-03-06\n"
        "  - expect: {only_ready: [record_visit, chase_visit]}\n"
        "  - wait: 10 working days\n"
        "  - expect: {ready: [record_visit, chase_visit]}\n"
        + DO
        + "ends: breach_seen\n"
    )

    assert message_of(done) == ""


def test_completing_the_task_closes_its_escalation(rehearse: Rehearse) -> None:
    done = rehearse(
        "  - wait: 1 week\n"
        "  - expect: {ready: [chase_visit]}\n"
        + DO
        + "  - expect: {only_ready: [], ended: true, status: closed}\n"
    )

    assert message_of(done) == ""


def test_a_refusal_is_met(rehearse: Rehearse) -> None:
    done = rehearse(
        DO.replace('"yes"', '""')
        + "    refused: {breach_found: select}\n"
        + DO.replace("officer", "legal")
        + "    refused: Enforcement officer\n"
    )

    assert "Select" in message_of(done) or message_of(done) == ""


def test_an_answer_is_corrected_with_a_reason(rehearse: Rehearse) -> None:
    done = rehearse(
        "  - wait: 1 week\n"
        "  - do: chase_visit\n"
        "    as: manager\n"
        '    answers: {breach_found: "no", harm_seen: none}\n'
        "  - correct: chase_visit\n"
        "    as: manager\n"
        "    answers: {harm_seen: severe}\n"
        "    reason: The neighbour's letter was in another file.\n"
        "  - expect: {data: {harm_seen: severe, breach_found: 'no'}}\n"
    )

    assert message_of(done) == ""


def test_coverage_counts_nodes_flows_and_rules(rehearse: Rehearse) -> None:
    done = rehearse(DO + "ends: breach_seen\n")

    visit, rating = done.coverage["visit"], done.coverage["rating"]
    assert {"record_visit", "is_it_a_breach", "to_tell", "f5"} <= visit.taken
    assert {"nothing_seen", "to_nothing", "visit_late", "f6"} <= set(visit.missing)
    assert visit.total == 12 + 10
    assert (rating.taken, rating.missing) == ({"rating_low"}, ("rating_high",))


def test_the_report_has_the_shape_that_scripts_rely_on(rehearse: Rehearse) -> None:
    found = rehearse(DO).as_json()

    assert found["stories"] == [
        {
            "file": NAME,
            "title": "A visit finds a breach",
            "passed": True,
            "message": "",
        }
    ]
    assert found["coverage"]["rating"] == {  # type: ignore[index]
        "taken": 1,
        "total": 2,
        "missing": ["rating_high"],
    }


def test_a_process_that_cannot_be_published_fails_its_stories(
    new_sqlite: Callable[[], str],
) -> None:
    broken = files() | {"visit.bpmn": b"<broken"}

    with pytest.raises(Exception, match="well-formed"):
        rehearsal.coverage_of(broken, None, ())  # type: ignore[arg-type]

    changed = files()["visit.bpmn"].replace(b"f8", b"f7")
    done = rehearsal.rehearse(files() | {"visit.bpmn": changed}, new_sqlite())
    assert len(done.told) == 1


def test_every_step_may_restore_onto_diagrams_parsed_afresh(
    new_sqlite: Callable[[], str],
) -> None:
    done = rehearsal.rehearse(files(), new_sqlite(), forget=True)

    assert message_of(done) == ""


def test_pictures_show_what_was_taken(rehearse: Rehearse, tmp_path: Path) -> None:
    done = rehearse(DO)

    rehearsal.draw(files(), done, tmp_path)

    root = ElementTree.parse(tmp_path / "visit.svg").getroot()
    assert root.tag.endswith("svg")
