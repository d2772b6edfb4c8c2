"""C++ that compiles and is wrong here, each with what to write instead."""

import re
from collections.abc import Iterator
from itertools import pairwise

from .source import Block, Source, closing

Finding = tuple[int, str]


def everywhere(_: Source) -> bool:
    return True


def product(source: Source) -> bool:
    return not source.is_test and not source.within("bench/")


def services(source: Source) -> bool:
    return source.within("services/", "contracts/")


def libraries(source: Source) -> bool:
    return source.within("platform/", "services/", "contracts/")


def cases(source: Source) -> bool:
    """Test cases; a fixture may look again every now and then."""
    return "tests" in source.path.parts and source.path.suffix == ".cpp"


# (what, where, what to do)
BANNED = [
    (r"\b(?:std::)?(?:sto(?:i|l|ll|ul|ull|f|d)|ato(?:i|l|ll|f)|strto\w+|sscanf)\s*\(", product,
     "takes 12abc for 12; use std::from_chars over the whole text or the type's parse function"),
    (r"\b(?:std::)?v?sn?printf\s*\(", everywhere, "use fmt::format or fmt::format_to_n"),
    (r"\bstd::(?:format|format_to|print|println|vformat)\b", everywhere,
     "is not in libstdc++ 12; fmt has the same"),
    (r"\b(?:std::)?s?rand\s*\(|\bstd::(?:mt19937\w*|random_device|minstd_rand\w*)\b", product,
     "use platform/core/random.hpp"),
    (r"(?<![\w.>])(?:std::|::)?(?:system|popen)\s*\(", everywhere,
     "a server starts no shell; call the library"),
    (r"\b(?:localtime|gmtime|mktime|strftime|asctime|ctime)(?:_r)?\s*\(", product,
     "use platform/core/time.hpp: timestamps are UTC milliseconds"),
    (r"\bsystem_clock::now\s*\(", services,
     "take the time as a parameter (a handler has use.clock.now()), so that a test can set it"),
    (r"\b(?:sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(", cases,
     "a test never sleeps; wait for the fact (the fixture does) and set the fake clock"),
    (r"\.detach\s*\(\s*\)", everywhere, "join the thread: stopping must know when it is gone"),
    (r"\bstd::(?:cout|cerr|clog)\b", libraries,
     "use platform/observe/log.hpp; only apps/ and bench/ write to the terminal"),
    (r"\bstd::endl\b", everywhere, "use '\\n'"),
    (r"\bNULL\b", everywhere, "use nullptr"),
]  # fmt: skip
_BANNED = [(re.compile(pattern), where, advice) for pattern, where, advice in BANNED]


def banned(source: Source) -> Iterator[Finding]:
    for pattern, where, advice in _BANNED:
        for found in pattern.finditer(source.code) if where(source) else []:
            yield source.line_at(found.start()), f"{found.group().rstrip(' (')}: {advice}"


def using_namespace(source: Source) -> Iterator[Finding]:
    banned_ones = r"[\w:]+" if source.path.suffix == ".hpp" else "(?:std|boost)\\b(?!::)"
    for found in re.finditer(rf"\busing\s+namespace\s+{banned_ones}", source.code):
        advice = "name what you use, as `using std::string_view;`"
        yield source.line_at(found.start()), f"{found.group()}: {advice}"


def floating_point(source: Source) -> Iterator[Finding]:
    if source.within("services/", "contracts/") and not source.is_test:
        for found in re.finditer(r"\b(?:double|float)\b", source.code):
            yield (
                source.line_at(found.start()),
                f"{found.group()}: money is `money`; decimals exist only in platform/json",
            )


def bool_parameters(source: Source) -> Iterator[Finding]:
    if source.path.suffix != ".hpp" or source.is_test or not source.within("services/"):
        return
    for found in re.finditer(
        r"[(,]\s*(?:const\s+)?bool(?:\s+const)?\s+(\w+)\s*(?:=[^,()]*)?(?=[,)])", source.code
    ):
        yield (
            source.line_at(found.start(1)),
            f"bool {found[1]}: an enum with two names (include_deleted::yes) reads at the call",
        )


def _result_value(head: str) -> str | None:
    """`order` for a head like `result<order> f(…)` or `[…](…) -> result<order>`."""
    found = re.search(r"(?:^|\s|->)(?:mc::)?result<", head)
    if not found:
        return None
    depth, at = 1, found.end()
    while at < len(head) and depth:
        depth += {"<": 1, ">": -1}.get(head[at], 0)
        at += 1
    value = head[found.end() : at - 1].strip()
    is_return_type = re.match(r"\s+[\w:]+\s*\(|\s*$", head[at:])
    return value if is_return_type and value not in ("", "void") else None


def default_result(source: Source) -> Iterator[Finding]:
    lambdas = source.lambdas
    for block in [*source.functions, *lambdas]:
        value = _result_value(block.head)
        if not value:
            continue
        for found in re.compile(r"\breturn\s*\{\s*\}\s*;").finditer(
            source.code, block.open, block.close
        ):
            inner = [one for one in lambdas if block.open < one.open < found.start() < one.close]
            if not inner:
                yield (
                    source.line_at(found.start()),
                    f"return {{}} is a default {value}: return the error, or {value}{{…}}",
                )


def _without(code: str, inner: list[Block]) -> str:
    for one in inner:
        code = code[: one.open] + " " * (one.close - one.open) + code[one.close :]
    return code


def lambda_coroutines(source: Source) -> Iterator[Finding]:
    for one in source.lambdas:
        captures = source.code[one.start + 1 : closing(source.code, one.start)].strip()
        if not captures:
            continue
        nested = [other for other in source.lambdas if one.open < other.open < one.close]
        body = _without(source.code, nested)[one.open : one.close]
        if re.search(r"->\s*[\w:]*\bawaitable\s*<", one.head) or re.search(
            r"\bco_(await|return|yield)\b", body
        ):
            yield (
                source.line_at(one.start),
                "a capturing lambda that is a coroutine: its captures die before it does; "
                "make it a named function with by-value parameters",
            )


def one_co_await(source: Source) -> Iterator[Finding]:
    awaits = [found.start() for found in re.finditer(r"\bco_await\b", source.code)]
    for before, after in pairwise(awaits):
        if not re.search(r"[;{}]", source.code[before:after]):
            yield (
                source.line_at(after),
                "two co_await in one statement: give each its own, into a named variable",
            )


_ENUMERATOR = re.compile(r"(?:\w+::)*[a-z]\w*$")


def enum_default(source: Source) -> Iterator[Finding]:
    for found in re.finditer(r"\bswitch\s*\(", source.code):
        condition_end = closing(source.code, found.end() - 1)
        opening = source.code.find("{", condition_end)
        body = source.code[opening : closing(source.code, opening)] if opening >= 0 else ""
        labels = re.findall(r"\bcase\s+((?:[^:]|::)+?)\s*:(?!:)", body)
        default = re.search(r"\bdefault\s*:", body)
        if default and labels and all(_ENUMERATOR.match(label) for label in labels):
            yield (
                source.line_at(opening + default.start()),
                "default in a switch over an enum hides a new value: list all, return after it",
            )


RULES = [
    banned,
    using_namespace,
    floating_point,
    bool_parameters,
    default_result,
    lambda_coroutines,
    one_co_await,
    enum_default,
]
