"""Writing into the embedded log while nothing runs: the only way to put into it what none of our
services would. It is a SQLite file: topics, partitions and records.
"""

import sqlite3

from lib import store
from lib.server import Server

NEXT_OFFSET = """
    SELECT topic_id, next_offset FROM partitions JOIN topics ON topics.id = topic_id
     WHERE name = ? AND partition_number = ?
"""
INSERT = """
    INSERT INTO records
           (topic_id, partition_number, log_offset, stored_at, message_key, headers, value)
    SELECT ?, ?, ?, stored_at, ?, headers, CAST(? AS TEXT) FROM records WHERE topic_id = ? LIMIT 1
"""
MOVE_END = """
    UPDATE partitions SET next_offset = next_offset + 1 WHERE topic_id = ? AND partition_number = ?
"""


def append(server: Server, topic: str, partition: int, key: str, value: bytes) -> None:
    """One record behind the last of its partition, with the headers of the topic's first record."""
    assert not server.running, "the log belongs to the process that runs"
    connection = sqlite3.connect(store.file_of(server, "log"))
    try:
        with connection:
            topic_id, offset = connection.execute(NEXT_OFFSET, (topic, partition)).fetchone()
            row = (topic_id, partition, offset, key, value, topic_id)
            assert connection.execute(INSERT, row).rowcount == 1
            connection.execute(MOVE_END, (topic_id, partition))
    finally:
        connection.close()
