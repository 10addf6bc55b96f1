"""A step that stories do not know: found, answered where it opens, put into the text;
and a step that is gone taken out of it."""

from __future__ import annotations

from collections.abc import Iterator

import engine_models as draw
import pytest
from small_office import drawn, form_file

from engine import PROCESSES, library
from engine.rehearsing import apart, causes, mending, stories, story_editing
from engine.rehearsing.causes import Cause
from engine.rehearsing.mending import Given
from engine.rehearsing.rehearsal import Stage
from engine.rehearsing.story import Person
from engine.rehearsing.story_editing import CannotEdit, Put

LAW = ("periods.yaml", "councils/maldon/council.yaml", "councils/defaults.yaml")
MORE = {"type": "textfield", "key": "more"}
SEEN = {"type": "textfield", "key": "seen", "validate": {"required": True}}
ON = {
    "type": "datetime",
    "subtype": "date",
    "dateLabel": "Seen on",
    "key": "seen_on",
    "properties": {"default_from": "today()"},
}
FEW = {"type": "number", "key": "few", "validate": {"max": 3}}


def rounds(*steps: str) -> dict[str, bytes]:
    """Somebody looks, does these steps, and looks again while there is more."""
    path = " > ".join(["begin", "look", *steps, "is_more"])
    tasks = [draw.user(step, form=step) for step in ("look", *steps)]
    made = drawn(
        "rounds",
        [draw.start(), *tasks, draw.xor("is_more", default="done"), draw.end()],
        [path, 'is_more > look : more == "yes"', "is_more > done"],
    )
    forms = {"look": (MORE,), "check": (SEEN, ON, FEW)}
    return made | {f"forms/{f}.json": form_file(f, *forms[f]) for f in ("look", *steps)}


