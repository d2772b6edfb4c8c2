"""wire-contract §3 and §10: reading, changing, deleting and leaving an account, and what that does
to its sessions.
"""

import pytest

from lib.parallel import at_once
from lib.server import SERVICES
from lib.shapes import check_error, check_members, check_user
from lib.shop import PASSWORD, Actor, Person, Shop, fresh_email, login, unique
from lib.timing import again_when_late, felt

NEW_PASSWORD = "Another-Mule-9c1b"
EXPIRED = "Session expired, please login again"
CHANGED = "Token expired after password change"


def status_in(actor: Actor, service: str) -> int:
    """How a service answers somebody who only wants to be known: 200, for product 403 (a customer
    may not write), and for inventory, too (nor see all stock).
    """
    paths = {
        "user": "/auth/session",
        "cart": "/carts/me",
        "order": "/orders/me",
        "inventory": "/inventory",
    }
    return (
        actor.post("/products", {}) if service == "product" else actor.get(paths[service])
    ).status


def check_out_everywhere(actor: Actor, *messages: str) -> None:
    """The token is dead in every service within a second, for the given reason."""
    for service in SERVICES:
        felt(lambda at=service: status_in(actor, at) == 401, f"refused by {service}")
    check_error(actor.get("/auth/session"), 401)
    assert actor.get("/auth/session").message in messages


def check_in_everywhere(actor: Actor) -> None:
    for service in SERVICES:
        assert status_in(actor, service) in (200, 403), service


# --- GET /users/:id -------------------------------------------------------------------------------


def test_the_owner_and_an_admin_see_the_whole_user(alice: Person, admin: Actor) -> None:
    for reader in (alice, admin):
        user = reader.get(f"/users/{alice.id}").expect(200)
        check_user(user)
        assert user["email"] == alice.email


def test_another_user_sees_id_name_and_role_only(
    alice: Person, mallory: Person, supplier: Person
) -> None:
    for reader in (mallory, supplier):
        seen = reader.get(f"/users/{alice.id}").expect(200)
        check_members(seen, ("id", "name", "role"), exactly=True)


@pytest.mark.parametrize(
    "user_id",
    [
        "999999999",
        "abc",
        "0",
        "-1",
        "1.5",
        "1.0",
        "01",
        "0x1",
        "1e0",
        "%201",
        "1%20",
        "+1",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999",
        "null",
        "%F0%9F%92%A9",
    ],
)
def test_no_such_user(alice: Person, user_id: str) -> None:
    check_error(alice.get(f"/users/{user_id}"), 404, "User not found")


# --- PUT /users/:id -------------------------------------------------------------------------------


@pytest.mark.parametrize("user_id", ["{mallory}", "abc", "999999999"])
@pytest.mark.parametrize("body", [{}, {"name": "Stolen"}, {"password": ""}], ids=str)
def test_nobody_changes_another_account_and_is_told_nothing_more(
    alice: Person, mallory: Person, user_id: str, body: dict
) -> None:
    target = f"/users/{user_id.format(mallory=mallory.id)}"
    check_error(alice.put(target, body), 403, "Forbidden")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "  "},
        {"name": 7},
        {"email": ""},
        {"email": 7},
        {"unknown": 1},
        {"id": 5},
        {"name": None},
    ],
    ids=str,
)
def test_nothing_usable_to_change(alice: Person, admin: Actor, body: dict) -> None:
    check_error(alice.put(f"/users/{alice.id}", body), 400, "No valid fields to update")
    check_error(admin.put("/users/999999999", body), 400, "No valid fields to update")


@pytest.mark.parametrize("user_id", ["999999999", "abc", "0", "01"])
def test_an_admin_changes_nobody_who_is_not_there(admin: Actor, user_id: str) -> None:
    check_error(admin.put(f"/users/{user_id}", {"name": "X"}), 404, "User not found")


def test_an_owner_changes_the_name_with_nothing_else(shop: Shop) -> None:
    person = shop.user("Before")
    changed = person.put(f"/users/{person.id}", {"name": "  After  "}).expect(200)
    check_user(changed)
    assert changed == {**person.account, "name": "After"}
    assert person.put(f"/users/{person.id}", {"name": "After"}).expect(200) == changed


@pytest.mark.parametrize(
    "body",
    [
        {"name": "n" * 151},
        {"name": "a\u0000b"},
        {"email": "not-an-address"},
        {"email": "a" * 260 + "@example.com"},
    ],
    ids=["name of 151", "NUL in the name", "email without @", "email too long"],
)
def test_a_value_that_breaks_the_sign_up_rules_is_a_400(shop: Shop, body: dict) -> None:
    person = shop.user("Bounds")
    check_error(person.put(f"/users/{person.id}", {**body, "oldPassword": PASSWORD}), 400)
    assert person.get(f"/users/{person.id}").expect(200) == person.account


