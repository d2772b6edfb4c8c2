"""Starts `microcommerce serve` on a scratch data folder and fills it over HTTP."""

import concurrent.futures
import http.client
import json
import os
import socket
import subprocess
import time

from processes import BenchError, Child, free_port_offset

PORTS = {"user": 3001, "cart": 3002, "order": 3003, "product": 3004, "inventory": 3005}
PASSWORD = "correct-horse-7-battery"
ADMIN_EMAIL = "admin@bench.example"
START_SECONDS_MAX = 60

CATEGORIES = 10
CART_LINES = 10
LINE_QUANTITY = 100_000
STOCK = 4_000_000


class Server:
    """The shop's processes on one place (see servers.py): one `microcommerce serve` with all
    services or, where events go through Kafka, one with user and one with the rest."""

    def __init__(self, binary, data, scratch, place):
        self.binary = binary
        self.data = data
        self.scratch = scratch
        self.place = place
        self.offset = free_port_offset()
        self.children = []
        # Nothing of the caller's environment but what a process needs, so that no DB_HOST or
        # KAFKA_BROKER of theirs changes what is measured.
        self.env = {key: os.environ[key] for key in ("PATH", "HOME", "TZ") if key in os.environ}
        self.env |= {"HOST": "127.0.0.1", "RATE_LIMIT_MAX": "100000000", "LOG_LEVEL": "warn"}

    def port(self, service):
        return PORTS[service] + self.offset

    def data_of(self, number):
        """The data folder of a process: one each, for it is locked."""
        return self.data if len(self.place.processes) == 1 else self.data / str(number)

    def data_with(self, service):
        for number, services in enumerate(self.place.processes):
            if not services or service in services:
                return self.data_of(number)
        raise BenchError(f"nobody serves {service}")

    def _settings(self, services):
        return self.env | self.place.settings_of(services or tuple(PORTS))

    def command(self, name, *arguments, on=None):
        """Runs a subcommand that is not `serve`, on a process' data, the first one's unless said;
        to its settings it is a process with all services."""
        command = [self.binary, name, *arguments, "--data-dir", on or self.data_of(0)]
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, cwd=self.scratch,
            env=self._settings(()), check=False,
        )
        if done.returncode != 0:
            raise BenchError(f"microcommerce {name} failed:\n{done.stdout}{done.stderr}")

    def start(self):
        """Starts it and returns the milliseconds until every service had answered 200."""
        start = time.monotonic()
        for number, services in enumerate(self.place.processes):
            self.children.append(Child(
                [str(self.binary), "serve", *services, "--port-offset", str(self.offset),
                 "--data-dir", str(self.data_of(number))],
                self.scratch / f"serve-{number}.log", env=self._settings(services),
                cwd=self.scratch,
            ))
        for service in PORTS:
            while not answers_ok(self.port(service)):
                self.check_alive()
                if time.monotonic() - start > START_SECONDS_MAX:
                    tails = "".join(child.log_tail() for child in self.children)
                    self.stop()
                    raise BenchError(f"{service} is not up:\n{tails}")
                time.sleep(0.0005)
        return (time.monotonic() - start) * 1000

    def check_alive(self):
        for child in self.children:
            child.check_alive()

    def stop(self):
        """Returns the seconds it took."""
        took = sum(child.stop() for child in self.children)
        self.children = []
        return took

    @property
    def pids(self):
        return [child.pid for child in self.children]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def answers_ok(port):
    """Whether GET /health on the port is a 200 now."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


class Client:
    """Keep-alive connections of one thread to all services."""

    def __init__(self, server):
        self.server = server
        self.connections = {}

    def ask(self, service, method, path, body=None, token=None):
        """Returns status and decoded JSON."""
        if service not in self.connections:
            port = self.server.port(service)
            self.connections[service] = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection = self.connections[service]
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        text = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            text = json.dumps(body)
        connection.request(method, path, text, headers)
        answer = connection.getresponse()
        raw = answer.read()
        return answer.status, json.loads(raw) if raw else None

    def must(self, status, service, method, path, body=None, token=None):
        got, answer = self.ask(service, method, path, body, token)
        if got != status:
            raise BenchError(f"{method} {path}: {got} instead of {status}: {answer}")
        return answer

    def login(self, email):
        body = {"email": email, "password": PASSWORD}
        return self.must(200, "user", "POST", "/auth/login", body)["token"]

    def sign_up(self, email, name):
        """Returns the new user's id and token."""
        body = {"name": name, "email": email, "password": PASSWORD}
        user = self.must(201, "user", "POST", "/auth/signup", body)
        return user["id"], self.login(email)

    def close(self):
        for connection in self.connections.values():
            connection.close()


def in_parallel(server, work, items, threads=4):
    """[work(client, item) for item in items], each thread with its own client."""
    items = list(items)

    def share(first):
        client = Client(server)
        try:
            return [work(client, item) for item in items[first::threads]]
        finally:
            client.close()

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        shares = list(pool.map(share, range(threads)))
    return [shares[i % threads][i // threads] for i in range(len(items))]


class Shop:
    """A filled server: who is signed in, what is for sale, what lies in the carts."""

    def __init__(self, server, users, products):
        self.server = server
        client = Client(server)
        self.admin = client.login(ADMIN_EMAIL)
        supplier = {"name": "Supplier", "email": "supplier@bench.example", "password": PASSWORD}
        client.must(201, "user", "POST", "/users", supplier | {"role": "supplier"}, self.admin)
        self.supplier = client.login(supplier["email"])
        self.categories = [
            client.must(201, "product", "POST", "/categories",
                        {"name": f"Category {i}"}, self.admin)["id"]
            for i in range(CATEGORIES)
        ]
        client.close()
        self.products = in_parallel(server, self._add_product, range(products), threads=2)
        self.emails = [f"user{i}@bench.example" for i in range(users)]
        signed_up = in_parallel(
            server, lambda own, email: own.sign_up(email, f"User {email[4:-14]}"), self.emails
        )
        self.tokens = [token for _, token in signed_up]
        # Every cart holds the same ten products: requests can then pair any user with any of them.
        self.in_carts = self.products[:: max(1, products // CART_LINES)][:CART_LINES]
        in_parallel(server, self._fill_cart, self.tokens)

    def put_on_sale(self, units, in_each_cart):
        """A product with so many units, which everybody has in the cart."""
        client = Client(self.server)
        product = self._add_product(client, len(self.products), units)
        client.close()
        body = {"productId": product, "quantity": in_each_cart}

        def add(client, token):
            client.must(201, "cart", "POST", "/carts/me/items", body, token)

        in_parallel(self.server, add, self.tokens)
        return product

    def _add_product(self, client, i, stock=STOCK):
        body = {
            "categoryId": self.categories[i % len(self.categories)],
            "name": f"Product {i:04d} of the shop",
            "description": f"What product {i} is for, in about as many words as shops use. " * 3,
            "price": round(5 + i * 0.37, 2),
            "currency": "USD",
            "stockQuantity": stock,
            "images": [{"url": f"https://pictures.example/{i}/{n}.jpg"} for n in range(2)],
        }
        return client.must(201, "product", "POST", "/products", body, self.supplier)["id"]

    def _fill_cart(self, client, token):
        for product in self.in_carts:
            body = {"productId": product, "quantity": LINE_QUANTITY}
            client.must(201, "cart", "POST", "/carts/me/items", body, token)


def make_admin(server):
    server.command(
        "create-admin", "--email", ADMIN_EMAIL, "--password", PASSWORD, "--name", "Admin"
    )
