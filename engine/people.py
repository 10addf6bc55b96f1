"""Who can sign in, and signing in. Functions take a session and never commit."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Session

from engine import permissions
from engine.errors import InvalidAnswers, NotFound, SignInFailed
from engine.models import Council, Person, Task
from engine.permissions import ROLES
from engine.views import Officer

ATTEMPTS_BEFORE_LOCK = 10
LOCKED_FOR = timedelta(minutes=15)
SHORTEST_PASSWORD = 10

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_urlsafe(24))
"""Of a password that nobody knows."""


def officer_view(person: Person, council_title: str) -> Officer:
    return Officer(
        id=person.id,
        username=person.username,
        name=person.name,
        email=person.email,
        roles=tuple(person.roles),
        council=person.council,
        council_name=council_title,
        is_active=person.is_active,
    )


def find(session: Session, person_id: str) -> Officer:
    """The person of that id. Raises NotFound."""
    row = session.execute(
        sa.select(Person, Council.title)
        .join(Council, Council.name == Person.council)
        .where(Person.id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such person.")
    return officer_view(row[0], row[1])


def add(
    session: Session,
    council: str,
    *,
    username: str,
    name: str,
    email: str,
    roles: Iterable[str],
    password: str | None,
) -> Officer:
    """A new account. Raises InvalidAnswers naming what is wrong with it.

    Without a password nobody can sign in with it."""
    given = tuple(roles)
    errors = {}
    if unknown := [role for role in given if role not in ROLES]:
        errors["roles"] = (
            f"‘{unknown[0]}’ is not a role. Choose from {', '.join(ROLES)}."
        )
    if password is not None and len(password) < SHORTEST_PASSWORD:
        errors["password"] = (
            f"The password must have at least {SHORTEST_PASSWORD} characters."
        )
    if session.scalar(sa.select(Person.id).where(Person.username == username.lower())):
        errors["username"] = f"There is already somebody called ‘{username}’."
    stored_council = session.get(Council, council)
    if stored_council is None:
        errors["council"] = f"There is no council called ‘{council}’."
    if errors or stored_council is None:
        raise InvalidAnswers(errors)
    person = Person(
        council=council,
        username=username.lower(),
        name=name,
        email=email,
        roles=list(given),
        password_hash=_NOBODY if password is None else _hasher.hash(password),
    )
    session.add(person)
    session.flush()
    return officer_view(person, stored_council.title)


def password_hash(session: Session, username: str) -> str:
    """The hash to compare with. Wrong names cost the same time as wrong passwords."""
    found = session.scalar(
        sa.select(Person.password_hash).where(
            Person.username == username.strip().lower()
        )
    )
    return found or _NOBODY


def matches(password_hash: str, password: str) -> bool:
    """Slow on purpose: call it outside any transaction."""
    try:
        return _hasher.verify(password_hash, password)
    except VerificationError:
        return False


def record_sign_in(
    session: Session, username: str, is_right: bool, *, now: datetime
) -> tuple[Officer | None, str]:
    """Who signs in, or None and the sentence that says why not.

    After ten wrong passwords in a row the account is locked for fifteen minutes."""
    person = session.scalar(
        sa.select(Person)
        .where(Person.username == username.strip().lower())
        .with_for_update()
    )
    if person is None or not person.is_active:
        return None, (SignInFailed.__doc__ or "").strip()
    if person.locked_until_at is not None and person.locked_until_at > now:
        return None, (
            "This account is locked after too many wrong passwords. "
            "Try again in 15 minutes."
        )
    if not is_right:
        person.failed_sign_ins += 1
        if person.failed_sign_ins >= ATTEMPTS_BEFORE_LOCK:
            person.locked_until_at = now + LOCKED_FOR
            person.failed_sign_ins = 0
        return None, (SignInFailed.__doc__ or "").strip()
    person.failed_sign_ins = 0
    person.locked_until_at = None
    return find(session, person.id), ""


def set_active(
    session: Session, council: str, username: str, is_active: bool
) -> Officer:
    """Let somebody sign in again, or stop them. Raises NotFound."""
    person = session.scalar(
        sa.select(Person).where(
            Person.username == username.lower(), Person.council == council
        )
    )
    if person is None:
        raise NotFound(f"There is nobody called ‘{username}’ in this council.")
    person.is_active = is_active
    return find(session, person.id)


def why_not(
    session: Session, officer: Officer, case_id: str, properties: Mapping[str, str]
) -> str:
    """Why a task's properties `not_by` and `only_by` keep somebody from it; else ''.

    Each names elements, separated by commas; who completed them on the case counts."""
    wanted = {
        name: [e.strip() for e in properties.get(name, "").split(",") if e.strip()]
        for name in ("not_by", "only_by")
    }
    elements = [element for named in wanted.values() for element in named]
    if not elements:
        return ""
    rows = session.execute(
        sa.select(Task.element, Task.completed_by_id).where(
            Task.case_id == case_id,
            Task.element.in_(elements),
            Task.state == "completed",
        )
    ).all()
    did = {
        name: {str(person) for element, person in rows if element in named}
        for name, named in wanted.items()
    }
    return permissions.why_not_this_person(
        officer,
        not_by=properties.get("not_by", ""),
        only_by=properties.get("only_by", ""),
        did_not_by=did["not_by"],
        did_only_by=did["only_by"],
    )
