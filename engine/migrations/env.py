"""Alembic's entry: runs the migrations on the connection that the engine hands over."""

from __future__ import annotations

from alembic import context

from engine.studio import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.Draft.metadata,
    render_as_batch=True,
)

with context.begin_transaction():
    context.run_migrations()
