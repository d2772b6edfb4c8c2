"""What a stranger can do to somebody's account, and what an account can be made of."""

import email
import re
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from conftest import NewServer
from lib import mail
from lib.http import Reply
from lib.server import Server
from lib.shapes import check_error
from lib.shop import PASSWORD, Actor, Person, Shop, fresh_email, login
from lib.tokens import changed, sign
from lib.waiting import wait_until

WRONG = "wrong wrong wrong"
NEW = "brand new 9 zebra"
HOME = {"X-Forwarded-For": "198.51.100.7"}
STRANGER = {"X-Forwarded-For": "203.0.113.66"}


@pytest.fixture(scope="module")
def behind_a_proxy(new_module_server: NewServer) -> Iterator[Server]:
    """A server that believes us whose address a request comes from."""
    yield new_module_server(env={"TRUSTED_PROXIES": "127.0.0.1"}).start()


def ask(server: Server, where: dict, path: str, **body: str) -> Reply:
    return Actor(server, headers=where).post(path, body)


def newest_code(server: Server, to: str, known: list[str]) -> str:
    def fresh() -> Counter[str]:
        return Counter(mail.codes_sent(server, to)) - Counter(known)

    return next(iter(wait_until(fresh, f"another code mailed to {to}")))


def test_a_stranger_cannot_keep_the_owner_out(behind_a_proxy: Server) -> None:
    """security.md 6: no permanent lock-out, neither of the login nor of the way round it."""
    server = behind_a_proxy
    owner = Shop(server).sign_up()
    credentials = {"email": owner.email, "password": PASSWORD}
    ask(server, HOME, "/auth/login", **credentials).expect(200)

    for _ in range(12):
        refused = ask(server, STRANGER, "/auth/login", email=owner.email, password=WRONG)
    check_error(refused, 429)
    codes: list[str] = []
    for _ in range(3):
        ask(server, STRANGER, "/auth/forgot-password", email=owner.email).expect(200)
        codes.append(newest_code(server, owner.email, codes))
        for guess in range(5):
            wanted = {"email": owner.email, "otp": f"00000{guess}", "newPassword": NEW}
            ask(server, STRANGER, "/auth/reset-password/otp", **wanted)

    ask(server, HOME, "/auth/login", **credentials).expect(200)
    ask(server, HOME, "/auth/forgot-password", email=owner.email).expect(200)
    code = newest_code(server, owner.email, codes)
    wanted = {"email": owner.email, "otp": code, "newPassword": NEW}
    ask(server, HOME, "/auth/reset-password/otp", **wanted).expect(200)
    ask(server, HOME, "/auth/login", email=owner.email, password=NEW).expect(200)


def test_a_throttled_login_says_how_long_in_header_and_body(shop: Shop) -> None:
    """wire-contract §1.8."""
    person = shop.sign_up()
    # The sixth try is, unless the machine stood still until the wait was over; the next is longer.
    replies = (login(shop.server, person.email, WRONG) for _ in range(12))
    reply = next(reply for reply in replies if reply.status == 429)
    body = check_error(reply, 429)
    assert list(body)[:2] == ["message", "retryAfterSeconds"]
    assert body["retryAfterSeconds"] == int(reply.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("by", ["reset-password", "put"])
def test_a_stolen_token_is_no_oracle_for_the_password(shop: Shop, by: str) -> None:
    person = shop.user()
    statuses = []
    for number in range(8):
        old = f"{WRONG} {number}"
        if by == "put":
            body = {"oldPassword": old, "password": NEW}
            reply = person.put(f"/users/{person.id}", body)
        else:
            body = {"oldPassword": old, "newPassword": NEW}
            reply = person.post("/auth/reset-password", body)
        statuses.append(reply.status)
    assert statuses[:4] == [400] * 4 and 429 in statuses[4:]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Alice Ünïcode 漢字", "Alice Ünïcode 漢字"),
        ("You won! https://evil.example/claim", "customer"),
        ("call www.evil.example", "customer"),
        ("evil.example/x", "customer"),
        ("x" * 150, "x" * 39 + "…"),
        ("win a prize " * 12, "win a prize win a prize win a prize…"),
        ("\u2028Bcc: x@y.example", "customer"),
    ],
    ids=["a name", "a link", "www", "a bare host", "150 letters", "many words", "a line separator"],
)
def test_sign_up_is_no_way_to_mail_ones_own_text(shop: Shop, name: str, shown: str) -> None:
    """Anybody may sign up with anybody's address, and have a reset code mailed to it."""
    address = fresh_email("victim")
    account = {"name": name, "email": address, "password": PASSWORD}
    reply = shop.anonymous.post("/auth/signup", account)
    if reply.status == 400:
        return  # A name that is none harms nobody.
    reply.expect(201)
    mail.ask_for_code(shop.server, address)
    (message,) = mail.messages_to(shop.server, address)
    assert mail.body_of(message).startswith(f"Hello {shown}, your OTP is ")


