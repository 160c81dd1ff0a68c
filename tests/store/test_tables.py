from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Dialect, create_mock_engine, inspect
from sqlalchemy.dialects import postgresql

from rtm.store.database import Database
from rtm.store.store import Store
from rtm.store.tables import Moment, metadata

DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


@pytest.fixture
def database(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'rtm.db'}")
    yield database
    database.close()


def test_migrations_make_the_tables_that_are_declared(database):
    database.upgrade()

    with database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []
        tables = set(inspect(connection).get_table_names())
    assert tables == {*metadata.tables, "alembic_version"}


def test_a_table_that_differs_is_found(database):
    database.upgrade()
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE people DROP COLUMN is_off")
        connection.exec_driver_sql("DROP INDEX ix_outbox_once")

        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert {difference[0] for difference in differences} == {"add_column", "add_index"}


def test_upgrading_twice_changes_nothing(database):
    database.upgrade()
    database.upgrade()


def test_a_folder_with_odd_letters_is_no_obstacle(tmp_path):
    Store.open(tmp_path / "50% off, naïve ? #1").close()

    assert (tmp_path / "50% off, naïve ? #1" / "rtm.db").is_file()


def test_the_tables_can_be_made_on_postgresql():
    statements = []
    engine = create_mock_engine(
        "sqlite://",
        lambda statement, *_: statements.append(str(statement.compile(dialect=DIALECT))),
    )

    metadata.create_all(engine, checkfirst=False)

    made = "\n".join(statements)
    assert "seq BIGSERIAL NOT NULL" in made
    assert "WHERE state != 'refused'" in made
    assert made.count("CREATE TABLE") == len(metadata.tables)


@pytest.mark.parametrize(
    "at", [datetime(2013, 2, 4, 1, 2, 3, 999999, UTC), datetime(1, 1, 1, tzinfo=UTC)]
)
def test_moments_come_back_to_the_microsecond(at):
    moment = Moment()

    assert moment.process_result_value(moment.process_bind_param(at, DIALECT), DIALECT) == at
