"""Planning enforcement, run as drawn: the engine. It knows no web.

`connect` gives an `Office`: its `casework` are the commands, its `records` the reads.
Nothing else of this package is meant to be imported from outside."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from engine import database, timekeeping
from engine.casework import Casework
from engine.clock import LONDON, Clock, ShiftedClock, VirtualClock
from engine.database import Base, prepare
from engine.drawing import picture as diagram_picture
from engine.errors import (
    CaseChanged,
    DefinitionError,
    EngineError,
    ExpressionError,
    InvalidAnswers,
    NotFound,
    NotInForce,
    NotPermitted,
    SignInFailed,
    TaskNotReady,
    UnknownPeriod,
    WorkflowFailed,
)
from engine.forms import Field, Form, Option, is_empty
from engine.forms import hidden as hidden_questions
from engine.forms import validate as validate_answers
from engine.law import periods
from engine.opening import Report
from engine.permissions import ROLES, may_do, works_on_cases
from engine.publishing import Library
from engine.records import Records
from engine.views import (
    BreachView,
    CalledProcess,
    CaseLine,
    CaseView,
    DeadlineLine,
    DiagramView,
    EventView,
    IncidentView,
    InstanceView,
    NoticeView,
    Officer,
    Page,
    PeriodView,
    PersonView,
    Reason,
    ReportView,
    StartableProcess,
    TaskLine,
    TaskView,
)

__all__ = [
    "LONDON",
    "ROLES",
    "Base",
    "BreachView",
    "CalledProcess",
    "CaseChanged",
    "CaseLine",
    "CaseView",
    "Casework",
    "Clock",
    "DeadlineLine",
    "DefinitionError",
    "DiagramView",
    "EngineError",
    "EventView",
    "ExpressionError",
    "Field",
    "Form",
    "IncidentView",
    "InstanceView",
    "InvalidAnswers",
    "NotFound",
    "NotInForce",
    "NotPermitted",
    "NoticeView",
    "Office",
    "Officer",
    "Option",
    "Page",
    "PeriodView",
    "PersonView",
    "Reason",
    "Records",
    "Report",
    "ReportView",
    "SignInFailed",
    "StartableProcess",
    "TaskLine",
    "TaskNotReady",
    "TaskView",
    "UnknownPeriod",
    "VirtualClock",
    "WorkflowFailed",
    "connect",
    "database_url",
    "diagram_picture",
    "hidden_questions",
    "is_empty",
    "may_do",
    "works_on_cases",
    "prepare",
    "validate_answers",
]

HOME = Path(__file__).parent.parent
PROCESSES = HOME / "processes"
FORMS = HOME / "forms"


@dataclass(frozen=True)
class Office:
    """The engine at work on one database."""

    casework: Casework
    records: Records
    clock: Clock
    periods: periods.Periods
    engine: sa.Engine
    library: Library

    def forget_definitions(self) -> None:
        """Parse every diagram afresh from now on, as after a restart."""
        self.library.forget()


def connect(
    where: str | sa.Engine,
    *,
    clock: Clock | None = None,
    processes: Path = PROCESSES,
    is_demonstration: bool = False,
    migrate: bool = True,
) -> Office:
    """The engine on a database: a URL, or an engine that `database.prepare` set up.

    In demonstration mode the clock is the machine's plus a shift kept in the
    database, unless a clock is given."""
    engine = database.create_engine(where) if isinstance(where, str) else where
    if migrate:
        database.migrate(engine)
    if clock is None:
        clock = _shifted(engine) if is_demonstration else Clock()
    law = periods.load(processes)
    library = Library()
    return Office(
        casework=Casework(
            engine, clock, law, library, is_demonstration=is_demonstration
        ),
        records=Records(engine, clock, law, library, is_demonstration=is_demonstration),
        clock=clock,
        periods=law,
        engine=engine,
        library=library,
    )


def _shifted(engine: sa.Engine) -> Clock:
    def shift() -> timedelta:
        with database.reading(engine) as session:
            return timekeeping.clock_shift(session)

    return ShiftedClock(shift)


def database_url() -> str:
    """`DATABASE_URL`, or an SQLite file in the folder `instance`."""
    file = HOME / "instance" / "enforcement.db"
    return os.environ.get("DATABASE_URL") or f"sqlite:///{file}"
