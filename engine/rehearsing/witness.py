"""Sees how the case of a story stands: finds the task that a step means, and says what
is not as the story expects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.rehearsing.expectations import Found, Unmet, check_data, check_due, names_of
from engine.rehearsing.glance import Glance
from engine.rehearsing.story import Place, Step, Story
from engine.views import InstanceView, Officer, TaskLine

if TYPE_CHECKING:
    from engine import Office


@dataclass(frozen=True)
class Witness:
    """Looks at one case at one moment. Raises Unmet."""

    story: Story
    office: Office
    reference: str
    officer: Officer

    @property
    def glance(self) -> Glance:
        return Glance(
            self.office.engine,
            self.story.council,
            self.reference,
            self.office.clock.now(),
        )

    def check_incidents(self) -> None:
        """No step has failed."""
        for incident in self.glance.incidents():
            raise Unmet(
                f"A step failed: {incident.process}, {incident.element}: "
                f"{incident.message}"
            )

    def ready_task(self, step: Step) -> TaskLine:
        """The one task that the step means."""
        found = self._meant(step, self.glance.ready())
        if not found:
            raise Unmet(f"The task {step.what} is not ready.")
        if len(found) > 1:
            described = ", ".join(describe(task) for task in found)
            raise Unmet(
                f"{len(found)} tasks {step.what} are ready ({described}): say which, "
                "with  in:  or  for: ."
            )
        return found[0]

    def defaults(self, task: TaskLine) -> Mapping[str, Any]:
        """What the task's page shows before anybody has typed."""
        form = self.glance.form(task, self.office.library)
        if not _has_defaults(form["components"]):
            return {}
        return self.office.records.task(task.id, self.officer).initial

    def completed_task(self, step: Step) -> TaskLine:
        """The last completed task that the step means."""
        found = self._meant(step, self.glance.completed())
        if not found:
            raise Unmet(f"The task {step.what} has not been completed.")
        return max(found, key=lambda task: task.created_at)

    def _meant(self, step: Step, tasks: Iterable[TaskLine]) -> list[TaskLine]:
        return [task for task in self._within(step, tasks) if task.element == step.what]

    def _within(self, step: Step, tasks: Iterable[TaskLine]) -> list[TaskLine]:
        """The tasks of the process, recipient or notice that the step names."""
        about = [task for task in tasks if _is_for(task, step.item)]
        place = step.place
        if place is None:
            return about
        instances = self._instances(place)
        return [
            task
            for task in about
            if task.instance_id in instances
            or (task.process == place.process and not place.number)
        ]

    def _instances(self, place: Place) -> set[str]:
        """The instances of that process that stand on their own, or the n-th one."""
        found = [i for i in self.glance.instances() if i.process == place.process]
        if not place.number:
            return {instance.id for instance in found}
        if place.number > len(found):
            raise Unmet(f"The case has only {len(found)} of {place.process}.")
        return {found[place.number - 1].id}

    def check(self, step: Step) -> None:
        """Everything that the step expects is so."""
        wanted: Mapping[str, Any] = step.what
        self._check_tasks(wanted, self._within(step, self.glance.ready()))
        if "data" in wanted:
            check_data(wanted["data"], self._facts(step))
        if "ended" in wanted:
            self._check_ended(bool(wanted["ended"]))
        if "status" in wanted or "notices" in wanted:
            self._check_case(wanted)
        if "sent" in wanted:
            self._check_sent(wanted["sent"])

    def _check_tasks(self, wanted: Mapping[str, Any], tasks: list[TaskLine]) -> None:
        ready = Counter(task.element for task in tasks)
        if missing := names_of(Counter(wanted.get("ready", ())) - ready):
            raise Unmet(f"Expected to be ready: {missing}.")
        if there := [name for name in wanted.get("not_ready", ()) if name in ready]:
            raise Unmet(f"Expected not to be ready: {', '.join(there)}.")
        if "only_ready" in wanted and Counter(wanted["only_ready"]) != ready:
            raise Unmet(
                "Expected only these to be ready: "
                f"{', '.join(wanted['only_ready']) or 'nothing'}."
            )
        check_due(wanted.get("due", {}), tasks)

    def _facts(self, step: Step) -> Found:
        """The facts to look in, those of the process meant first."""
        everything = self.office.records.facts(self.reference, self.officer)
        meant = self._instances(step.place or Place(self.story.process))
        order = sorted(everything, key=lambda instance: instance not in meant)
        return Found.of(everything[instance] for instance in order)

    def _check_ended(self, wanted: bool) -> None:
        instance = self.main()
        if (instance.ended_at is not None) != wanted:
            state = "still running" if wanted else "ended"
            raise Unmet(f"The process {instance.process} is {state}.")

    def _check_case(self, wanted: Mapping[str, Any]) -> None:
        case = self.office.records.case(self.reference, self.officer)
        if "status" in wanted and case.status != wanted["status"]:
            raise Unmet(
                f"Expected the case to be {wanted['status']}; it is {case.status}."
            )
        statuses = {notice.reference: notice.status for notice in case.notices}
        for reference, status in wanted.get("notices", {}).items():
            if statuses.get(reference) != status:
                raise Unmet(
                    f"Expected the notice {reference} to be {status}; it is "
                    f"{statuses.get(reference, 'not there')}."
                )

    def _check_sent(self, wanted: list[str]) -> None:
        self.office.casework.carry_out_effects()
        case = self.office.records.case(self.reference, self.officer)
        sent = {
            str(event.data["template"])
            for event in case.events
            if event.data.get("template")
        }
        if unsent := [name for name in wanted if name not in sent]:
            raise Unmet(
                f"Expected letters to be sent: {', '.join(unsent)}; sent were "
                f"{', '.join(sorted(sent)) or 'none'}."
            )

    def main(self) -> InstanceView:
        """The latest instance of the story's own process."""
        own = [
            instance
            for instance in self.glance.instances()
            if instance.process == self.story.process
        ]
        return own[-1]

    def check_end(self) -> None:
        """The story's process has ended where the story says that it ends."""
        instance, wanted = self.main(), self.story.ends
        if instance.ended_at is None:
            raise Unmet(f"Expected to end at {wanted}, but it is still running.")
        if instance.end_element != wanted:
            raise Unmet(
                f"Expected to end at {wanted}; it ended at {instance.end_element}."
            )


def _has_defaults(components: Any) -> bool:
    return any(
        "defaultValue" in component
        or "default_from" in (component.get("properties") or {})
        or (component["type"] == "group" and _has_defaults(component["components"]))
        for component in components
    )


def _is_for(task: TaskLine, item: str) -> bool:
    wanted = item.casefold()
    return not wanted or wanted in (task.item_label.casefold(), task.notice.casefold())


def describe(task: TaskLine) -> str:
    """A task as a failed story lists it."""
    about = task.item_label or task.notice
    text = f"{task.element} ({task.role}"
    if about:
        text += f", for {about}"
    return f"{text}, in {task.process})"
