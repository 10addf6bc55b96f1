"""Tells stories: runs the steps of a scenario through the real commands.

Time is virtual: waiting moves the clock from one due timer to the next, so that each
fires at its own moment. A story touches its own case only, so that many can be told in
one database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.clock import LONDON, VirtualClock
from engine.errors import EngineError, InvalidAnswers
from engine.law import dates
from engine.law.bank_holidays import WorkingCalendar
from engine.opening import Report
from engine.permissions import ROLES
from engine.rehearsing.expectations import Unmet
from engine.rehearsing.story import UNITS, Length, Person, Step, Story, later
from engine.rehearsing.witness import Witness, describe
from engine.views import Officer, TaskLine

if TYPE_CHECKING:
    from engine import Office

MOST_TIMERS = 2_000
"""Timers that one wait may fire: a diagram that sets them faster goes round in
circles."""
REPORT_FIELDS = {"anonymous": "is_anonymous"}


class StoryClock(VirtualClock):
    """The clock of stories: each begins at its own time, so it may be put back."""

    def __init__(self) -> None:
        super().__init__(datetime(2026, 1, 1, tzinfo=LONDON))

    def begin_at(self, moment: datetime) -> None:
        """A new story starts."""
        self._now = moment.astimezone(UTC)


class StoryFailed(EngineError):
    """The story went differently."""

    def __init__(
        self, story: Story, number: int, message: str, reference: str = ""
    ) -> None:
        place = f"step {number}" if number else "the start"
        super().__init__(f"{story.file}, {place}: {message}")
        self.story = story
        self.number = number
        self.reference = reference
        """Of the case that was left standing; empty where none was opened."""


@dataclass
class Cast:
    """The people of the stories: one account for each role and number, made once."""

    office: Office
    people: dict[tuple[str, str, int], Officer] = field(default_factory=dict)
    choose: Callable[[str, str, int], Officer | None] | None = None
    """Somebody who is there already, such as a demonstration account."""

    def officer(self, council: str, person: Person) -> Officer:
        key = (council, person.role, person.number)
        found = self.people.get(key)
        if found is None and self.choose is not None:
            found = self.choose(*key)
        if found is None:
            found = self._engage(*key)
        self.people[key] = found
        return found

    def _engage(self, council: str, role: str, number: int) -> Officer:
        return self.office.casework.add_officer(
            council,
            f"{role}_{number}_{council}",
            f"{ROLES[role]} {number}",
            email=f"{role}{number}@{council}.example",
            roles=(role,),
            password=None,
        )


def tell(
    story: Story,
    office: Office,
    clock: StoryClock,
    *,
    cast: Cast,
    between_steps: Callable[[], None] | None = None,
    until_step: int | None = None,
    until: datetime | None = None,
    patience: timedelta = timedelta(0),
) -> str:
    """Run a story; the reference of its case. Raises StoryFailed.

    `clock` is the office's own and is set to the story's start. `between_steps` is
    called after each step. With `until_step` the story stops behind that step and the
    case is left standing; with `until` its time goes on to that moment. A story that
    was moved to other dates needs `patience`: a task that is not ready yet is waited
    for so long, and a date that has passed is passed over."""
    teller = Teller(story, office, clock, cast, patience)
    clock.begin_at(story.starts_at)
    teller.attempt(0, teller.open)
    for step in story.steps:
        if until_step is not None and step.number > until_step:
            break
        teller.attempt(step.number, lambda s=step: teller.carry_out(s))  # type: ignore[misc]
        if between_steps is not None:
            between_steps()
    if until is not None:
        let_pass(office, clock, teller.of, until=until)
    if story.ends:
        teller.attempt(len(story.steps), teller.check_end)
    return teller.reference


def let_pass(
    office: Office, clock: StoryClock, of: tuple[str, str], *, until: datetime
) -> None:
    """Move the clock on, firing each timer of a case (council, reference) at its own
    moment."""
    for _ in range(MOST_TIMERS):
        due = office.records.next_due(of)
        if due is None or due > until:
            if until > clock.now():
                clock.move_to(until)
            return
        clock.move_to(max(due, clock.now()))
        if not office.casework.sweep(of=of):
            raise Unmet(f"The timer due at {due:%Y-%m-%d %H:%M} UTC did not fire.")
    raise Unmet(f"More than {MOST_TIMERS} timers fired: the diagram goes round.")


def after(at: datetime, length: Length, calendar: WorkingCalendar) -> datetime:
    """The moment a length of time later; days and longer keep London's clock time."""
    if length.unit == "hour":
        try:
            return at + timedelta(hours=length.number)
        except OverflowError:
            raise Unmet("That is too far away. Wait a shorter time.") from None
    local = at.astimezone(LONDON)
    day = dates.shift(local.date(), length.number, UNITS[length.unit], calendar)
    return datetime.combine(day, local.time(), LONDON)


