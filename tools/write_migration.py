"""Write the migration that leads from the newest one to the tables as they are in the schema now."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from chiploom.hub.database import migrate
from chiploom.hub.database.database import Database


def main(message: str) -> None:
    """Bring an empty database to the newest migration, compare it with the schema and write the difference."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
        if any(migrate.SCRIPTS.glob("versions/*.py")):
            migrate.upgrade(database)
        migrate.write_revision(database, message)
        database.close()


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or "Change tables")
