"""An import that runs again, is interrupted, or is only tried."""

import re
import signal
import subprocess

from lib import store
from lib.mariadb import MariaDb
from lib.old_node import OldSystem
from lib.old_node_rows import CHANGED, MADE, PASSWORDS, address, image, line, mug, order, person
from lib.server import BINARY, Server
from lib.shop import Actor, Shop, login
from lib.timing import LOOKS_MAX
from lib.waiting import wait_until

KINDS = ("user", "address", "category", "product", "cart", "order")
OWN_TABLES = {
    "user": ("users", "addresses", "outbox", "imported_rows"),
    "product": ("categories", "products", "product_images", "outbox", "imported_rows"),
    "cart": ("carts", "cart_items", "imported_rows"),
    "order": ("orders", "order_items", "outbox", "imported_rows"),
}


def counts(text: str, kind: str) -> dict[str, int]:
    """What the summary says of a kind."""
    (found,) = re.findall(
        rf"^{kind} +([\d,]+) read: ([\d,]+) brought in, ([\d,]+) brought up to date, "
        r"([\d,]+) there already, ([\d,]+) skipped$",
        text,
        re.MULTILINE,
    )
    names = ("read", "brought", "updated", "unchanged", "skipped")
    return {
        name: int(number.replace(",", "")) for name, number in zip(names, found, strict=True)
    }


def rows_of(server: Server, database: MariaDb) -> dict[str, list]:
    """Everything an import may have written, on either engine."""
    on_mysql = "DB_HOST" in server.env
    found: dict[str, list] = {}
    for service, tables in OWN_TABLES.items():
        for table in tables:
            sql = f"SELECT * FROM {table} ORDER BY 1, 2"
            if on_mysql:
                schema = str(server.env[f"{service.upper()}_DB_NAME"])
                found[f"{service}.{table}"] = list(database.query(sql, schema))
            else:
                found[f"{service}.{table}"] = store.query(store.file_of(server, service), sql)
    return found


def ada_of(server: Server) -> Actor:
    token = login(server, "ada@old.example", PASSWORDS[1][0]).expect(200)["token"]
    return Actor(server, token)


def test_a_second_run_brings_nothing_and_changes_nothing(
    target: Server, old: OldSystem, database: MariaDb
) -> None:
    target.run("import", "node", *old.options())
    before = rows_of(target, database)
    done = target.run("import", "node", *old.options())
    for kind in KINDS:
        said = counts(done.stdout, kind)
        assert said["unchanged"] == said["read"] > 0, done.stdout
    assert rows_of(target, database) == before


def test_a_second_run_leaves_alone_what_lives_here(target: Server, old: OldSystem) -> None:
    target.run("import", "node", *old.options())
    target.start()
    ada = ada_of(target)  # Her hash is ours from here on.
    ada.put("/products/10", {"price": "21.00"}).expect(200)
    ada.patch("/orders/100/status", {"status": "paid"}).expect(200)
    newcomer = Shop(target).user("Newcomer")
    target.stop()
    done = target.run("import", "node", *old.options())
    for kind in KINDS:
        said = counts(done.stdout, kind)
        assert said["unchanged"] == said["read"], done.stdout
    target.start()
    ada = ada_of(target)
    assert ada.get("/products/10").expect(200)["price"] == "21.00"
    assert ada.get("/orders/100").expect(200)["status"] == "paid"
    assert newcomer.log_in().id == 9


