"""Who may see or do what, from lanes and roles. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from engine.errors import NotFound, NotPermitted
from engine.views import Officer

ROLES: Mapping[str, str] = MappingProxyType(
    {
        "officer": "Enforcement officer",
        "senior_officer": "Senior officer",
        "manager": "Enforcement manager",
        "authorising_officer": "Authorising officer",
        "legal": "Legal",
        "administrator": "Administrator",
    }
)
"""Each role with the name that its lane bears."""

_BY_LANE = {lane: role for role, lane in ROLES.items()}

_COVERS: Mapping[str, frozenset[str]] = {
    "senior_officer": frozenset({"officer"}),
    "manager": frozenset({"officer", "senior_officer"}),
}

CASEWORKERS = frozenset(ROLES) - {"administrator"}
SEE_COMPLAINANTS = frozenset({"officer", "senior_officer", "manager", "legal"})
"""Those who talk to complainants or take their statements (Maldon policy 4.4.5)."""


def role_of_lane(lane: str) -> str | None:
    """The role that a lane's name stands for, or None where it stands for none."""
    return _BY_LANE.get(lane.strip())


def roles_held(officer: Officer) -> frozenset[str]:
    """The officer's own roles with those that they cover for."""
    held = set(officer.roles)
    for role in officer.roles:
        held |= _COVERS.get(role, frozenset())
    return frozenset(held)


def covered_by(role: str) -> frozenset[str]:
    """The roles whose tasks somebody with this role may do beside their own."""
    return _COVERS.get(role, frozenset())


def may_do(officer: Officer, role: str) -> bool:
    return role in roles_held(officer)


def require_role(officer: Officer, role: str) -> None:
    if not may_do(officer, role):
        raise NotPermitted(
            f"This task is for the role ‘{ROLES.get(role, role)}’. "
            "Ask somebody who has it, or an administrator to give it to you."
        )


def works_on_cases(officer: Officer) -> bool:
    """Administrators look after accounts, and open no case."""
    return bool(CASEWORKERS.intersection(officer.roles))


def require_caseworker(officer: Officer) -> None:
    if not works_on_cases(officer):
        raise NotPermitted("Your account cannot work on cases.")


def require_council(officer: Officer, council: str) -> None:
    """Another council does not exist for an officer."""
    if officer.council != council:
        raise NotFound(f"There is no council called ‘{council}’ here.")


def may_see_complainants(officer: Officer) -> bool:
    return bool(SEE_COMPLAINANTS.intersection(officer.roles))


def require_manager(officer: Officer) -> None:
    if "manager" not in officer.roles:
        raise NotPermitted("Only an enforcement manager can do this.")


def may_review(officer: Officer) -> bool:
    """Managers make and review drafts; legal reviews them."""
    return bool({"manager", "legal"}.intersection(officer.roles))


def require_reviewer(officer: Officer) -> None:
    if not may_review(officer):
        raise NotPermitted("Only an enforcement manager or legal can see this.")


def why_not_this_person(
    officer: Officer,
    *,
    not_by: str,
    only_by: str,
    did_not_by: Collection[str],
    did_only_by: Collection[str],
) -> str:
    """Why this person may not do a task that names who did another; '' if they may.

    `did_…` hold the ids of the people who completed the elements named."""
    if not_by and officer.id in did_not_by:
        return (
            "You completed the step that this one checks. "
            "A second person must complete this one."
        )
    if only_by and officer.id not in did_only_by:
        return "Only an officer who has seen the site can complete this step."
    return ""
