"""The databases as files, nearly always read only: what the promises of reliability.md are checked
against.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lib.server import Server


def files(server: Server) -> list[Path]:
    if "DB_HOST" in server.env:
        pytest.skip("looks into files, and these databases are at a server")
    found = sorted(server.data.rglob("*.db"))
    assert found, f"no database in {server.data}"
    return found


def file_of(server: Server, service: str) -> Path:
    matching = [path for path in files(server) if service in path.name]
    assert len(matching) == 1, f"one database of {service}: {[path.name for path in files(server)]}"
    return matching[0]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield connection
    finally:
        connection.close()


def query(path: Path, sql: str, *values: object) -> list[tuple]:
    with opened(path) as connection:
        return connection.execute(sql, values).fetchall()


def change(server: Server, service: str, sql: str, *values: object) -> None:
    """Writes into a database whose process is away; the statement must find one row."""
    assert not server.running
    connection = sqlite3.connect(file_of(server, service))
    try:
        with connection:
            assert connection.execute(sql, values).rowcount == 1, sql
    finally:
        connection.close()


def tables(path: Path) -> list[str]:
    rows = query(
        path, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [name for (name,) in rows]


def cells(path: Path) -> Iterator[tuple[str, str, object]]:
    """Every value of every table: (table, column, value)."""
    with opened(path) as connection:
        for table in tables(path):
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor:
                yield from (
                    (table, column, value) for column, value in zip(columns, row, strict=True)
                )


def places_of(path: Path, needle: str) -> list[str]:
    """Where a text stands, as `table.column`, alone or inside a longer value."""
    data = needle.encode()
    found = set()
    for table, column, value in cells(path):
        raw = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")
        if data in raw:
            found.add(f"{table}.{column}")
    return sorted(found)


def count(path: Path, table: str) -> int:
    return int(query(path, f'SELECT count(*) FROM "{table}"')[0][0])


def check_sound(server: Server) -> None:
    """I9: every database is whole and no foreign key is violated."""
    for path in files(server):
        assert query(path, "PRAGMA integrity_check") == [("ok",)], path.name
        assert query(path, "PRAGMA foreign_key_check") == [], path.name


def waiting_in_outboxes(server: Server) -> int:
    """Rows that no relay has brought into the log yet, over all services."""
    return sum(count(path, "outbox") for path in files(server) if "outbox" in tables(path))
