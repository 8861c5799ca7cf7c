"""Run by Alembic; the connection comes from ``prep.migrations.upgrade``."""

from alembic import context

from prep.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
