"""Every exception that the engine raises: one tree, no HTML, no status codes.

The docstring of a class is its message when none is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


class EngineError(Exception):
    """The engine could not do this."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class NotFound(EngineError):
    """There is nothing here with that reference."""


class NotPermitted(EngineError):
    """You do not have permission to do this."""


class TaskNotReady(EngineError):
    """This task has already been completed or is no longer needed."""

    def __init__(self, message: str = "", *, done_by: str | None = None) -> None:
        super().__init__(message)
        self.done_by = done_by


class CaseChanged(EngineError):
    """Someone else changed this case at the same moment. Try again."""


class InvalidAnswers(EngineError):
    """Some answers need to be corrected."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong in a file: where, what, and what to do about it.

    `advice` is worth knowing and stops nobody from publishing."""

    file: str
    element: str
    problem: str
    remedy: str
    severity: Literal["problem", "advice"] = "problem"

    @property
    def is_advice(self) -> bool:
        return self.severity == "advice"


class DefinitionError(EngineError):
    """A diagram, form, table or period cannot be used."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            " ".join(f"{p.file}, {p.element}: {p.problem} {p.remedy}" for p in problems)
        )
        self.problems = tuple(problems)


class WorkflowFailed(EngineError):
    """A step of the process broke. Nothing was lost; it can be tried again."""

    def __init__(self, process: str, element: str, message: str) -> None:
        super().__init__(message)
        self.process = process
        self.element = element


class UnknownPeriod(EngineError):
    """There is no period of that name."""


class NotInForce(EngineError):
    """The period was not in force on that day."""


class ExpressionError(EngineError):
    """An expression uses something that a diagram may not use."""


class SignInFailed(EngineError):
    """Enter a correct username and password."""


class DraftChanged(EngineError):
    """Someone else has saved this draft since you opened it."""

    def __init__(self, message: str = "", *, revision: int = 0) -> None:
        super().__init__(message)
        self.revision = revision


class DraftClosed(EngineError):
    """This draft has been published or withdrawn, and cannot be changed."""


class DraftNotReady(EngineError):
    """Something still stands in the way of this."""

    def __init__(self, needs: Sequence[str]) -> None:
        super().__init__(" ".join(needs))
        self.needs = tuple(needs)


class DraftConflict(EngineError):
    """Others have published changes to the same files."""

    def __init__(self, message: str = "", *, names: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.names = tuple(names)


class CannotPlay(EngineError):
    """The draft cannot be played as it is."""

    def __init__(self, message: str = "", *, step: int = 0) -> None:
        super().__init__(message)
        self.step = step
        """At which the story stops; 0 where it cannot begin."""
