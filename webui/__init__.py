"""The web pages: Flask, Jinja and GOV.UK Frontend over the engine."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from engine import Clock, may_do, works_on_cases
from webui import (
    cases,
    database,
    deadlines,
    demo,
    diagrams,
    errors,
    incidents,
    reports,
    security,
    signin,
    tasks,
    words,
    worklist,
)
from webui.config import Config
from webui.here import is_demonstration, today
from webui.studio import (
    answers,
    asking,
    compare,
    diagram,
    drafts,
    files,
    forms,
    home,
    imports,
    migrations,
    moving,
    periods,
    playing,
    plays,
    publishing,
    rehearsals,
    releases,
    replays,
    reviews,
    settings,
    tables,
    work,
)
from webui.throttle import Throttle

PAGES = (signin, worklist, tasks, cases, diagrams, incidents, reports, deadlines)
STUDIO = (
    *(rehearsals, replays, asking, answers, plays, playing, imports),
    *(home, drafts, files, compare, reviews, publishing, releases, work),
    *(diagram, forms, tables, periods, settings, migrations, moving),
)


class _Reference(BaseConverter):
    """ENF/2026/0001 in an address: ENF-2026-0001."""

    regex = r"[A-Za-z0-9-]+"

    def to_python(self, value: str) -> str:
        return value.replace("-", "/")

    def to_url(self, value: str) -> str:
        return value.replace("/", "-")


def create_app(config: Config, *, clock: Clock | None = None) -> Flask:
    """The application on one database. ``clock`` replaces the machine's in tests."""
    app = Flask(__name__)
    app.config.from_mapping(config.for_flask())
    app.url_map.converters["reference"] = _Reference
    app.extensions["config"] = config
    app.extensions["office"] = database.init_app(
        app, is_demonstration=config.is_demonstration, clock=clock
    )
    app.extensions["throttle"] = Throttle(Clock().now)
    security.init_app(app, config)
    errors.init_app(app)
    words.init_app(app)
    _templates(app)
    for module in (*PAGES, *STUDIO):
        app.register_blueprint(module.pages)
    if config.is_demonstration:
        demo.init_app(app)
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies
        )
    return app


def _templates(app: Flask) -> None:
    govuk = {"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}
    app.jinja_loader = ChoiceLoader([PackageLoader("webui"), PrefixLoader(govuk)])
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    stamps = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in (Path(app.root_path) / "static").iterdir()
        if path.is_file()
    }

    @app.template_global()
    def asset(name: str) -> str:
        """The address of a static file, new whenever the file changes."""
        return url_for("static", filename=name, v=stamps[name])

    app.jinja_env.globals.update(
        is_demonstration=is_demonstration,
        may_do=may_do,
        today=today,
        works_on_cases=works_on_cases,
    )
