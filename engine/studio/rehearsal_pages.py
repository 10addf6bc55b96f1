"""Rehearsals and plays as pages show them: rows made into views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.bpmn import definitions
from engine.bpmn.diagrams import Diagram
from engine.errors import DefinitionError
from engine.models import Person
from engine.rehearsing import recording
from engine.rehearsing.causes import Cause
from engine.rehearsing.play_views import PlayLine
from engine.studio import naming
from engine.studio.rehearsal_views import (
    CaseResult,
    CoverageResult,
    RehearsalView,
    StoryResult,
)
from engine.studio.tables import Draft, Play, RehearsalRun

_drawn = lru_cache(maxsize=256)(definitions.read_diagram)
WHICH = {"all": "cases", "open": "open cases", "closed": "closed cases"}


def rehearsal_view(
    session: Session, run: RehearsalRun, files: Mapping[str, bytes]
) -> RehearsalView:
    """A rehearsal with its results; `files` name what no story took."""
    draft = session.get_one(Draft, run.draft_id)
    results = run.results.get("results", [])
    is_replay = run.kind == "replay"
    return RehearsalView(
        id=run.id,
        draft_id=draft.id,
        draft_title=draft.title,
        kind=run.kind,
        revision=run.revision,
        is_current=run.revision == draft.revision,
        state=run.state,
        message=run.message,
        total=run.total,
        done=run.done,
        failed=run.failed,
        is_whole=bool(run.options.get("all")),
        asked_at=run.asked_at,
        asked_by=session.get_one(Person, run.asked_by_id).name,
        finished_at=run.finished_at,
        stories=() if is_replay else tuple(_story(each) for each in results),
        coverage=tuple(_coverage(run.results.get("coverage", {}), files)),
        cases=tuple(_case(each) for each in results) if is_replay else (),
        chosen=_chosen(run.options, files),
    )


def _story(told: Mapping[str, Any]) -> StoryResult:
    return StoryResult(
        file=told["file"],
        title=told["title"],
        message=told["message"],
        step=told.get("step", 0),
        cause=Cause(**told["cause"]) if told.get("cause") else None,
        times=told.get("times", 0),
    )


def _case(told: Mapping[str, Any]) -> CaseResult:
    return CaseResult(
        reference=told["reference"],
        state=told["state"],
        sentence=told["sentence"],
        at=told.get("at"),
        process=told.get("process", ""),
        element=told.get("element", ""),
    )


def _chosen(options: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    if "which" not in options:
        return str(options.get("name", ""))
    text = f"The newest {options['limit']} {WHICH[options['which']]}"
    if process := options.get("process"):
        name = f"{process}.bpmn"
        text += f" that went through {naming.label(name, files.get(name))}"
    return text


def _coverage(
    found: Mapping[str, Any], files: Mapping[str, bytes]
) -> Iterator[CoverageResult]:
    for name, each in found.items():
        file = next((f"{name}{e}" for e in (".bpmn", ".dmn") if name + e in files), "")
        yield CoverageResult(
            name=name,
            title=naming.label(file, files[file]) if file else name,
            is_table=file.endswith(".dmn"),
            taken=len(each["taken"]),
            missing=tuple(_named(each["missing"], file, files)),
        )


def _named(
    missing: list[str], file: str, files: Mapping[str, bytes]
) -> Iterator[tuple[str, str]]:
    diagram: Diagram | None = None
    if file.endswith(".bpmn"):
        try:
            diagram = _drawn(file, files[file])
        except DefinitionError:
            diagram = None
    for identity in missing:
        yield identity, _name(identity, diagram)


def _name(identity: str, diagram: Diagram | None) -> str:
    """A step by its name; a way by where it leads from and to."""
    if diagram is not None and identity in diagram.elements:
        return f"“{diagram.elements[identity].name or identity}”"
    if diagram is not None and identity in diagram.flows:
        flow = diagram.flows[identity]
        ends = [diagram.elements[each].name for each in (flow.source, flow.target)]
        label = f", {flow.name}" if flow.name else ""
        return f"the way from “{ends[0]}” to “{ends[1]}”{label}"
    return f"the rule {identity}"


def play_lines(session: Session, draft_id: str) -> tuple[PlayLine, ...]:
    """The plays of a draft, the latest first."""
    rows = session.execute(
        sa.select(Play, Person.name)
        .join(Person, Person.id == Play.by_id)
        .where(Play.draft_id == draft_id)
        .order_by(Play.changed_at.desc(), Play.id)
    )
    return tuple(_play_line(play, name) for play, name in rows)


def _play_line(play: Play, name: str) -> PlayLine:
    story = recording.load(play.story)
    return PlayLine(
        id=play.id,
        title=play.title,
        process=str(story["process"]),
        steps=len(story["steps"]),
        by=name,
        changed_at=play.changed_at,
    )
