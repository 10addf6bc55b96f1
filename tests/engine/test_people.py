"""Accounts, signing in, and who may do a task that another person's work bears on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import engine_models as draw
import pytest
import small_office as small
from conftest import PASSWORD

import engine
from engine.errors import InvalidAnswers, NotFound, NotPermitted, SignInFailed


def checked() -> dict[str, bytes]:
    """A visit, a score by whoever visited, and a signature by somebody else."""
    return small.drawn(
        "checked",
        [draw.start(), draw.user("visit", form="visit")]
        + [draw.user("score", form="score", only_by="visit")]
        + [draw.user("sign", form="sign", not_by="visit, score")]
        + [draw.user("file", form="file"), draw.end()],
        ["begin > visit > score > sign > file > done"],
    )


@pytest.fixture
def office(new_sqlite: Callable[[], str]) -> Iterator[engine.Office]:
    """An office with one small diagram, on SQLite."""
    opened = small.open_small(new_sqlite(), checked())
    yield opened
    opened.engine.dispose()


def test_only_who_saw_the_site_may_score_it(office: engine.Office) -> None:
    olive, tom = small.hire(office, "Olive Marsh"), small.hire(office, "Tom Creek")
    reference = small.report(office, "checked")
    small.do(office, reference, olive, "visit")

    with pytest.raises(NotPermitted, match="seen the site"):
        small.do(office, reference, tom, "score")
    score = small.task(office, reference, tom, "score")
    shown = office.records.task(score.id, tom)
    assert (shown.may_complete, "seen the site" in shown.may_not_because) == (
        False,
        True,
    )
    assert office.records.task(score.id, olive).may_complete

    small.do(office, reference, olive, "score")
    assert small.tasks(office, reference, olive) == ["sign"]


def test_nobody_signs_their_own_work(office: engine.Office) -> None:
    """Not even by correcting the answers of the second person who signed."""
    olive, mark = small.hire(office, "Olive Marsh"), small.hire(office, "M", "manager")
    reference = small.report(office, "checked")
    small.do(office, reference, olive, "visit")
    small.do(office, reference, olive, "score")

    with pytest.raises(NotPermitted, match="second person"):
        small.do(office, reference, olive, "sign")
    sign = small.task(office, reference, mark, "sign")
    small.do(office, reference, mark, "sign", sign_note="Refused")

    with pytest.raises(NotPermitted, match="second person"):
        office.casework.correct_answers(
            sign.id, {"sign_note": "Agreed"}, "I think so.", olive
        )
    office.casework.correct_answers(sign.id, {"sign_note": "Agreed"}, "Slip.", mark)
    (facts,) = office.records.facts(reference).values()
    assert facts[""]["sign_note"] == "Agreed"


def test_who_did_it_on_another_case_does_not_count(office: engine.Office) -> None:
    olive, tom = small.hire(office, "Olive Marsh"), small.hire(office, "Tom Creek")
    first, second = small.report(office, "checked"), small.report(office, "checked")
    small.do(office, first, olive, "visit")
    small.do(office, second, tom, "visit")

    with pytest.raises(NotPermitted):
        small.do(office, first, tom, "score")
    small.do(office, second, tom, "score")
    small.do(office, second, olive, "sign")
    assert small.tasks(office, second, olive) == ["file"]


def test_an_account_needs_a_known_role_a_long_password_and_a_free_name(
    office: engine.Office,
) -> None:
    olive = small.hire(office, "Olive Marsh")

    def refused(**changes: object) -> set[str]:
        given: dict[str, object] = {
            "username": "new",
            "name": "New",
            "email": "new@council.example",
            "roles": ["officer"],
            "password": PASSWORD,
            "council": "maldon",
            **changes,
        }
        council, username = given.pop("council"), given.pop("username")
        with pytest.raises(InvalidAnswers) as refusal:
            office.casework.add_officer(
                council,  # type: ignore[arg-type]
                username,  # type: ignore[arg-type]
                given.pop("name"),  # type: ignore[arg-type]
                **given,  # type: ignore[arg-type]
            )
        return set(refusal.value.errors)

    assert refused(roles=["wizard"]) == {"roles"}
    assert refused(password="short") == {"password"}
    assert refused(username=olive.username.upper()) == {"username"}
    assert refused(council="atlantis") == {"council"}
    assert [o.username for o in office.records.officers(olive)] == [olive.username]


def test_the_right_password_signs_in_whatever_the_case_of_the_name(
    office: engine.Office,
) -> None:
    olive = small.hire(office, "Olive Marsh", password=PASSWORD)

    assert office.casework.sign_in(f" {olive.username.upper()} ", PASSWORD) == olive
    with pytest.raises(SignInFailed):
        office.casework.sign_in(olive.username, PASSWORD.upper())
    with pytest.raises(SignInFailed):
        office.casework.sign_in("nobody", PASSWORD)


def test_nine_wrong_passwords_are_forgiven_by_a_right_one(
    office: engine.Office,
) -> None:
    olive = small.hire(office, "Olive Marsh", password=PASSWORD)

    for wrong in (9, 1):
        for _ in range(wrong):
            with pytest.raises(SignInFailed, match="correct username"):
                office.casework.sign_in(olive.username, "wrong password")
        assert office.casework.sign_in(olive.username, PASSWORD) == olive


def test_a_locked_account_opens_again_after_fifteen_minutes_and_not_before(
    office: engine.Office,
) -> None:
    assert isinstance(office.clock, engine.VirtualClock)
    olive = small.hire(office, "Olive Marsh", password=PASSWORD)
    for _ in range(10):
        with pytest.raises(SignInFailed):
            office.casework.sign_in(olive.username, "wrong password")
    locked_at = office.clock.now()

    office.clock.move_to(locked_at + timedelta(minutes=15) - timedelta(seconds=1))
    with pytest.raises(SignInFailed, match="locked"):
        office.casework.sign_in(olive.username, PASSWORD)
    office.clock.move_to(locked_at + timedelta(minutes=15))
    assert office.casework.sign_in(olive.username, PASSWORD) == olive


def test_an_account_is_stopped_only_by_its_own_council(office: engine.Office) -> None:
    olive = small.hire(office, "Olive Marsh")
    office.casework.add_council("east_herts")

    with pytest.raises(NotFound):
        office.casework.set_active(olive.username, "east_herts", False)
    assert office.records.officer(olive.id).is_active
    assert not office.casework.set_active(olive.username, "maldon", False).is_active


def test_work_is_handed_only_to_an_active_colleague_who_may_do_it(
    office: engine.Office,
) -> None:
    mark = small.hire(office, "Mark Dyke", "manager")
    gone, legal = small.hire(office, "Gone"), small.hire(office, "Lena", "legal")
    office.casework.set_active(gone.username, "maldon", False)
    office.casework.add_council("east_herts")
    stranger = small.hire(office, "Ann Other", council="east_herts")
    visit = small.task(office, small.report(office, "checked"), mark, "visit")

    for person in (gone.id, stranger.id, "nobody"):
        with pytest.raises(NotFound):
            office.casework.reassign_task(visit.id, person, mark)
    with pytest.raises(NotPermitted, match="Enforcement officer"):
        office.casework.reassign_task(visit.id, legal.id, mark)


def test_a_report_and_a_publication_stay_within_the_officers_council(
    office: engine.Office,
) -> None:
    office.casework.add_council("east_herts")
    stranger = small.hire(office, "Ann Other", "manager", council="east_herts")

    with pytest.raises(NotFound):
        office.casework.report_breach(
            engine.Report(
                address="1 Mill Lane",
                description="A wall",
                breach_type="alter.boundary",
                harm_described="Noise",
                council="maldon",
                process="checked",
            ),
            stranger,
        )
    with pytest.raises(NotFound):
        office.casework.publish(checked(), "maldon", stranger)
