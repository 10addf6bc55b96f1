"""Files are read under their names, replaced by their namesakes, and written back."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine import library
from engine.errors import NotFound


def test_the_shipped_files_have_names_below_processes() -> None:
    files = library.read(engine.PROCESSES, engine.FORMS)

    assert "enforcement.bpmn" in files
    assert "periods.yaml" in files
    assert "councils/maldon/council.yaml" in files
    assert any(name.startswith("forms/") for name in files)
    assert any(name.startswith("scenarios/") for name in files)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("enforcement.bpmn", "enforcement.bpmn"),
        ("drafts/priority.dmn", "priority.dmn"),
        ("councils/maldon/priority.dmn", "councils/maldon/priority.dmn"),
        ("record_site_visit.json", "forms/record_site_visit.json"),
        ("periods.yaml", "periods.yaml"),
        ("my_story.yaml", "scenarios/my_story.yaml"),
        ("processes/scenarios/my_story.yaml", "scenarios/my_story.yaml"),
        ("councils/maldon/council.yaml", "councils/maldon/council.yaml"),
    ],
)
def test_a_file_takes_the_place_of_its_namesake(
    tmp_path: Path, place: str, name: str
) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"new")

    changed = library.replace({name: b"old", "other.bpmn": b"kept"}, [path])

    assert changed == {name: b"new", "other.bpmn": b"kept"}


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(b"")

    with pytest.raises(NotFound, match=r"letter\.docx"):
        library.replace({}, [tmp_path / "letter.docx"])
    with pytest.raises(NotFound, match="no file"):
        library.replace({}, [tmp_path / "gone.bpmn"])


def test_a_councils_own_table_takes_the_place_of_the_common_one() -> None:
    files = {
        "enforcement.bpmn": b"diagram",
        "priority.dmn": b"common",
        "periods.yaml": b"law",
        "councils/anyshire/priority.dmn": b"own",
        "councils/anyshire/council.yaml": b"targets",
        "scenarios/story.yaml": b"story",
    }

    assert library.for_council(files, "anyshire") == {
        "enforcement.bpmn": b"diagram",
        "priority.dmn": b"own",
    }
    assert library.for_council(files, "maldon")["priority.dmn"] == b"common"
    assert library.councils(files) == ("anyshire",)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    files = {"a.bpmn": b"1", "forms/b.json": b"2", "councils/c/council.yaml": b"3"}

    library.write(files, tmp_path)

    assert library.read_folder(tmp_path) == files
