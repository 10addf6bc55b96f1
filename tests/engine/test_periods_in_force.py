"""Cases on an older version go on counting by a period that is in force no more."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta

import pytest
import small_office as small
import small_studio
import yaml
from conftest import STARTS
from small_studio import DIAGRAM, Studio

from engine.errors import UnknownPeriod

FILES = small_studio.files()
OWN, TITLE = "second_chase", "Second chase"


def counted_by_own() -> dict[str, bytes]:
    """The chase is counted by a period that no release before it had."""
    whole = yaml.safe_load(FILES["periods.yaml"])
    standards = whole["service_standards"]
    standards[OWN] = {**deepcopy(standards["visit_priority_2"]), "title": TITLE}
    old = b'deadline("visit_priority_2", received_on)'
    new = f'deadline("{OWN}", received_on)'.encode()
    assert old in FILES[DIAGRAM]
    return {
        "periods.yaml": yaml.safe_dump(whole).encode(),
        DIAGRAM: FILES[DIAGRAM].replace(old, new),
    }


def test_a_case_counts_by_the_period_that_its_version_knows(
    both_studio: Studio,
) -> None:
    studio, office = both_studio, both_studio.office
    studio.publish(counted_by_own())
    reference = small.report(office, "visit")
    office.drafts.roll_back(1, "Nobody is free to chase.", studio.mark)

    small.go_to(office, (STARTS + timedelta(days=4)).date())
    office.casework.sweep()

    chase = small.task(office, reference, studio.mark, "chase_visit")
    assert chase.due_on == date(2026, 3, 23)
    assert not office.records.case(reference, studio.mark).incidents
    seen = office.records.task(chase.id, studio.mark)
    assert [reason.title for reason in seen.reasons] == [TITLE]


def test_what_is_in_force_no_more_is_not_listed_and_not_drawn_anew(
    studio: Studio,
) -> None:
    studio.publish(counted_by_own())
    studio.office.drafts.roll_back(1, "Nobody is free to chase.", studio.mark)

    listed = {p.key for p in studio.office.records.periods(studio.olive)}
    assert OWN not in listed
    draft = studio.draft({DIAGRAM: counted_by_own()[DIAGRAM]})
    found = studio.office.drafts.check(draft, studio.mark)
    assert any(OWN in problem.problem for problem in found)


def test_a_period_that_no_release_had_stays_unknown(studio: Studio) -> None:
    with pytest.raises(UnknownPeriod, match="no period called “never_was”"):
        studio.office.records.explain("never_was", STARTS.date(), studio.olive)
