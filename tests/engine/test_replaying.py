"""Real cases' answers given again: on their own version every case goes the same way;
on a draft exactly those part that must, where they must."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import engine_models as draw
import pytest
import small_office as small
from small_office import LATE, do, drawn, form_file, go_to, report, task

import engine
from engine import PROCESSES, database, documents
from engine.rehearsing.remembering import remember
from engine.rehearsing.replay_stage import ReplayStage
from engine.rehearsing.replaying import replay
from engine.views import Officer

ALL = {"which": "all", "limit": 500, "process": ""}
SCORE = {"type": "number", "key": "score", "validate": {"required": True}}
Way = tuple[str, str]
"""How a replayed case came out: its state and the element at which it parts."""


def procedure(
    *,
    enough: int = 5,
    late: str = LATE,
    second: bool = False,
    act_as: str = "officer",
    question: Mapping[str, object] | None = None,
    without_review: bool = False,
) -> dict[str, bytes]:
    """A score, chased when late; where it is enough somebody else acts, which a message
    can call off. `second` draws one more step before that."""
    nodes = [
        draw.start(),
        draw.user("score_harm", form="score_harm"),
        draw.boundary("score_late", "score_harm", timer=late),
        draw.user("chase_score", form="chase_score"),
        draw.end("chased"),
        draw.xor("is_it_enough", default="dropped"),
        draw.user("act_now", form="act_now", not_by="score_harm"),
        draw.boundary("called_off", "act_now", message="call_off", interrupting=True),
        draw.end("acted"),
        draw.end("off"),
        draw.end("dropped"),
    ]
    then = "act_now"
    flows = [
        "begin > score_harm > is_it_enough",
        "is_it_enough > dropped",
        "score_late > chase_score > chased",
        "act_now > acted",
        "called_off > off",
    ]
    if second:
        nodes.append(draw.user("look_again", form="look_again"))
        flows.append("look_again > act_now")
        then = "look_again"
    if without_review:
        nodes = [n for n in nodes if n.id not in ("act_now", "called_off", "off")]
        flows = [flow for flow in flows if "act_now" not in flow and "off" not in flow]
        then = "acted"
    flows.append(f"is_it_enough > {then} : score >= {enough}")
    managers = ["chase_score", "chased"]
    managers += ["act_now", "acted"] if act_as == "manager" else []
    files = drawn("judging", nodes, flows, managers=managers)
    files |= drawn(
        "beside",
        [draw.start(), draw.user("look", form="look"), draw.end("looked")],
        ["begin > look > looked"],
        start_from_case="Look beside",
    )
    kept = ("periods.yaml", "councils/maldon/council.yaml", "councils/defaults.yaml")
    return (
        files
        | {"forms/score_harm.json": form_file("score_harm", SCORE)}
        | ({"forms/act_now.json": form_file("act_now", question)} if question else {})
        | {name: (PROCESSES / name).read_bytes() for name in kept}
    )


@pytest.fixture
def people(new_sqlite: Callable[[], str]) -> tuple[engine.Office, Officer, Officer]:
    """An office with the procedure, an officer and a manager."""
    office = small.open_small(new_sqlite(), procedure())
    return office, small.hire(office, "Ann Bell"), small.hire(office, "Max", "manager")


@pytest.fixture
def replayed(
    new_sqlite: Callable[[], str], tmp_path: Path
) -> Callable[..., dict[str, dict[str, Any]]]:
    """Replays every case of an office on other files; what came of each."""

    def run(
        office: engine.Office, files: Mapping[str, bytes]
    ) -> dict[str, dict[str, Any]]:
        with database.reading(office.engine) as session:
            memory = remember(
                session, office.library, "maldon", office.clock.now(), ALL
            )
        job = {"council": "maldon", "people": memory.people, "drawn": memory.drawn}
        stage = ReplayStage.open(files, new_sqlite(), tmp_path, job)
        cases: Any = documents.loads(documents.dumps(memory.cases))
        found = [replay(case, stage) for case in cases]
        stage.stage.office.engine.dispose()
        return {each["reference"]: each for each in [*found, *memory.skipped]}

    return run


def way(told: Mapping[str, Any]) -> Way:
    return told["state"], told.get("element", "")


def scored(office: engine.Office, by: Officer, score: int) -> str:
    """A case that was given a score."""
    reference = report(office, "judging")
    do(office, reference, by, "score_harm", score=score)
    return reference


# The same files


def test_every_demonstration_case_goes_the_same_way_on_its_own_version(
    demonstration_copy: engine.Office,
) -> None:
    office = demonstration_copy
    manager = next(
        p for p in office.records.everybody("maldon") if "manager" in p.roles
    )
    draft_id = office.drafts.open("Nothing changed", "", manager)

    asked = office.rehearsals.ask(draft_id, "replay", manager, {"limit": "50"})
    while office.rehearsals.carry_on():
        pass

    done = office.rehearsals.get(asked, manager)
    assert (done.state, done.failed, done.message) == ("finished", 0, "")
    assert done.chosen == "The newest 50 cases"
    assert [case for case in done.cases if case.state != "same"] == []
    assert len(done.cases) == office.records.cases(manager).total >= 20


def test_all_that_can_happen_to_a_case_is_told_again(
    people: tuple[engine.Office, Officer, Officer],
    replayed: Callable[..., dict[str, dict[str, Any]]],
) -> None:
    office, ann, max_ = people
    late = report(office, "judging", facts={"weight": 3})
    off = scored(office, ann, 6)
    acted = scored(office, ann, 7)
    go_to(office, date(2026, 3, 6), hour=10)
    office.casework.sweep()
    do(office, late, max_, "chase_score")
    do(office, late, ann, "score_harm", score=2)
    office.casework.reopen_case(late, "It grew.", max_)
    do(office, late, ann, "score_harm", score=8)
    office.casework.send_message(off, "call_off", {}, ann)
    started = office.casework.start_process(off, "beside", ann, facts={"why": "odd"})
    assert started
    do(office, off, ann, "look", look_note="Seen")
    done = next(
        line
        for line in office.records.case(acted, ann).completed_tasks
        if line.element == "score_harm"
    )
    office.casework.correct_answers(done.id, {"score": 9}, "Misread.", ann)
    do(office, acted, max_, "act_now")

    same = replayed(office, procedure())
    ends = {ref: office.records.case(ref, ann).outcome for ref in (late, off, acted)}

    assert {ref: way(told) for ref, told in same.items()} == dict.fromkeys(
        (late, off, acted), ("same", "")
    )
    assert ends == {late: "", off: "Off", acted: "Acted"}


# Other files


def test_a_changed_threshold_lists_exactly_the_cases_between(
    people: tuple[engine.Office, Officer, Officer],
    replayed: Callable[..., dict[str, dict[str, Any]]],
) -> None:
    office, ann, max_ = people
    cases = {score: scored(office, ann, score) for score in range(2, 10)}
    do(office, cases[6], max_, "act_now")
    do(office, cases[9], max_, "act_now")

    told = replayed(office, procedure(enough=7))

    parted = {score for score, ref in cases.items() if told[ref]["state"] == "differs"}
    assert parted == {5, 6}
    assert way(told[cases[6]]) == ("differs", "is_it_enough")
    assert told[cases[6]]["sentence"] == (
        "It would have gone another way at “Is it enough”: then → “Act now”, in the "
        "draft → “Dropped”."
    )


@pytest.mark.parametrize(
    ("files", "element", "says"),
    [
        pytest.param(
            procedure(second=True),
            "is_it_enough",
            "then → “Act now”, in the draft → “Look again”",
            id="another step first",
        ),
        pytest.param(
            procedure(act_as="manager"),
            "act_now",
            "In the draft “Act now” is not for whoever did it: This task is for the "
            "role ‘Enforcement manager’",
            id="another role",
        ),
        pytest.param(
            procedure(
                question={
                    "type": "textfield",
                    "key": "why",
                    "validate": {"required": True},
                }
            ),
            "act_now",
            "asks for more than was answered: Enter an answer to “why”",
            id="another question",
        ),
        pytest.param(
            procedure(without_review=True),
            "is_it_enough",
            "in the draft → “Acted”",
            id="no such step",
        ),
        pytest.param(
            procedure(late='deadline("acknowledge_report", case.received_on)'),
            "",
            "",
            id="a longer period that nobody missed",
        ),
    ],
)
def test_the_first_place_where_a_case_parts_is_named(
    people: tuple[engine.Office, Officer, Officer],
    replayed: Callable[..., dict[str, dict[str, Any]]],
    files: dict[str, bytes],
    element: str,
    says: str,
) -> None:
    office, ann, _ = people
    second = small.hire(office, "Ben Reed")
    reference = scored(office, ann, 6)
    do(office, reference, second, "act_now")

    told = replayed(office, files)[reference]

    assert way(told) == ("differs" if element else "same", element)
    assert says in told["sentence"]


def test_a_date_that_would_have_passed_or_not_is_another_way(
    people: tuple[engine.Office, Officer, Officer],
    replayed: Callable[..., dict[str, dict[str, Any]]],
) -> None:
    office, ann, _ = people
    in_time, too_late = report(office, "judging"), report(office, "judging")
    go_to(office, date(2026, 3, 4), hour=10)
    do(office, in_time, ann, "score_harm", score=2)
    go_to(office, date(2026, 3, 5), hour=10)
    office.casework.sweep()
    do(office, too_late, ann, "score_harm", score=2)
    sooner = procedure(late="case.received_on")
    later = procedure(late='deadline("pcn_response", case.received_on)')

    soon, long = replayed(office, sooner), replayed(office, later)

    assert way(soon[in_time]) == ("differs", "score_late")
    assert soon[in_time]["sentence"] == (
        "“Score late” would have come on Tuesday 3 March 2026, and did not."
    )
    assert way(soon[too_late]) == ("same", "")
    assert way(long[in_time]) == ("same", "")
    assert way(long[too_late]) == ("differs", "score_late")
    assert (
        "would not have come, as on Thursday 5 March 2026"
        in (long[too_late]["sentence"])
    )


def test_open_cases_are_told_until_today(
    people: tuple[engine.Office, Officer, Officer],
    replayed: Callable[..., dict[str, dict[str, Any]]],
) -> None:
    office, _, _ = people
    reference = report(office, "judging")
    go_to(office, date(2026, 3, 4), hour=10)

    told = replayed(office, procedure(late="case.received_on"))[reference]

    assert way(told) == ("differs", "score_late")


def test_a_step_that_fails_in_the_draft_is_told_in_words(
    people: tuple[engine.Office, Officer, Officer],
    replayed: Callable[..., dict[str, dict[str, Any]]],
) -> None:
    office, ann, _ = people
    reference = scored(office, ann, 6)
    broken = procedure()
    broken["judging.bpmn"] = broken["judging.bpmn"].replace(
        b"score &gt;= 5", b"scored &gt;= 5"
    )

    told = replayed(office, broken)[reference]

    assert way(told) == ("differs", "score_harm")
    assert "scored" in told["sentence"]


# What is remembered


def test_who_complained_is_never_handed_over(
    people: tuple[engine.Office, Officer, Officer],
) -> None:
    office, ann, _ = people
    report(
        office,
        "judging",
        complainant_name="Olwen Secretperson",
        complainant_email="olwen@secret.example",
        complainant_phone="01621 000000",
        complainant_address="9 Hidden Row",
    )

    with database.reading(office.engine) as session:
        memory = remember(session, office.library, "maldon", office.clock.now(), ALL)

    text = documents.dumps([memory.cases, memory.people])
    assert "Goldhanger" in text
    for secret in ("Olwen", "olwen", "01621", "Hidden", ann.name):
        assert secret not in text


def test_cases_are_chosen_by_state_process_and_number(
    people: tuple[engine.Office, Officer, Officer],
) -> None:
    office, ann, _ = people
    closed, first, second = (scored(office, ann, n) for n in (1, 6, 7))
    office.casework.start_process(first, "beside", ann)

    def chosen(**options: object) -> list[str]:
        with database.reading(office.engine) as session:
            memory = remember(
                session, office.library, "maldon", office.clock.now(), ALL | options
            )
        return [str(case["reference"]) for case in memory.cases]

    assert chosen() == [second, first, closed]
    assert chosen(which="closed") == [closed]
    assert chosen(which="open", limit=1) == [second]
    assert chosen(process="beside") == [first]
    assert chosen(process="judging", which="open") == [second, first]


def test_a_case_that_failed_and_was_mended_is_left_out_with_the_reason(
    new_sqlite: Callable[[], str],
    replayed: Callable[..., dict[str, dict[str, Any]]],
) -> None:
    files = procedure()
    files["judging.bpmn"] = files["judging.bpmn"].replace(
        b"score &gt;= 5", b"scored &gt;= 5"
    )
    office = small.open_small(new_sqlite(), files)
    ann = small.hire(office, "Ann Bell")
    reference = report(office, "judging")
    line = task(office, reference, ann, "score_harm")
    with pytest.raises(engine.WorkflowFailed):
        office.casework.complete_task(line.id, {"score": 6}, ann)

    told = replayed(office, procedure())[reference]

    assert told["state"] == "skipped"
    assert "cannot be told again" in told["sentence"]


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"which": "x"}, "which"),
    ],
)
def test_a_replay_is_asked_for_with_sense(
    people: tuple[engine.Office, Officer, Officer],
    options: dict[str, str],
    key: str,
) -> None:
    office, _, max_ = people
    draft_id = office.drafts.open("Nothing", "", max_)

    with pytest.raises(engine.InvalidAnswers) as refused:
        office.rehearsals.ask(draft_id, "replay", max_, options)

    assert set(refused.value.errors) == {key}