@pytest.mark.parametrize(
    "name",
    [
        "Evil: x",
        "=?utf-8?q?=0d=0aBcc:_x=40y.zz?=",
        "é" * 150,
        '"quoted" \\ name',
        ".",
        "a,b;c",
        "<script>alert(1)</script>",
        "\u0085Bcc: x@y.zz",
    ],
)
def test_names_do_not_become_headers_of_a_mail(shop: Shop, name: str) -> None:
    address = fresh_email("inject")
    account = {"name": name, "email": address, "password": PASSWORD}
    if shop.anonymous.post("/auth/signup", account).status == 400:
        return
    mail.ask_for_code(shop.server, address)
    raw = next(
        path.read_bytes()
        for path in mail.files(shop.server)
        if address in str(mail.parsed(path)["To"])
    )
    message = email.message_from_bytes(raw)
    assert "Bcc" not in message
    assert all(len(message.get_all(header, [])) == 1 for header in ("To", "From", "Subject"))
    assert all(len(line) <= 998 for line in raw.splitlines())
    assert re.search(rb"OTP is \d{6}", message.get_payload(decode=True))


@pytest.mark.parametrize(
    "address",
    [
        "a@b..co",
        "a@-b.co",
        "a@b.co\u0000",
        "a@b.co;",
        '"a\r\n"@b.co',
        ".a@b.co",
        "a.@b.co",
        "a..b@c.co",
        "a@.co",
        "a@[127.0.0.1",
        'a"b@inj.example',
        "a(b)@inj.example",
        "a:b@inj.example",
        "a\\b@inj.example",
        "a@" + "b" * 300 + ".co",
        # Nothing of these can be seen: they would look like another's address.
        "ali\u00adce@inj.example",
        "alice@inj\u200b.example",
        "alice\u2060@inj.example",
    ],
)
def test_an_address_that_is_none_is_refused(shop: Shop, address: str) -> None:
    account = {"name": "N", "email": address, "password": PASSWORD}
    check_error(shop.anonymous.post("/auth/signup", account), 400)


@pytest.mark.parametrize(
    "look_alike",
    [
        "{name}@ｅｘａｍｐｌｅ.com",
        "{name}@example。com",
        "{name}@example．com",
        "{NAME}@EXAMPLE.com",
    ],
)
def test_an_address_that_looks_like_anothers_is_that_one(shop: Shop, look_alike: str) -> None:
    taken = fresh_email("twin").partition("@")[0] + "@example.com"
    account = {"name": "N", "email": taken, "password": PASSWORD}
    shop.anonymous.post("/auth/signup", account).expect(201)
    name = taken.partition("@")[0]
    second = {**account, "email": look_alike.format(name=name, NAME=name.upper())}
    check_error(shop.anonymous.post("/auth/signup", second), 409, "Email already exists")


@pytest.mark.parametrize("name", ["\u200b", "\u00ad\u2060 \u3164", "\U000e0041"])
def test_a_name_of_which_nothing_can_be_seen_is_none(shop: Shop, name: str) -> None:
    account = {"name": name, "email": fresh_email("unseen"), "password": PASSWORD}
    check_error(shop.anonymous.post("/auth/signup", account), 400, "Name is required")


