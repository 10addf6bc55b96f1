"""What stands in the way of publishing a draft; and its review. Never commits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import checks, permissions, publishing
from engine.checks import safeguards
from engine.checks.safeguards import LawChanged, SafeguardLost
from engine.errors import DraftNotReady, InvalidAnswers, NotPermitted, Problem
from engine.periods_in_force import PeriodsInForce
from engine.runs import Desk
from engine.studio import draft_files, drafting, rehearsing_gate
from engine.studio.tables import Draft
from engine.views import Officer

_OfLaw = tuple[tuple[SafeguardLost, ...], tuple[LawChanged, ...]]
KEPT = 64
_of_law_before: dict[str, _OfLaw] = {}

SETTING = "review_by_another"
"""The council's setting: another person reviews each change; yes unless it says no."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What was found in a draft's files at one revision."""

    revision: int
    base_id: str
    problems: tuple[Problem, ...] = ()
    lost: tuple[SafeguardLost, ...] = ()
    law: tuple[LawChanged, ...] = ()

    @property
    def counted(self) -> str:
        """How many problems there are, in a sentence."""
        if len(self.problems) == 1:
            return "The check finds 1 problem. Mend it first."
        return f"The check finds {len(self.problems)} problems. Mend them first."

    @property
    def named(self) -> str:
        """What the law sets and this changes, for a sentence."""
        names = [each.name for each in self.lost] + [each.title for each in self.law]
        return ", ".join(f"“{name}”" for name in dict.fromkeys(names))

    @property
    def is_grave(self) -> bool:
        """A reason and a second person are needed, whatever the council's setting."""
        return bool(self.lost or self.law)


@dataclass(frozen=True, kw_only=True)
class FileSets:
    """A draft's files, before and with it, as they were read."""

    draft_id: str
    revision: int
    base_id: str
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    content: str
    """What both sets are known by: equal sets, equal text."""


def read(session: Session, draft_id: str, officer: Officer) -> FileSets:
    return read_of(session, drafting.find(session, draft_id, officer))


def read_due(session: Session, draft_id: str) -> FileSets:
    """The files of a draft whose time has come."""
    return read_of(session, session.get_one(Draft, draft_id))


def read_of(session: Session, draft: Draft) -> FileSets:
    """The files of a draft before and after; those of both are read once."""
    base = draft_files.base_of(session, draft).files
    names = draft_files.names_of(session, draft)
    both = {f"before {n}": s for n, s in base.items()} | {
        f"after {n}": s for n, s in names.items()
    }
    contents = publishing.read_files(session, both)
    return FileSets(
        draft_id=draft.id,
        revision=draft.revision,
        base_id=draft.base_release_id,
        before={name: contents[f"before {name}"] for name in base},
        after={name: contents[f"after {name}"] for name in names},
        content=known_by(base, names),
    )


