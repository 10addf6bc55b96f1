"""Models of every construct that our diagrams may use, for the random user."""

from __future__ import annotations

from collections.abc import Sequence

from tests.engine_models import (
    Node,
    boundary,
    call,
    catch,
    end,
    events,
    inclusive,
    parallel,
    rule,
    script,
    service,
    start,
    sub,
    terminate,
    throw,
    user,
    xor,
)

Drawing = tuple[Sequence[Node], Sequence[str]]

LATER = 'deadline("pcn_response", on)'
SOON = 'deadline("record_service", on)'
AGAIN = xor("again", default="done")
BACK = ': go_on == "yes"'


def _loop(*nodes: Node, through: Sequence[str]) -> Drawing:
    """begin > first > ... > again? > done, or round again."""
    first = through[0].split(">")[0].strip()
    return (
        [start(), xor("round"), *nodes, AGAIN, end()],
        [
            f"begin > round > {first}",
            *through,
            "again > done",
            'again > round : forever or go_on == "yes"',
        ],
    )


TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">
<decision id="rank"><decisionTable id="t" hitPolicy="FIRST">
<input id="i"><inputExpression id="e"><text>first</text></inputExpression></input>
<output id="o" name="rank" />
<rule id="r1"><inputEntry id="a"><text>True</text></inputEntry>
<outputEntry id="b"><text>1</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c"><text>-</text></inputEntry>
<outputEntry id="d"><text>2</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
"""The decision table `rank`, for the models that ask it."""

