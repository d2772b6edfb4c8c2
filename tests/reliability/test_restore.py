"""An older backup is put back: accounts made since are gone, nobody inherits them (ADR 0011)."""

import shutil
import time

import pytest

from conftest import NewServer
from lib import events, store
from lib.server import Server
from lib.shapes import check_error
from lib.shop import Person, Shop
from lib.tokens import changed, claims_of
from lib.waiting import wait_until

EXPIRED = "Session expired, please login again"
#: What a token opens in each service.
DOORS = ("/auth/session", "/carts/me", "/orders/me")


def back_up(server: Server) -> None:
    assert server.stop() == 0
    (server.folder / "backup").mkdir()
    for path in store.files(server):
        shutil.copy(path, server.folder / "backup")


def put_back(server: Server, *names: str) -> None:
    assert server.stop() == 0
    for name in names:
        shutil.copy(server.folder / "backup" / f"{name}.db", server.data / f"{name}.db")
    server.start()


def shop_with_a_lost_account(new_server: NewServer) -> tuple[Shop, Person]:
    """A shop, and somebody who signed up, filled a cart and ordered after its backup was made."""
    server = new_server().start()
    shop = Shop(server)
    mug = shop.product(stockQuantity=1_000)
    back_up(server)
    server.start()
    ghost = shop.user("Ghost")
    events.wait_for(server, "USER_CREATED", ghost.id)
    ghost.buy(mug, 2)
    ghost.add(mug, 3)
    return shop, ghost


def has_nothing(person: Person) -> None:
    assert person.cart()["items"] == []
    assert person.get("/orders/me").expect(200)["orders"] == []


@pytest.mark.parametrize("names", [("user",), ("user", "log")], ids="+".join)
def test_a_number_that_anybody_remembers_is_not_given_again(
    new_server: NewServer, names: tuple[str, ...]
) -> None:
    shop, ghost = shop_with_a_lost_account(new_server)
    put_back(shop.server, *names)
    wait_until(lambda: "accounts_lost" in shop.server.log, "the lost accounts in the log")

    heir = shop.user("Heir")
    assert heir.id > ghost.id
    has_nothing(heir)
    check_error(ghost.get("/auth/session"), 401, "Unauthorized")
    check_error(ghost.get(f"/users/{heir.id}"), 401, "Unauthorized")
    check_error(ghost.get(f"/carts/{heir.id}"), 403, "Forbidden")


def test_where_all_is_put_back_a_lost_accounts_token_opens_nothing(new_server: NewServer) -> None:
    shop, ghost = shop_with_a_lost_account(new_server)
    put_back(shop.server, "user", "product", "cart", "order", "inventory", "log")

    # Nobody has heard of the account; a token that is not quite new is shown to the user service.
    ghost_of_a_minute_ago = ghost.with_token(
        changed(ghost.token, iat=claims_of(ghost.token)["iat"] - 60)
    )
    for door in DOORS:
        check_error(ghost_of_a_minute_ago.get(door), 401, "Unauthorized")

    issued = claims_of(ghost.token)["iat"]
    wait_until(lambda: time.time() >= issued + 1, "the second of the token is over")
    heir = shop.user("Heir")
    assert heir.id == ghost.id
    events.wait_for(shop.server, "USER_CREATED", heir.id)
    for door in DOORS:
        wait_until(lambda door=door: ghost.get(door).status == 401, f"{door} refuses the token")
        check_error(ghost.get(door), 401, EXPIRED)
        heir.get(door).expect(200)
    has_nothing(heir)
