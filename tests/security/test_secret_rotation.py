"""security.md 15, 17: keys that are missing, weak or turning; sessions that end stay ended through
a crash.
"""

import pytest

from conftest import NewServer
from lib.server import JWT_SECRET, SERVICES
from lib.shop import PASSWORD, Actor, Person, Shop, login
from lib.tokens import claims_of, sign
from lib.waiting import wait_until

OLD_SECRET = "the-secret-of-last-month-0123456789abcdef"


def test_without_a_secret_the_embedded_default_makes_one_and_keeps_it(
    new_server: NewServer,
) -> None:
    server = new_server(env={"JWT_SECRET": None}).start()
    person = Shop(server).user()
    server.kill()
    server.restart()
    assert person.get("/auth/session").status == 200
    other = new_server("other", env={"JWT_SECRET": None}).start()
    assert Actor(other, person.token).get("/auth/session").status == 401
    secrets = [path for path in server.data.rglob("*") if path.is_file() and path.suffix != ".eml"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in secrets), (
        "the secret is for its owner only"
    )


@pytest.mark.parametrize(
    "secret",
    [
        "secret",
        "changeme",
        "x" * 31,
        "your_jwt_secret",
        "your-256-bit-secret",
        "supersecretkey",
        "your_super_secret_jwt_key_change_me",
    ],
)
def test_a_weak_or_well_known_secret_stops_the_start(new_server: NewServer, secret: str) -> None:
    server = new_server(env={"JWT_SECRET": secret})
    server.spawn()
    assert server.ended() != 0
    assert "JWT_SECRET" in server.log and f"={secret}" not in server.log


def test_a_secret_of_exactly_32_bytes_is_enough(new_server: NewServer) -> None:
    server = new_server(env={"JWT_SECRET": "k7-Zq0wE2r!t4Y6u8I_oP1a3S5d7F9gH"}).start()
    assert Shop(server).user().get("/auth/session").status == 200


def test_tokens_of_the_previous_secret_live_until_they_expire(new_server: NewServer) -> None:
    server = new_server(env={"JWT_SECRET": OLD_SECRET}).start()
    person = Shop(server).user()
    server.stop()
    server.env.update(JWT_SECRET=JWT_SECRET, JWT_SECRET_PREVIOUS=OLD_SECRET)
    server.start()
    for path in ("/auth/session", "/carts/me", "/orders/me"):
        assert person.get(path).status == 200, path
    fresh = Person(server, person.account, PASSWORD, None).log_in()
    assert fresh.token == sign(claims_of(fresh.token), secret=JWT_SECRET), (
        "new tokens use the new secret"
    )
    server.stop()
    del server.env["JWT_SECRET_PREVIOUS"]
    server.start()
    assert person.get("/auth/session").status == 401
    assert fresh.get("/auth/session").status == 200


def test_what_was_revoked_stays_revoked_in_every_service_after_kill_9(
    new_server: NewServer,
) -> None:
    server = new_server().start()
    shop = Shop(server)
    admin = shop.as_admin()
    blocked, left, changed, deleted, steady = (
        shop.user(name) for name in ("B", "L", "C", "D", "S")
    )
    admin.put(f"/users/{blocked.id}", {"accountStatus": "blocked"}).expect(200)
    assert left.post("/auth/logout").status == 204
    change = {"oldPassword": PASSWORD, "newPassword": PASSWORD + "-2"}
    changed.post("/auth/reset-password", change).expect(200)
    deleted.delete(f"/users/{deleted.id}").expect(200)
    server.kill()
    server.restart()
    for person in (blocked, left, changed, deleted):
        for service, act in _session_checks(person).items():
            what = f"{person.account['name']} is out of {service}"
            wait_until(lambda ask=act: ask().status == 401, what)
    for service, act in _session_checks(steady).items():
        assert act().status in (200, 403), service
    assert login(server, blocked.email, PASSWORD).status == 403


def _session_checks(person: Person) -> dict:
    checks = (
        lambda: person.get("/auth/session"),
        lambda: person.get("/carts/me"),
        lambda: person.get("/orders/me"),
        lambda: person.post("/products", {}),
        lambda: person.get("/inventory"),
    )
    return dict(zip(SERVICES, checks, strict=True))
