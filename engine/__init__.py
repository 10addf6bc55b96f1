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
from engine.checks.safeguards import SafeguardLost
from engine.clock import LONDON, Clock, ShiftedClock, VirtualClock
from engine.database import Base, prepare
from engine.diagram_views import CalledProcess, DiagramView, PassedStep
from engine.drawing import UndrawableError
from engine.drawing import picture as diagram_picture
from engine.drawing.work_picture import WorkOverlay, heat_level, work_picture
from engine.errors import (
    CannotPlay,
    CaseChanged,
    DefinitionError,
    DraftChanged,
    DraftClosed,
    DraftConflict,
    DraftNotReady,
    EngineError,
    ExpressionError,
    InvalidAnswers,
    NotFound,
    NotInForce,
    NotPermitted,
    Problem,
    SignInFailed,
    TaskNotReady,
    UnknownPeriod,
    WorkflowFailed,
)
from engine.forms import Field, Form, Option, is_empty
from engine.forms import hidden as hidden_questions
from engine.forms import validate as validate_answers
from engine.law import periods
from engine.law.period_writing import NewLaw, NewStandard
from engine.opening import Report
from engine.permissions import ROLES, may_do, may_review, works_on_cases
from engine.publishing import Library
from engine.records import Records
from engine.rehearsing.play_views import PlayLine, PlayTask, PlayView, Scene
from engine.repairs import FailedStep, Repairs, Tried
from engine.studio import board as drawing_board
from engine.studio.draft_views import (
    Comparison,
    DraftEventView,
    DraftLine,
    DraftView,
    FileChange,
    FileComparison,
    ProcessLine,
    RehearsalLine,
    ReleaseLine,
    ReleaseView,
    Sentence,
)
from engine.studio.drafts import Drafts
from engine.studio.importing import ImportedDiagram, read_foreign
from engine.studio.migration_views import (
    Affected,
    MigratedCase,
    MigrationView,
    ReasonCount,
    Relocation,
    Standing,
)
from engine.studio.migrations import Migrations
from engine.studio.naming import kind as file_kind
from engine.studio.naming import label as file_label
from engine.studio.period_sheet import Choice as PolicyChoice
from engine.studio.period_sheet import PeriodRow, PeriodSheet
from engine.studio.rehearsal_views import (
    CaseResult,
    CoverageResult,
    RehearsalView,
    StepAsked,
    StoppedStories,
    StoryResult,
)
from engine.studio.rehearsals import Rehearsals
from engine.studio.statistics import Statistics
from engine.studio.trying import FormPreview, TriedTable, reserved_names
from engine.studio.work_views import FlowWork, ProcessWork, StepWork
from engine.studio.workbench import Change as PeriodChange
from engine.studio.workbench import Example as PeriodExample
from engine.studio.workbench import Workbench
from engine.views import (
    BreachView,
    CaseLine,
    CaseView,
    DeadlineLine,
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
    "Affected",
    "Base",
    "CannotPlay",
    "BreachView",
    "CalledProcess",
    "CaseChanged",
    "CaseLine",
    "CaseResult",
    "CaseView",
    "Casework",
    "Clock",
    "Comparison",
    "CoverageResult",
    "DeadlineLine",
    "DefinitionError",
    "DiagramView",
    "DraftChanged",
    "DraftClosed",
    "DraftConflict",
    "DraftEventView",
    "DraftLine",
    "DraftNotReady",
    "DraftView",
    "Drafts",
    "EngineError",
    "EventView",
    "ExpressionError",
    "FailedStep",
    "Field",
    "FileChange",
    "FileComparison",
    "FlowWork",
    "Form",
    "FormPreview",
    "ImportedDiagram",
    "IncidentView",
    "InstanceView",
    "InvalidAnswers",
    "NewLaw",
    "NewStandard",
    "MigratedCase",
    "MigrationView",
    "Migrations",
    "NotFound",
    "NotInForce",
    "NotPermitted",
    "NoticeView",
    "Office",
    "Officer",
    "Option",
    "Page",
    "PassedStep",
    "PeriodChange",
    "PeriodExample",
    "PeriodRow",
    "PeriodSheet",
    "PeriodView",
    "PersonView",
    "PlayLine",
    "PlayTask",
    "PlayView",
    "PolicyChoice",
    "Problem",
    "ProcessLine",
    "ProcessWork",
    "Reason",
    "ReasonCount",
    "Records",
    "RehearsalLine",
    "RehearsalView",
    "Rehearsals",
    "ReleaseLine",
    "ReleaseView",
    "Relocation",
    "Repairs",
    "Report",
    "ReportView",
    "SafeguardLost",
    "Scene",
    "Sentence",
    "SignInFailed",
    "Standing",
    "StartableProcess",
    "Statistics",
    "StepWork",
    "StepAsked",
    "StoppedStories",
    "StoryResult",
    "TaskLine",
    "TaskNotReady",
    "TaskView",
    "Tried",
    "TriedTable",
    "UndrawableError",
    "UnknownPeriod",
    "VirtualClock",
    "WorkOverlay",
    "Workbench",
    "WorkflowFailed",
    "connect",
    "database_url",
    "diagram_picture",
    "drawing_board",
    "file_kind",
    "file_label",
    "heat_level",
    "hidden_questions",
    "is_empty",
    "may_review",
    "may_do",
    "works_on_cases",
    "prepare",
    "read_foreign",
    "reserved_names",
    "validate_answers",
    "work_picture",
]

HOME = Path(__file__).parent.parent
PROCESSES = HOME / "processes"
FORMS = HOME / "forms"


@dataclass(frozen=True)
class Office:
    """The engine at work on one database."""

    casework: Casework
    records: Records
    drafts: Drafts
    migrations: Migrations
    rehearsals: Rehearsals
    statistics: Statistics
    repairs: Repairs
    workbench: Workbench
    clock: Clock
    periods: periods.Periods
    engine: sa.Engine
    library: Library

    def carry_on(self) -> int:
        """Do the next of what the studio does by itself: publish what is due, tell
        stories, move cases. Returns how much was done; 0 where nothing waits."""
        return (
            self.drafts.publish_scheduled()
            + self.rehearsals.carry_on()
            + self.migrations.carry_on()
        )

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
    drafts = Drafts(
        engine,
        clock,
        law,
        library,
        folder=processes,
        is_demonstration=is_demonstration,
    )
    return Office(
        casework=Casework(
            engine, clock, law, library, is_demonstration=is_demonstration
        ),
        records=Records(engine, clock, law, library, is_demonstration=is_demonstration),
        drafts=drafts,
        workbench=Workbench(drafts, clock, law),
        migrations=Migrations(
            engine, clock, law, library, is_demonstration=is_demonstration
        ),
        rehearsals=Rehearsals(
            engine, clock, law, library, is_demonstration=is_demonstration
        ),
        statistics=Statistics(engine, clock, library),
        repairs=Repairs(engine, clock, law, library, is_demonstration=is_demonstration),
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
