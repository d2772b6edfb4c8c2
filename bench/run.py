#!/usr/bin/env python3
"""Measures the release build beside the machine's own limits; README.md says what and how.

Prints Markdown. Exits with 1 when any request was answered otherwise than it must be or a part
could not be measured, with 2 when nothing could. A missed aim is marked and is no error."""

import argparse
import contextlib
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time

import drain
import events
import machine
import report
import servers
import special
import stock
from generator import Generator
from processes import BenchError
from rows import MIX, ROWS, Row, Rows
from shop import PASSWORD, Server, Shop, make_admin

ROOT = pathlib.Path(__file__).resolve().parent.parent
USERS = 200
PRODUCTS = 1_000
ROW_KEYS = [row.key for row in ROWS]
STOCK_KEYS = [row.key for row in stock.ROWS]
OF_SHOP = ROW_KEYS + ["mix-open"] + STOCK_KEYS + [
    "sale", "storm", "events", "latency", "first-adds", "drain"]
ALONE = ["starts", "size", "nginx", "disk", "sqlite"]
# nginx is measured again after every so many rows.
NGINX_EVERY = 3
PLACE = "bench"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--engine", choices=servers.ENGINES, default="sqlite",
                        help="mysql starts a MariaDB that loses nothing")
    parser.add_argument("--log", choices=servers.LOGS, default="embedded",
                        help="kafka starts a broker, and the shop as two processes")
    parser.add_argument("--apart", action="store_true",
                        help="each service is a process of its own; wants both of the above")
    parser.add_argument("--quick", action="store_true", help="2 s a row instead of 5")
    parser.add_argument("--seconds", type=float, help="seconds a row")
    parser.add_argument("--only", action="append", metavar="ROW", choices=OF_SHOP + ALONE,
                        help="measure only this, may be repeated: " + ", ".join(OF_SHOP + ALONE))
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="all figures, as JSON")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/microcommerce")
    parser.add_argument("--generator", type=pathlib.Path,
                        default=ROOT / "build/release/bench/bench_load")
    parser.add_argument("--scratch", type=pathlib.Path, default=ROOT / "build", metavar="DIR",
                        help="a folder on the disk to measure; what is written there is removed")
    given = parser.parse_args()
    if given.apart and (given.engine == "sqlite" or given.log == "embedded"):
        parser.error("services apart need --engine mysql and --log kafka")
    given.only = given.only or OF_SHOP + ALONE
    given.seconds = given.seconds or (2 if given.quick else 5)
    return given


def say(text):
    print(text, file=sys.stderr, flush=True)


class Run:
    def __init__(self, given, scratch, resources):
        self.given = given
        self.scratch = scratch
        self.generator = Generator(given.generator, scratch)
        self.nginx = resources.enter_context(machine.Nginx(scratch))
        self.results = {"engine": given.engine, "log": given.log, "machine": machine.describe(),
                        "rows": [], "failed": []}
        self.results["machine"]["file_system"] = machine.file_system(scratch)
        self.data = scratch / "data"
        self.filled = None
        self.place_of = servers.start(given.engine, given.log, given.apart, scratch, resources)

    def wants(self, *keys):
        return any(key in self.given.only for key in keys)

    def measure_nginx(self):
        self.nginx.measure(self.generator, min(2, self.given.seconds))

    def attempt(self, name, measure):
        """Runs one part; when it cannot be measured, the others still are."""
        say(name)
        try:
            return measure()
        except (BenchError, OSError) as failed:
            self.results["failed"].append(f"{name}: {failed}")
            return None

    def keep(self, name, measure):
        if self.wants(name):
            self.results[name] = self.attempt(name, measure)

    def measure_machine(self):
        seconds = 0.5 if self.given.quick else 1
        for what in ("disk", "sqlite"):
            self.keep(what, lambda what=what: self.generator.measure(what, seconds))

    def measure_shop(self):
        """Rows, storm and events, against one server that is filled once."""
        seconds = self.given.seconds
        place = self.place_of(PLACE)
        self.results["place"] = place.described()
        with Server(self.given.binary, self.data, self.scratch, place) as server:
            make_admin(server)
            server.start()
            say(f"{USERS} users, {PRODUCTS} products, {USERS} carts")
            start = time.monotonic()
            shop = Shop(server, USERS, PRODUCTS)
            self.results["fill_seconds"] = time.monotonic() - start
            rows = Rows(self.generator, shop, PASSWORD)
            self.measure_rows(rows)
            if self.wants(*STOCK_KEYS):
                self.attempt("lines for orders", lambda: self.measure_stock_rows(rows, shop))
            self.measure_nginx()
            self.keep("sale", lambda: stock.measure_sale(rows, shop))
            self.keep("storm", lambda: special.measure_storm(rows, seconds))
            self.keep("events", lambda: special.measure_events(rows, shop, seconds))
            self.keep("latency", lambda: events.measure_latency(rows, server, seconds))
            self.keep("first-adds", lambda: events.measure_first_adds(shop))
            self.keep("drain", lambda: drain.measure_drain(server))
            self.filled = self.data, PLACE

    def measure_rows(self, rows):
        for number, row in enumerate(row for row in ROWS if self.wants(row.key)):
            if number % NGINX_EVERY == 0:
                self.measure_nginx()
            self.measure_row(rows, row, rate=0)
        if self.wants("mix-open"):
            self.measure_row(rows, Row("mix-open", "the mix", MIX), rows.half_rate())

    def measure_stock_rows(self, rows, shop):
        """After the others: every cart has twice as many lines from here on."""
        stock.prepare(rows, shop)
        for row in stock.ROWS:
            if self.wants(row.key):
                self.measure_row(rows, row, rate=0)

    def measure_row(self, rows, row, rate):
        figures = self.attempt(row.key, lambda: rows.measure(row, self.given.seconds, rate))
        if figures:
            self.results["rows"].append(figures)

    def all(self):
        self.measure_machine()
        if self.wants("nginx"):
            self.measure_nginx()
        if self.wants(*OF_SHOP):
            self.attempt("shop", self.measure_shop)
        self.keep("starts", lambda: special.measure_starts(
            self.given.binary, self.scratch, self.filled, self.place_of))
        self.keep("size", lambda: special.stripped_bytes(self.given.binary, self.scratch))
        if self.nginx.runs:
            self.results["nginx"] = self.nginx.median() | {"runs": len(self.nginx.runs)}
        return self.results


def check_binaries(given):
    needed = [given.generator]
    if any(key not in ("nginx", "disk", "sqlite") for key in given.only):
        needed.append(given.binary)
    for binary in needed:
        if not binary.is_file():
            raise BenchError(f"{binary} is not there; ./dev build release makes it")


def interrupted(*_):
    # As an exception, so that every `with` stops its process and removes its folder.
    raise KeyboardInterrupt


def main():
    given = arguments()
    signal.signal(signal.SIGTERM, interrupted)
    start = time.monotonic()
    with contextlib.ExitStack() as resources:
        check_binaries(given)
        scratch = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=given.scratch)).resolve()
        resources.callback(shutil.rmtree, scratch, ignore_errors=True)
        results = Run(given, scratch, resources).all()
    results["run_seconds"] = time.monotonic() - start
    if given.json:
        given.json.write_text(json.dumps(results, indent=2) + "\n")
    print(report.markdown(results))
    say(f"{results['run_seconds']:.0f} s")
    errors = report.errors_of(results)
    for error in errors:
        say(f"ERROR {error}")
    return 1 if errors else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as failed:
        say(f"bench: {failed}")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
