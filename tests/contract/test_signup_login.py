"""wire-contract §3: sign-up, login, the list of users, users made by an admin."""

import pytest

from lib.http import Headers
from lib.parallel import at_once
from lib.shapes import check_error, check_fixed_headers, check_members, check_user
from lib.shop import PASSWORD, Actor, Person, Shop, fresh_email, login, unique

ABSENT = ...


def long_email(letters: int) -> str:
    """An address of exactly so many letters whose parts all keep the limits of DNS and SMTP."""
    local = fresh_email("long").split("@")[0].ljust(64, "x")
    domain = ".".join(["d" * 63, "e" * 63, "f" * 61])
    return f"{local}@{domain[: letters - 65 - 4]}.com"


#: (what is wrong, the members that differ, the contract's sentence or None where it has none). The
#: first wrong field in the order name, email, password decides.
BAD_ACCOUNTS = [
    ("no name", {"name": ABSENT}, "Name is required"),
    ("name null", {"name": None}, "Name is required"),
    ("name empty", {"name": ""}, "Name is required"),
    ("name blank", {"name": " \t "}, "Name is required"),
    ("name a number", {"name": 7}, "Name is required"),
    ("name true", {"name": True}, "Name is required"),
    ("name an array", {"name": ["x"]}, "Name is required"),
    ("name an object", {"name": {}}, "Name is required"),
    ("name of 151 letters", {"name": "n" * 151}, None),
    ("no email", {"email": ABSENT}, "Email is required"),
    ("email null", {"email": None}, "Email is required"),
    ("email empty", {"email": ""}, "Email is required"),
    ("email blank", {"email": "   "}, "Email is required"),
    ("email a number", {"email": 7}, "Email is required"),
    ("email an array", {"email": ["a@example.com"]}, "Email is required"),
    ("email without @", {"email": "alice.example.com"}, None),
    ("email without a local part", {"email": "@example.com"}, None),
    ("email without a domain", {"email": "alice@"}, None),
    ("email with two @", {"email": "a@b@example.com"}, None),
    ("email with a blank inside", {"email": "al ice@example.com"}, None),
    ("email with a line break", {"email": "alice@example.com\r\nBcc: x@example.com"}, None),
    ("email with angle brackets", {"email": "Alice <alice@example.com>"}, None),
    ("email with a comma", {"email": "a@example.com,b@example.com"}, None),
    ("email of 256 letters", {"email": long_email(256)}, None),
    ("no password", {"password": ABSENT}, "Password must be at least 8 characters"),
    ("password null", {"password": None}, "Password must be at least 8 characters"),
    ("password a number", {"password": 1234567890}, "Password must be at least 8 characters"),
    (
        "password of seven letters",
        {"password": "Xy7-Zq!"},
        "Password must be at least 8 characters",
    ),
    ("password of 129 letters", {"password": "p7-Q" * 32 + "x"}, None),
    (
        "everything wrong: the name comes first",
        {"name": "", "email": "", "password": ""},
        "Name is required",
    ),
    (
        "email and password wrong: the email comes first",
        {"email": "", "password": ""},
        "Email is required",
    ),
]
bad_account = pytest.mark.parametrize(
    ("fields", "message"), [row[1:] for row in BAD_ACCOUNTS], ids=[row[0] for row in BAD_ACCOUNTS]
)


def account(**fields: object) -> dict:
    wanted = {"name": "Alice", "email": fresh_email("row"), "password": PASSWORD, **fields}
    return {key: value for key, value in wanted.items() if value is not ABSENT}


@bad_account
def test_bad_sign_up_is_refused_and_makes_nobody(
    shop: Shop, admin: Actor, fields: dict, message: str | None
) -> None:
    wanted = account(**fields)
    check_error(shop.anonymous.post("/auth/signup", wanted), 400, message)
    email = wanted.get("email")
    if isinstance(email, str) and email.strip():
        assert login(shop.server, email, PASSWORD).status in (400, 401)


@bad_account
def test_an_admin_cannot_make_a_bad_account_either(
    admin: Actor, fields: dict, message: str | None
) -> None:
    check_error(admin.post("/users", account(**fields)), 400, message)


def test_sign_up_answers_the_user_and_nothing_else(shop: Shop) -> None:
    email = fresh_email("Plain")
    reply = shop.anonymous.post(
        "/auth/signup", account(name="  Plain Jane ", email=f"  {email.upper()} ")
    )
    user = reply.expect(201)
    check_user(user)
    assert user["name"] == "Plain Jane" and user["email"] == email
    assert user["role"] == "user" and user["accountStatus"] == "active"
    check_fixed_headers(reply.headers)


