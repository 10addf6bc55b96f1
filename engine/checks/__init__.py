"""Finds everything that is wrong with the files that managers own.

Looks at files only: no database, no running cases. Each problem names the file and the
element, says in plain words what is wrong, and what to do about it. What is only worth
knowing has the severity “advice”, and stops nobody from publishing.

Cheap enough to be asked while somebody draws: what depends on one file alone is worked
out once for each content of that file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn import refusals
from engine.checks import (
    at_once,
    facts,
    lengths,
    order,
    reading,
    safeguards,
    stories,
    unread,
    use,
)
from engine.checks.everything import Everything
from engine.checks.reading import Look
from engine.errors import Problem
from engine.law import council_file, period_file
from engine.library import councils

__all__ = ["check", "forget"]

forget = reading.forget
"""Look at every file anew, as a restart does."""


def check(files: Mapping[str, bytes]) -> list[Problem]:
    """Every problem of the files, named as `library` names them, sorted by file."""
    looks = {name: reading.look(name, content) for name, content in files.items()}
    problems = [problem for seen in looks.values() for problem in seen.problems]
    problems += _of_councils(files)
    everything = _everything(looks)
    problems += use.check(everything)
    problems += _cannot_run(files, everything, problems)
    problems += facts.check(everything)
    problems += at_once.check(everything)
    problems += lengths.check(everything)
    problems += order.check(everything)
    problems += unread.check(everything)
    problems += safeguards.check(everything)
    problems += stories.check(files, everything)
    return _sorted(problems)


def _everything(looks: Mapping[str, Look]) -> Everything:
    periods = looks.get(period_file.FILE)
    return Everything(
        diagrams={name: seen.diagram for name, seen in looks.items() if seen.diagram},
        forms={seen.form.id: seen.form for seen in looks.values() if seen.form},
        tables={n: seen.table for n, seen in looks.items() if seen.table is not None},
        stories={name: seen.story for name, seen in looks.items() if seen.story},
        periods=(periods.periods if periods else None) or {},
        unread=frozenset(
            name for name, seen in looks.items() if _is_unread(name, seen)
        ),
    )


def _is_unread(name: str, seen: Look) -> bool:
    holds_nothing = seen.diagram is None and seen.table is None and seen.form is None
    return holds_nothing and name.endswith((".bpmn", ".dmn", ".json"))


def _of_councils(files: Mapping[str, bytes]) -> Iterator[Problem]:
    periods = files.get(period_file.FILE)
    if periods is None:
        yield Problem(
            file=period_file.FILE,
            element="",
            problem="The file of periods is missing.",
            remedy="Put periods.yaml back into processes.",
        )
        return
    for council in councils(files):
        content = files[f"councils/{council}/council.yaml"]
        yield from reading.council(council, content, periods)
    if council_file.DEFAULTS in files:
        yield from reading.council("", files[council_file.DEFAULTS], periods)


def _cannot_run(
    files: Mapping[str, bytes], everything: Everything, already: Iterable[Problem]
) -> list[Problem]:
    """What the engine refuses although nothing above was found wrong with it."""
    ours = (".bpmn", ".dmn", ".json")
    if any(p.file.endswith(ours) and not p.is_advice for p in already):
        return []
    found = list(refusals.of_names(everything.diagrams.values()))
    for name in (*everything.diagrams, *everything.tables):
        found += reading.cannot_run(name, files[name])
    for diagram in everything.diagrams.values():
        found += refusals.of_diagram(diagram, files.keys(), frozenset())
    return found


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    once = dict.fromkeys(problems)
    return sorted(once, key=lambda p: p.file)