@pytest.mark.parametrize(
    "body", [{"role": "admin"}, {"accountStatus": "blocked"}, {"role": "supplier"}], ids=str
)
def test_an_owner_cannot_give_herself_role_or_status(shop: Shop, body: dict) -> None:
    person = shop.user("Climber")
    assert person.put(f"/users/{person.id}", body).status in (200, 400)
    changed = person.put(f"/users/{person.id}", {**body, "name": "Climber II"}).expect(200)
    assert changed == {**person.account, "name": "Climber II"}
    check_error(person.get("/auth/users"), 403)


@pytest.mark.parametrize(
    "old",
    [{}, {"oldPassword": "Wrong-Horse-1111"}, {"oldPassword": ""}, {"oldPassword": 7}],
    ids=str,
)
@pytest.mark.parametrize(
    "change", [{"password": NEW_PASSWORD}, {"email": "elsewhere@example.com"}], ids=str
)
def test_an_owner_needs_the_old_password_for_password_and_email(
    shop: Shop, old: dict, change: dict
) -> None:
    person = shop.user("Careful")
    check_error(
        person.put(f"/users/{person.id}", {**change, **old}), 400, "Old password is incorrect"
    )
    assert person.get(f"/users/{person.id}").expect(200) == person.account
    login(person.server, person.email, PASSWORD).expect(200)


@pytest.mark.parametrize("password", ["short", "", "x" * 129, 12345678, "password123"])
def test_a_new_password_keeps_the_sign_up_rules(shop: Shop, admin: Actor, password: object) -> None:
    person = shop.user("Rules")
    body = {"password": password, "oldPassword": PASSWORD}
    check_error(person.put(f"/users/{person.id}", body), 400)
    check_error(admin.put(f"/users/{person.id}", body), 400)
    login(person.server, person.email, PASSWORD).expect(200)


@again_when_late
def test_an_owners_new_password_ends_all_sessions_everywhere(shop: Shop) -> None:
    person = shop.user("Fresh")
    other_device = Person(shop.server, person.account, PASSWORD, None).log_in()
    check_in_everywhere(person)
    person.put(f"/users/{person.id}", {"password": NEW_PASSWORD, "oldPassword": PASSWORD}).expect(
        200
    )
    for session in (person, other_device):
        check_out_everywhere(session, CHANGED)
    check_error(login(shop.server, person.email, PASSWORD), 401)
    person.password = NEW_PASSWORD
    check_in_everywhere(person.log_in())


@again_when_late
def test_an_owners_new_email_ends_all_sessions_and_logs_in(shop: Shop) -> None:
    person = shop.user("Mover")
    email = fresh_email("moved")
    changed = person.put(
        f"/users/{person.id}", {"email": f" {email.upper()} ", "oldPassword": PASSWORD}
    ).expect(200)
    assert changed["email"] == email
    check_out_everywhere(person, EXPIRED, CHANGED)
    login(shop.server, email, PASSWORD).expect(200)
    check_error(login(shop.server, person.email, PASSWORD), 401)


def test_an_email_of_somebody_else_cannot_be_taken(shop: Shop, alice: Person, admin: Actor) -> None:
    person = shop.user("Taker")
    body = {"email": alice.email.upper(), "oldPassword": PASSWORD}
    check_error(person.put(f"/users/{person.id}", body), 409, "Email already exists")
    check_error(
        admin.put(f"/users/{person.id}", {"email": alice.email}), 409, "Email already exists"
    )


def test_of_two_who_want_one_email_at_once_one_gets_it(shop: Shop) -> None:
    people, email = [shop.user("Racer") for _ in range(4)], fresh_email("wanted")
    body = {"email": email, "oldPassword": PASSWORD}
    replies = at_once(4, lambda n: people[n].put(f"/users/{people[n].id}", body))
    assert sorted(reply.status for reply in replies) == [200, 409, 409, 409]
    assert login(shop.server, email, PASSWORD).status == 200


@again_when_late
def test_an_admin_sets_password_and_email_without_the_old_password(
    shop: Shop, admin: Actor
) -> None:
    person = shop.user("Helped")
    email = fresh_email("helped")
    admin.put(f"/users/{person.id}", {"email": email, "password": NEW_PASSWORD}).expect(200)
    check_out_everywhere(person, CHANGED, EXPIRED)
    login(shop.server, email, NEW_PASSWORD).expect(200)