def test_a_password_with_a_nul_is_told_what_is_wrong_with_it(shop: Shop) -> None:
    account = {"name": "N", "email": fresh_email("nul"), "password": "seven\0lamps at sea"}
    sentence = "Password must not hold the control character U+0000"
    check_error(shop.anonymous.post("/auth/signup", account), 400, sentence)
    too_short = "Password must be at least 8 characters"
    check_error(shop.anonymous.post("/auth/signup", {**account, "password": 7}), 400, too_short)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("straße{}@example.com", "STRASSE{}@example.com"),
        ("kelvin{}@example.com", "\u212aelvin{}@example.com"),
        ("i1{}@example.com", "\u01301{}@example.com"),
        ("é9{}@example.com", "e\u03019{}@example.com"),
        ("full{}@example.com", "ｆull{}@example.com"),
        ("zero{}@example.com", "ze\u200bro{}@example.com"),
    ],
)
def test_an_address_that_looks_alike_never_opens_the_others_account(
    shop: Shop, first: str, second: str
) -> None:
    unique = fresh_email("x").split("@")[0]

    def sign_up(address: str, password: str) -> Reply:
        account = {"name": "N", "email": address.format(unique), "password": password}
        return shop.anonymous.post("/auth/signup", account)

    one, two = sign_up(first, PASSWORD), sign_up(second, NEW)
    if one.status == 201 and two.status == 201:
        assert one.json["id"] != two.json["id"] and one.json["email"] != two.json["email"]
        assert login(shop.server, one.json["email"], NEW).status == 401
    assert {one.status, two.status} <= {201, 400, 409}


@pytest.mark.parametrize(
    "pwdv", ["9.00000000000000000000000000000000", "0.x", "1.x"], ids=["later", "earlier", "same"]
)
def test_another_password_version_has_the_contracts_sentence(
    shop: Shop, alice: Person, pwdv: str
) -> None:
    """wire-contract §2.7."""
    posing = Actor(shop.server, changed(alice.token, pwdv=pwdv))
    check_error(posing.get("/auth/session"), 401, "Token expired after password change")


def test_a_session_that_ended_by_logout_keeps_its_own_sentence(shop: Shop) -> None:
    person = shop.user()
    person.post("/auth/logout").expect(204)
    check_error(person.get("/auth/session"), 401, "Session expired, please login again")


@pytest.mark.parametrize("role", ["admin", "supplier"])
def test_a_role_of_nobodys_opens_nothing(shop: Shop, alice: Person, role: str) -> None:
    """wire-contract §2.2: the role is never the token's. No account has this number."""
    posing = Actor(shop.server, changed(alice.token, id=99_999_999, role=role))
    for method, path, body in [
        ("GET", "/auth/users", ...),
        ("GET", "/orders", ...),
        ("GET", "/orders/me", ...),
        ("GET", f"/carts/{alice.id}", ...),
        ("POST", "/categories", {"name": "forged"}),
        ("POST", "/products", {}),
        ("PATCH", "/orders/1/status", {"status": "paid"}),
    ]:
        check_error(posing.send(method, path, body), 401, "Unauthorized")


@pytest.mark.parametrize(
    "claim",
    [
        '"exp":1e999',
        '"exp":null',
        '"id":18446744073709551617',
        '"id":true',
        '"id":[1]',
        '"id":1e0',
        '"pwdv":""',
        '"nbf":99999999999',
    ],
)
def test_a_claim_of_another_kind_is_refused_everywhere(
    shop: Shop, alice: Person, claim: str
) -> None:
    name = claim.split('"')[1]
    now = int(time.time())
    claims = {
        "id": str(alice.id),
        "role": '"user"',
        "pwdv": '"1.x"',
        "iat": str(now),
        "exp": str(now + 900),
        "iss": '"microcommerce"',
        "aud": '"microcommerce"',
        "jti": '"1"',
    }
    members = [f'"{key}":{value}' for key, value in claims.items() if key != name]
    posing = Actor(shop.server, sign("{" + ",".join([claim, *members]) + "}"))
    for path in ("/carts/me", "/orders/me", "/auth/session"):
        check_error(posing.get(path), 401)


def test_a_deleted_users_cart_stays_readable_by_admins(shop: Shop, mug: dict) -> None:
    """wire-contract §3, DELETE /users/:id."""
    person, admin = shop.user(), shop.as_admin()
    cart = person.add(mug, 2)
    person.delete(f"/users/{person.id}").expect(200)
    wait_until(lambda: person.get("/carts/me").status == 401, "the end of the account")
    assert admin.get(f"/carts/{person.id}").expect(200) == cart
