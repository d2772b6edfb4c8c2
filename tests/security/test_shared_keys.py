"""design.md §7: keys of tokens are made in the data folder only where no other process can share
its accounts. Everywhere else a start without them is refused, with one sentence and before anything
is made.
"""

import pytest

from conftest import NewServer
from lib.mariadb import MariaDb
from lib.server import JWT_SECRET, SERVICES, Server, run_binary
from lib.shop import Shop

BETWEEN = "between-services-0123456789abcdef-0123"
NOBODY = "127.0.0.1:1"
#: What lets others share the accounts, and how the sentence calls it. No server is asked.
SHARED = {
    "DB_HOST": {"DB_HOST": "127.0.0.1", "DB_PORT": "1", "DB_USER": "shop"},
    "KAFKA_BROKER": {"KAFKA_BROKER": NOBODY},
    "KAFKA_BROKERS": {"KAFKA_BROKERS": NOBODY},
    "CART_SERVICE_URL": {"CART_SERVICE_URL": f"http://{NOBODY}"},
}


def refusal(server: Server) -> str:
    """The one line with which it does not start; it leaves nothing behind."""
    server.spawn()
    assert server.ended() == 1, server.log
    (line,) = server.log.splitlines()
    assert not server.data.exists()
    return line


@pytest.mark.parametrize("way", list(SHARED))
def test_without_the_key_of_tokens_a_shared_shop_does_not_start(
    new_server: NewServer, way: str
) -> None:
    line = refusal(new_server(env={"JWT_SECRET": None, **SHARED[way]}))
    named = way.removesuffix("S") if way.startswith("KAFKA") else way
    assert "JWT_SECRET must be set, and to the same value in every process" in line
    assert f"with {named} set" in line and "INTERNAL_TOKEN_SECRET" not in line


@pytest.mark.parametrize("way", list(SHARED))
def test_without_the_key_between_services_a_service_apart_does_not_start(
    new_server: NewServer, way: str
) -> None:
    order = new_server("order", services=["order"], env=SHARED[way])
    line = refusal(order)
    assert "INTERNAL_TOKEN_SECRET must be set" in line and " JWT_SECRET" not in line
    assert "user, product, cart" in line and "not in this one" in line
    both = new_server("both", services=["order"], env={"JWT_SECRET": None, **SHARED[way]})
    assert "JWT_SECRET and INTERNAL_TOKEN_SECRET must be set" in refusal(both)


@pytest.mark.parametrize("way", ["KAFKA_BROKER", "CART_SERVICE_URL"])
def test_with_the_keys_it_starts_and_makes_none(new_server: NewServer, way: str) -> None:
    together = new_server("together", env=SHARED[way]).start("/health")
    assert not (together.data / "secrets/jwt").exists()
    env = {"INTERNAL_TOKEN_SECRET": BETWEEN, **SHARED[way]}
    apart = new_server("apart", services=["order"], env=env).start("/health")
    assert not (apart.data / "secrets").exists()


def test_with_the_key_two_processes_on_one_database_server_believe_each_other(
    new_server: NewServer, database: MariaDb
) -> None:
    settings = database.settings("keys", SERVICES)
    refused = new_server("refused", env={"JWT_SECRET": None, **settings})
    assert "with DB_HOST set" in refusal(refused)
    one = new_server("one", env=settings).start()
    token = Shop(one).user().token
    assert one.stop() == 0
    two = new_server("two", env=settings).start()
    assert Shop(two).anonymous.with_token(token).get("/auth/session").status == 200


def test_one_key_for_both_kinds_of_token_stops_the_start(new_server: NewServer) -> None:
    """Whoever may make the one kind could make the other."""
    server = new_server(env={"JWT_SECRET": BETWEEN, "INTERNAL_TOKEN_SECRET": BETWEEN})
    server.spawn()
    assert server.ended() == 1, server.log
    (line,) = server.log.splitlines()
    assert "INTERNAL_TOKEN_SECRET must be another key than JWT_SECRET" in line
    assert BETWEEN not in line
    told = server.run("doctor", check=False)
    assert told.returncode == 1 and "must be another key" in told.stdout


def test_one_process_with_its_own_files_makes_its_keys(new_server: NewServer) -> None:
    server = new_server(env={"JWT_SECRET": None}).start()
    token = Shop(server).user().token
    assert {path.name for path in (server.data / "secrets").iterdir()} == {"jwt", "internal"}
    server.stop()
    server.start()
    assert Shop(server).anonymous.with_token(token).get("/auth/session").status == 200
    # By itself, without a word about others, it is one process with files of its own, too.
    new_server("order", services=["order"], env={"JWT_SECRET": None}).start("/health")


def test_config_and_doctor_say_so_before_a_start_does(scratch: dict) -> None:
    scratch["env"].update(SHARED["KAFKA_BROKER"])
    told = run_binary("config", **scratch)
    assert told.returncode == 0
    assert "note: serve would not start: JWT_SECRET must be set" in told.stderr
    assert "refused with DB_HOST, KAFKA_BROKER or a *_SERVICE_URL" in told.stdout
    told = run_binary("doctor", **scratch)
    assert told.returncode == 1
    assert "WRONG secrets      JWT_SECRET must be set" in told.stdout

    scratch["env"]["JWT_SECRET"] = JWT_SECRET
    assert run_binary("config", **scratch).stderr == ""
    for command in ("config", "doctor"):
        told = run_binary(command, "order", **scratch)
        assert "INTERNAL_TOKEN_SECRET must be set" in told.stdout + told.stderr
    scratch["env"]["INTERNAL_TOKEN_SECRET"] = BETWEEN
    scratch["env"]["INVENTORY_SERVICE_URL"] = f"http://{NOBODY}"
    assert run_binary("config", "order", **scratch).stderr == ""
    assert "must be set" not in run_binary("doctor", "order", **scratch).stdout