@again_when_late
def test_an_admin_blocks_and_unblocks(shop: Shop, admin: Actor) -> None:
    person = shop.user("Naughty")
    check_in_everywhere(person)
    assert (
        admin.put(f"/users/{person.id}", {"accountStatus": "blocked"}).expect(200)["accountStatus"]
        == "blocked"
    )
    check_out_everywhere(person, EXPIRED)
    check_error(login(shop.server, person.email, PASSWORD), 403, "Account is blocked")
    admin.put(f"/users/{person.id}", {"accountStatus": "active"}).expect(200)
    check_out_everywhere(person, EXPIRED)
    back = person.log_in()
    for service in SERVICES:
        felt(lambda at=service: status_in(back, at) in (200, 403), f"let in by {service}")


@pytest.mark.parametrize("body", [{"role": "root"}, {"accountStatus": "gone"}], ids=str)
def test_an_admin_cannot_set_a_role_or_status_that_does_not_exist(
    shop: Shop, admin: Actor, body: dict
) -> None:
    person = shop.sign_up("Odd")
    check_error(admin.put(f"/users/{person.id}", body), 400)
    assert admin.get(f"/users/{person.id}").expect(200) == person.account


@again_when_late
def test_a_new_role_counts_everywhere_at_once_and_ends_no_session(shop: Shop, admin: Actor) -> None:
    person = shop.user("Promoted")
    product = shop.product_fields()
    check_error(person.post("/products", product), 403, "Forbidden")
    assert admin.put(f"/users/{person.id}", {"role": "supplier"}).expect(200)["role"] == "supplier"
    assert person.get("/auth/session").expect(200)["user"]["role"] == "supplier"
    made = felt(
        lambda: (reply := person.post("/products", product)).status == 201 and reply.json,
        "product lets the new supplier in",
    )
    assert made["createdByRole"] == "supplier"
    felt(
        lambda: person.post("/carts/me/items", {"productId": made["id"]}).status == 403,
        "cart knows that suppliers do not buy",
    )
    admin.put(f"/users/{person.id}", {"role": "user"}).expect(200)
    felt(lambda: person.post("/products", {}).status == 403, "the role is gone again")
    check_in_everywhere(person)


# --- DELETE, logout -------------------------------------------------------------------------------


@again_when_late
def test_deleting_an_account_ends_it_everywhere(shop: Shop) -> None:
    person = shop.user("Leaver")
    check_in_everywhere(person)
    reply = person.delete(f"/users/{person.id}")
    assert reply.expect(200)["message"] == "User deleted"
    check_out_everywhere(person, "Unauthorized")
    check_error(login(shop.server, person.email, PASSWORD), 401, "Invalid credentials")
    check_error(shop.as_admin().get(f"/users/{person.id}"), 404, "User not found")
    check_error(shop.as_admin().delete(f"/users/{person.id}"), 404, "User not found")


def test_a_deleted_accounts_email_is_free_and_the_orders_stay(
    shop: Shop, admin: Actor, mug: dict
) -> None:
    person = shop.user("Leaver")
    order = person.buy(mug)
    admin.delete(f"/users/{person.id}").expect(200)
    again = shop.user("Returner", email=person.email)
    assert again.id != person.id
    assert again.get("/orders/me").expect(200)["count"] == 0
    assert again.cart()["items"] == []
    kept = admin.get(f"/orders/{order['id']}").expect(200)
    assert kept["totalAmount"] == order["totalAmount"] and kept["userId"] == person.id


def test_nobody_deletes_another_account(alice: Person, mallory: Person) -> None:
    for user_id in (alice.id, "abc", 999999999):
        check_error(mallory.delete(f"/users/{user_id}"), 403, "Forbidden")


@pytest.mark.parametrize("user_id", ["999999999", "abc", "0"])
def test_an_admin_deletes_nobody_who_is_not_there(admin: Actor, user_id: str) -> None:
    check_error(admin.delete(f"/users/{user_id}"), 404, "User not found")


@again_when_late
def test_logout_ends_all_sessions_everywhere(shop: Shop) -> None:
    person = shop.user("Tired")
    other_device = Person(shop.server, person.account, PASSWORD, None).log_in()
    check_in_everywhere(person)
    reply = person.post("/auth/logout")
    assert reply.status == 204 and reply.body == b""
    for session in (person, other_device):
        check_out_everywhere(session, EXPIRED, CHANGED)
    check_in_everywhere(person.log_in())


def test_logout_needs_a_session(shop: Shop) -> None:
    check_error(shop.anonymous.post("/auth/logout"), 401, "Unauthorized")


def test_a_name_of_any_script_is_kept(shop: Shop) -> None:
    for name in ("Zoë Ångström", "张伟", "محمد الفاتح", "Ірина", "👩‍🚀 Ada", unique("Łukasz")):
        person = shop.sign_up(name)
        assert person.account["name"] == name
