"""What bench/ works out and prints, without measuring anything."""

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "bench"))

import drain  # noqa: E402
import events  # noqa: E402
import report  # noqa: E402
import servers  # noqa: E402
from processes import BenchError  # noqa: E402


def test_an_event_s_age_is_from_the_time_in_its_id_until_it_was_seen() -> None:
    assert events.created_at_ms("0199c1d0-1a2b-4c3d-8e4f-0123456789ab") == 0x0199C1D01A2B
    made = 0x0199C1D01A2B
    rows = [
        ("0199c1d0-1a2b-4c3d-8e4f-0123456789ab", made + 7),
        ("0199c1d0-1a2b-4000-8000-000000000001", made + 2),
    ]
    assert events.delays_ms(rows) == [2, 7]


def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed() -> None:
    hundred = list(range(1, 101))
    assert events.percentile(hundred, 50) == 50
    assert events.percentile(hundred, 99) == 99
    assert events.percentile([*hundred, 101], 99) == 100
    assert events.percentile([5], 50) == events.percentile([5], 99) == 5
    with pytest.raises(BenchError, match="no event"):
        events.percentile([], 50)


def test_a_backlog_is_made_of_events_as_the_contract_has_them() -> None:
    golden = json.loads((REPOSITORY / "contracts/golden/order_created.json").read_text("utf-8"))
    orders = drain.orders_of([(11, 1, 7), (12, 2, 8)], 3, 1_795_375_494_610)
    rows = [order.told() for order in orders]
    made = [json.loads(row[drain.OUTBOX.index("value")]) for row in rows]
    for one in made:
        assert one.keys() == golden.keys()
        assert one["data"].keys() <= golden["data"].keys()
        assert one["data"]["items"][0].keys() == golden["data"]["items"][0].keys()
        assert events.created_at_ms(one["eventId"]) == 1_795_375_494_610
        assert one["occurredAt"] == "2026-11-22T19:24:54.610Z"
    assert [one["data"]["items"][0]["cartItemId"] for one in made] == [11, 12, 11]
    assert [one["data"]["userId"] for one in made] == [1, 2, 1]
    assert len({one["eventId"] for one in made}) == len({row[1] for row in rows}) == 3
    assert [row[1] for row in rows] == [str(one["data"]["orderId"]) for one in made]


def test_each_order_of_a_backlog_has_a_hold_and_the_books_add_up() -> None:
    now = 1_795_375_494_610
    orders = drain.orders_of([(11, 1, 7), (12, 2, 8)], 3, now)
    told = [json.loads(order.told()[drain.OUTBOX.index("value")])["data"] for order in orders]
    held = [dict(zip(drain.HOLDS, order.held(), strict=True)) for order in orders]
    assert [each["placement_id"] for each in held] == [each["placementId"] for each in told]
    assert len({each["placement_id"] for each in held}) == 3
    for hold, order in zip(held, told, strict=True):
        item = order["items"][0]
        assert hold["held_lines"] == (
            f'[{{"productId":{item["productId"]},"quantity":{item["quantity"]}}}]'
        )
        assert hold["state"] == "held" and hold["held_until"] >= now + 3_600_000
        assert UUID(hold["placement_id"]).version == 4
    first, second = drain.holding(orders)
    assert "reserved_quantity + 2" in first and first.endswith("product_id = 7")
    assert "reserved_quantity + 1" in second and second.endswith("product_id = 8")


def test_what_took_effect_twice_or_never_shows_in_any_of_the_counts() -> None:
    before = {"units out of carts": 5, "holds taken": 0}
    all_of_them = {"units out of carts": drain.BACKLOG_EVENTS + 5, "holds taken": 100_000}
    assert drain.off_by(before, all_of_them) == 0
    assert drain.off_by(before, all_of_them | {"holds taken": 99_998}) == 2
    assert drain.off_by(before, all_of_them | {"units out of carts": 100_006}) == 1


def test_rows_are_written_many_to_a_statement_in_one_transaction() -> None:
    rows = [(number, "text", None) for number in range(5)]
    assert list(servers.inserts("t", "a, b, c", rows, at_once=2)) == [
        "BEGIN",
        "INSERT INTO t (a, b, c) VALUES (0, 'text', NULL), (1, 'text', NULL)",
        "INSERT INTO t (a, b, c) VALUES (2, 'text', NULL), (3, 'text', NULL)",
        "INSERT INTO t (a, b, c) VALUES (4, 'text', NULL)",
        "COMMIT",
    ]
    for text in ("it's", "back\\slash"):
        with pytest.raises(BenchError, match="quote"):
            servers.literal(text)


def test_what_the_server_s_client_prints_becomes_numbers_texts_and_none() -> None:
    printed = ["12", "-3", "NULL", "0199c1d0-1a2b", "1.5", ""]
    assert [servers.decoded(text) for text in printed] == [
        12, -3, None, "0199c1d0-1a2b", "1.5", "",
    ]


class Standing:
    """A server that a place can name."""

    host, port, user, address = "127.0.0.1", 3307, "root", "127.0.0.1:9092"


