"""The commands beside `serve`: what they print, how they end, that secrets stay secret."""

import json
import re
from pathlib import Path

import pytest

from conftest import NewServer
from lib import events, store
from lib.server import JWT_SECRET, Server, run_binary
from lib.shapes import check_error
from lib.shop import PASSWORD, Shop, fresh_email, login
from lib.waiting import wait_until


def test_version_says_name_and_number(scratch: dict) -> None:
    done = run_binary("version", **scratch)
    assert done.returncode == 0 and re.search(r"\d+\.\d+", done.stdout)


@pytest.mark.parametrize(
    "command", [[], ["serve"], ["migrate"], ["mail"], ["events", "list"], ["create-admin"]], ids=str
)
def test_help_is_there_for_every_command(scratch: dict, command: list[str]) -> None:
    done = run_binary(*command, "--help", **scratch)
    assert done.returncode == 0 and len(done.stdout) > 50


@pytest.mark.parametrize(
    "command",
    [
        ["dance"],
        ["serve", "--no-such-option"],
        ["serve", "warehouse"],
        ["serve", "--port-offset", "many"],
        ["serve", "--port-offset", "-5000"],
        ["serve", "--port-offset", "65000"],
        ["create-admin"],
        ["create-admin", "--email", "x@example.com"],
        ["openapi", "warehouse"],
        ["serve", "--env-file", "not-there.env"],
    ],
    ids=str,
)
def test_nonsense_ends_with_a_clear_line_and_a_code(scratch: dict, command: list[str]) -> None:
    done = run_binary(*command, **scratch)
    assert done.returncode not in (0, -11, -6), done
    assert done.stderr.strip() or done.stdout.strip()


def test_config_names_every_key_its_source_and_meaning(scratch: dict, tmp_path: Path) -> None:
    scratch["env"]["RATE_LIMIT_MAX"] = "77"
    done = run_binary("config", "--data-dir", str(tmp_path / "data"), **scratch)
    assert done.returncode == 0
    for key in (
        "JWT_SECRET",
        "RATE_LIMIT_MAX",
        "RATE_LIMIT_WINDOW_MS",
        "OTP_TTL_MINUTES",
        "CART_TIMEOUT_MS",
        "SMTP_HOST",
        "EMAIL_FROM",
        "TRUSTED_PROXIES",
        "CORS_ALLOWED_ORIGINS",
        "DATA_DIR",
        "DB_HOST",
        "KAFKA_BROKER",
        "PUBLIC_URL",
        *(f"{service}_SERVICE_URL" for service in ("USER", "CART", "ORDER", "PRODUCT")),
        *(f"KAFKA_{owner}_EVENTS_TOPIC" for owner in ("USER", "ORDER", "PRODUCT")),
    ):
        assert key in done.stdout, f"{key} is a setting"
    assert "77" in done.stdout


def test_config_never_shows_a_secret(scratch: dict) -> None:
    scratch["env"].update(
        JWT_SECRET=JWT_SECRET, SMTP_PASSWORD="canary-smtp-pw", BREVO_API_KEY="canary-brevo-key"
    )
    done = run_binary("config", **scratch)
    assert done.returncode == 0
    for secret in (JWT_SECRET, "canary-smtp-pw", "canary-brevo-key"):
        assert secret not in done.stdout + done.stderr
    assert "***" in done.stdout


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("RATE_LIMIT_MAX", "lots"),
        ("RATE_LIMIT_WINDOW_MS", "-1"),
        ("OTP_TTL_MINUTES", "0x10"),
        ("JWT_SECRET", "short"),
        ("JWT_SECRET", "secret"),
        ("JWT_SECRET", "x" * 31),
        ("PORT", "3001"),
        ("USER_PORT", "99999"),
        ("CART_SERVICE_URL", "not a url"),
        ("CART_TIMEOUT_MS", "soon"),
        ("TRUSTED_PROXIES", "everyone"),
        ("CORS_ALLOWED_ORIGINS", "https://*.example"),
    ],
)
def test_an_impossible_value_stops_the_start_with_the_keys_name(
    new_server: NewServer, key: str, value: str
) -> None:
    server = new_server(env={key: value})
    server.spawn()
    code = server.ended()
    assert code != 0 and key in server.log, f"code {code}: {server.log[-500:]}"
    assert len(value) < 8 or key != "JWT_SECRET" or value not in server.log