class Teller:
    """One story being told."""

    def __init__(
        self,
        story: Story,
        office: Office,
        clock: StoryClock,
        cast: Cast,
        patience: timedelta = timedelta(0),
    ) -> None:
        self._story = story
        self._office = office
        self._clock = clock
        self.cast = cast
        self._patience = patience
        self._late = timedelta(0)
        """By how much the story runs behind its own dates: whole days."""
        self.reference = ""

    @property
    def witness(self) -> Witness:
        """Somebody who sees how the case stands now."""
        return Witness(self._story, self._office, self.reference, self._anyone())

    @property
    def of(self) -> tuple[str, str]:
        """The council and the reference of the story's case."""
        return self._story.council, self.reference

    def attempt(self, number: int, work: Callable[[], None]) -> None:
        """Do one thing; whatever the engine says against it fails the story."""
        try:
            work()
        except (Unmet, EngineError) as error:
            raise StoryFailed(
                self._story, number, f"{error}{self._situation()}", self.reference
            ) from error

    def _situation(self) -> str:
        """When it is, and what was ready."""
        now = self._clock.now().astimezone(LONDON)
        text = f" It is {now:%A %d %B %Y, %H:%M}."
        if not self.reference:
            return text
        ready = [describe(task) for task in self.witness.glance.ready()]
        return f"{text} Ready: {', '.join(ready) or 'nothing'}."

    def _anyone(self) -> Officer:
        return self.cast.officer(self._story.council, Person("manager"))

    def open(self) -> None:
        """Report the breach that the story is about."""
        given = {
            REPORT_FIELDS.get(key, key): value
            for key, value in self._story.case.items()
        }
        report = Report(
            **given,
            council=self._story.council,
            process=self._story.process,
            facts=self._story.given,
        )
        self.reference = self._office.casework.report_breach(report, None)
        self._fire_due()
        self.witness.check_incidents()

    def carry_out(self, step: Step) -> None:
        act: Mapping[str, Callable[[Step], None]] = {
            "do": self._do,
            "correct": self._correct,
            "send": self._send,
            "start": self._start,
            "reopen": self._reopen,
            "wait": self._wait,
            "until": self._until,
            "expect": self.witness.check,
        }
        act[step.verb](step)
        if step.verb != "expect":
            self._fire_due()
            self.witness.check_incidents()

    def _officer(self, step: Step) -> Officer:
        return self.cast.officer(self._story.council, step.person or Person("officer"))

    def _do(self, step: Step) -> None:
        task = self._ready_task(step)
        officer = self._officer(step)
        self._refusable(
            step,
            lambda: self._office.casework.complete_task(
                task.id, self._answers(step, task), officer
            ),
        )

    def _ready_task(self, step: Step) -> TaskLine:
        began = self._clock.now()
        give_up_at = began + self._patience
        while True:
            self._late += self._clock.now() - began
            began = self._clock.now()
            try:
                return self.witness.ready_task(step)
            except Unmet:
                due = self._office.records.next_due(self.of)
                if due is None or due > give_up_at:
                    raise
                self._move_to(due)

    def _correct(self, step: Step) -> None:
        officer = self._officer(step)
        task = self.witness.completed_task(step)
        before = self._office.records.task(task.id, officer).answers
        self._refusable(
            step,
            lambda: self._office.casework.correct_answers(
                task.id,
                {**before, **step.answers},
                step.reason or "It was wrong.",
                officer,
            ),
        )

    def _answers(self, step: Step, task: TaskLine) -> Mapping[str, Any]:
        """What the page would send: its defaults, but for what the story answers."""
        days_late = -(-self._late // timedelta(days=1))
        given = later(step.answers, timedelta(days=days_late))
        return {**self.witness.defaults(task), **given}

    def _send(self, step: Step) -> None:
        officer = self._officer(step)
        self._office.casework.send_message(
            self.reference,
            str(step.what),
            step.answers,
            officer,
            notice=step.item or None,
        )

    def _start(self, step: Step) -> None:
        officer = self._officer(step)
        self._refusable(
            step,
            lambda: self._office.casework.start_process(
                self.reference,
                str(step.what),
                officer,
                notice=step.item or None,
                facts=step.answers or None,
            ),
        )

    def _reopen(self, step: Step) -> None:
        self._office.casework.reopen_case(
            self.reference, str(step.what), self._officer(step)
        )

    def _refusable(self, step: Step, work: Callable[[], object]) -> None:
        """Do it, or see that it is turned away for the reason that was expected."""
        if step.refused is None:
            try:
                work()
            except InvalidAnswers as error:
                told = "; ".join(f"{k}: {text}" for k, text in error.errors.items())
                raise Unmet(f"The answers were refused: {told}.") from error
            return
        try:
            work()
        except InvalidAnswers as error:
            _same_refusal(step.refused, error.errors)
        except EngineError as error:
            _same_refusal(step.refused, {"": str(error)})
        else:
            raise Unmet(
                f"It was expected to be refused ({_in_words(step.refused)}), "
                "but it was accepted."
            )

    # Time

    def _wait(self, step: Step) -> None:
        assert isinstance(step.what, Length)
        calendar = self._office.periods.calendar
        self._move_to(after(self._clock.now(), step.what, calendar))

    def _until(self, step: Step) -> None:
        assert isinstance(step.what, datetime)
        if step.what < self._clock.now():
            if self._patience:
                self._late = self._clock.now() - step.what
                return
            now = self._clock.now().astimezone(LONDON)
            raise Unmet(f"It is already {now:%d %B %Y, %H:%M}.")
        self._move_to(step.what)
        self._late = timedelta(0)

    def _move_to(self, target: datetime) -> None:
        let_pass(self._office, self._clock, self.of, until=target)

    def _fire_due(self) -> None:
        """Fire what is due already: a running system would within the minute."""
        self._move_to(self._clock.now())

    def check_end(self) -> None:
        """The story's process has ended where the story says that it ends."""
        self.witness.check_end()


def _same_refusal(wanted: str | Mapping[str, str], errors: Mapping[str, str]) -> None:
    if isinstance(wanted, str):
        if not any(wanted.casefold() in text.casefold() for text in errors.values()):
            raise Unmet(
                f"Expected to be refused with “{wanted}”; the reason was "
                f"“{'; '.join(errors.values())}”."
            )
        return
    for key, text in wanted.items():
        if text.casefold() not in errors.get(key, "").casefold() or key not in errors:
            found = "; ".join(f"{k}: {v}" for k, v in errors.items())
            raise Unmet(
                f"Expected “{key}” to be refused with “{text}”; refused was “{found}”."
            )


def _in_words(refused: str | Mapping[str, str]) -> str:
    if isinstance(refused, str):
        return refused
    return "; ".join(f"{key}: {text}" for key, text in refused.items())
