"""Services apart, a process for each, with the settings that deploy/compose.yaml gives them."""

import re
from typing import Any

import yaml

from lib.server import PATIENT, REPOSITORY, SERVICE_PORTS, SERVICES, Server
from lib.shop import Actor, fresh_email, login
from lib.waiting import wait_until

PASSWORD = "a red bicycle 7"


def compose(variables: dict[str, str]) -> dict[str, Any]:
    """compose.yaml with its variables filled in; a required one that is missing is a failure."""

    def value_of(found: re.Match[str]) -> str:
        name, kind, other = found[1], found[2], found[3]
        if variables.get(name):
            return variables[name]
        assert kind == ":-", f"{name}: {other}"
        return other

    def filled(node: Any) -> Any:
        if isinstance(node, str):
            return re.sub(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}", value_of, node)
        if isinstance(node, list):
            return [filled(one) for one in node]
        if isinstance(node, dict):
            return {key: filled(one) for key, one in node.items()}
        return node

    return filled(yaml.safe_load((REPOSITORY / "deploy/compose.yaml").read_text()))


class Apart:
    """The full layout: a process for each service, with what compose.yaml gives it, but on this
    machine and on free ports. It looks like one server to whoever buys there.
    """

    def __init__(self, new_server: Any, model: dict[str, Any], at: dict[str, str]) -> None:
        self.parts: dict[str, Server] = {}
        made = {name: new_server(name, services=[name]) for name in SERVICES}
        ports = {name: made[name].ports[name] for name in SERVICES}
        for name, part in made.items():
            environment = dict(model["services"][name]["environment"])
            for other, port in ports.items():
                key = f"{other.upper()}_SERVICE_URL"
                assert environment[key] == f"http://{other}:{SERVICE_PORTS[other]}"
                environment[key] = f"http://127.0.0.1:{port}"
            environment.update({**PATIENT, **at}, HOST="127.0.0.1", RATE_LIMIT_MAX="100000")
            assert model["services"][name]["command"] == ["serve", name]
            part.env.update({key: str(value) for key, value in environment.items()})
            part.start()
        self.parts = made
        self.transport = made["user"].transport
        self.transport.ports.update(ports)

    def product(self) -> dict[str, Any]:
        """What an administrator puts on offer."""
        server: Any = self
        email = fresh_email("chief")
        self.parts["user"].run(
            "create-admin", "--email", email, "--password", PASSWORD, "--name", "Chief"
        )
        chief = Actor(server, login(server, email, PASSWORD).expect(200)["token"])
        category = wait_until(
            lambda: chief.post("/categories", {"name": email}).json.get("id"), "admin is known"
        )
        wanted = {
            "categoryId": category,
            "name": email,
            "price": 12.5,
            "stockQuantity": 1_000_000,
            "images": ["https://img.example.com/mug.png"],
        }
        return chief.post("/products", wanted).expect(201)
