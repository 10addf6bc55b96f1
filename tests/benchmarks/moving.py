"""Moving running cases to a newer version: how fast, and with how much memory.

The cases are copies of one; a process of its own moves them, so that its peak memory
is that of the move alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import engine
from engine import library, models
from engine.views import Officer

WORKER = Path(__file__).with_name("move_cases.py")
PROCESS = "enforcement"
AT_ONCE = 1_000
UUID = re.compile(r"\b[0-9a-f]{32}\b")


def copied(office: engine.Office, reference: str, count: int) -> None:
    """Copies of a case with all that runs on it: instances, tasks, timers."""
    with office.engine.connect() as connection:
        case = connection.execute(
            sa.select(models.Case.__table__).where(models.Case.reference == reference)
        ).one()
        theirs = {
            model: connection.execute(
                sa.select(model.__table__).where(model.case_id == case.id)  # type: ignore[attr-defined]
            ).all()
            for model in (models.Instance, models.Task, models.Timer)
        }
    for begun in range(0, count, AT_ONCE):
        rows: dict[Any, list[dict[str, Any]]] = {models.Case: []} | {
            m: [] for m in theirs
        }
        for _ in range(min(AT_ONCE, count - begun)):
            fresh: dict[str, str] = {}
            name = {"reference": uuid.uuid4().hex[:30]}
            rows[models.Case].append(_renamed(case._mapping, fresh) | name)
            for model, found in theirs.items():
                rows[model] += [_renamed(row._mapping, fresh) for row in found]
        with office.engine.connect().execution_options(writing=True) as connection:
            with connection.begin():
                for model, given in rows.items():
                    connection.execute(sa.insert(model.__table__), given)


def _renamed(row: Mapping[str, Any], fresh: dict[str, str]) -> dict[str, Any]:
    """A row with new ids, the same wherever the same id stood."""

    def new(value: Any) -> Any:
        if isinstance(value, str):
            return UUID.sub(
                lambda m: fresh.setdefault(m.group(), uuid.uuid4().hex), value
            )
        if isinstance(value, list):
            return [new(each) for each in value]
        if isinstance(value, dict):
            return {key: new(each) for key, each in value.items()}
        return value

    kept = {key: value for key, value in row.items() if key.endswith("_by_id")}
    kept |= {key: row[key] for key in ("officer_id", "assignee_id") if key in row}
    return {key: new(value) for key, value in row.items()} | kept


def published_anew(office: engine.Office, council: str) -> None:
    """A second version of the process: a step has another name."""
    files = library.for_council(library.read(engine.PROCESSES, engine.FORMS), council)
    drawn = files[f"{PROCESS}.bpmn"]
    [first, *_] = re.findall(rb'<bpmn:userTask id="\w+" name="', drawn)
    files[f"{PROCESS}.bpmn"] = drawn.replace(first, first + b"First: ")
    if PROCESS not in office.casework.publish(files, council):
        raise SystemExit("The second version was not published.")


def moved(
    office: engine.Office, url: str, manager: Officer
) -> Iterator[dict[str, Any]]:
    """The dry run over all cases and the move: what each cost."""
    migration = office.migrations.plan(PROCESS, manager)
    yield _worker(url)
    office.migrations.start(migration, "To measure it.", manager)
    yield _worker(url)
    view = office.migrations.get(migration, manager)
    if view.state != "finished" or view.of("moved") < view.total:
        raise SystemExit(f"Not every case moved: {view.counts} {view.reasons}")


def _worker(url: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(WORKER), url], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
