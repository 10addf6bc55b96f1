"""The studio's pages: managers change the procedure, legal reviews the change.

Each module is one kind of page with its own blueprint. The engine decides who may do
what; the two functions here turn others away at the door."""

from __future__ import annotations

from flask import Blueprint

from engine import NotPermitted
from webui.here import officer


def for_managers(pages: Blueprint) -> Blueprint:
    """Only enforcement managers get to these pages."""
    pages.before_request(require_manager)
    return pages


def for_reviewers(pages: Blueprint) -> Blueprint:
    """Enforcement managers and legal get to these pages."""
    pages.before_request(_require_reviewer)
    return pages


def require_manager() -> None:
    """Turn away everybody but enforcement managers."""
    if not officer().has_role("manager"):
        raise NotPermitted("Only an enforcement manager can change the procedure.")


def _require_reviewer() -> None:
    if not (officer().has_role("manager") or officer().has_role("legal")):
        raise NotPermitted(
            "Only an enforcement manager or legal can see a change of the procedure."
        )
