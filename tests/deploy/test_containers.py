"""Image and compose file, as far as that goes without a container engine: what they say is checked,
and what they would run is run by hand of the test, with the settings they give it.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from lib.apart import Apart, compose
from lib.mariadb import MariaDb
from lib.server import REPOSITORY, SERVICE_PORTS, SERVICES, Server, run_binary
from lib.shop import Actor, Person, fresh_email
from lib.tools import run, tool
from lib.waiting import wait_until

DEPLOY = REPOSITORY / "deploy"
DOCKERFILE = DEPLOY / "Dockerfile"


# --- the image ------------------------------------------------------------------------------------


def final_stage() -> dict[str, list[str]]:
    """Its instructions: word → what follows, in order."""
    text = re.sub(r"\\\n\s*", " ", DOCKERFILE.read_text())
    found: dict[str, list[str]] = {}
    for line in text[text.rindex("\nFROM ") :].splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            found.setdefault(word, []).append(rest)
    return found


def test_the_dockerfile_has_none_of_the_known_faults() -> None:
    run(tool("hadolint", "tests/deploy/tools"), DOCKERFILE)


def test_the_image_is_small_not_roots_and_says_how_it_is_watched_and_stopped() -> None:
    stage = final_stage()
    assert stage["FROM"] == ["debian:12-slim"]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", stage["USER"][-1]), "a number, and not root's"
    assert stage["EXPOSE"] == [" ".join(str(port) for port in sorted(SERVICE_PORTS.values()))]
    assert stage["STOPSIGNAL"] == ["SIGTERM"]
    assert "healthcheck" in stage["HEALTHCHECK"][0]
    assert stage["VOLUME"] == ['["/var/lib/microcommerce"]']
    assert not any("-dev" in one or "clang" in one for one in stage["RUN"]), "nothing that builds"


def test_the_healthcheck_knows_a_port_that_answers_from_one_that_does_not(
    server: Server, new_server: Any
) -> None:
    check = DEPLOY / "healthcheck"
    ports = [str(port) for port in server.ports.values()]
    run(check, env={"HEALTH_PORTS": " ".join(ports), "PATH": "/usr/bin:/bin"})

    gone = new_server("gone", services=["order"]).start()
    gone.stop()
    nobody = str(gone.ports["order"])
    done = run(
        check, check=False, env={"HEALTH_PORTS": f"{ports[0]} {nobody}", "PATH": "/usr/bin:/bin"}
    )
    assert (done.returncode, done.stdout) == (1, f"no 200 from GET /health on port {nobody}\n")


# --- compose --------------------------------------------------------------------------------------


def of_profile(model: dict[str, Any], profile: str) -> dict[str, dict[str, Any]]:
    return {
        name: service
        for name, service in model["services"].items()
        if profile in service["profiles"]
    }


def test_each_layout_has_what_it_needs_shut_in_and_watched(secrets_made: dict[str, str]) -> None:
    model = compose(secrets_made)
    simple, full = of_profile(model, "simple"), of_profile(model, "full")
    assert set(simple) == {"shop", "prometheus"}
    assert set(full) == {*SERVICES, "mariadb", "kafka", "prometheus"}
    for name in ("shop", *SERVICES):
        service = model["services"][name]
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert service["volumes"] and service["restart"] == "unless-stopped", name
    for name in ("mariadb", "kafka"):
        assert "ports" not in full[name], f"{name} is reachable from outside"
        assert full[name]["healthcheck"]["test"] and full[name]["volumes"], name
    for name in SERVICES:
        waits = full[name]["depends_on"]
        assert waits == {one: {"condition": "service_healthy"} for one in ("mariadb", "kafka")}
    for name, service in model["services"].items():
        mounts = [one.split(":") for one in service.get("volumes", [])]
        for source, _, *_ in mounts:
            there = (DEPLOY / source).exists() if source[0] == "." else source in model["volumes"]
            assert there, f"{name}: {source}"
    with pytest.raises(AssertionError, match="JWT_SECRET: run deploy/compose/new-env"):
        compose({key: value for key, value in secrets_made.items() if key != "JWT_SECRET"})


def test_the_program_knows_every_setting_that_compose_gives_it(
    secrets_made: dict[str, str], tmp_path: Path
) -> None:
    model = compose(secrets_made)
    for name in ("shop", *SERVICES):
        environment = model["services"][name]["environment"]
        own = {key: value for key, value in environment.items() if key != "HEALTH_PORTS"}
        file = tmp_path / f"{name}.env"
        file.write_text("".join(f"{key}={value}\n" for key, value in own.items()))
        # A key that nobody knows stops the start when it stands in a file of settings.
        done = run_binary("config", "--env-file", str(file), env={}, cwd=tmp_path)
        assert done.returncode == 0, f"{name}: {done.stderr}"


def test_the_full_layout_sells_with_the_databases_that_compose_makes(
    secrets_made: dict[str, str], servers: dict[str, str], database: MariaDb, new_server: Any
) -> None:
    assert database.query("SHOW GRANTS FOR microcommerce_cart@'%'")[1:] == [
        ("GRANT ALL PRIVILEGES ON `microcommerce_cart`.* TO `microcommerce_cart`@`%`",)
    ]
    apart = Apart(new_server, compose(secrets_made), servers)
    mug = apart.product()
    server: Any = apart
    wanted = {"name": "Alice", "email": fresh_email("alice"), "password": "a red bicycle 7"}
    account = Actor(server).post("/auth/signup", wanted).expect(201)
    alice = Person(server, account, "a red bicycle 7", None).log_in()
    order = alice.buy(mug, 2)
    assert (order["status"], order["totalAmount"]) == ("pending", 25)
    # By event: the cart service hears of the order from another process.
    wait_until(lambda: alice.get("/carts/me").json["items"] == [], "the cart is empty")
    kept = f"SELECT user_id FROM orders WHERE id = {order['id']}"
    assert database.query(kept, "microcommerce_order") == [(str(alice.id),)]
