"""What the rules read: the files of a checkout, C++ with comments and literals told apart."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

CPP = (".cpp", ".hpp")
READ = (*CPP, "", ".cmake", ".ini", ".json", ".md", ".py", ".sh", ".sql", ".txt", ".yaml", ".yml")

# Built, made by a tool, or a user's data.
SKIPPED_FOLDERS = {
    ".git",
    "build",
    "data",
    "node_modules",
    "__pycache__",
    ".pytest_cache",
    ".cache",
}

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      |\bR"(?P<delimiter>[^()\\\s]{0,16})\((?P<raw>.*?)\)(?P=delimiter)"
      |"(?P<plain>(?:\\.|[^"\\\n])*)"
      |(?<![0-9A-Za-z_])'(?P<char>\\[^\n']+|\\'|[^'\\\n])'  # Not the ' of 1'000.""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Literal:
    """A string literal: where its token starts and ends, and what it says."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Block:
    """A function or a lambda: its head from `start` on, its body from `open` to `close`."""

    head: str
    start: int
    open: int
    close: int


def closing(code: str, opening: int) -> int:
    """Offset of the bracket that closes the one at `opening`; the end of the text if none does."""
    opener = code[opening]
    closer = {"{": "}", "(": ")", "[": "]"}[opener]
    depth = 0
    for found in re.compile(f"[\\{opener}\\{closer}]").finditer(code, opening):
        depth += 1 if found.group() == opener else -1
        if depth == 0:
            return found.start()
    return len(code)


class Source:
    """One text file, by its path from the checkout's root."""

    def __init__(self, path: str, text: str) -> None:
        self.path = PurePosixPath(path)
        self.name = str(self.path)
        self.text = text
        self.is_cpp = self.path.suffix in CPP
        self.is_test = "tests" in self.path.parts or self.within("platform/testing/")

    def within(self, *folders: str) -> bool:
        """Whether the path starts with one of them; every path starts with ""."""
        return self.name.startswith(folders)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def line_at(self, offset: int) -> int:
        return bisect_right(self._line_starts, offset)

    @cached_property
    def _split(self) -> tuple[str, list[Literal]]:
        literals: list[Literal] = []

        def blank(found: re.Match[str]) -> str:
            whole = found.group()
            empty = re.sub(r"[^\n]", " ", whole)
            if found["comment"] is not None:
                return empty
            quote = whole[-1]
            if found["char"] is None:
                text = found["raw"] if found["raw"] is not None else found["plain"]
                literals.append(Literal(found.start(), found.end(), text))
            return quote + empty[1:-1] + quote

        return _TOKEN.sub(blank, self.text), literals

    @property
    def code(self) -> str:
        """The text with comments blanked and literals emptied; every offset is where it was."""
        return self._split[0]

    @property
    def literals(self) -> list[Literal]:
        return self._split[1]

    @cached_property
    def includes(self) -> list[tuple[int, str]]:
        """(line, header) of every #include."""
        directive = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)
        return [(self.line_at(one.start(1)), one[1]) for one in directive.finditer(self.text)]

    @cached_property
    def functions(self) -> list[Block]:
        """Functions with a body that are not inside another one. TEST_CASEs are functions too."""
        return list(_functions(self.code))

    @cached_property
    def lambdas(self) -> list[Block]:
        return list(_lambdas(self.code))


# The head of a brace that may hold functions but is none itself.
_SCOPE = re.compile(
    r"^[ \t]*(?:(?:public|private|protected):\s*)?(?:template\b[^\n]*>\s*)?(?:inline\s+)?"
    r"(?:namespace|class|struct|union|enum|extern)\b(?:\s*alignas\([^()]*\))?[^()]*$",
    re.MULTILINE,
)
_FUNCTION = re.compile(r"\)[^;={}]*$")
_MARK = re.compile(r"[;{}]|^[ \t]*#[^\n]*$", re.MULTILINE)


def _functions(code: str) -> Iterator[Block]:
    """By shape, not by grammar: it reads code that compiles and that clang-format has been over."""
    start = at = 0
    while mark := _MARK.search(code, at):
        at = mark.end()
        head = code[start : mark.start()]
        if mark.group() != "{" or _SCOPE.search(head):
            start = at
            continue
        close = closing(code, mark.start())
        at = close + 1
        if re.match(r"\s*[,{]", code[at : at + 200]):
            continue  # `: a_{1}, b_{2} {`: the head goes on.
        if _FUNCTION.search(head):
            yield Block(head.strip(), start + len(head) - len(head.lstrip()), mark.start(), close)
        start = at


_LAMBDA = re.compile(r"(?:^|[(,={;&|?:<>!+{}\-]|\breturn|\bco_await|\bco_return)\s*(\[)(?!\[)")


def _lambdas(code: str) -> Iterator[Block]:
    """Every lambda, nested ones too."""
    for found in _LAMBDA.finditer(code):
        start = found.start(1)
        at = closing(code, start) + 1
        gap = re.compile(r"\s*").match(code, at).end()
        if code[gap : gap + 1] == "(":
            at = closing(code, gap) + 1
        body = re.compile(r"[^{};=]*(?=\{)").match(code, at)
        if body:
            yield Block(code[start : body.end()], start, body.end(), closing(code, body.end()))


class Tree:
    """All text files of a checkout, and its folders."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sources: list[Source] = []
        self.empty_folders: list[str] = []
        self._walk(root)
        self.paths = {source.name for source in self.sources}

    def _walk(self, folder: Path) -> None:
        entries = [one for one in sorted(folder.iterdir()) if one.name not in SKIPPED_FOLDERS]
        if not entries and folder != self.root:
            self.empty_folders.append(folder.relative_to(self.root).as_posix())
        for entry in entries:
            if entry.is_dir():
                self._walk(entry)
            elif entry.suffix in READ:
                text = entry.read_bytes().decode("utf-8", "replace")
                self.sources.append(Source(entry.relative_to(self.root).as_posix(), text))

    @cached_property
    def cpp(self) -> list[Source]:
        return [source for source in self.sources if source.is_cpp]

    def folders_of(self, top: str) -> list[str]:
        """The folders right under `top` that hold a file: services/cart, services/order …"""
        parts = [PurePosixPath(path).parts for path in self.paths]
        return sorted({"/".join(path[:2]) for path in parts if path[0] == top and len(path) > 2})
