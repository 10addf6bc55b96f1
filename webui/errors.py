"""One table from the engine's errors to statuses and pages. Nothing leaks a trace."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

import engine


@dataclass(frozen=True, kw_only=True)
class ErrorPage:
    """The status and the heading; `says` is shown where the error has no own words."""

    status: int
    title: str
    says: str = ""


_NOT_FOUND = ErrorPage(
    status=404,
    title="Page not found",
    says="Check the web address, or look for the case in the list of cases.",
)
_FORBIDDEN = ErrorPage(
    status=403,
    title="You do not have permission to see this page",
    says="Ask an enforcement manager if you think that you should.",
)
_BROKEN = ErrorPage(
    status=500,
    title="Sorry, there is a problem with the service",
    says="What you were doing was not saved. Try again later.",
)

TABLE: dict[type[engine.EngineError], ErrorPage] = {
    engine.NotFound: _NOT_FOUND,
    engine.UnknownPeriod: _NOT_FOUND,
    engine.NotPermitted: ErrorPage(
        status=403, title="You do not have permission to do this"
    ),
    engine.SignInFailed: ErrorPage(status=401, title="You are not signed in"),
    engine.TaskNotReady: ErrorPage(
        status=409, title="This task has already been dealt with"
    ),
    engine.CaseChanged: ErrorPage(
        status=409, title="Someone else changed this case at the same moment"
    ),
    engine.DraftChanged: ErrorPage(
        status=409, title="Someone else has saved this change"
    ),
    engine.DraftClosed: ErrorPage(status=409, title="This change is no longer in work"),
    engine.DraftConflict: ErrorPage(
        status=409, title="Others have published changes to the same files"
    ),
    engine.DraftNotReady: ErrorPage(
        status=409, title="Something still stands in the way"
    ),
    engine.InvalidAnswers: ErrorPage(
        status=400, title="Some answers need to be corrected"
    ),
    engine.NotInForce: ErrorPage(
        status=400, title="The period was not in force on that day"
    ),
    engine.WorkflowFailed: ErrorPage(
        status=409,
        title="A step of the procedure could not be carried out",
        says="What you entered is kept as a draft. The case shows what needs repair; "
        "an enforcement manager can put it right and try the step again.",
    ),
    engine.DefinitionError: ErrorPage(
        status=409, title="A diagram, form, table or period cannot be used"
    ),
    engine.ExpressionError: ErrorPage(
        status=409, title="An expression in the procedure cannot be used"
    ),
    engine.CannotPlay: ErrorPage(
        status=409, title="The change cannot be played as it is"
    ),
    engine.EngineError: _BROKEN,
}

_HTTP: dict[int, ErrorPage] = {
    400: ErrorPage(
        status=400,
        title="The request could not be understood",
        says="Go back and try again.",
    ),
    403: _FORBIDDEN,
    404: _NOT_FOUND,
    405: _NOT_FOUND,
    413: ErrorPage(
        status=413,
        title="What you sent is too large",
        says="Send smaller files, or fewer at a time.",
    ),
}


def page_for(error: engine.EngineError) -> ErrorPage:
    """The entry of the error's class, or of the nearest class above it."""
    for kind in type(error).__mro__:
        if kind in TABLE:
            return TABLE[kind]
    return _BROKEN


def init_app(app: Flask) -> None:
    app.register_error_handler(engine.EngineError, _engine_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _anything_else)


def _engine_error(error: engine.EngineError) -> ResponseReturnValue:
    page = page_for(error)
    if page.status >= 500:
        current_app.logger.exception("an engine error reached a page")
        return _render(page, page.says)
    revision = getattr(error, "revision", None)
    return _render(page, page.says or str(error), revision=revision)


def _csrf_error(error: CSRFError) -> ResponseReturnValue:
    page = ErrorPage(
        status=400,
        title="This page was open for too long",
        says="Nothing was saved. Go back, refresh the page and try again.",
    )
    return _render(page, page.says)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error.get_response()
    fallback = _BROKEN if (error.code or 500) >= 500 else _HTTP[400]
    page = _HTTP.get(error.code or 500, fallback)
    return _render(page, page.says, status=error.code)


def _anything_else(error: Exception) -> ResponseReturnValue:
    """The outer edge: whatever was not foreseen is logged and told plainly."""
    current_app.logger.exception("an unforeseen error reached a page")
    return _render(_BROKEN, _BROKEN.says)


def _render(
    page: ErrorPage,
    says: str,
    *,
    status: int | None = None,
    revision: int | None = None,
) -> ResponseReturnValue:
    """A page; an editor, which asks in JSON, is answered with the sentence."""
    if request.is_json:
        said = (
            {"message": says}
            if revision is None
            else {
                "message": says,
                "revision": revision,
            }
        )
        return said, status or page.status
    return (
        render_template("errors/error.html", title=page.title, says=says),
        status or page.status,
    )
