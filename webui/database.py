"""The web process's database engine, owned by Flask-SQLAlchemy.

The only module of `webui` that knows SQLAlchemy. The engine's reads open their own
sessions on it, and each command its own transaction."""

from __future__ import annotations

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from engine import Base, Clock, Office, connect, prepare

db = SQLAlchemy(model_class=Base)


def init_app(
    app: Flask, *, is_demonstration: bool, clock: Clock | None = None
) -> Office:
    """Make the database engine and connect the product's engine to it."""
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        return connect(db.engine, clock=clock, is_demonstration=is_demonstration)
