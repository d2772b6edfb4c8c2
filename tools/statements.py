"""Every SQL statement of the services and of what the platform keeps in their databases, as it
stands in the sources, and the migrations that make its tables.

    python3 tools/statements.py    lists them: name, file, text
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
#: What the platform keeps in a service's database; the embedded log is a SQLite file of its own.
PLATFORM = ("auth", "db", "events", "mail")
DECLARED = re.compile(r"constexpr statement \w+\{([^;]*?)\};", re.DOTALL)
DEFINED = re.compile(r"^#define (MC_\w+)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
LITERAL = re.compile(r'R"\((.*?)\)"|"((?:[^"\\]|\\.)*)"|(MC_\w+)', re.DOTALL)


@dataclass(frozen=True)
class Statement:
    name: str
    sql: str
    file: Path


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
            arguments[-1] += words[word]
        at = found.end()
    return arguments


def _in_file(path: Path) -> Iterator[Statement]:
    source = path.read_text("utf-8")
    words: dict[str, str] = {}
    for name, body in DEFINED.findall(source):
        if '"' in body:
            words[name] = "".join(_joined(body.replace("\\\n", "\n"), words))
    for initialiser in DECLARED.findall(source):
        name, sql = _joined(initialiser, words)
        yield Statement(name, sql.strip(), path)


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
