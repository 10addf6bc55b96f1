"""Whether a case can always get to an end: explored, and tried on the engine."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import pytest

import engine
from engine import checks, library
from engine.bpmn import diagrams
from engine.bpmn.diagrams import Diagram
from engine.checks import soundness
from engine.checks.soundness import Finding, Soundness
from engine.errors import DefinitionError
from tests.engine_constructs import MODELS, SOON
from tests.engine_models import (
    NOON,
    Node,
    Running,
    boundary,
    call,
    catch,
    diagram,
    end,
    inclusive,
    parallel,
    script,
    start,
    sub,
    terminate,
    user,
    xor,
)

Drawing = tuple[Sequence[Node], Sequence[str]]


def drawn(nodes: Sequence[Node], *flows: str) -> Diagram:
    return diagrams.read("main.bpmn", diagram("main", nodes, flows))


def explored(nodes: Sequence[Node], *flows: str) -> Soundness:
    return soundness.explore(drawn(nodes, *flows))


def only(found: Soundness, kind: str) -> Finding:
    [finding] = found.findings
    assert finding.kind == kind, finding
    assert not found.proven
    assert finding.problem.endswith(".")
    assert finding.remedy.endswith(".")
    return finding


@pytest.mark.parametrize("model", MODELS)
def test_every_model_that_the_engine_runs_well_is_proven(model: str) -> None:
    for process, (nodes, flows) in MODELS[model].items():
        found = soundness.explore(drawn(nodes, *flows))
        assert found.proven, (process, found)
        assert found.markings > 1


def test_every_shipped_diagram_is_proven_within_a_second() -> None:
    files = library.read(engine.PROCESSES, engine.FORMS)
    shipped = [
        diagrams.read(name, content)
        for name, content in files.items()
        if name.endswith(".bpmn")
    ]
    began = time.process_time()

    found = {shown.process: soundness.explore(shown) for shown in shipped}

    assert len(found) >= 48
    assert time.process_time() - began < 1
    assert [name for name, sound in found.items() if not sound.proven] == []
    assert max(sound.markings for sound in found.values()) < 200


def test_a_question_may_not_be_answered_into_a_parallel_join() -> None:
    found = explored(
        [
            start(),
            user("ask"),
            xor("q", default="a"),
            user("a"),
            user("b"),
            parallel("both_done"),
            end(),
        ],
        "begin > ask > q > a > both_done > done",
        "q > b : x",
        "b > both_done",
    )

    stuck = only(found, "trap")
    assert stuck.element == "both_done"
    assert "“Both done”" in stuck.problem
    assert "nothing ever comes" in stuck.problem or "“Q”" in stuck.problem


def test_a_branch_that_leaves_before_the_join_is_named_with_its_answer() -> None:
    found = explored(
        [
            start(),
            parallel("s"),
            user("a"),
            user("b"),
            xor("is_it_dropped", default="j"),
            parallel("j"),
            end(),
            end("dropped"),
        ],
        "begin > s > a > j > done",
        "s > b > is_it_dropped > j",
        "is_it_dropped > dropped : x",
    )

    stuck = only(found, "trap")
    assert stuck.element == "j"
    assert "it waits for what comes from “Is it dropped”" in stuck.problem
    assert "after the answer “Dropped” to “Is it dropped”" in stuck.problem
    assert "is_it_dropped__dropped" in stuck.way


def test_a_timer_that_ends_one_branch_leaves_the_join_waiting() -> None:
    found = explored(
        [
            start(),
            parallel("s"),
            user("a"),
            user("b"),
            boundary("too_late", "b", timer=SOON, interrupting=True),
            parallel("j"),
            end(),
            end("given_up"),
        ],
        "begin > s > a > j > done",
        "s > b > j",
        "too_late > given_up",
    )

    stuck = only(found, "trap")
    assert stuck.element == "j"
    assert "after “Too late”" in stuck.problem


def test_two_branches_into_one_step_do_it_twice() -> None:
    found = explored(
        [start(), parallel("s"), user("a"), user("b"), user("write"), end()],
        "begin > s > a > write > done",
        "s > b > write",
    )

    assert only(found, "twice").element == "write"


def test_it_is_done_twice_too_where_only_the_engine_does_it() -> None:
    found = explored(
        [start(), parallel("s"), user("a"), user("b"), script("add", "n = 1"), end()],
        "begin > s > a > add > done",
        "s > b > add",
    )

    assert only(found, "twice").element == "add"


def test_a_timer_beside_a_step_may_not_lead_on_to_the_main_path() -> None:
    found = explored(
        [
            start(),
            user("ask"),
            boundary("overdue", "ask", timer=SOON),
            user("go_on"),
            end(),
        ],
        "begin > ask > go_on > done",
        "overdue > go_on",
    )

    assert only(found, "twice").element == "go_on"


def test_an_escalation_ends_with_its_step_and_holds_nothing_up() -> None:
    found = explored(
        [
            start(),
            xor("round"),
            user("ask"),
            boundary("overdue", "ask", timer=SOON),
            user("chase"),
            boundary("chase_overdue", "chase", timer=SOON),
            end("chased"),
            xor("again", default="done"),
            end(),
        ],
        "begin > round > ask > again > done",
        "again > round : x",
        "overdue > chase > chased",
        "chase_overdue > chased",
    )

    assert found.proven


def test_a_trap_inside_an_escalation_is_found() -> None:
    found = explored(
        [
            start(),
            user("ask"),
            boundary("overdue", "ask", timer=SOON),
            xor("who", default="officer"),
            user("officer"),
            user("manager"),
            parallel("j"),
            end("chased"),
            end(),
        ],
        "begin > ask > done",
        "overdue > who > officer > j > chased",
        "who > manager : x",
        "manager > j",
    )

    assert only(found, "trap").element == "j"


def test_a_trap_inside_a_sub_process_is_found() -> None:
    inner = sub(
        "inner",
        [
            start("i_begin"),
            inclusive("i_s", default="i_a"),
            user("i_a"),
            user("i_b"),
            parallel("i_j"),
            end("i_done"),
        ],
        ["i_begin > i_s > i_a > i_j > i_done", "i_s > i_b : x", "i_b > i_j"],
    )

    found = explored([start(), inner, end()], "begin > inner > done")

    assert only(found, "trap").element == "i_j"


def test_a_step_that_nothing_can_ever_reach_is_dead() -> None:
    found = explored(
        [
            start(),
            parallel("s"),
            user("a"),
            user("b"),
            terminate("stop"),
            parallel("j"),
            user("z"),
            xor("again", default="done"),
            end(),
        ],
        "begin > s > a > j > z > again > done",
        "again > j : x",
        "s > b > stop",
    )

    assert not found.proven
    dead = [finding for finding in found.findings if finding.kind == "dead"]
    assert [finding.element for finding in dead] == ["j"]
    assert "“J”" in dead[0].problem


def test_a_loop_in_which_nobody_is_waited_for_is_named() -> None:
    found = explored(
        [
            start(),
            script("count_up", "n = 1"),
            xor("enough", default="done"),
            end(),
        ],
        "begin > count_up > enough > done",
        "enough > count_up : x",
    )

    restless = only(found, "restless")
    assert restless.element == "count_up"
    assert "“Count up” → “Enough”" in restless.problem


@pytest.mark.parametrize(
    "waiting",
    [user("ask"), call("ask", called="other"), catch("ask", message="news")],
    ids=["a person", "a called process", "a message"],
)
def test_a_loop_that_waits_is_no_fault(waiting: Node) -> None:
    found = explored(
        [start(), waiting, xor("again", default="done"), end()],
        "begin > ask > again > done",
        "again > ask : x",
    )

    assert found.proven


def test_a_loop_without_a_way_out_is_endless() -> None:
    found = explored(
        [start(), user("ask"), user("check"), end()],
        "begin > ask > check > ask",
    )

    assert only(found, "endless").element in ("ask", "check")


def test_what_a_terminate_end_drops_is_told_as_advice() -> None:
    shown = drawn(
        [start(), parallel("s"), user("a"), user("b"), end(), terminate("stop")],
        "begin > s > a > done",
        "s > b > stop",
    )

    [advice] = soundness.check("main.bpmn", shown)

    assert advice.is_advice
    assert advice.element == "stop"
    assert "“A”" in advice.problem
    assert soundness.explore(shown).proven


def test_a_terminate_end_that_says_what_it_stops_needs_no_advice() -> None:
    stop = terminate("stop")
    stop.inside = "<bpmn:documentation>A is not needed.</bpmn:documentation>" + (
        stop.inside
    )
    shown = drawn(
        [start(), parallel("s"), user("a"), user("b"), end(), stop],
        "begin > s > a > done",
        "s > b > stop",
    )

    assert soundness.explore(shown).findings == ()


def test_a_trap_is_told_beside_a_missing_label_and_not_beside_a_missing_way() -> None:
    nodes = [start(), xor("q", default="a"), user("a"), user("b"), parallel("j"), end()]
    flows = ["begin > q > a > j > done", "q > b : x", "b > j"]
    whole = diagram("main", nodes, flows)
    nameless = whole.replace(b'id="j" name="J"', b'id="j" name=""')
    assert nameless != whole

    said = {
        p.problem for p in checks.check({"main.bpmn": nameless}) if p.element == "j"
    }
    assert any("no label" in problem for problem in said)
    assert any("stuck" in problem for problem in said)

    looped = diagram("main", [start(), user("a"), end()], ["begin > a > a"])
    said = {p.problem for p in checks.check({"main.bpmn": looped}) if p.element == "a"}
    assert any("No path leads" in problem for problem in said)
    assert not any("for ever" in problem for problem in said)


def test_past_the_bound_the_answer_is_not_proven_and_why() -> None:
    wide = [f"t{n}{m}" for n in range(6) for m in range(5)]
    shown = drawn(
        [start(), parallel("s"), *map(user, wide), parallel("j"), end()],
        "begin > s",
        "j > done",
        *(f"s > {' > '.join(f't{n}{m}' for m in range(5))} > j" for n in range(6)),
    )

    found = soundness.explore(shown)

    assert not found.proven
    assert found.findings == ()
    assert "10,000" in found.not_proven
    assert 10_000 < found.markings < 10_100
    [advice] = soundness.check("main.bpmn", shown)
    assert advice.is_advice
    assert "not proven" in advice.problem


def test_the_time_limit_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "SECONDS", -1.0)

    found = explored([start(), user("ask"), end()], "begin > ask > done")

    assert "longer than" in found.not_proven


# Against the engine itself


class Maker:
    """Random diagrams: blocks within blocks, then perhaps one thing drawn wrongly."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.nodes: list[Node] = [start()]
        self.flows: list[list[str]] = []
        self.count = 0
        first, last = self._block(depth=2)
        self._flow("begin", first)
        self.nodes.append(end())
        self._flow(last, "done")
        self._spoil()

    def _name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def _flow(self, source: str, target: str) -> None:
        self.flows.append([source, target])

    def _block(self, depth: int) -> tuple[str, str]:
        kinds = ["task"] if depth == 0 else ["task", "xor", "and", "or", "row", "row"]
        kind = self.chance.choice(kinds)
        if kind == "task":
            name = self._name("t")
            self.nodes.append(user(name))
            return name, name
        if kind == "row":
            first, middle = self._block(depth - 1)
            second, last = self._block(depth - 1)
            self._flow(middle, second)
            return first, last
        split, join = self._name(kind), self._name(kind)
        self.nodes += [_gateway(kind, split), _gateway(kind, join)]
        for _ in range(self.chance.choice((2, 2, 3))):
            first, last = self._block(depth - 1)
            self._flow(split, first)
            self._flow(last, join)
        return split, join

    def _spoil(self) -> None:
        how = self.chance.choice(("join", "target", "target", "nothing"))
        gateways = [node for node in self.nodes if node.id[:2] in ("xo", "an", "or")]
        if how == "join" and gateways:
            node = self.chance.choice(gateways)
            other = _gateway(self.chance.choice(("xor", "and", "or")), node.id)
            node.tag, node.attributes = other.tag, other.attributes
        if how == "target":
            flow = self.chance.choice(self.flows)
            other = self.chance.choice([node.id for node in self.nodes[1:]])
            if [flow[0], other] not in self.flows:
                flow[1] = other

    def diagram(self) -> bytes:
        defaults: dict[str, str] = {}
        lines = []
        for source, target in self.flows:
            out = sum(1 for flow in self.flows if flow[0] == source)
            kind = next(node.tag for node in self.nodes if node.id == source)
            asks = kind in ("exclusiveGateway", "inclusiveGateway") and out > 1
            if asks and source not in defaults:
                defaults[source] = target
                asks = False
            condition = f' : value("{source}__{target}", False)' if asks else ""
            lines.append(f"{source} > {target}{condition}")
        for node in self.nodes:
            if node.id in defaults:
                node.attributes["default"] = f"{node.id}__{defaults[node.id]}"
        return diagram("main", self.nodes, lines)