BEFORE, AFTER = rounds(), rounds("check")
HEAD = """title: {title}
process: rounds
starts: 2026-03-0{day}T09:00
case: {{address: 1 Lane, breach_type: other, description: A shed, harm_described: x}}
steps:
"""
ONCE = HEAD.format(title="Once", day=2) + (
    "- do: look  # the first and last time\n"
    "  as: officer\n"
    "# Nothing more was seen.\n"
    "- expect: {ended: true}\n"
    "ends: done\n"
)
TWICE = HEAD.format(title="Twice", day=3) + (
    "    - {do: look, as: officer, answers: {more: 'yes'}}\n"
    "    - wait: 3 days\n"
    "    - do: look\n"
    "      as: officer\n"
    "      answers:\n"
    "        more: 'no'\n"
    "\n"
    "ends: done\n"
)
LINES = HEAD.format(title="Lines", day=4).replace("\n", "\r\n") + (
    "  - do: look\r\n    as: officer\r\n  - expect: {only_ready: []}"
)
TOLD = {"once": ONCE, "twice": TWICE, "lines": LINES}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The changed diagram, published."""
    folder = tmp_path_factory.mktemp("stage")
    url = apart.new_database(folder)
    files = AFTER | {name: (PROCESSES / name).read_bytes() for name in LAW}
    library.write(files, folder)
    opened = Stage.open(files, url, folder, ["maldon"])
    yield opened
    opened.office.engine.dispose()


def mended(stage: Stage, name: str, **answers: object) -> mending.Mended:
    file = f"scenarios/{name}.yaml"
    story = stories.read(file, TOLD[name].encode())
    given = Given("check", Person("officer"), {"seen": "A shed", **answers})
    return mending.mend(story, TOLD[name], stage, given)


def test_a_story_fails_for_the_new_step_that_stands_open(stage: Stage) -> None:
    steps = causes.changes(BEFORE, AFTER)
    found = [
        stage.tell(stories.read(name, text.encode()), steps=steps)
        for name, text in TOLD.items()
    ]

    assert steps == causes.StepChanges({"check": "Check"}, {})
    assert [(told.step, told.cause) for told in found] == [
        (2, Cause("unknown", "check", "Check")),
        (3, Cause("unknown", "check", "Check")),
        (2, Cause("unknown", "check", "Check")),
    ]
    assert causes.changes(AFTER, BEFORE).gone == {"check": "Check"}
    assert causes.changes(AFTER, AFTER) == causes.StepChanges()


def test_the_step_is_put_in_where_it_opens_and_the_rest_stays(stage: Stage) -> None:
    once, lines = mended(stage, "once"), mended(stage, "lines")

    put = "{0}- do: check{1}{0}  as: officer{1}{0}  answers:{1}{0}    seen: A shed{1}"
    assert (once.times, once.message) == (1, "")
    assert once.text == ONCE.replace(
        "  as: officer\n", "  as: officer\n" + put.format("", "\n")
    )
    assert (lines.times, lines.message) == (1, "")
    assert lines.text == LINES.replace(
        "    as: officer\r\n", "    as: officer\r\n" + put.format("  ", "\r\n")
    )
    again = stories.read("scenarios/once.yaml", once.text.encode())
    assert stage.tell(again).passed


def test_it_is_put_in_again_where_the_story_meets_it_again(stage: Stage) -> None:
    done = mended(stage, "twice", seen_on="2026-03-02")

    assert (done.times, done.message) == (2, "")
    story = stories.read("scenarios/twice.yaml", done.text.encode())
    assert [step.what for step in story.steps if step.verb == "do"] == [
        "look",
        "check",
        "look",
        "check",
    ]
    assert stage.tell(story).passed


def test_answers_that_a_story_refuses_leave_it_as_it_was(stage: Stage) -> None:
    done = mended(stage, "once", few=4)

    assert (done.times, done.text) == (0, ONCE)
    assert done.message.startswith("The answers were refused: few:")


def test_the_forms_own_answer_fits_the_day_of_each_story(stage: Stage) -> None:
    for name, day in (("once", "2026-03-02"), ("lines", "2026-03-04")):
        text = (
            mended(stage, name)
            .text.replace("only_ready: []", f"data: {{seen_on: {day}}}")
            .replace("ended: true", f"data: {{seen_on: {day}}}")
        )
        assert stage.tell(stories.read(name, text.encode())).message == ""


def test_a_task_is_taken_out_with_what_expects_it_to_be_open() -> None:
    text = ONCE.replace(
        "- expect: {ended: true}\n",
        "- expect: {ready: [look, check], due: {check: 2026-03-04}}\n"
        "- expect: {only_ready: [check]}\n"
        "# It is checked.\n"
        "- do: check\n"
        "  as: officer\n",
    )

    assert story_editing.take_out("x", text, "check") == ONCE.replace(
        "- expect: {ended: true}\n",
        "- expect:\n    ready:\n    - look\n# It is checked.\n",
    )
    assert story_editing.take_out("x", text, "other") == text


def test_steps_that_cannot_be_changed_line_by_line_are_left_to_a_person() -> None:
    flow = ONCE.split("steps:")[0] + "steps: [{do: check, as: officer}]\n"
    only = ONCE.split("- do")[0] + "- do: check\n  as: officer\n"
    put = Put(1, {"do": "check", "as": "officer"})

    with pytest.raises(CannotEdit):
        story_editing.put_in("x", flow, [put])
    with pytest.raises(CannotEdit):
        story_editing.take_out("x", only, "check")
    first = story_editing.put_in("x", only, [Put(0, {"wait": "1 day"}), put])
    assert [s.verb for s in stories.read("x", first.encode()).steps] == [
        "wait",
        "do",
        "do",
    ]


def test_every_shipped_story_can_be_given_a_step_at_every_place() -> None:
    for file in sorted((PROCESSES / "scenarios").glob("*.yaml"))[::12]:
        text = file.read_text()
        count = len(stories.read(file.name, text.encode()).steps)
        puts = [Put(place, {"wait": "1 day"}) for place in range(count + 1)]
        changed = story_editing.put_in(file.name, text, puts)
        assert [line for line in changed.splitlines() if "wait: 1 day" not in line] == [
            line for line in text.splitlines() if "wait: 1 day" not in line
        ]
