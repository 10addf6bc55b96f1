"""How the flows of two versions of a diagram differ, and what stands between. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.bpmn.diagrams import Diagram, Element, Flow
from engine.studio.comparing_words import Found, listed, quoted, told_changed

Called = Callable[[Element], str]


def between(diagram: Diagram, identity: str, called: Called) -> str:
    """`, between “A” and “B”`: the named elements next to one."""
    sources = _neighbours(diagram, identity, called, backwards=True)
    targets = _neighbours(diagram, identity, called, backwards=False)
    if sources and targets:
        return f", between {listed(sources)} and {listed(targets)}"
    if sources:
        return f", after {listed(sources)}"
    return f", before {listed(targets)}" if targets else ""


def _neighbours(
    diagram: Diagram, identity: str, called: Called, *, backwards: bool
) -> list[str]:
    """The names next to an element; one without a name is passed over."""
    found: dict[str, None] = {}
    waiting, seen = [identity], {identity}
    while waiting:
        current = waiting.pop(0)
        for flow in diagram.flows.values():
            here, there = flow.target, flow.source
            if not backwards:
                here, there = there, here
            if here != current or there in seen:
                continue
            seen.add(there)
            element = diagram.elements.get(there)
            if element is None:
                continue
            if element.name:
                found[called(element)] = None
            else:
                waiting.append(there)
    return list(found)


def compare(before: Diagram, after: Diagram, found: Found) -> None:
    """Tell every flow that is new, gone, or leads or is asked otherwise."""
    pairs, new, gone = _matched(before, after)
    for old, now in pairs:
        _compare_flow(before, after, old, now, found)
    for flow in gone:
        found.removed.append(flow.id)
        if _is_worth_telling(flow, before, after):
            found.say(flow.id, f"The flow {_ends(before, flow)} is taken out.")
    for flow in new:
        found.added.append(flow.id)
        if _is_worth_telling(flow, after, before):
            asks = f", where {quoted(flow.condition)}" if flow.condition else ""
            found.say(flow.id, f"A new flow leads {_ends(after, flow)}{asks}.")
        elif flow.condition:
            named = quoted(flow.name) if flow.name else f"‘{flow.id}’"
            found.say(flow.id, f"The condition on {named} is {quoted(flow.condition)}.")
    _compare_defaults(before, after, found)


def _matched(
    before: Diagram, after: Diagram
) -> tuple[list[tuple[Flow, Flow]], list[Flow], list[Flow]]:
    """Flows that both have, by id or else by their ends; then those of one only."""
    pairs = [
        (old, after.flows[identity])
        for identity, old in before.flows.items()
        if identity in after.flows
    ]
    gone = [f for i, f in before.flows.items() if i not in after.flows]
    new = [f for i, f in after.flows.items() if i not in before.flows]
    for old in tuple(gone):
        same = [f for f in new if (f.source, f.target) == (old.source, old.target)]
        if same:
            pairs.append((old, same[0]))
            gone.remove(old)
            new.remove(same[0])
    return pairs, new, gone


def _compare_flow(
    before: Diagram, after: Diagram, old: Flow, new: Flow, found: Found
) -> None:
    named = quoted(new.name) if new.name else f"the flow {_ends(after, new)}"
    of = f" of {_name(after, new.source)}" if new.name else ""
    if old.name != new.name:
        what = f"The answer{of or ' ' + _ends(after, new)}"
        found.change(new.id, told_changed(what, old.name, new.name))
    if old.condition != new.condition:
        found.change(
            new.id,
            told_changed(f"The condition on {named}{of}", old.condition, new.condition),
        )
    if (old.source, old.target) == (new.source, new.target):
        return
    if _is_spliced(before, after, old, new):
        found.changed.append(new.id)
        return
    found.change(new.id, _leads_elsewhere(before, after, old, new))


def _leads_elsewhere(before: Diagram, after: Diagram, old: Flow, new: Flow) -> str:
    if not new.name or old.source != new.source:
        return f"The flow {_ends(before, old)} now leads {_ends(after, new)}."
    answer = f"{quoted(new.name)} of {_name(after, new.source)}"
    target, was = _name(after, new.target), _name(before, old.target)
    return f"{answer} now leads to {target} instead of {was}."


def _is_spliced(before: Diagram, after: Diagram, old: Flow, new: Flow) -> bool:
    """Whether an end was only moved to what was put in, or by what was taken out."""
    ends = {old.source, old.target} ^ {new.source, new.target}
    return any((end in before.elements) != (end in after.elements) for end in ends)


def _is_worth_telling(flow: Flow, of: Diagram, other: Diagram) -> bool:
    """Not where an end of it is new or gone as well: that sentence says it; nor where
    something was put in its place, or it stands in the place of something."""
    if flow.source not in other.elements or flow.target not in other.elements:
        return False
    return not _leads_through(other, flow.source, flow.target, of.elements)


def _leads_through(
    diagram: Diagram, source: str, target: str, known: Iterable[str]
) -> bool:
    """Whether one leads to the other only past elements that are not known."""
    past = set(diagram.elements) - set(known)
    waiting, seen = [source], {source}
    while waiting:
        current = waiting.pop()
        for flow in diagram.flows.values():
            if flow.source != current or flow.target in seen:
                continue
            if flow.target == target:
                if current != source:
                    return True
            elif flow.target in past:
                seen.add(flow.target)
                waiting.append(flow.target)
    return False


def _compare_defaults(before: Diagram, after: Diagram, found: Found) -> None:
    for identity, new in after.elements.items():
        old = before.elements.get(identity)
        if old is None or old.default == new.default:
            continue
        was, now = _answer(before, old.default), _answer(after, new.default)
        if was != now:
            found.change(
                identity,
                told_changed(
                    f"What {_name(after, identity)} takes where nothing else fits",
                    was,
                    now,
                ),
            )


def _answer(diagram: Diagram, identity: str) -> str:
    flow = diagram.flows.get(identity)
    if flow is None:
        return ""
    return flow.name or f"the way to {_name(diagram, flow.target)}"


def _ends(diagram: Diagram, flow: Flow) -> str:
    answer = f" ({quoted(flow.name)})" if flow.name else ""
    source, target = _name(diagram, flow.source), _name(diagram, flow.target)
    return f"from {source} to {target}{answer}"


def _name(diagram: Diagram, identity: str) -> str:
    element = diagram.elements.get(identity)
    if element is None or not element.name:
        return f"‘{identity}’"
    return quoted(element.name)
