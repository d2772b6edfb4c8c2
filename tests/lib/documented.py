"""Holds every answer any test gets against the committed OpenAPI documents: a route answers no
status, no code of an error and no header that its document does not name, and the first answers of
each kind have exactly the members it describes."""

import collections
import functools
import json
import pathlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema

OPENAPI = pathlib.Path(__file__).resolve().parents[2] / "openapi"

#: Answers of the edge itself, the same on every path and not repeated for each: what cannot be
#: read as a request, a method a path does not have, too much, too slow, out of order.
OF_THE_EDGE = {400, 405, 406, 408, 413, 414, 415, 417, 429, 431, 500, 501, 503, 504, 505}
#: How many answers of a status of a route are held against its schema, in each process.
LOOKED_AT_MAX = 20

_looked_at: collections.Counter[tuple[str, str, int, int]] = collections.Counter()


@dataclass(frozen=True)
class Answer:
    """What a document says of one status of a route."""

    codes: frozenset[str]
    headers: frozenset[str]
    schema: dict[str, Any] | None


@dataclass(frozen=True)
class Route:
    segments: list[str]
    verbs: dict[str, dict[str, Answer]]  # By method, then status or "default".


@functools.cache
def document(service: str) -> dict[str, Any]:
    return json.loads((OPENAPI / f"{service}.json").read_text())


def resolved(of: Mapping[str, Any], part: Any) -> Any:
    """A part of a document, or what it refers to."""
    while "$ref" in part:
        found: Any = of
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def closed(schema: Any) -> Any:
    """The same schema, but whatever members it describes there are no others."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {name: closed(each) for name, each in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        shut["additionalProperties"] = False
    return shut


def schema_in(of: Mapping[str, Any], holder: Mapping[str, Any]) -> dict[str, Any] | None:
    """The JSON schema of a request body or an answer, closed, with what it refers to."""
    described = holder.get("content", {}).get("application/json")
    if described is None:
        return None
    schemas = {name: closed(each) for name, each in of["components"]["schemas"].items()}
    return {**closed(described["schema"]), "components": {"schemas": schemas}}


def _answer(of: Mapping[str, Any], response: Mapping[str, Any]) -> Answer:
    response = resolved(of, response)
    return Answer(
        frozenset(response.get("x-codes", {})),
        frozenset(name.lower() for name in response.get("headers", {})),
        schema_in(of, response),
    )


@functools.cache
def _routes(service: str) -> list[Route]:
    of = document(service)
    return [
        Route(
            template.split("/"),
            {
                verb.upper(): {
                    status: _answer(of, response) for status, response in at["responses"].items()
                }
                for verb, at in verbs.items()
            },
        )
        for template, verbs in of["paths"].items()
    ]


@functools.cache
def _header_names(service: str) -> frozenset[str]:
    return frozenset(name.lower() for name in document(service)["components"]["headers"])


def _is_parameter(segment: str) -> bool:
    return segment.startswith("{")


def answers_of(service: str, method: str, target: str) -> dict[str, Answer] | None:
    """What the document says of the route a target leads to; None when it leads to none."""
    segments = target.partition("?")[0].removesuffix("/").split("/")
    found = [
        route
        for route in _routes(service)
        if len(route.segments) == len(segments)
        and all(_is_parameter(t) or t == s for t, s in zip(route.segments, segments, strict=True))
    ]
    if not found:
        return None
    nearest = min(found, key=lambda route: sum(map(_is_parameter, route.segments)))
    return nearest.verbs.get("GET" if method == "HEAD" else method)


def check(
    service: str,
    method: str,
    target: str,
    status: int,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
) -> None:
    named = answers_of(service, method, target)
    if named is None:
        return
    what = f"{method} {target} of {service} answered {status}"
    statuses = {int(each) for each in named if each != "default"}
    assert status in statuses | OF_THE_EDGE, (
        f"{what}; its OpenAPI document names {sorted(statuses)}"
    )
    others = named["default"]
    answer = named.get(str(status), others)
    sent = {name.lower() for name, _ in headers}
    known = answer.headers | (others.headers if status >= 400 else frozenset())
    unnamed = (sent & _header_names(service)) - known
    if target.partition("?")[0].endswith("/"):
        unnamed = set()  # /health/ is counted against the limit, which /health is not.
    assert not unnamed, f"{what} with {sorted(unnamed)}, which its OpenAPI document does not name"
    if not body or answer.schema is None or not _is_json(headers):
        return
    value = json.loads(body)
    code = value.get("code") if status >= 400 else None
    assert code is None or code in answer.codes | others.codes, (
        f"{what} with the code {code}; its OpenAPI document names {sorted(answer.codes)}"
    )
    _check_members(what, answer.schema, value, (service, method, id(answer), status))


def _is_json(headers: Iterable[tuple[str, str]]) -> bool:
    return any(
        name.lower() == "content-type" and value.startswith("application/json")
        for name, value in headers
    )


def _check_members(
    what: str, schema: dict[str, Any], value: Any, kind: tuple[str, str, int, int]
) -> None:
    if _looked_at[kind] >= LOOKED_AT_MAX:
        return
    _looked_at[kind] += 1
    wrong = jsonschema.exceptions.best_match(
        jsonschema.Draft202012Validator(schema).iter_errors(value)
    )
    assert wrong is None, (
        f"{what}; its OpenAPI document has it otherwise: {wrong.json_path}: {wrong.message}"
    )
