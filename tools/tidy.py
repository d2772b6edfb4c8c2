#!/usr/bin/env python3
"""Style as a test: what clang-format and the compiler do not check. Each message says what to do.

    tools/tidy.py [CHECKOUT]     prints path:line: message [rule]; exit 1 if anything was found
    tools/tidy.py --rules        lists the rules

Standard library only. The rules are in tools/tidy_rules, one module per subject.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from tidy_rules import calls, form, layers, tree
from tidy_rules.source import Tree

FILE_RULES = form.RULES
CPP_RULES = [*layers.RULES, *calls.RULES]
TREE_RULES = tree.RULES


def findings(checkout: Tree) -> Iterator[tuple[str, int, str, str]]:
    """(path, line, what to do, rule) of everything that stands against a rule."""
    for source in checkout.sources:
        for rule in [*FILE_RULES, *CPP_RULES] if source.is_cpp else FILE_RULES:
            for line, message in rule(source):
                yield source.name, line, message, rule.__name__
    for rule in TREE_RULES:
        for path, line, message in rule(checkout):
            yield path, line, message, rule.__name__


def main(arguments: list[str]) -> int:
    if arguments == ["--rules"]:
        for rule in (*FILE_RULES, *CPP_RULES, *TREE_RULES):
            print(f"{rule.__name__:<18} {rule.__module__}")
        return 0
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    checkout = Tree(root)
    found = sorted(findings(checkout))
    for path, line, message, rule in found:
        print(f"{path}:{line}: {message} [{rule}]")
    print(f"tidy: {len(checkout.sources)} files, {len(found) or 'no'} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
