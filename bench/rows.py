"""The requests that are measured one by one, and the mixes."""

import dataclasses

from processes import cpu_seconds, resident_mib, wait_until_quiet

CLIENTS = 64
MIX_RATE_IF_UNKNOWN = 2_000


@dataclasses.dataclass(frozen=True)
class Row:
    key: str
    title: str
    requests: str  # Lines of the plan, see README.md; $ services are targets.
    aim: float | None = None  # Most CPU per request, as a multiple of nginx's.
    lists: str = ""  # Of the plan, beside those that all have.


BEARER = "header Authorization: Bearer ${token}\n"
CART_BODY = 'body {"productId":${in_cart},"quantity":1}\n'

PRODUCT = "request product 1 200 product GET /products/${product}\n"
SESSION = "request session 1 200 user GET /auth/session\n" + BEARER
PAGE = "request page 1 200 product GET /products?pageSize=20\n"
CART = "request cart 1 200 cart GET /carts/me\n" + BEARER
ADD = "request add 1 201 cart POST /carts/me/items\n" + BEARER + CART_BODY
ORDER = "request order 1 201 order POST /orders/me\n" + BEARER + CART_BODY
ORDER_KEYED = (
    "request order 1 201 order POST /orders/me\n"
    + BEARER + "header Idempotency-Key: bench-${unique}\n" + CART_BODY
)
LOGIN = (
    "request login 1 200 user POST /auth/login\n"
    'body {"email":"${email}","password":"${password}"}\n'
)


def weighted(request, weight):
    first, _, rest = request.partition("\n")
    words = first.split(" ")
    words[2] = str(weight)
    return " ".join(words) + "\n" + rest


# 80 % reads, 15 % cart, 5 % orders.
MIX = "".join([
    weighted(PRODUCT, 40), weighted(PAGE, 15), weighted(SESSION, 10), weighted(CART, 15),
    weighted(ADD, 15), weighted(ORDER, 5),
])

ROWS = [
    Row("health", "`GET /health`", "request health 1 200 user GET /health\n", 1.6),
    Row("product", "`GET /products/:id`", PRODUCT, 2.5),
    Row("session", "`GET /auth/session`", SESSION, 2.5),
    Row("page", "`GET /products?pageSize=20`", PAGE, 4),
    Row("cart", "`GET /carts/me` (10 lines)", CART, 5),
    Row("add", "`POST /carts/me/items`", ADD, 10),
    Row("order", "`POST /orders/me` (durable, with its events)", ORDER, 12),
    Row("order-key", "the same with an `Idempotency-Key`", ORDER_KEYED),
    Row("mix", "mix: 80 % reads, 15 % add to cart, 5 % orders", MIX),
    Row("login", "`POST /auth/login` (Argon2id)", LOGIN),
]


class Rows:
    """Measures rows against a filled shop."""

    def __init__(self, generator, shop, password):
        self.generator = generator
        self.server = shop.server
        self.mix_per_second = None  # What it can at most, once it is measured.
        generator.write_list("tokens", shop.tokens)
        generator.write_list("emails", shop.emails)
        generator.write_list("passwords", [password])
        generator.write_list("products", shop.products)
        generator.write_list("in-carts", shop.in_carts)

    def plan(self, requests, further_lists=""):
        targets = "".join(
            f"target {name} 127.0.0.1:{self.server.port(name)}\n"
            for name in ("user", "cart", "order", "product")
            # Only what is asked, so that no connection stands idle.
            if any(line.startswith("request ") and line.split(" ")[4] == name
                   for line in requests.splitlines())
        )
        lists = (
            "list token cycle tokens\nlist email cycle emails\nlist password cycle passwords\n"
            "list product random products\nlist in_cart random in-carts\n"
        )
        return targets + lists + further_lists + requests

    def half_rate(self):
        """Half of what it can: what a mix is like when a machine is used as it should be."""
        known = self.mix_per_second
        return max(100, round(known / 2, -2)) if known else MIX_RATE_IF_UNKNOWN

    def easy_rate(self):
        """A mix that leaves nearly everything of the machine to what is measured beside it."""
        return self.half_rate() / 5

    def measure(self, row, seconds, rate=0):
        pids = self.server.pids
        others = self.server.place.pids()
        wait_until_quiet(*pids)
        before = cpu_seconds(*pids)
        before_of = {name: cpu_seconds(pid) for name, pid in others.items()}
        plan = self.plan(row.requests, row.lists)
        report = self.generator.run(plan, seconds, clients=CLIENTS, rate=rate)
        self.server.check_alive()
        after_answers = cpu_seconds(*pids)
        # What a request leaves behind (events to relay and to apply) is part of its cost.
        backlog = wait_until_quiet(*pids)
        cpu = cpu_seconds(*pids) - before
        asked = max(1, report["asked"])
        if row.key == "mix":
            self.mix_per_second = report["rps"]
        return {
            "key": row.key,
            "title": row.title,
            "aim": row.aim if self.server.place.is_default else None,
            "cpu_us": cpu / asked * 1e6,
            "cpu_us_answers_only": (after_answers - before) / asked * 1e6,
            "cpu_us_of": {name: (cpu_seconds(pid) - before_of[name]) / asked * 1e6
                          for name, pid in others.items()},
            "generator_cpu_us": report["own_cpu_seconds"] / asked * 1e6,
            "backlog_seconds": backlog,
            "rss_mib": resident_mib(*pids),
            "rate": rate,
        } | report