def test_a_place_gives_each_process_the_settings_of_its_services() -> None:
    assert servers.Place("bench").settings_of(("user", "cart")) == {}
    assert servers.Place("bench").processes == ((),)

    server: Any = Standing()
    on_both = servers.Place("bench", server, server)
    users, others = on_both.processes
    assert users == ("user",) and {"cart", "order", "product"} <= set(others)
    alone = on_both.settings_of(("user",))
    assert (alone["DB_NAME"], alone["KAFKA_GROUP_ID"]) == ("bench_user", "bench-user")
    together = on_both.settings_of(others)
    assert together["CART_DB_NAME"] == "bench_cart" and "DB_NAME" not in together
    assert together["ORDER_KAFKA_GROUP_ID"] == "bench-order"
    assert together["KAFKA_USER_EVENTS_TOPIC"] == alone["KAFKA_USER_EVENTS_TOPIC"]
    assert together["JWT_SECRET"] == alone["JWT_SECRET"]

    apart = servers.Place("bench", server, server, is_apart=True).processes
    assert sorted(apart) == [("cart",), ("inventory",), ("order",), ("product",), ("user",)]

    on_mysql = servers.Place("bench", server)
    assert on_mysql.processes == ((),)
    assert "KAFKA_BROKER" not in on_mysql.settings_of(("user", "cart"))


def row(**changed: Any) -> dict[str, Any]:
    return {
        "key": "order", "title": "an order", "aim": None, "cpu_us": 500.0, "cpu_us_of": {},
        "backlog_seconds": 0.25, "rss_mib": 60.0, "rate": 0, "rps": 1500.0, "p50_us": 20_000,
        "p99_us": 90_000, "p999_us": 99_000, "errors": 0, "first_unexpected": "",
    } | changed


def results(**changed: Any) -> dict[str, Any]:
    return {
        "engine": "mysql", "log": "kafka", "place": "MariaDB; Kafka; 2 processes of the shop",
        "machine": {"cores": 2, "cpu": "a CPU", "kernel": "6", "load_average": 0.5},
        "rows": [row(cpu_us_of={"MariaDB": 800.4, "Kafka": 150.0})], "failed": [],
        "nginx": {"rps": 100_000, "cpu_us": 5.0, "runs": 3},
        "latency": {
            "errors": 0, "across": True,
            "idle": {"events": 150, "p50_ms": 10, "p99_ms": 40, "max_ms": 41},
            "busy": {"events": 300, "p50_ms": 12, "p99_ms": 50, "max_ms": 90},
        },
        "drain": {"events": 100_000, "seconds": 5.0, "per_second": 20_000.0,
                  "inventory_seconds": 6.25, "inventory_per_second": 16_000.0, "cpu_us": 30.0,
                  "cpu_us_of": {"MariaDB": 40.0}, "errors": 0},
        "first-adds": {"adds": 320, "errors": 0, "p50_ms": 8.0, "max_ms": 30.0},
    } | changed


def test_the_table_says_what_the_servers_beside_took() -> None:
    text = report.markdown(results())
    assert "The shop stands on MariaDB; Kafka; 2 processes of the shop." in text
    assert "| × nginx | aim | MariaDB µs | Kafka µs | RSS MiB |" in text
    assert "| 500.0 | 100.0 | – | 800 | 150 | 60 |" in text
    default = report.markdown(results(rows=[row()], place="SQLite; the embedded log"))
    assert "| × nginx | aim | RSS MiB |" in default
    heads = [line for line in text.splitlines() if line.startswith(("| 64", "|---"))][:2]
    assert heads[0].count("|") == heads[1].count("|")


def test_an_aim_is_missed_by_the_least_beyond_it() -> None:
    assert "missed" not in report.markdown(results())
    for changed in (
        {"rows": [row(rps=1499.9)]},
        {"latency": results()["latency"] | {
            "idle": {"events": 150, "p50_ms": 11, "p99_ms": 40, "max_ms": 41}}},
        {"latency": results()["latency"] | {
            "idle": {"events": 150, "p50_ms": 10, "p99_ms": 41, "max_ms": 41}}},
        {"drain": results()["drain"] | {"per_second": 19_999.9}},
        {"log": "embedded"},
        {"engine": "sqlite"},
    ):
        assert "**missed**" in report.markdown(results(**changed)), changed


def test_what_went_wrong_is_an_error_of_the_run() -> None:
    assert report.errors_of(results()) == []
    wrong = results(
        rows=[row(errors=2, first_unexpected="500")],
        latency=results()["latency"] | {"errors": 3},
        drain=results()["drain"] | {"errors": 1},
        failed=["starts: no"],
    )
    wrong["first-adds"] = results()["first-adds"] | {"errors": 4}
    assert [error.partition(":")[0] for error in report.errors_of(wrong)] == [
        "starts", "order", "latency", "first-adds", "drain",
    ]


def test_what_was_not_measured_is_left_out() -> None:
    bare = results(rows=[], nginx=None)
    for name in ("latency", "drain", "first-adds"):
        del bare[name]
    text = report.markdown(bare)
    assert "backlog" not in text and "taken in" not in text and "64 connections" not in text
