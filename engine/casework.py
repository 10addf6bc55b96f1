"""The commands on cases: each is one use case and one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from engine import (
    database,
    opening,
    people,
    permissions,
    publishing,
    runs,
    timekeeping,
    urgency,
    working,
)
from engine.commanding import Commands
from engine.errors import (
    CaseChanged,
    NotFound,
    NotPermitted,
    SignInFailed,
    WorkflowFailed,
)
from engine.models import Council
from engine.opening import Report
from engine.periods_in_force import PeriodsInForce
from engine.publishing import About, Published
from engine.runs import Desk
from engine.views import Completed, Officer


class Casework(Commands):
    """Commands on cases. `officer` is None for the public and for the system.

    Each raises NotFound for what another council owns, and NotPermitted for what
    the officer's roles do not allow; nothing is then changed."""

    # Cases

    def report_breach(self, report: Report, officer: Officer | None = None) -> str:
        """Record a report and open its case. Returns the case's reference.

        Raises InvalidAnswers where the place, nature or harm is missing. Where the
        first step of the process breaks, the report is kept and an incident waits."""
        if officer is not None:
            permissions.require_caseworker(officer)
            permissions.require_council(officer, report.council)
        try:
            return self._command(
                officer, lambda desk: opening.report_breach(desk, report)
            )
        except WorkflowFailed as error:
            failure = error
        return self._command(
            officer, lambda desk: opening.keep_report(desk, report, failure)
        )

    def start_process(
        self,
        reference: str,
        process: str,
        officer: Officer,
        *,
        notice: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> str:
        """Start a further process on a case, for one of its notices where it needs it.

        Returns the instance's id. Raises InvalidAnswers where a notice is missing."""
        return self._command(
            officer,
            lambda desk: opening.start_process(
                desk, reference, process, officer, notice=notice, facts=facts or {}
            ),
        )

    def reopen_case(self, reference: str, reason: str, officer: Officer) -> str:
        """Open a closed case again. Returns the new instance's id."""
        return self._command(
            officer,
            lambda desk: opening.reopen_case(desk, reference, reason, officer),
        )

    def send_message(
        self,
        reference: str,
        name: str,
        payload: Mapping[str, Any],
        officer: Officer | None,
        *,
        notice: str | None = None,
    ) -> None:
        """Send a BPMN message to the processes of a case; kept until one waits."""

        if officer is not None:
            permissions.require_caseworker(officer)

        def work(desk: Desk) -> None:
            case = opening.find_case(desk, reference, officer)
            runs.send(desk, case, name, notice or "", payload)
            title = name.replace("_", " ").capitalize()
            desk.note("message_sent", title, case, data=payload)
            runs.deliver_messages(desk, case)

        self._command(officer, work)

    # Tasks

    def complete_task(
        self, task_id: str, answers: Mapping[str, Any], officer: Officer
    ) -> Completed:
        """Answer a task's form and run the process on to the next people.

        Raises TaskNotReady (with who did it), InvalidAnswers (nothing is changed)
        and WorkflowFailed (an incident is recorded, the answers kept as a draft)."""
        try:
            return self._command(
                officer,
                lambda desk: working.complete(desk, task_id, answers, officer),
            )
        except WorkflowFailed as error:
            failure = error
        self._command(
            officer,
            lambda desk: working.keep_failed(desk, task_id, answers, failure, officer),
        )
        raise failure

    def correct_answers(
        self, task_id: str, answers: Mapping[str, Any], reason: str, officer: Officer
    ) -> None:
        """Put right what a completed task answered. Before and after are kept.

        Dates that depend on it move; nothing that was issued changes."""
        self._command(
            officer,
            lambda desk: working.correct(desk, task_id, answers, reason, officer),
        )

    def save_draft(
        self, task_id: str, raw: Mapping[str, Any], officer: Officer
    ) -> None:
        """Keep what was typed, unchecked."""

        def work(desk: Desk) -> None:
            working.find_ready_task(desk, task_id, officer).draft = dict(raw)

        self._command(officer, work)

    def claim_task(self, task_id: str, officer: Officer) -> None:
        """Take a task that nobody has. Raises NotPermitted where somebody has it."""
        self._command(officer, lambda desk: working.claim(desk, task_id, officer))

    def release_task(self, task_id: str, officer: Officer) -> None:
        """Give a task back to the team."""
        self._command(officer, lambda desk: working.release(desk, task_id, officer))

    def reassign_task(self, task_id: str, to_officer_id: str, officer: Officer) -> None:
        """Give a task to somebody else who may do it. Managers only."""
        self._command(
            officer,
            lambda desk: working.reassign(desk, task_id, to_officer_id, officer),
        )

    def retry_incident(self, incident_id: str, officer: Officer) -> None:
        """Try a failed step again after the diagram or the facts are mended."""
        permissions.require_manager(officer)
        self._command(
            officer, lambda desk: timekeeping.retry(desk, incident_id, officer)
        )

    # Time

    def sweep(self, limit: int = 500, of: tuple[str, str] | None = None) -> int:
        """Fire what is due, each instance in its own transaction.

        Returns the number of timers that were due. Reads only the due rows; those of
        one case where its council and reference are given. A case that will soon be
        immune is given the priority of such cases first."""
        with database.reading(self._engine) as session:
            now, today = self._clock.now(), self._clock.today()
            periods = PeriodsInForce(session, self._periods)
            urgent = urgency.to_raise(session, today, periods, of)
            due = timekeeping.due_instances(session, now, limit, of)
        for instance_id in urgent:
            self._raise_priority(instance_id)
        fired = 0
        for instance_id, count in due:
            fired += self._fire(instance_id, count)
        return fired

    def _raise_priority(self, instance_id: str) -> None:
        try:
            self._command(None, lambda desk: urgency.raise_priority(desk, instance_id))
        except CaseChanged:
            return
        except WorkflowFailed as error:
            failure = error
        else:
            return
        self._command(None, lambda desk: timekeeping.hold(desk, instance_id, failure))

    def _fire(self, instance_id: str, count: int) -> int:
        try:
            self._command(None, lambda desk: timekeeping.fire(desk, instance_id))
            return count
        except CaseChanged:
            return 0
        except WorkflowFailed as error:
            failure = error
        self._command(None, lambda desk: timekeeping.hold(desk, instance_id, failure))
        return 0

    def carry_out_effects(self, limit: int = 500) -> int:
        """Carry out what service tasks asked for, once each. Returns how many."""
        return self._command(None, lambda desk: timekeeping.carry_out(desk, limit))

    def move_clock(self, to: datetime) -> int:
        """Demonstration only: move the date forward, firing each timer at its time.

        Returns the number of timers fired."""
        if not self._is_demonstration:
            raise NotPermitted("The date can only be moved in demonstration mode.")
        fired = 0
        while True:
            with database.reading(self._engine) as session:
                due = timekeeping.next_due(session)
            moment = to if due is None else min(due, to)
            self._command(None, partial(timekeeping.shift_clock, to=moment))
            if due is None or due > to:
                return fired
            fired += self.sweep()

    # Councils, people and definitions

    def add_council(self, name: str) -> None:
        """Make a council known, with the title of its preset. Safe to repeat."""

        def work(desk: Desk) -> None:
            if desk.session.get(Council, name) is None:
                title = desk.periods.for_council(name).title
                desk.session.add(Council(name=name, title=title))

        self._command(None, work)

    def publish(
        self,
        files: Mapping[str, bytes],
        council: str,
        officer: Officer | None = None,
        note: str = "",
    ) -> tuple[str, ...]:
        """Publish these files, and leave processes that are not among them as they are.

        Returns the processes that changed. Raises DefinitionError with every problem,
        and then changes nothing."""
        return self._publish(files, council, officer, note, is_whole=False).processes

    def publish_all(
        self,
        files: Mapping[str, bytes],
        council: str,
        officer: Officer | None = None,
        note: str = "",
    ) -> Published:
        """Publish the whole of a council's files: what is not among them is taken out.

        Raises DefinitionError with every problem, and then changes nothing."""
        return self._publish(files, council, officer, note, is_whole=True)

    def _publish(
        self,
        files: Mapping[str, bytes],
        council: str,
        officer: Officer | None,
        note: str,
        *,
        is_whole: bool,
    ) -> Published:
        if officer is not None:
            permissions.require_council(officer, council)
            permissions.require_manager(officer)

        def work(desk: Desk) -> Published:
            if desk.session.get(Council, council) is None:
                raise NotFound(f"There is no council called ‘{council}’.")
            by = officer.name if officer is not None else ""
            about = About(at=desk.now, by=by, note=note)
            return publishing.publish(
                desk.session,
                council,
                files,
                self._periods,
                about=about,
                is_whole=is_whole,
            )

        return self._command(officer, work)

    def add_officer(
        self,
        council: str,
        username: str,
        name: str,
        *,
        email: str,
        roles: Sequence[str],
        password: str | None,
    ) -> Officer:
        """A new account; nobody can sign in with one that has no password.

        Raises InvalidAnswers."""
        return self._command(
            None,
            lambda desk: people.add(
                desk.session,
                council,
                username=username,
                name=name,
                email=email,
                roles=roles,
                password=password,
            ),
        )

    def set_active(self, username: str, council: str, is_active: bool) -> Officer:
        """Let somebody sign in again, or stop them."""
        return self._command(
            None,
            lambda desk: people.set_active(desk.session, council, username, is_active),
        )

    def sign_in(self, username: str, password: str) -> Officer:
        """Who has this name and password. Raises SignInFailed; failures are kept."""
        with database.reading(self._engine) as session:
            password_hash = people.password_hash(session, username)
        is_right = people.matches(password_hash, password)
        officer, refusal = self._command(
            None,
            lambda desk: people.record_sign_in(
                desk.session, username, is_right, now=desk.now
            ),
        )
        if officer is None:
            raise SignInFailed(refusal)
        return officer