def test_real_environment_beats_env_file_beats_dot_env(scratch: dict, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "RATE_LIMIT_MAX=11\nRATE_LIMIT_WINDOW_MS=11000\nOTP_TTL_MINUTES=11\n"
    )
    (tmp_path / "my.env").write_text("RATE_LIMIT_MAX=22\nRATE_LIMIT_WINDOW_MS=22000\n")
    scratch["env"]["RATE_LIMIT_MAX"] = "33"
    shown = run_binary("config", "--env-file", "my.env", **scratch).stdout
    lines = {
        key: line for line in shown.splitlines() for key in re.findall(r"\b[A-Z_]{6,}\b", line)[:1]
    }
    assert (
        "33" in lines["RATE_LIMIT_MAX"]
        and "22000" in lines["RATE_LIMIT_WINDOW_MS"]
        and "11" in lines["OTP_TTL_MINUTES"]
    )


def test_an_unknown_key_stops_in_an_env_file_and_warns_in_dot_env(
    scratch: dict, tmp_path: Path
) -> None:
    (tmp_path / "my.env").write_text("RATE_LIMIT_MAXIMUM=5\n")
    done = run_binary("config", "--env-file", "my.env", **scratch)
    assert done.returncode != 0 and "RATE_LIMIT_MAXIMUM" in done.stdout + done.stderr
    (tmp_path / ".env").write_text("RATE_LIMIT_MAXIMUM=5\n")
    done = run_binary("config", **scratch)
    assert done.returncode == 0 and "RATE_LIMIT_MAXIMUM" in done.stdout + done.stderr


def test_migrate_makes_the_databases_and_may_be_repeated(scratch: dict, tmp_path: Path) -> None:
    for _ in range(2):
        done = run_binary("migrate", "--data-dir", str(tmp_path / "data"), **scratch)
        assert done.returncode == 0, done
    names = {path.name for path in (tmp_path / "data").rglob("*.db")}
    for service in ("user", "cart", "order", "product", "inventory"):
        assert any(service in name for name in names), names


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["srve"], 'there is no command "srve"; did you mean "serve"?'),
        (["seed"], 'there is no command "seed"; did you mean "seed-demo"?'),
        (["--data-dir", "x", "doktor"], 'there is no command "doktor"; did you mean "doctor"?'),
        (["--data-dir=x", "dance"], 'there is no command "dance"; there are serve, migrate,'),
        (["events", "lst"], '"events" has no command "lst"; did you mean "list"?'),
        (["events", "dead", "drip"], '"dead" has no command "drip"; did you mean "drop"?'),
    ],
    ids=str,
)
def test_a_command_that_is_none_is_named_with_the_nearest(
    scratch: dict, command: list[str], sentence: str
) -> None:
    done = run_binary(*command, **scratch)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(f"microcommerce: {sentence}")


@pytest.mark.parametrize(
    ("command", "shown"),
    [([], ["serve", "doctor", "backup"]), (["events"], ["list", "dead", "rebuild"])],
    ids=str,
)
def test_whoever_names_no_command_is_shown_those_there_are(
    scratch: dict, command: list[str], shown: list[str]
) -> None:
    done = run_binary(*command, **scratch)
    assert done.returncode == 2 and done.stdout == ""
    assert all(re.search(rf"^  {name} ", done.stderr, re.MULTILINE) for name in shown), done.stderr


def test_a_service_by_itself_is_told_that_events_need_kafka(new_server: NewServer) -> None:
    together = new_server("together").start()
    assert "KAFKA_BROKER" not in together.log
    alone = new_server("alone", services=["order"]).start("/health")
    wait_until(lambda: "Separate processes need Kafka" in alone.log, "the warning")
    assert "user, product, cart, inventory run in another process" in alone.log


