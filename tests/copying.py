"""Copies a case with all that runs on it: many cases at the price of one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

import engine
from engine import models

AT_ONCE = 1_000
PEOPLE = ("officer_id", "assignee_id", "completed_by_id")
UUID = re.compile(r"\b[0-9a-f]{32}\b")
OF_A_CASE = (models.Instance, models.Task, models.Timer)


def copied(
    office: engine.Office, reference: str, count: int, *, officer: str | None = None
) -> None:
    """That many more of a case, with its processes, tasks and timers.

    They are numbered from a thousand times the number of the first; whoever has the
    first has them too, or the officer of that id."""
    stem, _, first = reference.rpartition("/")
    with office.engine.connect() as connection:
        case = connection.execute(
            sa.select(models.Case.__table__).where(models.Case.reference == reference)
        ).one()
        theirs = {
            model: connection.execute(
                sa.select(model.__table__).where(model.case_id == case.id)
            ).all()
            for model in OF_A_CASE
        }
    for begun in range(0, count, AT_ONCE):
        rows: dict[Any, list[dict[str, Any]]] = {models.Case: []}
        rows |= {model: [] for model in theirs}
        for number in range(begun, min(begun + AT_ONCE, count)):
            fresh: dict[str, str] = {}
            name = {"reference": f"{stem}/{int(first) * 1_000 + number}"}
            rows[models.Case].append(_renamed(case._mapping, fresh, officer) | name)
            for model, found in theirs.items():
                rows[model] += [_renamed(r._mapping, fresh, officer) for r in found]
        with office.engine.connect().execution_options(writing=True) as connection:
            with connection.begin():
                for model, given in rows.items():
                    connection.execute(sa.insert(model.__table__), given)


def _renamed(
    row: Mapping[str, Any], fresh: dict[str, str], officer: str | None
) -> dict[str, Any]:
    """A row with new ids, the same wherever the same id stood; people keep theirs."""

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

    people = {key: row[key] for key in PEOPLE if key in row}
    if officer is not None:
        people |= {key: officer for key in people if key != "completed_by_id"}
    return {key: new(value) for key, value in row.items()} | people