@pytest.mark.parametrize(
    "extra",
    [
        {"role": "admin"},
        {"accountStatus": "blocked"},
        {"id": 1},
        {"isAdmin": True},
        {"emailVerified": True},
        {"createdAt": "2000-01-01"},
    ],
    ids=str,
)
def test_sign_up_ignores_what_is_not_the_callers_to_say(shop: Shop, extra: dict) -> None:
    user = shop.anonymous.post("/auth/signup", account(**extra)).expect(201)
    assert user["role"] == "user" and user["accountStatus"] == "active" and user["id"] != 1


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "n" * 150},
        {"name": "é" * 150},
        {"name": "𝒜" * 150},
        {"password": "Xy7-Zq!w"},
        {"password": "p7-Q" * 32},
        {"password": "  spaces count  "},
        {"password": "密码很长很安全吗好的"},
        {"name": "O'Brien; DROP TABLE users;--"},
    ],
    ids=[
        "name of 150",
        "name of 150 accented letters",
        "name of 150 letters beyond the BMP",
        "password of 8",
        "password of 128",
        "password with blanks",
        "password in Chinese",
        "name with SQL",
    ],
)
def test_sign_up_at_the_limits_works_and_the_password_logs_in(shop: Shop, fields: dict) -> None:
    wanted = account(**fields)
    user = shop.anonymous.post("/auth/signup", wanted).expect(201)
    assert user["name"] == wanted["name"]
    login(shop.server, wanted["email"], wanted["password"]).expect(200)


def test_an_email_of_255_letters_is_accepted(shop: Shop) -> None:
    email = long_email(255)
    assert len(email) == 255
    shop.anonymous.post("/auth/signup", account(email=email)).expect(201)


def test_an_email_is_taken_whatever_its_case(shop: Shop) -> None:
    taken = shop.sign_up("Taken")
    for email in (taken.email, taken.email.upper(), f" {taken.email.title()} "):
        check_error(
            shop.anonymous.post("/auth/signup", account(email=email)), 409, "Email already exists"
        )


def test_of_racing_sign_ups_with_one_email_exactly_one_wins(shop: Shop) -> None:
    wanted = account()
    replies = at_once(8, lambda _: shop.anonymous.post("/auth/signup", wanted))
    assert sorted(reply.status for reply in replies) == [201] + [409] * 7


# --- login ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": ABSENT}, "Email is required"),
        ({"email": ""}, "Email is required"),
        ({"email": "  "}, "Email is required"),
        ({"email": 5}, "Email is required"),
        ({"email": None}, "Email is required"),
        ({"email": {"$ne": ""}}, "Email is required"),
        ({"password": ABSENT}, "Password is required"),
        ({"password": ""}, "Password is required"),
        ({"password": 12345678}, "Password is required"),
        ({"password": None}, "Password is required"),
        ({"password": ["x"]}, "Password is required"),
        ({"email": "", "password": ""}, "Email is required"),
    ],
    ids=str,
)
def test_bad_login_body(shop: Shop, alice: Person, fields: dict, message: str) -> None:
    wanted = {"email": alice.email, "password": PASSWORD, **fields}
    body = {key: value for key, value in wanted.items() if value is not ABSENT}
    check_error(shop.anonymous.post("/auth/login", body), 400, message)


def test_login_takes_the_email_in_any_case_with_blanks(shop: Shop, alice: Person) -> None:
    login(shop.server, f"  {alice.email.upper()} ", PASSWORD).expect(200)


def _comparable(headers: Headers) -> list[str]:
    return sorted(name.lower() for name, _ in headers.pairs)


def test_unknown_user_and_wrong_password_look_the_same(shop: Shop, alice: Person) -> None:
    wrong = login(shop.server, alice.email, "Wrong-Horse-1111")
    unknown = login(shop.server, fresh_email("nobody"), "Wrong-Horse-1111")
    for reply in (wrong, unknown):
        check_error(reply, 401, "Invalid credentials")
    assert list(wrong.json) == list(unknown.json) and wrong.json["code"] == unknown.json["code"]
    assert _comparable(wrong.headers) == _comparable(unknown.headers)


@pytest.mark.parametrize(
    "password",
    [" " + PASSWORD, PASSWORD + " ", PASSWORD.lower(), PASSWORD[:-1], PASSWORD + "\u0301"],
)
def test_a_password_is_compared_exactly(shop: Shop, password: str) -> None:
    person = shop.sign_up()
    check_error(login(shop.server, person.email, password), 401, "Invalid credentials")


