"""A form of a draft: its editor, and the form as officers would see it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from engine import Form, FormPreview, reserved_names
from webui import answers as typed_answers
from webui import questions
from webui.here import office, officer
from webui.studio import for_managers

pages = for_managers(Blueprint("studio_forms", __name__))

_FORM = "/studio/drafts/<draft_id>/forms/<form>"
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
KINDS: Mapping[str, str] = {
    "radio": "One of several",
    "textfield": "Short text",
    "textarea": "Long text",
    "datetime": "Date",
    "number": "Number",
    "select": "List to choose from",
    "checklist": "Any of several",
    "checkbox": "Box to tick",
    "filepicker": "Documents",
    "dynamiclist": "List with “add another”",
    "group": "Group of questions",
    "text": "Guidance",
    "separator": "Line",
}
FIRST_KINDS = ("radio", "textarea", "textfield", "datetime", "number")
"""With what a new form may begin."""


@pages.get(_FORM)
def show(draft_id: str, form: str) -> ResponseReturnValue:
    """The editor; without JavaScript the questions, the form as shown, and the file."""
    files = office().drafts.files(draft_id, officer())
    name = place(files, form)
    if name not in files:
        return _new(draft_id, form, {}, request.args)
    return _page(draft_id, form, name, files[name].decode("utf-8", "replace"))


@pages.post(_FORM)
def begin(draft_id: str, form: str) -> ResponseReturnValue:
    """A new form with its first question."""
    draft = office().drafts.get(draft_id, officer())
    given = request.form
    errors = _faults(draft_id, form, given)
    if errors:
        return _new(draft_id, form, errors, given)
    text = json.dumps(_template(form, given), indent=2, ensure_ascii=False) + "\n"
    changes = {f"forms/{form}.json": text.encode()}
    office().drafts.save(draft_id, changes, draft.revision, officer())
    flash("The form is begun. Add the questions that are missing.")
    return redirect(url_for("studio_forms.show", draft_id=draft_id, form=form))


@pages.post(f"{_FORM}/preview")
def preview(draft_id: str, form: str) -> ResponseReturnValue:
    """The form as officers would see it: of the text sent, or of what is saved."""
    if request.is_json:
        return _preview_of_editor(draft_id, form)
    files = office().drafts.files(draft_id, officer())
    name = place(files, form)
    text = files.get(name, b"{}").decode("utf-8", "replace")
    return _page(draft_id, form, name, text, typed=request.form)


def place(files: Mapping[str, bytes], form: str) -> str:
    """The file of a form: the council's own where it has one."""
    own = f"councils/{officer().council}/forms/{form}.json"
    return own if own in files else f"forms/{form}.json"


def _preview_of_editor(draft_id: str, form: str) -> ResponseReturnValue:
    asked = request.get_json(silent=True)
    if not isinstance(asked, Mapping) or not isinstance(asked.get("text"), str):
        raise BadRequest("The editor sent something that this page does not know.")
    given = asked.get("answers")
    typed: MultiDict[str, Any] | None = None
    if isinstance(given, Mapping):
        typed = MultiDict({str(k): v for k, v in given.items()})
    shown = _shown(draft_id, f"forms/{form}.json", asked["text"], typed)
    html = render_template(
        "studio/form_preview.html", draft_id=draft_id, form_id=form, **shown
    )
    return {"html": html}


def _page(
    draft_id: str,
    form: str,
    name: str,
    text: str,
    *,
    typed: MultiDict[str, Any] | None = None,
) -> ResponseReturnValue:
    found = office().drafts.check(draft_id, officer())
    shown = _shown(draft_id, name, text, typed)
    page = render_template(
        "studio/form.html",
        draft=office().drafts.get(draft_id, officer()),
        draft_id=draft_id,
        form_id=form,
        name=name,
        text=text,
        uses=office().workbench.users_of_form(draft_id, form, officer()),
        problems=[each for each in found if each.file == name],
        kinds=KINDS,
        **shown,
    )
    return page, 400 if shown["errors"] else 200


