"""The words of a diagram, bound to a moment, a case and a council."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.bpmn import scripting, words
from engine.errors import EngineError, ExpressionError, UnknownPeriod
from engine.law.dates import Deadline
from tests.engine_models import surroundings

ON, LATER = date(2026, 3, 2), date(2026, 3, 5)
FACTS = {
    "on": ON,
    "later": LATER,
    "at": datetime(2026, 3, 2, 10, tzinfo=UTC),
    "nothing": None,
    "people": [
        {"name": "Ann", "served": "yes", "fee": 10},
        {"name": "Ben", "served": "no", "fee": 2.5},
        {"name": "Cy"},
    ],
    "breach": {"nature": "operations", "substantially_completed_on": date(2024, 6, 1)},
    "old": {"nature": "operations", "substantially_completed_on": date(2010, 5, 1)},
}
evaluate = words.evaluator(surroundings(reference="26/0001/ENF"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('deadline("pcn_response", on)', date(2026, 3, 22)),
        ('deadline("pcn_response", nothing)', None),
        ("today()", date(2026, 3, 2)),
        ("earliest(later, nothing, on)", ON),
        ("latest([on, later])", LATER),
        ("earliest(nothing)", None),
        ("earliest(at, on)", ON),
        ("days_between(on, later)", 3),
        ("days_between(on, nothing)", None),
        ("count(people)", 3),
        ("count(nothing)", 0),
        ('count_where(people, "served", "yes")', 1),
        ('any_where(people, "served", "no")', True),
        ('any_where(nothing, "served", "no")', False),
        ('every_where(people, "served", "yes")', False),
        ('every_where([], "served", "yes")', True),
        ('pick(where(people, "served", "yes"), "name")', ["Ann"]),
        ('sum_of(people, "fee")', 12.5),
        ('count(append(people, {"name": "Di"}))', 4),
        ('known("on")', True),
        ('known("nothing")', False),
        ('known("no_such_fact")', False),
        ('known("breach.nature")', True),
        ('known("breach.colour")', False),
        ('value("no_such_fact", 7)', 7),
        ('value("on", 7)', ON),
        ("text(on)", "2 March 2026"),
        ("text(nothing)", ""),
        ('number("12")', 12),
        ("round(2.567, 1)", 2.6),
        ("max(1, 3, 2)", 3),
        ("min([on, later])", ON),
        ("abs(-2)", 2),
        ("len(people)", 3),
        ("case.reference", "26/0001/ENF"),
        ("is_immune(old)", True),
        ("is_immune(breach)", False),
        ("last_day_to_issue(breach) != None", True),
        ("first_immune([breach, old]) == last_day_to_issue(old)", True),
        ('authority_for("no_such_action")', "committee"),
        ('setting("no_such_setting", 3)', 3),
        ('new_notice("EN")', "EN1"),
    ],
)
def test_a_word_does_what_it_says(text: str, value: object) -> None:
    assert evaluate(text, FACTS) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('deadline("pcn_response", 5)', "needs a date"),
        ("earliest(on, 5)", "Only dates"),
        ('count_where(on, "a", 1)', "A list is needed"),
        ('sum_of(people, "name")', "is not a number"),
        ("days_between(on, 5)", "needs two dates"),
        ('number("twelve")', "is not a number"),
        ("known(on)", "in quotes"),
        ("days_between(on)", "check the number"),
        ("new_notice(on)", "Name the kind"),
        ("is_immune(on)", "group of fields"),
    ],
)
def test_a_word_used_wrongly_says_why(text: str, says: str) -> None:
    with pytest.raises(ExpressionError, match=says):
        evaluate(text, FACTS)


def test_an_unknown_period_is_named() -> None:
    with pytest.raises(UnknownPeriod, match="pcn_respons"):
        evaluate('deadline("pcn_respons", on)', FACTS)


def test_a_deadline_knows_its_period() -> None:
    found = evaluate('deadline("pcn_response", on)', FACTS)
    assert isinstance(found, Deadline)
    assert (found.key, found.trigger, found.date_is) == ("pcn_response", ON, "last_day")


def test_every_word_has_a_function() -> None:
    for word in scripting.WORDS:
        try:
            evaluate(f"{word}()", FACTS)
        except EngineError as error:
            assert "cannot be used here" not in str(error)


def test_notices_of_each_kind_are_counted_by_themselves() -> None:
    around = surroundings()
    made = words.evaluator(around)
    found = [made(f'new_notice("{kind}")', {}) for kind in ("EN", "PCN", "EN")]
    assert found == ["EN1", "PCN1", "EN2"]
    assert around.counters == {"EN": 2, "PCN": 1}
