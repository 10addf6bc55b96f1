"""Who may do what follows from lanes and roles."""

from __future__ import annotations

import pytest

from engine import permissions
from engine.errors import NotFound, NotPermitted
from engine.views import Officer

ROLES = tuple(permissions.ROLES)


def person(*roles: str, id: str = "1", council: str = "maldon") -> Officer:
    return Officer(
        id=id,
        username="a.b",
        name="A B",
        email="a.b@council.example",
        roles=roles,
        council=council,
        council_name="Maldon District Council",
        is_active=True,
    )


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("officer", {"officer"}),
        ("senior_officer", {"officer", "senior_officer"}),
        ("manager", {"officer", "senior_officer", "manager"}),
        ("authorising_officer", {"authorising_officer"}),
        ("legal", {"legal"}),
        ("administrator", {"administrator"}),
    ],
)
def test_whose_tasks_a_role_may_do(role: str, may: set[str]) -> None:
    """Senior officers and managers cover for those below; nobody else does."""
    assert {each for each in ROLES if permissions.may_do(person(role), each)} == may


def test_a_person_with_two_roles_may_do_the_tasks_of_both() -> None:
    both = person("legal", "senior_officer")

    assert permissions.roles_held(both) == {"legal", "senior_officer", "officer"}


def test_a_lane_is_a_role_by_its_name() -> None:
    assert permissions.role_of_lane(" Enforcement manager ") == "manager"
    assert permissions.role_of_lane("Somebody") is None
    assert {permissions.role_of_lane(lane) for lane in permissions.ROLES.values()} == (
        set(ROLES)
    )


def test_the_refusal_names_the_role_in_words() -> None:
    with pytest.raises(NotPermitted, match="Authorising officer"):
        permissions.require_role(person("officer"), "authorising_officer")


def test_an_administrator_is_no_caseworker_and_sees_no_complainant() -> None:
    with pytest.raises(NotPermitted):
        permissions.require_caseworker(person("administrator"))
    assert not permissions.may_see_complainants(person("administrator"))
    assert not permissions.may_see_complainants(person("authorising_officer"))
    permissions.require_caseworker(person("administrator", "legal"))


def test_another_council_is_not_found() -> None:
    permissions.require_council(person("officer"), "maldon")
    with pytest.raises(NotFound):
        permissions.require_council(person("officer"), "east_herts")


@pytest.mark.parametrize(
    ("did_not_by", "did_only_by", "may"),
    [
        (set(), {"1"}, True),
        ({"2"}, {"1", "2"}, True),
        ({"1"}, {"1"}, False),
        ({"2"}, {"2"}, False),
        (set(), set(), False),
    ],
)
def test_a_second_person_who_has_seen_the_site(
    did_not_by: set[str], did_only_by: set[str], may: bool
) -> None:
    because = permissions.why_not_this_person(
        person("officer", id="1"),
        not_by="recommend",
        only_by="visit",
        did_not_by=did_not_by,
        did_only_by=did_only_by,
    )

    assert (because == "") is may
