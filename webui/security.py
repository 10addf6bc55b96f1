"""What every answer of the server carries, and who may ask for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import SecurityError

from engine import Clock, NotFound, Officer
from webui.config import ABSOLUTE_LIMIT, IDLE_LIMIT, Config
from webui.here import records

PUBLIC = frozenset({"static", "signin.sign_in", "signin.sign_out", "signin.health"})
"""The only endpoints that need nobody signed in."""

# diagram-js styles elements through the CSSOM, which `style-src 'self'` allows; the one
# inline style it writes (its watermark's place) is repeated in page.scss. So neither
# scripts nor styles need 'unsafe-inline' on any page.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
A_YEAR = "max-age=31536000; includeSubDomains"

csrf = CSRFProtect()
_machine = Clock()


def init_app(app: Flask, config: Config) -> None:
    csrf.init_app(app)
    app.before_request(_refuse_null_characters)
    app.before_request(require_sign_in)
    if config.is_demonstration:
        app.before_request(_require_this_machine)

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if config.is_secure:
            response.headers["Strict-Transport-Security"] = A_YEAR
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


def _refuse_null_characters() -> None:
    """No name, address or answer holds a null character, and PostgreSQL keeps none."""
    given = (request.path, *request.values.keys(), *request.values.values())
    if any("\x00" in text for text in given):
        abort(400)


def start_session(officer: Officer) -> None:
    """Sign somebody in, in a session that holds nothing from before."""
    session.clear()
    session.permanent = True
    now = _machine.now().isoformat()
    session.update(officer=officer.id, since=now, seen=now)


def require_sign_in() -> ResponseReturnValue | None:
    """Send whoever is not signed in, or no longer, to the sign-in page."""
    if isinstance(request.routing_exception, SecurityError):
        return "This address is not served here.", 400
    g.officer = _officer()
    if g.officer is not None or request.endpoint in PUBLIC:
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("signin.sign_in", next=wanted))


def _officer() -> Officer | None:
    """Who is signed in. A session ends 30 minutes after it was last used, and 10 hours
    after it began."""
    if request.endpoint == "static" or "officer" not in session:
        return None
    now = _machine.now()
    if _is_over(now, "seen", IDLE_LIMIT) or _is_over(now, "since", ABSOLUTE_LIMIT):
        session.clear()
        session["expired"] = True
        return None
    try:
        officer = records().officer(session["officer"])
    except NotFound:
        session.clear()
        return None
    if not officer.is_active:
        session.clear()
        return None
    session["seen"] = now.isoformat()
    return officer


def _is_over(now: datetime, name: str, limit: timedelta) -> bool:
    try:
        return now - datetime.fromisoformat(session[name]) > limit
    except (KeyError, TypeError, ValueError):
        return True


def _require_this_machine() -> None:
    """A demonstration answers nobody but the machine that it runs on."""
    if request.remote_addr not in ("127.0.0.1", "::1", None):
        current_app.logger.warning("refused %s", request.remote_addr)
        abort(403)
