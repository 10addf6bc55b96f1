"""Publishing makes versions; a running case stays on the one that it began with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import engine_models as draw
import pytest
import small_office as small

import engine
from engine.errors import DefinitionError, NotFound, NotPermitted


def version(*steps: str) -> dict[str, bytes]:
    """The process `steps`: these tasks, one after another."""
    nodes = [draw.start(), *(draw.user(s, form=s) for s in steps), draw.end()]
    return small.drawn("steps", nodes, [" > ".join(("begin", *steps, "done"))])


@pytest.fixture
def office(new_sqlite: Callable[[], str]) -> Iterator[engine.Office]:
    opened = small.open_small(new_sqlite(), version("look", "write"))
    yield opened
    opened.engine.dispose()


def test_a_running_case_stays_on_its_version_and_a_new_one_takes_the_newest(
    office: engine.Office,
) -> None:
    olive = small.hire(office, "Olive Marsh")
    before = small.report(office, "steps")

    assert office.casework.publish(version("look", "ring"), "maldon") == ("steps",)
    after = small.report(office, "steps")
    office.forget_definitions()
    small.do(office, before, olive, "look")
    small.do(office, after, olive, "look")

    assert small.tasks(office, before, olive) == ["write"]
    assert small.tasks(office, after, olive) == ["ring"]


def test_publishing_the_same_again_is_no_new_version(office: engine.Office) -> None:
    assert office.casework.publish(version("look", "write"), "maldon") == ()


def test_a_changed_form_is_a_new_version_of_the_processes_that_use_it(
    office: engine.Office,
) -> None:
    other = small.drawn(
        "other",
        [draw.start(), draw.user("wait", form="wait"), draw.end()],
        ["begin > wait > done"],
    )
    files = version("look", "write") | other
    assert office.casework.publish(files, "maldon") == ("other",)
    question = {"type": "number", "key": "height"}
    files["forms/look.json"] = small.form_file("look", question)

    assert office.casework.publish(files, "maldon") == ("steps",)


def test_going_back_to_an_earlier_version_is_possible(office: engine.Office) -> None:
    olive = small.hire(office, "Olive Marsh")
    office.casework.publish(version("ring"), "maldon")

    assert office.casework.publish(version("look", "write"), "maldon") == ("steps",)
    assert small.tasks(office, small.report(office, "steps"), olive) == ["look"]


def test_what_is_exported_is_what_was_published_byte_for_byte(
    office: engine.Office,
) -> None:
    newest = version("look", "ring")
    office.casework.publish(newest, "maldon")

    assert office.records.export("maldon") == newest


def test_one_broken_file_refuses_all_and_changes_nothing(
    office: engine.Office,
) -> None:
    files = version("ring")
    sound = small.drawn(
        "sound",
        [draw.start(), draw.user("wait", form="wait"), draw.end()],
        ["begin > wait > done"],
    )
    files["steps.bpmn"] = files["steps.bpmn"].replace(b"sequenceFlow", b"sequenceFlo")
    before = office.records.export("maldon")

    with pytest.raises(DefinitionError) as refused:
        office.casework.publish(files | sound, "maldon")

    assert {problem.file for problem in refused.value.problems} == {"steps.bpmn"}
    assert all(p.problem and p.remedy for p in refused.value.problems)
    assert office.records.export("maldon") == before
    with pytest.raises(NotFound, match="has not been published"):
        small.report(office, "sound")


def test_only_a_manager_publishes(office: engine.Office) -> None:
    olive, mark = small.hire(office, "Olive Marsh"), small.hire(office, "M", "manager")

    with pytest.raises(NotPermitted):
        office.casework.publish(version("ring"), "maldon", olive)
    assert office.casework.publish(version("ring"), "maldon", mark) == ("steps",)


def test_each_council_publishes_for_itself(office: engine.Office) -> None:
    office.casework.add_council("east_herts")

    with pytest.raises(NotFound, match="has not been published"):
        small.report(office, "steps", council="east_herts")
    office.casework.publish(version("ring"), "east_herts")
    ann = small.hire(office, "Ann Other", council="east_herts")
    assert small.tasks(
        office, small.report(office, "steps", council="east_herts"), ann
    ) == ["ring"]
    with pytest.raises(NotFound):
        office.casework.publish(version("ring"), "atlantis")
