"""Running cases go on by another drawing of their process."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from engine.bpmn import definitions, moving
from engine.bpmn.definitions import Definition
from engine.bpmn.relocating import CannotRelocate
from engine.errors import WorkflowFailed
from tests import engine_models as draw
from tests.engine.test_random_user import (
    _answers,
    _files,
    _options,
    _started,
    _story,
    _take,
)
from tests.engine_constructs import LATER, MODELS, SOON
from tests.engine_models import Running

Drawing = tuple[Sequence[draw.Node], Sequence[str]]
NOTE = (
    '<bpmn:scriptTask id="note_the_end" name="Note the end">'
    "<bpmn:script>noted = True</bpmn:script></bpmn:scriptTask>"
    '<bpmn:sequenceFlow id="note_the_end__done" sourceRef="note_the_end" '
    'targetRef="done" />'
)
CONDITION = re.compile(r"(<bpmn:conditionExpression[^>]*>)([^<]*)<")


def changed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same process with other labels and conditions, and a step before its end."""
    drawn = {}
    for name, content in files.items():
        text = content.decode()
        if name == "main.bpmn" and 'id="done"' in text:
            text = re.sub(r'targetRef="done"', 'targetRef="note_the_end"', text)
            text = text.replace("</bpmn:process>", f"{NOTE}</bpmn:process>")
        if name.endswith(".bpmn"):
            text = re.sub(r'Task" id="(\w+)" name="', r'Task" id="\1" name="New ', text)
            text = CONDITION.sub(r"\1(\2) or 1 == 2<", text)
        drawn[name] = text.encode()
    return drawn


def _load(files: dict[str, bytes]) -> Definition:
    return definitions.load(files, "main")


@pytest.mark.parametrize("model", MODELS)
def test_a_case_that_moves_at_every_step_has_the_same_story(model: str) -> None:
    for seed in range(3):
        chance = random.Random(f"{model} {seed}")
        stays, moves = _started(model), _started(model)
        here, there = _load(_files(model)), _load(changed(_files(model)))
        for _ in range(30):
            if stays.flow.ended:
                break
            what = chance.choice([*_options(stays.flow), ("time", 0)])
            answers = _answers(chance, stays)
            days = chance.choice((1, 3, 12))
            for running in (stays, moves):
                _take(running, what, answers, days)
                running.flow.facts[""].pop("noted", None)
                running.flow.thrown.clear()
            assert _story(moves.flow) == _story(stays.flow)
            if not moves.flow.ended:
                moves.flow = moving.move(moves.flow, there)
                here, there = there, here


def swapped(files: dict[str, bytes], chance: random.Random) -> Definition | None:
    """The same process with two of its tasks in each other's place."""
    read = definitions.read_diagram("main.bpmn", files["main.bpmn"])
    tasks = [e.id for e in read.of_kind("userTask") if not e.parent]
    if len(tasks) < 2:
        return None
    one, other = chance.sample(tasks, 2)
    names = {one: other, other: one}
    text = re.sub(
        r'(sourceRef|targetRef)="(\w+)"',
        lambda m: f'{m[1]}="{names.get(m[2], m[2])}"',
        files["main.bpmn"].decode(),
    )
    return _load({**files, "main.bpmn": text.encode()})


@pytest.mark.parametrize("model", MODELS)
def test_a_case_that_may_move_never_waits_for_ever(model: str) -> None:
    """Steps change places, also between branches: what is not refused goes on."""
    for seed in range(6):
        chance = random.Random(f"{model} {seed}")
        case, there = _started(model), swapped(_files(model), chance)
        if there is None:
            return
        for round_ in range(40):
            if chance.random() < 0.3 and moving.can_move(case.flow, there).ok:
                case.flow = moving.move(case.flow, there)
            what = chance.choice([*_options(case.flow)[:-1], ("time", 0)])
            answers = _answers(chance, case)
            answers["items"] = [{"number": 1}, {"number": 2}]
            answers["go_on"] = "no" if round_ > 20 else answers["go_on"]
            try:
                _take(case, what, answers, chance.choice((1, 3, 12)))
            except WorkflowFailed as failure:
                assert "round and round" in str(failure)  # as it is drawn now
                break
            flow = case.flow
            if flow.ended:
                break
            assert flow.open_tasks() or flow.timers() or flow.awaited()