def test_what_changed_there_comes_unless_it_changed_here(target: Server, old: OldSystem) -> None:
    target.run("import", "node", *old.options())
    target.start()
    ada_of(target).put("/users/2", {"name": "Samantha"}).expect(200)
    ada_of(target).patch("/orders/100/status", {"status": "paid"}).expect(200)
    carl = login(target, "carl@old.example", PASSWORDS[3][0]).expect(200)["token"]
    # From now on its stock is counted by inventory.
    ada = ada_of(target)
    wait_until(lambda: ada.get("/inventory/10").status == 200, "inventory knows product 10")
    ada.put("/inventory/10/stock", {"totalQuantity": 8}).expect(200)
    wait_until(
        lambda: ada.get("/products/10").expect(200)["stockQuantity"] == 8,
        "the product shows what inventory counts",
    )
    target.stop()

    old.run(
        "user",
        "UPDATE users SET name = 'Samuel' WHERE id = 2",
        f"UPDATE users SET name = 'Karl', password = '{PASSWORDS[2][1]}' WHERE id = 3",
        "UPDATE users SET name = 'Ada L.' WHERE id = 1",
    )
    old.add("user", "users", person(11, "Late"))
    old.run("product", "UPDATE products SET price = 25.50, stock_quantity = 3 WHERE id = 10")
    old.run("order", "UPDATE orders SET status = 'shipped' WHERE id IN (100, 104)")
    old.run("cart", "UPDATE cart_items SET quantity = 4 WHERE id = 21")
    done = target.run("import", "node", *old.options())
    said = counts(done.stdout, "user")
    assert (said["brought"], said["updated"], said["skipped"]) == (1, 2, 1), done.stdout
    assert "[changed_here] (numbers 2)" in done.stdout
    assert counts(done.stdout, "product")["updated"] == 1
    assert counts(done.stdout, "cart")["updated"] == 1
    said = counts(done.stdout, "order")
    assert (said["updated"], said["skipped"]) == (1, 1)
    assert "[changed_here] (numbers 100)" in done.stdout

    target.start()
    ada = ada_of(target)  # Her name changed there, not her password; ours was not undone.
    assert ada.get("/users/1").expect(200)["name"] == "Ada L."
    assert ada.get("/users/2").expect(200)["name"] == "Samantha"
    assert ada.get("/users/3").expect(200)["name"] == "Karl"
    # Whoever changed the password there logs in with it here, and anew.
    assert Actor(target, carl).get("/auth/session").status == 401
    login(target, "carl@old.example", PASSWORDS[2][0]).expect(200)
    login(target, "late@old.example", PASSWORDS[3][0]).expect(200)
    product = ada.get("/products/10").expect(200)
    assert (product["price"], product["stockQuantity"]) == ("25.50", 8)
    assert "[stock_kept] (numbers 10)" in done.stdout
    assert ada.get("/orders/104").expect(200)["status"] == "shipped"
    assert ada.get("/orders/100").expect(200)["status"] == "paid"
    wait_until(
        lambda: [one["quantity"] for one in ada.get("/carts/3").expect(200)["items"]] == [4],
        "the cart as it is there now",
    )


def test_addresses_changed_there_come_unless_they_changed_here(
    target: Server, old: OldSystem
) -> None:
    target.run("import", "node", *old.options("user"))
    target.start()
    ada = ada_of(target)
    path = "/users/3/addresses"
    typed = {"name": "Carl", "line1": "2 Here St", "city": "Cairo", "country": "EG"}
    ada.put(f"{path}/300", typed).expect(200)
    target.stop()
    old.run(
        "user",
        "UPDATE user_addresses SET city = 'Giza', is_default_shipping = 1 WHERE id = 300",
        f"UPDATE user_addresses SET city = 'Bonn', updated_at = '{CHANGED}' WHERE id = 301",
    )
    old.add("user", "user_addresses", address(310, 3, city="Alexandria"), address(311, 1))
    done = target.run("import", "node", *old.options("user"))
    said = counts(done.stdout, "address")
    assert (said["brought"], said["updated"], said["unchanged"], said["skipped"]) == (2, 1, 1, 1)
    assert "[changed_here] (numbers 300)" in done.stdout
    target.start()
    ada = ada_of(target)
    listed = ada.get(path).expect(200)["addresses"]
    assert [(one["id"], one["city"], one["isDefault"]) for one in listed] == [
        (301, "Bonn", True),
        (300, "Cairo", False),
        (310, "Alexandria", False),
    ]
    # What is deleted here stays deleted, and what was made here has its number for itself.
    assert ada.delete(f"{path}/301").status == 204
    made = ada.post(path, typed).expect(201)
    target.stop()
    old.run("user", "UPDATE user_addresses SET city = 'Kiel' WHERE id = 301")
    old.add("user", "user_addresses", address(made["id"], 3))
    done = target.run("import", "node", *old.options("user"))
    assert "[deleted_here] (numbers 301)" in done.stdout
    assert f"[number_taken] (numbers {made['id']})" in done.stdout


