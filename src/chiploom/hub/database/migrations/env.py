"""Alembic's entry: runs migrations on the connection it is handed, within that connection's transaction."""

from typing import Any, Literal

from alembic import context

from chiploom.hub.database.schema import Base, Moment


def _spelt(kind: str, item: Any, _: object) -> str | Literal[False]:
    # A migration says what the column was then, whatever our own types become.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_spelt,
)
context.run_migrations()