def moved_to(running: Running, drawn: Drawing, **others: Drawing) -> Running:
    """The case, moved to this drawing of its main process."""
    there = definitions.load(draw.files(main=drawn, **others), "main")
    running.flow = moving.move(running.flow, there)
    return running


def why_not(running: Running, drawn: Drawing, **others: Drawing) -> tuple[str, ...]:
    there = definitions.load(draw.files(main=drawn, **others), "main")
    return moving.can_move(running.flow, there).reasons


def running(drawn: Drawing, *, on: object = None, **others: Drawing) -> Running:
    files = draw.files(main=drawn, **others)
    return Running(files, on=on or draw.NOON.date())


def line(*names: str) -> Drawing:
    """User tasks one after another."""
    nodes = [draw.start(), *(draw.user(name) for name in names), draw.end()]
    return nodes, [" > ".join(("begin", *names, "done"))]


def fork(
    left: tuple[str, ...] = ("a",), right: tuple[str, ...] = ("b",), then: str = "z"
) -> Drawing:
    """Two branches that meet."""
    tasks = [draw.user(name) for name in (*left, *right, then)]
    return (
        [draw.start(), draw.parallel("s"), *tasks, draw.parallel("j"), draw.end()],
        [
            f"begin > s > {' > '.join((*left, 'j'))}",
            f"s > {' > '.join((*right, 'j'))}",
            f"j > {then} > done",
        ],
    )


def beside(*events: draw.Node, host: str = "a") -> Drawing:
    """A task with events on its edge, each leading to an end of its own."""
    ends = [draw.end(f"{event.id}_end") for event in events]
    return (
        [draw.start(), draw.user(host), draw.user("z"), *events, *ends, draw.end()],
        [
            f"begin > {host} > z > done",
            *(f"{event.id} > {event.id}_end" for event in events),
        ],
    )


def test_a_step_that_is_gone_is_named() -> None:
    assert why_not(running(line("a", "b")), line("x", "b")) == (
        "It stands at “A”, which the new version no longer has.",
    )


def test_what_was_passed_may_go() -> None:
    case = running(line("a", "b", "c"))
    case.do("a")
    case.do("b")

    moved_to(case, line("x", "c", "d"))

    case.do("c")
    assert case.open() == ["d"]
    case.do("d")
    assert case.flow.ended


def test_another_kind_of_step_under_the_same_name_is_refused() -> None:
    other = ([draw.start(), draw.call("a"), draw.end()], ["begin > a > done"])
    [why] = why_not(running(line("a")), other, a=line("inside"))
    assert why == "It stands at “A”, which is another kind of step now."


def test_events_on_the_edge_of_an_open_step_may_not_come_or_go() -> None:
    late = draw.boundary("late", "a", timer=SOON)
    heard = draw.boundary("heard", "a", message="news")
    stops = draw.boundary("late", "a", timer=SOON, interrupting=True)
    case = running(beside(late))

    [gone] = why_not(case, beside())
    [more] = why_not(case, beside(late, heard))
    [other] = why_not(case, beside(stops))

    assert gone.endswith("its edge have changed: “Late” was taken away.")
    assert more.endswith("its edge have changed: “Heard” was added.")
    assert other.endswith("its edge have changed: “Late” works in another way.")
    case.do("a")
    assert why_not(case, beside()) == ()


def test_a_date_with_the_same_period_stays_and_one_with_another_moves() -> None:
    def drawn(timer: str) -> Drawing:
        return beside(draw.boundary("late", "a", timer=timer))

    case = running(drawn(SOON))
    due = case.due()
    case.around.now += timedelta(days=1)
    assert moved_to(case, drawn(SOON)).due() == due
    assert moved_to(case, drawn(LATER)).due()["late"] > due["late"]
    assert why_not(case, drawn('deadline("pcn_response", nowhere)')) == (
        "“Late” reads the fact “nowhere”, which this case does not have.",
    )
    [broken] = why_not(case, drawn('deadline("pcn_response", 7)'))
    assert broken.startswith("The date of “Late” cannot be worked out: ")


def test_what_has_fired_stays_fired() -> None:
    def drawn(timer: str) -> Drawing:
        nodes, flows = beside(draw.boundary("late", "a", timer=timer))
        chase = draw.user("chase")
        return [*nodes, chase], [flows[0], "late > chase > late_end"]

    case = running(drawn(SOON))
    case.until(draw.NOON + timedelta(days=12))
    assert case.open() == ["a", "chase"]

    moved_to(case, drawn(LATER))

    assert (case.open(), case.due()) == (["a", "chase"], {})
    chase = next(t for t in case.flow.open_tasks() if t.element == "chase")
    assert chase.escalates is not None
    case.do("a")
    assert case.open() == ["z"]


