"""Holds every answer any test gets against the committed OpenAPI documents: a route answers nothing
its document does not name."""

import functools
import json
import pathlib

OPENAPI = pathlib.Path(__file__).resolve().parents[2] / "openapi"

#: Answers of the edge itself, the same on every path and not repeated for each: what cannot be
#: read as a request, a method a path does not have, too much, too slow, out of order.
OF_THE_EDGE = {400, 405, 406, 408, 413, 414, 415, 417, 429, 431, 500, 501, 503, 504, 505}


@functools.cache
def _routes(service: str) -> list[tuple[list[str], dict[str, set[int]]]]:
    document = json.loads((OPENAPI / f"{service}.json").read_text())
    return [
        (
            template.split("/"),
            {verb.upper(): set(map(int, at["responses"])) for verb, at in verbs.items()},
        )
        for template, verbs in document["paths"].items()
    ]


def _is_parameter(segment: str) -> bool:
    return segment.startswith("{")


def statuses_of(service: str, method: str, target: str) -> set[int] | None:
    """What the document names for the route a target leads to; None when it leads to none."""
    segments = target.partition("?")[0].split("/")
    found = [
        (template, verbs)
        for template, verbs in _routes(service)
        if len(template) == len(segments)
        and all(_is_parameter(t) or t == s for t, s in zip(template, segments, strict=True))
    ]
    if not found:
        return None
    _, verbs = min(found, key=lambda route: sum(map(_is_parameter, route[0])))
    return verbs.get("GET" if method == "HEAD" else method)


def check(service: str, method: str, target: str, status: int) -> None:
    named = statuses_of(service, method, target)
    assert named is None or status in named | OF_THE_EDGE, (
        f"{method} {target} of {service} answered {status}; its OpenAPI document names "
        f"{sorted(named)}"
    )
