"""The command line: what it prints, and with which exit code it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import engine
from engine import drawing
from webui import commands
from webui.config import ConfigurationError, require_local


class Ended:
    """How a command ended, and what it said."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


@pytest.fixture
def enforce(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Enforce:
    """Runs `enforce` on a database of its own."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'enforce.db'}")
    monkeypatch.delenv("ENFORCE_DEMONSTRATION", raising=False)
    return Enforce(capsys)


class Enforce:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            commands.main(arguments)
        said = self._capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, said.out, said.err)


def test_our_own_files_have_no_problems(enforce: Enforce) -> None:
    ended = enforce("check")

    assert ended.out == "No problems.\n"
    assert ended.code == 0


def test_check_takes_a_broken_diagram_in_the_place_of_its_namesake(
    enforce: Enforce, tmp_path: Path
) -> None:
    broken = tmp_path / "authority.bpmn"
    whole = (engine.PROCESSES / "authority.bpmn").read_text()
    broken.write_text(whole.replace('id="authorise_action"', 'id="End"', 1))

    ended = enforce("check", str(broken), "--json")

    problems = json.loads(ended.out)
    assert ended.code == 1
    assert {"file", "element", "problem", "remedy", "severity"} == set(problems[0])
    assert {"authority.bpmn"} == {p["file"] for p in problems if p["element"] == "End"}


def test_check_takes_a_broken_form(enforce: Enforce, tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    broken = tmp_path / "forms" / "authorise_action.json"
    broken.write_text("{")

    ended = enforce("check", str(broken))

    assert ended.code == 1
    assert "forms/authorise_action.json" in ended.out


def test_what_is_only_worth_knowing_is_told_and_is_no_failure(
    enforce: Enforce, tmp_path: Path
) -> None:
    (tmp_path / "forms").mkdir()
    asked = tmp_path / "forms" / "respond_to_delay.json"
    whole = (engine.FORMS / "respond_to_delay.json").read_text()
    asked.write_text(whole.replace('"record": "true"', '"record": ""', 1))

    ended = enforce("check", str(asked))

    assert ended.code == 0
    assert "Worth knowing: forms/respond_to_delay.json" in ended.out
    assert ended.out.endswith("No problems, 1 worth knowing.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "no_such_file.bpmn"),
        ("check", __file__),
        ("rehearse", "--story", "no_such_story"),
        ("fly",),
        ("deadline", "pcn_response", "tomorrow"),
        ("deadline", "no_such_period", "2026-03-02"),
        ("user", "add", "somebody"),
    ],
)
def test_wrong_use_ends_with_two(enforce: Enforce, arguments: tuple[str, ...]) -> None:
    ended = enforce(*arguments)

    assert ended.code == 2
    assert ended.err


def test_deadline_prints_the_date_first_and_then_why(enforce: Enforce) -> None:
    ended = enforce("deadline", "pcn_response", "2026-03-02")

    first, *why = ended.out.splitlines()
    assert first == "2026-03-22"
    assert why
    assert ended.code == 0


def test_deadline_as_json_has_its_parts(enforce: Enforce) -> None:
    ended = enforce("deadline", "pcn_response", "2026-03-02", "--json")

    found = json.loads(ended.out)
    wanted = "key trigger date date_is rule explanation alternatives".split()
    assert set(wanted) <= set(found)
    assert (found["key"], found["date"]) == ("pcn_response", "2026-03-22")


def test_an_account_is_added_listed_and_disabled(enforce: Enforce) -> None:
    enforce("publish")
    added = enforce(
        "user",
        "add",
        "jane",
        "Jane Doe",
        "--email=jane@council.example",
        "--role=officer",
        "--password=a long enough password",
    )
    enforce("user", "disable", "jane")

    assert added.code == 0
    assert enforce("user", "list").out == "jane  Jane Doe  officer (disabled)\n"


def test_a_weak_password_is_refused_with_a_sentence(enforce: Enforce) -> None:
    ended = enforce(
        "user",
        "add",
        "jane",
        "Jane Doe",
        "--email=jane@council.example",
        "--role=officer",
        "--password=short",
    )

    assert ended.code == 1
    assert "password" in ended.err.lower()


def test_what_is_published_is_exported_byte_for_byte(
    enforce: Enforce, tmp_path: Path
) -> None:
    published = enforce("publish")
    again = enforce("publish")
    enforce("export", str(tmp_path / "out"))

    assert published.out.startswith("Published: ")
    assert again.out == "Nothing has changed.\n"
    ours = engine.library.read(engine.PROCESSES, engine.FORMS)
    exported = engine.library.read_folder(tmp_path / "out")
    assert exported == engine.library.of_council(ours, "maldon")


def test_a_change_of_the_studio_is_exported_as_it_is(
    enforce: Enforce, tmp_path: Path
) -> None:
    enforce("publish")
    office = engine.connect(f"sqlite:///{tmp_path / 'enforce.db'}")
    mark = office.casework.add_officer(
        "maldon",
        "mark",
        "Mark Dyke",
        email="mark@council.example",
        roles=["manager"],
        password="a long enough password",
    )
    draft = office.drafts.open("Other words", "", mark)
    form = (engine.FORMS / "record_costs.json").read_bytes() + b"\n"
    office.drafts.save(draft, {"forms/record_costs.json": form}, 1, mark)
    office.engine.dispose()

    done = enforce("export", str(tmp_path / "out"), "--draft", draft)
    unknown = enforce("export", str(tmp_path / "out"), "--draft", "nothing")
    republished = enforce("publish", str(tmp_path / "out"))

    assert done.code == 0
    assert (tmp_path / "out" / "forms" / "record_costs.json").read_bytes() == form
    assert (unknown.code, unknown.err) == (
        1,
        "There is no such change in the studio.\n",
    )
    assert "(release 2)" in republished.out and "direct_action" in republished.out


def test_a_broken_folder_is_not_published(enforce: Enforce, tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "authority.bpmn").write_text("<broken")

    ended = enforce("publish", str(tmp_path / "drafts"))

    assert ended.code == 1
    assert "authority.bpmn" in ended.err


def test_sweep_prints_how_many_fired(enforce: Enforce) -> None:
    enforce("publish")

    assert enforce("sweep").out == "0 fired.\n"


def test_one_story_is_rehearsed(enforce: Enforce) -> None:
    ended = enforce("rehearse", "--story", "authority_returned_then_given", "--json")

    found = json.loads(ended.out)
    assert ended.code == 0
    assert [story["passed"] for story in found["stories"]] == [True]
    assert set(found["coverage"]["authority"]) == {"taken", "total", "missing"}


def test_a_picture_is_written_for_each_process(
    enforce: Enforce, tmp_path: Path
) -> None:
    enforce(
        "rehearse",
        "--story=authority_returned_then_given",
        f"--pictures={tmp_path / 'pictures'}",
    )

    picture = (tmp_path / "pictures" / "authority.svg").read_text()
    assert BeautifulSoup(picture, "html.parser").find("svg")


def test_a_diagram_is_drawn_in_place(enforce: Enforce, tmp_path: Path) -> None:
    copy = tmp_path / "authority.bpmn"
    copy.write_bytes((engine.PROCESSES / "authority.bpmn").read_bytes())

    ended = enforce("draw", str(copy))

    assert "Drawn: authority.bpmn" in ended.out
    assert drawing.faults(copy.read_bytes()) == []


def test_a_database_that_cannot_be_reached_is_told_in_a_sentence(
    enforce: Enforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////no/such/folder/enforce.db")

    ended = enforce("sweep")

    assert ended.code == 1
    assert "database" in ended.err


def test_a_demonstration_is_not_served_to_others(enforce: Enforce) -> None:
    with pytest.raises(ConfigurationError):
        require_local("0.0.0.0")

    ended = enforce("serve", "--demonstration", "--host", "192.0.2.1")

    assert ended.code == 1
    assert "192.0.2.1" in ended.err


def test_production_does_not_start_without_a_secret(
    enforce: Enforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)

    ended = enforce("serve")

    assert ended.code == 1
    assert "SECRET_KEY" in ended.err


def test_a_demonstration_database_is_not_served_in_earnest(
    enforce: Enforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret of more than thirty-two characters")
    made = enforce("demo", "--cases", "1")

    ended = enforce("serve")

    assert made.out == "1 case made.\n"
    assert ended.code == 1
    assert "demonstration accounts" in ended.err


def test_the_command_can_be_run_as_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "webui.commands", "--help"],
        cwd=engine.HOME,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "check" in done.stdout
