"""What is not a row: start-up, memory at rest, the login storm, how long an event takes."""

import contextlib
import shutil
import statistics
import subprocess
import time

from processes import BenchError, cpu_seconds, resident_mib, wait_until_quiet
from rows import CLIENTS, LOGIN, MIX, PRODUCT
from shop import Client, Server, in_parallel

STARTS = 5
STORM_RATE = 2_000
EVENT_RATE = 2_000
WATCHED_USERS = 20
EVENT_SECONDS_MAX = 5


def measure_starts(binary, scratch, filled, place_of):
    """Milliseconds from exec to a 200 of every service, on a new folder each and on a filled one;
    and what the processes take at rest after the last start of each kind. `filled` is None when
    nothing was measured on it."""
    figures = {}
    for kind in ("new", "existing") if filled else ("new",):
        times = []
        for i in range(STARTS):
            data, name = (scratch / f"start-{i}", f"start{i}") if kind == "new" else filled
            with Server(binary, data, scratch, place_of(name)) as server:
                times.append(server.start())
                if i + 1 == STARTS:
                    figures[f"idle_{kind}"] = at_rest(*server.pids)
                stopped = server.stop()
            if kind == "new":
                shutil.rmtree(data)
        figures[f"start_{kind}_ms"] = statistics.median(times)
        figures[f"stop_{kind}_ms"] = stopped * 1000
    return figures


def at_rest(*pids):
    wait_until_quiet(*pids)
    before, start = cpu_seconds(*pids), time.monotonic()
    time.sleep(2)
    share = (cpu_seconds(*pids) - before) / (time.monotonic() - start)
    return {"rss_mib": resident_mib(*pids), "cpu_percent": share * 100}


def stripped_bytes(binary, scratch):
    strip = shutil.which("strip") or shutil.which("llvm-strip-19")
    if not strip:
        raise BenchError("no strip is installed (apt-get install binutils)")
    copy = scratch / "stripped"
    done = subprocess.run([strip, "-o", copy, binary], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchError(done.stderr.strip())
    size = copy.stat().st_size
    copy.unlink()
    return size


def measure_storm(rows, seconds):
    """p99 of a product page at a fixed rate, alone and while 64 clients do nothing but log in."""
    page = rows.plan(PRODUCT)
    calm = rows.generator.run(page, seconds, clients=CLIENTS, rate=STORM_RATE)
    # Begins before and ends after what is measured.
    storm = rows.generator.start(rows.plan(LOGIN), seconds + 2, clients=CLIENTS, warm_up=1)
    try:
        time.sleep(1)
        stormy = rows.generator.run(page, seconds, clients=CLIENTS, rate=STORM_RATE)
    except BaseException:
        storm.kill()
        storm.wait()
        raise
    logins = rows.generator.finish(storm)
    return {
        "rate": STORM_RATE,
        "calm": calm,
        "stormy": stormy,
        "logins": logins,
        "p99_ratio": stormy["p99_us"] / max(1, calm["p99_us"]),
        "errors": calm["errors"] + stormy["errors"] + logins["errors"],
    }


def measure_events(rows, shop, seconds):
    """Milliseconds from the answer to an administrator who blocks an account until the cart
    service, which only hears of it by an event, refuses that account: at rest and under load."""
    rate = EVENT_RATE if shop.server.place.is_default else rows.easy_rate()
    figures = {"errors": 0, "rate": rate}
    for kind in ("idle", "busy"):
        emails = [f"{kind}{i}@bench.example" for i in range(WATCHED_USERS)]
        users = in_parallel(shop.server, lambda own, email: own.sign_up(email, "Watched"), emails)
        wait_until_quiet(*shop.server.pids)
        load = None
        if kind == "busy":
            load = rows.generator.start(
                rows.plan(MIX), seconds, clients=CLIENTS, warm_up=1, rate=rate
            )
            time.sleep(0.5)
        try:
            taken = [block_and_wait(shop, user, token) for user, token in users]
        except BaseException:
            if load:
                load.kill()
                load.wait()
            raise
        if load:
            figures["errors"] += rows.generator.finish(load)["errors"]
        never = taken.count(None)
        figures["errors"] += never
        heard = sorted(one for one in taken if one is not None)
        if heard:
            figures[kind] = {"p50_ms": statistics.median(heard), "max_ms": heard[-1]}
    return figures


def block_and_wait(shop, user, token):
    with contextlib.closing(Client(shop.server)) as client:
        client.must(200, "cart", "GET", "/carts/me", token=token)
        client.must(200, "user", "PUT", f"/users/{user}", {"accountStatus": "blocked"}, shop.admin)
        start = time.monotonic()
        while time.monotonic() - start < EVENT_SECONDS_MAX:
            status, _ = client.ask("cart", "GET", "/carts/me", token=token)
            if status == 401:
                return (time.monotonic() - start) * 1000
        return None
