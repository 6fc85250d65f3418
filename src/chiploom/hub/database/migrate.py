"""Bringing the tables of a database up to date, and telling whether they are."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from chiploom.errors import StorageError
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import Base

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Apply the migrations that this database has not seen, all or none.

    Raises
    ------
    StorageError
        ``database-newer``: a newer chiploom wrote it; ``database-migration``: a migration failed.
    """
    scripts = ScriptDirectory(str(SCRIPTS))
    known = {revision.revision for revision in scripts.walk_revisions()}
    try:
        with database.engine.begin() as connection:
            present = MigrationContext.configure(connection).get_current_heads()
            if set(present) - known:
                raise StorageError(
                    "database-newer",
                    f"{database.shown} was written by a newer chiploom (its tables are at {', '.join(present)}); "
                    "use that one",
                )
            if set(present) == set(scripts.get_heads()):
                return
            command.upgrade(_configuration(connection), "head")
    except DBAPIError as error:
        raise StorageError(
            "database-migration",
            f"the tables of {database.shown} cannot be brought up to date: {' '.join(str(error.orig).split())[:200]}",
        ) from None


def known() -> frozenset[str]:
    """Return the revisions that this chiploom can bring up to date."""
    return frozenset(revision.revision for revision in ScriptDirectory(str(SCRIPTS)).walk_revisions())


def newest() -> str | None:
    """Return the revision of the schema as it is now."""
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database's tables, None if it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade_connection(connection: Connection, revision: str = "head") -> None:
    """Bring tables to a revision within the transaction of this connection."""
    command.upgrade(_configuration(connection), revision)


def differences(database: Database) -> list[object]:
    """Return how the tables differ from the schema; empty unless a migration was forgotten."""
    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def write_revision(database: Database, message: str) -> None:
    """Write the migration from the newest one to the schema as it is now (for those who develop chiploom)."""
    with database.engine.begin() as connection:
        command.revision(_configuration(connection), message=message, autogenerate=True)


def _configuration(connection: Connection) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    return configuration
