"""Ours: somebody can always administrate the shop, on either engine."""

import pytest

from conftest import NewServer
from lib.parallel import at_once
from lib.server import SERVICES, Server
from lib.shapes import check_error
from lib.shop import Person, Shop

REFUSED = "This is the last active admin; make another account an admin first"


@pytest.fixture(params=["sqlite", "mysql"])
def own(request: pytest.FixtureRequest, new_server: NewServer) -> Server:
    """A shop of the test's own, for there may be no other admins."""
    if request.param == "sqlite":
        return new_server("sqlite").start()
    database = request.getfixturevalue("database")
    return new_server("mysql", env=database.settings("lastadmin", SERVICES)).start()


def test_the_last_admin_stays_and_of_two_at_once_one_does(own: Server) -> None:
    shop = Shop(own)
    chief: Person = shop.as_admin()
    for change in ({"role": "user"}, {"role": "supplier"}, {"accountStatus": "blocked"}):
        error = check_error(chief.put(f"/users/{chief.id}", change), 409, REFUSED)
        assert error["code"] == "user.last_admin"
    check_error(chief.delete(f"/users/{chief.id}"), 409, REFUSED)
    assert chief.get("/auth/users").status == 200

    ways = (
        lambda who, whom: who.delete(f"/users/{whom.id}"),
        lambda who, whom: who.put(f"/users/{whom.id}", {"role": "user"}),
        lambda who, whom: who.put(f"/users/{whom.id}", {"accountStatus": "blocked"}),
    )
    for turn in range(12):
        other = shop.user("Bob")
        chief.put(f"/users/{other.id}", {"role": "admin"}).expect(200)
        pair = (chief, other)
        replies = at_once(2, lambda n, t=turn, p=pair: ways[(t + n) % 3](p[n], p[1 - n]))
        statuses = [reply.status for reply in replies]
        assert sorted(statuses)[0] == 200 and sorted(statuses)[1] in (401, 403, 409), statuses
        chief = pair[statuses.index(200)]
        assert chief.get("/auth/users").status == 200, "nobody is left"
