"""The migrations lead to the tables of the schema, once, and not back from a newer chiploom."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text

from chiploom.errors import StorageError
from chiploom.hub.database import migrate
from chiploom.hub.database.database import Database
from chiploom.hub.database.schema import Base


def test_the_migrations_lead_to_the_schema(database: Database) -> None:
    assert migrate.differences(database) == []
    tables = set(inspect(database.engine).get_table_names())
    assert tables == {*Base.metadata.tables, "alembic_version"}
    for name, table in Base.metadata.tables.items():
        found = {index["name"] for index in inspect(database.engine).get_indexes(name)}
        assert {index.name for index in table.indexes} <= found


def test_a_difference_would_be_seen(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE hub_setting ADD COLUMN forgotten INTEGER"))
    try:
        assert migrate.differences(database) != []
    finally:
        with database.engine.begin() as connection:
            connection.execute(text("ALTER TABLE hub_setting DROP COLUMN forgotten"))


def test_a_second_time_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("INSERT INTO hub_setting (name, value) VALUES ('kept', 'yes')"))
    migrate.upgrade(database)
    with database.reading() as session:
        assert session.scalar(text("SELECT value FROM hub_setting WHERE name = 'kept'")) == "yes"


def test_tables_of_a_newer_chiploom_are_refused_and_left_alone(database: Database) -> None:
    with database.writing() as session:
        known = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
    try:
        with pytest.raises(StorageError) as caught:
            migrate.upgrade(database)
        assert caught.value.code == "database-newer"
        with database.reading() as session:
            assert session.scalar(text("SELECT version_num FROM alembic_version")) == "ffffffffffff"
    finally:
        with database.writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})


def test_a_migration_that_fails_leaves_nothing_behind(database_url: str, database: Database) -> None:
    """On both databases changes of tables belong to the transaction."""
    with database.engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        # The first migration meets a table that it did not make.
        connection.execute(text("CREATE TABLE submission (id INTEGER PRIMARY KEY)"))
    with pytest.raises(StorageError) as caught:
        migrate.upgrade(database)
    assert caught.value.code == "database-migration"
    assert "\n" not in caught.value.message
    assert set(inspect(database.engine).get_table_names()) <= {"submission", "alembic_version"}
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE submission"))
    migrate.upgrade(database)
    assert migrate.differences(database) == []
