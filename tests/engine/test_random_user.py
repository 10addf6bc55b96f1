"""A seeded random user on models of every construct that diagrams may use.

Two flows of the same case get the same steps; one of them is stored and brought back on
freshly parsed diagrams after each step. A token game checks what both did."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import pytest

from engine.bpmn import definitions
from engine.bpmn.definitions import Diagram
from engine.bpmn.workflow import Flow
from engine.law.periods import PROCESSES
from tests.engine_constructs import MODELS, TABLE
from tests.engine_models import NOON, Running, diagram
from tests.engine_tokens import TokenGame


def _files(model: str) -> dict[str, bytes]:
    drawn = {
        f"{process}.bpmn": diagram(process, *drawing)
        for process, drawing in MODELS[model].items()
    }
    return {**drawn, "rank.dmn": TABLE}


def _started(model: str, *, forever: bool = False) -> Running:
    return Running(
        _files(model),
        "main",
        on=NOON.date(),
        go_on="yes",
        first=True,
        second=True,
        forever=forever,
    )


class Pair:
    """The same case twice: the second is stored and brought back after every step."""

    def __init__(self, model: str) -> None:
        self.plain = _started(model)
        self.restored = _started(model)
        self.games = [TokenGame(self.plain.definition) for _ in range(2)]
        self.settle()

    def settle(self) -> None:
        for running, game in zip(self.both, self.games, strict=True):
            game.play(running.flow.journal)
            running.flow.journal.clear()
            _nothing_is_lost(running.flow, game)
        self.restored.restart()
        assert _story(self.plain.flow) == _story(self.restored.flow)

    @property
    def both(self) -> tuple[Running, Running]:
        return (self.plain, self.restored)

    @property
    def ended(self) -> bool:
        return self.plain.flow.ended

    def step(self, chance: random.Random) -> None:
        options = _options(self.plain.flow)
        what = chance.choice([*options, ("time", 0), *options])
        answers = _answers(chance, self.plain)
        days = chance.choice((1, 3, 12))
        for running in self.both:
            _take(running, what, answers, days)
        self.settle()


def _options(flow: Flow) -> list[tuple[str, int]]:
    return (
        [("task", place) for place in range(len(flow.open_tasks()))]
        + [("message", place) for place in range(len(flow.awaited()))]
        + [("correct", 0)]
    )


def _take(
    running: Running, what: tuple[str, int], answers: Mapping[str, object], days: int
) -> None:
    flow = running.flow
    match what:
        case ("task", place):
            task = sorted(
                flow.open_tasks(), key=lambda t: _where(t.element, t.item_index)
            )[place]
            given = dict(answers)
            items = given.pop("items")
            if task.element.startswith("list_"):
                given["steps" if task.element == "list_steps" else "items"] = items
            flow.complete(task.id, given)
        case ("message", place):
            awaited = sorted(flow.awaited(), key=lambda m: m.element)[place]
            flow.deliver(awaited.id, awaited.name, {"text": "hello"})
        case ("correct", _):
            flow.correct("", {"on": answers["on"]})
        case ("time", _):
            running.until(running.around.now + timedelta(days=days))


def _where(element: str, item: str | None) -> tuple[str, str]:
    return (element, item or "")


def _answers(chance: random.Random, running: Running) -> dict[str, object]:
    today = running.around.now.date()
    return {
        "go_on": chance.choice(("yes", "yes", "no")),
        "first": chance.random() < 0.5,
        "second": chance.random() < 0.5,
        "on": today - timedelta(days=chance.choice((0, 1, 5))),
        "items": [
            {"number": n, "on": today - timedelta(days=chance.choice((0, 2)))}
            for n in range(chance.choice((0, 1, 2, 3)))
        ],
    }


def _story(flow: Flow) -> object:
    """All that others see of a process, without the ids that chance gave."""
    ids = {task.id: task.element for task in flow.open_tasks()}
    return (
        sorted(
            (t.element, t.item_index or "", str(t.item), ids.get(t.escalates or "", ""))
            for t in flow.open_tasks()
        ),
        sorted((t.element, t.item_index or "", t.due_at) for t in flow.timers()),
        sorted((m.element, m.name) for m in flow.awaited()),
        sorted((p.element, p.state) for p in flow.positions()),
        sorted(map(repr, flow.facts.values())),
        flow.failures,
        [(m.name, m.payload) for m in flow.thrown],
        flow.ended,
        flow.end_event,
    )


def _nothing_is_lost(flow: Flow, game: TokenGame) -> None:
    assert flow.failures == []
    found = Counter((t.element, t.item_index) for t in flow.open_tasks())
    if flow.ended:
        assert not found
        return
    assert found == game.open_tasks(flow)
    assert not game.stranded(flow)
    stands_at = {(p.process, p.element) for p in flow.positions()}
    assert stands_at - _joins(flow) == game.waited_at(flow)
    assert found or flow.timers() or flow.awaited()


def _joins(flow: Flow) -> set[tuple[str, str]]:
    return {
        (drawn.process, element.id)
        for drawn in flow.definition.diagrams.values()
        for element in drawn.of_kind("parallelGateway", "inclusiveGateway")
    }


@pytest.mark.parametrize("model", MODELS)
def test_the_story_is_the_same_when_restored_after_every_step(model: str) -> None:
    for seed in range(3):
        chance = random.Random(f"{model} {seed}")
        pair = Pair(model)
        for _ in range(30):
            if pair.ended:
                break
            pair.step(chance)


LOOPS = [
    model
    for model, drawn in MODELS.items()
    if any("again" == n.id for n in drawn["main"][0])
]


@pytest.mark.parametrize("model", LOOPS)
def test_the_state_stays_small_for_a_thousand_steps(model: str) -> None:
    chance = random.Random(model)
    running = _started(model, forever=True)
    game = TokenGame(running.definition)
    sizes = []
    for _ in range(1000):
        what = chance.choice([*_options(running.flow), ("time", 0)])
        _take(running, what, _answers(chance, running), 3)
        game.play(running.flow.journal)
        for reported in (running.flow.journal, running.flow.thrown):
            reported.clear()
        _nothing_is_lost(running.flow, game)
        sizes.append(len(running.flow.dump()[0]))
    assert not running.flow.ended
    assert max(sizes[500:]) <= 1.5 * max(sizes[:100])


def _constructs(drawn: Diagram) -> set[str]:
    """What a diagram uses, in words: kinds of element and how they meet."""
    found = set()
    for element in drawn.elements.values():
        kind = element.kind
        many = ""
        if element.multi is not None:
            many = " in turn" if element.is_sequential else " for each"
        found.add(f"{kind}{many}")
        if element.timer:
            found.add(f"{kind} with a timer")
        if element.message:
            found.add(f"{kind} with a message")
        if element.is_terminate:
            found.add("terminate in a part" if element.parent else "terminate")
        if element.attached_to:
            host = drawn.elements[element.attached_to]
            event = "timer" if element.timer else "message"
            how = "interrupting" if element.interrupting else "beside"
            found.add(f"{event} {how} {host.kind}{' of many' if host.multi else ''}")
        into = sum(flow.target == element.id for flow in drawn.flows.values())
        if kind in ("parallelGateway", "inclusiveGateway") and into > 1:
            found.add(f"{kind} joining {min(into, 3)}")
    return found


def test_every_construct_of_our_own_diagrams_is_among_the_models() -> None:
    modelled: set[str] = set()
    for model in MODELS:
        for process, drawing in MODELS[model].items():
            content = diagram(process, *drawing)
            read = definitions.read_diagram(f"{process}.bpmn", content)
            modelled |= _constructs(read)
    ours: set[str] = set()
    for path in PROCESSES.glob("*.bpmn"):
        ours |= _constructs(definitions.read_diagram(path.name, path.read_bytes()))
    assert ours - modelled == set()
