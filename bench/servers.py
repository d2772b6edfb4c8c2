"""Where a shop keeps its data and its events: SQLite and the embedded log, or a MariaDB and a Kafka
that are started for the run. A place is one shop's part of them: databases, topics, groups."""

import contextlib
import dataclasses
import pathlib
import sqlite3
import subprocess
import sys

from processes import BenchError
from shop import PORTS

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))
from lib.kafka import Kafka  # noqa: E402
from lib.kafka import missing as kafka_is_missing  # noqa: E402
from lib.mariadb import MariaDb  # noqa: E402
from lib.mariadb import missing as mariadb_is_missing  # noqa: E402

ENGINES = ("sqlite", "mysql")
LOGS = ("embedded", "kafka")
ONE_PROCESS = ((),)  # No names: all services.
# Events must go from one process to another for their way to be measured.
TWO_PROCESSES = (("user",), tuple(service for service in PORTS if service != "user"))
EACH_ALONE = tuple((service,) for service in PORTS)
TOLD_BY = tuple(service for service in PORTS if service != "cart")


class DurableMariaDb(MariaDb):
    """As an operator would have it who wants to lose nothing and to restore to any moment: every
    COMMIT is on the disk before it is answered, in the engine's log and in the binary log."""

    def _options(self):
        ours = [
            "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=512M",
            "--innodb-log-file-size=256M", "--log-bin=binary-log", "--sync-binlog=1",
            "--binlog-format=ROW", "--server-id=1", "--max-connections=300",
        ]
        return [*(option for option in super()._options()
                  if option != "--skip-log-bin" and "buffer-pool" not in option), *ours]

    def described(self):
        version, commit, binary, sync = self.query(
            "SELECT @@version, @@innodb_flush_log_at_trx_commit, @@log_bin, @@sync_binlog")[0]
        return (f"MariaDB {version}, innodb_flush_log_at_trx_commit={commit}, "
                f"log_bin={binary}, sync_binlog={sync}")

    def run_script(self, schema, lines):
        """Statements, a line each, as one stream to the server's own client."""
        with subprocess.Popen(self._client(schema), stdin=subprocess.PIPE, text=True) as client:
            client.stdin.writelines(f"{line};\n" for line in lines)
            client.stdin.close()
            if client.wait() != 0:
                raise BenchError(f"the database server refused a script for {schema}")


@dataclasses.dataclass(frozen=True)
class Place:
    name: str
    database: DurableMariaDb | None = None
    kafka: Kafka | None = None
    is_apart: bool = False

    @property
    def is_default(self):
        return self.database is None and self.kafka is None

    @property
    def processes(self):
        if self.is_apart:
            return EACH_ALONE
        return TWO_PROCESSES if self.kafka else ONE_PROCESS

    def make(self):
        if self.database:
            self.database.make_schemas(*(self.schema(service) for service in PORTS))

    def schema(self, service):
        return f"{self.name}_{service}"

    def settings_of(self, services):
        """The settings of a process with these services."""
        settings = {}
        if not self.is_default:
            settings |= {"JWT_SECRET": "bench-only-" * 4, "INTERNAL_TOKEN_SECRET": "bench-too-" * 4}
        if self.database:
            settings |= {"DB_HOST": self.database.host, "DB_PORT": str(self.database.port),
                         "DB_USER": self.database.user}
            settings |= per_service("DB_NAME", services, self.schema)
        if self.kafka:
            settings["KAFKA_BROKER"] = self.kafka.address
            settings |= {f"KAFKA_{name.upper()}_EVENTS_TOPIC": self.topic(name) for name in TOLD_BY}
            settings |= per_service("KAFKA_GROUP_ID", services, self.group)
        return settings

    def topic(self, of):
        return f"{self.name}-{of}-events" if self.kafka else f"{of}-events"

    def group(self, service):
        return f"{self.name}-{service}" if self.kafka else f"{service}-service-group"

    def pids(self):
        """Of the servers beside ours, by what they are called in the table."""
        found = {}
        if self.database:
            found["MariaDB"] = self.database.process.pid
        if self.kafka:
            found["Kafka"] = self.kafka.process.pid
        return found

    def rows(self, server, service, sql):
        """What a service's database answers, as tuples of integers and texts; None stands for
        NULL."""
        if self.database:
            found = self.database.query(sql, self.schema(service))
            return [tuple(decoded(value) for value in row) for row in found]
        path = f"file:{server.data_with(service) / service}.db?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as database:
            return database.execute(sql).fetchall()

    def add_rows(self, server, service, table, columns, rows):
        """Writes rows into a service's database. Only while nobody serves it."""
        names = ", ".join(columns)
        if self.database:
            self.database.run_script(self.schema(service), inserts(table, names, rows))
            return
        path = server.data_with(service) / f"{service}.db"
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            places = ", ".join("?" * len(columns))
            database.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)

    def run(self, server, service, statements):
        """Runs statements on a service's database. Only while nobody serves it."""
        if self.database:
            self.database.run_script(self.schema(service), ["BEGIN", *statements, "COMMIT"])
            return
        path = server.data_with(service) / f"{service}.db"
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            for statement in statements:
                database.execute(statement)

    def described(self):
        database = self.database.described() if self.database else "SQLite"
        log = "Kafka, one broker, acks=all" if self.kafka else "the embedded log"
        count = len(self.processes)
        return f"{database}; {log}; {count} process{'es' if count > 1 else ''} of the shop"


def per_service(key, services, value_of):
    """`<SERVICE>_<KEY>`, or the bare key in a process with one service, which wants that."""
    if len(services) == 1:
        return {key: value_of(services[0])}
    return {f"{service.upper()}_{key}": value_of(service) for service in services}


def decoded(text):
    if text == "NULL":
        return None
    return int(text) if text.lstrip("-").isdigit() else text


def inserts(table, names, rows, at_once=200):
    """INSERT statements of many rows each, in one transaction. Texts are without quotes of SQL's
    and backslashes."""
    yield "BEGIN"
    part = []
    for row in rows:
        part.append("(" + ", ".join(literal(value) for value in row) + ")")
        if len(part) == at_once:
            yield f"INSERT INTO {table} ({names}) VALUES {', '.join(part)}"
            part = []
    if part:
        yield f"INSERT INTO {table} ({names}) VALUES {', '.join(part)}"
    yield "COMMIT"


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    if "'" in value or "\\" in value:
        raise BenchError("a text with a quote cannot be written as a literal here")
    return f"'{value}'"


def start(engine, log, is_apart, scratch, resources):
    """The servers that the run needs; they end with `resources`. Returns a function that gives a
    place by its name, and makes it when it is new."""
    database = broker = None
    if engine == "mysql":
        if why := mariadb_is_missing():
            raise BenchError(f"MariaDB: {why}")
        database = DurableMariaDb(scratch / "mariadb")
        resources.callback(database.stop)
        database.start()
    if log == "kafka":
        if why := kafka_is_missing():
            raise BenchError(f"Kafka: {why}")
        broker = Kafka(scratch / "kafka")
        resources.callback(broker.stop)
        broker.start()

    made = {}

    def place(name):
        if name not in made:
            made[name] = Place(name, database, broker, is_apart)
            made[name].make()
        return made[name]

    return place
