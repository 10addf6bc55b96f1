"""Signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from engine import SignInFailed
from webui.here import casework
from webui.security import start_session
from webui.throttle import Throttle

pages = Blueprint("signin", __name__)


@pages.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("worklist.show"))


@pages.get("/health")
def health() -> ResponseReturnValue:
    return {"status": "ok"}


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """The sign-in page. A wrong name and a wrong password get the same answer."""
    if g.officer is not None:
        return redirect(_next_page())
    if request.method == "GET":
        return _page(200, "")
    throttle: Throttle = current_app.extensions["throttle"]
    address = request.remote_addr or ""
    if throttle.is_blocked(address):
        return _page(429, "Too many wrong passwords. Try again in 15 minutes.")
    try:
        officer = casework().sign_in(
            request.form.get("username", "")[:200],
            request.form.get("password", "")[:500],
        )
    except SignInFailed as failure:
        throttle.failed(address)
        return _page(401, str(failure))
    throttle.succeeded(address)
    start_session(officer)
    return redirect(_next_page())


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for("signin.sign_in", out=1))


def _page(status: int, error: str) -> ResponseReturnValue:
    """The session's end is told once; nothing is read but that."""
    expired = bool(session.get("expired"))
    page = render_template(
        "signin/sign_in.html",
        error=error,
        username=request.form.get("username", ""),
        next=request.values.get("next", ""),
        expired=expired,
        signed_out="out" in request.args,
        accounts=current_app.extensions.get("demonstration_accounts", ()),
    )
    return page, status


def _next_page() -> str:
    """Where the person was going, if that is a page of ours."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    if is_ours and not parts.scheme and not parts.netloc and "\\" not in wanted:
        return wanted
    return url_for("worklist.show")
