"""Every SQL statement of the services and of what the platform keeps in their databases, as it
stands in the sources, and the migrations that make its tables.

    python3 tools/statements.py    lists them: name, file, text
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
#: What the platform keeps in a service's database; the embedded log is a SQLite file of its own.
PLATFORM = ("auth", "db", "events", "mail")
#: Whose macros every other file may use.
SHARED = Path("platform/db/many.hpp")
DECLARED = re.compile(r"constexpr statement (\w+)\{([^;]*?)\};", re.DOTALL)
DEFINED = re.compile(r"^#define (MC_\w+)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
LITERAL = re.compile(r'R"\((.*?)\)"|"((?:[^"\\]|\\.)*)"|(MC_\w+)', re.DOTALL)
#: Of these an INSERT of several rows is made, by the same rule as there; two rows are enough to see
#: whether an engine takes it.
MANY = re.compile(r"\btry_insert_all<([\w:]+)>")
BEFORE_ROW = "VALUES "


@dataclass(frozen=True)
class Statement:
    name: str
    sql: str
    file: Path


class UnreadableError(Exception):
    """The sources say it in a way that is not understood here."""


def _joined(text: str, words: dict[str, str]) -> list[str]:
    """The literals of an initialiser, one per argument; adjacent ones are one, as in C++."""
    arguments = [""]
    at = 0
    for found in LITERAL.finditer(text):
        if "," in text[at : found.start()]:
            arguments.append("")
        raw, quoted, word = found.groups()
        if raw is not None:
            arguments[-1] += raw
        elif quoted is not None:
            arguments[-1] += re.sub(r"\\(.)", r"\1", quoted)
        else:
            if word not in words:
                raise UnreadableError(f"{word} is defined neither before it nor in {SHARED}")
            arguments[-1] += words[word]
        at = found.end()
    return arguments


def _words(source: str, known: dict[str, str]) -> dict[str, str]:
    """The macros that stand for literals, and what they stand for."""
    words = dict(known)
    for name, body in DEFINED.findall(source):
        if "(" in body.partition('"')[0]:
            continue  # It makes code.
        text = "".join(_joined(body.replace("\\\n", "\n"), words))
        if words.setdefault(name, text) != text:
            raise UnreadableError(f"{name} is two things")
    return words


def _of_two_rows(one: Statement) -> Statement:
    """As `insert_of` in platform/db/many.hpp makes it."""
    before, found, row = one.sql.rpartition(BEFORE_ROW)
    row = row[: row.rfind(")") + 1]
    if not found or not row:
        raise UnreadableError(f"{one.name} does not end with {BEFORE_ROW}(…)")
    return Statement(f"{one.name} of two", f"{before}{BEFORE_ROW}{row}, {row}", one.file)


def read(source: str, path: Path, shared: dict[str, str]) -> Iterator[Statement]:
    """Those of one file; `shared` are the macros that every file may use."""
    words = _words(source, shared)
    found: dict[str, Statement] = {}
    for variable, initialiser in DECLARED.findall(source):
        name, sql = _joined(initialiser, words)
        found[variable] = Statement(name, sql.strip(), path)
        yield found[variable]
    for variable in dict.fromkeys(MANY.findall(source)):
        if variable not in found:
            raise UnreadableError(f"try_insert_all<{variable}>: there is no such statement")
        yield _of_two_rows(found[variable])


@cache
def shared_words() -> dict[str, str]:
    return _words((REPOSITORY / SHARED).read_text("utf-8"), {})


def _in_file(path: Path) -> Iterator[Statement]:
    try:
        yield from read(path.read_text("utf-8"), path, shared_words())
    except UnreadableError as why:
        raise UnreadableError(f"{path.relative_to(REPOSITORY)}: {why}") from why


def services() -> list[str]:
    return sorted(path.parent.name for path in REPOSITORY.glob("services/*/store"))


def statements(service: str) -> list[Statement]:
    """Those that run on that service's database."""
    folders = [REPOSITORY / "services" / service / "store"]
    folders += [REPOSITORY / "platform" / part for part in PLATFORM]
    files = [path for folder in folders for path in sorted(folder.glob("*.cpp"))]
    # Migration has tables of its own for each engine.
    return [one for path in files if "migrat" not in path.name for one in _in_file(path)]


def migrations(service: str, dialect: str) -> list[Path]:
    """In their order."""
    folders = [REPOSITORY / "platform/db/migrations"]
    folders += [REPOSITORY / "services" / service / "store/migrations"]
    return [path for folder in folders for path in sorted(folder.glob(f"*.{dialect}.sql"))]


def table_of_migrations(dialect: str) -> str:
    """What makes the table in which migrations are recorded: code, not a migration."""
    file = {"sqlite": "migrate.cpp", "mysql": "migrate_among_others.cpp"}[dialect]
    text = (REPOSITORY / "platform/db" / file).read_text("utf-8")
    found = re.search(r'record_table = R"\((.*?)\)";', text, re.DOTALL)
    assert found, f"{file} makes no table of migrations"
    return found[1]


if __name__ == "__main__":
    seen: set[tuple[str, Path]] = set()
    for each in services():
        for one in statements(each):
            if (one.name, one.file) not in seen:
                print(f"{one.name}  {one.file.relative_to(REPOSITORY)}\n    {one.sql}\n")
            seen.add((one.name, one.file))