MODELS: dict[str, dict[str, Drawing]] = {
    "exclusive loop with a table and an effect": {
        "main": _loop(
            user("ask"),
            rule("rank_it", "rank"),
            service("tell", "send_letter", "told", to="rank"),
            user("check"),
            through=["ask > rank_it > tell > check > again"],
        )
    },
    "parallel of 2": {
        "main": (
            [
                start(),
                parallel("s"),
                user("a"),
                user("b"),
                parallel("j"),
                user("z"),
                end(),
            ],
            ["begin > s > a > j", "s > b > j", "j > z > done"],
        )
    },
    "parallel of 3 in a loop": {
        "main": _loop(
            parallel("s"),
            user("a"),
            user("b"),
            user("c"),
            parallel("j"),
            user("z"),
            through=["s > a > j", "s > b > j", "s > c > j", "j > z > again"],
        )
    },
    "nested parallel in a loop": {
        "main": _loop(
            parallel("s"),
            user("a"),
            parallel("s2"),
            user("b"),
            user("c"),
            user("d"),
            parallel("j2"),
            parallel("j"),
            through=[
                "s > a > j",
                "s > s2 > b > j2",
                "s2 > c > j2",
                "s2 > d > j2",
                "j2 > j > again",
            ],
        )
    },
    "loop inside a parallel branch": {
        "main": _loop(
            parallel("s"),
            user("a"),
            xor("a_in"),
            xor("a_again", default="j"),
            user("b"),
            user("c"),
            parallel("j"),
            user("z"),
            through=[
                "s > a_in > a > a_again > j",
                f"a_again > a_in {BACK}",
                "s > b > j",
                "s > c > j",
                "j > z > again",
            ],
        )
    },
    "inclusive of 2": {
        "main": (
            [
                start(),
                user("choose"),
                inclusive("or_split", default="b"),
                user("a"),
                user("b"),
                inclusive("or_join"),
                user("z"),
                end(),
            ],
            [
                "begin > choose > or_split > b > or_join > z > done",
                "or_split > a : first",
                "a > or_join",
            ],
        )
    },
    "inclusive of 3 in a loop": {
        "main": _loop(
            user("choose"),
            inclusive("or_split", default="c"),
            user("a"),
            user("b"),
            user("c"),
            inclusive("or_join"),
            user("z"),
            through=[
                "choose > or_split > c > or_join > z > again",
                "or_split > a : first",
                "or_split > b : second",
                "a > or_join",
                "b > or_join",
            ],
        )
    },
    "inclusive inside parallel in a loop": {
        "main": _loop(
            parallel("s"),
            user("choose"),
            inclusive("or_split", default="c"),
            user("a"),
            user("b"),
            user("b2"),
            user("c"),
            inclusive("or_join"),
            user("d"),
            parallel("j"),
            through=[
                "s > choose > or_split > c > or_join > j",
                "or_split > a : first",
                "or_split > b : second",
                "a > or_join",
                "b > b2 > or_join",
                "s > d > j",
                "j > again",
            ],
        )
    },
    "boundary timers of both kinds in a loop": {
        "main": _loop(
            user("ask"),
            boundary("overdue", "ask", timer=SOON),
            user("chase"),
            end("chased"),
            boundary("noted", "ask", timer=SOON, keeps_open="true"),
            user("note"),
            end("note_made"),
            boundary("given_up", "ask", timer=LATER, interrupting=True),
            user("act_anyway"),
            xor("merge"),
            through=[
                "ask > merge > again",
                "overdue > chase > chased",
                "noted > note > note_made",
                "given_up > act_anyway > merge",
            ],
        )
    },
    "escalation that escalates, through a parallel branch": {
        "main": _loop(
            user("ask"),
            boundary("overdue", "ask", timer=SOON),
            parallel("e_s"),
            user("chase"),
            boundary(
                "chase_overdue", "chase", timer='deadline("second_signature", on)'
            ),
            user("chase_again"),
            end("chased_again"),
            user("tell"),
            parallel("e_j"),
            user("write_down"),
            end("chased"),
            through=[
                "ask > again",
                "overdue > e_s > chase > e_j",
                "e_s > tell > e_j",
                "e_j > write_down > chased",
                "chase_overdue > chase_again > chased_again",
            ],
        )
    },
    "boundary messages in a loop": {
        "main": _loop(
            user("ask"),
            boundary("heard", "ask", message="news", variable="said"),
            user("read"),
            end("read_it"),
            boundary("stopped", "ask", message="stop", interrupting=True),
            user("tidy"),
            xor("merge"),
            through=[
                "ask > merge > again",
                "heard > read > read_it",
                "stopped > tidy > merge",
            ],
        )
    },
    "event gateway in a loop": {
        "main": _loop(
            user("ask"),
            events("what_first"),
            catch("time_up", timer=SOON),
            catch("reply", message="news", variable="said"),
            catch("much_later", timer=LATER),
            user("late"),
            user("in_time"),
            xor("merge"),
            through=[
                "ask > what_first > time_up > late > merge",
                "what_first > reply > in_time > merge",
                "what_first > much_later > merge",
                "merge > again",
            ],
        )
    },
    "catching events and messages sent": {
        "main": _loop(
            user("ask"),
            throw("tell", "told", '{"on": on}'),
            catch("pause", timer=SOON),
            catch("hear", message="news"),
            user("after"),
            through=["ask > tell > pause > hear > after > again"],
        )
    },
    "calls in calls in a loop": {
        "main": _loop(
            user("ask"),
            call("inner", outputs="go_on, made"),
            user("after"),
            through=["ask > inner > after > again"],
        ),
        "inner": (
            [
                start("i_begin"),
                user("i_ask"),
                script("i_set", 'made = value("made", 0) + 1'),
                call("innermost", outputs="deep"),
                user("i_after"),
                end("i_done"),
            ],
            ["i_begin > i_ask > i_set > innermost > i_after > i_done"],
        ),
        "innermost": (
            [
                start("m_begin"),
                parallel("m_s"),
                user("m_a"),
                user("m_b"),
                user("m_c"),
                parallel("m_j"),
                script("m_set", 'deep = "yes"'),
                end("m_done"),
            ],
            [
                "m_begin > m_s > m_a > m_j",
                "m_s > m_b > m_j",
                "m_s > m_c > m_j",
                "m_j > m_set > m_done",
            ],
        ),
    },
    "boundaries on a call in a loop": {
        "main": _loop(
            user("ask"),
            call("inner"),
            boundary("slow", "inner", timer=SOON),
            user("hurry"),
            end("hurried"),
            boundary("too_slow", "inner", timer=LATER, interrupting=True),
            boundary("called_off", "inner", message="stop", interrupting=True),
            user("other_way"),
            xor("merge"),
            through=[
                "ask > inner > merge",
                "slow > hurry > hurried",
                "too_slow > other_way > merge",
                "called_off > merge",
                "merge > again",
            ],
        ),
        "inner": (
            [
                start("i_begin"),
                user("i_ask"),
                boundary("i_late", "i_ask", timer=SOON),
                user("i_chase"),
                end("i_chased"),
                user("i_after"),
                end("i_done"),
            ],
            ["i_begin > i_ask > i_after > i_done", "i_late > i_chase > i_chased"],
        ),
    },
    "the same process called twice at once": {
        "main": _loop(
            parallel("s"),
            call("one", called="inner"),
            call("two", called="other"),
            parallel("j"),
            user("z"),
            through=["s > one > j", "s > two > j", "j > z > again"],
        ),
        "inner": (
            [start("i_begin"), user("i_ask"), end("i_done")],
            ["i_begin > i_ask > i_done"],
        ),
        "other": (
            [start("o_begin"), user("o_ask"), call("inner"), end("o_done")],
            ["o_begin > o_ask > inner > o_done"],
        ),
    },
    "embedded sub-process with boundaries in a loop": {
        "main": _loop(
            sub(
                "main_part",
                [
                    start("p_begin"),
                    parallel("p_s"),
                    user("p_a"),
                    user("p_b"),
                    boundary("p_late", "p_b", timer=SOON),
                    user("p_chase"),
                    end("p_chased"),
                    user("p_c"),
                    parallel("p_j"),
                    xor("p_stop", default="p_done"),
                    terminate("p_ended"),
                    end("p_done"),
                ],
                [
                    "p_begin > p_s > p_a > p_j",
                    "p_s > p_b > p_j",
                    "p_s > p_c > p_j",
                    "p_late > p_chase > p_chased",
                    "p_j > p_stop > p_done",
                    "p_stop > p_ended : first",
                ],
            ),
            boundary("slow", "main_part", timer=SOON),
            user("hurry"),
            end("hurried"),
            boundary("too_slow", "main_part", timer=LATER, interrupting=True),
            boundary("called_off", "main_part", message="stop", interrupting=True),
            user("z"),
            xor("merge"),
            through=[
                "main_part > merge > z > again",
                "slow > hurry > hurried",
                "called_off > merge",
                "too_slow > merge",
            ],
        )
    },
    "terminate end beside open work": {
        "main": (
            [
                start(),
                parallel("s"),
                user("a"),
                user("b"),
                call("inner"),
                xor("enough", default="b_done"),
                terminate("stop"),
                end("b_done"),
                end("a_done"),
                end("c_done"),
            ],
            [
                "begin > s > a > a_done",
                "s > b > enough > b_done",
                "enough > stop : first",
                "s > inner > c_done",
            ],
        ),
        "inner": (
            [start("i_begin"), user("i_ask"), user("i_then"), end("i_done")],
            ["i_begin > i_ask > i_then > i_done"],
        ),
    },
    "multi-instance tasks in a loop": {
        "main": _loop(
            user("list_them"),
            user("serve", many="items item"),
            user("check", many="items item in turn"),
            user("after"),
            through=["list_them > serve > check > after > again"],
        )
    },
    "multi-instance task with boundaries in a loop": {
        "main": _loop(
            user("list_them"),
            user("serve", many="items item"),
            boundary("slow", "serve", timer=SOON),
            user("hurry"),
            end("hurried"),
            boundary("too_slow", "serve", timer=LATER, interrupting=True),
            xor("merge"),
            user("after"),
            through=[
                "list_them > serve > merge > after > again",
                "slow > hurry > hurried",
                "too_slow > merge",
            ],
        )
    },
    "multi-instance sub-process with a timer for each item in a loop": {
        "main": _loop(
            user("list_them"),
            sub(
                "main_each",
                [
                    start("e_begin"),
                    user("serve"),
                    boundary(
                        "slow", "serve", timer='deadline("record_service", item.on)'
                    ),
                    user("hurry"),
                    end("hurried"),
                    parallel("e_s"),
                    user("e_a"),
                    user("e_b"),
                    user("e_c"),
                    parallel("e_j"),
                    script("e_note", 'noted = "yes"'),
                    end("e_done"),
                ],
                [
                    "e_begin > serve > e_s > e_a > e_j > e_note > e_done",
                    "e_s > e_b > e_j",
                    "e_s > e_c > e_j",
                    "slow > hurry > hurried",
                ],
                many="items item",
            ),
            boundary("too_slow", "main_each", timer=LATER, interrupting=True),
            xor("merge"),
            user("after"),
            through=[
                "list_them > main_each > merge > after > again",
                "too_slow > merge",
            ],
        )
    },
    "multi-instance sub-process in turn in a loop": {
        "main": _loop(
            user("list_them"),
            sub(
                "main_each",
                [
                    start("e_begin"),
                    user("serve"),
                    xor("e_again", default="e_done"),
                    xor("e_in"),
                    end("e_done"),
                ],
                ["e_begin > e_in > serve > e_again > e_done", f"e_again > e_in {BACK}"],
                many="items item in turn",
            ),
            user("after"),
            through=["list_them > main_each > after > again"],
        )
    },
    "multi-instance calls in a loop": {
        "main": _loop(
            user("list_them"),
            call("inner", many="items item"),
            boundary("too_slow", "inner", timer=LATER, interrupting=True),
            boundary("called_off", "inner", message="stop", interrupting=True),
            boundary("slow", "inner", timer=SOON),
            user("hurry"),
            end("hurried"),
            call("turn", called="other", many="items item in turn"),
            user("after"),
            xor("merge"),
            through=[
                "list_them > inner > turn > merge",
                "called_off > merge",
                "slow > hurry > hurried",
                "too_slow > merge",
                "merge > after > again",
            ],
        ),
        "inner": (
            [
                start("i_begin"),
                user("i_ask"),
                boundary(
                    "i_late", "i_ask", timer='deadline("record_service", item.on)'
                ),
                user("i_chase"),
                end("i_chased"),
                call("other"),
                end("i_done"),
            ],
            ["i_begin > i_ask > other > i_done", "i_late > i_chase > i_chased"],
        ),
        "other": (
            [start("o_begin"), user("o_ask"), end("o_done")],
            ["o_begin > o_ask > o_done"],
        ),
    },
    "multi-instance inside multi-instance": {
        "main": _loop(
            user("list_them"),
            sub(
                "main_each",
                [
                    start("e_begin"),
                    user("list_steps"),
                    user("take_step", many="steps step"),
                    end("e_done"),
                ],
                ["e_begin > list_steps > take_step > e_done"],
                many="items item",
            ),
            user("after"),
            through=["list_them > main_each > after > again"],
        )
    },
    "parallel join in a called process in a multi-instance loop": {
        "main": _loop(
            user("list_them"),
            call("inner", many="items item"),
            user("after"),
            through=["list_them > inner > after > again"],
        ),
        "inner": (
            [
                start("i_begin"),
                xor("i_round"),
                inclusive("or_split", default="i_c"),
                user("i_a"),
                user("i_b"),
                user("i_c"),
                inclusive("or_join"),
                xor("i_again", default="i_done"),
                end("i_done"),
            ],
            [
                "i_begin > i_round > or_split > i_c > or_join > i_again > i_done",
                'or_split > i_a : value("first", True)',
                'or_split > i_b : value("second", True)',
                "i_a > or_join",
                "i_b > or_join",
                f"i_again > i_round {BACK}",
            ],
        ),
    },
}
