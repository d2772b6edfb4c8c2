"""The services' own descriptions of themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lib.server import SERVICES
from lib.shop import Shop

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")


@dataclass(frozen=True)
class Operation:
    """One route as its service describes it."""

    service: str
    method: str
    path: str
    access: str | None
    operation_id: str | None

    @property
    def shape(self) -> str:
        """The path with nameless parameters: /orders/{}/cancel."""
        return re.sub(r"\{[^}]*\}", "{}", self.path)

    @property
    def route(self) -> tuple[str, str]:
        return self.method, self.shape

    def __str__(self) -> str:
        return f"{self.service}: {self.method} {self.path}"


def document(shop: Shop, service: str) -> dict[str, Any]:
    return shop.anonymous.get("/openapi.json", service=service).expect(200)


def operations(shop: Shop) -> list[Operation]:
    return [
        operation
        for service in SERVICES
        for operation in operations_of(service, document(shop, service))
    ]


def operations_of(service: str, description: dict[str, Any]) -> Iterator[Operation]:
    for path, item in description["paths"].items():
        for method in METHODS:
            if method in item:
                row = item[method]
                yield Operation(
                    service, method.upper(), path, row.get("x-access"), row.get("operationId")
                )
