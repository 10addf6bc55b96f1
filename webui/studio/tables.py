"""A decision table of a draft: its editor, and the row in which it is tried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from engine import DefinitionError, TriedTable
from webui import answers as typed_answers
from webui import questions
from webui.here import office, officer
from webui.studio import for_managers

pages = for_managers(Blueprint("studio_tables", __name__))

_TABLE = "/studio/drafts/<draft_id>/tables/<decision>"
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
POLICIES: Mapping[str, str] = {
    "UNIQUE": "One row fits",
    "FIRST": "The first row that fits counts",
    "COLLECT": "Every row that fits counts",
}


@pages.get(_TABLE)
def show(draft_id: str, decision: str) -> ResponseReturnValue:
    """The editor and the row to try; without JavaScript the table as it is read."""
    files = office().drafts.files(draft_id, officer())
    name = place(files, decision)
    if name not in files:
        return _new(draft_id, decision, {}, request.args)
    return _page(draft_id, decision, name, files[name])


@pages.post(_TABLE)
def begin(draft_id: str, decision: str) -> ResponseReturnValue:
    """A new table, or the council's own in the place of the common one."""
    draft = office().drafts.get(draft_id, officer())
    files = office().drafts.files(draft_id, officer())
    if request.form.get("action") == "own" and place(files, decision) in files:
        changes = {_own(decision): files[place(files, decision)]}
        said = "The council has a table of its own now. The common one stays as it is."
    else:
        errors = _faults(files, decision, request.form)
        if errors:
            return _new(draft_id, decision, errors, request.form)
        changes = {f"{decision}.dmn": _template(decision, request.form).encode()}
        said = "The table is begun. Add the rows that are missing."
    office().drafts.save(draft_id, changes, draft.revision, officer())
    flash(said)
    return redirect(url_for("studio_tables.show", draft_id=draft_id, decision=decision))


@pages.post(f"{_TABLE}/try")
def attempt(draft_id: str, decision: str) -> ResponseReturnValue:
    """What the table says to some answers: the one in the editor, or the saved one."""
    files = office().drafts.files(draft_id, officer())
    name = place(files, decision)
    if request.is_json:
        return _try_in_editor(draft_id, decision, name)
    content = files.get(name, b"")
    return _page(draft_id, decision, name, content, typed=request.form)


def place(files: Mapping[str, bytes], decision: str) -> str:
    """The file of a table: the council's own where it has one."""
    own = _own(decision)
    is_common = request.args.get("file") == "common"
    return own if own in files and not is_common else f"{decision}.dmn"


def _own(decision: str) -> str:
    return f"councils/{officer().council}/{decision}.dmn"


def _try_in_editor(draft_id: str, decision: str, name: str) -> ResponseReturnValue:
    asked = request.get_json(silent=True)
    if not isinstance(asked, Mapping) or not isinstance(asked.get("text"), str):
        raise BadRequest("The editor sent something that this page does not know.")
    given = asked.get("answers")
    typed: MultiDict[str, Any] | None = None
    if isinstance(given, Mapping):
        typed = MultiDict({str(k): v for k, v in given.items()})
    shown = _tried(draft_id, name, asked["text"].encode("utf-8", "replace"), typed)
    tried = shown["tried"]
    html = render_template(
        "studio/table_try.html", draft_id=draft_id, decision=decision, **shown
    )
    return {
        "html": html,
        "fitting": list(tried.fitting) if tried else [],
        "counted": list(tried.counted) if tried else [],
    }