def test_an_event_gateway_must_wait_for_the_same() -> None:
    def drawn(*catches: draw.Node) -> Drawing:
        ways = [f"which > {catch.id} > {catch.id}_end" for catch in catches]
        ends = [draw.end(f"{catch.id}_end") for catch in catches]
        nodes = [draw.start(), draw.events("which"), *catches, *ends]
        return nodes, ["begin > which", *ways]

    reply = draw.catch("reply", message="news")
    late, later = draw.catch("late", timer=SOON), draw.catch("late", timer=LATER)
    more = draw.catch("more", message="more")
    case = running(drawn(reply, late))

    [why] = why_not(case, drawn(reply, late, more))
    moved_to(case, drawn(reply, later))

    assert why == "It stands at “Which”, which waits for something else now."
    case.send("news")
    assert case.flow.end_event == "reply_end"


def test_a_repeated_step_must_be_repeated_for_the_same_list() -> None:
    def drawn(many: str) -> Drawing:
        each = draw.user("serve", many=many)
        nodes = [draw.start(), draw.user("ask"), each, draw.user("z"), draw.end()]
        return nodes, ["begin > ask > serve > z > done"]

    case = running(drawn("people person"))
    case.do("ask", people=[{"name": "A"}, {"name": "B"}])
    case.do("serve", "people/0", name="C")

    [other] = why_not(case, drawn("owners person"))
    [in_turn] = why_not(case, drawn("people person in turn"))
    [once] = why_not(case, line("ask", "serve", "z"))

    assert other == in_turn == once
    assert other.startswith("It stands at “Serve”, which is repeated")
    files = draw.files(main=drawn("people person"))
    files["main.bpmn"] = files["main.bpmn"].replace(b'"z" name="Z"', b'"z" name="Y"')
    case.flow = moving.move(case.flow, definitions.load(files, "main"))
    case.do("serve", "people/1", name="D")
    assert case.open() == ["z"]


def test_called_processes_move_with_their_caller() -> None:
    main = ([draw.start(), draw.call("inner"), draw.end()], ["begin > inner > done"])
    case = running(main, inner=line("a", "b"))

    assert why_not(case, main, inner=line("b")) == (
        "It stands at “A”, which the new version no longer has.",
    )
    moved_to(case, main, inner=line("a", "c", "b"))
    case.do("a")
    assert case.open() == ["c"]
    other = ([draw.start(), draw.call("inner", called="x"), draw.end()], main[1])
    assert why_not(case, other, x=line("c")) == (
        "It stands at “Inner”, which calls another process now.",
    )


def test_branches_must_meet_again() -> None:
    case = running(fork())
    assert why_not(case, fork(right=("b", "c"))) == ()
    assert why_not(case, line("a", "b", "z")) == (
        "It is on several branches of “S”, which the new version no longer has.",
    )
    twice = why_not(case, fork(left=("a", "b"), right=("c",)))
    assert [why for why in twice if "“S” that it stands on follow one another" in why]
    [after] = why_not(case, fork(right=("c",), then="b"))
    assert after.startswith("“J” would wait for “C”, which this case would never")

    case.do("a")
    assert why_not(case, fork(left=("a", "c"))) == (
        "It has come to “J” from “A”, and the new version draws no such way.",
    )
    moved_to(case, fork(right=("b", "c")))
    case.do("b")
    assert case.open() == ["c"]
    case.do("c")
    assert case.open() == ["z"]


def test_a_case_on_one_way_cannot_come_into_a_branch_alone() -> None:
    one_way = (
        [draw.start(), draw.xor("s", "b"), draw.user("a"), draw.user("b")]
        + [draw.xor("j"), draw.user("z"), draw.end()],
        ["begin > s > b > j > z > done", "s > a : on == 1", "a > j"],
    )
    [why] = why_not(running(one_way), fork())
    assert why == "“J” would wait for “A”, which this case would never come to."


