"""Decision tables: which rows fit, what they set, which rules were taken."""

from __future__ import annotations

import pytest

from engine.bpmn import decisions
from engine.errors import DefinitionError, WorkflowFailed
from tests.engine_models import Running, end, files, rule, start, user


def _table(rows: list[tuple[str, str, str]], policy: str = "FIRST") -> bytes:
    """A table over `kind` and `score` that sets `priority`."""
    cells = "".join(
        f'<rule id="r{n}"><inputEntry id="a{n}"><text>{kind}</text></inputEntry>'
        f'<inputEntry id="b{n}"><text>{score}</text></inputEntry>'
        f'<outputEntry id="c{n}"><text>{result}</text></outputEntry></rule>'
        for n, (kind, score, result) in enumerate(rows, start=1)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">'
        '<decision id="rank" name="Ranking"><decisionTable id="t" '
        f'hitPolicy="{policy}"><input id="i"><inputExpression id="ie"><text>kind</text>'
        '</inputExpression></input><input id="j"><inputExpression id="je"><text>score'
        '</text></inputExpression></input><output id="o" name="priority" />'
        f"{cells}</decisionTable></decision></definitions>"
    ).encode()


def _running(table: bytes) -> Running:
    drawn = files(
        main=(
            [start(), user("ask"), rule("rank_it", "rank"), user("after"), end()],
            ["begin > ask > rank_it > after > done"],
        )
    )
    return Running({**drawn, "rank.dmn": table}, "main")


ROWS = [
    ('"tree"', "", "1"),
    ('"shop", "house"', "&gt;= 5", "2"),
    ('? in ["advert"]', "? != None", "3"),
    ("", "3 &lt; ? &lt; 5", "score * 10"),
    ("in [None]", "-", "5"),
    ("-", "not in [0]", "6"),
]


@pytest.mark.parametrize(
    ("kind", "score", "priority", "taken"),
    [
        ("tree", 0, 1, "r1"),
        ("shop", 5, 2, "r2"),
        ("house", 9, 2, "r2"),
        ("advert", 0, 3, "r3"),
        ("shop", 4, 40, "r4"),
        (None, 0, 5, "r5"),
        ("shop", 1, 6, "r6"),
    ],
)
def test_the_first_row_that_fits_decides(
    kind: str | None, score: int, priority: int, taken: str
) -> None:
    running = _running(_table(ROWS))
    running.do("ask", kind=kind, score=score)
    assert running.flow.facts[""]["priority"] == priority
    [step] = [s for s in running.flow.journal if s.rules]
    assert (step.element, step.rules) == ("rank_it", (("rank", taken),))


def test_no_row_that_fits_says_what_was_asked() -> None:
    running = _running(_table(ROWS))
    with pytest.raises(WorkflowFailed, match="No row of the table “Ranking” fits") as e:
        running.do("ask", kind="shop", score=0)
    assert e.value.element == "rank_it"
    assert "score = 0" in str(e.value)


def test_two_rows_of_a_unique_table_may_not_both_fit() -> None:
    running = _running(_table([("-", "-", "1"), ("-", "-", "2")], "UNIQUE"))
    with pytest.raises(WorkflowFailed, match="Rows 1 and 2"):
        running.do("ask", kind="a", score=1)


def test_a_collecting_table_gives_a_list_and_names_every_rule() -> None:
    running = _running(
        _table(
            [("-", "&gt; 1", "1"), ("-", "&gt; 2", "2"), ("-", "&gt; 9", "3")],
            "COLLECT",
        )
    )
    running.do("ask", kind="a", score=5)
    assert running.flow.facts[""]["priority"] == [1, 2]
    [step] = [s for s in running.flow.journal if s.rules]
    assert [rule_id for _, rule_id in step.rules] == ["r1", "r2"]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('hitPolicy="FIRST"', 'hitPolicy="ANY"', "hit policy ANY"),
        ('decision id="rank"', 'decision id="other"', "one decision with the id"),
        ('name="priority"', "", "no name"),
        ('<inputEntry id="a1"><text>"tree"</text></inputEntry>', "", "one cell"),
    ],
)
def test_a_table_that_cannot_be_asked_is_refused(
    before: str, after: str, says: str
) -> None:
    content = _table(ROWS).decode().replace(before, after).encode()
    with pytest.raises(DefinitionError, match=says):
        decisions.read("rank.dmn", content)
