"""What the check finds about facts: read too early, asked for nothing, typed dates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest
from small_visit import DIAGRAM, FORM, drawn, files

import engine
from engine import checks
from engine.checks import expressions, reads
from engine.errors import Problem
from tests.engine_models import (
    Node,
    boundary,
    call,
    diagram,
    end,
    parallel,
    script,
    start,
    sub,
    user,
    xor,
)

PERIODS = (engine.PROCESSES / "periods.yaml").read_bytes()
SOON = 'deadline("record_service", received_on)'


def form(name: str, *keys: str, **properties: str) -> bytes:
    return json.dumps(
        {
            "id": name,
            "type": "default",
            "components": [
                {
                    "type": "datetime" if key.endswith("_on") else "textfield",
                    "id": f"field_{key}",
                    "key": key,
                    "label": key.capitalize(),
                    "properties": properties,
                }
                for key in keys
            ],
        }
    ).encode()


def found(
    processes: Mapping[str, tuple[Sequence[Node], Sequence[str]]],
    forms: Mapping[str, bytes],
    about: str,
) -> list[Problem]:
    """The problems of small processes that have these words in them."""
    given = {f"{name}.bpmn": diagram(name, *made) for name, made in processes.items()}
    given |= {f"forms/{name}.json": content for name, content in forms.items()}
    return [
        problem
        for problem in checks.check({**given, "periods.yaml": PERIODS})
        if about in problem.problem
    ]


def of_main(nodes: Sequence[Node], flows: Sequence[str], about: str) -> list[Problem]:
    """The same for one process with the forms `first` and `second`."""
    forms = {
        "first": form("first", "seen_on", "told"),
        "second": form("second", "later_on"),
    }
    return found({"main": (nodes, flows)}, forms, about)


# A fact that is read before anything sets it


def test_a_condition_may_not_read_what_only_a_later_form_asks() -> None:
    [problem] = of_main(
        [
            start(),
            user("ask", form="first"),
            xor("is_it_late", default="check"),
            user("check", form="second"),
            end(),
        ],
        [
            "begin > ask > is_it_late > check > done",
            "is_it_late > done : later_on > seen_on",
        ],
        "not known yet",
    )

    assert problem.element == "is_it_late__done"
    assert "“later_on”" in problem.problem
    assert "“Check”" in problem.problem
    assert not problem.is_advice


def test_a_timer_may_not_count_from_what_its_own_task_will_ask() -> None:
    [problem] = of_main(
        [
            start(),
            user("ask", form="first"),
            boundary("overdue", "ask", timer='deadline("record_service", seen_on)'),
            user("chase", form="second"),
            end(),
            end("chased"),
        ],
        ["begin > ask > done", "overdue > chase > chased"],
        "not known yet",
    )

    assert problem.element == "overdue"


def test_a_fact_that_may_be_missing_is_asked_for_by_value() -> None:
    assert not of_main(
        [
            start(),
            user("ask", form="first"),
            boundary(
                "overdue",
                "ask",
                timer='deadline("record_service", value("seen_on", None))',
            ),
            user("chase", form="second"),
            end(),
            end("chased"),
        ],
        ["begin > ask > done", "overdue > chase > chased"],
        "not known yet",
    )


def test_a_loop_that_comes_back_knows_what_it_asked_before() -> None:
    assert not of_main(
        [
            start(),
            xor("round"),
            user("ask", form="first"),
            user("check", form="second"),
            xor("again", default="done"),
            end(),
        ],
        [
            "begin > round > ask > check > again > done",
            "again > round : later_on > seen_on",
        ],
        "reads",
    )


def test_what_only_one_way_sets_is_advice() -> None:
    [advice] = of_main(
        [
            start(),
            user("ask", form="first"),
            xor("more", default="together"),
            user("check", form="second"),
            xor("together"),
            script("note", "noted_on = later_on"),
            end(),
        ],
        [
            "begin > ask > more > together > note > done",
            'more > check : told == "yes"',
            "check > together",
        ],
        "may lead past",
    )

    assert advice.is_advice
    assert advice.element == "note"
    assert "“Check”" in advice.problem


def test_a_way_that_asked_whether_it_is_known_may_read_it() -> None:
    assert not of_main(
        [
            start(),
            user("ask", form="first"),
            xor("more", default="together"),
            user("check", form="second"),
            xor("together"),
            xor("is_it_known", default="done"),
            script("note", "noted_on = later_on"),
            end(),
            end("noted"),
        ],
        [
            "begin > ask > more > together > is_it_known > done",
            'more > check : told == "yes"',
            "check > together",
            'is_it_known > note : known("later_on")',
            "note > noted",
        ],
        "reads",
    )


def test_both_branches_are_known_behind_a_parallel_join() -> None:
    assert not of_main(
        [
            start(),
            parallel("s"),
            user("ask", form="first"),
            user("check", form="second"),
            parallel("j"),
            script("note", "days = days_between(seen_on, later_on)"),
            end(),
        ],
        ["begin > s > ask > j > note > done", "s > check > j"],
        "reads",
    )


def test_a_counter_must_be_set_before_it_is_raised() -> None:
    nodes = [
        start(),
        user("ask", form="first"),
        script("count_it", "rounds = rounds + 1"),
        xor("again", default="done"),
        end(),
    ]
    flows = ["begin > ask > count_it > again > done", "again > ask : rounds < 3"]

    [problem] = of_main(nodes, flows, "rounds + 1")
    assert problem.element == "count_it"

    nodes[2] = script("count_it", 'rounds = value("rounds", 0) + 1')
    assert not of_main(nodes, flows, "rounds")


def test_a_called_process_knows_what_its_callers_know_and_hands_back_outputs() -> None:
    main = (
        [
            start(),
            user("ask", form="first"),
            call("inner", outputs="later_on"),
            script("note", "noted_on = later_on"),
            end(),
        ],
        ["begin > ask > inner > note > done"],
    )
    inner = (
        [
            start("i_begin"),
            script("i_note", "i_on = seen_on"),
            user("i_ask", form="second"),
            end("i_done"),
        ],
        ["i_begin > i_note > i_ask > i_done"],
    )
    forms = {
        "first": form("first", "seen_on", "told"),
        "second": form("second", "later_on"),
    }

    assert not found({"main": main, "inner": inner}, forms, "reads")

    main[0][1], main[0][3] = main[0][3], main[0][1]
    flows = ["begin > note > inner > ask > done"]
    early = found({"main": (main[0], flows), "inner": inner}, forms, "not known yet")
    assert {problem.element for problem in early} == {"note", "i_note"}


def test_an_entry_of_a_list_knows_its_fields() -> None:
    rounds = sub(
        "each_one",
        [start("e_begin"), user("serve", form="first"), end("e_done")],
        ["e_begin > serve > e_done"],
        many="people person",
    )
    listed = json.loads(form("second", "later_on"))
    listed["components"] = [
        {
            "type": "dynamiclist",
            "id": "people",
            "path": "people",
            "label": "People",
            "components": [
                {"type": "textfield", "id": "name", "key": "name", "label": "Name"}
            ],
        }
    ]
    forms = {
        "first": form("first", "seen_on", must="name != ''", must_message="No name."),
        "second": json.dumps(listed).encode(),
    }
    nodes = [start(), user("ask", form="second"), rounds, end()]

    assert not found(
        {"main": (nodes, ["begin > ask > each_one > done"])}, forms, "not known yet"
    )


def test_reading_a_script_follows_its_order() -> None:
    read = reads.of('a = b\nc = a + d\nif known("e"):\n    f = e\ng = h and i')

    assert read.always == {"b", "d", "h"}
    assert read.perhaps == {"e", "i"}
    assert read.asked == {"e"}
    assert read.needed == {"b", "d", "h", "i"}
    assert reads.surely_set("if a:\n    b = 1\n    c = 1\nelse:\n    b = 2") == {"b"}
    assert reads.of('known("a") and b > 1 and known("c")').sure == {"a", "c"}


def test_an_expression_nested_too_deeply_is_not_looked_into() -> None:
    assert expressions.parsed(" + ".join(["a"] * 3000)) is None
    assert reads.of(" + ".join(["a"] * 3000)).needed == frozenset()


# A question that nothing reads


def choice(**properties: str) -> bytes:
    made = json.loads(json.dumps(FORM))
    made["components"].append(
        {
            "type": "radio",
            "id": "was_it_dark",
            "key": "was_it_dark",
            "label": "Was it dark?",
            "properties": properties,
            "values": [
                {"label": "Yes", "value": "yes"},
                {"label": "No", "value": "no"},
            ],
        }
    )
    return json.dumps(made).encode()


def problems(changed: Mapping[str, bytes]) -> list[Problem]:
    return [
        p for p in checks.check(files() | changed) if "enforce draw" not in p.remedy
    ]


def test_a_choice_on_which_nothing_depends_is_advice() -> None:
    [advice] = problems({"forms/record_visit.json": choice()})

    assert advice.is_advice
    assert advice.element == "was_it_dark"
    assert "“Was it dark?”" in advice.problem
    assert "record" in advice.remedy


def test_a_choice_for_the_record_needs_no_reader() -> None:
    assert problems({"forms/record_visit.json": choice(record="true")}) == []


def test_a_choice_that_a_condition_reads_is_fine() -> None:
    read = DIAGRAM.replace(
        'breach_found == "yes"', 'breach_found == "yes" and was_it_dark == "no"', 1
    )

    changed = {"forms/record_visit.json": choice(), "visit.bpmn": drawn(read)}
    assert [p for p in problems(changed) if "Nothing depends" in p.problem] == []


# Lengths of time, and lateness


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("due_on = visited_on + 21", "“visited_on + 21”"),
        ("due_on = today() + 14", "“today() + 14”"),
        ('due_on = deadline("visit_priorty_1", today())', "“visit_priorty_1”"),
        (
            "is_old = days_between(visited_on, today()) > 28",
            "“days_between(visited_on, today()) > 28”",
        ),
    ],
)
def test_a_script_may_not_type_a_period_or_name_an_unknown_one(
    text: str, says: str
) -> None:
    escaped = text.replace(">", "&gt;").replace('"', "&quot;")
    start_, rest = DIAGRAM.split("<bpmn:script>", 1)
    changed = f"{start_}<bpmn:script>{escaped}\n{rest}"

    fitting = [p for p in problems({"visit.bpmn": drawn(changed)}) if says in p.problem]

    assert [p.element for p in fitting] == ["note_visit"]


def test_a_rule_of_a_form_may_not_name_an_unknown_period() -> None:
    made = json.loads(json.dumps(FORM))
    made["components"][0]["properties"] = {
        "must": 'today() <= deadline("gone", today())',
        "must_message": "Too late.",
    }

    found_ = problems({"forms/record_visit.json": json.dumps(made).encode()})

    assert any("no period “gone”" in p.problem for p in found_)


def test_a_late_task_must_be_heard_of() -> None:
    silent = [
        start(),
        user("ask", form="first"),
        boundary("overdue", "ask", timer=SOON),
        end("late"),
        end(),
    ]
    [problem] = of_main(silent, ["begin > ask > done", "overdue > late"], "hears of it")
    assert problem.element == "ask"

    heard = [*silent, user("chase", form="second"), boundary("o2", "chase", timer=SOON)]
    assert not of_main(
        heard,
        ["begin > ask > done", "overdue > chase > late", "o2 > late"],
        "hears of it",
    )


def test_a_loop_through_a_call_that_waits_for_nobody_is_named() -> None:
    main = (
        [start(), call("inner"), xor("again", default="done"), end()],
        ["begin > inner > again > done", 'again > inner : told == "yes"'],
    )
    quick = (
        [start("i_begin"), script("i_note", 'told = "yes"'), end("i_done")],
        ["i_begin > i_note > i_done"],
    )
    slow = (
        [start("i_begin"), user("i_ask", form="first"), end("i_done")],
        ["i_begin > i_ask > i_done"],
    )
    forms = {"first": form("first", "told")}

    [problem] = found({"main": main, "inner": quick}, forms, "waits for nobody")
    assert problem.file == "main.bpmn"
    assert "“Inner” → “Again”" in problem.problem
    assert not found({"main": main, "inner": slow}, forms, "waits for nobody")
