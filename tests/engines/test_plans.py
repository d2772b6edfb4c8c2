"""That lists read what they show, not the whole table, counted by the server itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib.mariadb import MariaDb, missing
from lib.server import SERVICES, Server
from lib.shop import Shop
from lib.waiting import wait_until

PRODUCTS = 600
CATEGORIES = 6
PAGE = 20
#: The page and its categories, the total, an account, what is looked at in the background …
ROWS_MAX = 6 * PAGE


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MariaDb, Shop]]:
    """A shop with many products in few categories, at a MariaDB of its own."""
    if why := missing():
        pytest.skip(f"MariaDB: {why}")
    folder: Path = tmp_path_factory.mktemp("large-catalogue")
    database = MariaDb(folder / "db")
    database.start()
    server = Server(folder / "shop", env=database.settings("shop", SERVICES))
    try:
        server.start()
        shop = Shop(server)
        fill(database, shop)
        yield database, shop
    finally:
        if server.running:
            server.stop()
        database.stop()


def fill(database: MariaDb, shop: Shop) -> None:
    """Copies of a product, each with a name, a price and a moment of its own."""
    categories = [shop.category()["id"] for _ in range(CATEGORIES)]
    first = shop.product(categoryId=categories[0], price="1.00", stockQuantity=5)["id"]
    schema = schema_of(database)
    columns = [
        row[0]
        for row in database.query("SHOW COLUMNS FROM products", schema)
        if row[0] not in ("id", "category_id", "name", "name_order", "name_key", "slug_key",
                          "price_order", "created_at")
    ]
    same = ", ".join(columns)
    chosen = f"ELT(1 + s.seq MOD {CATEGORIES}, {', '.join(str(each) for each in categories)})"
    database.query(
        f"INSERT INTO products (category_id, name, name_order, name_key, slug_key, price_order, "
        f"created_at, {same}) SELECT {chosen}, CONCAT('Copy ', s.seq), CONCAT('copy ', s.seq), "
        f"CONCAT('copy ', s.seq), CONCAT('copy-', s.seq), 10000 + s.seq, p.created_at + s.seq, "
        f"{', '.join('p.' + column for column in columns)} "
        f"FROM products p JOIN seq_1_to_{PRODUCTS} s WHERE p.id = {first}",
        schema,
    )
    database.query("UPDATE categories SET product_count = 100", schema)
    database.query("ANALYZE TABLE products, categories", schema)


def schema_of(database: MariaDb) -> str:
    found = database.query(
        "SELECT table_schema FROM information_schema.tables WHERE table_name = 'product_images'"
    )
    return found[0][0]


def rows_read(database: MariaDb, ask: Callable[[], object]) -> int:
    before = handled(database)
    ask()
    return handled(database) - before


def handled(database: MariaDb) -> int:
    """Rows that the engines have handed to statements since the server began."""
    rows = database.query("SHOW GLOBAL STATUS LIKE 'Handler_read%'")
    return sum(int(value) for _, value in rows)


@pytest.mark.parametrize("sort", ["newest", "price_asc", "price_desc", "name"])
def test_a_page_of_products_reads_little_more_than_the_page(
    large: tuple[MariaDb, Shop], sort: str
) -> None:
    database, shop = large
    anybody = shop.anonymous

    def page() -> None:
        shown = anybody.get(f"/products?pageSize={PAGE}&sort={sort}").expect(200)
        assert len(shown["products"]) == PAGE

    page()
    at_rest = min(rows_read(database, lambda: None) for _ in range(4))
    # Whatever else goes on may fall into one count, and into the next; never will it read less.
    wait_until(
        lambda: rows_read(database, page) - at_rest < ROWS_MAX,
        f"a page by {sort} reads fewer than {ROWS_MAX} rows",
        20,
    )
