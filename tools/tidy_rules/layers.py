"""Layers: who may include whom, and where SQL, the environment and heavy libraries belong."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from .source import Source

Finding = tuple[int, str]

# Library header → where it may be included, and what everybody else includes instead.
LIBRARIES = [
    (r"spdlog/", ("platform/observe/",), "platform/observe/log.hpp"),
    (r"prometheus/", ("platform/observe/",), "platform/observe/metrics.hpp"),
    (r"simdjson", ("platform/json/", "platform/testing/"), "platform/json/read.hpp"),
    (r"sqlite3\.h$", ("platform/db/engines/sqlite/", "bench/"), "platform/db/database.hpp"),
    (r"(mysql|mariadb)(/\w+)*\.h$", ("platform/db/engines/mysql/",), "platform/db/database.hpp"),
    (r"librdkafka/", ("platform/events/logs/kafka/", "platform/events/tests/kafka_mock_tests.cpp"),
     "platform/events/event_log.hpp"),
    (r"boost/beast", ("platform/http/",), "platform/http/server.hpp or client.hpp"),
    (r"curl/", ("platform/mail/",), "platform/mail/mails.hpp"),
    (r"CLI/", ("apps/", "bench/"), "nothing: a command line is read in main's folder"),
]
SQL = re.compile(
    r"^\s*(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|REPLACE\s+INTO\s"
    r"|CREATE\s+(TEMP\s+)?(UNIQUE\s+)?(TABLE|INDEX|TRIGGER|VIEW)\s|ALTER\s+TABLE\s"
    r"|DROP\s+(TABLE|INDEX)\s"
    r"|WITH\s+\w+(\s*\([^)]*\))?\s+AS\s*\()"
)
SQL_FOLDERS = (
    "platform/db/", "platform/events/", "platform/auth/", "platform/mail/", "bench/",
    "apps/microcommerce/import_node/",  # Of a schema that is not ours.
)  # fmt: skip


def _service_of(path: str) -> str | None:
    parts = PurePosixPath(path).parts
    return parts[1] if len(parts) > 2 and parts[0] == "services" else None


def _feature_of(source: Source) -> str | None:
    """`domain` for services/order/domain/order.cpp."""
    parts = source.path.parts
    return parts[2] if len(parts) > 3 and parts[0] == "services" else None


def _refusal(source: Source, header: str) -> str | None:
    own, other = _service_of(source.name), _service_of(header)
    top = source.path.parts[0]
    if top == "platform" and header.startswith(("services/", "contracts/", "apps/")):
        return "platform/ knows nothing about commerce: pass it in as a parameter or a callback"
    if top == "contracts" and not header.startswith(("platform/", "contracts/")):
        return "contracts/ builds on platform/ only: move what is shared into contracts/"
    if own and header.startswith("apps/"):
        return "a service does not know who starts it: move the piece into the service or platform/"
    if own and other and own != other:
        return (
            f"a service never includes another: talk to {other} by an event or call of contracts/"
        )
    feature = _feature_of(source)
    if feature == "domain":
        allowed = ("platform/core/", f"services/{own}/domain/", "contracts/ids.hpp")
        if not header.startswith(allowed):
            return (
                "domain/ has no I/O: only platform/core, its own domain and contracts/ids.hpp; "
                "who may do it is asked in actions/"
            )
    if feature == "actions" and header.startswith("platform/http/"):
        return "an action does not know HTTP: take and return domain types, translate in http/"
    return None


def layers(source: Source) -> Iterator[Finding]:
    for line, header in source.includes:
        if header.split("/")[0] in ("apps", "services", "contracts", "platform"):
            refused = _refusal(source, header)
            if refused:
                yield line, f'"{header}": {refused}'


def libraries(source: Source) -> Iterator[Finding]:
    for line, header in source.includes:
        for pattern, homes, instead in LIBRARIES:
            if re.match(pattern, header) and not source.within(*homes):
                yield line, f"<{header}> stays in {' and '.join(homes)}: include {instead}"


def sql_in_store(source: Source) -> Iterator[Finding]:
    home = _feature_of(source) == "store" or source.within(*SQL_FOLDERS) or source.is_test
    if home:
        return
    for literal in source.literals:
        if SQL.match(literal.text):
            yield source.line_at(
                literal.start
            ), "SQL outside store/: give it a name and a function there"


def sql_is_literal(source: Source) -> Iterator[Finding]:
    if source.is_test:
        return
    for literal in source.literals:
        if not SQL.match(literal.text):
            continue
        before = source.code[max(0, literal.start - 60) : literal.start]
        after = source.code[literal.end : literal.end + 20]
        if re.search(r"\bformat(_to)?\s*\([^;]*$", before) or re.match(r"\s*\+", after):
            yield (
                source.line_at(literal.start),
                "SQL put together at run time: write the whole statement, with ? for values",
            )


def environment(source: Source) -> Iterator[Finding]:
    if source.within("platform/runtime/") or source.is_test:
        return
    for found in re.finditer(r"\b(secure_getenv|getenv|setenv|putenv|environ)\b", source.code):
        yield (
            source.line_at(found.start()),
            f"{found.group()}: declare a setting and read it from platform/runtime/config.hpp",
        )


RULES = [layers, libraries, sql_in_store, sql_is_literal, environment]
