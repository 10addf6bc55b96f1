"""The six steps from a change to its publication, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass

from engine import DraftView, Officer
from webui.words import moment


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the list: where it leads and how it stands."""

    title: str
    hint: str
    href: str
    status: str
    colour: str = ""
    """Of the tag; empty where the status is plain text, as it is for what is done."""


def steps(draft: DraftView, problems: int, officer: Officer) -> tuple[Step, ...]:
    """Change, check, rehearse, compare, review, publish.

    `problems` is how many the check finds. Legal reads and reviews, so two steps lead
    nowhere for them."""
    here = f"/studio/drafts/{draft.id}"
    edits = officer.has_role("manager")
    return (
        _change(draft, f"{here}/files" if edits else ""),
        _check(problems, f"{here}/problems"),
        _rehearse(draft, f"{here}/rehearsals"),
        _compare(draft, f"{here}/compare"),
        _review(draft, f"{here}/review"),
        _publish(draft, problems, f"{here}/publish" if edits else ""),
    )


def counted(number: int, word: str) -> str:
    """1 file, 2 files."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _change(draft: DraftView, href: str) -> Step:
    number = len(draft.changes)
    return Step(
        title="Change",
        hint="Open a diagram, a form, a table or the periods, and change it",
        href=href,
        status=f"{counted(number, 'file')} changed" if number else "Nothing changed",
        colour="" if number else "blue",
    )


def _check(problems: int, href: str) -> Step:
    return Step(
        title="Check",
        hint="What would hurt a case, and what to do about it",
        href=href,
        status=counted(problems, "problem") if problems else "No problems",
        colour="red" if problems else "",
    )


def _compare(draft: DraftView, href: str) -> Step:
    return Step(
        title="Compare",
        hint="What is different from the procedure as it runs, in words and side by "
        "side",
        href=href if draft.changes else "",
        status="Ready to read" if draft.changes else "Nothing to compare",
    )


def _rehearse(draft: DraftView, href: str) -> Step:
    status, colour = _rehearsed(draft)
    return Step(
        title="Rehearse",
        hint="Tell the stories, play a case by hand, give real cases’ answers again",
        href=href,
        status=status,
        colour=colour,
    )


def _rehearsed(draft: DraftView) -> tuple[str, str]:
    latest = draft.rehearsal
    if latest is None:
        return "Not rehearsed", "blue"
    if not latest.is_current:
        return "Changed since the rehearsal", "yellow"
    if latest.state in ("waiting", "running"):
        return f"{latest.done} of {latest.total} stories told", "light-blue"
    if latest.state != "finished":
        return "Not finished", "yellow"
    if not latest.total:
        return "No story goes through it", ""
    if latest.failed:
        return f"{latest.failed} of {latest.total} stories failed", "red"
    return f"All {latest.total} stories passed", ""


def _review(draft: DraftView, href: str) -> Step:
    hint = "Somebody other than the author reads the change and approves it"
    if not draft.needs_review:
        hint = "Your council publishes this change without a second person"
    status, colour = {
        "open": ("Not sent for review", "blue"),
        "in_review": ("Waiting for a review", "yellow"),
        "approved": (f"Approved by {draft.reviewed_by}", ""),
        "published": ("Reviewed", ""),
        "withdrawn": ("Withdrawn", "grey"),
    }[draft.state]
    if draft.state == "open" and draft.review_note:
        status, colour = "Sent back", "orange"
    return Step(
        title="Review",
        hint=hint,
        href=href,
        status=status,
        colour=colour,
    )


def _publish(draft: DraftView, problems: int, href: str) -> Step:
    status, colour = "Cannot be published yet", "grey"
    if draft.state == "published":
        status, colour = "Published", ""
    elif draft.state == "withdrawn":
        status, colour = "Withdrawn", "grey"
    elif draft.publish_at:
        status, colour = f"On {moment(draft.publish_at)}", "turquoise"
    elif not draft.needs and not problems:
        status, colour = "Ready to publish", "green"
    return Step(
        title="Publish",
        hint="New cases follow the change from then on; running cases can be moved",
        href=href,
        status=status,
        colour=colour,
    )
