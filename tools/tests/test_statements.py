"""Every statement of every service is prepared on both engines, on the tables of its migrations."""

import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import statements
from statements import Statement

sys.path.insert(0, str(statements.REPOSITORY / "tests"))
from lib import mariadb  # noqa: E402

ALL = [
    pytest.param(service, one, id=f"{service}-{one.name}")
    for service in statements.services()
    for one in statements.statements(service)
]


@pytest.fixture(scope="module")
def on_sqlite() -> dict[str, sqlite3.Connection]:
    made = {}
    for service in statements.services():
        made[service] = sqlite3.connect(":memory:")
        made[service].executescript(statements.table_of_migrations("sqlite"))
        for path in statements.migrations(service, "sqlite"):
            made[service].executescript(path.read_text("utf-8"))
    return made


@pytest.fixture(scope="module")
def on_mysql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the server says to each statement, by service and text; empty when it takes it."""
    if why := mariadb.missing():
        pytest.skip(f"MariaDB: {why}")
    server = mariadb.MariaDb(tmp_path_factory.mktemp("mariadb")).start()
    try:
        for service in statements.services():
            server.make_schemas(service)
            server.query(statements.table_of_migrations("mysql"), service)
            for path in statements.migrations(service, "mysql"):
                server.query(path.read_text("utf-8"), service)
        yield {
            service: said_of(server, service, statements.statements(service))
            for service in statements.services()
        }
    finally:
        server.stop()


def said_of(server: mariadb.MariaDb, service: str, all_of_it: list[Statement]) -> str:
    return server.complaints(
        [f"PREPARE wanted FROM {quoted(one.sql)}" for one in all_of_it], service
    )


def quoted(text: str) -> str:
    return "'" + re.sub(r"\s+", " ", text).replace("\\", "\\\\").replace("'", "''") + "'"


def test_there_are_statements_of_every_kind() -> None:
    services = statements.services()
    names = {one.name for service in services for one in statements.statements(service)}
    assert {"order.add", "product.list_by_name", "accounts.find", "mails.due"} <= names
    assert {"idempotency.add", "outbox.add", "dead_letters.park"} <= names
    assert len(names) > 80


def test_an_insert_of_several_rows_is_looked_at_too() -> None:
    names = {one.name for one in statements.statements("inventory")}
    assert "hold.add of two" in names
    source = """
        constexpr statement add_sql{"thing.add", R"(
            INSERT INTO things (id, state) VALUES (?, LOWER(?))
        )"};
        bool add(transaction& tx) { return try_insert_all<add_sql>(tx, rows); }
        bool add_others(transaction& tx) { return try_insert_all<add_sql>(tx, others); }
    """
    one, two = statements.read(source, Path("thing.cpp"), {})
    assert one.name == "thing.add"
    assert two.name == "thing.add of two"
    assert two.sql == "INSERT INTO things (id, state) VALUES (?, LOWER(?)), (?, LOWER(?))"


def test_macros_of_every_file_are_known_in_each() -> None:
    shared = statements.shared_words()
    assert shared["MC_16_MARKS"].count("?") == 16
    assert shared["MC_16_BRANCHES"].count("WHEN ? THEN ? ") == 16
    source = """
        #define MC_BY_ID "CASE id " MC_16_BRANCHES "END"
        constexpr statement of_sql{"thing.of", "SELECT " MC_BY_ID " WHERE id IN (" MC_16_MARKS ")"};
    """.replace("    ", "")
    (found,) = statements.read(source, Path("thing.cpp"), shared)
    assert found.sql.count("?") == 48
    assert found.sql.endswith("END WHERE id IN (" + ", ".join("?" * 16) + ")")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('constexpr statement of_sql{"thing.of", "SELECT " MC_ELSEWHERE};', "MC_ELSEWHERE is"),
        ("try_insert_all<add_sql>(tx, rows);", "try_insert_all<add_sql>"),
        (
            'constexpr statement a{"thing.a", "SELECT 1"}; try_insert_all<a>(tx, rows);',
            "thing.a does not end with VALUES",
        ),
        ('#define MC_ID "1"\n#undef MC_ID\n#define MC_ID "2"\n', "MC_ID is two things"),
    ],
)
def test_what_cannot_be_read_is_said(source: str, said: str) -> None:
    with pytest.raises(statements.UnreadableError, match=said):
        list(statements.read(source, Path("thing.cpp"), {}))


@pytest.mark.parametrize(("service", "one"), ALL)
def test_sqlite_takes_it(
    on_sqlite: dict[str, sqlite3.Connection], service: str, one: Statement
) -> None:
    marks = one.sql.count("?")
    on_sqlite[service].execute(f"EXPLAIN {one.sql}", [None] * marks)


@pytest.mark.parametrize("service", statements.services())
def test_mysql_takes_every_statement(on_mysql: dict[str, str], service: str) -> None:
    assert on_mysql[service] == ""


@pytest.mark.parametrize("service", statements.services())
def test_migrations_are_numbered_for_each_engine(service: str) -> None:
    for dialect in ("sqlite", "mysql"):
        by_folder: dict[Path, list[int]] = {}
        for path in statements.migrations(service, dialect):
            by_folder.setdefault(path.parent, []).append(int(path.name[:4]))
        for numbers in by_folder.values():
            assert numbers == list(range(1, len(numbers) + 1))