def kill_in_the_middle(server: Server, *options: str) -> None:
    command = [str(BINARY), "import", "node", *options, "--batch-rows", "20"]
    process = subprocess.Popen(
        [*command, "--data-dir", str(server.data)],
        env=server.env,
        cwd=server.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    first = process.stderr.readline()  # The first page is stored.
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    process.communicate()
    assert first.startswith("user: "), first


def test_killed_in_the_middle_and_run_again(new_server, new_old, database: MariaDb) -> None:
    old = new_old()
    count = 3000
    numbers = f"(SELECT seq FROM {'seq_1_to_' + str(count)}) n"
    old.run(
        "user",
        "INSERT INTO users (id, name, email, password, created_at, updated_at) SELECT seq, "
        f"CONCAT('P', seq), CONCAT('p', seq, '@old.example'), '{PASSWORDS[3][1]}', '{MADE}', "
        f"'{CHANGED}' FROM {numbers}",
    )
    old.run(
        "order",
        "INSERT INTO orders (id, user_id, total_amount, created_at) SELECT seq, seq, 39.98, "
        f"'{MADE}' FROM {numbers}",
        "INSERT INTO order_items (order_id, product_id, product_name, quantity, unit_price, "
        f"line_total) SELECT seq, 10, 'Mug', 2, 19.99, 39.98 FROM {numbers}",
    )
    for number in range(LOOKS_MAX):
        server = new_server(f"killed{number}")
        kill_in_the_middle(server, *old.options("user", "order"))
        stored = store.count(store.file_of(server, "user"), "users")
        if stored < count:  # Else it was quicker than this test, which stood still.
            break
    assert 20 <= stored < count

    done = server.run("import", "node", *old.options("user", "order"))
    said = counts(done.stdout, "user")
    assert (said["unchanged"], said["brought"]) == (stored, count - stored)
    assert counts(done.stdout, "order")["brought"] == count
    assert store.count(store.file_of(server, "user"), "users") == count
    kinds = store.query(
        store.file_of(server, "user"), "SELECT event_type, COUNT(*) FROM outbox GROUP BY 1"
    )
    assert kinds == [("USER_CREATED", count), ("USER_UPDATED", count)]
    store.check_sound(server)


def test_a_rehearsal_tells_all_and_stores_nothing(
    target: Server, old: OldSystem, database: MariaDb
) -> None:
    rehearsed = target.run("import", "node", *old.options(), "--dry-run")
    assert "nothing is stored" in rehearsed.stdout
    on_mysql = "DB_HOST" in target.env
    assert on_mysql or not target.data.exists()
    target.run("migrate")
    before = rows_of(target, database)
    assert not any(before.values())
    again = target.run("import", "node", *old.options(), "--dry-run")
    assert again.stdout == rehearsed.stdout
    assert rows_of(target, database) == before
    real = target.run("import", "node", *old.options())
    assert rehearsed.stdout.startswith(real.stdout)


def test_one_service_at_a_time(target: Server, old: OldSystem) -> None:
    """The shop runs in between, and USER_CREATED makes carts with numbers of its own."""
    target.run("import", "node", *old.options("user"))
    target.start()
    shop = Shop(target)
    newcomer = shop.user("Newcomer")
    filled = shop.product(price="1.00", by=_admin(shop))
    newcomer.add(filled)
    target.stop()
    done = target.run("import", "node", *old.options("product", "cart"))
    # The newcomer's cart and product, made here, stay.
    assert counts(done.stdout, "cart")["brought"] == 2, done.stdout
    done = target.run("import", "node", *old.options("order"))
    assert counts(done.stdout, "order")["brought"] == 3
    target.start()
    ada = ada_of(target)
    cart = ada.get("/carts/3").expect(200)
    assert (cart["id"], [one["id"] for one in cart["items"]]) == (70, [21])
    assert newcomer.log_in().cart()["totalAmount"] == 1


def _admin(shop: Shop) -> Actor:
    return ada_of(shop.server)


def test_more_rows_than_a_page_holds(new_server, old: OldSystem) -> None:
    old.add("product", "products", *(mug(20 + one, f"Mug {one}") for one in range(7)))
    old.add("product", "product_images", *(image(50 + one, 20 + one) for one in range(7)))
    old.add("cart", "carts", {"id": 12, "user_id": 1}, {"id": 13, "user_id": 2})
    old.add("cart", "cart_items", *(line(60 + one, 12, 20 + one) for one in range(7)))
    old.add("order", "orders", order(110, total_amount="0.00"))
    server = new_server()
    done = server.run("import", "node", *old.options(), "--batch-rows", "2")
    assert counts(done.stdout, "product")["brought"] == 10
    assert counts(done.stdout, "cart")["brought"] == 4
    assert counts(done.stdout, "order")["skipped"] == 1
    assert store.count(store.file_of(server, "cart"), "cart_items") == 8
    assert store.count(store.file_of(server, "product"), "product_images") == 10