@pytest.mark.parametrize("url", ["https://cart.example", "http://cart.example/path"])
def test_another_service_is_called_without_tls_or_not_at_all(
    scratch: dict, tmp_path: Path, url: str
) -> None:
    scratch["env"]["CART_SERVICE_URL"] = url
    done = run_binary("config", "--data-dir", str(tmp_path / "data"), **scratch)
    assert done.returncode == 1
    assert "CART_SERVICE_URL must be http://host[:port]" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--email", "not-an-address", "--password", PASSWORD, "--name", "A"),
        ("--email", "ok@example.com", "--password", "short", "--name", "A"),
        ("--email", "ok@example.com", "--password", "password123", "--name", "A"),
        ("--email", "ok@example.com", "--password", PASSWORD, "--name", "  "),
    ],
    ids=["bad email", "short password", "common password", "blank name"],
)
def test_a_bad_admin_is_not_made(shop: Shop, arguments: tuple[str, ...]) -> None:
    done = shop.server.run("create-admin", *arguments, check=False)
    assert done.returncode != 0 and (done.stderr + done.stdout).strip()
    assert login(shop.server, "ok@example.com", PASSWORD).status == 401


def test_an_admin_whose_email_is_taken_is_not_made(shop: Shop) -> None:
    person = shop.user()
    done = shop.server.run(
        "create-admin",
        "--email",
        person.email,
        "--password",
        "Other-Pass-1x2y",
        "--name",
        "A",
        check=False,
    )
    assert done.returncode != 0
    check_error(person.get("/auth/users"), 403)
    login(shop.server, person.email, PASSWORD).expect(200)


def test_an_admin_can_be_made_while_nothing_runs(new_server: NewServer) -> None:
    server = new_server()
    email = fresh_email("first")
    server.run("create-admin", "--email", email, "--password", PASSWORD, "--name", "First")
    server.start()
    assert login(server, email, PASSWORD).status == 200
    server.stop()
    second = fresh_email("second")
    server.run("create-admin", "--email", second, "--password", PASSWORD, "--name", "Second")
    server.start()
    assert login(server, second, PASSWORD).status == 200


def test_seed_demo_fills_an_empty_shop_and_may_be_repeated(new_server: NewServer) -> None:
    server = new_server().start()
    for _ in range(2):
        server.run("seed-demo")
    shop = Shop(server)
    products = shop.anonymous.get("/products").expect(200)
    assert products["count"] >= 5 and shop.anonymous.get("/categories").expect(200)["count"] >= 2
    names = [row["name"] for row in products["products"]]
    assert len(names) == len(set(names))


def test_demo_prints_addresses_and_logins_that_work(new_server: NewServer) -> None:
    server = new_server(arguments=["--demo"], env={"HOST": None}).start()
    shop = Shop(server)
    assert shop.anonymous.get("/products").expect(200)["count"] >= 5
    # The services answer before their welcome is written.
    wait_until(lambda: "Ctrl-C stops it." in server.log, "the banner")
    assert str(server.ports["user"]) in server.log
    password = re.search(r"password (\S+)", server.log)
    accounts = re.findall(r"^\s+(admin|supplier|user)\s+(\S+@\S+)", server.log, re.MULTILINE)
    assert password and {role for role, _ in accounts} == {"admin", "supplier", "user"}
    for role, email in accounts[:4]:
        token = login(server, email, password.group(1)).expect(200)["token"]
        session = shop.anonymous.with_token(token).get("/auth/session").expect(200)
        assert session["user"]["role"] == role


def test_events_and_mail_can_be_read_beside_a_running_server(shop: Shop) -> None:
    events.wait_for(shop.server, "USER_CREATED", shop.user().id)
    rows = shop.server.run("events", "list").stdout.splitlines()
    assert rows and {"topic", "partition", "offset", "key", "headers", "value"} <= set(
        json.loads(rows[0])
    )
    assert shop.server.run("mail", "list").returncode == 0
    assert shop.server.run("events", "dead", "list").stdout.strip() == ""


def test_the_databases_are_sound(server: Server) -> None:
    store.check_sound(server)
