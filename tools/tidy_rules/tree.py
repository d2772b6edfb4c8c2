"""The tree: nothing empty, nothing dead, a page for every folder, exact bytes for every event."""

import re
from collections.abc import Iterator

from .source import Tree

Found = tuple[str, int, str]  # Path, line, and what to do.

README_CHARACTERS_MAX = 6_000  # About a page.


def empty_folders(tree: Tree) -> Iterator[Found]:
    for folder in tree.empty_folders:
        yield folder, 0, "an empty folder: remove it until something stands in it"


def readmes(tree: Tree) -> Iterator[Found]:
    for folder in [*tree.folders_of("platform"), *tree.folders_of("services")]:
        if f"{folder}/README.md" not in tree.paths:
            yield folder, 0, "no README.md: say on one page what it is, how to use it, and why so"
    for source in tree.sources:
        if source.path.name == "README.md" and source.within("platform/", "services/"):
            if len(source.text) > README_CHARACTERS_MAX:
                yield (
                    source.name,
                    1,
                    f"{len(source.text)} characters: a page holds {README_CHARACTERS_MAX}; "
                    "move what belongs there into the headers",
                )


def include_paths(tree: Tree) -> Iterator[Found]:
    quoted = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.MULTILINE)
    for source in tree.cpp:
        for found in quoted.finditer(source.text):
            header = found[1]
            is_generated = (
                "/" not in header and str(source.path.with_name(header)) not in tree.paths
            )
            if header not in tree.paths and not is_generated:
                yield (
                    source.name,
                    source.line_at(found.start()),
                    f'"{header}" is no path of the checkout: name our headers from its root, '
                    "libraries in <>",
                )


# These cost seconds to compile, so only the files of one folder may pay for them.
HEAVY = re.compile(r"spdlog/|simdjson|sqlite3\.h$|boost/beast")


def heavy_headers(tree: Tree) -> Iterator[Found]:
    heavy: set[str] = set()  # Headers that bring in a heavy library, be it through another header.
    known = -1
    while len(heavy) != known:
        known = len(heavy)
        for source in tree.cpp:
            if source.path.suffix == ".hpp":
                if any(HEAVY.match(one) or one in heavy for _, one in source.includes):
                    heavy.add(source.name)
    for source in tree.cpp:
        for line, header in source.includes:
            if header in heavy and not source.within(header.rpartition("/")[0] + "/"):
                advice = "hide that library in a .cpp of its folder"
                yield source.name, line, f'"{header}" brings in a heavy library: {advice}'


def dead_headers(tree: Tree) -> Iterator[Found]:
    included = {header for source in tree.cpp for _, header in source.includes}
    included.add("cmake/pch.hpp")  # By cmake/Pch.cmake.
    for source in tree.cpp:
        if source.path.suffix == ".hpp" and source.name not in included:
            yield source.name, 1, "nobody includes this header: use it or delete it"


def golden_events(tree: Tree) -> Iterator[Found]:
    stems = {
        source.path.stem.lower() for source in tree.sources if source.within("contracts/golden/")
    }
    declared = re.compile(r'\bevent_type\s+type\s*\{\s*"([A-Z0-9_]+)"')
    for source in tree.cpp:
        if not source.within("contracts/") or source.is_test:
            continue
        for found in declared.finditer(source.text):
            name = found[1].lower()
            if not any(re.fullmatch(rf"{name}([._-]?v?\d+)?([.-]\w+)?", stem) for stem in stems):
                yield (
                    source.name,
                    source.line_at(found.start()),
                    f"{found[1]} has no file in contracts/golden: write {name}.json, its bytes, "
                    "and read it in the producer's and the consumers' tests",
                )


RULES = [empty_folders, readmes, include_paths, heavy_headers, dead_headers, golden_events]