def _page(
    draft_id: str,
    decision: str,
    name: str,
    content: bytes,
    *,
    typed: MultiDict[str, Any] | None = None,
) -> ResponseReturnValue:
    bench = office().workbench
    try:
        sheet = bench.table(name, content)
    except DefinitionError:
        sheet = None
    files = office().drafts.files(draft_id, officer())
    found = office().drafts.check(draft_id, officer())
    shown = _tried(draft_id, name, content, typed)
    page = render_template(
        "studio/table.html",
        draft=office().drafts.get(draft_id, officer()),
        draft_id=draft_id,
        decision=decision,
        name=name,
        text=content.decode("utf-8", "replace"),
        sheet=sheet,
        policies=POLICIES,
        is_own=name.startswith("councils/"),
        has_common=f"{decision}.dmn" in files,
        has_own=_own(decision) in files,
        uses=bench.users_of_table(draft_id, decision, officer()),
        problems=[each for each in found if each.file == name],
        **shown,
    )
    return page, 400 if shown["errors"] else 200


def _tried(
    draft_id: str, name: str, content: bytes, typed: MultiDict[str, Any] | None
) -> dict[str, Any]:
    """The questions of the table with what was answered, and what it says to that."""
    bench, given, why = office().workbench, {}, ""
    tried: TriedTable | None = None
    try:
        asked = bench.ask_table(draft_id, name, content, officer())
        if typed is not None:
            given = typed_answers.read(asked.form.fields, typed)
            tried = bench.try_table(draft_id, name, content, given, officer())
    except DefinitionError as error:
        why = " ".join(f"{p.problem} {p.remedy}" for p in error.problems)
        return {"tried": None, "questions": (), "errors": [], "why_unread": why}
    errors = tried.errors if tried else {}
    shown = questions.show(asked.form, given, {}, errors=errors)
    return {
        "tried": tried,
        "questions": shown,
        "errors": questions.summary(shown),
        "why_unread": "",
    }


def _new(
    draft_id: str,
    decision: str,
    errors: Mapping[str, str],
    given: Mapping[str, str],
) -> ResponseReturnValue:
    title = given.get("title", "") or decision.replace("_", " ").capitalize()
    page = render_template(
        "studio/table_new.html",
        draft=office().drafts.get(draft_id, officer()),
        decision=decision,
        title=title,
        given=given,
        wrong=errors,
        policies=POLICIES,
        errors=[{"text": text, "href": f"#{key}"} for key, text in errors.items()],
    )
    return page, 400 if errors else 200


def _faults(
    files: Mapping[str, bytes], decision: str, given: Mapping[str, str]
) -> dict[str, str]:
    errors = {}
    if not _NAME.fullmatch(decision):
        errors["main-content"] = (
            f"“{decision}” cannot be the name of a table: use small letters, digits "
            "and underscores, such as harm_score."
        )
    elif place(files, decision) in files:
        errors["main-content"] = f"There is a table “{decision}” already. Open it."
    for key, sentence in (
        ("reads", "Enter the fact that it looks at, such as breach_type"),
        ("sets", "Enter the fact that it sets, such as risk"),
    ):
        if not _NAME.fullmatch(given.get(key, "").strip()):
            errors[key] = sentence
    return errors


def _template(decision: str, given: Mapping[str, str]) -> str:
    reads, sets = given["reads"].strip(), given["sets"].strip()
    title = quoteattr(given.get("title", "").strip() or decision)
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
id="{decision}_definitions" name={title} \
namespace="https://planning-enforcement.example/processes">
  <decision id="{decision}" name={title}>
    <decisionTable id="{decision}_table" hitPolicy="FIRST">
      <input id="input_{reads}" label="{reads.replace("_", " ").capitalize()}">
        <inputExpression id="input_{reads}_expression" typeRef="string">
          <text>{reads}</text>
        </inputExpression>
      </input>
      <output id="output_{sets}" label="{sets.replace("_", " ").capitalize()}" \
name="{sets}" typeRef="string" />
      <rule id="{decision}_otherwise">
        <description>Everything else</description>
        <inputEntry id="{decision}_otherwise_when">
          <text></text>
        </inputEntry>
        <outputEntry id="{decision}_otherwise_then">
          <text>"to_be_decided"</text>
        </outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"""
