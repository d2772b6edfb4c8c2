"""What the documents tell people to type or set, held against the program."""

import re

import pytest

from conftest import NewServer
from lib.server import INTERNAL_TOKEN_SECRET, JWT_SECRET, REPOSITORY, SERVICES, run_binary
from lib.waiting import wait_until

README = REPOSITORY / "README.md"


def block_after(document: str, heading: str, language: str) -> str:
    """The first block in that language after a heading."""
    text = (REPOSITORY / document).read_text().split(f"{heading}\n", 1)[1]
    return text.split(f"```{language}\n", 1)[1].split("```", 1)[0]


def rows_of_readme() -> dict[str, tuple[str, str]]:
    """Key → its default and its meaning, as the table has them."""
    rows = {}
    for line in README.read_text().split("## Configuration\n", 1)[1].splitlines():
        if match := re.fullmatch(r"\| `([A-Z_]+)` \| (.+?) \| (.+) \|", line):
            rows[match[1]] = (match[2].strip("`").replace("–", "(unset)"), match[3])
    return rows


def lines_of_config(scratch: dict) -> dict[str, tuple[str, str]]:
    done = run_binary("config", env={"PATH": "/usr/bin:/bin"}, cwd=scratch["cwd"])
    assert done.returncode == 0, done
    lines = {}
    for line in done.stdout.splitlines():
        match = re.fullmatch(r"([A-Z_]+) +(\S+) +default +(.+)", line)
        assert match, line
        lines[match[1]] = (match[2], match[3])
    return lines


def test_the_table_of_settings_is_what_config_prints(scratch: dict) -> None:
    told = lines_of_config(scratch)
    text = README.read_text()
    unnamed = {key for key in told if f"`{key}`" not in text}
    assert not unnamed, f"README does not name {unnamed}"
    assert len(rows_of_readme()) > 50
    for key, row in rows_of_readme().items():
        assert row == told.get(key), f"README's row of {key}"


def test_a_database_is_made_for_every_service() -> None:
    block = block_after("docs/mysql.md", "# On MySQL, MariaDB, Galera or TiDB", "sql")
    made = set(re.findall(r"CREATE DATABASE microcommerce_(\w+)", block))
    assert made == set(SERVICES)


def test_kafkas_example_runs_every_service_and_knows_all_that_are_called() -> None:
    block = block_after("docs/kafka.md", "# Events in Kafka", "bash")
    run = " ".join(re.findall(r"microcommerce serve ([a-z ]+)", block)).split()
    assert sorted(run) == sorted(SERVICES)
    # Everybody knows user; order asks cart and inventory.
    assert set(re.findall(r"(\w+)_SERVICE_URL=", block)) == {"USER", "CART", "INVENTORY"}


ALONE = "orders_hold_no_stock"


def test_orders_without_a_known_inventory_are_said_to_hold_no_stock(
    new_server: NewServer, scratch: dict
) -> None:
    alone = new_server("alone", services=["order", "cart", "user", "product"]).start("/health")
    wait_until(lambda: ALONE in alone.log, "the warning")
    assert alone.log.count(ALONE) == 1 and "INVENTORY_SERVICE_URL is unset" in alone.log
    told = run_binary("doctor", "order", "--data-dir", str(alone.data), **scratch)
    line = [one for one in told.stdout.splitlines() if "orders hold no stock" in one]
    assert line and line[0].startswith("ok "), told.stdout


@pytest.mark.parametrize("services", [None, ["order", "inventory"], ["cart"]], ids=str)
def test_orders_that_hold_stock_or_are_not_taken_here_need_no_warning(
    new_server: NewServer, scratch: dict, services: list[str] | None
) -> None:
    server = new_server("own", **({"services": services} if services else {})).start("/health")
    server.stop()
    assert ALONE not in server.log
    told = run_binary("doctor", *(services or []), "--data-dir", str(server.data), **scratch)
    assert "orders hold no stock" not in told.stdout


def test_a_url_of_inventory_is_enough(scratch: dict) -> None:
    scratch["env"].update(JWT_SECRET=JWT_SECRET, INTERNAL_TOKEN_SECRET=INTERNAL_TOKEN_SECRET)
    without = run_binary("config", "order", **scratch)
    assert "orders hold no stock" in without.stderr
    scratch["env"]["INVENTORY_SERVICE_URL"] = "http://10.0.0.1:3005"
    assert "orders hold no stock" not in run_binary("config", "order", **scratch).stderr