def known_by(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """One hash of two sets of files (name to SHA-256)."""
    written = repr((sorted(before.items()), sorted(after.items())))
    return hashlib.sha256(written.encode()).hexdigest()


def examine(files: FileSets, *, with_problems: bool = True) -> Findings:
    """Check a draft's files. Needs no database, and may take seconds the first time."""
    lost, law = _of_law(files)
    return Findings(
        revision=files.revision,
        base_id=files.base_id,
        problems=_problems(files) if with_problems else (),
        lost=lost,
        law=law,
    )


def _of_law(files: FileSets) -> _OfLaw:
    """What the files change of the law: looked for once, as pages ask often."""
    key = files.content
    if key not in _of_law_before:
        if len(_of_law_before) >= KEPT:
            _of_law_before.clear()
        _of_law_before[key] = (
            tuple(safeguards.lost(files.before, files.after)),
            tuple(safeguards.changed_law(files.before, files.after)),
        )
    return _of_law_before[key]


def _problems(files: FileSets) -> tuple[Problem, ...]:
    return tuple(each for each in checks.check(files.after) if not each.is_advice)


def wants_another(periods: PeriodsInForce, council: str) -> bool:
    """Whether the council, as it works now, has each change reviewed by another."""
    return bool(periods.for_council(council).setting(SETTING, True))


def needs(
    session: Session, periods: PeriodsInForce, draft: Draft, findings: Findings
) -> tuple[str, ...]:
    """What still stands in the way of publishing, one sentence each."""
    return tuple(_needs(session, periods, draft, findings))


def _needs(
    session: Session, periods: PeriodsInForce, draft: Draft, findings: Findings
) -> Iterator[str]:
    if not draft_files.rows_of(session, draft.id):
        yield "Nothing has been changed yet."
        return
    if findings.problems:
        yield findings.counted
    newest = publishing.newest_release(session, draft.council)
    if newest is not None and newest.id != draft.base_release_id:
        by = f" by {newest.published_by}" if newest.published_by else ""
        yield (
            f"Release {newest.number} was published{by} since this change was started. "
            "Bring the change up to date."
        )
    stories = rehearsing_gate.standing(session, draft)
    if not stories.passed:
        yield stories.sentence
    yield from _needs_of_review(periods, draft, findings)


def _needs_of_review(
    periods: PeriodsInForce, draft: Draft, findings: Findings
) -> Iterator[str]:
    if findings.is_grave and not draft.safeguard_reason:
        yield "It changes what the law sets. Give the reason when you ask for review."
    if not needs_review(periods, draft, findings):
        return
    if draft.state == "open":
        yield "Another person must review it. Ask for review."
    elif draft.state == "in_review":
        yield "Another person must review it."
    elif draft.reviewed_revision != draft.revision:
        yield "It was changed after its review. Ask for review again."


def needs_review(periods: PeriodsInForce, draft: Draft, findings: Findings) -> bool:
    return findings.is_grave or wants_another(periods, draft.council)


def why_not_review(
    session: Session,
    periods: PeriodsInForce,
    draft: Draft,
    officer: Officer,
    findings: Findings,
) -> str:
    """Why this person may not review the draft; '' where they may."""
    if not needs_review(periods, draft, findings):
        return ""
    if officer.id == draft.submitted_by_id:
        return "You asked for this review. Another person must do it."
    if officer.id in drafting.changed_by(session, draft):
        return "You changed files of this change. Another person must review it."
    return ""


def submit(
    desk: Desk, draft_id: str, officer: Officer, reason: str, findings: Findings
) -> None:
    """Ask another person for review. Raises DraftNotReady."""
    draft = drafting.find_open(desk, draft_id, officer)
    require_same(desk, draft, findings)
    if draft.state != "open":
        return
    draft.safeguard_reason = reason.strip() or draft.safeguard_reason
    if blocking := tuple(_before_review(desk, draft, findings)):
        raise DraftNotReady(blocking)
    if findings.is_grave and not draft.safeguard_reason:
        raise InvalidAnswers(
            {
                "safeguard_reason": f"It changes what the law sets: {findings.named}. "
                "Give the reason; another person must agree to it."
            }
        )
    draft.state = "in_review"
    draft.submitted_at, draft.submitted_by_id = desk.now, officer.id
    detail = draft.safeguard_reason if findings.is_grave else ""
    drafting.note(desk, draft, "Review asked for", detail=detail)


def _before_review(desk: Desk, draft: Draft, findings: Findings) -> Iterator[str]:
    if not draft_files.rows_of(desk.session, draft.id):
        yield "Nothing has been changed yet."
    if findings.problems:
        yield findings.counted


def require_same(desk: Desk, draft: Draft, findings: Findings) -> None:
    """The draft is still what was examined. Raises DraftChanged."""
    if (draft.revision, draft.base_release_id) != (findings.revision, findings.base_id):
        raise drafting.saved_since(desk.session, draft)


def approve(
    desk: Desk, draft_id: str, text: str, officer: Officer, findings: Findings
) -> None:
    """Another person agrees to the draft as it is now."""
    draft = _in_review(desk, draft_id, officer)
    require_same(desk, draft, findings)
    if refusal := why_not_review(desk.session, desk.periods, draft, officer, findings):
        raise NotPermitted(refusal)
    draft.state = "approved"
    draft.reviewed_at, draft.reviewed_by_id = desk.now, officer.id
    draft.reviewed_revision, draft.review_note = draft.revision, text.strip()
    drafting.note(desk, draft, "Approved", detail=draft.review_note)


def send_back(desk: Desk, draft_id: str, text: str, officer: Officer) -> None:
    """Give the draft back to be changed, with the reason."""
    draft = _in_review(desk, draft_id, officer)
    if not text.strip():
        raise InvalidAnswers({"note": "Say what has to be changed."})
    draft.state, draft.review_note = "open", text.strip()
    drafting.note(desk, draft, "Sent back", detail=draft.review_note)


def _in_review(desk: Desk, draft_id: str, officer: Officer) -> Draft:
    permissions.require_reviewer(officer)
    draft = drafting.find(desk.session, draft_id, officer, lock=True)
    drafting.require_open(draft)
    if draft.state != "in_review":
        raise DraftNotReady([f"Nobody has asked for a review of “{draft.title}”."])
    return draft