def test_two_passwords_that_differ_only_after_72_bytes_are_different(shop: Shop) -> None:
    long = "Long-Pass-7" * 7
    assert len(long) > 73
    person = shop.sign_up(password=long)
    check_error(
        login(shop.server, person.email, long[:72] + "#" + long[73:]), 401, "Invalid credentials"
    )
    check_error(login(shop.server, person.email, long[:72]), 401, "Invalid credentials")
    login(shop.server, person.email, long).expect(200)


def test_a_blocked_account_is_told_so_only_after_the_right_password(
    shop: Shop, admin: Actor
) -> None:
    person = shop.sign_up("Blocked")
    admin.put(f"/users/{person.id}", {"accountStatus": "blocked"}).expect(200)
    check_error(login(shop.server, person.email, "Wrong-Horse-1111"), 401, "Invalid credentials")
    check_error(login(shop.server, person.email, PASSWORD), 403, "Account is blocked")


# --- GET /auth/users, POST /users -----------------------------------------------------------------


def test_the_list_of_users_is_a_bare_array_in_id_order_capped_at_100(admin: Actor) -> None:
    reply = admin.get("/auth/users")
    users = reply.expect(200)
    assert isinstance(users, list) and 0 < len(users) <= 100
    assert int(reply.headers["X-Total-Count"]) >= len(users)
    for user in users:
        check_user(user)
    assert [user["id"] for user in users] == sorted(user["id"] for user in users)


@pytest.mark.parametrize("path", ["/auth/users", "/auth/users?page=1"])
def test_only_admins_list_users(alice: Person, supplier: Person, path: str) -> None:
    for somebody in (alice, supplier):
        check_error(somebody.get(path), 403, "Admins only")


def test_only_admins_make_users(alice: Person, supplier: Person) -> None:
    for somebody in (alice, supplier):
        check_error(somebody.post("/users", account()), 403, "Admins only")
        check_error(somebody.post("/users", {}), 403, "Admins only")


@pytest.mark.parametrize(
    ("role", "becomes"),
    [
        (ABSENT, "user"),
        ("user", "user"),
        ("supplier", "supplier"),
        ("admin", "admin"),
        (" ADMIN ", "admin"),
        ("Supplier", "supplier"),
    ],
)
def test_an_admin_makes_users_of_each_role(
    shop: Shop, admin: Actor, role: object, becomes: str
) -> None:
    user = admin.post("/users", account(role=role)).expect(201)
    check_user(user)
    assert user["role"] == becomes
    check_members(user, ("id", "name", "email", "role", "accountStatus"), exactly=True)


@pytest.mark.parametrize("role", ["root", "superadmin", "", 1, True, ["admin"]], ids=str)
def test_an_unknown_role_is_a_400(admin: Actor, role: object) -> None:
    check_error(admin.post("/users", account(role=role)), 400)


def test_an_admin_made_account_is_active_whatever_the_body_says(admin: Actor) -> None:
    assert (
        admin.post("/users", account(accountStatus="blocked")).expect(201)["accountStatus"]
        == "active"
    )


def test_an_admin_cannot_take_an_email_twice(shop: Shop, admin: Actor) -> None:
    taken = shop.sign_up("Taken")
    check_error(
        admin.post("/users", account(email=taken.email.upper())), 409, "Email already exists"
    )


def test_users_can_be_found_by_part_of_name_or_email(shop: Shop, admin: Actor) -> None:
    word = unique("Findable").replace(" ", "")
    person = shop.sign_up(word)
    for question in (word[2:], word.upper(), person.email[:-4]):
        found = admin.get(f"/auth/users?page=1&q={question}").expect(200)
        assert [user["id"] for user in found["users"]] == [person.id]


def test_users_are_filtered_by_role_and_status(shop: Shop, admin: Actor) -> None:
    blocked = shop.sign_up("Blocked")
    admin.put(f"/users/{blocked.id}", {"accountStatus": "blocked"}).expect(200)
    page = admin.get("/auth/users?accountStatus=blocked&page=1&pageSize=100").expect(200)
    assert blocked.id in [user["id"] for user in page["users"]]
    assert {user["accountStatus"] for user in page["users"]} == {"blocked"}
    page = admin.get("/auth/users?role=admin&page=1&pageSize=100").expect(200)
    assert page["total"] >= 1 and {user["role"] for user in page["users"]} == {"admin"}


@pytest.mark.parametrize(
    "query", ["role=root", "accountStatus=gone", "page=0", "page=x", "pageSize=101", "pageSize=0"]
)
def test_new_list_parameters_are_strict(admin: Actor, query: str) -> None:
    check_error(admin.get(f"/auth/users?{query}"), 400)