def _shown(
    draft_id: str, name: str, text: str, typed: MultiDict[str, Any] | None
) -> dict[str, Any]:
    """The form of the text with what was typed; tried when it was sent to be tried."""
    bench, focus = office().workbench, None
    seen = bench.preview(draft_id, name, text, officer())
    answers = seen.answers
    if typed is not None:
        given = typed_answers.read(seen.form.fields, typed)
        action = typed.get("action", "complete")
        if action == "complete":
            answers = typed_answers.without_empty_rows(given, seen.form.fields)
            seen = bench.preview(draft_id, name, text, officer(), answers)
        else:
            focus = typed_answers.change_rows(given, action)
            answers = given
    shown = questions.show(
        seen.form, answers, {}, errors=seen.errors, choices=seen.choices
    )
    return {
        "preview": seen,
        "questions": shown,
        "errors": _summary(seen, shown),
        "focus": focus,
        "is_empty": not seen.form.components,
    }


def _summary(
    seen: FormPreview, shown: tuple[questions.Shown, ...]
) -> list[dict[str, str]]:
    return questions.summary(shown) if seen.errors else []


def _new(
    draft_id: str, form: str, errors: Mapping[str, str], given: Mapping[str, str]
) -> ResponseReturnValue:
    title = given.get("title", "") or form.replace("_", " ").capitalize()
    asked = Form.parse(_NEW)
    answers = {field.key: given.get(field.key, "") for field in asked.fields}
    answers["title"] = title
    answers["kind"] = answers["kind"] or "radio"
    shown = questions.show(asked, answers, {}, errors=errors)
    page = render_template(
        "studio/form_new.html",
        draft=office().drafts.get(draft_id, officer()),
        form_id=form,
        title=title,
        questions=shown,
        errors=questions.summary(shown)
        + ([{"text": errors["id"], "href": "#main-content"}] if "id" in errors else []),
        reserved=sorted(reserved_names()),
    )
    return page, 400 if errors else 200


def _faults(draft_id: str, form: str, given: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    files = office().drafts.files(draft_id, officer())
    if not _NAME.fullmatch(form):
        errors["id"] = (
            f"“{form}” cannot be the name of a form: use small letters, digits and "
            "underscores, such as record_second_visit."
        )
    elif place(files, form) in files:
        errors["id"] = f"There is a form “{form}” already. Open it instead."
    key = given.get("key", "").strip()
    if not given.get("label", "").strip():
        errors["label"] = "Enter the first question"
    if given.get("kind") not in FIRST_KINDS:
        errors["kind"] = "Choose how it is answered"
    if not _NAME.fullmatch(key):
        errors["key"] = (
            "Enter the name of the fact in small letters, digits and underscores: "
            "second_visit_on"
        )
    elif key in reserved_names():
        errors["key"] = f"“{key}” is taken. Choose another name"
    return errors


def _template(form: str, given: Mapping[str, str]) -> dict[str, Any]:
    key, kind = given["key"].strip(), given["kind"]
    question: dict[str, Any] = {
        "type": kind,
        "id": f"field_{key}",
        "key": key,
        "label": given["label"].strip(),
        "validate": {"required": True},
    }
    if kind == "radio":
        question["values"] = [
            {"label": "Yes", "value": "yes"},
            {"label": "No", "value": "no"},
        ]
    elif kind == "datetime":
        question["subtype"] = "date"
    elif kind in ("textfield", "textarea"):
        question["validate"]["maxLength"] = 200 if kind == "textfield" else 4000
    return {
        "type": "default",
        "id": form,
        "title": given.get("title", "").strip() or form.replace("_", " ").capitalize(),
        "schemaVersion": 18,
        "components": [question],
    }


_NEW = {
    "components": [
        {"type": "textfield", "id": "title", "key": "title", "label": "Its name"},
        {
            "type": "textarea",
            "id": "label",
            "key": "label",
            "label": "What is the first question?",
            "description": "In plain words, such as: When did you visit again?",
            "validate": {"required": True},
        },
        {
            "type": "radio",
            "id": "kind",
            "key": "kind",
            "label": "How is it answered?",
            "values": [
                {"value": "radio", "label": "Yes or no"},
                *({"value": k, "label": KINDS[k]} for k in FIRST_KINDS[1:]),
            ],
            "validate": {"required": True},
        },
        {
            "type": "textfield",
            "id": "key",
            "key": "key",
            "label": "What is the fact called that the answer becomes?",
            "description": "Diagrams, tables and other forms read it under this name.",
            "validate": {"required": True},
        },
    ]
}
