"""Nobody authorises their own recommendation, whatever roles they hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from conftest import PASSWORD, hire

from engine import NotPermitted, Office, Officer, Report

ASKED = {
    "authority_summary": "An enforcement notice about the depot at Saltcote Yard.",
    "authority_reasons": "The harm is lasting and two letters changed nothing.",
    "report_reference": "ENF/R/2026/041",
    "report_made_on": date(2026, 3, 2),
}
GIVEN = {
    "authority_decision": "given",
    "decision_reasons": "The record is complete.",
    "decision_reference": "DD/2026/118",
    "decided_on": date(2026, 3, 2),
}


@pytest.fixture
def ada(sqlite_office: Office) -> Officer:
    """A manager who is an authorising officer as well."""
    return sqlite_office.casework.add_officer(
        "maldon",
        "ada",
        "Ada Marsh",
        email="ada@maldon.example",
        roles=["manager", "authorising_officer"],
        password=PASSWORD,
    )


@pytest.fixture
def reference(sqlite_office: Office, ada: Officer) -> str:
    """A case on which Ada has asked for authority."""
    found = sqlite_office.casework.report_breach(
        Report(
            address="Saltcote Yard, Mill Lane, Goldhanger CM9 8ZZ",
            description="A field is used as a depot.",
            breach_type="changeOfUse",
            harm_described="Noise from 5 am.",
            process="authority",
            facts={"action_for_authority": "enforcement_notice"},
        ),
        None,
    )
    do(sqlite_office, found, "ask_for_authority", ada, ASKED)
    return found


def do(
    office: Office, reference: str, element: str, by: Officer, answers: dict[str, Any]
) -> None:
    case = office.records.case(reference, by)
    task = next(task for task in case.tasks if task.element == element)
    office.casework.complete_task(task.id, answers, by)


def test_a_person_with_both_roles_may_not_authorise_what_they_asked_for(
    sqlite_office: Office, reference: str, ada: Officer
) -> None:
    with pytest.raises(NotPermitted, match="second person"):
        do(sqlite_office, reference, "authorise_action", ada, GIVEN)


def test_another_authorising_officer_may_authorise_it(
    sqlite_office: Office, reference: str
) -> None:
    ben = hire(sqlite_office, "authorising_officer", "Ben Reeve")

    do(sqlite_office, reference, "authorise_action", ben, GIVEN)

    assert not sqlite_office.records.case(reference, ben).tasks
