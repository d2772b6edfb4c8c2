"""Orders by how much they want of the same stock: each another product, all the same one, and a
sale that sells out."""

import time

from processes import BenchError, cpu_seconds, wait_until_quiet
from rows import BEARER, CLIENTS, Row
from shop import in_parallel

# Lines that every cart gets beside those that all carts have, of products that few others order.
OWN_LINES = 10
OWN_QUANTITY = 50_000
# Units of the sale, and how often one is asked for in vain afterwards.
SALE_UNITS = 2_000
SALE_SECONDS_MAX = 120
SALE_LINE = 100  # Units in each cart: more than one buyer can get and ask for.

OF_ONE = (
    "request order 1 201 order POST /orders/me\n"
    + BEARER + 'body {"productId":${one},"quantity":1}\n'
)
OF_MANY = (
    "request order 1 201 order POST /orders/me\n"
    "header Authorization: Bearer ${own_token}\n"
    'body {"productId":${own_product},"quantity":1}\n'
)
# Buyer and product belong together, so both lists go on by one with each request.
OWN_LISTS = "list own_token cycle own-tokens\nlist own_product cycle own-products\n"
ONE_LIST = "list one cycle one\n"
ON_SALE = "list on_sale cycle on-sale\n"

ROWS = [
    Row("order-many", "`POST /orders/me` over 1,000 products", OF_MANY, lists=OWN_LISTS),
    Row("order-one", "the same, all of one product", OF_ONE, lists=ONE_LIST),
]


def prepare(rows, shop):
    """Gives each cart lines of its own, and the generator its lists."""
    if len(shop.tokens) * OWN_LINES < len(shop.products):
        raise BenchError("there are products that nobody would order")
    pairs = [
        (token, shop.products[(user * OWN_LINES + line) % len(shop.products)])
        for user, token in enumerate(shop.tokens)
        for line in range(OWN_LINES)
    ]

    def add(client, pair):
        token, product = pair
        body = {"productId": product, "quantity": OWN_QUANTITY}
        client.must(201, "cart", "POST", "/carts/me/items", body, token)

    in_parallel(shop.server, add, pairs)
    rows.generator.write_list("own-tokens", [token for token, _ in pairs])
    rows.generator.write_list("own-products", [product for _, product in pairs])
    rows.generator.write_list("one", [shop.in_carts[0]])


def sale_plan(rows, status):
    """Everybody wants one unit, with a key, so that whoever gets no answer could ask again."""
    request = (
        f"request order 1 {status} order POST /orders/me\n" + BEARER
        + "header Idempotency-Key: sale-${unique}\n"
        + 'body {"productId":${on_sale},"quantity":1}\n'
    )
    return rows.plan(request, ON_SALE)


def measure_sale(rows, shop):
    """A product with so many units; as many orders, all of which must be served, and as many again,
    all of which must be refused. The stock and the orders are counted afterwards."""
    server = shop.server
    product = shop.put_on_sale(SALE_UNITS, SALE_LINE)
    rows.generator.write_list("on-sale", [product])
    wait_until_quiet(*server.pids)
    cpu = cpu_seconds(*server.pids)
    parts = {}
    for name, status in (("sold", 201), ("refused", 409)):
        parts[name] = rows.generator.run(
            sale_plan(rows, status), SALE_SECONDS_MAX, clients=CLIENTS, warm_up=0,
            requests=SALE_UNITS,
        )
        server.check_alive()
    wait_until_quiet(*server.pids)
    cpu = cpu_seconds(*server.pids) - cpu
    sold = server.place.rows(
        server, "order", f"SELECT SUM(quantity) FROM order_items WHERE product_id = {product}")
    return {
        "units": SALE_UNITS,
        "off_by": abs(int(sold[0][0] or 0) - SALE_UNITS) + left_of(shop, product),
        "cpu_us": cpu / (2 * SALE_UNITS) * 1e6,
    } | parts


def left_of(shop, product):
    """Units that are neither sold nor for sale, once the events of all orders are heard."""
    until = time.monotonic() + SALE_SECONDS_MAX
    while time.monotonic() < until:
        held = shop.server.place.rows(
            shop.server, "inventory",
            "SELECT SUM(quantity) FROM inventory_reservations WHERE status = 'active' "
            f"AND product_id = {product}")
        if (held[0][0] or 0) == SALE_UNITS:
            return 0
        time.sleep(0.1)
    return SALE_UNITS - int(held[0][0] or 0)