def _gateway(kind: str, name: str) -> Node:
    return {"xor": xor, "and": parallel, "or": inclusive}[kind](name)


def _play(content: bytes, chance: random.Random) -> tuple[bool, bool]:
    """Whether the engine got stuck, and whether a step was open twice at once."""
    running = Running({"main.bpmn": content}, on=NOON.date())
    gates = [f.id for f in running.definition.diagrams["main"].flows.values()]
    doubled = False
    for _ in range(40):
        opened = running.open()
        doubled = doubled or len(set(opened)) < len(opened)
        if running.flow.ended or not opened:
            return not running.flow.ended, doubled
        answers = {name: chance.random() < 0.5 for name in gates}
        task = chance.choice(running.flow.open_tasks())
        running.flow.complete(task.id, answers)
    return False, doubled


def _steps(found: Finding, shown: Diagram) -> tuple[list[str], dict[str, bool]]:
    """The tasks to complete, in order, and the answers, to get where it says."""
    tasks = [
        name
        for name in found.way
        if name in shown.elements and shown.elements[name].kind == "userTask"
    ]
    return tasks, {name: True for name in found.way if name in shown.flows}


def test_the_exploration_and_the_engine_agree_on_random_diagrams() -> None:
    stuck_ones = proven_ones = walked_ones = 0
    for seed in range(120):
        made = Maker(seed)
        content = made.diagram()
        shown = diagrams.read("main.bpmn", content)
        found = soundness.explore(shown)
        kinds = {finding.kind for finding in found.findings}
        if kinds & {"endless", "restless"}:
            continue
        chance = random.Random(seed)
        try:
            played = [_play(content, chance) for _ in range(4)]
        except (DefinitionError, RecursionError):
            assert not found.proven, seed
            continue
        if found.proven:
            proven_ones += 1
            assert not any(stuck or doubled for stuck, doubled in played), seed
        if any(stuck for stuck, _ in played):
            stuck_ones += 1
            assert kinds & {"trap", "twice"}, seed
        if kinds == {"trap"}:
            walked_ones += _leads_there(content, shown, found.findings[0], seed)
    assert stuck_ones > 5
    assert proven_ones > 50
    assert walked_ones > 5


def _leads_there(content: bytes, shown: Diagram, trap: Finding, seed: int) -> int:
    """The way that the exploration names leads the engine into the trap."""
    tasks, answers = _steps(trap, shown)
    if len(set(tasks)) < len(tasks):
        return 0
    running = Running({"main.bpmn": content}, on=NOON.date(), **answers)
    for task in tasks:
        running.do(task)
    assert not running.open(), (seed, trap)
    assert not running.flow.ended, (seed, trap)
    return 1
