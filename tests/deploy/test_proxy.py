"""nginx with the configuration of deploy/nginx: what the public reaches, and what it does not."""

import http.client
import ssl
import subprocess
from collections.abc import Callable, Iterator

import pytest

from lib.ports import free_port
from lib.server import REPOSITORY, SERVICE_PORTS, Server
from lib.tools import run, tool
from lib.waiting import wait_until

CONFIGURATION = REPOSITORY / "deploy/nginx/microcommerce.conf"
#: Requests per client and service, more than one client makes in the other tests.
LIMIT = 12
#: What nginx itself needs, in a folder of the test's own.
AROUND = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/microcommerce.conf;
}}
"""


@pytest.fixture(scope="module")
def proxied(
    new_module_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server behind nginx; its ports `plain` and `secure` are the proxy's."""
    nginx = tool("nginx", "./dev setup")
    env = {"TRUSTED_PROXIES": "127.0.0.1", "RATE_LIMIT_MAX": str(LIMIT)}
    server = new_module_server("proxied", env=env)
    server.start()
    folder = tmp_path_factory.mktemp("nginx")
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=shop.example.com".split()
    run(*make, "-keyout", folder / "key.pem", "-out", folder / "cert.pem")

    plain, secure = free_port(), free_port()
    text = CONFIGURATION.read_text()
    moved = {
        f"127.0.0.1:{port};": f"127.0.0.1:{server.ports[name]};"
        for name, port in SERVICE_PORTS.items()
    }
    for there, here in {
        **moved,
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
        "/etc/ssl/certs/shop.example.com.pem": str(folder / "cert.pem"),
        "/etc/ssl/private/shop.example.com.key": str(folder / "key.pem"),
    }.items():
        assert text.count(there) == 1, there
        text = text.replace(there, here)
    (folder / "microcommerce.conf").write_text(text)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    process = subprocess.Popen(
        [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE
    )
    server.transport.ports.update(plain=plain, secure=secure)
    try:
        wait_until(lambda: (folder / "pid").exists() or process.poll() is not None, "nginx runs")
        assert process.poll() is None, process.stderr and process.stderr.read()
        wait_until(lambda: status(server, "/products") == 200, "nginx answers")
        yield server
    finally:
        process.terminate()
        process.wait(60)


def ask(
    server: Server, target: str, client: str = "127.0.0.9", forwarded_for: str | None = None
) -> http.client.HTTPResponse:
    """As the client with that address, which is any of this machine's own."""
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    port = server.transport.ports["secure"]
    connection = http.client.HTTPSConnection(
        "127.0.0.1", port, context=trusting, timeout=60, source_address=(client, 0)
    )
    headers = {"X-Forwarded-For": forwarded_for} if forwarded_for else {}
    try:
        connection.request("GET", target, headers=headers)
        reply = connection.getresponse()
        reply.read()
        return reply
    finally:
        connection.close()


def status(server: Server, target: str) -> int:
    try:
        return ask(server, target).status
    except OSError:
        return 0


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/products", 200),
        ("/categories", 200),
        ("/auth/session", 401),
        ("/users/1", 401),
        ("/carts/me", 401),
        ("/orders/me", 401),
        ("/internal/products/1", 404),
        ("/products/../internal/products/1", 404),
        ("/products/%2e%2e/internal/products/1", 404),
        ("/metrics", 404),
        ("/ready", 404),
        ("/health", 404),
        ("/productsandmore", 404),
    ],
)
def test_the_proxy_shows_what_customers_need_and_nothing_internal(
    proxied: Server, target: str, expected: int
) -> None:
    reply = ask(proxied, target)
    assert reply.status == expected
    assert reply.headers["Strict-Transport-Security"]
    # Which of the two refused: only the program names the request.
    assert ("X-Request-Id" in reply.headers) == (expected != 404)


def test_plain_http_is_sent_on_to_https(proxied: Server) -> None:
    reply = http.client.HTTPConnection("127.0.0.1", proxied.transport.ports["plain"], timeout=60)
    reply.request("GET", "/products?page=1", headers={"Host": "shop.example.com"})
    answer = reply.getresponse()
    assert answer.status == 308
    assert answer.headers["Location"] == "https://shop.example.com/products?page=1"
    reply.close()


def test_each_client_behind_the_proxy_has_a_limit_of_its_own_and_no_way_round_it(
    proxied: Server,
) -> None:
    def answers(client: str) -> list[int]:
        invented = [f"198.51.100.{number}" for number in range(LIMIT + 1)]
        return [ask(proxied, "/orders/me", client, other).status for other in invented]

    assert answers("127.0.0.2") == [401] * LIMIT + [429]
    assert answers("127.0.0.3") == [401] * LIMIT + [429]