def test_a_fact_that_nothing_sets_is_named() -> None:
    def drawn(condition: str, *more: draw.Node) -> Drawing:
        names = " > ".join(("begin", "a", *(node.id for node in more), "which"))
        nodes = [draw.start(), draw.user("a"), *more, draw.xor("which", "done")]
        ends = [draw.end("other_end"), draw.end()]
        flows = [f"{names} > done", f"which > other_end : {condition}"]
        return [*nodes, *ends], flows

    case = running(drawn("on == 1"))

    assert why_not(case, drawn("size > 3")) == (
        "“Which” reads the fact “size”, which this case does not have.",
    )
    assert why_not(case, drawn('value("size", 0) > 3')) == ()
    assert why_not(case, drawn("size > 3", draw.script("set_size", "size = 4"))) == ()


def test_a_case_put_elsewhere_by_hand_goes_on_there() -> None:
    late = draw.boundary("late", "b", timer=SOON)
    nodes, flows = line("a", "b", "c")
    case = running(([*nodes, late, draw.end("too_late")], [*flows, "late > too_late"]))
    [area] = case.flow.areas()
    assert [place.title for place in area.places] == ["A"]
    assert {e.id for e in area.targets} == {"a", "b", "c", "done", "too_late"}

    case.flow.relocate("", [area.places[0].id], "b")
    assert (case.open(), list(case.due())) == (["b"], ["late"])
    case.restart()
    [area] = case.flow.areas()
    case.flow.relocate("", [area.places[0].id], "a")
    assert (case.open(), case.due()) == (["a"], {})
    for step in ("a", "b", "c"):
        case.do(step)
    assert case.flow.ended and case.flow.end_event == "done"


def stands(case: Running, *elements: str) -> list[str]:
    """The ids of the places of the process itself that are at these elements."""
    return [p.id for p in case.flow.areas()[0].places if p.element in elements]


def test_by_hand_no_join_is_broken() -> None:
    case = running(fork(left=("a", "x")))
    relocate = case.flow.relocate
    with pytest.raises(CannotRelocate, match="“J” would wait for “X”"):
        relocate("", stands(case, "a"), "z")
    case = running(fork(left=("a", "x")))
    with pytest.raises(CannotRelocate, match="already stands at “B”"):
        case.flow.relocate("", stands(case, "a"), "b")
    case.flow.relocate("", stands(case, "a"), "x")
    assert case.open() == ["b", "x"]
    case.flow.relocate("", stands(case, "b", "x"), "z")
    assert case.open() == ["z"]
    with pytest.raises(CannotRelocate, match="“J” would wait for"):
        case.flow.relocate("", stands(case, "z"), "a")


def test_by_hand_a_waiting_join_can_be_left_too() -> None:
    case = running(fork())
    case.do("a")
    assert sorted(p.element for p in case.flow.areas()[0].places) == ["b", "j"]
    case.flow.relocate("", stands(case, "b", "j"), "z")
    case.restart()
    assert case.open() == ["z"]
    case.do("z")
    assert case.flow.ended


def test_by_hand_the_main_way_and_a_side_step_are_not_mixed_up() -> None:
    nodes, flows = beside(draw.boundary("late", "a", timer=SOON, keeps_open="true"))
    more = [draw.user("chase"), draw.user("again")]
    case = running(([*nodes, *more], [flows[0], "late > chase > again > late_end"]))
    with pytest.raises(CannotRelocate, match="“Chase” is a side step"):
        case.flow.relocate("", stands(case, "a"), "chase")
    case.until(draw.NOON + timedelta(days=12))
    with pytest.raises(CannotRelocate, match="“Z” is on the main way"):
        case.flow.relocate("", stands(case, "chase"), "z")
    case.flow.relocate("", stands(case, "chase"), "again")
    assert case.open() == ["a", "again"]
    case.flow.relocate("", stands(case, "a"), "z")
    case.do("z")
    case.do("again")
    assert case.flow.ended


def test_by_hand_within_a_called_process_and_out_of_it() -> None:
    main = (
        [draw.start(), draw.call("inner"), draw.user("z"), draw.end()],
        ["begin > inner > z > done"],
    )
    case = running(main, inner=line("a", "b"))
    outer, inner = case.flow.areas()
    assert (outer.title, inner.title) == ("Main", "Inner")
    case.flow.relocate(inner.id, [inner.places[0].id], "b")
    assert case.open() == ["b"]
    case.flow.relocate("", stands(case, "inner"), "z")
    assert case.open() == ["z"]
    case.do("z")
    assert case.flow.ended
    assert list(case.flow.facts) == [""]
