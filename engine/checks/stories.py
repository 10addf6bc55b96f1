"""Finds the tasks, questions, processes and councils that stories name and that are not
there. Whether the stories can be told is for `rehearsal`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.checks.everything import Everything
from engine.errors import Problem
from engine.library import councils
from engine.rehearsing.story import Step, Story


def check(files: Mapping[str, bytes], everything: Everything) -> Iterator[Problem]:
    """What the stories name that is not there."""
    if everything.unread:
        return
    presets = councils(files)
    for story in everything.stories.values():
        yield from _story(story, everything, presets)


def _story(
    story: Story, everything: Everything, presets: tuple[str, ...]
) -> Iterator[Problem]:
    if story.process not in everything.processes:
        yield Problem(
            file=story.file,
            element="process",
            problem=f"There is no process “{story.process}”.",
            remedy=f"Use one of {', '.join(sorted(everything.processes))}.",
        )
    if presets and story.council not in presets:
        yield Problem(
            file=story.file,
            element="council",
            problem=f"There is no council “{story.council}”.",
            remedy=f"Use one of {', '.join(presets)}.",
        )
    for step in story.steps:
        yield from _step(story, step, everything)


def _step(story: Story, step: Step, everything: Everything) -> Iterator[Problem]:
    where = f"step {step.number}"
    forms = everything.forms_of_tasks
    if step.verb in ("do", "correct") and step.what not in forms:
        yield Problem(
            file=story.file,
            element=where,
            problem=f"There is no user task “{step.what}”.",
            remedy="Use the id of a user task of the diagrams.",
        )
    elif step.verb in ("do", "correct"):
        form = everything.forms.get(forms[step.what] or "")
        asked = {field.key for field in form.fields} if form else set(step.answers)
        for key in sorted(set(step.answers) - asked):
            yield Problem(
                file=story.file,
                element=where,
                problem=f"The form of “{step.what}” does not ask “{key}”.",
                remedy=f"It asks {', '.join(sorted(asked))}.",
            )
    elif step.verb == "start" and step.what not in everything.processes:
        yield Problem(
            file=story.file,
            element=where,
            problem=f"There is no process “{step.what}” to start.",
            remedy=f"Use one of {', '.join(sorted(everything.processes))}.",
        )
    elif step.verb == "expect":
        named = [
            task
            for key in ("ready", "not_ready", "only_ready", "due")
            for task in step.what.get(key, ())
        ]
        for task in named:
            if task not in forms:
                yield Problem(
                    file=story.file,
                    element=where,
                    problem=f"There is no user task “{task}”.",
                    remedy="Use the id of a user task of the diagrams.",
                )
